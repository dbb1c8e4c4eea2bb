"""Minutes as readers see them: sections with what was decided there, objections, who wrote last."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from patenwerk.core.clock import day_of
from patenwerk.core.links import said_by, signed_token
from patenwerk.core.policy import Actor, visible
from patenwerk.gatherings.enums import (
    EDITABLE,
    OVER,
    SHARED,
    Audience,
    MinutesState,
    ObjectionState,
    Seat,
    State,
)
from patenwerk.gatherings.kernel.merging import compared
from patenwerk.gatherings.models import (
    CarrierShare,
    Commitment,
    Correction,
    Decision,
    Gathering,
    Minutes,
    Objection,
    Registration,
    Section,
    SectionVersion,
)
from patenwerk.gatherings.policy import ORGANISE, SEE_MINUTES, SPEAK
from patenwerk.gatherings.queries.contact import contacts_of
from patenwerk.gatherings.queries.panels import promise_row
from patenwerk.gatherings.queries.promise import with_progress
from patenwerk.organisations.models import Account, Carrier

SALT = "gatherings.minutes"
SHOWN = 5
_WAITING = frozenset({MinutesState.SENT, MinutesState.OBJECTED})


@dataclass(frozen=True, slots=True)
class Receiver:
    """One person sent minutes are mailed to."""

    email: str
    name: str
    language: str


@dataclass(slots=True)
class SectionRow:
    """One section with everything that was written down in it."""

    section: Section
    decisions: list[Decision] = field(default_factory=list)
    promises: list[Mapping[str, Any]] = field(default_factory=list)
    objections: list[Objection] = field(default_factory=list)
    written_by: str = ""
    written_at: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not (self.section.text or self.decisions or self.promises or self.objections)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an earlier version. ``begins_line`` where it stood in a line of its own."""

    words: str
    begins_line: bool
    stands: bool


@dataclass(frozen=True, slots=True)
class EarlierVersion:
    """How a section once read, and which of its sentences do not stand in the text any more."""

    version: SectionVersion
    written_by: str
    sentences: Sequence[Sentence]

    @property
    def missing(self) -> int:
        """How many sentences do not stand in the text any more."""
        return sum(not each.stands for each in self.sentences)


@dataclass(slots=True)
class Record:
    """Whole minutes. What stands in no section comes last, in ``decisions`` and ``promises``."""

    minutes: Minutes
    rows: list[SectionRow]
    decisions: list[Decision]
    promises: list[Mapping[str, Any]]
    objections: list[Objection]
    corrections: list[Correction]

    @property
    def all_objections(self) -> list[Objection]:
        """Every objection, those to the whole first."""
        return [*self.objections, *(each for row in self.rows for each in row.objections)]


def minutes_token(minutes: Minutes) -> str:
    """What opens sent minutes without a login; it does not run out, the state decides."""
    return signed_token({"minutes": minutes.pk}, purpose=SALT)


def minutes_of_token(token: str) -> Minutes | None:
    """The minutes a link belongs to, once they are sent; nothing for words not signed here."""
    pk = said_by(token, purpose=SALT).get("minutes", 0)
    return with_gathering(Minutes.objects.filter(pk=pk, state__in=SHARED)).first()


def minutes_link() -> str:
    """The full address for reading minutes, with ``{token}`` in it."""
    path = reverse("gatherings:read_minutes", args=["TOKEN"])
    return settings.PUBLIC_URL + path.replace("TOKEN", "{token}")


def with_gathering(rows: QuerySet[Minutes]) -> QuerySet[Minutes]:
    """Minutes with what every page says about their gathering."""
    return rows.select_related(
        "gathering__kind", "gathering__carrier", "gathering__programme", "approved_in"
    )


def receivers_of(gathering: Gathering, on: date) -> list[Receiver]:
    """Whom minutes are sent to, each address once, by address.

    The contacts of the carriers the gathering was for, and the people of carriers who had a seat
    or were there. Guests of no carrier get none. Five queries.
    """
    carriers = Carrier.objects.filter(programme=gathering.programme_id, archived_at__isnull=True)
    if gathering.audience == Audience.INVITED:
        shares = CarrierShare.objects.filter(gathering=gathering, is_invited=True)
        carriers = carriers.filter(
            Q(pk__in=shares.values("of_carrier_id")) | Q(pk=gathering.carrier_id)
        )
    found: dict[str, Receiver] = {}
    for addressees in contacts_of(list(carriers.values_list("pk", flat=True)), on).values():
        for one in addressees:
            found.setdefault(one.email.casefold(), Receiver(one.email, one.name, one.language))
    came = Registration.objects.filter(
        Q(state=Seat.SEATED) | Q(attended=True), gathering=gathering, carrier__isnull=False
    )
    for row in came.select_related("account").order_by("pk"):
        own = Receiver(row.email, row.name, row.language)
        if not row.email and row.account is not None:
            own = Receiver(row.account.email, row.name, row.account.language)
        if own.email:
            found.setdefault(own.email.casefold(), own)
    return [found[key] for key in sorted(found)]


def minutes_list(
    actor: Actor, *, state: MinutesState | None = None, year: int | None = None
) -> QuerySet[Minutes]:
    """The minutes the actor sees, latest gathering first, with open objections counted."""
    found = Minutes.objects.filter(visible(actor, SEE_MINUTES, Minutes))
    if state is not None:
        found = found.filter(state=state)
    if year is not None:
        found = found.filter(gathering__starts_at__year=year)
    return (
        with_gathering(found)
        .annotate(unanswered=Count("objections", filter=Q(objections__state=ObjectionState.OPEN)))
        .order_by("-gathering__starts_at", "-pk")
    )


def years_of_minutes(actor: Actor) -> list[int]:
    """The years of which the actor sees minutes, the latest first."""
    seen = Minutes.objects.filter(visible(actor, SEE_MINUTES, Minutes)).order_by()
    days = seen.values_list("gathering__starts_at", flat=True)
    return sorted({day_of(starts_at).year for starts_at in days}, reverse=True)


def record_of(minutes: Minutes, on: date) -> Record:
    """Everything that stands in minutes, for a page or a paper: nine queries at most."""
    rows = {
        section.pk: SectionRow(section) for section in minutes.sections.order_by("position", "pk")
    }
    _name_writers(minutes, rows)
    record = Record(minutes, list(rows.values()), [], [], [], [])
    for decision in Decision.objects.filter(gathering=minutes.gathering_id).order_by("number"):
        _place(rows, record, decision.section_id).decisions.append(decision)
    promised = Commitment.objects.filter(gathering=minutes.gathering_id).order_by("pk")
    for commitment in with_progress(promised):
        row = promise_row(commitment, on)
        _place(rows, record, commitment.section_id).promises.append(row)
    for objection in minutes.objections.select_related("of_carrier", "section"):
        _place(rows, record, objection.section_id).objections.append(objection)
    record.corrections = list(minutes.corrections.order_by("at", "pk"))
    return record


def section_row(section: Section, on: date) -> SectionRow:
    """One section with what was written down in it."""
    return SectionRow(
        section,
        decisions=list(section.decisions.order_by("number")),
        promises=[
            promise_row(each, on) for each in with_progress(section.commitments.order_by("pk"))
        ],
        objections=list(section.objections.select_related("of_carrier", "section")),
    )


def written_row(section: Section) -> SectionRow:
    """One section with who wrote it last: two queries."""
    row = SectionRow(section)
    _name_writers(section.minutes, {section.pk: row})
    return row


def earlier_versions(section: Section) -> list[SectionVersion]:
    """The versions of a section a person would look at, the latest first, without the present one.

    While somebody types, a version is kept every few seconds: one is left out where all it says
    stands in the next one by the same hand, so that nothing is hidden by leaving it out.
    """
    shown: list[SectionVersion] = []
    following: SectionVersion | None = None
    for version in section.versions.order_by("-number"):
        if (
            following is None
            or following.by_id != version.by_id
            or not all(stands for _piece, stands in compared(version.text, following.text))
        ):
            shown.append(version)
        following = version
    return [version for version in shown if version.number != section.version]


def told_versions(section: Section, versions: Sequence[SectionVersion]) -> list[EarlierVersion]:
    """Versions with who wrote them and what of them does not stand in the text: one query."""
    names = names_of(version.by_id for version in versions)
    return [
        EarlierVersion(
            version,
            names.get(version.by_id or 0, ""),
            [
                Sentence(piece.words, place > 0 and "\n" in piece.before, stands)
                for place, (piece, stands) in enumerate(compared(version.text, section.text))
            ],
        )
        for version in versions
    ]


def later_gatherings(minutes: Minutes, at: datetime) -> QuerySet[Gathering]:
    """Gatherings of the same series that could approve the minutes: later, begun, of the same
    organisers.
    """
    earlier = minutes.gathering
    if earlier.series_id is None:
        return Gathering.objects.none()
    return Gathering.objects.filter(
        **minutes.organiser_columns,
        series=earlier.series_id,
        starts_at__gt=earlier.starts_at,
        starts_at__lte=at,
        state__in=[State.OPEN, State.CLOSED, *OVER],
    )


def speaking_carriers(actor: Actor, minutes: Minutes) -> QuerySet[Carrier]:
    """The carriers the actor speaks for in the circle of these minutes."""
    own = Carrier.objects.filter(
        visible(actor, SPEAK, Carrier), programme=minutes.programme_id, archived_at__isnull=True
    )
    if minutes.gathering.audience == Audience.INVITED:
        shares = CarrierShare.objects.filter(gathering=minutes.gathering_id, is_invited=True)
        own = own.filter(Q(pk__in=shares.values("of_carrier_id")) | Q(pk=minutes.carrier_id))
    return own.order_by("name", "pk")


def minutes_panel(
    actor: Actor,
    ids: Sequence[int],
    on: date,
) -> Mapping[int, Mapping[str, Any]]:
    """The minutes of gatherings, or the way to begin them, for the gathering's page."""
    found = {
        row.gathering_id: row
        for row in Minutes.objects.filter(
            visible(actor, SEE_MINUTES, Minutes), gathering__in=ids
        ).annotate(unanswered=Count("objections", filter=Q(objections__state=ObjectionState.OPEN)))
    }
    organised = Gathering.objects.filter(visible(actor, ORGANISE, Gathering), pk__in=ids)
    own = {gathering.pk: gathering for gathering in organised}
    panels: dict[int, dict[str, Any]] = {
        pk: {"minutes": minutes, "may_write": pk in own and minutes.state in EDITABLE}
        for pk, minutes in found.items()
    }
    for pk, gathering in own.items():
        if pk not in found and may_begin(gathering, on):
            panels[pk] = {"gathering": gathering, "minutes": None}
    return panels


def may_begin(gathering: Gathering, on: date) -> bool:
    """Whether a gathering without minutes can be written down on a day."""
    if gathering.state in OVER:
        return True
    runs = day_of(gathering.starts_at) <= on <= day_of(gathering.ends_at)
    return runs and gathering.state in {State.OPEN, State.CLOSED}


def waiting_card(actor: Actor, on: date) -> Mapping[str, Any] | None:
    """Minutes within their term for objections, for whoever speaks for a carrier; else None."""
    rows = with_gathering(
        Minutes.objects.filter(
            visible(actor, SPEAK, Minutes), state__in=_WAITING, objections_until__gte=on
        )
    )
    found = list(rows.order_by("objections_until", "pk"))
    if not found:
        return None
    shown = [
        {"minutes": row, "days": (row.objections_until - on).days}
        for row in found[:SHOWN]
        if row.objections_until is not None
    ]
    return {"rows": shown, "total": len(found)}


def organisers_card(actor: Actor, on: date) -> Mapping[str, Any] | None:
    """Minutes that wait for their organisers: objections to answer, or ready to be approved."""
    rows = with_gathering(
        Minutes.objects.filter(visible(actor, ORGANISE, Minutes), state__in=_WAITING)
    ).annotate(unanswered=Count("objections", filter=Q(objections__state=ObjectionState.OPEN)))
    found = [
        row
        for row in rows.order_by("objections_until", "pk")
        if row.unanswered or (row.objections_until is not None and row.objections_until < on)
    ]
    return {"rows": found[:SHOWN], "total": len(found)} if found else None


def _place(
    rows: Mapping[int, SectionRow], record: Record, section_id: int | None
) -> SectionRow | Record:
    """The section something stands in, or the record itself."""
    return record if section_id is None else rows.get(section_id, record)


def _name_writers(minutes: Minutes, rows: Mapping[int, SectionRow]) -> None:
    """Say who wrote each section last, and when: two queries."""
    versions = SectionVersion.objects.filter(
        minutes=minutes, section__in=rows, number=F("section__version")
    )
    last = {version.section_id: version for version in versions}
    names = names_of(version.by_id for version in last.values())
    for pk, version in last.items():
        rows[pk].written_at = version.at
        rows[pk].written_by = names.get(version.by_id or 0, "")


def names_of(ids: Iterable[int | None]) -> Mapping[int, str]:
    """The names of accounts; who is gone has none."""
    wanted: Collection[int] = {pk for pk in ids if pk is not None}
    return {row.pk: row.full_name for row in Account.objects.filter(pk__in=wanted)}
