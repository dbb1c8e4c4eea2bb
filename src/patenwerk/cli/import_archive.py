"""``patenwerk import archive``: a carrier's archive, each workbook to the site of its name."""

from __future__ import annotations

import sys
from argparse import Namespace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from patenwerk.cli.problem import CannotDo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from patenwerk.core.policy import Actor
    from patenwerk.organisations.models import Account, Carrier

KIND = "archive"


def import_archive(given: Namespace, data: bytes, account: Account, at: datetime) -> None:
    """Read every site's workbook and take over what is new; with ``--changes`` the rest, too."""
    # Models exist only after the installation was opened.
    from patenwerk.imports.domain.bundle import (
        choose_changes,
        ready,
        receive_bundle,
        start_taking_bundle,
    )
    from patenwerk.imports.queries.bundle import books_of

    carrier, by = _carrier(given.carrier, account, at)
    bundle = receive_bundle(carrier=carrier, name=given.file.name, data=data, by=by, at=at)
    _work_on(book.job_id for book in bundle.books.order_by("pk"))
    if given.changes:
        choose_changes(bundle=bundle, by=by, at=at)
    if ready(bundle):
        _work_on(job.pk for job in start_taking_bundle(bundle=bundle, by=by, at=at))
    for book in books_of(bundle):
        _tell(book)


def _carrier(name: str, account: Account, at: datetime) -> tuple[Carrier, Actor]:
    """The carrier among those whose archives the account may read in, and it as an actor."""
    from patenwerk.core.clock import day_of
    from patenwerk.core.policy import visible
    from patenwerk.imports.policy import IMPORT_BUNDLE
    from patenwerk.organisations.models import Carrier
    from patenwerk.organisations.queries.actors import actor_for

    by = actor_for(account, day_of(at))
    reached = Carrier.objects.filter(visible(by, IMPORT_BUNDLE, Carrier), archived_at__isnull=True)
    found = list(reached.filter(name=name)[:2])
    if len(found) != 1:
        sentence = _("%(email)s reads no archive in for a carrier “%(carrier)s”.")
        raise CannotDo(sentence % {"email": account.email, "carrier": name})
    return found[0], by


def _work_on(jobs: Iterable[int | None]) -> None:
    """Do the jobs here; one that a worker has begun meanwhile is its own."""
    from patenwerk.core.clock import now
    from patenwerk.jobs.domain.run import run

    for pk in jobs:
        if pk is not None:
            run(job_id=pk, clock=now)


def _tell(book: Any) -> None:
    """One line for each site."""
    words = {"site": book.site.name, "new": book.new, "changed": book.changed, "bad": book.bad}
    sentence = _("%(site)s: new: %(new)s, changed: %(changed)s, not taken: %(bad)s.") % words
    if book.problem:
        sentence = f"{book.site.name}: {book.problem}"
    elif book.state == "read":
        sentence = _("%(site)s: somebody of the site has to answer questions first.") % words
    print(sentence, file=sys.stderr)
