from __future__ import annotations

from django.urls import URLPattern, path

from patenwerk.gatherings.web import contacts, materials

urlpatterns: list[URLPattern] = [
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
