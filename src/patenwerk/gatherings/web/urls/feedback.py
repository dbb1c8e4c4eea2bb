from __future__ import annotations

from django.urls import URLPattern, path

from patenwerk.gatherings.web import feedback, participation_papers

urlpatterns: list[URLPattern] = [
    path("rueckmeldung/<str:token>/", feedback.GiveFeedback.as_view(), name="give_feedback"),
    path("<int:pk>/rueckmeldungen/", feedback.Feedback.as_view(), name="feedback"),
    path(
        "<int:pk>/rueckmeldungen/fragen/",
        feedback.ChangeQuestionnaire.as_view(),
        name="feedback_questions",
    ),
    path(
        "<int:pk>/rueckmeldungen/bitten/",
        feedback.AskForFeedback.as_view(),
        name="ask_for_feedback",
    ),
    path(
        "anmeldung/<int:pk>/bescheinigung/",
        participation_papers.Certificate.as_view(),
        name="certificate",
    ),
    path(
        "link/<str:token>/bescheinigung/",
        participation_papers.CertificateByLink.as_view(),
        name="certificate_by_link",
    ),
    path(
        "<int:pk>/bescheinigungen/",
        participation_papers.Certificates.as_view(),
        name="certificates",
    ),
    path("<int:pk>/namensschilder/", participation_papers.Badges.as_view(), name="badges"),
]
