"""The directory of experts: asked, agreed, corrected, withdrawn, forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Refusal
from patenwerk.gatherings.domain.expert import (
    KEEP_ASKED,
    Asking,
    CannotAnswer,
    CannotSaveExpert,
    ExpertValues,
    add_contribution,
    add_expert,
    agree,
    ask_expert,
    change_expert,
    forget_unanswered,
    topics_in,
    withdraw,
)
from patenwerk.gatherings.enums import ContributionState, Sector
from patenwerk.gatherings.models import Contribution, Expert
from patenwerk.gatherings.queries.expert import expert_of, expert_token
from patenwerk.mail.models import OutboxMail
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Programme
from tests.factories.gatherings import ExpertFactory
from tests.factories.organisations import (
    CarrierFactory,
    ProgrammeFactory,
    SupportFieldFactory,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY = AT.date()
BY = Actor(user_id=7)
ASKING = Asking(name="Jutta", organisation="Netzwerkstelle", link="https://x.example/{token}/")


@pytest.fixture
def programme() -> Programme:
    return ProgrammeFactory.create()


def values(**said: Any) -> ExpertValues:
    usual: dict[str, Any] = {
        "name": "Dr. Ada Müller",
        "email": "Ada@Example.org",
        "organisation": "Institut",
        "sector": Sector.SCIENCE,
        "about": "Forscht zu Sprache.",
        "topics": ("Leichte Sprache",),
        "phone": "030 1",
    }
    return ExpertValues(**{**usual, **said})


def codes(refusal: pytest.ExceptionInfo[Refusal]) -> list[tuple[str, str | None]]:
    return [(reason.code, reason.field) for reason in refusal.value.reasons]


def test_somebody_who_agreed_is_entered_and_told(programme: Programme) -> None:
    carrier = CarrierFactory.create(programme=programme)
    field = SupportFieldFactory.create(programme=programme)
    said = values(fields=(field,), language=Language.ENGLISH)
    expert = add_expert(
        programme=programme,
        values=said,
        consented_on=TODAY,
        asking=ASKING,
        recommended_by=carrier,
        by=BY,
        at=AT,
    )
    expert.refresh_from_db()
    assert (expert.name, expert.email, expert.phone, expert.organisation, expert.about) == (
        *("Dr. Ada Müller", "ada@example.org", "030 1", "Institut", "Forscht zu Sprache."),
    )
    assert (expert.sector, expert.topics, list(expert.fields.all()), expert.language) == (
        *("science", ["Leichte Sprache"], [field], "en"),
    )
    assert (expert.recommended_by, expert.consented_on, expert.created_at) == (carrier, TODAY, AT)
    assert expert.words == " dr ada muller institut leichte sprache forscht zu sprache"
    mail = OutboxMail.objects.get()
    assert (mail.to, mail.kind, mail.language, mail.is_secret) == (
        *("ada@example.org", "expert_entered", "en", True),
    )
    token = mail.body_text.rpartition("https://x.example/")[2].strip().strip("/")
    assert expert_of(token) == expert
    assert AuditEntry.objects.get().action == "gatherings.add_expert"


def test_without_an_address_nobody_is_mailed(programme: Programme) -> None:
    said = values(email="", sector=None)
    entered = [
        add_expert(
            programme=programme, values=said, consented_on=TODAY, asking=ASKING, by=BY, at=AT
        )
        for _ in range(2)
    ]
    assert [expert.sector for expert in entered] == ["", ""]
    assert not OutboxMail.objects.exists()


def test_nobody_agrees_tomorrow(programme: Programme) -> None:
    with pytest.raises(CannotSaveExpert) as refusal:
        add_expert(
            programme=programme,
            values=values(),
            consented_on=TODAY + timedelta(days=1),
            asking=ASKING,
            by=BY,
            at=AT,
        )
    assert codes(refusal) == [("consented_on", "consented_on")]
    assert not Expert.objects.exists()


def test_who_is_asked_waits_until_they_agree(programme: Programme) -> None:
    expert = ask_expert(programme=programme, values=values(), asking=ASKING, by=BY, at=AT)
    expert.refresh_from_db()
    waiting = Expert.objects.filter(consented_on__isnull=True)
    assert list(waiting) == [expert]
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.is_secret) == ("expert_asked", True)
    assert "Netzwerkstelle" in mail.body_text
    agree(expert=expert, values=values(name="Ada M."), by=BY, at=AT)
    expert.refresh_from_db()
    assert (expert.name, expert.consented_on) == ("Ada M.", TODAY)
    with pytest.raises(CannotAnswer) as refusal:
        agree(expert=expert, values=values(), by=BY, at=AT)
    assert codes(refusal) == [("answered", None)]


def test_asking_needs_an_address_and_keeps_it(programme: Programme) -> None:
    with pytest.raises(CannotSaveExpert) as refusal:
        ask_expert(programme=programme, values=values(email=""), asking=ASKING, by=BY, at=AT)
    assert codes(refusal) == [("address", "email")]
    expert = ask_expert(programme=programme, values=values(), asking=ASKING, by=BY, at=AT)
    with pytest.raises(CannotSaveExpert) as refusal:
        change_expert(expert=expert, values=values(email=""), by=BY, at=AT)
    assert codes(refusal) == [("address", "email")]
    with pytest.raises(IntegrityError), transaction.atomic():
        Expert.objects.filter(pk=expert.pk).update(email="")


def test_an_address_is_there_once_in_a_programme(programme: Programme) -> None:
    first = ExpertFactory.create(programme=programme, email="ada@example.org")
    second = ExpertFactory.create(programme=programme)
    calls: list[Any] = [
        lambda: ask_expert(programme=programme, values=values(), asking=ASKING, by=BY, at=AT),
        lambda: change_expert(expert=second, values=values(), by=BY, at=AT),
    ]
    for call in calls:
        with pytest.raises(CannotSaveExpert) as refusal:
            call()
        assert codes(refusal) == [("known", "email")]
    change_expert(expert=first, values=values(), by=BY, at=AT)
    first.refresh_from_db()
    assert first.name == "Dr. Ada Müller"
    assert ask_expert(
        programme=ProgrammeFactory.create(), values=values(), asking=ASKING, by=BY, at=AT
    ).pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Expert.objects.filter(pk=second.pk).update(email="ADA@example.org")


@pytest.mark.parametrize(
    "topics", [tuple(f"Thema {n}" for n in range(21)), ("x" * 61,)], ids=["many", "long"]
)
def test_topics_have_limits(programme: Programme, topics: tuple[str, ...]) -> None:
    foreign = SupportFieldFactory.create()
    said = values(topics=topics, fields=(foreign,))
    with pytest.raises(CannotSaveExpert) as refusal:
        ask_expert(programme=programme, values=said, asking=ASKING, by=BY, at=AT)
    assert codes(refusal) == [("fields", "fields"), ("topics", "topics")]


def test_the_limits_themselves_are_allowed(programme: Programme) -> None:
    topics = tuple(f"{n:02}".ljust(60, "x") for n in range(20))
    said = values(topics=topics)
    assert ask_expert(programme=programme, values=said, asking=ASKING, by=BY, at=AT).pk


def test_withdrawing_empties_the_entry_and_keeps_the_contributions(programme: Programme) -> None:
    field = SupportFieldFactory.create(programme=programme)
    carrier = CarrierFactory.create(programme=programme)
    expert = add_expert(
        programme=programme,
        values=values(fields=(field,), language=Language.ENGLISH),
        consented_on=TODAY,
        asking=ASKING,
        recommended_by=carrier,
        by=BY,
        at=AT,
    )
    for state in ContributionState:
        Contribution.objects.create(
            programme=programme, expert=expert, title=state, held_on=TODAY, state=state
        )
    withdraw(expert=expert, by=BY, at=AT)
    expert.refresh_from_db()
    kept = {"id", "programme_id", "consented_on", "withdrawn_on", "created_at", "language"}
    left = {
        column.attname: getattr(expert, column.attname) for column in Expert._meta.concrete_fields
    }
    assert {name for name, value in left.items() if value} == kept
    assert (expert.language, expert.withdrawn_on, expert.fields.count()) == ("de", TODAY, 0)
    states = dict(Contribution.objects.values_list("title", "state"))
    assert states == {
        "invited": "declined",
        "accepted": "accepted",
        "declined": "declined",
        "held": "held",
    }
    assert str(expert) == "nicht mehr im Verzeichnis"
    assert expert_of(expert_token(expert)) is None
    with pytest.raises(CannotAnswer) as refusal:
        withdraw(expert=expert, by=BY, at=AT)
    assert codes(refusal) == [("gone", None)]
    with pytest.raises(CannotAnswer):
        change_expert(expert=expert, values=values(), by=BY, at=AT)


def test_who_says_no_leaves_no_row(programme: Programme) -> None:
    expert = ask_expert(programme=programme, values=values(), asking=ASKING, by=BY, at=AT)
    withdraw(expert=Expert.objects.get(pk=expert.pk), by=BY, at=AT)
    assert not Expert.objects.exists()
    with pytest.raises(CannotAnswer):
        agree(expert=expert, values=values(), by=BY, at=AT)


def test_the_database_keeps_nothing_of_who_left(programme: Programme) -> None:
    expert = ExpertFactory.create(programme=programme)
    with pytest.raises(IntegrityError), transaction.atomic():
        Expert.objects.filter(pk=expert.pk).update(withdrawn_on=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Expert.objects.filter(pk=expert.pk).update(name="")


def test_silence_is_forgotten_after_thirty_days(programme: Programme) -> None:
    assert forget_unanswered(by=BY, at=AT) == 0
    assert not AuditEntry.objects.exists()
    old, edge = AT - KEEP_ASKED - timedelta(seconds=1), AT - KEEP_ASKED
    gone = ExpertFactory.create(programme=programme, consented_on=None, created_at=old)
    kept = ExpertFactory.create(programme=programme, consented_on=None, created_at=edge)
    agreed = ExpertFactory.create(programme=programme, created_at=old)
    assert forget_unanswered(by=BY, at=AT) == 1
    assert set(Expert.objects.all()) == {kept, agreed}
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id) == ("gatherings.forget_experts", gone.pk)


def test_an_earlier_contribution_is_noted(programme: Programme) -> None:
    expert = ExpertFactory.create(programme=programme)
    done = add_contribution(expert=expert, title="Vortrag", held_on=TODAY, by=BY, at=AT)
    assert (done.state, done.held_on, done.programme_id, done.gathering) == (
        *("held", TODAY, programme.pk, None),
    )
    with pytest.raises(CannotSaveExpert) as refusal:
        add_contribution(
            expert=expert, title="Morgen", held_on=TODAY + timedelta(days=1), by=BY, at=AT
        )
    assert codes(refusal) == [("held_on", "held_on")]


@pytest.mark.parametrize(
    ("line", "topics"),
    [
        ("", ()),
        (" , ;", ()),
        (
            "Leichte Sprache,  Eltern  abende ; Schule",
            ("Leichte Sprache", "Eltern abende", "Schule"),
        ),
        ("Müll, Muell, MÜLL", ("Müll",)),
        ("?, !", ("?", "!")),
    ],
)
def test_topics_are_read_from_a_line(line: str, topics: tuple[str, ...]) -> None:
    assert topics_in(line) == topics


@given(st.text(max_size=80))
def test_topics_read_again_are_the_same(line: str) -> None:
    topics = topics_in(line)
    assert topics_in(", ".join(topics)) == topics
    assert all(topic == topic.strip() and topic for topic in topics)


def test_links_are_signed(programme: Programme) -> None:
    expert = ExpertFactory.create(programme=programme, consented_on=date(2026, 1, 1))
    assert expert_of(expert_token(expert)) == expert
    assert expert_of("anything") is None
    assert expert_of(expert_token(expert)[:-1]) is None
