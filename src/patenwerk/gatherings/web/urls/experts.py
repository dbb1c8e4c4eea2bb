from __future__ import annotations

from django.urls import URLPattern, path

from patenwerk.gatherings.web import contacts, expert_links, experts, materials

urlpatterns: list[URLPattern] = [
    path("fachleute/", experts.ExpertList.as_view(), name="experts"),
    path("fachleute/neu/", experts.AddExpert.as_view(), name="add_expert"),
    path(
        "fachleute/empfehlen/<int:pk>/",
        experts.RecommendExpert.as_view(),
        name="recommend_expert",
    ),
    path("fachleute/<int:pk>/", experts.ExpertPage.as_view(), name="expert"),
    path("fachleute/<int:pk>/aendern/", experts.ChangeExpert.as_view(), name="change_expert"),
    path("fachleute/<int:pk>/austragen/", experts.WithdrawExpert.as_view(), name="withdraw_expert"),
    path("fachleute/<int:pk>/einladen/", experts.InviteExpert.as_view(), name="invite_expert"),
    path("fachleute/<int:pk>/beitrag/", experts.AddContribution.as_view(), name="add_contribution"),
    path("beitrag/<int:pk>/", experts.NoteHeld.as_view(), name="note_held"),
    path("fachleute/ich/<str:token>/", expert_links.ExpertSelf.as_view(), name="expert_self"),
    path(
        "beitrag/einladung/<str:token>/",
        expert_links.AnswerContribution.as_view(),
        name="answer_contribution",
    ),
    path(
        "beitrag/einladung/<str:token>/unterlage/<int:pk>/",
        materials.ExpertMaterial.as_view(),
        name="expert_material",
    ),
    path("kontakte/", contacts.ContactList.as_view(), name="contacts"),
    path("kontakte/traeger/<int:pk>/", contacts.AddContact.as_view(), name="add_contact"),
    path("kontakt/<int:pk>/", contacts.ChangeContact.as_view(), name="change_contact"),
    path("kontakt/<int:pk>/entfernen/", contacts.RemoveContact.as_view(), name="remove_contact"),
    path("<int:pk>/unterlage/", materials.AddMaterial.as_view(), name="add_material"),
    path("unterlage/<int:pk>/", materials.MaterialFile.as_view(), name="material_file"),
    path("unterlage/<int:pk>/aendern/", materials.ChangeMaterial.as_view(), name="change_material"),
    path(
        "unterlage/<int:pk>/entfernen/", materials.RemoveMaterial.as_view(), name="remove_material"
    ),
    path("offen/<int:pk>/", materials.PublicMaterial.as_view(), name="public_material"),
    path(
        "anmeldung/<str:token>/unterlage/<int:pk>/",
        materials.RegisteredMaterial.as_view(),
        name="registered_material",
    ),
]
