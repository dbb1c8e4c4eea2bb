"""What other pages show of letters: which can be made here, and which were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from patenwerk.core.policy import Actor, visible
from patenwerk.letters.enums import LetterKind, RunState
from patenwerk.letters.models import Letter
from patenwerk.letters.models.text import KINDS
from patenwerk.letters.policy import EDIT_TEXTS, MAKE_LETTERS
from patenwerk.letters.queries.fitting import person_obstacles, tandem_obstacles
from patenwerk.letters.queries.text import own_texts
from patenwerk.organisations.models import Carrier
from patenwerk.people.models import Person
from patenwerk.tandems.models import Tandem

LATEST = 5
"""So many letters of a person or tandem are shown."""
#: Buttons say it shorter than the list of letters, so that none wraps on a phone.
_LABELS = {**dict(KINDS), LetterKind.RECORD_CHECK.value: _("Ask for a record check")}


def person_panel(
    actor: Actor,
    ids: Sequence[int],
    on: date,
) -> Mapping[int, Mapping[str, Any]]:
    """The letters that can be made about people: two queries."""
    people = list(Person.objects.filter(visible(actor, MAKE_LETTERS, Person), pk__in=ids))
    made = _made(actor, person_id__in=[person.pk for person in people], tandem=None)
    found = {}
    for person in people:
        kinds = [
            kind
            for kind in (LetterKind.INVITATION, LetterKind.RECORD_CHECK, LetterKind.MESSAGE)
            if not any(reason.code in _NEVER for reason in person_obstacles(person, kind, on))
        ]
        found[person.pk] = _panel("letters:of_person", person.pk, kinds, made[person.pk])
    return {pk: panel for pk, panel in found.items() if panel["kinds"] or panel["made"]}


def tandem_panel(
    actor: Actor,
    ids: Sequence[int],
    on: date,  # noqa: ARG001 - every panel is asked for a day
) -> Mapping[int, Mapping[str, Any]]:
    """The letters that can be made about tandems: two queries."""
    tandems = list(Tandem.objects.filter(visible(actor, MAKE_LETTERS, Tandem), pk__in=ids))
    made = _made(actor, tandem_id__in=[tandem.pk for tandem in tandems])
    found = {}
    for tandem in tandems:
        kinds = [
            kind
            for kind in (LetterKind.AGREEMENT, LetterKind.CERTIFICATE)
            if not any(tandem_obstacles(tandem, kind))
        ]
        found[tandem.pk] = _panel("letters:of_tandem", tandem.pk, kinds, made[tandem.pk])
    return {pk: panel for pk, panel in found.items() if panel["kinds"] or panel["made"]}


def texts_panel(
    actor: Actor,
    ids: Sequence[int],
    on: date,  # noqa: ARG001 - every panel is asked for a day
) -> Mapping[int, Mapping[str, Any]]:
    """How many texts of letters are carriers' own, for the carrier's page."""
    carriers = Carrier.objects.filter(visible(actor, EDIT_TEXTS, Carrier), pk__in=ids)
    return {each.pk: {"carrier_id": each.pk, "own": len(own_texts(each.pk))} for each in carriers}


#: What a button would only promise: who is archived gets no letter, a mentee or a child no request.
_NEVER = frozenset({"archived", "no_mentor", "too_young"})


def _panel(
    url_name: str, pk: int, kinds: Sequence[LetterKind], made: Sequence[Letter]
) -> dict[str, Any]:
    return {
        "url_name": url_name,
        "pk": pk,
        "kinds": [(kind.value, _LABELS[kind.value]) for kind in kinds],
        "made": made[:LATEST],
    }


def _made(actor: Actor, **about: Any) -> dict[int, list[Letter]]:
    """The letters that were made of people or tandems, by their id, the latest first."""
    rows = Letter.objects.filter(visible(actor, MAKE_LETTERS, Letter), left_out="", **about)
    found: dict[int, list[Letter]] = defaultdict(list)
    for letter in (
        rows.exclude(run__state=RunState.CHOSEN)
        .select_related("run")
        .order_by("-run__made_at", "-pk")
    ):
        found[letter.tandem_id or letter.person_id or 0].append(letter)
    return found
