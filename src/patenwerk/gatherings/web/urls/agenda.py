from __future__ import annotations

from django.urls import path

from patenwerk.gatherings.web import agenda

urlpatterns = [
    path("<int:pk>/tagesordnung/", agenda.AgendaPage.as_view(), name="agenda"),
    path("<int:pk>/tagesordnung/neu/", agenda.AddItem.as_view(), name="add_item"),
    path("<int:pk>/tagesordnung/vorschlagen/", agenda.ProposeItem.as_view(), name="propose_item"),
    path("punkt/<int:pk>/", agenda.ChangeItem.as_view(), name="change_item"),
    path("punkt/<int:pk>/annehmen/", agenda.AcceptItem.as_view(), name="accept_item"),
    path("punkt/<int:pk>/ablehnen/", agenda.DeclineItem.as_view(), name="decline_item"),
    path("punkt/<int:pk>/verschieben/", agenda.MoveItem.as_view(), name="move_item"),
    path("punkt/<int:pk>/entfernen/", agenda.RemoveItem.as_view(), name="remove_item"),
    path("punkt/<int:pk>/zurueckziehen/", agenda.WithdrawProposal.as_view(), name="withdraw_item"),
]
