"""Verdicts over many tandems at once: the same for a tandem's page, the tables and a release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from patenwerk.core.policy import Actor, visible
from patenwerk.people.enums import Side
from patenwerk.reporting.kernel.counting import MeetingFacts, MenteeFacts, TandemFacts, units
from patenwerk.reporting.kernel.release import UNKNOWN, CountedTandem
from patenwerk.reporting.policy import SEE_TABLES
from patenwerk.reporting.queries.rule import rules_of
from patenwerk.reporting.queries.wording import verdict_in_words
from patenwerk.tandems.enums import Acceptance, EndReason
from patenwerk.tandems.models import Meeting, Participant, Tandem
from patenwerk.tandems.queries.tandem import tandems


@dataclass(frozen=True)
class Counted(CountedTandem):
    """The verdicts of one unit (a tandem, or one mentee of a group) with everything the tables
    divide by; ids are kept as text. ``mentee`` is a participant's id.
    """

    pk: int = 0
    mentee: int | None = None
    site: str = ""
    field: str = ""
    kind: str = ""
    ended_on: date | None = None
    from_a_list: bool = False


def counted_tandems(rows: QuerySet[Tandem], on: date) -> list[Counted]:
    """The verdicts of the tandems as known on a day, each year from founding on: five queries, one
    more where there are groups.

    Land and carrier are the lead site's, whatever sites its people belong to. A tandem is declined
    when one side said no before the two had met; later it is judged like any other. A group stands
    there once, or once for each mentee in the years whose rule says so.
    """
    found = list(
        rows.order_by("pk").values_list(
            "pk",
            "programme_id",
            "carrier_id",
            "site_id",
            "site__land",
            "focus_id",
            "field_id",
            "kind_id",
            "founded_on",
            "ended_on",
            "end_reason",
            "taken_over_at",
        )
    )
    rules = rules_of({row[1] for row in found})
    meetings = _meetings(rows)
    mentees = _mentees(rows)
    counted = []
    for pk, programme, carrier, site, land, focus, field, kind, founded, ended, why, came in found:
        facts = TandemFacts(
            kind=str(kind),
            founded_on=founded,
            ended_on=ended,
            meetings=meetings.get(pk, ()),
            declined=why == EndReason.DECLINED and founded is None,
        )
        counted += [
            Counted(
                verdicts=unit.verdicts,
                carrier=str(carrier),
                land=land or UNKNOWN,
                focus=str(focus),
                pk=pk,
                site=str(site),
                field=str(field),
                kind=str(kind),
                ended_on=ended,
                from_a_list=came is not None,
                mentee=unit.mentee,
            )
            for unit in units(facts, mentees.get(pk, ()), rules[programme], on=on)
        ]
    return counted


def _meetings(rows: QuerySet[Tandem]) -> Mapping[int, Sequence[MeetingFacts]]:
    found: dict[int, list[MeetingFacts]] = defaultdict(list)
    held = Meeting.objects.filter(tandem__in=rows.order_by().values("pk")).order_by()
    for pk, held_on, minutes in held.values_list("tandem_id", "held_on", "minutes"):
        found[pk].append(MeetingFacts(held_on, minutes))
    return found


def _mentees(rows: QuerySet[Tandem]) -> Mapping[int, list[MenteeFacts]]:
    """The mentees of the groups among the tandems, with the meetings each came to.

    Who left and came back is one mentee: the last row says when they left for good.
    """
    parts = Participant.objects.filter(
        tandem__in=rows.order_by().filter(places__gt=1).values("pk"),
        side=Side.MENTEE,
        acceptance=Acceptance.ACCEPTED,
    )
    theirs: dict[tuple[int, int], list[tuple[int, date | None]]] = defaultdict(list)
    for pk, tandem, person, left_on in parts.order_by("joined_on", "pk").values_list(
        "pk", "tandem_id", "person_id", "left_on"
    ):
        theirs[tandem, person].append((pk, left_on))
    held: dict[int, list[MeetingFacts]] = defaultdict(list)
    if theirs:
        came = Meeting.came.through.objects.filter(participant__in=parts.values("pk"))
        for pk, held_on, minutes in came.values_list(
            "participant_id", "meeting__held_on", "meeting__minutes"
        ):
            held[pk].append(MeetingFacts(held_on, minutes))
    found: dict[int, list[MenteeFacts]] = defaultdict(list)
    for (tandem, _person), times in theirs.items():
        meetings = [meeting for pk, _left_on in times for meeting in held[pk]]
        found[tandem].append(MenteeFacts(times[0][0], meetings, left_on=times[-1][1]))
    return found


def reachable(actor: Actor) -> QuerySet[Tandem]:
    """The tandems whose figures the actor may see unhidden."""
    return Tandem.objects.filter(visible(actor, SEE_TABLES, Tandem))


def counting_panel(actor: Actor, ids: Sequence[int], on: date) -> dict[int, Mapping[str, Any]]:
    """Per tandem whether it counts in each year and why: for the tandem's page.

    A group that counts for each mentee says so for each by name, as far as the actor sees them.
    """
    counted = counted_tandems(reachable(actor).filter(pk__in=ids), on)
    names = names_of_mentees(actor, counted)
    found: dict[int, Mapping[str, Any]] = {pk: {"years": [], "on": on} for pk in ids}
    for one in counted:
        found[one.pk]["years"].extend(
            verdict_in_words(
                each, on=on, runs=one.ended_on is None, who=names.get(one.mentee or 0, "")
            )
            for each in one.verdicts
        )
    for told in found.values():
        told["years"].sort(key=lambda year: (-year.year, year.who))
    return {pk: told for pk, told in found.items() if told["years"]}


def names_of_mentees(actor: Actor, counted: Iterable[Counted]) -> dict[int, str]:
    """Participant id → first name, of the mentees who count for themselves and whom the actor
    sees in their tandems: no query where there are none.
    """
    ids = {one.mentee for one in counted if one.mentee is not None}
    rows = Participant.objects.filter(pk__in=ids, tandem__in=tandems(actor))
    return dict(rows.values_list("pk", "person__first_name"))
