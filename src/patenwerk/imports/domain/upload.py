"""Receiving a list, asking what is open about it, and comparing it with what is stored.

A list that is a sheet of a whole file (:class:`~patenwerk.imports.models.Book`) is asked about here
as well; it is read and compared by the file's own jobs, see ``book``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.batches import batches
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.core.sheets.cells import clean_text
from patenwerk.core.sheets.dates import DateOrder, NoDate, is_ambiguous, read_date
from patenwerk.core.sheets.messages import refusal_sentence
from patenwerk.core.sheets.model import Limits, Sheet, SheetRefused, Value
from patenwerk.core.sheets.reading import read_sheet
from patenwerk.core.sheets.words import header_key
from patenwerk.imports.domain.kinds import Kind, Line, Suggested, kind_named
from patenwerk.imports.enums import Purpose, Standing, UploadState
from patenwerk.imports.models import Book, MappingMemory, StoredFile, Upload, UploadRow
from patenwerk.imports.queries.upload import remembered_columns, stored_bytes
from patenwerk.jobs.domain.enqueue import enqueue
from patenwerk.jobs.domain.handlers import job_name
from patenwerk.jobs.models import Job
from patenwerk.jobs.models.job import OPEN
from patenwerk.organisations.models import Site

LIMITS = Limits(rows=10_000)
"""A list of people; a sheet of more rows is asked to be split."""

REASON_HEADERS = ("Why not taken", "Warum nicht übernommen")
"""What the first column of a file of bad rows is called; when it comes back it is left out."""

COMPARE_BOOK = job_name("imports.compare_book")
"""Reads every list of a file and compares it: whenever the answers about its lists change."""

_SAMPLES = 3
_SAMPLE_LENGTH = 60
_KEY_LENGTH = 120


class CannotReceive(Refusal):
    """The file cannot be read; nothing of it was kept."""


class CannotPrepare(Refusal):
    """The answer does not fit the list, or its time is over."""


def receive_file(
    *, site: Site, kind: str, name: str, data: bytes, by: Actor, at: datetime
) -> Upload:
    """Read a list for a site and keep it until its rows are taken.

    Where nothing is open (every header known, no date to ask) the rows are compared at once.
    Raises :class:`CannotReceive` with one sentence, and then nothing is kept: no spreadsheet,
    encrypted, a bomb, too large, no rows. ``LookupError`` for an unknown kind.
    """
    meant = kind_named(kind)
    remembered = remembered_columns(site, kind)
    sheet = _read(data, meant, remembered, name=None, refusal=CannotReceive)
    suggested = meant.suggest(sheet.headers, {**known_and_left_out(), **remembered})
    upload = Upload(
        programme_id=site.programme_id,
        carrier_id=site.carrier_id,
        site=site,
        kind=kind,
        file_name=tidy_name(name),
        uploaded_by_id=by.user_id,
        uploaded_at=at,
    )
    describe(upload, sheet, suggested)
    lines = _lines(upload, sheet, on=day_of(at)) if is_answered(upload) else None
    with transaction.atomic():
        upload.save()
        StoredFile.objects.create(
            **scope_of(upload), upload=upload, purpose=Purpose.SOURCE.value, data=data
        )
        _store(upload, lines)
        record(
            by=by,
            at=at,
            action="imports.receive",
            things=[upload],
            details={"kind": kind, "rows": len(sheet.rows), **_figures(upload)},
        )
    return upload


def choose_sheet(*, upload: Upload, sheet: str, by: Actor, at: datetime) -> None:
    """Read another sheet of the workbook; what was answered about the first is forgotten.

    Raises :class:`CannotPrepare`: no such sheet, an empty one, the file is gone.
    """
    if upload.book_id is not None:
        raise CannotPrepare(
            Reason("part_of_file", _("Every sheet of this file is a list of its own."))
        )
    kind, remembered = kind_named(upload.kind), remembered_columns(upload.site, upload.kind)
    read = _read(source_of(upload), kind, remembered, name=sheet, refusal=CannotPrepare)
    suggested = kind.suggest(read.headers, {**known_and_left_out(), **remembered})
    with locked(upload):
        upload.date_order = ""
        describe(upload, read, suggested)
        _store(upload, None)
        record(by=by, at=at, action="imports.choose_sheet", things=[upload])


def choose_mapping(*, upload: Upload, columns: Sequence[str], by: Actor, at: datetime) -> None:
    """Say for every column by its place what it is about; empty leaves it out.

    The site remembers it for its next list. With nothing else open the rows are compared.
    Raises :class:`CannotPrepare` with every reason: an unknown column, one named twice, one that
    a list needs and nothing says.
    """
    kind = kind_named(upload.kind)
    refusals = _mapping_refusals(kind, upload, columns)
    if refusals:
        raise CannotPrepare(refusals)
    _mean(upload, [Suggested(column, sure=True) for column in columns])
    lines = _lines_now(upload, on=day_of(at))
    with locked(upload):
        _remember(upload, columns)
        _store(upload, lines)
        compare_later(upload.book, by=by, at=at)
        record(by=by, at=at, action="imports.choose_mapping", things=[upload])


def answer_dates(*, upload: Upload, order: DateOrder, by: Actor, at: datetime) -> None:
    """Say what the first number of 03/04/2010 is in this list, and compare its rows.

    Raises :class:`CannotPrepare` while columns are missing.
    """
    missing = missing_columns(upload)
    if missing:
        raise CannotPrepare(_missing(missing))
    upload.date_order = order.value
    lines = _lines_now(upload, on=day_of(at))
    with locked(upload):
        _store(upload, lines)
        compare_later(upload.book, by=by, at=at)
        record(by=by, at=at, action="imports.answer_dates", things=[upload])


def choose_rows(*, upload: Upload, chosen: Mapping[int, bool], by: Actor, at: datetime) -> None:
    """Choose changed rows by their numbers, or take the choice back; others stay as they are.

    Raises :class:`CannotPrepare` where there is no preview any more.
    """
    with locked(upload):
        if upload.state != UploadState.COMPARED:
            raise CannotPrepare(over())
        write_choice(upload, chosen)
        record(
            by=by,
            at=at,
            action="imports.choose_rows",
            things=[upload],
            details={"chosen": sum(chosen.values()), "of": len(chosen)},
        )


def write_choice(upload: Upload, chosen: Mapping[int, bool]) -> None:
    """Mark changed rows by their numbers. In the open transaction; other rows stay as they are."""
    changes = UploadRow.objects.filter(upload=upload, standing=Standing.CHANGED.value)
    for wanted in (True, False):
        numbers = [number for number, said in chosen.items() if said is wanted]
        for part in batches(numbers):
            changes.filter(number__in=part).exclude(chosen=wanted).update(chosen=wanted)


def choose_all_rows(*, upload: Upload, chosen: bool, by: Actor, at: datetime) -> None:
    """Choose every changed row, or none. Raises :class:`CannotPrepare` without a preview."""
    numbers = UploadRow.objects.filter(upload=upload, standing=Standing.CHANGED.value).values_list(
        "number", flat=True
    )
    choose_rows(upload=upload, chosen=dict.fromkeys(numbers, chosen), by=by, at=at)


def discard_upload(*, upload: Upload, by: Actor, at: datetime) -> None:
    """Delete a list that shall not be taken, with its file and rows; of a file only this list.

    Raises :class:`CannotPrepare` once it was taken, or while that is being done.
    """
    with locked(upload):
        if upload.state == UploadState.TAKEN:
            raise CannotPrepare(over())
        record(by=by, at=at, action="imports.discard", things=[upload])
        if upload.book is not None:
            upload.book.left_out = [*upload.book.left_out, upload.sheet]
            upload.book.save(update_fields=["left_out"])
        upload.delete()
        compare_later(upload.book, by=by, at=at)


def missing_columns(upload: Upload) -> Sequence[str]:
    """Titles of the columns that the list needs and nothing was given for."""
    return kind_named(upload.kind).missing({column for column in upload.mapping if column})


def asks_dates(upload: Upload) -> bool:
    """Whether dates of the list can be read in two ways and nobody has said which."""
    return bool(upload.asked_dates) and not upload.date_order


def source_of(upload: Upload) -> bytes:
    """The file as it came. Raises :class:`CannotPrepare` once it was erased."""
    data = stored_bytes(upload, Purpose.SOURCE) or stored_bytes(upload.book, Purpose.SOURCE)
    if data is None:
        raise CannotPrepare(over())
    return data


def sheet_of(upload: Upload) -> Sheet:
    """The chosen sheet, read again. Raises :class:`CannotPrepare` once the file was erased."""
    kind = kind_named(upload.kind)
    remembered = remembered_columns(upload.site, upload.kind)
    return _read(
        source_of(upload), kind, remembered, name=upload.sheet or None, refusal=CannotPrepare
    )


def understood_rows(upload: Upload, sheet: Sheet, *, on: date) -> Sequence[Any]:
    """The rows of the sheet as the answers about it have them understood."""
    return kind_named(upload.kind).understand(
        sheet,
        {index: column for index, column in enumerate(upload.mapping) if column},
        site=upload.site,
        on=on,
        date_order=DateOrder(upload.date_order) if upload.date_order else None,
    )


@contextmanager
def locked(upload: Upload) -> Iterator[None]:
    """A transaction in which nobody else changes the upload; brings state and job up to date.

    Raises :class:`CannotPrepare` where it is gone or its rows are just being taken.
    """
    with transaction.atomic():
        if upload.book_id is not None:  # the file before its lists: everybody locks in this order
            upload.book = Book.objects.select_for_update(of=("self",)).get(pk=upload.book_id)
        stored = Upload.objects.select_for_update(of=("self",)).filter(pk=upload.pk).first()
        if stored is None or stored.state == UploadState.EXPIRED:
            raise CannotPrepare(over())
        jobs = [stored.job_id, upload.book.job_id if upload.book else None]
        if Job.objects.filter(pk__in=[pk for pk in jobs if pk], state__in=OPEN).exists():
            raise CannotPrepare(busy())
        upload.state, upload.job_id = stored.state, stored.job_id
        yield


def _read(
    data: bytes,
    kind: Kind,
    remembered: Mapping[str, str],
    *,
    name: str | None,
    refusal: type[Refusal],
) -> Sheet:
    known = {*kind.known_headers(), *remembered, *known_and_left_out()}
    try:
        return read_sheet(data, known_headers=known, sheet=name, limits=LIMITS)
    except SheetRefused as refused:
        raise refusal(Reason(refused.code.value, refusal_sentence(refused), "file")) from None


def describe(upload: Upload, sheet: Sheet, columns: Sequence[Suggested]) -> None:
    """Write down what the pages show of the sheet, and what its columns are about."""
    upload.sheet, upload.sheets = sheet.name[:200], list(sheet.sheet_names)
    upload.columns = [
        {
            "header": header,
            "samples": _samples(sheet, index),
            "open_dates": _open_dates(sheet, index),
        }
        for index, header in enumerate(sheet.headers)
    ]
    upload.notices = [[notice.code.value, dict(notice.values)] for notice in sheet.notices]
    _mean(upload, columns)


def _mean(upload: Upload, columns: Sequence[Suggested]) -> None:
    """Write down what the columns are about, and what that leaves open about dates."""
    upload.mapping = [each.column for each in columns]
    with_dates = {each.name for each in kind_named(upload.kind).columns() if each.has_dates}
    open_dates: list[str] = []
    for described, each in zip(upload.columns, columns, strict=True):
        described["sure"] = each.sure
        if each.column in with_dates:
            open_dates += described["open_dates"]
    upload.asked_dates = _first_different(open_dates)


def _open_dates(sheet: Sheet, index: int) -> list[str]:
    """Some dates of a column that can be read in two ways."""
    texts = (str(row.cells[index]) for row in sheet.rows if is_ambiguous(row.cells[index]))
    return _first_different(text for text in texts if dates_of(text))


def dates_of(text: str) -> dict[DateOrder, date]:
    """Both dates that such a text as 03/04/2010 can mean; nothing where one of them is none."""
    try:
        return {order: read_date(text, order=order, latest=date.max) for order in DateOrder}
    except NoDate:
        return {}


def _samples(sheet: Sheet, index: int) -> list[str]:
    filled = (_shown(row.cells[index]) for row in sheet.rows if row.cells[index] is not None)
    return _first_different(filled)


def _first_different(texts: Iterable[str]) -> list[str]:
    """Some texts, each once; a long list is not gone through to its end."""
    found: dict[str, None] = {}
    for text in texts:
        found[text] = None
        if len(found) == _SAMPLES:
            break
    return list(found)


def _shown(value: Value) -> str:
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    text = " ".join(str(value).split())
    return text if len(text) <= _SAMPLE_LENGTH else f"{text[:_SAMPLE_LENGTH]}…"


def is_answered(upload: Upload) -> bool:
    """Whether nothing is open about the list: no column, no date, nothing to look at."""
    looked_at = all(each["sure"] or not each["header"] for each in upload.columns)
    return looked_at and not missing_columns(upload) and not asks_dates(upload)


def compare_later(book: Book | None, *, by: Actor, at: datetime) -> None:
    """Have the lists of a file compared anew: what one of them says the others refer to.

    Waits while something is open about one of them. In the open transaction, the file locked.
    """
    if book is None:
        return
    lists = list(book.lists.all())
    book.state = UploadState.READ.value
    if lists and all(is_answered(each) for each in lists):
        job = enqueue(name=COMPARE_BOOK, payload={"book": book.pk}, by=by, at=at, scope=book.site)
        book.job_id = job.pk
    book.save(update_fields=["state", "job_id"])


def _lines_now(upload: Upload, *, on: date) -> list[Line] | None:
    """The preview of a list that is its own file; None while something is open about it."""
    if upload.book_id is not None or not is_answered(upload):
        return None
    return _lines(upload, sheet_of(upload), on=on)


def _lines(upload: Upload, sheet: Sheet, *, on: date) -> list[Line]:
    understood = understood_rows(upload, sheet, on=on)
    return kind_named(upload.kind).compare(understood, site=upload.site, on=on, beside={})


def _store(upload: Upload, lines: Sequence[Line] | None) -> None:
    """Save the upload with the rows of its preview; None: there is none yet."""
    count_rows(upload, lines or ())
    upload.state = (UploadState.READ if lines is None else UploadState.COMPARED).value
    upload.job_id = None
    upload.save()
    UploadRow.objects.filter(upload=upload).delete()
    for _done in write_rows(upload, lines or ()):
        pass


def count_rows(upload: Upload, lines: Sequence[Line]) -> None:
    """Set the four counts of the preview."""
    counted = Counter(line.standing for line in lines)
    upload.rows_new = counted[Standing.NEW]
    upload.rows_changed = counted[Standing.CHANGED]
    upload.rows_unchanged = counted[Standing.UNCHANGED]
    upload.rows_bad = counted[Standing.BAD]


def write_rows(upload: Upload, lines: Sequence[Line]) -> Iterator[int]:
    """Write the rows of a preview, batch by batch; answers after each with how many are written."""
    scope = scope_of(upload)
    done = 0
    for part in batches(lines):
        UploadRow.objects.bulk_create(
            UploadRow(
                **scope,
                upload=upload,
                number=line.number,
                standing=line.standing.value,
                label=line.label[:170],
                cells=dict(line.words()),
                differences=[[each.title, each.before, each.after] for each in line.differences],
                hint=line.hint(),
                problems=[[each.header, each.sentence] for each in line.problems],
                fingerprint=line.fingerprint,
                chosen=line.standing is Standing.NEW,
            )
            for line in part
        )
        done += len(part)
        yield done


def _remember(upload: Upload, columns: Sequence[str]) -> None:
    said: dict[str, str] = {}
    for described, column in zip(upload.columns, columns, strict=True):
        key = header_key(described["header"])
        if key and len(key) <= _KEY_LENGTH:
            said[key] = said.get(key) or column
    MappingMemory.objects.bulk_create(
        [
            MappingMemory(**scope_of(upload), kind=upload.kind, header_key=key, column=column)
            for key, column in said.items()
        ],
        update_conflicts=True,
        unique_fields=["site", "kind", "header_key"],
        update_fields=["column"],
    )


def _mapping_refusals(kind: Kind, upload: Upload, columns: Sequence[str]) -> list[Reason]:
    titles = {each.name: each.title for each in kind.columns()}
    if len(columns) != len(upload.columns) or any(c and c not in titles for c in columns):
        return [Reason("unknown_column", _("This column is not on the list. Please try again."))]
    refusals = [
        Reason("twice", _("“%(column)s” was chosen twice.") % {"column": titles[column]})
        for column, often in Counter(columns).items()
        if column and often > 1
    ]
    missing = kind.missing({column for column in columns if column})
    return [*refusals, _missing(missing)] if missing else refusals


def _missing(titles: Sequence[str]) -> Reason:
    return Reason(
        "missing",
        _("Every list needs: %(columns)s. Please say which column it is.")
        % {"columns": ", ".join(titles)},
    )


def busy() -> Reason:
    """The one answer while a job is at the list."""
    return Reason("busy", _("The rows are just being taken over."))


def over() -> Reason:
    """The one answer for a list that is gone, was taken or was erased."""
    return Reason("over", _("This list is no longer here. Please choose the file once more."))


def known_and_left_out() -> dict[str, str]:
    """Headers that only files of bad rows have: known, and left out."""
    return {header_key(header): "" for header in REASON_HEADERS}


def scope_of(thing: Upload | Book) -> dict[str, int]:
    """The columns that tie a row to the site of the list."""
    return {
        "programme_id": thing.programme_id,
        "carrier_id": thing.carrier_id,
        "site_id": thing.site_id,
    }


def _figures(upload: Upload) -> dict[str, int]:
    return {standing.value: count for standing, count in upload.counts.items()}


def tidy_name(name: str) -> str:
    """The name of a file without its folder, at most 200 characters."""
    return clean_text(name.replace("\\", "/").rsplit("/", 1)[-1])[-200:]
