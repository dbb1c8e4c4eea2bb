from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet

from patenwerk.audit.models import AuditEntry
from patenwerk.core.lifecycle import CannotMove
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Refusal
from patenwerk.gatherings.domain.gathering import (
    CannotSaveGathering,
    GatheringValues,
    cancel_gathering,
    change_gathering,
    create_gathering,
    invite_carriers,
    take_step,
)
from patenwerk.gatherings.domain.kind import (
    DEFAULT_KINDS,
    CannotSaveKind,
    add_default_kinds,
    save_kind,
)
from patenwerk.gatherings.domain.lifecycle import LIFECYCLE
from patenwerk.gatherings.domain.registration import CannotChange
from patenwerk.gatherings.enums import AHEAD, OVER, Audience, MinutesState, Mode, State
from patenwerk.gatherings.models import (
    CarrierShare,
    Gathering,
    GatheringKind,
    GatheringStep,
    Registration,
)
from patenwerk.gatherings.receivers import begin_with_kinds
from patenwerk.mail.models import MailAttachment, OutboxMail
from patenwerk.organisations.models import Carrier, Programme
from tests.factories.gatherings import (
    STARTS,
    GatheringFactory,
    GatheringKindFactory,
    MinutesFactory,
    RegistrationFactory,
    SeriesFactory,
)
from tests.factories.organisations import CREATED, CarrierFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

BY = Actor(user_id=7)
BEFORE = STARTS - timedelta(days=20)
AFTER = STARTS + timedelta(days=1)
LINK = "https://netz.example/{token}"


@pytest.fixture
def programme() -> Programme:
    return ProgrammeFactory.create()


@pytest.fixture
def values(programme: Programme) -> GatheringValues:
    return GatheringValues(
        kind=GatheringKindFactory.create(programme=programme),
        title="Zu zweit weiter",
        mode=Mode.IN_PERSON,
        audience=Audience.CIRCLE,
        starts_at=STARTS,
        ends_at=STARTS + timedelta(hours=6),
        place_name="Speicher am Fluss",
    )


@pytest.fixture
def gathering(programme: Programme, values: GatheringValues) -> Gathering:
    """Open, exactly as ``values`` say."""
    return GatheringFactory.create(programme=programme, **values.columns())


def codes(done: Callable[[], object]) -> list[str]:
    """The reasons a call is refused for; nothing was written."""
    before = (Gathering.objects.count(), AuditEntry.objects.count())
    with pytest.raises(Refusal) as refused, transaction.atomic():
        done()
    assert (Gathering.objects.count(), AuditEntry.objects.count()) == before
    return [reason.code for reason in refused.value.reasons]


def change(gathering: Gathering, values: GatheringValues, **other: Any) -> None:
    with transaction.atomic():
        change_gathering(gathering=gathering, values=values, link=LINK, by=BY, at=BEFORE, **other)


def step(gathering: Gathering, name: str, at: datetime = BEFORE, **other: Any) -> None:
    with transaction.atomic():
        take_step(gathering=gathering, step=name, by=BY, at=at, **other)


def test_a_gathering_begins_as_a_draft_with_its_series(
    programme: Programme, values: GatheringValues
) -> None:
    made = create_gathering(
        programme=programme,
        carrier=None,
        values=values,
        new_series="  Vernetzung  Nord ",
        by=BY,
        at=BEFORE,
    )
    made.refresh_from_db()
    assert (made.state, made.sequence, made.announced_at) == (State.DRAFT, 0, None)
    assert made.series is not None
    assert (made.series.name, made.series.office) == ("Vernetzung Nord", programme.pk)
    assert AuditEntry.objects.get().action == "gatherings.create"

    again = create_gathering(
        programme=programme,
        carrier=None,
        values=replace(values, series=made.series),
        by=BY,
        at=BEFORE,
    )
    assert again.series == made.series


def test_a_carriers_gathering_belongs_to_it(programme: Programme, values: GatheringValues) -> None:
    carrier = CarrierFactory.create(programme=programme)
    made = create_gathering(
        programme=programme, carrier=carrier, values=values, new_series="Runde", by=BY, at=BEFORE
    )
    assert made.series is not None
    assert (made.carrier, made.series.carrier) == (carrier, carrier)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"ends_at": STARTS}, "ends_early"),
        ({"closes_at": STARTS + timedelta(days=1)}, "closes_late"),
        ({"proposals_until": date(2026, 3, 13)}, "proposals_late"),
        ({"answers_until": date(2026, 3, 11)}, "answers_early"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    programme: Programme,
    values: GatheringValues,
    gathering: Gathering,
    other: dict[str, Any],
    code: str,
) -> None:
    wrong = replace(values, **other)
    assert codes(
        lambda: create_gathering(programme=programme, carrier=None, values=wrong, by=BY, at=BEFORE)
    ) == [code]
    assert codes(lambda: change(gathering, wrong)) == [code]


def test_kind_and_series_are_of_the_same_organisers(
    gathering: Gathering, values: GatheringValues, programme: Programme
) -> None:
    foreign = replace(
        values,
        kind=GatheringKindFactory.create(),
        series=SeriesFactory.create(
            programme=programme, carrier=CarrierFactory.create(programme=programme)
        ),
    )
    assert codes(lambda: change(gathering, foreign)) == ["foreign_kind", "foreign_series"]
    SeriesFactory.create(programme=programme, name="Runde")
    assert codes(lambda: change(gathering, values, new_series="Runde")) == ["series_taken"]


@pytest.mark.parametrize(
    ("other", "sequence"),
    [
        ({"starts_at": STARTS - timedelta(hours=1)}, 1),
        ({"ends_at": STARTS + timedelta(hours=7)}, 1),
        ({"title": "Zu dritt weiter"}, 1),
        ({"place_name": "Kontor"}, 1),
        ({"costs": "keine"}, 0),
        ({"about": "Worum es geht"}, 0),
    ],
)
def test_what_a_calendar_shows_is_a_new_version(
    gathering: Gathering, values: GatheringValues, other: dict[str, Any], sequence: int
) -> None:
    uid = gathering.uid
    change(gathering, replace(values, **other))
    assert (gathering.sequence, gathering.changed_at, gathering.uid) == (sequence, BEFORE, uid)
    change(gathering, replace(values, **other))
    assert gathering.sequence == sequence
    assert AuditEntry.objects.count() == 1


def test_of_another_time_everybody_registered_is_told(
    gathering: Gathering, values: GatheringValues
) -> None:
    RegistrationFactory.create(gathering=gathering, email="ada@example.org")
    RegistrationFactory.create(
        gathering=gathering, email="bo@example.org", state="waiting", waiting_since=CREATED
    )
    RegistrationFactory.create(gathering=gathering, email="cem@example.org", state="declined")
    change(gathering, replace(values, title="Anders", about="Mehr dazu"))
    assert not OutboxMail.objects.exists()
    change(gathering, replace(values, title="Anders", starts_at=STARTS + timedelta(hours=1)))
    told = OutboxMail.objects.order_by("to")
    assert [(mail.to, mail.kind) for mail in told] == [
        ("ada@example.org", "registration_moved"),
        ("bo@example.org", "registration_moved"),
    ]
    assert MailAttachment.objects.get().to == "ada@example.org"
    assert b"SEQUENCE:2" in bytes(MailAttachment.objects.get().content)


def test_a_draft_has_no_versions(programme: Programme, values: GatheringValues) -> None:
    draft = GatheringFactory.create(programme=programme, state="draft", **values.columns())
    change(draft, replace(values, title="Anders", place_name=""), new_series="Neue Runde")
    assert (draft.title, draft.sequence) == ("Anders", 0)
    assert draft.series is not None


def test_an_announced_gathering_keeps_a_place(
    gathering: Gathering, values: GatheringValues
) -> None:
    nowhere = replace(values, mode=Mode.BOTH, place_name="")
    assert codes(lambda: change(gathering, nowhere)) == ["no_place", "no_link"]


@pytest.mark.parametrize("state", sorted({*OVER, State.CANCELLED}))
def test_what_is_over_stays_as_it_was(
    gathering: Gathering, values: GatheringValues, state: State
) -> None:
    reason = "Sturm" if state is State.CANCELLED else ""
    Gathering.objects.update(state=state, cancel_reason=reason)
    assert codes(lambda: change(gathering, replace(values, title="Anders"))) == ["over"]
    gathering.refresh_from_db()
    assert codes(lambda: invite_carriers(gathering=gathering, invited={}, by=BY, at=AFTER)) == [
        "over"
    ]


def test_more_seats_move_the_queue_and_fewer_than_taken_are_refused(
    gathering: Gathering, values: GatheringValues
) -> None:
    Gathering.objects.update(capacity=1, seats_taken=1)
    RegistrationFactory.create(gathering=gathering)
    waiting = RegistrationFactory.create(
        gathering=gathering, state="waiting", waiting_since=CREATED
    )
    Gathering.objects.update(capacity=2, seats_taken=2)
    with pytest.raises(CannotChange), transaction.atomic():
        change(gathering, replace(values, capacity=1))
    Gathering.objects.update(capacity=1, seats_taken=1)
    change(gathering, replace(values, capacity=2, seats_per_carrier=2))
    waiting.refresh_from_db()
    assert waiting.state == "offered"
    assert (gathering.capacity, gathering.seats_per_carrier) == (2, 2)


def test_the_way_from_draft_to_documented(programme: Programme, values: GatheringValues) -> None:
    gathering = create_gathering(
        programme=programme, carrier=None, values=values, by=BY, at=CREATED
    )
    step(gathering, "announce")
    assert (gathering.announced_at, gathering.changed_at) == (BEFORE, BEFORE)
    step(gathering, "open")
    step(gathering, "close")
    step(gathering, "open")
    step(gathering, "hold", AFTER)
    step(gathering, "document", AFTER, note="Fotos im Ordner")
    assert gathering.state == State.DOCUMENTED
    taken = GatheringStep.objects.filter(gathering=gathering)
    assert [each.step for each in taken] == [
        "announce",
        "open",
        "close",
        "open",
        "hold",
        "document",
    ]
    assert (taken.last().note, taken.last().office) == ("Fotos im Ordner", programme.pk)  # type: ignore[union-attr]


def test_what_nobody_announced_can_be_noted_afterwards(
    programme: Programme, values: GatheringValues
) -> None:
    draft = GatheringFactory.create(programme=programme, state="draft", **values.columns())
    step(draft, "hold", AFTER)
    assert (draft.state, draft.announced_at) == (State.HELD, AFTER)


@pytest.mark.parametrize(
    ("mode", "columns", "expected"),
    [
        (Mode.IN_PERSON, {"place_name": "", "join_link": ""}, ["no_place"]),
        (Mode.ONLINE, {"place_name": "", "join_link": ""}, ["no_link"]),
        (Mode.BOTH, {"place_name": "", "join_link": ""}, ["no_place", "no_link"]),
        (Mode.ONLINE, {"place_name": "", "join_link": "https://a.example"}, []),
        (Mode.IN_PERSON, {"place_name": "Kontor", "join_link": ""}, []),
    ],
)
def test_nobody_is_invited_without_knowing_where_to_go(
    programme: Programme, mode: Mode, columns: dict[str, str], expected: list[str]
) -> None:
    draft = GatheringFactory.create(programme=programme, state="draft", mode=mode, **columns)
    refusals = LIFECYCLE.refusals(draft, "announce", by=BY, at=BEFORE)
    assert [reason.code for reason in refusals] == expected


def test_steps_wait_for_their_time(gathering: Gathering) -> None:
    Gathering.objects.update(state=State.DRAFT, announced_at=None)
    assert codes(lambda: step(gathering, "announce", STARTS)) == ["begun"]
    Gathering.objects.update(state=State.CLOSED, announced_at=CREATED)
    assert codes(lambda: step(gathering, "open", STARTS)) == ["begun"]
    Gathering.objects.update(closes_at=BEFORE)
    assert codes(lambda: step(gathering, "open")) == ["closed"]
    assert codes(lambda: step(gathering, "hold", STARTS)) == ["not_over"]
    Gathering.objects.update(closes_at=None, audience=Audience.INVITED)
    assert codes(lambda: step(gathering, "open")) == ["nobody_invited"]
    assert codes(lambda: step(gathering, "document")) == ["wrong_state"]


@pytest.mark.parametrize("state", [MinutesState.APPROVED, MinutesState.LOCKED])
def test_documented_is_what_can_be_read(gathering: Gathering, state: MinutesState) -> None:
    Gathering.objects.update(state=State.HELD)
    minutes = MinutesFactory.create(gathering=gathering)
    assert codes(lambda: step(gathering, "document", AFTER, note=" ")) == ["nothing_written"]
    minutes.state, minutes.sent_at, minutes.approved_at = state, AFTER, AFTER
    minutes.objections_until = AFTER.date()
    minutes.save()
    step(gathering, "document", AFTER)
    assert gathering.state == State.DOCUMENTED


@pytest.mark.parametrize("state", sorted(AHEAD))
def test_whatever_is_ahead_can_be_cancelled(gathering: Gathering, state: State) -> None:
    announced = None if state is State.DRAFT else CREATED
    Gathering.objects.update(state=state, announced_at=announced, sequence=4)
    RegistrationFactory.create(gathering=gathering, email="wanda@example.org")
    RegistrationFactory.create(gathering=gathering, email="ohne@example.org", state="declined")
    with transaction.atomic():
        told = cancel_gathering(gathering=gathering, reason=" Sturm ", link=LINK, by=BY, at=BEFORE)
    assert told == 1
    assert (gathering.cancel_reason, gathering.sequence) == ("Sturm", 5)
    assert gathering.changed_at == BEFORE
    mail = OutboxMail.objects.get()
    assert (mail.to, "Sturm" in mail.body_text) == ("wanda@example.org", True)


def test_cancelling_needs_a_reason_and_something_to_come(gathering: Gathering) -> None:
    def cancel(reason: str) -> None:
        cancel_gathering(gathering=gathering, reason=reason, link=LINK, by=BY, at=BEFORE)

    assert codes(lambda: cancel("  ")) == ["no_reason"]
    Gathering.objects.update(state=State.HELD)
    with pytest.raises(CannotMove), transaction.atomic():
        cancel("Sturm")
    assert not Registration.objects.exists()


def test_carriers_are_invited_and_no_longer_invited(
    gathering: Gathering, programme: Programme
) -> None:
    one, other = CarrierFactory.create_batch(2, programme=programme)

    def invite(**seats: int | None) -> dict[str, int | None]:
        known: dict[str, Carrier] = {"one": one, "other": other}
        with transaction.atomic():
            invite_carriers(
                gathering=gathering,
                invited={known[name]: number for name, number in seats.items()},
                by=BY,
                at=BEFORE,
            )
        return dict(
            CarrierShare.objects.filter(is_invited=True).values_list("of_carrier__name", "seats")
        )

    assert invite(one=3, other=None) == {one.name: 3, other.name: None}
    CarrierShare.objects.filter(of_carrier=one).update(regret="Urlaub", regretted_at=BEFORE)
    assert invite(other=2) == {other.name: 2}
    assert CarrierShare.objects.get(of_carrier=one).regret == "Urlaub"
    foreign = CarrierFactory.create()
    assert codes(
        lambda: invite_carriers(gathering=gathering, invited={foreign: 1}, by=BY, at=BEFORE)
    ) == ["foreign_carrier"]


def programme_kinds(programme: Programme) -> QuerySet[GatheringKind]:
    return GatheringKind.objects.filter(programme=programme)


def test_a_new_programme_has_the_usual_kinds_and_keeps_what_becomes_of_them(
    programme: Programme,
) -> None:
    kinds = programme_kinds(programme)
    assert [(kind.code, kind.name_de) for kind in kinds.order_by("position")][:2] == [
        ("congress", "Fachkongress"),
        ("network", "Vernetzungstreffen"),
    ]
    kinds.filter(code="training").delete()
    programme.save()
    assert kinds.count() == 5
    ProgrammeFactory.create()
    assert kinds.count() == 5
    # A row read from a file brings its own.
    begin_with_kinds(programme, created=True, raw=True)
    assert kinds.count() == 5


def test_a_programme_takes_the_usual_kinds_once(programme: Programme) -> None:
    assert {kind.code for kind in programme_kinds(programme)} == {
        code for code, _german, _english in DEFAULT_KINDS
    }
    # One that is older than gatherings has some of its own.
    programme_kinds(programme).delete()
    GatheringKindFactory.create(programme=programme, code="congress", name_de="Kongress")
    made = add_default_kinds(programme=programme, by=BY, at=CREATED)
    assert {kind.code for kind in made} == {
        "network",
        "workshop",
        "focus_group",
        "action_day",
        "training",
    }
    assert GatheringKind.objects.get(code="congress").name_de == "Kongress"
    assert add_default_kinds(programme=programme, by=BY, at=CREATED) == []
    assert AuditEntry.objects.count() == 1


def test_a_kind_is_added_and_changed_and_keeps_its_code(programme: Programme) -> None:
    said = {"code": "lesung", "name_de": "Lesung", "name_en": "Reading", "position": 1}
    kind = save_kind(programme=programme, values={**said, "is_active": True}, by=BY, at=CREATED)
    save_kind(
        programme=programme,
        values={**said, "code": "anders", "name_de": "Lesekreis", "is_active": False},
        kind=kind,
        by=BY,
        at=CREATED,
    )
    kind.refresh_from_db()
    assert (kind.code, kind.name_de, kind.is_active) == ("lesung", "Lesekreis", False)
    with pytest.raises(CannotSaveKind):
        save_kind(programme=programme, values={**said, "is_active": True}, by=BY, at=CREATED)


def test_reasons_name_the_fields_of_the_form(gathering: Gathering, values: GatheringValues) -> None:
    with pytest.raises(CannotSaveGathering) as refused, transaction.atomic():
        change(gathering, replace(values, ends_at=STARTS - timedelta(hours=1)))
    assert [reason.field for reason in refused.value.reasons] == ["ends_at"]
