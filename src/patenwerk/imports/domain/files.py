"""The rows that could not be taken, as a file; and the end of every file."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor
from patenwerk.core.sheets.model import Sheet
from patenwerk.core.sheets.writing import write_bad_rows
from patenwerk.imports.domain.kinds import Problem
from patenwerk.imports.domain.upload import sheet_of
from patenwerk.imports.enums import Purpose, Standing, UploadState
from patenwerk.imports.models import Book, StoredFile, Upload, UploadRow
from patenwerk.imports.queries.upload import overdue_books, overdue_uploads, rows_of, stored_bytes
from patenwerk.jobs.domain.handlers import job_name

ERASE_OVERDUE = job_name("imports.erase_overdue")


def bad_rows_file(upload: Upload) -> bytes | None:
    """The rows that are not taken, as they came, the reason in the first column (XLSX).

    None where there is none, or its time is over.
    """
    if upload.state != UploadState.COMPARED:
        return stored_bytes(upload, Purpose.BAD_ROWS)
    rows = rows_of(upload, Standing.BAD)
    reasons = {row.number: in_words([Problem(*each) for each in row.problems]) for row in rows}
    return with_reasons(sheet_of(upload), reasons) if reasons else None


def with_reasons(sheet: Sheet, reasons: dict[int, str]) -> bytes:
    """Rows of the sheet by number, as they came, with the reason in front."""
    return write_bad_rows(sheet, reasons, reason_header=_("Why not taken"))


def in_words(problems: list[Problem]) -> str:
    """All reasons of a row in one cell."""
    return "\n".join(
        f"{each.header}: {each.sentence}" if each.header else each.sentence for each in problems
    )


def erase_contents(upload: Upload) -> None:
    """Delete what a list held: its file and rows, samples and dates. In the open transaction."""
    StoredFile.objects.filter(upload=upload, purpose=Purpose.SOURCE.value).delete()
    UploadRow.objects.filter(upload=upload).delete()
    upload.columns, upload.notices, upload.asked_dates = [], [], []


def erase_book(book: Book) -> None:
    """Delete a file and what its lists hold but for their bad rows. In the open transaction."""
    StoredFile.objects.filter(book=book).delete()
    for upload in book.lists.all():
        erase_contents(upload)
        if upload.state != UploadState.TAKEN:
            upload.state = UploadState.EXPIRED.value
        upload.save()


@transaction.atomic
def erase_overdue(*, by: Actor, at: datetime) -> int:
    """Delete the contents of lists that nobody took within 14 days, and bad rows of that age.

    Answers with how many lists and files. One row in the record for all.
    """
    overdue = list(overdue_uploads(at).select_for_update(of=("self",)))
    for upload in overdue:
        erase_contents(upload)
        StoredFile.objects.filter(upload=upload).delete()
        if upload.state != UploadState.TAKEN:
            upload.state = UploadState.EXPIRED.value
        upload.save()
    books = list(overdue_books(at).select_for_update(of=("self",)))
    for book in books:
        erase_book(book)
        book.state = UploadState.EXPIRED.value
        book.save(update_fields=["state"])
    things: list[Model] = [*overdue, *books]
    if things:
        record(by=by, at=at, action="imports.erase_overdue", things=things)
    return len(things)
