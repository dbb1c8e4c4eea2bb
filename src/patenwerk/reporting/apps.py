from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "patenwerk.reporting"
    label = "reporting"
    verbose_name = _("Figures")

    def ready(self) -> None:
        from patenwerk.core.registrations import (
            NavigationItem,
            Panel,
            StartPart,
            navigation,
            panels,
            say_minimum_cell,
            start_parts,
        )
        from patenwerk.reporting.policy import SEE_RELEASES, SEE_TABLES
        from patenwerk.reporting.queries import start
        from patenwerk.reporting.queries.counting import counting_panel
        from patenwerk.reporting.queries.rule import minimum_cell

        say_minimum_cell(minimum_cell)

        for name, permission, url_name in (
            ("reporting.tables", SEE_TABLES, "reporting:tables"),
            ("reporting.releases", SEE_RELEASES, "reporting:releases"),
        ):
            navigation.add(
                NavigationItem(
                    name=name,
                    order=40,
                    permission=permission,
                    label=_("Figures"),
                    icon="chart-column",
                    url_name=url_name,
                )
            )
        panels.add(
            Panel(
                page="tandems:tandem",
                name="reporting.counting",
                order=50,
                permission=SEE_TABLES,
                query=counting_panel,
                template="reporting/_counting_panel.html",
            )
        )
        for name, order, label, anchor, query, way_in in (
            ("counter", 10, _("Programme"), "programm", start.counter_part, False),
            ("nearby", 20, _("Near you"), "in-der-naehe", start.nearby_part, True),
            ("carriers", 30, _("Carriers"), "traeger", start.carriers_part, False),
        ):
            start_parts.add(
                StartPart(
                    name=f"reporting.{name}",
                    order=order,
                    label=label,
                    anchor=anchor,
                    query=query,
                    template=f"reporting/start/_{name}.html",
                    way_in=way_in,
                )
            )
