from __future__ import annotations

from django.urls import URLPattern, path

from patenwerk.gatherings.web import minutes, minutes_papers, sections

urlpatterns: list[URLPattern] = [
    path("protokolle/", minutes.MinutesList.as_view(), name="minutes_list"),
    path("<int:pk>/protokoll/", minutes.BeginMinutes.as_view(), name="begin_minutes"),
    path("protokoll/<int:pk>/", minutes.MinutesPage.as_view(), name="minutes"),
    path("protokoll/<int:pk>/pdf/", minutes_papers.MinutesPaper.as_view(), name="minutes_paper"),
    path("protokoll/<int:pk>/senden/", minutes.SendMinutes.as_view(), name="send_minutes"),
    path("protokoll/<int:pk>/einwand/", minutes.RaiseObjection.as_view(), name="object"),
    path(
        "protokoll/<int:pk>/genehmigen/", minutes.ApproveMinutes.as_view(), name="approve_minutes"
    ),
    path("protokoll/<int:pk>/abschliessen/", minutes.LockMinutes.as_view(), name="lock_minutes"),
    path(
        "protokoll/<int:pk>/berichtigen/", minutes.CorrectMinutes.as_view(), name="correct_minutes"
    ),
    path("einwand/<int:pk>/", minutes.AnswerObjection.as_view(), name="answer_objection"),
    path("protokoll/<int:pk>/abschnitt/", sections.AddSection.as_view(), name="add_section"),
    path("abschnitt/<int:pk>/", sections.WriteSection.as_view(), name="section"),
    path("abschnitt/<int:pk>/stand/", sections.SectionStanding.as_view(), name="section_standing"),
    path(
        "abschnitt/<int:pk>/fassungen/", sections.SectionVersions.as_view(), name="section_versions"
    ),
    path("abschnitt/<int:pk>/beschluss/", sections.AddDecision.as_view(), name="add_decision"),
    path("abschnitt/<int:pk>/zusage/", sections.AddCommitment.as_view(), name="add_commitment"),
    path("abschnitt/<int:pk>/entfernen/", sections.RemoveSection.as_view(), name="remove_section"),
    path("beschluss/<int:pk>/aendern/", sections.ChangeDecision.as_view(), name="change_decision"),
    path(
        "beschluss/<int:pk>/entfernen/", sections.RemoveDecision.as_view(), name="remove_decision"
    ),
    path(
        "zusage/<int:pk>/entfernen/", sections.RemoveCommitment.as_view(), name="remove_commitment"
    ),
    path("protokoll/link/<str:token>/", minutes.ReadMinutes.as_view(), name="read_minutes"),
    path(
        "protokoll/link/<str:token>/pdf/",
        minutes_papers.ReadPaper.as_view(),
        name="read_minutes_paper",
    ),
]
