from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GatheringsConfig(AppConfig):
    name = "patenwerk.gatherings"
    label = "gatherings"

    def ready(self) -> None:
        from patenwerk.core.registrations import NavigationItem, Panel, navigation, panels
        from patenwerk.gatherings.policy import SEE_CONTACT
        from patenwerk.gatherings.queries.contact import contacts_panel

        navigation.add(
            NavigationItem(
                name="gatherings.contacts",
                order=82,
                permission=SEE_CONTACT,
                label=_("Contacts"),
                icon="book-user",
                url_name="gatherings:contacts",
            )
        )
        panels.add(
            Panel(
                page="organisations:carrier",
                name="gatherings.contacts",
                order=10,
                permission=SEE_CONTACT,
                query=contacts_panel,
                template="gatherings/_contacts_panel.html",
            )
        )
