"""Tandems, as far as the actor's grants reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from patenwerk.core.policy import Actor, may_in, visible
from patenwerk.core.sheets.words import fold
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.people.queries.activity import Activity
from patenwerk.tandems.enums import MEETING_STATES, OPEN_STATES, Acceptance, State
from patenwerk.tandems.models import Meeting, Participant, Tandem
from patenwerk.tandems.policy import SEE_TANDEM
from patenwerk.tandems.queries.everybody import PEOPLE_OF_A_PAIR, Everybody, everybody_of
from patenwerk.tandems.queries.participant import at_the_end, is_settled

NAMES_SHOWN = 3
"""So many first names stand in a group's heading."""
SILENT_AFTER = timedelta(weeks=4)
"""Silence raises a task: contact twice in the first month, then monthly (DOMAIN's evidence)."""


def with_people(tandems: QuerySet[Tandem]) -> QuerySet[Tandem]:
    """Tandems with their participants and words: two queries for any number of them."""
    people = Participant.objects.select_related("person", "site")
    return tandems.select_related("site", "carrier", "kind", "focus", "field").prefetch_related(
        Prefetch("participants", queryset=people)
    )


def tandems(actor: Actor) -> QuerySet[Tandem]:
    """The tandems the actor sees."""
    return Tandem.objects.filter(visible(actor, SEE_TANDEM, Tandem))


def silent(on: date) -> Q:
    """Running tandems without a meeting for four weeks, or none since the trial began."""
    quiet_since = on - SILENT_AFTER
    never_met = Q(last_meeting_on__isnull=True, created_at__date__lt=quiet_since)
    return Q(state__in=MEETING_STATES) & (Q(last_meeting_on__lt=quiet_since) | never_met)


def found_by_name(rows: QuerySet[Tandem], actor: Actor, text: str) -> QuerySet[Tandem]:
    """Tandems with somebody of the actor's own sites whose folded name holds every word. Who has
    moved away since is not found by what the new site knows.
    """
    own = visible(actor, SEE_TANDEM, Person, prefix="person__")
    for word in fold(text).split():
        named = Participant.objects.filter(own, person__search_text__contains=word)
        rows = rows.filter(pk__in=named.values("tandem_id"))
    return rows


def silent_tandems(actor: Actor, on: date) -> list[Tandem]:
    """The silent tandems the actor sees, longest silence first."""
    rows = with_people(tandems(actor).filter(silent(on)))
    return sorted(rows, key=lambda row: (row.last_meeting_on or date.min, row.pk))


def open_proposals(actor: Actor) -> list[Tandem]:
    """Proposals that wait for an answer, and agreed tandems that wait for the trial."""
    waiting = {State.PROPOSED, State.AGREED}
    return list(with_people(tandems(actor).filter(state__in=waiting)).order_by("created_at", "pk"))


def counts_by_state(actor: Actor, on: date) -> dict[str, int]:
    """How many tandems stand where; silent ones are counted as ``silent`` instead."""
    rows = tandems(actor).filter(state__in=OPEN_STATES)
    counted = dict(rows.values_list("state").annotate(count=Count("pk")).order_by())
    quiet = dict(
        rows.filter(silent(on)).values_list("state").annotate(count=Count("pk")).order_by()
    )
    for state, count in quiet.items():
        counted[state] -= count
    counted["silent"] = sum(quiet.values())
    return counted


@dataclass(frozen=True, slots=True)
class LimitedPerson:
    """What is shown of somebody of another site until all have said yes: a first name and the
    region of the postcode. It is named like a person's columns, so that pages need not ask.
    """

    first_name: str
    region: str
    phone: str = ""

    @property
    def full_name(self) -> str:
        """First name and region."""
        return f"{self.first_name}, {self.region}…"

    @property
    def initials(self) -> str:
        """One letter for the half-disc."""
        return self.first_name[:1].upper()


@dataclass(frozen=True, slots=True)
class Seat:
    """One side of a tandem as somebody sees it; ``is_open`` says that the person's page may be
    opened and the answer be recorded.
    """

    participant: Participant
    person: Person | LimitedPerson
    is_open: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Both sides of a tandem: one person each or several, and who stands in for the mentors.

    ``name`` is what a group is called, empty where nobody has named it.
    """

    mentors: tuple[Seat, ...]
    mentees: tuple[Seat, ...]
    substitutes: tuple[Seat, ...]
    former: tuple[Seat, ...]
    name: str

    @property
    def mentor(self) -> Seat:
        """The first who accompanies: whom one calls."""
        return self.mentors[0]

    @property
    def seats(self) -> tuple[Seat, ...]:
        """Everybody who takes part or is asked, mentees first."""
        return self.mentees + self.mentors + self.substitutes

    @property
    def is_group(self) -> bool:
        """Whether more than two take part."""
        return len(self.mentees) + len(self.mentors) > PEOPLE_OF_A_PAIR

    @property
    def everybody(self) -> Everybody:
        """What is said of all who take part or are asked, those who stand in included."""
        return everybody_of(len(self.seats))

    @property
    def names(self) -> str:
        """First names, mentees first; a group by its name where it has one."""
        return f"{self.name or _first_names(self.mentees)} & {_first_names(self.mentors)}"

    @property
    def mentee_names(self) -> str:
        """Full names of who is accompanied."""
        return _full_names(self.mentees)

    @property
    def mentor_names(self) -> str:
        """Full names of who accompanies."""
        return _full_names(self.mentors)

    @property
    def full_names(self) -> str:
        """What a list says: full names, mentees first; of a named group the name."""
        return f"{self.name or self.mentee_names} & {self.mentor_names}"

    @property
    def mentee_sign(self) -> str:
        """What stands in the mentees' half: initials, or how many they are."""
        return _sign(self.mentees)

    @property
    def mentor_sign(self) -> str:
        """What stands in the mentors' half."""
        return _sign(self.mentors)


def _first_names(seats: Sequence[Seat]) -> str:
    shown = [seat.person.first_name for seat in seats[:NAMES_SHOWN]]
    more = len(seats) - len(shown)
    if more:
        shown.append(_("%(number)d more") % {"number": more})
    return get_text_list(shown, _("and"))


def _full_names(seats: Sequence[Seat]) -> str:
    return get_text_list([seat.person.full_name for seat in seats], _("and"))


def _sign(seats: Sequence[Seat]) -> str:
    return seats[0].person.initials if len(seats) == 1 else str(len(seats))


def pair_of(tandem: Tandem, actor: Actor) -> Pair:
    """Both sides of a tandem, from its prefetched participants, as the actor sees them."""
    everybody = list(tandem.participants.all())
    settled = is_settled(tandem, everybody)
    there = {row.pk for row in at_the_end(tandem, everybody)}

    def seats(*, here: bool, side: Side | None = None, stands_in: bool = False) -> tuple[Seat, ...]:
        return tuple(
            _seat(row, actor, settled=settled)
            for row in everybody
            if (row.pk in there) is here
            and (side is None or (row.side == side and row.is_substitute is stands_in))
        )

    return Pair(
        mentors=seats(here=True, side=Side.MENTOR),
        mentees=seats(here=True, side=Side.MENTEE),
        substitutes=seats(here=True, side=Side.MENTOR, stands_in=True),
        former=seats(here=False),
        name=tandem.name,
    )


def _seat(participant: Participant, actor: Actor, *, settled: bool) -> Seat:
    person, is_open = participant.person, may_in(actor, SEE_TANDEM, participant.person)
    if is_open or (settled and participant.acceptance == Acceptance.ACCEPTED):
        return Seat(participant, person, is_open)
    return Seat(participant, LimitedPerson(person.first_name, person.postcode[:2]), is_open=False)


def meetings_of(tandem: Tandem) -> QuerySet[Meeting]:
    """The meetings of a tandem, latest first, with who came."""
    return tandem.meetings.prefetch_related("came__person")


def activity_of(ids: Sequence[int]) -> Mapping[int, Activity]:
    """What people do in tandems: for the register that clears record checks."""
    found: dict[int, Activity] = {}
    rows = Participant.objects.filter(person_id__in=ids).values_list(
        "person_id", "tandem__state", "tandem__ended_on", "left_on"
    )
    for person_id, state, ended_on, left_on in rows:
        running = state in OPEN_STATES and left_on is None
        here = Activity(running=running, ended_on=None if running else left_on or ended_on)
        found[person_id] = found.get(person_id, Activity()).joined(here)
    return found


def in_an_open_tandem() -> Q:
    """The people with whom a tandem runs, as a filter on Person."""
    rows = Participant.objects.filter(tandem__state__in=OPEN_STATES, left_on__isnull=True)
    return Q(pk__in=rows.values("person_id"))
