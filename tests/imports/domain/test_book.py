"""A whole file: its sheets are recognised, compared with each other, and taken in order."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from patenwerk.core.policy import Actor
from patenwerk.core.sheets.dates import DateOrder
from patenwerk.imports.domain import taking
from patenwerk.imports.domain.book import (
    LIMITS,
    TAKE_BOOK,
    WHOLE_FILE,
    choose_kinds,
    discard_book,
    receive,
    receive_book,
    start_taking_book,
)
from patenwerk.imports.domain.files import erase_overdue
from patenwerk.imports.domain.taking import CannotTake, start_taking
from patenwerk.imports.domain.upload import (
    COMPARE_BOOK,
    CannotPrepare,
    CannotReceive,
    answer_dates,
    choose_mapping,
    choose_sheet,
    discard_upload,
    over,
)
from patenwerk.imports.enums import Purpose, UploadState
from patenwerk.imports.models import Book, StoredFile, Upload, UploadRow
from patenwerk.imports.policy import IMPORT
from patenwerk.imports.queries.upload import books
from patenwerk.jobs.domain.enqueue import enqueue
from patenwerk.jobs.enums import JobState
from patenwerk.organisations.models import RoleGrant, Site
from patenwerk.people.models import Person
from patenwerk.tandems.enums import State
from patenwerk.tandems.models import Meeting, Tandem
from patenwerk.tandems.policy import LOG_MEETING
from tests.factories.imports import AT, JONAS, LEA, a_book, a_list, book_of, take_book
from tests.factories.jobs import do_open_jobs
from tests.factories.organisations import (
    FocusFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
    actor,
    coordinator,
)

pytestmark = pytest.mark.django_db

SARA = {**LEA, "Nr.": "K-1", "Vorname": "Sara", "Nachname": "Linde", "Geburtsdatum": "01.02.2014"}
PAIR = {"Mentor*in": "Lea Birke", "Mentee": "Linde, Sara", "Beginn": "01.03.2026"}
MET = {"Mentor*in": "Lea Birke", "Mentee": "Sara Linde", "Datum": "08.03.2026", "Dauer": "1,5 h"}


@pytest.fixture
def site() -> Site:
    site: Site = SiteFactory.create()
    TandemKindFactory.create(programme=site.programme)
    FocusFactory.create(programme=site.programme)
    SupportFieldFactory.create(programme=site.programme)
    return site


@pytest.fixture
def by(site: Site) -> Actor:
    return actor(coordinator(site))


def whole(**changes: Any) -> bytes:
    sheets: dict[str, Any] = {
        "Treffen": [MET],
        "Patenschaften": [PAIR],
        "Mentees": [SARA],
        "Ehrenamtliche": [LEA],
        "Liesmich": [{"Stand": "Mai", "Von": "Ana"}],
    }
    return a_book(**{**sheets, **changes})


def lists(book: Book) -> dict[str, Upload]:
    return {upload.kind: upload for upload in book.lists.all()}


def test_a_site_in_one_file_is_understood_and_taken(site: Site, by: Actor) -> None:
    book = book_of(site, whole(), by)
    assert book.state == UploadState.COMPARED
    assert book.left_out == ["Liesmich"]
    assert {kind: each.counts for kind, each in lists(book).items()} == {
        kind: {"new": 1, "changed": 0, "unchanged": 0, "bad": 0}
        for kind in ("mentor", "mentee", "tandems", "meetings")
    }
    assert not Person.objects.exists()
    job = take_book(book, by)
    assert (job.state, job.result) == (JobState.DONE, {"new": 4, "changed": 0, "bad": 0})
    assert (book.state, book.taken_at) == (UploadState.TAKEN, AT)
    assert not StoredFile.objects.exists()
    assert not UploadRow.objects.exists()
    tandem = Tandem.objects.get()
    people = {row.person.first_name: row.side for row in tandem.participants.all()}
    assert people == {"Lea": "mentor", "Sara": "mentee"}
    assert (tandem.state, tandem.taken_over_at) == (State.ACTIVE, AT)
    assert (tandem.meeting_count, tandem.founded_on) == (1, date(2026, 3, 8))
    assert Meeting.objects.get().minutes == 90


def test_the_same_file_again_changes_nothing(site: Site, by: Actor) -> None:
    take_book(book_of(site, whole(), by), by)
    again = book_of(site, whole(), by, at=AT + timedelta(days=1))
    assert {kind: each.rows_unchanged for kind, each in lists(again).items()} == {
        "mentor": 1,
        "mentee": 1,
        "tandems": 1,
        "meetings": 1,
    }
    with pytest.raises(CannotTake) as refused:
        start_taking_book(book=again, by=by, at=AT)
    assert [reason.code for reason in refused.value.reasons] == ["nothing"]


def test_what_a_bad_row_should_have_brought_is_missing_for_the_others(
    site: Site, by: Actor
) -> None:
    book = book_of(site, whole(Mentees=[{**SARA, "PLZ": "1"}]), by)
    assert {kind: each.rows_bad for kind, each in lists(book).items()} == {
        "mentor": 0,
        "mentee": 1,
        "tandems": 1,
        "meetings": 1,
    }
    take_book(book, by)
    assert Person.objects.count() == 1
    assert not Tandem.objects.exists()
    assert StoredFile.objects.filter(purpose=Purpose.BAD_ROWS.value).count() == 3


def test_an_interrupted_job_goes_on_with_what_is_not_taken(
    site: Site, by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = book_of(site, whole(), by)
    taken: list[str] = []
    real = taking.take_understood

    def fails_at_tandems(**said: Any) -> dict[str, int]:
        if said["understood"].kind.name == "tandems" and not taken:
            taken.append("failed")
            raise CannotTake(over())
        return real(**said)

    monkeypatch.setattr("patenwerk.imports.domain.book.take_understood", fails_at_tandems)
    assert take_book(book, by).state == JobState.FAILED
    assert book.state == UploadState.COMPARED
    assert (Person.objects.count(), Tandem.objects.count()) == (2, 0)
    with pytest.raises(CannotPrepare):
        discard_book(book=book, by=by, at=AT)
    assert take_book(book, by).state == JobState.DONE
    assert (Person.objects.count(), Tandem.objects.count(), Meeting.objects.count()) == (2, 1, 1)
    assert {each.taken_new for each in book.lists.all()} == {1}


def test_open_questions_are_asked_before_anything_is_compared(site: Site, by: Actor) -> None:
    odd = {"Wer": "Lea Birke", "Ort": "04109", "Was sie kann": "Deutsch C1", "Nr.": "M-1"}
    book = book_of(site, whole(Ehrenamtliche=[{**odd, "Führungszeugnis": "03/04/2026"}]), by)
    assert book.state == UploadState.READ
    mentors = lists(book)["mentor"]
    with pytest.raises(CannotPrepare):
        choose_sheet(upload=mentors, sheet="Mentees", by=by, at=AT)
    columns = ["name", "postcode", "languages", "file_id", "record_check_date"]
    choose_mapping(upload=mentors, columns=columns, by=by, at=AT)
    book.refresh_from_db()
    assert book.state == UploadState.READ
    answer_dates(upload=mentors, order=DateOrder.DAY_FIRST, by=by, at=AT)
    do_open_jobs(lambda: AT)
    book.refresh_from_db()
    assert book.state == UploadState.COMPARED
    assert {each.rows_new for each in book.lists.all()} == {1}


def test_a_list_of_the_file_is_left_out_and_the_others_are_compared_anew(
    site: Site, by: Actor
) -> None:
    book = book_of(site, whole(), by)
    discard_upload(upload=lists(book)["mentee"], by=by, at=AT)
    do_open_jobs(lambda: AT)
    book.refresh_from_db()
    assert book.left_out == ["Liesmich", "Mentees"]
    assert {kind: each.rows_bad for kind, each in lists(book).items()} == {
        "mentor": 0,
        "tandems": 1,
        "meetings": 1,
    }


def test_a_sheet_nobody_recognised_is_said_by_hand(site: Site, by: Actor) -> None:
    data = a_book(Tabelle1=[LEA], Tabelle2=[SARA])  # both could be either side
    book = book_of(site, data, by)
    assert (book.state, book.left_out) == (UploadState.READ, ["Tabelle1", "Tabelle2"])
    for said in ({"Tabelle3": "mentor"}, {"Tabelle1": "children"}):
        with pytest.raises(CannotPrepare):
            choose_kinds(book=book, said=said, by=by, at=AT)
    choose_kinds(book=book, said={"Tabelle1": "mentor", "Tabelle2": ""}, by=by, at=AT)
    do_open_jobs(lambda: AT)
    book.refresh_from_db()
    assert (book.state, book.left_out) == (UploadState.COMPARED, ["Tabelle2"])
    assert lists(book)["mentor"].rows_new == 1


def test_one_long_list_is_a_file_of_one_list(
    site: Site, by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: dict[str, Any] = {"site": site, "name": "Liste.xlsx", "by": by, "at": AT}
    data = a_list(LEA, JONAS)
    assert isinstance(receive(kind="mentor", data=data, **said), Upload)
    monkeypatch.setattr("patenwerk.imports.domain.book.READ_AT_ONCE", 100)
    book = receive(kind="mentor", data=data, **said)
    assert isinstance(book, Book)
    do_open_jobs(lambda: AT)
    assert lists(book)["mentor"].rows_new == 2
    assert isinstance(receive(kind=WHOLE_FILE, data=data, **said), Book)
    with pytest.raises(LookupError):
        receive(kind="houses", data=data, **said)


def test_a_list_of_a_file_is_not_taken_alone(site: Site, by: Actor) -> None:
    book = book_of(site, whole(), by)
    with pytest.raises(CannotTake) as refused:
        start_taking(upload=lists(book)["mentor"], by=by, at=AT)
    assert [reason.code for reason in refused.value.reasons] == ["part_of_file"]


def test_a_file_that_cannot_be_read_says_why_and_is_erased(site: Site, by: Actor) -> None:
    book = book_of(site, b"%PDF-1.7 no list", by)
    assert book.state == UploadState.EXPIRED
    assert "Tabelle" in book.problem
    assert not StoredFile.objects.exists()
    with pytest.raises(CannotReceive):
        receive_book(site=site, name="x.xlsx", data=b"x" * (LIMITS.file_bytes + 1), by=by, at=AT)


def test_while_a_job_is_at_it_nothing_else_happens(site: Site, by: Actor) -> None:
    book = book_of(site, whole(), by)
    start_taking_book(book=book, by=by, at=AT)
    mentors = lists(book)["mentor"]
    for attempt in (
        lambda: start_taking_book(book=book, by=by, at=AT),
        lambda: discard_book(book=book, by=by, at=AT),
        lambda: choose_kinds(book=book, said={}, by=by, at=AT),
        lambda: discard_upload(upload=mentors, by=by, at=AT),
    ):
        with pytest.raises(CannotPrepare) as refused:
            attempt()
        assert [reason.code for reason in refused.value.reasons] == ["busy"]


def test_a_file_is_taken_only_when_compared_and_while_it_is_there(site: Site, by: Actor) -> None:
    book = book_of(site, a_book(Tabelle1=[LEA]), by)
    with pytest.raises(CannotTake):
        start_taking_book(book=book, by=by, at=AT)
    discard_book(book=book, by=by, at=AT)
    assert not Book.objects.exists()
    with pytest.raises(CannotPrepare):
        start_taking_book(book=Book(pk=book.pk), by=by, at=AT)


@pytest.mark.parametrize("job", [TAKE_BOOK, COMPARE_BOOK])
def test_the_job_takes_nothing_once_the_file_is_gone(site: Site, by: Actor, job: str) -> None:
    row = enqueue(name=job, payload={"book": 0}, by=by, at=AT, scope=site)
    do_open_jobs(lambda: AT)
    row.refresh_from_db()
    assert (row.state, row.problem) == (JobState.FAILED, "over")


def test_who_lost_the_role_takes_nothing(
    site: Site, by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = book_of(site, whole(), by)
    # Reading lists is still allowed, writing such a list, or any, is not any more.
    for still in ({IMPORT, LOG_MEETING}, {IMPORT}):
        monkeypatch.setattr(
            "patenwerk.imports.domain.book.may_in",
            lambda _who, what, _where, still=still: what in still,
        )
        job = take_book(book, by)
        assert (job.state, job.problem) == (JobState.FAILED, "not_allowed")
    monkeypatch.undo()
    RoleGrant.objects.all().delete()
    job = take_book(book, by)
    assert (job.state, job.problem) == (JobState.FAILED, "not_allowed")
    assert not Person.objects.exists()


def test_a_file_is_erased_after_two_weeks(site: Site, by: Actor) -> None:
    book = book_of(site, whole(), by)
    later = AT + timedelta(days=15)
    assert erase_overdue(by=by, at=AT + timedelta(days=14)) == 0
    assert erase_overdue(by=by, at=later) == 1
    book.refresh_from_db()
    assert book.state == UploadState.EXPIRED
    assert {each.state for each in book.lists.all()} == {UploadState.EXPIRED}
    assert not StoredFile.objects.exists()
    assert not UploadRow.objects.exists()
    assert list(books(by)) == [book]
    assert not books(Actor(user_id=None)).exists()
