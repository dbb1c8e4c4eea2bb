"""Lists to read in, and uploads made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from patenwerk.core.policy import Actor
from patenwerk.core.sheets.writing import Table, write_book, write_xlsx
from patenwerk.imports.domain.book import receive_book, start_taking_book
from patenwerk.imports.domain.taking import start_taking
from patenwerk.imports.domain.upload import receive_file
from patenwerk.imports.enums import UploadState
from patenwerk.imports.models import Book, Bundle, Upload
from patenwerk.jobs.models import Job
from patenwerk.organisations.models import Carrier, Site
from tests.factories.jobs import do_open_jobs
from tests.factories.organisations import SupportFieldFactory

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[2] / "docs" / "reference" / "examples"
HEADERS = ("Nr.", "Vorname", "Nachname", "Geburtsdatum", "PLZ", "Sprachen")
LEA: Mapping[str, Any] = {
    "Nr.": "M-1",
    "Vorname": "Lea",
    "Nachname": "Birke",
    "Geburtsdatum": "24.05.1990",
    "PLZ": "04109",
    "Sprachen": "Deutsch C1",
}
JONAS: Mapping[str, Any] = {
    **LEA,
    "Nr.": "M-2",
    "Vorname": "Jonas",
    "Nachname": "Esche",
    "Geburtsdatum": "03.02.1985",
}


def a_list(*rows: Mapping[str, Any], headers: Sequence[str] | None = None) -> bytes:
    """An XLSX file of these rows; the headers are those of the first row, or the usual ones."""
    names = list(headers or (rows[0] if rows else HEADERS))
    return write_xlsx(names, [[row.get(name) for name in names] for row in rows])


def a_book(**sheets: Sequence[Mapping[str, Any]]) -> bytes:
    """An XLSX file with a sheet for each word; the headers are those of its first row."""
    return write_book(
        Table(title, list(rows[0]), [[row.get(name) for name in rows[0]] for row in rows])
        for title, rows in sheets.items()
    )


def book_of(site: Site, data: bytes, by: Actor, *, kind: str = "", at: datetime = AT) -> Book:
    """A whole file at the site, read and compared as the worker does it."""
    book = receive_book(site=site, name="Standort.xlsx", data=data, kind=kind, by=by, at=at)
    do_open_jobs(lambda: at)
    book.refresh_from_db()
    return book


def compared_book(site: Site, *rows: Mapping[str, Any], name: str, left_out: list[str]) -> Book:
    """A whole file that waits to be taken, with one list of mentors."""
    book: Book = Book.objects.create(
        programme_id=site.programme_id,
        carrier_id=site.carrier_id,
        site=site,
        file_name=name,
        state=UploadState.COMPARED.value,
        left_out=left_out,
        uploaded_at=AT,
    )
    upload = upload_of(site, *rows, name=name)
    upload.book = book
    upload.save(update_fields=["book"])
    return book


def bundle_of(carrier: Carrier, *, name: str = "Alles.zip") -> Bundle:
    """An archive of a carrier that was read in; its files are to be made."""
    return Bundle.objects.create(
        programme_id=carrier.programme_id, carrier=carrier, file_name=name, uploaded_at=AT
    )


def take_book(book: Book, by: Actor, *, at: datetime = AT) -> Job:
    """Take all lists of a file, as the worker does; answers the job as it ended."""
    job = start_taking_book(book=book, by=by, at=at)
    do_open_jobs(lambda: at)
    job.refresh_from_db()
    book.refresh_from_db()
    return job


def upload_of(
    site: Site, *rows: Mapping[str, Any], kind: str = "mentor", by: Actor | None = None, **more: Any
) -> Upload:
    """An upload of these rows at the site."""
    return receive_file(
        site=site,
        kind=kind,
        name=more.pop("name", "Liste.xlsx"),
        data=a_list(*rows, **more),
        by=by or Actor(user_id=None),
        at=AT,
    )


def take(upload: Upload, by: Actor) -> Job:
    """Take the good and chosen rows, as the worker does; answers the job as it ended."""
    job = start_taking(upload=upload, by=by, at=AT)
    do_open_jobs(lambda: AT)
    job.refresh_from_db()
    upload.refresh_from_db()
    return job


def words_of_examples(site: Site) -> None:
    """The fields of support that the two example files name."""
    for name in (
        *("Schule", "Sprache", "Ausbildung und Beruf", "Freizeit", "Alltag"),
        *("Behörden", "Gesundheit", "Wohnen", "Ankommen"),
    ):
        SupportFieldFactory.create(
            programme=site.programme, code=name.lower().replace(" ", "-"), name_de=name
        )
