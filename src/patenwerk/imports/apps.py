from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "patenwerk.imports"
    label = "imports"
    verbose_name = _("Lists taken over")

    def ready(self) -> None:
        from patenwerk.core.registrations import NavigationItem, Panel, navigation, panels
        from patenwerk.imports.policy import EXPORT, IMPORT
        from patenwerk.imports.queries.upload import export_panel

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
        panels.add(
            Panel(
                page="organisations:carrier",
                name="imports.export",
                order=40,
                permission=EXPORT,
                query=export_panel,
                template="imports/_export_panel.html",
            )
        )
