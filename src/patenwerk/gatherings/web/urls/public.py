from __future__ import annotations

from django.urls import URLPattern, path

from patenwerk.gatherings.web import feeds, public

urlpatterns: list[URLPattern] = [
    path("programm/<slug:slug>/", public.PublicList.as_view(), name="public_list"),
    path(
        "programm/<slug:slug>/kalender.ics",
        feeds.ProgrammeCalendar.as_view(),
        name="programme_calendar",
    ),
    path(
        "programm/<slug:slug>/art/<slug:code>/kalender.ics",
        feeds.KindCalendar.as_view(),
        name="kind_calendar",
    ),
    path("programm/<slug:slug>/neues.atom", feeds.Atom.as_view(), name="atom"),
    path("oeffentlich/<int:pk>/", public.PublicGathering.as_view(), name="public"),
    path(
        "oeffentlich/<int:pk>/kalender.ics",
        feeds.PublicGatheringCalendar.as_view(),
        name="public_calendar",
    ),
    path("<int:pk>/kalender.ics", feeds.GatheringCalendar.as_view(), name="gathering_calendar"),
    path("kalender/<str:token>.ics", feeds.OwnCalendar.as_view(), name="own_calendar"),
    path(
        "kalender/<str:token>/art/<int:kind>.ics",
        feeds.OwnKindCalendar.as_view(),
        name="own_kind_calendar",
    ),
]
