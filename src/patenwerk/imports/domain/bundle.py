"""A carrier's archive read in at once: the workbook of each site goes to the site of its name.

Every workbook is a whole file of its site and goes the way of one: read, compared and taken over
in jobs, its preview looked at before. What does not fit is said before anything is kept.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason
from patenwerk.core.sheets.words import fold
from patenwerk.imports.domain.book import LIMITS, discard_book, receive_book, start_taking_book
from patenwerk.imports.domain.export import file_name
from patenwerk.imports.domain.taking import CannotTake
from patenwerk.imports.domain.upload import CannotReceive, tidy_name
from patenwerk.imports.enums import Standing, UploadState
from patenwerk.imports.models import Book, Bundle, UploadRow
from patenwerk.jobs.models import Job
from patenwerk.organisations.models import Carrier, Site

LARGEST = 200 * 1024 * 1024
"""Bytes of an archive, and of all that it unpacks to."""

_MOST_FILES = 500
_PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_NUMBERED = re.compile(r"^\d+-")
_BESIDE = ("__macosx/", ".")
"""How files begin that operating systems put beside others."""


def receive_bundle(*, carrier: Carrier, name: str, data: bytes, by: Actor, at: datetime) -> Bundle:
    """Keep the workbook of every site and have each read in the background.

    Raises :class:`CannotReceive` with every reason, and then nothing is kept: no archive, locked
    by a password, far larger unpacked, too large, a file that is no workbook or that no site of
    the carrier is called like, two for one site.
    """
    files = _files(data)
    found = _for_sites(carrier, list(files))
    with transaction.atomic():
        bundle = Bundle.objects.create(
            programme_id=carrier.programme_id,
            carrier=carrier,
            file_name=tidy_name(name),
            uploaded_by_id=by.user_id,
            uploaded_at=at,
        )
        for title, site in found.items():
            receive_book(site=site, name=title, data=files[title], by=by, at=at, bundle=bundle)
        record(by=by, at=at, action="imports.receive_bundle", things=[bundle])
    return bundle


def start_taking_bundle(*, bundle: Bundle, by: Actor, at: datetime) -> list[Job]:
    """Have everything taken over that is ready at any site: all jobs are asked for, or none.

    Sites with open questions, and those where nothing is new or chosen, are left as they are.
    Raises :class:`CannotTake` where nothing is to be taken, ``CannotPrepare`` while a job is
    at one of them.
    """
    with transaction.atomic():
        jobs = [start_taking_book(book=book, by=by, at=at) for book in ready(bundle)]
        if not jobs:
            raise CannotTake(
                Reason("nothing", _("There is nothing to take over: no row is new or chosen."))
            )
        record(by=by, at=at, action="imports.start_taking_bundle", things=[bundle])
    return jobs


def choose_changes(*, bundle: Bundle, by: Actor, at: datetime) -> int:
    """Choose every changed row at every site that is compared; answers how many."""
    with transaction.atomic():
        rows = UploadRow.objects.filter(
            upload__book__bundle=bundle,
            upload__state=UploadState.COMPARED.value,
            standing=Standing.CHANGED.value,
        )
        chosen = rows.update(chosen=True)
        details = {"chosen": chosen}
        record(by=by, at=at, action="imports.choose_bundle", things=[bundle], details=details)
    return chosen


def discard_bundle(*, bundle: Bundle, by: Actor, at: datetime) -> None:
    """Delete the files of all sites; nothing of them is taken over then.

    Raises ``CannotPrepare`` once something was taken, or while a job is at one of them.
    """
    with transaction.atomic():
        for book in bundle.books.exclude(state=UploadState.EXPIRED.value).order_by("pk"):
            discard_book(book=book, by=by, at=at)
        record(by=by, at=at, action="imports.discard_bundle", things=[bundle])
        bundle.delete()


def ready(bundle: Bundle) -> Sequence[Book]:
    """The files of it that can be taken over now, in the order of their sites."""
    chosen = UploadRow.objects.filter(upload__book__bundle=bundle, chosen=True)
    return list(
        bundle.books.filter(
            state=UploadState.COMPARED.value, pk__in=chosen.values("upload__book_id")
        )
        .select_related("site")
        .order_by("site__name", "pk")
    )


def _files(data: bytes) -> dict[str, bytes]:
    """The files of the archive by name, read within limits. Raises CannotReceive."""
    if len(data) > LARGEST:
        raise _refused("too_large", _too_large())
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {info.filename: _content(archive, info) for info in _members(archive)}
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError):
        raise _refused(
            "no_archive",
            _("This is no archive, or it is damaged. Please choose the ZIP that was taken out."),
        ) from None


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = [
        info
        for info in archive.infolist()
        if not info.is_dir() and not info.filename.casefold().startswith(_BESIDE)
    ]
    if any(info.compress_type not in _PACKED for info in members):
        raise zipfile.BadZipFile("packed in a way that spreadsheets and archives are not")
    if any(info.flag_bits & 1 for info in members):
        raise _refused(
            "encrypted",
            _("The archive is protected by a password. Please make one without it."),
        )
    if len(members) > _MOST_FILES or sum(info.file_size for info in members) > LARGEST:
        raise _refused("bomb", _("The archive unpacks to far more than a carrier’s lists need."))
    if not members:
        raise _refused("empty", _("The archive holds no file."))
    return members


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The bytes of one file; more than a list may have are not read, whatever it says of itself."""
    with archive.open(info) as file:
        content = file.read(LIMITS.file_bytes + 1)
    if len(content) > LIMITS.file_bytes:
        raise CannotReceive(
            Reason(
                "too_large",
                _("“%(file)s” is larger than %(limit)s MB.")
                % {"file": info.filename, "limit": LIMITS.file_bytes // (1024 * 1024)},
                "file",
            )
        )
    return content


def _for_sites(carrier: Carrier, names: Sequence[str]) -> Mapping[str, Site]:
    """The site each file is for, by the file's name. Raises CannotReceive with every reason."""
    sites: dict[str, list[Site]] = defaultdict(list)
    for site in Site.objects.filter(carrier=carrier, archived_at__isnull=True).order_by("pk"):
        sites[fold(file_name(site.name))].append(site)
    meant = {name: sites.get(_site_word(name), []) for name in names}
    reasons = list(_against(meant))
    if reasons:
        raise CannotReceive(reasons)
    return {name: found[0] for name, found in meant.items()}


def _against(meant: Mapping[str, Sequence[Site]]) -> Iterator[Reason]:
    often = Counter(found[0].pk for found in meant.values() if len(found) == 1)
    for name, found in meant.items():
        words = {"file": name}
        if not name.casefold().endswith(".xlsx"):
            yield Reason("no_workbook", _("“%(file)s” is no workbook (XLSX).") % words, "file")
        elif not found:
            yield Reason(
                "unknown_site",
                _("No site of your carrier is called as “%(file)s” says. Please create it first.")
                % words,
                "file",
            )
        elif len(found) > 1:
            sentence = _("Several sites of your carrier are called as “%(file)s” says.") % words
            yield Reason("several_sites", sentence, "file")
        elif often[found[0].pk] > 1:
            sentence = _("“%(file)s” is not the only file for its site.") % words
            yield Reason("twice", sentence, "file")


def _site_word(name: str) -> str:
    """What a file says of its site: its name without folder, number and ending."""
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].rpartition(".")[0]
    return fold(_NUMBERED.sub("", stem))


def _too_large() -> str:
    return _("The archive is larger than %(limit)s MB.") % {"limit": LARGEST // (1024 * 1024)}


def _refused(code: str, sentence: str) -> CannotReceive:
    return CannotReceive(Reason(code, sentence, "file"))
