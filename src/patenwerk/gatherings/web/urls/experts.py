from __future__ import annotations

from django.urls import URLPattern, path

from patenwerk.gatherings.web import contacts

urlpatterns: list[URLPattern] = [
    path("kontakte/", contacts.ContactList.as_view(), name="contacts"),
    path("kontakte/traeger/<int:pk>/", contacts.AddContact.as_view(), name="add_contact"),
    path("kontakt/<int:pk>/", contacts.ChangeContact.as_view(), name="change_contact"),
    path("kontakt/<int:pk>/entfernen/", contacts.RemoveContact.as_view(), name="remove_contact"),
]
