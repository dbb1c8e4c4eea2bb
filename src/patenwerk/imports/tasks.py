"""Background work with uploaded lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from patenwerk.imports.domain.book import (
    TAKE_BOOK,
    compare_book,
    finish_book,
    keep_book,
    read_book,
    take_lists,
)
from patenwerk.imports.domain.files import ERASE_OVERDUE, erase_overdue
from patenwerk.imports.domain.taking import TAKE, read_for_taking, take_understood
from patenwerk.imports.domain.upload import COMPARE_BOOK
from patenwerk.jobs.domain.handlers import JobContext, job_handler
from patenwerk.jobs.kernel.schedule import Daily


@job_handler(TAKE, lease=timedelta(minutes=5))
def take(job: JobContext) -> None:
    """Take the rows of one list."""
    understood = read_for_taking(
        upload_id=job.payload["upload"], by=job.actor, at=job.at, tell=job.progress
    )
    with job.finish() as result:
        result.update(take_understood(understood=understood, by=job.actor, at=job.at))


@job_handler(COMPARE_BOOK, lease=timedelta(minutes=5))
def compare(job: JobContext) -> None:
    """Read every list of a file and compare it with what is stored."""
    opened = read_book(book_id=job.payload["book"], by=job.actor, tell=job.progress)
    if not opened.problem:
        compare_book(opened=opened, by=job.actor, at=job.at, tell=job.progress)
    with job.finish() as result:
        result.update(keep_book(opened=opened))


@job_handler(TAKE_BOOK, lease=timedelta(minutes=5))
def take_book(job: JobContext) -> None:
    """Take the lists of a file, one after the other; goes on where another attempt stopped."""
    opened = read_book(book_id=job.payload["book"], by=job.actor, tell=job.progress)
    take_lists(opened=opened, by=job.actor, at=job.at, tell=job.progress)
    with job.finish() as result:
        result.update(finish_book(opened=opened, by=job.actor, at=job.at))


@job_handler(ERASE_OVERDUE, schedule=Daily(time(3, 40)))
def erase(job: JobContext) -> Mapping[str, Any]:
    """Erase the lists whose time is over, every night."""
    return {"erased": erase_overdue(by=job.actor, at=job.at)}
