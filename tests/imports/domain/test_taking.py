"""Taking rows: all or none, once, and exactly what the preview showed."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.utils import translation

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor, Grant, Level
from patenwerk.core.sheets.reading import read_sheet
from patenwerk.imports.domain.files import bad_rows_file
from patenwerk.imports.domain.kinds import kind_named
from patenwerk.imports.domain.taking import (
    CannotTake,
    read_for_taking,
    start_taking,
    take_understood,
)
from patenwerk.imports.domain.upload import REASON_HEADERS, discard_upload, receive_file
from patenwerk.imports.enums import UploadState
from patenwerk.imports.models import StoredFile, Upload, UploadRow
from patenwerk.imports.policy import IMPORT
from patenwerk.jobs.enums import JobState
from patenwerk.jobs.models import Job
from patenwerk.organisations.models import RoleGrant, Site
from patenwerk.people.domain.move import accept_move
from patenwerk.people.models import Person, RecordCheck
from tests.factories.imports import (
    AT,
    EXAMPLES,
    JONAS,
    LEA,
    a_list,
    take,
    upload_of,
    words_of_examples,
)
from tests.factories.jobs import do_open_jobs
from tests.factories.organisations import SiteFactory, actor, coordinator
from tests.factories.people import MenteeFactory, MentorFactory, MoveFactory, RecordCheckFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


@pytest.fixture
def by(site: Site) -> Actor:
    return actor(coordinator(site))


def rows_in_table() -> list[Mapping[str, Any]]:
    return list(Person.objects.order_by("pk").values())


def silent(done: int, total: int, text: str) -> None:
    """Tells nobody."""


@pytest.mark.parametrize(
    ("kind", "file", "count"), [("mentor", "mentoren.xlsx", 30), ("mentee", "mentees.csv", 32)]
)
def test_the_example_files_are_taken_and_change_nothing_when_they_come_again(
    site: Site, by: Actor, kind: str, file: str, count: int
) -> None:
    words_of_examples(site)
    said = {"site": site, "kind": kind, "name": file, "data": (EXAMPLES / file).read_bytes()}
    upload = receive_file(**said, by=by, at=AT)
    assert upload.counts == {"new": count, "changed": 0, "unchanged": 0, "bad": 0}
    job = take(upload, by)
    assert (job.state, job.result) == (JobState.DONE, {"new": count, "changed": 0, "bad": 0})
    assert (upload.state, upload.taken_at, upload.taken_new) == (UploadState.TAKEN, AT, count)
    assert not StoredFile.objects.exists()
    assert not UploadRow.objects.exists()
    people, checks = rows_in_table(), list(RecordCheck.objects.order_by("pk").values())
    again = receive_file(**said, by=by, at=AT)
    assert again.counts == {"new": 0, "changed": 0, "unchanged": count, "bad": 0}
    with pytest.raises(CannotTake) as refused:
        start_taking(upload=again, by=by, at=AT)
    assert [reason.code for reason in refused.value.reasons] == ["nothing"]
    assert (rows_in_table(), list(RecordCheck.objects.order_by("pk").values())) == (people, checks)


def test_taking_writes_one_row_into_the_record(site: Site, by: Actor) -> None:
    upload = upload_of(site, LEA, JONAS, by=by)
    before = AuditEntry.objects.count()
    take(upload, by)
    written = AuditEntry.objects.order_by("pk")[before:]
    assert [entry.action for entry in written] == [
        "imports.start_taking",
        "people.take_rows",
        "imports.take",
    ]
    assert written[2].details == {"new": 2, "changed": 0, "bad": 0}


def test_a_changed_row_is_a_shown_difference(site: Site, by: Actor) -> None:
    take(upload_of(site, {**LEA, "Wunsch Alter": "10-20", "Plätze": 1}), by)
    other = {**LEA, "PLZ": "01067 Dresden", "Sprachen": "Deutsch C2", "Wunsch Alter": "10-30"}
    upload = upload_of(site, {**other, "Plätze": 1}, by=by)
    assert upload.rows.get().differences == [
        ["Wunsch Alter", "10 bis 20 Jahre", "10 bis 30 Jahre"],
        ["PLZ", "04109", "01067"],
        ["Sprachen", "Deutsch C1", "Deutsch C2"],
    ]
    with pytest.raises(CannotTake):
        start_taking(upload=upload, by=by, at=AT)
    assert Person.objects.get().postcode == "04109"
    job = start_taking(upload=upload, chosen={2: True}, by=by, at=AT)
    do_open_jobs(lambda: AT)
    job.refresh_from_db()
    assert job.result == {"new": 0, "changed": 1, "bad": 0}
    person = Person.objects.get()
    assert (person.postcode, person.languages, person.wished_age_to) == ("01067", {"de": 6}, 30)


def test_columns_the_list_does_not_have_stay_as_they_are(site: Site, by: Actor) -> None:
    person = MentorFactory.create(
        site=site, file_id="M-1", first_name="Lea", last_name="Birke", phone="0341 1", note="gern"
    )
    upload = upload_of(site, LEA, by=by)
    UploadRow.objects.filter(upload=upload).update(chosen=True)
    take(upload, by)
    person.refresh_from_db()
    assert (person.phone, person.note, person.postcode) == ("0341 1", "gern", "04109")


def test_bad_rows_come_back_and_are_taken_once_put_right(site: Site, by: Actor) -> None:
    wrong = {**JONAS, "PLZ": "4109x", "Sprachen": "Klingonisch B2", "Notiz": "=1+1"}
    upload = upload_of(site, {**LEA, "Notiz": None}, wrong, by=by)
    shown = bad_rows_file(upload)
    take(upload, by)
    kept = bad_rows_file(upload)
    assert shown is not None
    assert kept is not None
    for data in (shown, kept):
        sheet = read_sheet(data)
        assert sheet.headers == ("Warum nicht übernommen", *wrong)
        (row,) = sheet.rows
        assert row.cells[1:] == (*wrong.values(),)
        assert {line.partition(":")[0] for line in str(row.cells[0]).splitlines()} == {
            "PLZ",
            "Sprachen",
        }
    book = openpyxl.load_workbook(io.BytesIO(kept))
    cells = {cell.value: cell for cell in book.active[1]}  # type: ignore[index]
    book.active.cell(2, cells["PLZ"].column, "04109")  # type: ignore[union-attr]
    book.active.cell(2, cells["Sprachen"].column, "Deutsch B2")  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    again = receive_file(
        site=site, kind="mentor", name="offen.xlsx", data=out.getvalue(), by=by, at=AT
    )
    assert (again.state, again.rows_new) == (UploadState.COMPARED, 1)
    assert again.mapping[0] == ""
    take(again, by)
    assert set(Person.objects.values_list("file_id", "note")) == {("M-1", ""), ("M-2", "=1+1")}


def test_the_first_header_of_bad_rows_is_left_out_in_every_language() -> None:
    said = set()
    for language in ("de", "en"):
        with translation.override(language):
            said.add(translation.gettext("Why not taken"))
    assert said == set(REASON_HEADERS)


def test_a_list_without_bad_rows_has_no_file(site: Site, by: Actor) -> None:
    upload = upload_of(site, LEA)
    assert bad_rows_file(upload) is None
    take(upload, by)
    assert bad_rows_file(upload) is None


# --- once, and never half -------------------------------------------------------------------


def test_the_job_may_run_twice(site: Site, by: Actor) -> None:
    upload = upload_of(site, LEA, JONAS, by=by)
    start_taking(upload=upload, by=by, at=AT)
    late = read_for_taking(upload_id=upload.pk, by=by, at=AT, tell=silent)
    do_open_jobs(lambda: AT)
    before = rows_in_table()
    with pytest.raises(CannotTake):
        take_understood(understood=late, by=by, at=AT)
    with pytest.raises(CannotTake):
        read_for_taking(upload_id=upload.pk, by=by, at=AT, tell=silent)
    assert rows_in_table() == before


def test_two_uploads_of_one_list_take_it_once(site: Site, by: Actor) -> None:
    rows = [{k: v for k, v in row.items() if k != "Nr."} for row in (LEA, JONAS)]
    first, second = upload_of(site, *rows, by=by), upload_of(site, *rows, by=by)
    for upload in (first, second):
        start_taking(upload=upload, by=by, at=AT)
    late = read_for_taking(upload_id=second.pk, by=by, at=AT, tell=silent)
    do_open_jobs(lambda: AT)
    second.refresh_from_db()
    assert Person.objects.count() == 2
    assert (second.state, second.taken_new, second.rows_bad) == (UploadState.TAKEN, 0, 0)
    assert late.rows


def test_what_somebody_changed_in_between_comes_back(site: Site, by: Actor) -> None:
    person = MentorFactory.create(
        site=site, file_id="M-1", first_name="Lea", last_name="Birke", birth_date=date(1990, 5, 24)
    )
    upload = upload_of(site, LEA, JONAS, by=by)
    start_taking(upload=upload, chosen={2: True}, by=by, at=AT)
    Person.objects.filter(pk=person.pk).update(postcode="99084")
    do_open_jobs(lambda: AT)
    upload.refresh_from_db()
    person.refresh_from_db()
    assert person.postcode == "99084"
    assert (upload.taken_new, upload.taken_changed, upload.rows_bad) == (1, 0, 1)
    sheet = read_sheet(bad_rows_file(upload) or b"")
    assert [row.cells[1] for row in sheet.rows] == ["M-1"]


def test_of_somebody_who_moved_away_in_between_nothing_is_taken(site: Site, by: Actor) -> None:
    person = MentorFactory.create(
        site=site, file_id="M-1", first_name="Lea", last_name="Birke", birth_date=date(1990, 5, 24)
    )
    upload = upload_of(site, LEA, JONAS, by=by)
    start_taking(upload=upload, chosen={2: True}, by=by, at=AT)
    accept_move(move=MoveFactory.create(person=person), answer="", by=by, at=AT)
    do_open_jobs(lambda: AT)
    upload.refresh_from_db()
    assert (upload.taken_new, upload.taken_changed, upload.rows_bad) == (1, 0, 1)
    stored = Person.objects.get(pk=person.pk)
    assert (stored.postcode, stored.languages) == (person.postcode, person.languages)
    assert list(Person.objects.filter(site=site).values_list("first_name", flat=True)) == ["Jonas"]


def test_a_new_row_that_became_bad_in_between_comes_back_with_its_reason(
    site: Site, by: Actor
) -> None:
    upload = upload_of(site, {k: v for k, v in LEA.items() if k != "Nr."}, by=by)
    start_taking(upload=upload, by=by, at=AT)
    for _each in range(2):
        MentorFactory.create(
            site=site, first_name="Lea", last_name="Birke", birth_date=date(1990, 5, 24)
        )
    do_open_jobs(lambda: AT)
    upload.refresh_from_db()
    assert (upload.taken_new, upload.rows_bad, Person.objects.count()) == (0, 1, 2)
    reason = read_sheet(bad_rows_file(upload) or b"").rows[0].cells[0]
    assert "mehrere Personen" in str(reason)


@pytest.mark.parametrize("missing", ["upload", "file"])
def test_a_vanished_list_ends_the_job_with_a_reason(site: Site, by: Actor, missing: str) -> None:
    upload = upload_of(site, LEA, by=by)
    job = start_taking(upload=upload, by=by, at=AT)
    model = {"upload": Upload, "file": StoredFile}[missing]
    model._default_manager.all().delete()
    do_open_jobs(lambda: AT)
    job.refresh_from_db()
    assert (job.state, job.problem) == (JobState.FAILED, "over")
    assert not Person.objects.exists()


def test_who_lost_the_role_in_between_takes_nothing(site: Site, by: Actor) -> None:
    upload = upload_of(site, LEA, by=by)
    job = start_taking(upload=upload, by=by, at=AT)
    RoleGrant.objects.all().delete()
    do_open_jobs(lambda: AT)
    job.refresh_from_db()
    assert (job.state, job.problem) == (JobState.FAILED, "not_allowed")
    assert not Person.objects.exists()


def test_taking_needs_the_right_to_import_and_the_one_to_edit(site: Site) -> None:
    upload = upload_of(site, LEA)
    rights = {IMPORT, kind_named(upload.kind).permission}
    assert len(rights) == 2
    for right in rights:
        half = Actor(user_id=None, grants=frozenset({Grant(right, Level.SITE, site.pk)}))
        with pytest.raises(CannotTake) as refused:
            read_for_taking(upload_id=upload.pk, by=half, at=AT, tell=silent)
        assert refused.value.args == ("not_allowed",)


def test_a_list_that_waits_for_answers_is_not_even_read(site: Site, by: Actor) -> None:
    upload = upload_of(site, LEA, by=by)
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.READ)
    told: list[str] = []
    with pytest.raises(CannotTake) as refused:
        read_for_taking(
            upload_id=upload.pk, by=by, at=AT, tell=lambda _done, _all, step: told.append(step)
        )
    assert (refused.value.args, told) == (("over",), [])


def test_a_list_thrown_away_while_it_is_read_is_not_taken(site: Site, by: Actor) -> None:
    upload = upload_of(site, LEA, by=by)
    understood = read_for_taking(upload_id=upload.pk, by=by, at=AT, tell=silent)
    discard_upload(upload=upload, by=by, at=AT)
    with pytest.raises(CannotTake) as refused:
        take_understood(understood=understood, by=by, at=AT)
    assert refused.value.args == ("over",)
    assert not Person.objects.exists()


def test_a_row_that_the_preview_did_not_show_is_not_taken(site: Site, by: Actor) -> None:
    upload = upload_of(site, LEA, JONAS, by=by)
    understood = read_for_taking(upload_id=upload.pk, by=by, at=AT, tell=silent)
    upload.rows.get(number=2).delete()
    done = take_understood(understood=understood, by=by, at=AT)
    assert done == {"new": 1, "changed": 0, "bad": 0}
    assert list(Person.objects.values_list("file_id", flat=True)) == ["M-2"]


def test_an_error_in_the_middle_leaves_nothing_and_can_be_tried_again(
    site: Site, by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = upload_of(site, LEA, JONAS, {**JONAS, "Nr.": "3", "PLZ": "1"}, by=by)

    def fall(*_things: object, **_more: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr("patenwerk.imports.domain.taking.erase_contents", fall)
        job = take(upload, by)
    assert job.state == JobState.QUEUED
    assert not Person.objects.exists()
    assert (upload.state, upload.rows.count(), upload.files.count()) == ("compared", 3, 1)
    do_open_jobs(lambda: AT)
    assert Person.objects.count() == 2
    assert Job.objects.get().state == JobState.DONE


def test_other_sites_and_the_other_side_are_not_looked_at(site: Site, by: Actor) -> None:
    sibling = SiteFactory.create(carrier=site.carrier)
    same = {"file_id": "M-1", "first_name": "Lea", "last_name": "Birke", "postcode": "99999"}
    MentorFactory.create(site=sibling, **same)
    MenteeFactory.create(site=site, **same)
    upload = upload_of(site, LEA, by=by)
    assert upload.rows_new == 1
    take(upload, by)
    assert set(Person.objects.values_list("site", "side", "postcode")) == {
        (sibling.pk, "mentor", "99999"),
        (site.pk, "mentee", "99999"),
        (site.pk, "mentor", "04109"),
    }


# --- record checks --------------------------------------------------------------------------


def test_record_checks_come_with_the_list(site: Site, by: Actor) -> None:
    known = MentorFactory.create(
        site=site, file_id="M-2", first_name="Jonas", last_name="Esche", postcode="04109"
    )
    Person.objects.filter(pk=known.pk).update(birth_date=date(1985, 2, 3), languages={"de": 5})
    RecordCheckFactory.create(person=known, certificate_date=date(2024, 1, 1))
    column = "Führungszeugnis vom"
    rows = [{**LEA, column: "01.03.2026"}, {**JONAS, column: "02.03.2026"}]
    upload = upload_of(site, *rows, by=by)
    changed = upload.rows.get(standing="changed")
    assert changed.differences == [[column, "01.01.2024", "02.03.2026"]]
    start_taking(upload=upload, chosen={changed.number: True}, by=by, at=AT)
    do_open_jobs(lambda: AT)
    assert dict(RecordCheck.objects.values_list("person__file_id", "certificate_date")) == {
        "M-1": date(2026, 3, 1),
        "M-2": date(2026, 3, 2),
    }
    again = upload_of(site, *rows, by=by)
    assert again.rows_unchanged == 2
    RecordCheck.objects.update(conviction_found=True, certificate_date=date(2020, 1, 1))
    assert upload_of(site, *rows, by=by).rows_unchanged == 2


def test_a_file_of_rows_is_read_by_its_content(site: Site) -> None:
    data = a_list(LEA)
    for name in ("liste.csv", "", "x" * 400):
        upload = receive_file(
            site=site, kind="mentor", name=name, data=data, by=Actor(user_id=None), at=AT
        )
        assert upload.rows_new == 1
