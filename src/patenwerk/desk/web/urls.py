from __future__ import annotations

from django.urls import path

from patenwerk.desk.web import day, search, start

app_name = "desk"

urlpatterns = [
    path("", start.Start.as_view(), name="start"),
    path("p/<slug:slug>/", start.ProgrammePage.as_view(), name="programme"),
    path("mein-tag/", day.MyDay.as_view(), name="day"),
    path("suche/", search.Search.as_view(), name="search"),
]
