from __future__ import annotations

from django.urls import URLPattern, path

from patenwerk.gatherings.web import feedback

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
]
