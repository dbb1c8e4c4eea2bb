from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GatheringsConfig(AppConfig):
    name = "patenwerk.gatherings"
    label = "gatherings"

    def ready(self) -> None:
        from patenwerk.core.registrations import NavigationItem, Panel, navigation, panels
        from patenwerk.gatherings.policy import SEE_CONTACT, SEE_GATHERING
        from patenwerk.gatherings.queries.contact import contacts_panel
        from patenwerk.gatherings.queries.material import materials_panel
        from patenwerk.gatherings.queries.registration import registrations_panel

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
        panels.add(
            Panel(
                page="gatherings:gathering",
                name="gatherings.registrations",
                order=20,
                permission=SEE_GATHERING,
                query=registrations_panel,
                template="gatherings/_registrations_panel.html",
            )
        )
        panels.add(
            Panel(
                page="gatherings:gathering",
                name="gatherings.materials",
                order=30,
                permission=SEE_GATHERING,
                query=materials_panel,
                template="gatherings/_materials_panel.html",
            )
        )
