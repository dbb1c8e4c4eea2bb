"""Taking the good rows of a list: asked for by a person, done by a job, all or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor, may_in
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.core.sheets.model import Sheet
from patenwerk.imports.domain.files import erase_contents, in_words, with_reasons
from patenwerk.imports.domain.kinds import Kind, Line, Problem, kind_named
from patenwerk.imports.domain.upload import (
    CannotPrepare,
    locked,
    over,
    sheet_of,
    understood_rows,
    write_choice,
)
from patenwerk.imports.enums import Purpose, Standing, UploadState
from patenwerk.imports.models import StoredFile, Upload, UploadRow
from patenwerk.imports.policy import IMPORT
from patenwerk.imports.queries.upload import rows_of
from patenwerk.jobs.domain.enqueue import enqueue
from patenwerk.jobs.domain.handlers import job_name
from patenwerk.jobs.models import Job
from patenwerk.organisations.models import Site

TAKE = job_name("imports.take")

Tell = Callable[[int, int, str], None]
"""How far the work is: steps done, steps in all, a code for what comes now."""

STEPS = ("reading", "understanding", "writing")


class CannotTake(Refusal):
    """The rows cannot be taken now; none was."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A list that was read for taking: everything slow is done, nothing is written."""

    upload: Upload
    kind: Kind
    sheet: Sheet
    rows: Sequence[Any]


def start_taking(
    *, upload: Upload, by: Actor, at: datetime, chosen: Mapping[int, bool] | None = None
) -> Job:
    """Have the good rows and the chosen changes taken in the background.

    ``chosen`` are the last choices, as ``choose_rows`` takes them.

    Raises :class:`CannotPrepare` while that is going on already or the list is gone,
    :class:`CannotTake` where nothing was compared yet or nothing is to be taken.
    """
    with locked(upload):
        if upload.book_id is not None:
            raise CannotTake(
                Reason("part_of_file", _("This list is taken over together with its file."))
            )
        if upload.state != UploadState.COMPARED:
            raise CannotTake(over())
        write_choice(upload, chosen or {})
        if not UploadRow.objects.filter(upload=upload, chosen=True).exists():
            raise CannotTake(
                Reason("nothing", _("There is nothing to take over: no row is new or chosen."))
            )
        job = enqueue(name=TAKE, payload={"upload": upload.pk}, by=by, at=at, scope=upload.site)
        upload.job_id = job.pk
        upload.save(update_fields=["job_id"])
        record(by=by, at=at, action="imports.start_taking", things=[upload])
    return job


def read_for_taking(*, upload_id: int, by: Actor, at: datetime, tell: Tell) -> Understood:
    """Everything slow about taking a list, outside a transaction.

    Raises :class:`CannotTake`: the list or its file is gone, it was taken already, or ``by`` may
    not do this at the site any more.
    """
    upload = Upload.objects.select_related("site", "programme").filter(pk=upload_id).first()
    if upload is None or upload.state != UploadState.COMPARED:
        raise CannotTake(over())
    kind = kind_named(upload.kind)
    if not may_in(by, IMPORT, upload.site) or not may_in(by, kind.permission, upload.site):
        raise CannotTake(Reason("not_allowed", _("Your role does not allow this any more.")))
    tell(0, len(STEPS), STEPS[0])
    try:
        sheet = sheet_of(upload)
    except CannotPrepare as gone:
        raise CannotTake(gone.reasons) from None
    tell(1, len(STEPS), STEPS[1])
    rows = understood_rows(upload, sheet, on=day_of(at))
    tell(2, len(STEPS), STEPS[2])
    return Understood(upload, kind, sheet, rows)


def take_understood(*, understood: Understood, by: Actor, at: datetime) -> dict[str, int]:
    """Take the new rows and the chosen changes; in the transaction that ends the job.

    What is stored is looked at once more: a row is taken only where exactly that is written what
    the preview showed. What was changed by somebody else in between comes back with the bad rows.
    The file is erased, the bad rows are kept as a file. Raises :class:`CannotTake` where somebody
    else has taken the list.
    """
    upload = understood.upload
    site = Site.objects.select_for_update(no_key=True).get(pk=upload.site_id)
    stored = Upload.objects.select_for_update(of=("self",)).filter(pk=upload.pk).first()
    if stored is None or stored.state != UploadState.COMPARED:
        raise CannotTake(over())
    lines = understood.kind.compare(understood.rows, site=site, on=day_of(at), beside={})
    taken, reasons = _sorted_out(upload, lines)
    done = understood.kind.take(taken, site=site, by=by, at=at)
    if reasons:
        StoredFile.objects.create(
            programme_id=upload.programme_id,
            carrier_id=upload.carrier_id,
            site_id=upload.site_id,
            upload=upload,
            purpose=Purpose.BAD_ROWS.value,
            data=with_reasons(understood.sheet, reasons),
        )
    erase_contents(upload)
    upload.state, upload.taken_at, upload.job_id = UploadState.TAKEN.value, at, stored.job_id
    upload.taken_new, upload.taken_changed = done.new, done.changed
    upload.rows_bad = len(reasons)
    upload.save()
    figures = {"new": done.new, "changed": done.changed, "bad": len(reasons)}
    record(by=by, at=at, action="imports.take", things=[upload], details=figures)
    return figures


def _sorted_out(upload: Upload, lines: Sequence[Line]) -> tuple[list[Line], dict[int, str]]:
    """The lines to take, and for all that come back the reasons by row."""
    seen = {
        row.number: row
        for row in UploadRow.objects.filter(upload=upload).only(
            "number", "standing", "fingerprint", "chosen"
        )
    }
    bad = {
        row.number: in_words([Problem(*each) for each in row.problems])
        for row in rows_of(upload, Standing.BAD)
    }
    taken: list[Line] = []
    for line in lines:
        row = seen.get(line.number)
        if row is None or not row.chosen or line.standing is Standing.UNCHANGED:
            continue
        if (line.standing, line.fingerprint) == (row.standing, row.fingerprint):
            taken.append(line)
        else:
            bad[line.number] = in_words(list(line.problems)) or _(
                "Somebody changed this entry in the meantime."
            )
    return taken, bad
