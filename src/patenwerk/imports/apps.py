from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "patenwerk.imports"
    label = "imports"
    verbose_name = _("Lists taken over")

    def ready(self) -> None:
        from patenwerk.core.registrations import NavigationItem, navigation
        from patenwerk.imports.policy import IMPORT

        navigation.add(
            NavigationItem(
                name="imports.uploads",
                order=60,
                permission=IMPORT,
                label=_("Read lists"),
                icon="upload",
                url_name="imports:uploads",
            )
        )
