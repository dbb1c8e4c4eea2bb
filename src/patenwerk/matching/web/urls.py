from __future__ import annotations

from django.urls import path

from patenwerk.matching.web import (
    elsewhere,
    never_again,
    partners,
    programme_rounds,
    replay,
    rounds,
    settings,
    suggestions,
)

app_name = "matching"

urlpatterns = [
    path("", rounds.MatchingHome.as_view(), name="home"),
    path("runde/starten/", rounds.StartRound.as_view(), name="start"),
    path("runde/<int:pk>/", rounds.RoundPage.as_view(), name="round"),
    path("runde/<int:pk>/stand/", rounds.RoundProgress.as_view(), name="progress"),
    path("runde/<int:pk>/entscheiden/", rounds.TakeSeveral.as_view(), name="take"),
    path("runde/<int:pk>/auffrischen/", rounds.RefreshRound.as_view(), name="refresh"),
    path("runde/<int:pk>/schliessen/", rounds.CloseRound.as_view(), name="close"),
    path("programm/", programme_rounds.ProgrammeRounds.as_view(), name="programme_rounds"),
    path(
        "programm/<int:pk>/starten/",
        programme_rounds.StartProgrammeRound.as_view(),
        name="start_programme_round",
    ),
    path(
        "programm/runde/<int:pk>/",
        programme_rounds.ProgrammeRoundPage.as_view(),
        name="programme_round",
    ),
    path(
        "programm/runde/<int:pk>/stand/",
        programme_rounds.ProgrammeRoundProgress.as_view(),
        name="programme_progress",
    ),
    path("vorschlag/<int:pk>/", suggestions.SuggestionPage.as_view(), name="suggestion"),
    path(
        "vorschlag/<int:pk>/entscheiden/",
        suggestions.DecideSuggestion.as_view(),
        name="decide_suggestion",
    ),
    path("person/<int:pk>/", partners.PartnersPage.as_view(), name="partners"),
    path("person/<int:pk>/entscheiden/", partners.Decide.as_view(), name="decide"),
    path("andere-standorte/", elsewhere.LookElsewhere.as_view(), name="look_elsewhere"),
    path(
        "person/<int:pk>/andere-standorte/",
        elsewhere.ElsewherePage.as_view(),
        name="elsewhere",
    ),
    path(
        "person/<int:pk>/andere-standorte/entscheiden/",
        elsewhere.DecideElsewhere.as_view(),
        name="decide_elsewhere",
    ),
    path("person/<int:pk>/nie-wieder/", never_again.AddNeverAgain.as_view(), name="keep_apart"),
    path("anfrage/<int:pk>/", partners.AnswerRequest.as_view(), name="answer"),
    path("was-waere-wenn/", replay.ReplayHome.as_view(), name="replays"),
    path("was-waere-wenn/<int:pk>/", replay.ReplayPage.as_view(), name="replay"),
    path("was-waere-wenn/<int:pk>/stand/", replay.ReplayProgress.as_view(), name="replay_progress"),
    path("nie-wieder/", never_again.NeverAgainList.as_view(), name="never_again"),
    path(
        "nie-wieder/<int:pk>/aufheben/",
        never_again.RemoveNeverAgain.as_view(),
        name="allow_again",
    ),
    path("einstellungen/", settings.SettingsList.as_view(), name="settings"),
    path(
        "einstellungen/traeger/<int:pk>/",
        settings.CarrierSettings.as_view(),
        name="carrier_settings",
    ),
    path("einstellungen/standort/<int:pk>/", settings.SiteSettings.as_view(), name="site_settings"),
]
