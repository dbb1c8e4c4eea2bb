from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "patenwerk.desk"
    label = "desk"

    def ready(self) -> None:
        from patenwerk.core.registrations import NavigationItem, navigation
        from patenwerk.organisations.policy import WORK

        navigation.add(
            NavigationItem(
                name="desk.day",
                order=10,
                permission=WORK,
                label=_("My day"),
                icon="sun",
                url_name="desk:day",
                phone=True,
            )
        )
