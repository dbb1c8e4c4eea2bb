from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "patenwerk.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        _show_on_the_desk()
        _show_on_other_pages()
        _offer_for_chosen_people()
        _take_lists()
        _hold_moves()


def _show_on_the_desk() -> None:
    """Navigation, »my day« and the search."""
    from patenwerk.core.registrations import (
        DayCard,
        NavigationItem,
        SearchSource,
        day_cards,
        navigation,
        search_sources,
    )
    from patenwerk.people.policy import MERGE, MOVE, RECORD_CHECK, SEE_PERSON
    from patenwerk.people.queries.cards import duplicates_card, moves_card, record_check_card
    from patenwerk.people.queries.search import people_found

    navigation.add(
        NavigationItem(
            name="people.people",
            order=20,
            permission=SEE_PERSON,
            label=_("People"),
            icon="contact-round",
            url_name="people:people",
            phone=True,
        )
    )
    for name, order, permission, query, aside in (
        ("moves", 25, MOVE, moves_card, False),
        ("record_checks", 60, RECORD_CHECK, record_check_card, False),
        ("duplicates", 70, MERGE, duplicates_card, True),
    ):
        day_cards.add(
            DayCard(
                name=f"people.{name}",
                order=order,
                permission=permission,
                query=query,
                template=f"people/cards/{name}.html",
                aside=aside,
            )
        )
    search_sources.add(
        SearchSource(
            name="people.people",
            order=20,
            permission=SEE_PERSON,
            label=_("People"),
            query=people_found,
        )
    )


def _show_on_other_pages() -> None:
    """The rules of a carrier on its page."""
    from patenwerk.core.registrations import Panel, panels
    from patenwerk.people.policy import SET_RULES
    from patenwerk.people.queries.cards import rules_panel

    panels.add(
        Panel(
            page="organisations:carrier",
            name="people.rules",
            order=20,
            permission=SET_RULES,
            query=rules_panel,
            template="people/_rules_panel.html",
        )
    )


def _offer_for_chosen_people() -> None:
    """What can be done at once with rows chosen in the list of people."""
    from functools import partial

    from patenwerk.core.registrations import RowAction, row_actions
    from patenwerk.people.domain.batch import begin
    from patenwerk.people.enums import BatchKind
    from patenwerk.people.policy import EDIT_PERSON

    for kind, order, label, icon in (
        (BatchKind.CHANGE, 40, _("Change"), "pencil"),
        (BatchKind.ARCHIVE, 50, _("Archive"), "archive"),
        (BatchKind.RESTORE, 60, _("Bring back"), "archive-restore"),
    ):
        row_actions.add(
            RowAction(
                page="people:people",
                name=f"people.{kind}",
                order=order,
                permission=EDIT_PERSON,
                label=label,
                icon=icon,
                start=partial(begin, kind),
            )
        )


def _take_lists() -> None:
    """Lists of mentors and mentees, and of consents, can be read in."""
    from patenwerk.imports.domain.kinds import kinds
    from patenwerk.people.domain.consent_list import CONSENTS
    from patenwerk.people.domain.importing import MENTEES, MENTORS

    for kind in (MENTORS, MENTEES, CONSENTS):
        kinds.add(kind)


def _hold_moves() -> None:
    """A proposed move keeps a person from being archived, and ends with its consent."""
    from patenwerk.people.domain.consent import add_withdrawal_follower
    from patenwerk.people.domain.move import OPEN_MOVE, withdraw_without_consent
    from patenwerk.people.domain.person import add_archiving_guard

    add_archiving_guard(OPEN_MOVE)
    add_withdrawal_follower(withdraw_without_consent)
