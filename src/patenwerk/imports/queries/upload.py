"""Uploads and their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from patenwerk.core.policy import Actor, Level, visible
from patenwerk.imports.enums import Purpose, Standing, UploadState
from patenwerk.imports.models import Book, Bundle, MappingMemory, StoredFile, Upload, UploadRow
from patenwerk.imports.models.upload import DAYS_KEPT
from patenwerk.imports.policy import EXPORT, IMPORT, IMPORT_BUNDLE
from patenwerk.jobs.models import Job
from patenwerk.organisations.models import Carrier, Site

_BUNDLES_SHOWN = 5


def uploads(actor: Actor) -> QuerySet[Upload]:
    """The lists read at the actor's sites, newest first."""
    return (
        Upload.objects.filter(visible(actor, IMPORT, Upload))
        .select_related("site", "uploaded_by", "programme")
        .defer("columns", "mapping", "notices", "asked_dates", "sheets")
    )


def rows_of(upload: Upload, standing: Standing) -> QuerySet[UploadRow]:
    """The rows of a preview that stand so, in the order of the file."""
    return UploadRow.objects.filter(upload=upload, standing=standing)


def chosen_changes(upload: Upload) -> int:
    """How many changed rows were chosen to be taken."""
    return rows_of(upload, Standing.CHANGED).filter(chosen=True).count()


def remembered_columns(site: Site, kind: str) -> dict[str, str]:
    """What the site's own headers mean: header key → column, empty where left out."""
    return dict(
        MappingMemory.objects.filter(site=site, kind=kind).values_list("header_key", "column")
    )


def stored_bytes(thing: Upload | Book | None, purpose: Purpose) -> bytes | None:
    """A file of the list or of the whole file, or None once it was erased."""
    if thing is None:
        return None
    found = thing.files.filter(purpose=purpose).first()
    return None if found is None else bytes(found.data)


def job_of(thing: Upload | Book) -> Job | None:
    """The job about the list or file that runs, or was the last."""
    return None if thing.job_id is None else Job.objects.filter(pk=thing.job_id).first()


def overdue_uploads(at: datetime) -> QuerySet[Upload]:
    """Uploads that still hold something although their time is over.

    Runs over all organisations: it serves the daily erasure, nobody looks at it.
    """
    limit = at - timedelta(days=DAYS_KEPT)
    waiting = Q(
        uploaded_at__lt=limit, book=None, state__in=[UploadState.READ, UploadState.COMPARED]
    )
    kept = Exists(StoredFile.objects.filter(upload=OuterRef("pk")))
    return Upload.objects.filter(waiting | (Q(taken_at__lt=limit) & kept))


def overdue_books(at: datetime) -> QuerySet[Book]:
    """Files that nobody took although their time is over; all organisations, as above."""
    limit = at - timedelta(days=DAYS_KEPT)
    waiting = [UploadState.READ, UploadState.COMPARED]
    return Book.objects.filter(uploaded_at__lt=limit, state__in=waiting)


def lists_of(book: Book) -> QuerySet[Upload]:
    """The lists of a file, without what only their own pages show."""
    return book.lists.select_related("site", "programme").defer("notices", "sheets")


def to_be_taken(book: Book) -> bool:
    """Whether any row of a file is new, or changed so that it could be chosen."""
    rows = UploadRow.objects.filter(upload__book=book)
    return rows.filter(standing__in=[Standing.NEW, Standing.CHANGED]).exists()


def books(actor: Actor) -> QuerySet[Book]:
    """The files read at the actor's sites, newest first."""
    return Book.objects.filter(visible(actor, IMPORT, Book)).select_related("site", "uploaded_by")


def export_panel(
    actor: Actor,
    ids: Sequence[int],
    on: date,  # noqa: ARG001 - every panel is asked for a day
) -> Mapping[int, Mapping[str, Any]]:
    """What a carrier can take out and read in, for its page. Three queries.

    Its sites that are not archived, whether the actor reads archives in, and the last that were.
    """
    carriers = Carrier.objects.filter(visible(actor, EXPORT, Carrier), pk__in=ids)
    reading = actor.organisations(IMPORT_BUNDLE, Level.CARRIER)
    found: dict[int, dict[str, Any]] = {
        pk: {"carrier_id": pk, "sites": [], "reads": pk in reading, "bundles": []}
        for pk in carriers.values_list("pk", flat=True)
    }
    sites = Site.objects.filter(carrier__in=found, archived_at__isnull=True)
    for site in sites.order_by("name", "pk"):
        found[site.carrier_id]["sites"].append(site)
    for bundle in bundles(actor).filter(carrier__in=found)[:_BUNDLES_SHOWN]:
        found[bundle.carrier_id]["bundles"].append(bundle)
    return found


def bundles(actor: Actor) -> QuerySet[Bundle]:
    """The archives read in at the actor's carriers, newest first."""
    return Bundle.objects.filter(visible(actor, IMPORT_BUNDLE, Bundle))
