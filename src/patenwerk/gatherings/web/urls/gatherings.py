from __future__ import annotations

from django.urls import URLPattern, path

from patenwerk.gatherings.web import gatherings, kinds

urlpatterns: list[URLPattern] = [
    path("", gatherings.GatheringList.as_view(), name="gatherings"),
    path("neu/", gatherings.CreateGathering.as_view(), name="create"),
    path("<int:pk>/", gatherings.GatheringPage.as_view(), name="gathering"),
    path("<int:pk>/aendern/", gatherings.ChangeGathering.as_view(), name="change"),
    path("<int:pk>/schritt/", gatherings.TakeStep.as_view(), name="step"),
    path("<int:pk>/absagen/", gatherings.CancelGathering.as_view(), name="cancel"),
    path("<int:pk>/einladen/", gatherings.InviteCarriers.as_view(), name="invite"),
    path("arten/", kinds.KindList.as_view(), name="kinds"),
    path("arten/neu/", kinds.AddKind.as_view(), name="add_kind"),
    path("art/<int:pk>/", kinds.ChangeKind.as_view(), name="change_kind"),
]
