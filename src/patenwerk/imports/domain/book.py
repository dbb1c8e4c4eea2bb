"""A file of several lists, or of one long one: read, compared and taken over in jobs.

Everything slow happens outside transactions; each list is written in one of its own, in the order
of the kinds, so that a row finds what it refers to. A job that was interrupted goes on with the
lists that are not taken yet: nothing is half, nothing twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor, may_in
from patenwerk.core.refusal import Reason
from patenwerk.core.sheets.messages import refusal_sentence
from patenwerk.core.sheets.model import Limits, Refused, Sheet, SheetRefused
from patenwerk.core.sheets.reading import read_sheets
from patenwerk.core.sheets.words import fold
from patenwerk.imports.domain.export import is_description
from patenwerk.imports.domain.files import erase_book
from patenwerk.imports.domain.kinds import Kind, Line, Suggested, kind_named, kinds
from patenwerk.imports.domain.taking import CannotTake, Tell, Understood, take_understood
from patenwerk.imports.domain.upload import (
    COMPARE_BOOK,
    CannotPrepare,
    CannotReceive,
    busy,
    count_rows,
    describe,
    is_answered,
    known_and_left_out,
    over,
    receive_file,
    scope_of,
    tidy_name,
    understood_rows,
    write_rows,
)
from patenwerk.imports.enums import Purpose, UploadState
from patenwerk.imports.models import Book, Bundle, StoredFile, Upload, UploadRow
from patenwerk.imports.policy import IMPORT, IMPORT_BUNDLE
from patenwerk.imports.queries.upload import remembered_columns, stored_bytes
from patenwerk.jobs.domain.enqueue import enqueue
from patenwerk.jobs.domain.handlers import job_name
from patenwerk.jobs.models import Job
from patenwerk.jobs.models.job import OPEN
from patenwerk.organisations.models import Site

TAKE_BOOK = job_name("imports.take_book")

WHOLE_FILE = "whole"
"""What the page calls a file whose sheets say themselves what they hold."""

LIMITS = Limits(rows=60_000)
"""Of each sheet."""

READ_AT_ONCE = 250_000
"""Bytes up to which a single list is read while its sender waits: some thousand rows."""

_FEWEST_HEADERS = 2


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was read: its sheets by name, or the sentence why it cannot be read."""

    book: Book
    sheets: Mapping[str, Sheet]
    problem: str = ""


def receive(
    *, site: Site, kind: str, name: str, data: bytes, by: Actor, at: datetime
) -> Upload | Book:
    """Read a list at once where that is quick; a whole file or a long list in a job.

    ``kind`` is the name of a kind or ``WHOLE_FILE``. Raises :class:`CannotReceive` with one
    sentence, ``LookupError`` for an unknown kind.
    """
    if kind == WHOLE_FILE:
        return receive_book(site=site, name=name, data=data, by=by, at=at)
    if len(data) > READ_AT_ONCE:
        return receive_book(site=site, kind=kind, name=name, data=data, by=by, at=at)
    return receive_file(site=site, kind=kind, name=name, data=data, by=by, at=at)


def receive_book(
    *,
    site: Site,
    name: str,
    data: bytes,
    by: Actor,
    at: datetime,
    kind: str = "",
    bundle: Bundle | None = None,
) -> Book:
    """Keep a file and have it read in the background. ``kind``: it holds one list, of this kind;
    ``bundle``: the carrier's archive it came in.

    Raises :class:`CannotReceive` for a file that is too large, ``LookupError`` for an unknown kind.
    """
    if kind:
        kind_named(kind)
    if len(data) > LIMITS.file_bytes:
        refused = SheetRefused(Refused.TOO_LARGE, limit=LIMITS.file_bytes)
        raise CannotReceive(Reason(refused.code.value, refusal_sentence(refused), "file"))
    with transaction.atomic():
        book = Book.objects.create(
            programme_id=site.programme_id,
            carrier_id=site.carrier_id,
            site=site,
            bundle=bundle,
            kind=kind,
            file_name=tidy_name(name),
            uploaded_by_id=by.user_id,
            uploaded_at=at,
        )
        StoredFile.objects.create(
            **scope_of(book), book=book, purpose=Purpose.SOURCE.value, data=data
        )
        job = enqueue(name=COMPARE_BOOK, payload={"book": book.pk}, by=by, at=at, scope=site)
        book.job_id = job.pk
        book.save(update_fields=["job_id"])
        record(by=by, at=at, action="imports.receive_book", things=[book])
    return book


def choose_kinds(*, book: Book, said: Mapping[str, str], by: Actor, at: datetime) -> None:
    """Say what sheets hold that nobody recognised: name of the sheet → kind, empty to leave out.

    Raises :class:`CannotPrepare`: a sheet that is not among them, a kind that is not known.
    """
    names = {each.name for each in kinds.all()}
    with locked_book(book):
        if not said.keys() <= set(book.left_out) or not set(said.values()) <= {*names, ""}:
            raise CannotPrepare(
                Reason("unknown_sheet", _("This sheet is not on the list. Please try again."))
            )
        for sheet, kind in said.items():
            if kind:
                Upload.objects.create(**_new_list(book, kind), sheet=sheet)
        book.left_out = [name for name in book.left_out if not said.get(name)]
        book.save(update_fields=["left_out"])
        _compare_now(book, by=by, at=at)
        record(by=by, at=at, action="imports.choose_kinds", things=[book])


def discard_book(*, book: Book, by: Actor, at: datetime) -> None:
    """Delete a file that shall not be taken, with its lists.

    Raises :class:`CannotPrepare` once a list of it was taken, or while a job is at it.
    """
    with locked_book(book):
        if book.lists.filter(state=UploadState.TAKEN.value).exists():
            raise CannotPrepare(over())
        record(by=by, at=at, action="imports.discard_book", things=[book])
        book.delete()


@contextmanager
def locked_book(book: Book) -> Iterator[None]:
    """A transaction in which nobody else changes the file; brings state and job up to date.

    Raises :class:`CannotPrepare` where it is gone or a job is at it.
    """
    with transaction.atomic():
        stored = Book.objects.select_for_update(of=("self",)).filter(pk=book.pk).first()
        if stored is None or stored.state in {UploadState.EXPIRED, UploadState.TAKEN}:
            raise CannotPrepare(over())
        if Job.objects.filter(pk=stored.job_id or 0, state__in=OPEN).exists():
            raise CannotPrepare(busy())
        book.state, book.left_out, book.job_id = stored.state, stored.left_out, stored.job_id
        yield


def read_book(*, book_id: int, by: Actor, tell: Tell) -> Opened:
    """Read every sheet of a file, outside a transaction.

    Raises :class:`CannotTake`: the file is gone, or ``by`` may not read lists there any more.
    """
    book = Book.objects.select_related("site", "programme").filter(pk=book_id).first()
    data = stored_bytes(book, Purpose.SOURCE)
    if book is None or data is None:
        raise CannotTake(over())
    if not _kinds_for(book, by):
        raise CannotTake(Reason("not_allowed", _("Your role does not allow this any more.")))
    tell(0, 1, "reading")
    known = {header for kind in kinds.all() for header in kind.known_headers()}
    try:
        read = read_sheets(data, known_headers={*known, *known_and_left_out()}, limits=LIMITS)
    except SheetRefused as refused:
        return Opened(book, {}, refusal_sentence(refused))
    return Opened(book, {sheet.name: sheet for sheet in read})


def compare_book(*, opened: Opened, by: Actor, at: datetime, tell: Tell) -> None:
    """Recognise the lists of a file that was read; with nothing open compare them, one by one.

    Rows are written batch by batch, nobody sees them before :func:`keep_book`. May run again.
    """
    book = opened.book
    if not book.lists.exists():
        _recognise(opened, by)
    lists = _in_order(book)
    for upload in lists:
        if not upload.columns:
            sheet = opened.sheets[upload.sheet]
            describe(upload, sheet, _suggested(kind_named(upload.kind), sheet, book.site))
            upload.save()
    if not all(is_answered(upload) for upload in lists):
        return
    total = sum(len(opened.sheets[upload.sheet].rows) for upload in lists)
    beside: dict[str, list[Line]] = defaultdict(list)
    done = 0
    for upload in lists:
        tell(done, total, "understanding")
        sheet = opened.sheets[upload.sheet]
        rows = understood_rows(upload, sheet, on=day_of(at))
        lines = kind_named(upload.kind).compare(rows, site=book.site, on=day_of(at), beside=beside)
        beside[upload.kind] += lines
        count_rows(upload, lines)
        upload.save()
        UploadRow.objects.filter(upload=upload).delete()
        for written in write_rows(upload, lines):
            tell(done + written, total, "comparing")
        done += len(sheet.rows)


def keep_book(*, opened: Opened) -> dict[str, int]:
    """Say that a file was compared, or what is open about it; in the transaction that ends the job.

    A file that could not be read is erased and says why.
    """
    book = Book.objects.select_for_update(of=("self",)).get(pk=opened.book.pk)
    lists = _in_order(book)
    if opened.problem:
        book.problem, book.state = opened.problem, UploadState.EXPIRED.value
        erase_book(book)
    elif lists and all(is_answered(upload) for upload in lists):
        book.state = UploadState.COMPARED.value
        book.lists.exclude(state=UploadState.TAKEN.value).update(state=UploadState.COMPARED.value)
    book.save(update_fields=["problem", "state"])
    return {"lists": len(lists)}


def start_taking_book(*, book: Book, by: Actor, at: datetime) -> Job:
    """Have all lists of a file taken in the background, or go on with those not taken yet.

    Raises :class:`CannotPrepare` while a job is at it or the file is gone, :class:`CannotTake`
    where it was not compared yet or nothing is to be taken.
    """
    with locked_book(book):
        if book.state != UploadState.COMPARED:
            raise CannotTake(over())
        begun = book.lists.filter(state=UploadState.TAKEN.value).exists()
        if not begun and not UploadRow.objects.filter(upload__book=book, chosen=True).exists():
            raise CannotTake(
                Reason("nothing", _("There is nothing to take over: no row is new or chosen."))
            )
        job = enqueue(name=TAKE_BOOK, payload={"book": book.pk}, by=by, at=at, scope=book.site)
        book.job_id = job.pk
        book.save(update_fields=["job_id"])
        record(by=by, at=at, action="imports.start_taking_book", things=[book])
    return job


def take_lists(*, opened: Opened, by: Actor, at: datetime, tell: Tell) -> None:
    """Take the lists of a file that are not taken yet, each all or none in its own transaction.

    Raises :class:`CannotTake` where ``by`` may not write such a list any more; what was taken
    before stays taken.
    """
    lists = _in_order(opened.book)
    for number, upload in enumerate(lists):
        kind, sheet = kind_named(upload.kind), opened.sheets[upload.sheet]
        if upload.state == UploadState.TAKEN:
            continue
        if kind not in _kinds_for(opened.book, by):
            raise CannotTake(Reason("not_allowed", _("Your role does not allow this any more.")))
        tell(number, len(lists), f"taking_{kind.name}")
        rows = understood_rows(upload, sheet, on=day_of(at))
        with transaction.atomic():
            take_understood(understood=Understood(upload, kind, sheet, rows), by=by, at=at)


def finish_book(*, opened: Opened, by: Actor, at: datetime) -> dict[str, int]:
    """The file is taken and its bytes erased; in the transaction that ends the job."""
    book = Book.objects.select_for_update(of=("self",)).get(pk=opened.book.pk)
    erase_book(book)
    book.state, book.taken_at = UploadState.TAKEN.value, at
    book.save(update_fields=["state", "taken_at"])
    figures = {
        "new": sum(upload.taken_new for upload in book.lists.all()),
        "changed": sum(upload.taken_changed for upload in book.lists.all()),
        "bad": sum(upload.rows_bad for upload in book.lists.all()),
    }
    record(by=by, at=at, action="imports.take_book", things=[book], details=figures)
    return figures


def _kinds_for(book: Book, by: Actor) -> list[Kind]:
    """The lists that somebody may read in there: a carrier's archive is read as a whole."""
    if book.bundle_id is not None and may_in(by, IMPORT_BUNDLE, book.site):
        return list(kinds.all())
    if not may_in(by, IMPORT, book.site):
        return []
    return [kind for kind in kinds.all() if may_in(by, kind.permission, book.site)]


def _in_order(book: Book) -> list[Upload]:
    """The lists of a file as they are taken: what others refer to comes first."""
    rows = book.lists.select_related("site", "programme", "book")
    return sorted(rows, key=lambda upload: (kind_named(upload.kind).order, upload.pk))


def _new_list(book: Book, kind: str) -> dict[str, Any]:
    return {
        **scope_of(book),
        "book": book,
        "kind": kind,
        "file_name": book.file_name,
        "uploaded_by_id": book.uploaded_by_id,
        "uploaded_at": book.uploaded_at,
    }


def _compare_now(book: Book, *, by: Actor, at: datetime) -> None:
    """Have the file read again: a list was added whose columns nobody has looked at."""
    book.state = UploadState.READ.value
    job = enqueue(name=COMPARE_BOOK, payload={"book": book.pk}, by=by, at=at, scope=book.site)
    book.job_id = job.pk
    book.save(update_fields=["state", "job_id"])


@transaction.atomic
def _recognise(opened: Opened, by: Actor) -> None:
    """Make a list of every sheet that says what it holds; the others are left out by name."""
    book = opened.book
    allowed = _kinds_for(book, by)
    if book.kind:
        allowed = [kind for kind in allowed if kind.name == book.kind]
    left_out = []
    for sheet in opened.sheets.values():
        kind = _kind_of(sheet, allowed, book.site, said=bool(book.kind))
        if kind is None and is_description(sheet):
            continue
        if kind is None:
            left_out.append(sheet.name)
        else:
            Upload.objects.create(**_new_list(book, kind.name), sheet=sheet.name)
            allowed = [] if book.kind else allowed
    book.left_out = left_out
    book.save(update_fields=["left_out"])


def _kind_of(sheet: Sheet, allowed: Sequence[Kind], site: Site, *, said: bool) -> Kind | None:
    """What a sheet holds: by its name, else by its headers; None where nothing decides.

    ``said``: somebody has said that the file holds this kind.
    """
    ranked: list[tuple[int, int, Kind]] = []
    for kind in allowed:
        suggested = _suggested(kind, sheet, site)
        columns = {each.column for each in suggested if each.column and each.sure}
        named = said or fold(sheet.name) in kind.sheet_words()
        if len(columns) >= _FEWEST_HEADERS and (named or not kind.missing(columns)):
            ranked.append((int(named), len(columns), kind))
    ranked.sort(key=lambda entry: entry[:2], reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][:2] == ranked[1][:2]):
        return None
    return ranked[0][2]


def _suggested(kind: Kind, sheet: Sheet, site: Site) -> Sequence[Suggested]:
    remembered = remembered_columns(site, kind.name)
    return kind.suggest(sheet.headers, {**known_and_left_out(), **remembered})
