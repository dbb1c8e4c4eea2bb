from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class GatheringsConfig(AppConfig):
    name = "patenwerk.gatherings"
    label = "gatherings"

    def ready(self) -> None:
        _register_minutes()
        _register_gatherings()
        _register_experts()
        _register_promises()
        _register_year()
        from patenwerk.core.registrations import Panel, panels
        from patenwerk.gatherings.policy import ORGANISE, SEE_GATHERING
        from patenwerk.gatherings.queries.feedback import feedback_panel
        from patenwerk.gatherings.queries.registration import registrations_panel

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
                name="gatherings.feedback",
                order=60,
                permission=ORGANISE,
                query=feedback_panel,
                template="gatherings/_feedback_panel.html",
            )
        )


def _register_gatherings() -> None:
    """Gatherings in the navigation, on »my day«, in the search and on a programme's page."""
    from patenwerk.core.registrations import (
        DayCard,
        NavigationItem,
        Panel,
        SearchSource,
        StartPart,
        day_cards,
        navigation,
        panels,
        search_sources,
        start_parts,
    )
    from patenwerk.gatherings.policy import SEE_GATHERING
    from patenwerk.gatherings.queries.calendar import calendar_panel
    from patenwerk.gatherings.queries.gathering import gatherings_found, next_card, start_part

    navigation.add(
        NavigationItem(
            name="gatherings.gatherings",
            order=40,
            permission=SEE_GATHERING,
            label=_("Gatherings"),
            icon="calendar",
            url_name="gatherings:gatherings",
        )
    )
    day_cards.add(
        DayCard(
            "gatherings.next",
            30,
            SEE_GATHERING,
            next_card,
            "gatherings/_next_card.html",
            aside=True,
        )
    )
    panels.add(
        Panel(
            page="organisations:account",
            name="gatherings.calendar",
            order=10,
            permission=SEE_GATHERING,
            query=calendar_panel,
            template="gatherings/_calendar_panel.html",
        )
    )
    search_sources.add(
        SearchSource("gatherings.gatherings", 50, SEE_GATHERING, _("Gatherings"), gatherings_found)
    )
    start_parts.add(
        StartPart(
            name="gatherings.gatherings",
            order=15,
            label=_("Gatherings"),
            anchor="treffen",
            query=start_part,
            template="gatherings/_start_part.html",
        )
    )


def _register_promises() -> None:
    """The agenda, decisions and promises on other pages."""
    from patenwerk.core.registrations import (
        DayCard,
        NavigationItem,
        Panel,
        SearchSource,
        day_cards,
        navigation,
        panels,
        search_sources,
    )
    from patenwerk.gatherings.policy import SEE_GATHERING, SEE_MINUTES, SEE_YEAR, SPEAK
    from patenwerk.gatherings.queries import panels as shown
    from patenwerk.gatherings.queries.decision import decisions_found

    navigation.add(
        NavigationItem(
            name="gatherings.decisions",
            order=81,
            permission=SEE_MINUTES,
            label=_("Decisions"),
            icon="gavel",
            url_name="gatherings:decisions",
        )
    )
    search_sources.add(
        SearchSource("gatherings.decisions", 60, SEE_MINUTES, _("Decisions"), decisions_found)
    )
    for page, name, order, permission, query in (
        ("gatherings:gathering", "agenda", 10, SEE_GATHERING, shown.agenda_panel),
        ("gatherings:gathering", "promises", 15, SEE_MINUTES, shown.promises_panel),
        ("organisations:carrier", "carrier_promises", 15, SEE_MINUTES, shown.carrier_panel),
    ):
        template = f"gatherings/_{name}_panel.html"
        panels.add(Panel(page, f"gatherings.{name}", order, permission, query, template))
    for name, order, permission, card in (
        ("own_promises", 40, SPEAK, shown.own_promises_card),
        ("overdue", 40, SEE_YEAR, shown.overdue_card),
    ):
        template = f"gatherings/_{name}_card.html"
        day_cards.add(DayCard(f"gatherings.{name}", order, permission, card, template))


def _register_year() -> None:
    """The year at a glance in the navigation."""
    from patenwerk.core.registrations import NavigationItem, navigation
    from patenwerk.gatherings.policy import SEE_YEAR

    navigation.add(
        NavigationItem(
            name="gatherings.year",
            order=83,
            permission=SEE_YEAR,
            label=_("The year"),
            icon="calendar-range",
            url_name="gatherings:year",
        )
    )


def _register_minutes() -> None:
    """Minutes in the navigation, on a gathering's page and among what waits today."""
    from patenwerk.core.registrations import (
        DayCard,
        NavigationItem,
        Panel,
        day_cards,
        navigation,
        panels,
    )
    from patenwerk.gatherings.policy import ORGANISE, SEE_MINUTES, SPEAK
    from patenwerk.gatherings.queries import minutes

    navigation.add(
        NavigationItem(
            name="gatherings.minutes",
            order=80,
            permission=SEE_MINUTES,
            label=pgettext_lazy("several", "Minutes"),
            icon="file-text",
            url_name="gatherings:minutes_list",
        )
    )
    panels.add(
        Panel(
            page="gatherings:gathering",
            name="gatherings.minutes",
            order=40,
            permission=SEE_MINUTES,
            query=minutes.minutes_panel,
            template="gatherings/_minutes_panel.html",
        )
    )
    for name, order, permission, card in (
        ("minutes_waiting", 30, SPEAK, minutes.waiting_card),
        ("minutes_organisers", 31, ORGANISE, minutes.organisers_card),
    ):
        template = f"gatherings/_{name}_card.html"
        day_cards.add(DayCard(f"gatherings.{name}", order, permission, card, template))


def _register_experts() -> None:
    """The directory of experts, documents and contacts: navigation and panels."""
    from patenwerk.core.registrations import NavigationItem, Panel, navigation, panels
    from patenwerk.gatherings.policy import SEE_CONTACT, SEE_EXPERT, SEE_GATHERING
    from patenwerk.gatherings.queries.contact import contacts_panel
    from patenwerk.gatherings.queries.material import materials_panel

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
    navigation.add(
        NavigationItem(
            name="gatherings.experts",
            order=70,
            permission=SEE_EXPERT,
            label=_("Experts"),
            icon="graduation-cap",
            url_name="gatherings:experts",
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
            name="gatherings.materials",
            order=30,
            permission=SEE_GATHERING,
            query=materials_panel,
            template="gatherings/_materials_panel.html",
        )
    )
