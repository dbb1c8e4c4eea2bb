"""Minutes from the first word to the last correction."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from patenwerk.audit.models import AuditEntry
from patenwerk.core.lifecycle import CannotMove
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Refusal
from patenwerk.gatherings.domain.minutes import (
    CannotBegin,
    CannotCorrect,
    CannotWrite,
    add_section,
    approve_minutes,
    begin_minutes,
    correct_minutes,
    lock_minutes,
    remove_section,
    send_minutes,
    take_back,
    write_section,
)
from patenwerk.gatherings.domain.minutes_steps import MINUTES_STEPS
from patenwerk.gatherings.domain.objection import (
    CannotAnswer,
    CannotObject,
    answer_objection,
    objection_refusals,
    raise_objection,
)
from patenwerk.gatherings.enums import (
    Audience,
    ItemState,
    MinutesState,
    ObjectionState,
    Seat,
    State,
)
from patenwerk.gatherings.kernel.merging import Conflict
from patenwerk.gatherings.models import CarrierShare, Gathering, Minutes, Objection, Section
from patenwerk.mail.models import OutboxMail
from tests.factories.gatherings import (
    STARTS,
    AgendaItemFactory,
    CommitmentFactory,
    ContactFactory,
    DecisionFactory,
    GatheringFactory,
    MinutesFactory,
    RegistrationFactory,
    SectionFactory,
    SeriesFactory,
)
from tests.factories.organisations import AccountFactory, CarrierFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

ANNA, BERT = Actor(user_id=101), Actor(user_id=102)
AT = datetime(2026, 3, 12, 11, 0, tzinfo=UTC)
LINK = "https://example.org/{token}/"
UNTIL = date(2026, 3, 26)


def codes(refusal: pytest.ExceptionInfo[Refusal]) -> set[str]:
    return {reason.code for reason in refusal.value.reasons}


def held(**values: Any) -> Gathering:
    gathering: Gathering = GatheringFactory.create(state=State.HELD.value, **values)
    return gathering


def sent(**values: Any) -> Minutes:
    """Minutes with one written section that the circle has."""
    minutes: Minutes = MinutesFactory.create(gathering=held(**values))
    SectionFactory.create(minutes=minutes, heading="Begrüßung", text="Alle sind da.")
    send_minutes(minutes=minutes, objections_until=UNTIL, link=LINK, by=ANNA, at=AT)
    return minutes


# --- beginning --------------------------------------------------------------------------------


def test_every_accepted_item_becomes_a_section_after_what_was_open() -> None:
    series = SeriesFactory.create()
    earlier = held(series=series, programme=series.programme, starts_at=STARTS - timedelta(days=90))
    carrier = CarrierFactory.create(programme=series.programme, name="Brückenbogen e. V.")
    CommitmentFactory.create(
        gathering=earlier, text="Raum suchen", of_carrier=carrier, due_on=date(2026, 2, 1)
    )
    CommitmentFactory.create(
        gathering=earlier, text="Liste führen", of_carrier=None, owner="", due_on=None
    )
    old = MinutesFactory.create(
        gathering=earlier,
        state=MinutesState.OBJECTED.value,
        sent_at=AT,
        objections_until=UNTIL,
    )
    Objection.objects.create(
        **old.organiser_columns, minutes=old, text="Nein.", raised_at=AT, state="open"
    )
    gathering = held(series=series, programme=series.programme)
    first = AgendaItemFactory.create(gathering=gathering, position=2, title="Zweites")
    AgendaItemFactory.create(gathering=gathering, position=1, title="Erstes")
    AgendaItemFactory.create(gathering=gathering, position=3, state=ItemState.PROPOSED.value)
    minutes = begin_minutes(gathering=gathering, by=ANNA, at=AT)
    assert minutes.state == MinutesState.DRAFT
    sections = list(minutes.sections.order_by("position"))
    assert [each.heading for each in sections] == ["Offen von früher", "Erstes", "Zweites"]
    assert sections[2].item == first
    # Databases put a promise without a day first or last.
    assert sorted(sections[0].text.splitlines()) == [
        "– 1 Einwand zu früheren Protokollen ist offen.",
        "– Liste führen",
        "– Raum suchen (Nadja Beispiel, Brückenbogen e. V.; bis 1. Februar 2026)",
    ]
    assert [each.number for each in sections[0].versions.all()] == [1]


def test_open_promises_alone_are_listed_without_objections() -> None:
    series = SeriesFactory.create()
    values = {"series": series, "programme": series.programme}
    earlier = held(**values, starts_at=STARTS - timedelta(days=90))
    CommitmentFactory.create(gathering=earlier, text="Raum suchen", of_carrier=None, due_on=None)
    minutes = begin_minutes(gathering=held(**values), by=ANNA, at=AT)
    assert minutes.sections.get().text == "– Raum suchen (Nadja Beispiel)"


def test_minutes_are_begun_once_and_not_before_the_day() -> None:
    gathering = held()
    begin_minutes(gathering=gathering, by=ANNA, at=AT)
    with pytest.raises(CannotBegin) as refused:
        begin_minutes(gathering=gathering, by=BERT, at=AT)
    assert codes(refused) == {"begun"}


@pytest.mark.parametrize(
    ("state", "days", "possible"),
    [
        (State.OPEN, 0, True),
        (State.CLOSED, 0, True),
        (State.CLOSED, -1, False),
        (State.CLOSED, 1, False),
        (State.ANNOUNCED, 0, False),
        (State.CANCELLED, 0, False),
        (State.DOCUMENTED, 40, True),
    ],
)
def test_a_running_gathering_can_be_written_down(state: State, days: int, possible: bool) -> None:
    gathering = GatheringFactory.create(state=state.value)
    at = AT + timedelta(days=days)
    if possible:
        assert begin_minutes(gathering=gathering, by=ANNA, at=at).gathering == gathering
        return
    with pytest.raises(CannotBegin) as refused:
        begin_minutes(gathering=gathering, by=ANNA, at=at)
    assert codes(refused) == {"not_yet"}


# --- earlier versions -------------------------------------------------------------------------


def written(*texts: str) -> Section:
    """A section in which these texts followed each other, by Anna and Bert in turn."""
    section: Section = SectionFactory.create()
    for place, text in enumerate(texts):
        write_section(
            section=section,
            text=text,
            base_version=place,
            by=(ANNA, BERT)[place % 2],
            at=AT + timedelta(minutes=place),
        )
    section.refresh_from_db()
    return section


def test_what_was_deleted_is_taken_back_to_where_it_stood() -> None:
    section = written("Eins. Zwei.\nDrei.", "Eins. Vier.\nDrei.", "Eins.\nDrei. Fünf.")
    take_back(section=section, number=1, by=BERT, at=AT + timedelta(hours=1))
    section.refresh_from_db()
    assert (section.text, section.version) == ("Eins. Zwei.\nDrei. Fünf.", 4)
    version = section.versions.get(number=4)
    assert (version.by_id, version.at, version.text) == (102, AT + timedelta(hours=1), section.text)
    entry = AuditEntry.objects.get(action="gatherings.take_back")
    assert entry.details == {"version": 1}


def test_what_cannot_be_taken_back_says_why() -> None:
    section = written("Eins. Zwei.", "Eins. Zwei. Drei.")
    for number, code in ((1, "all_there"), (2, "all_there"), (9, "no_version")):
        with pytest.raises(CannotWrite) as refused:
            take_back(section=section, number=number, by=ANNA, at=AT)
        assert codes(refused) == {code}
    write_section(section=section, text="Eins.", base_version=2, by=ANNA, at=AT)
    minutes = section.minutes
    Minutes.objects.filter(pk=minutes.pk).update(
        state=MinutesState.SENT, sent_at=AT, objections_until=UNTIL
    )
    with pytest.raises(CannotWrite) as refused:
        take_back(section=section, number=2, by=ANNA, at=AT)
    assert codes(refused) == {"minutes_sent"}
    assert section.versions.count() == 3


# --- sections ---------------------------------------------------------------------------------


def test_free_sections_come_last_and_go_while_they_are_empty() -> None:
    minutes = MinutesFactory.create()
    SectionFactory.create(minutes=minutes, position=4)
    section = add_section(minutes=minutes, heading=" Verschiedenes ", by=ANNA, at=AT)
    assert (section.heading, section.position) == ("Verschiedenes", 5)
    with pytest.raises(CannotWrite) as refused:
        add_section(minutes=minutes, heading=" ", by=ANNA, at=AT)
    assert codes(refused) == {"no_heading"}
    remove_section(section=section, by=ANNA, at=AT)
    assert not Section.objects.filter(pk=section.pk).exists()
    first = add_section(minutes=MinutesFactory.create(), heading="Eins", by=ANNA, at=AT)
    assert first.position == 0


@pytest.mark.parametrize("what", ["text", "decision", "commitment", "objection"])
def test_a_section_with_something_in_it_stays(what: str) -> None:
    minutes = MinutesFactory.create()
    section = SectionFactory.create(minutes=minutes, text="Etwas." if what == "text" else "")
    if what == "decision":
        DecisionFactory.create(gathering=minutes.gathering, section=section)
    elif what == "commitment":
        CommitmentFactory.create(gathering=minutes.gathering, section=section)
    elif what == "objection":
        Objection.objects.create(
            **minutes.organiser_columns,
            minutes=minutes,
            section=section,
            text="Nein.",
            raised_at=AT,
        )
    with pytest.raises(CannotWrite) as refused:
        remove_section(section=section, by=ANNA, at=AT)
    assert codes(refused) == {"not_empty"}


def test_sent_minutes_are_not_written_any_more() -> None:
    minutes = sent()
    section = minutes.sections.get()
    for call in (
        lambda: add_section(minutes=minutes, heading="Neu", by=ANNA, at=AT),
        lambda: remove_section(section=section, by=ANNA, at=AT),
        lambda: write_section(section=section, text="Neu.", base_version=0, by=ANNA, at=AT),
    ):
        with pytest.raises(CannotWrite) as refused:
            call()
        assert "minutes_sent" in codes(refused)
    section.refresh_from_db()
    assert section.text == "Alle sind da."


def test_one_writer_alone_writes_version_after_version() -> None:
    section = SectionFactory.create()
    first = write_section(section=section, text="Eins.\r\n", base_version=0, by=ANNA, at=AT)
    assert (first.version, first.text, first.conflicts) == (1, "Eins.", ())
    again = write_section(section=section, text="Eins.", base_version=0, by=ANNA, at=AT)
    assert again.version == 1
    second = write_section(section=section, text="Eins. Zwei.", base_version=1, by=ANNA, at=AT)
    assert second.version == 2
    unchanged = write_section(section=section, text="Eins. Zwei.", base_version=2, by=ANNA, at=AT)
    assert unchanged.version == 2
    section.refresh_from_db()
    assert (section.text, section.version) == ("Eins. Zwei.", 2)
    assert list(section.versions.values_list("number", "text", "by_id")) == [
        (1, "Eins.", 101),
        (2, "Eins. Zwei.", 101),
    ]


def test_two_writers_are_joined_and_each_goes_on_from_the_own_words() -> None:
    section = SectionFactory.create()
    write_section(section=section, text="Anfang.", base_version=0, by=ANNA, at=AT)
    write_section(section=section, text="Anfang. Von Anna.", base_version=1, by=ANNA, at=AT)
    bert = write_section(section=section, text="Anfang. Von Bert.", base_version=1, by=BERT, at=AT)
    assert bert.text == "Anfang. Von Anna. Von Bert."
    assert section.versions.get(number=bert.version).text == "Anfang. Von Bert."
    # The same again writes nothing, whichever page sends it.
    count = section.versions.count()
    again = write_section(section=section, text="Anfang. Von Bert.", base_version=1, by=BERT, at=AT)
    assert (again.version, again.text) == (bert.version, bert.text)
    assert section.versions.count() == count
    # Bert's page never held Anna's sentence: going on does not delete it.
    on = write_section(
        section=section,
        text="Anfang. Von Bert. Und mehr.",
        base_version=bert.version,
        by=BERT,
        at=AT,
    )
    assert on.text == "Anfang. Von Anna. Von Bert. Und mehr."
    # Whoever has an old page and changed nothing learns how it stands.
    old = write_section(section=section, text="Anfang.", base_version=1, by=ANNA, at=AT)
    assert (old.version, old.text) == (1, on.text)
    section.refresh_from_db()
    assert section.text == on.text


def test_both_wordings_of_one_sentence_stay_and_are_answered() -> None:
    section = SectionFactory.create()
    write_section(section=section, text="Wir treffen uns im Mai.", base_version=0, by=ANNA, at=AT)
    write_section(section=section, text="Wir treffen uns im Juni.", base_version=1, by=ANNA, at=AT)
    bert = write_section(
        section=section, text="Wir treffen uns im Juli.", base_version=1, by=BERT, at=AT
    )
    assert bert.conflicts == (
        Conflict("Wir treffen uns im Mai.", "Wir treffen uns im Juli.", "Wir treffen uns im Juni."),
    )
    assert bert.text == "Wir treffen uns im Juni. Wir treffen uns im Juli."


def test_what_stands_there_already_is_not_written_twice() -> None:
    section = SectionFactory.create()
    write_section(section=section, text="Eins. Zwei.", base_version=0, by=ANNA, at=AT)
    bert = write_section(section=section, text="Eins.", base_version=0, by=BERT, at=AT)
    assert bert.text == "Eins. Zwei."
    assert section.versions.get(number=bert.version).text == "Eins."
    section.refresh_from_db()
    assert section.version == 1
    third = write_section(section=section, text="Eins. Zwei. Drei.", base_version=1, by=ANNA, at=AT)
    assert (third.version, third.text) == (3, "Eins. Zwei. Drei.")


def test_a_version_that_never_was_is_refused() -> None:
    section = SectionFactory.create()
    with pytest.raises(CannotWrite) as refused:
        write_section(section=section, text="Neu.", base_version=7, by=ANNA, at=AT)
    assert codes(refused) == {"no_base"}


# --- sending ----------------------------------------------------------------------------------


def test_contacts_and_people_of_the_circle_get_the_link_once() -> None:
    programme = ProgrammeFactory.create()
    one, other = (CarrierFactory.create(programme=programme) for _ in range(2))
    ContactFactory.create(carrier=one, email="anna@example.org")
    ContactFactory.create(carrier=other, email="bert@example.org")
    ContactFactory.create(carrier=CarrierFactory.create(), email="fremd@example.org")
    gathering = held(programme=programme)
    RegistrationFactory.create(gathering=gathering, carrier=one, email="Anna@example.org")
    RegistrationFactory.create(gathering=gathering, carrier=one, email="chris@example.org")
    RegistrationFactory.create(gathering=gathering, carrier=None, email="gast@example.org")
    account = AccountFactory.create(email="doris@example.org", language="en")
    RegistrationFactory.create(gathering=gathering, carrier=other, email="", account=account)
    RegistrationFactory.create(gathering=gathering, carrier=other, email="")
    RegistrationFactory.create(
        gathering=gathering, carrier=one, email="nein@example.org", state=Seat.DECLINED.value
    )
    minutes = MinutesFactory.create(gathering=gathering)
    DecisionFactory.create(gathering=gathering)
    count = send_minutes(minutes=minutes, objections_until=UNTIL, link=LINK, by=ANNA, at=AT)
    mails = OutboxMail.objects.order_by("to")
    expected = ["anna", "bert", "chris", "doris"]
    assert [mail.to for mail in mails] == [f"{name}@example.org" for name in expected]
    assert count == 4
    assert mails[3].language == "en"
    assert "26. März 2026" in mails[0].body_text
    assert "https://example.org/" in mails[0].body_html
    assert all(mail.is_secret for mail in mails)
    minutes.refresh_from_db()
    assert (minutes.state, minutes.sent_at, minutes.objections_until) == ("sent", AT, UNTIL)
    assert minutes.steps_taken.get().step == "send"


def test_minutes_of_invited_carriers_go_to_those_alone() -> None:
    programme = ProgrammeFactory.create()
    invited, other = (CarrierFactory.create(programme=programme) for _ in range(2))
    ContactFactory.create(carrier=invited, email="anna@example.org")
    ContactFactory.create(carrier=other, email="bert@example.org")
    gathering = held(programme=programme, audience=Audience.INVITED.value)
    CarrierShare.objects.create(
        **gathering.organiser_columns, gathering=gathering, of_carrier=invited, is_invited=True
    )
    minutes = MinutesFactory.create(gathering=gathering)
    SectionFactory.create(minutes=minutes, text="Etwas.")
    send_minutes(minutes=minutes, objections_until=UNTIL, link=LINK, by=ANNA, at=AT)
    assert [mail.to for mail in OutboxMail.objects.all()] == ["anna@example.org"]


def test_what_stands_in_the_way_of_sending() -> None:
    gathering = GatheringFactory.create(state=State.CLOSED.value)
    minutes = MinutesFactory.create(gathering=gathering)
    with pytest.raises(CannotMove) as refused:
        send_minutes(minutes=minutes, objections_until=AT.date(), link=LINK, by=ANNA, at=AT)
    assert codes(refused) == {"not_held", "nothing_written", "no_time"}
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.DRAFT
    assert not OutboxMail.objects.exists()


# --- objections -------------------------------------------------------------------------------


def test_the_first_objection_opens_the_text_again_and_answers_close_it() -> None:
    minutes = sent()
    section = minutes.sections.get()
    carrier = CarrierFactory.create(programme=minutes.programme)
    for text in ("Es waren nicht alle da.", "Wir fehlten."):
        raise_objection(
            minutes=minutes, section=section, of_carrier=carrier, text=text, by=BERT, at=AT
        )
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.OBJECTED
    assert [step.step for step in minutes.steps_taken.all()] == ["send", "object"]
    write_section(section=section, text="Fast alle sind da.", base_version=0, by=ANNA, at=AT)
    first, second = minutes.objections.all()
    answer_objection(
        objection=first, state=ObjectionState.ACCEPTED, answer="Geändert.", by=ANNA, at=AT
    )
    over = AT + timedelta(days=15)
    with pytest.raises(CannotMove) as refused:
        approve_minutes(minutes=minutes, approved_in=None, by=ANNA, at=over)
    assert codes(refused) == {"open_objections"}
    answer_objection(
        objection=second, state=ObjectionState.REJECTED, answer="Doch.", by=ANNA, at=AT
    )
    second.refresh_from_db()
    assert (second.state, second.answer, second.answered_at) == ("rejected", "Doch.", AT)
    send_minutes(minutes=minutes, objections_until=UNTIL, link=LINK, by=ANNA, at=AT)
    assert minutes.state == MinutesState.SENT
    approve_minutes(minutes=minutes, approved_in=None, by=ANNA, at=over)
    assert minutes.state == MinutesState.APPROVED


def test_refused_objections() -> None:
    minutes = sent()
    carrier = CarrierFactory.create(programme=minutes.programme)
    with pytest.raises(CannotObject) as refused:
        raise_objection(
            minutes=minutes,
            section=SectionFactory.create(),
            of_carrier=CarrierFactory.create(),
            text=" ",
            by=BERT,
            at=AT + timedelta(days=15),
        )
    assert codes(refused) == {"too_late", "no_words", "other_minutes", "other_programme"}
    draft = MinutesFactory.create(programme=minutes.programme)
    with pytest.raises(CannotObject) as refused:
        raise_objection(
            minutes=draft, section=None, of_carrier=carrier, text="Nein.", by=BERT, at=AT
        )
    assert "not_now" in codes(refused)
    # The last day of the term still counts.
    last = datetime(2026, 3, 26, 21, 0, tzinfo=UTC)
    raise_objection(
        minutes=minutes, section=None, of_carrier=carrier, text="Nein.", by=BERT, at=last
    )
    assert minutes.objections.count() == 1


def test_an_objection_is_answered_once_and_in_words() -> None:
    minutes = sent()
    carrier = CarrierFactory.create(programme=minutes.programme)
    objection = raise_objection(
        minutes=minutes, section=None, of_carrier=carrier, text="Nein.", by=BERT, at=AT
    )
    with pytest.raises(CannotAnswer) as refused:
        answer_objection(objection=objection, state=ObjectionState.OPEN, answer=" ", by=ANNA, at=AT)
    assert codes(refused) == {"no_words", "no_answer"}
    answer_objection(
        objection=objection, state=ObjectionState.REJECTED, answer="Doch.", by=ANNA, at=AT
    )
    with pytest.raises(CannotAnswer) as refused:
        answer_objection(
            objection=objection, state=ObjectionState.ACCEPTED, answer="Nun ja.", by=ANNA, at=AT
        )
    assert codes(refused) == {"answered"}


# --- approval and after -----------------------------------------------------------------------


def test_minutes_are_approved_after_the_term() -> None:
    minutes = sent()
    with pytest.raises(CannotMove) as refused:
        approve_minutes(minutes=minutes, approved_in=None, by=ANNA, at=AT + timedelta(days=14))
    assert codes(refused) == {"term_runs"}
    over = AT + timedelta(days=15)
    approve_minutes(minutes=minutes, approved_in=None, by=ANNA, at=over)
    assert (minutes.approved_at, minutes.approved_in) == (over, None)


def test_a_later_gathering_of_the_series_approves_before_the_term_is_over() -> None:
    series = SeriesFactory.create()
    minutes = sent(series=series, programme=series.programme)
    day = timedelta(days=3)
    later = held(series=series, programme=series.programme, starts_at=STARTS + day)
    for other in (
        held(programme=series.programme, starts_at=STARTS + day),
        held(
            series=SeriesFactory.create(programme=series.programme),
            programme=series.programme,
            starts_at=STARTS + day,
        ),
        held(series=series, programme=series.programme, starts_at=STARTS - day),
        held(series=series, programme=series.programme, starts_at=STARTS + 3 * day),
    ):
        with pytest.raises(CannotMove) as refused:
            approve_minutes(minutes=minutes, approved_in=other, by=ANNA, at=AT + day)
        assert codes(refused) == {"other_gathering"}
    approve_minutes(minutes=minutes, approved_in=later, by=ANNA, at=AT + day)
    minutes.refresh_from_db()
    assert (minutes.state, minutes.approved_in) == (MinutesState.APPROVED, later)
    # Approved is approved, also while the term would still run.
    assert [reason.code for reason in objection_refusals(minutes, AT + day)] == ["not_now"]


def test_a_gathering_without_a_series_has_no_later_one() -> None:
    minutes = sent()
    later = held(programme=minutes.programme, starts_at=STARTS + timedelta(days=1))
    with pytest.raises(CannotMove) as refused:
        approve_minutes(minutes=minutes, approved_in=later, by=ANNA, at=AT + timedelta(days=2))
    assert codes(refused) == {"other_gathering"}


def test_locked_minutes_take_dated_notes_only() -> None:
    minutes = sent()
    with pytest.raises(CannotCorrect) as refused:
        correct_minutes(minutes=minutes, text=" ", by=ANNA, at=AT)
    assert codes(refused) == {"no_words", "not_locked"}
    over = AT + timedelta(days=15)
    approve_minutes(minutes=minutes, approved_in=None, by=ANNA, at=over)
    lock_minutes(minutes=minutes, by=ANNA, at=over)
    note = correct_minutes(minutes=minutes, text=" Es war Raum 4. ", by=ANNA, at=over)
    assert (note.text, note.at, note.by_id) == ("Es war Raum 4.", over, 101)
    assert minutes.state == MinutesState.LOCKED


POSSIBLE = {
    (MinutesState.DRAFT, "send"),
    (MinutesState.OBJECTED, "send"),
    (MinutesState.SENT, "object"),
    (MinutesState.SENT, "approve"),
    (MinutesState.OBJECTED, "approve"),
    (MinutesState.APPROVED, "lock"),
}


@pytest.mark.parametrize("state", list(MinutesState))
@pytest.mark.parametrize("step", ["send", "object", "approve", "lock"])
def test_every_state_with_every_step(state: MinutesState, step: str) -> None:
    sent_already = state != MinutesState.DRAFT
    approved = state in {MinutesState.APPROVED, MinutesState.LOCKED}
    minutes = MinutesFactory.create(
        gathering=held(),
        state=state.value,
        sent_at=AT if sent_already else None,
        objections_until=UNTIL if sent_already else None,
        approved_at=AT if approved else None,
    )
    SectionFactory.create(minutes=minutes, text="Etwas.")
    over = AT + timedelta(days=15)
    facts = {"objections_until": over.date() + timedelta(days=14)}
    found = MINUTES_STEPS.refusals(minutes, step, by=ANNA, at=over, facts=facts)
    assert (found == []) == ((state, step) in POSSIBLE)


def test_the_diagram_has_an_arrow_for_every_possible_step() -> None:
    assert MINUTES_STEPS.diagram().count("-->") == len(POSSIBLE)
