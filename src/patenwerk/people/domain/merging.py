"""What hangs on a person goes along: to another entry when two become one, and back when that is
undone; to another site when the person moves there.

Each app moves its own rows: it adds a :class:`Mover`. People's own are here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from patenwerk.core.refusal import Reason
from patenwerk.organisations.models import Site
from patenwerk.people.enums import MoveState
from patenwerk.people.models import Consent, Guardian, Move, Person, RecordCheck
from patenwerk.people.queries.guardian import guardians_of, named

Moved = dict[str, Any]
"""What was moved, as JSON: ids and days, enough to move it back."""


class Mover(Protocol):
    """Moves what an app keeps of people. All of them are locked while it does."""

    @property
    def name(self) -> str:
        """Under this name the merge remembers what was moved: the app's own."""

    def against(self, kept: Person, dropped: Person) -> Iterable[Reason]:
        """What speaks against making the two one."""

    def move(self, kept: Person, dropped: Person, at: datetime) -> Moved:
        """Let everything that hangs on ``dropped`` hang on ``kept``."""

    def against_undoing(self, moved: Moved, kept: Person) -> Iterable[Reason]:
        """What happened to ``kept`` since, of which nobody can say to whom it belongs."""

    def move_back(self, moved: Moved, kept: Person, dropped: Person) -> None:
        """Let what was moved hang on ``dropped`` again."""

    def go_along(self, entries: Sequence[Person], site: Site, at: datetime) -> None:
        """Let what belongs to a person belong to another site. ``entries`` are the person's own
        and those merged into it, still as they were at the site they leave.
        """


_movers: dict[str, Mover] = {}


def add_mover(mover: Mover) -> None:
    """Let an app move its rows; those of lower apps have moved before. One for each name."""
    _movers[mover.name] = mover


def movers() -> Sequence[Mover]:
    """People's own and those of the apps above, in the order in which they move."""
    return (*_OWN, *_movers.values())


def repoint(rows: QuerySet[Any], column: str, person: Person) -> list[int]:
    """Let a column of these rows name somebody else; answers their ids."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.model._default_manager.filter(pk__in=ids).update(**{column: person})
    return ids


def point_back(
    model: type[Model], ids: Collection[int], column: str, kept: Person, dropped: Person
) -> None:
    """Undo :func:`repoint` for the rows that still name ``kept``."""
    rows = model._default_manager.filter(**{"pk__in": ids, column: kept})
    rows.update(**{column: dropped})


def rescope(rows: QuerySet[Any], site: Site) -> None:
    """Let these rows belong to another site of the programme."""
    rows.update(carrier_id=site.carrier_id, site_id=site.pk)


@dataclass(frozen=True, slots=True)
class ConsentMover:
    """Consents go along. Where both hold one to the same purpose, each keeps its own: one is
    enough.
    """

    name: str = "people.consents"

    def against(self, kept: Person, dropped: Person) -> Iterable[Reason]:
        by_purpose: dict[str, list[Consent]] = defaultdict(list)
        for one in Consent.objects.filter(person__in=[kept, dropped]).order_by("withdrawn_on"):
            by_purpose[one.purpose].append(one)
        for said in by_purpose.values():
            holds = {one.person_id: one.given_on for one in said if one.withdrawn_on is None}
            ended = {
                one.person_id: one.withdrawn_on
                for one in said
                if one.withdrawn_on is not None and one.person_id not in holds
            }
            if any(end >= given for end in ended.values() for given in holds.values()):
                yield Reason(
                    "consent_differs",
                    _(
                        "In one entry a consent was taken back that holds in the other. Please "
                        "ask the person, and take it back there, too, or record it anew."
                    ),
                )
                return  # once: the sentence is the same for every purpose

    def move(self, kept: Person, dropped: Person, at: datetime) -> Moved:
        held = Consent.objects.filter(person=kept, withdrawn_on__isnull=True)
        theirs = Consent.objects.filter(person=dropped).exclude(
            withdrawn_on__isnull=True, purpose__in=held.values("purpose")
        )
        return {"ids": repoint(theirs, "person", kept), "since": _consents_now(kept)}

    def against_undoing(self, moved: Moved, kept: Person) -> Iterable[Reason]:
        if moved["since"] != _consents_now(kept):
            yield Reason(
                "consent_since",
                _(
                    "Since then a consent was given or taken back. Nobody can say which of the "
                    "two it was."
                ),
            )

    def move_back(self, moved: Moved, kept: Person, dropped: Person) -> None:
        point_back(Consent, moved["ids"], "person", kept, dropped)

    def go_along(self, entries: Sequence[Person], site: Site, at: datetime) -> None:
        rescope(Consent.objects.filter(person__in=entries), site)


def _consents_now(person: Person) -> list[list[Any]]:
    said = Consent.objects.filter(person=person).order_by("pk")
    return [
        [one.pk, None if one.withdrawn_on is None else one.withdrawn_on.isoformat()] for one in said
    ]


@dataclass(frozen=True, slots=True)
class CheckMover:
    """Of two record checks one stays: that with a conviction, else the later one.

    Of the other nothing is needed any more, so nothing is kept (§ 72a (5) SGB VIII), even for
    undoing: whoever has none then is inspected anew.
    """

    name: str = "people.record_checks"

    def against(self, kept: Person, dropped: Person) -> Iterable[Reason]:
        return ()

    def move(self, kept: Person, dropped: Person, at: datetime) -> Moved:
        checks = {
            check.person_id: check
            for check in RecordCheck.objects.filter(person__in=[kept, dropped])
        }
        if dropped.pk not in checks:
            return {}
        best = max(checks.values(), key=lambda one: (one.conviction_found, one.certificate_date))
        for check in checks.values():
            if check.pk != best.pk:
                check.delete()
        if best.person_id == kept.pk:
            return {}
        best.person = kept
        best.save(update_fields=["person"])
        return {"moved": _check_now(best)}

    def against_undoing(self, moved: Moved, kept: Person) -> Iterable[Reason]:
        return ()

    def move_back(self, moved: Moved, kept: Person, dropped: Person) -> None:
        """A check inspected since was the kept person's, it stays."""
        now = RecordCheck.objects.filter(person=kept).first()
        if now is not None and moved.get("moved") == _check_now(now):
            now.person = dropped
            now.save(update_fields=["person"])

    def go_along(self, entries: Sequence[Person], site: Site, at: datetime) -> None:
        rescope(RecordCheck.objects.filter(person__in=entries), site)


def _check_now(check: RecordCheck) -> list[Any]:
    return [check.pk, check.certificate_date.isoformat(), check.conviction_found]


@dataclass(frozen=True, slots=True)
class GuardianMover:
    """Guardians go along. Of two of one name the dropped entry keeps its own, and consents that
    went along name the kept one instead. Consents have moved before.
    """

    name: str = "people.guardians"

    def against(self, kept: Person, dropped: Person) -> Iterable[Reason]:
        return ()

    def move(self, kept: Person, dropped: Person, at: datetime) -> Moved:
        here = {named(guardian): guardian.pk for guardian in guardians_of(kept)}
        twice = {
            guardian.pk: here[named(guardian)]
            for guardian in guardians_of(dropped)
            if named(guardian) in here
        }
        said: list[list[int]] = []
        for theirs, ours in twice.items():
            rows = _SAID.objects.filter(consent__person=kept, guardian=theirs)
            said += [[pk, theirs] for pk in rows.order_by("pk").values_list("pk", flat=True)]
            rows.update(guardian=ours)
        others = Guardian.objects.filter(person=dropped).exclude(pk__in=twice)
        return {"ids": repoint(others, "person", kept), "said": said}

    def against_undoing(self, moved: Moved, kept: Person) -> Iterable[Reason]:
        return ()

    def move_back(self, moved: Moved, kept: Person, dropped: Person) -> None:
        """Who was entered since stays: it was said of the kept entry."""
        point_back(Guardian, moved["ids"], "person", kept, dropped)
        for pk, theirs in moved["said"]:
            _SAID.objects.filter(pk=pk).update(guardian=theirs)

    def go_along(self, entries: Sequence[Person], site: Site, at: datetime) -> None:
        rescope(Guardian.objects.filter(person__in=entries), site)


@dataclass(frozen=True, slots=True)
class MoveMover:
    """Where somebody came from goes along. A move that waits for an answer is ended before: the
    other site has been shown this very entry.
    """

    name: str = "people.moves"

    def against(self, kept: Person, dropped: Person) -> Iterable[Reason]:
        if Move.objects.filter(person=dropped, state=MoveState.PROPOSED).exists():
            yield Reason(
                "move_open",
                _(
                    "For the entry that goes a move to another site is proposed. Please take that "
                    "back first."
                ),
            )

    def move(self, kept: Person, dropped: Person, at: datetime) -> Moved:
        return {"ids": repoint(Move.objects.filter(person=dropped), "person", kept)}

    def against_undoing(self, moved: Moved, kept: Person) -> Iterable[Reason]:
        return ()

    def move_back(self, moved: Moved, kept: Person, dropped: Person) -> None:
        point_back(Move, moved["ids"], "person", kept, dropped)

    def go_along(self, entries: Sequence[Person], site: Site, at: datetime) -> None:
        """Nothing: each move belongs to the site that was left by it."""


_SAID: Any = Consent.guardians.through
"""Which guardian said which consent."""

_OWN: tuple[Mover, ...] = (ConsentMover(), GuardianMover(), CheckMover(), MoveMover())
