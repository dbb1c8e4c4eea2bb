from __future__ import annotations

from django.urls import path

from patenwerk.reporting.web import published, releases, rules, tables, yearly_figures

app_name = "reporting"

urlpatterns = [
    path("", tables.Tables.as_view(), name="tables"),
    path("regeln/", rules.Rules.as_view(), name="rules"),
    path("regeln/<int:pk>/neu/", rules.SetRule.as_view(), name="set_rule"),
    path("regeln/<int:pk>/kleinste-zahl/", rules.SetMinimum.as_view(), name="set_minimum"),
    path("veroeffentlichungen/", releases.Releases.as_view(), name="releases"),
    path("veroeffentlichungen/<int:pk>/neu/", releases.Draft.as_view(), name="draft"),
    path("veroeffentlichungen/<int:pk>/", releases.Prepared.as_view(), name="prepared"),
    path("veroeffentlichungen/<int:pk>/verwerfen/", releases.Discard.as_view(), name="discard"),
    path("jahreszahlen/<int:pk>/", yearly_figures.YearlyFigures.as_view(), name="yearly_figures"),
    path(
        "jahreszahlen/<int:pk>/zuruecknehmen/",
        yearly_figures.TakeBack.as_view(),
        name="take_back",
    ),
    path("veroeffentlicht/<int:pk>/", published.ReleasePage.as_view(), name="release"),
    path(
        "veroeffentlicht/<int:pk>/<slug:kind>/",
        published.ReleaseFile.as_view(),
        name="release_file",
    ),
]
