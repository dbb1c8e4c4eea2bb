"""What gatherings put onto the pages of lower apps, one line each.

A name is the address in the navigation, and names the template of a panel or card.
"""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class GatheringsConfig(AppConfig):
    name = "patenwerk.gatherings"
    label = "gatherings"

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from patenwerk.gatherings.receivers import begin_with_kinds

        post_save.connect(
            begin_with_kinds,
            sender="organisations.Programme",
            dispatch_uid="gatherings.begin_with_kinds",
        )
        _fill_navigation()
        _fill_panels()
        _fill_day()
        _fill_search()
        _fill_start()


def _fill_navigation() -> None:
    from patenwerk.core.registrations import NavigationItem, navigation
    from patenwerk.gatherings import policy

    for name, order, permission, label, icon in (
        ("gatherings", 40, policy.SEE_GATHERING, _("Gatherings"), "calendar"),
        ("experts", 70, policy.SEE_EXPERT, _("Experts"), "graduation-cap"),
        ("minutes_list", 80, policy.SEE_MINUTES, pgettext_lazy("several", "Minutes"), "file-text"),
        ("decisions", 81, policy.SEE_MINUTES, _("Decisions"), "gavel"),
        ("contacts", 82, policy.SEE_CONTACT, _("Contacts"), "book-user"),
        ("year", 83, policy.SEE_YEAR, _("The year"), "calendar-range"),
    ):
        url_name = f"gatherings:{name}"
        item = NavigationItem(f"gatherings.{name}", order, permission, label, icon, url_name)
        navigation.add(item)


def _fill_panels() -> None:
    from patenwerk.core.registrations import Panel, panels
    from patenwerk.gatherings import policy
    from patenwerk.gatherings.queries import panels as shown
    from patenwerk.gatherings.queries.calendar import calendar_panel
    from patenwerk.gatherings.queries.contact import contacts_panel
    from patenwerk.gatherings.queries.feedback import feedback_panel
    from patenwerk.gatherings.queries.material import materials_panel
    from patenwerk.gatherings.queries.minutes import minutes_panel
    from patenwerk.gatherings.queries.registration import registrations_panel

    gathering, carrier = "gatherings:gathering", "organisations:carrier"
    for page, name, order, permission, query in (
        (gathering, "agenda", 10, policy.SEE_GATHERING, shown.agenda_panel),
        (gathering, "promises", 15, policy.SEE_MINUTES, shown.promises_panel),
        (gathering, "registrations", 20, policy.SEE_GATHERING, registrations_panel),
        (gathering, "materials", 30, policy.SEE_GATHERING, materials_panel),
        (gathering, "minutes", 40, policy.SEE_MINUTES, minutes_panel),
        (gathering, "feedback", 60, policy.ORGANISE, feedback_panel),
        (carrier, "contacts", 10, policy.SEE_CONTACT, contacts_panel),
        (carrier, "carrier_promises", 15, policy.SEE_MINUTES, shown.carrier_panel),
        ("organisations:account", "calendar", 10, policy.SEE_GATHERING, calendar_panel),
    ):
        template = f"gatherings/_{name}_panel.html"
        panels.add(Panel(page, f"gatherings.{name}", order, permission, query, template))


def _fill_day() -> None:
    from patenwerk.core.registrations import DayCard, day_cards
    from patenwerk.gatherings import policy
    from patenwerk.gatherings.queries import minutes, panels
    from patenwerk.gatherings.queries.agenda import proposals_card
    from patenwerk.gatherings.queries.gathering import next_card

    for name, order, permission, query, aside in (
        ("next", 30, policy.SEE_GATHERING, next_card, True),
        ("minutes_waiting", 30, policy.SPEAK, minutes.waiting_card, False),
        ("minutes_organisers", 31, policy.ORGANISE, minutes.organisers_card, False),
        ("proposals", 32, policy.ORGANISE, proposals_card, False),
        ("own_promises", 40, policy.SPEAK, panels.own_promises_card, False),
        ("overdue", 40, policy.SEE_YEAR, panels.overdue_card, False),
    ):
        template = f"gatherings/_{name}_card.html"
        day_cards.add(DayCard(f"gatherings.{name}", order, permission, query, template, aside))


def _fill_search() -> None:
    from patenwerk.core.registrations import SearchSource, search_sources
    from patenwerk.gatherings import policy
    from patenwerk.gatherings.queries.decision import decisions_found
    from patenwerk.gatherings.queries.expert import experts_found
    from patenwerk.gatherings.queries.gathering import gatherings_found

    for name, order, permission, label, query in (
        ("gatherings", 50, policy.SEE_GATHERING, _("Gatherings"), gatherings_found),
        ("decisions", 60, policy.SEE_MINUTES, _("Decisions"), decisions_found),
        ("experts", 70, policy.SEE_EXPERT, _("Experts"), experts_found),
    ):
        search_sources.add(SearchSource(f"gatherings.{name}", order, permission, label, query))


def _fill_start() -> None:
    from patenwerk.core.registrations import StartPart, start_parts
    from patenwerk.gatherings.queries.gathering import start_part

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
