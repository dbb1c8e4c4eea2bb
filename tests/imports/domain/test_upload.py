"""Receiving a list, and what is asked about it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Refusal
from patenwerk.core.sheets.dates import DateOrder
from patenwerk.imports.domain import upload as domain
from patenwerk.imports.domain.files import bad_rows_file, erase_overdue
from patenwerk.imports.domain.kinds import kind_named
from patenwerk.imports.domain.taking import start_taking
from patenwerk.imports.domain.upload import (
    CannotPrepare,
    CannotReceive,
    answer_dates,
    asks_dates,
    choose_all_rows,
    choose_mapping,
    choose_rows,
    choose_sheet,
    dates_of,
    discard_upload,
    missing_columns,
    receive_file,
)
from patenwerk.imports.enums import Standing, UploadState
from patenwerk.imports.models import MappingMemory, StoredFile, Upload, UploadRow
from patenwerk.organisations.models import Site
from patenwerk.people.models import Person
from tests.factories.imports import AT, JONAS, LEA, a_list, take, upload_of
from tests.factories.organisations import SiteFactory, actor, coordinator
from tests.factories.people import MentorFactory

pytestmark = pytest.mark.django_db
NOBODY = Actor(user_id=None)


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def by_standing(upload: Upload) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in upload.rows.all():
        found.setdefault(row.standing, []).append(row.number)
    return found


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("_", "/") + ".xml", content)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BAD_FILES: dict[str, Callable[[], bytes]] = {
    "no_spreadsheet": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
    "encrypted": lambda: OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
    "old_format": lambda: OLE + bytes(600) + "Workbook".encode("utf-16-le"),
    "bomb": lambda: zipped(xl_sheet=bytes(80_000_000)),
    "damaged": lambda: a_list(LEA)[:400],
    "empty": lambda: b"  \n ",
    "too_large": lambda: b"x" * (domain.LIMITS.file_bytes + 1),
    "too_many_rows": lambda: b"Vorname;PLZ\n" + b"Lea;04109\n" * (domain.LIMITS.rows + 1),
}


@pytest.mark.parametrize("code", BAD_FILES)
def test_what_is_no_list_is_refused_in_one_sentence_and_nothing_stays(
    site: Site, code: str
) -> None:
    with pytest.raises(CannotReceive) as refused:
        receive_file(
            site=site, kind="mentor", name="x.xlsx", data=BAD_FILES[code](), by=NOBODY, at=AT
        )
    assert codes(refused) == [code]
    assert refused.value.reasons[0].field == "file"
    assert str(refused.value).count("\n") == 0
    kept = (Upload, StoredFile, UploadRow, MappingMemory, Person, AuditEntry)
    assert [model.__name__ for model in kept if model.objects.exists()] == []


def test_a_clear_list_is_compared_at_once(site: Site) -> None:
    upload = upload_of(site, LEA, {**JONAS, "PLZ": "41"}, name=r"C:\Listen\Herbst.xlsx")
    assert (upload.state, upload.file_name) == (UploadState.COMPARED, "Herbst.xlsx")
    assert by_standing(upload) == {"new": [2], "bad": [3]}
    assert upload.counts == {
        Standing.NEW: 1,
        Standing.CHANGED: 0,
        Standing.UNCHANGED: 0,
        Standing.BAD: 1,
    }
    new, bad = upload.rows.all()
    assert (new.label, new.chosen, new.cells["birth_date"]) == ("Lea Birke", True, "24.05.1990")
    assert (bad.chosen, bad.cells) == (False, {})
    assert [header for header, _sentence in bad.problems] == ["PLZ"]
    assert not Person.objects.exists()
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id, entry.details["rows"]) == (
        "imports.receive",
        upload.pk,
        2,
    )


def test_an_unknown_kind_is_a_mistake_of_the_program(site: Site) -> None:
    with pytest.raises(LookupError):
        upload_of(site, LEA, kind="tree")
    with pytest.raises(LookupError):
        kind_named("")


# --- columns --------------------------------------------------------------------------------

ODD = {"Wer": "Lea Birke", "Ort": "04109", "Was sie kann": "Deutsch C1", "Nr.": "M-1"}
SAID = ["name", "postcode", "languages", "file_id"]


def test_unknown_headers_are_asked_and_remembered_for_the_site_alone(site: Site) -> None:
    upload = upload_of(site, ODD)
    assert (upload.state, upload.mapping[-1]) == (UploadState.READ, "file_id")
    assert len(missing_columns(upload)) == 3
    assert not upload.rows.exists()
    choose_mapping(upload=upload, columns=SAID, by=NOBODY, at=AT)
    assert (upload.state, upload.rows_new) == (UploadState.COMPARED, 1)
    assert upload_of(site, ODD).state == UploadState.COMPARED
    other = upload_of(SiteFactory.create(carrier=site.carrier), ODD)
    assert other.state == UploadState.READ
    assert upload_of(site, ODD, kind="mentee").state == UploadState.READ


def test_an_answer_replaces_the_one_before(site: Site) -> None:
    upload = upload_of(site, {**ODD, "Farbe": "rot"})
    choose_mapping(upload=upload, columns=[*SAID, "note"], by=NOBODY, at=AT)
    choose_mapping(upload=upload, columns=[*SAID, ""], by=NOBODY, at=AT)
    assert MappingMemory.objects.get(header_key="farbe").column == ""
    assert MappingMemory.objects.count() == 5
    again = upload_of(site, {**ODD, "Farbe": "rot"})
    assert (again.state, again.mapping) == (UploadState.COMPARED, [*SAID, ""])


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["name", "postcode", "languages"], ["unknown_column"]),
        ([*SAID[:3], "shoe_size"], ["unknown_column"]),
        ([*SAID[:3], "never_with"], ["unknown_column"]),
        (["name", "postcode", "languages", "name"], ["twice"]),
        (["name", "", "", "name"], ["twice", "missing"]),
    ],
)
def test_columns_that_do_not_fit_are_refused(
    site: Site, columns: list[str], expected: list[str]
) -> None:
    upload = upload_of(site, ODD)
    with pytest.raises(CannotPrepare) as refused:
        choose_mapping(upload=upload, columns=columns, by=NOBODY, at=AT)
    assert codes(refused) == expected
    assert not MappingMemory.objects.exists()
    upload.refresh_from_db()
    assert upload.state == UploadState.READ


def test_headers_without_words_or_too_long_are_not_remembered(site: Site) -> None:
    upload = upload_of(site, {**ODD, "x" * 121: 1, "?": 2})
    choose_mapping(upload=upload, columns=[*SAID, "", ""], by=NOBODY, at=AT)
    assert MappingMemory.objects.count() == 4


# --- dates ----------------------------------------------------------------------------------


def test_dates_with_two_meanings_are_asked(site: Site) -> None:
    upload = upload_of(site, {**LEA, "Geburtsdatum": "03/04/1990"})
    assert (upload.state, asks_dates(upload)) == (UploadState.READ, True)
    assert upload.asked_dates == ["03/04/1990"]
    answer_dates(upload=upload, order=DateOrder.MONTH_FIRST, by=NOBODY, at=AT)
    assert upload.rows.get().cells["birth_date"] == "04.03.1990"
    answer_dates(upload=upload, order=DateOrder.DAY_FIRST, by=NOBODY, at=AT)
    assert upload.rows.get().cells["birth_date"] == "03.04.1990"


def test_only_columns_with_dates_are_asked(site: Site) -> None:
    assert not asks_dates(upload_of(site, {**LEA, "Notiz": "03/04/1990"}))


def test_a_date_that_is_none_is_not_asked(site: Site) -> None:
    upload = upload_of(site, {**LEA, "Geburtsdatum": "00/04/1990"})
    assert (upload.state, by_standing(upload)) == (UploadState.COMPARED, {"bad": [2]})
    assert dates_of("00/04/1990") == {}


def test_columns_come_before_dates(site: Site) -> None:
    upload = upload_of(site, {**ODD, "geboren": "03/04/1990"})
    with pytest.raises(CannotPrepare) as refused:
        answer_dates(upload=upload, order=DateOrder.DAY_FIRST, by=NOBODY, at=AT)
    assert codes(refused) == ["missing"]
    choose_mapping(upload=upload, columns=[*SAID, "birth_date"], by=NOBODY, at=AT)
    assert (upload.state, asks_dates(upload)) == (UploadState.READ, True)


# --- sheets ---------------------------------------------------------------------------------


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for name, row in (("Alt", LEA), ("Neu", JONAS), ("Leer", {})):
        sheet = book.create_sheet(name)
        sheet.append(list(row))
        sheet.append(list(row.values()))
    book.remove(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_another_sheet_is_read_instead(site: Site) -> None:
    upload = receive_file(
        site=site, kind="mentor", name="Buch.xlsx", data=workbook(), by=NOBODY, at=AT
    )
    assert (upload.sheet, upload.sheets) == ("Alt", ["Alt", "Neu", "Leer"])
    upload.date_order = DateOrder.DAY_FIRST.value
    choose_sheet(upload=upload, sheet="Neu", by=NOBODY, at=AT)
    assert (upload.sheet, upload.date_order, upload.state) == ("Neu", "", UploadState.READ)
    choose_mapping(upload=upload, columns=upload.mapping, by=NOBODY, at=AT)
    assert [row.label for row in upload.rows.all()] == ["Jonas Esche"]
    for wrong, code in (("Leer", "empty"), ("Nirgends", "no_such_sheet")):
        with pytest.raises(CannotPrepare) as refused:
            choose_sheet(upload=upload, sheet=wrong, by=NOBODY, at=AT)
        assert codes(refused) == [code]


# --- choosing and the end -------------------------------------------------------------------


def test_changed_rows_are_taken_only_where_chosen(site: Site) -> None:
    by = actor(coordinator(site))
    take(upload_of(site, LEA, JONAS), by)
    upload = upload_of(site, {**LEA, "PLZ": "01067"}, {**JONAS, "PLZ": "01067"})
    assert by_standing(upload) == {"changed": [2, 3]}
    choose_rows(upload=upload, chosen={2: True, 3: False, 77: True}, by=NOBODY, at=AT)
    assert list(upload.rows.filter(chosen=True).values_list("number", flat=True)) == [2]
    choose_all_rows(upload=upload, chosen=False, by=NOBODY, at=AT)
    assert not upload.rows.filter(chosen=True).exists()
    choose_all_rows(upload=upload, chosen=True, by=NOBODY, at=AT)
    choose_rows(upload=upload, chosen={2: False}, by=NOBODY, at=AT)
    take(upload, by)
    codes_now = Person.objects.values_list("file_id", "postcode")
    assert dict(codes_now) == {"M-1": "04109", "M-2": "01067"}


def test_new_and_bad_rows_cannot_be_chosen(site: Site) -> None:
    upload = upload_of(site, LEA, {**JONAS, "PLZ": "1"})
    choose_rows(upload=upload, chosen={2: False, 3: True}, by=NOBODY, at=AT)
    assert dict(upload.rows.values_list("number", "chosen")) == {2: True, 3: False}


def test_a_discarded_list_leaves_nothing(site: Site) -> None:
    upload, kept = upload_of(site, LEA), upload_of(site, JONAS)
    discard_upload(upload=upload, by=NOBODY, at=AT)
    assert list(Upload.objects.all()) == [kept]
    assert list(StoredFile.objects.values_list("upload", flat=True)) == [kept.pk]
    assert list(UploadRow.objects.values_list("upload", flat=True)) == [kept.pk]


DOORS: dict[str, Callable[[Upload], Any]] = {
    "mapping": lambda u: choose_mapping(upload=u, columns=u.mapping, by=NOBODY, at=AT),
    "dates": lambda u: answer_dates(upload=u, order=DateOrder.DAY_FIRST, by=NOBODY, at=AT),
    "sheet": lambda u: choose_sheet(upload=u, sheet="x", by=NOBODY, at=AT),
    "rows": lambda u: choose_rows(upload=u, chosen={2: True}, by=NOBODY, at=AT),
    "discard": lambda u: discard_upload(upload=u, by=NOBODY, at=AT),
    "take": lambda u: start_taking(upload=u, by=NOBODY, at=AT),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_list_that_was_taken_or_is_gone_cannot_be_changed(site: Site, door: str) -> None:
    by = actor(coordinator(site))
    taken = upload_of(site, LEA)
    gone = upload_of(site, JONAS)
    take(taken, by)
    Upload.objects.filter(pk=gone.pk).delete()
    expired = upload_of(site, JONAS)
    erase_overdue(by=NOBODY, at=AT + timedelta(days=15))
    expired.refresh_from_db()
    for upload in (taken, gone, expired):
        upload.mapping = upload.mapping or ["first_name", "postcode", "languages"]
        with pytest.raises(Refusal) as refused:
            DOORS[door](upload)
        assert set(codes(refused)) <= {"over", "unknown_column"}
    assert Person.objects.count() == 1


@pytest.mark.parametrize("door", DOORS)
def test_nothing_is_changed_while_rows_are_being_taken(site: Site, door: str) -> None:
    upload = upload_of(site, LEA, JONAS)
    start_taking(upload=upload, by=NOBODY, at=AT)
    before = Upload.objects.filter(pk=upload.pk).values().get()
    with pytest.raises(Refusal):
        DOORS[door](Upload.objects.get(pk=upload.pk))
    assert Upload.objects.filter(pk=upload.pk).values().get() == before


# --- erasing --------------------------------------------------------------------------------


def test_contents_go_after_two_weeks(site: Site) -> None:
    by = actor(coordinator(site))
    taken = upload_of(site, LEA, {**JONAS, "PLZ": "1"})
    take(taken, by)
    waiting, asked = upload_of(site, {**LEA, "PLZ": "01067"}), upload_of(site, ODD)
    assert erase_overdue(by=NOBODY, at=AT + timedelta(days=14)) == 0
    assert StoredFile.objects.count() == 3
    before = AuditEntry.objects.count()
    assert erase_overdue(by=NOBODY, at=AT + timedelta(days=14, seconds=1)) == 3
    assert AuditEntry.objects.count() == before + 1
    assert not StoredFile.objects.exists()
    assert not UploadRow.objects.exists()
    states = {u.pk: (u.state, u.columns, u.notices) for u in Upload.objects.all()}
    assert states == {
        taken.pk: ("taken", [], []),
        waiting.pk: ("expired", [], []),
        asked.pk: ("expired", [], []),
    }
    assert bad_rows_file(Upload.objects.get(pk=taken.pk)) is None
    assert erase_overdue(by=NOBODY, at=AT + timedelta(days=99)) == 0
    assert AuditEntry.objects.count() == before + 1


def test_people_who_are_there_stay_as_they_are(site: Site) -> None:
    person = MentorFactory.create(site=site)
    before = Person.objects.filter(pk=person.pk).values().get()
    upload_of(site, LEA)
    assert Person.objects.filter(pk=person.pk).values().get() == before
