"""A carrier's archive and the files of its sites."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from patenwerk.imports.enums import Standing, UploadState
from patenwerk.imports.models import Book, Bundle, Upload, UploadRow
from patenwerk.jobs.models import Job
from patenwerk.jobs.models.job import OPEN

SHOWN = 50
"""So many rows of a list are shown to whoever looks at all sites."""


def books_of(bundle: Bundle) -> list[Any]:
    """The files of its sites by name, each with the sums over its lists: three queries.

    ``new``, ``changed``, ``unchanged`` and ``bad`` are of the preview, or of what was taken;
    ``chosen`` how many changed rows are; ``is_open``: a job is at it; ``is_ready``: it can be
    taken over.
    """
    books = (
        Book.objects.filter(bundle=bundle)
        .select_related("site")
        .annotate(
            new=Coalesce(Sum("lists__rows_new"), 0),
            changed=Coalesce(Sum("lists__rows_changed"), 0),
            unchanged=Coalesce(Sum("lists__rows_unchanged"), 0),
            bad=Coalesce(Sum("lists__rows_bad"), 0),
            taken_new=Coalesce(Sum("lists__taken_new"), 0),
            taken_changed=Coalesce(Sum("lists__taken_changed"), 0),
        )
        .order_by("site__name", "pk")
    )
    found: list[Any] = list(books)
    jobs = [book.job_id for book in found if book.job_id]
    at_work = set(Job.objects.filter(pk__in=jobs, state__in=OPEN).values_list("pk", flat=True))
    chosen = dict(
        UploadRow.objects.filter(
            upload__book__bundle=bundle, chosen=True, standing=Standing.CHANGED.value
        )
        .order_by()
        .values_list("upload__book_id")
        .annotate(Count("pk"))
    )
    for book in found:
        book.chosen = chosen.get(book.pk, 0)
        book.is_open = book.job_id in at_work
        book.is_ready = book.state == UploadState.COMPARED and not book.is_open
        if book.state == UploadState.TAKEN:
            book.new, book.changed = book.taken_new, book.taken_changed
    return found


def worked_on(books: Sequence[Any]) -> dict[str, int] | None:
    """How many sites are done, of how many, while a job is at one of them."""
    if not any(book.is_open for book in books):
        return None
    return {"done": sum(not book.is_open for book in books), "total": len(books)}


def rows_to_look_at(upload: Upload) -> Sequence[UploadRow]:
    """The first rows of a list that are changed or cannot be taken."""
    wanted = Q(standing=Standing.CHANGED.value) | Q(standing=Standing.BAD.value)
    return list(UploadRow.objects.filter(wanted, upload=upload).order_by("number")[:SHOWN])
