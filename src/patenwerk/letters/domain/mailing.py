"""Letters as e-mails: a few at a time, so that no mail server takes them for junk; they can be
stopped and go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor, may_in
from patenwerk.core.refusal import Reason
from patenwerk.jobs.domain.enqueue import enqueue
from patenwerk.jobs.domain.handlers import job_name
from patenwerk.jobs.models import Job
from patenwerk.letters.domain.refusals import CannotMake, gone, not_allowed
from patenwerk.letters.enums import RunState
from patenwerk.letters.models import Letter, LetterRun
from patenwerk.letters.policy import MAKE_LETTERS
from patenwerk.letters.queries.facts import facts_of, sender_of
from patenwerk.letters.queries.family import addresses_of
from patenwerk.letters.queries.fitting import NO_ADDRESS, obstacle
from patenwerk.letters.queries.paper import shown
from patenwerk.letters.queries.run import is_being_made, letters_of, mailed_count
from patenwerk.letters.queries.text import text_of
from patenwerk.mail.domain.send import CannotMail, queue_mail

MAIL = job_name("letters.mail")

AT_A_TIME = 20
"""E-mails that go into the outbox together."""
PAUSE = timedelta(minutes=1)
"""Before the next ones do."""


def start_mailing(*, run: LetterRun, count: int, by: Actor, at: datetime) -> Job:
    """Have the letters of a locked run leave as e-mails, the first ones now."""
    details = {"kind": run.kind, "letters": count}
    record(by=by, at=at, action="letters.start_mailing", things=[run], details=details)
    return _next(run, by, at, not_before=None)


@transaction.atomic
def stop_mailing(*, run: LetterRun, by: Actor, at: datetime) -> None:
    """Let no further e-mail of a run leave. Raises :class:`CannotMake` where none is to leave."""
    stopped = LetterRun.objects.filter(pk=run.pk, state=RunState.MAILING)
    if not stopped.update(state=RunState.STOPPED.value):
        raise CannotMake(gone())
    record(by=by, at=at, action="letters.stop_mailing", things=[run])


@transaction.atomic
def go_on_mailing(*, run: LetterRun, by: Actor, at: datetime) -> Job:
    """Let the e-mails leave that have not: of a run that was stopped, or whose job has failed.

    Raises :class:`CannotMake` where all have, or they leave already.
    """
    found = _locked(run)
    if found is None:
        raise CannotMake(gone())
    if found.state == RunState.MAILING and is_being_made(found):
        raise CannotMake(Reason("busy", _("These e-mails leave already.")))
    record(by=by, at=at, action="letters.go_on_mailing", things=[found])
    return _next(found, by, at, not_before=None)


def mail_some(*, run_id: int, job_id: int, by: Actor, at: datetime) -> dict[str, int]:
    """Put the next e-mails of a run into the outbox; in the transaction that ends the job.

    Does nothing for a run that was stopped, or that another job has in hand since. Whoever has no
    address any more is left out. Raises :class:`CannotMake` where ``by`` may not do this at the
    site any more.
    """
    run = _locked(LetterRun(pk=run_id))
    if run is None or run.state != RunState.MAILING or run.job_id != job_id:
        return {"mailed": 0}
    if not may_in(by, MAKE_LETTERS, run.site):
        raise CannotMake(not_allowed())
    waiting = letters_of(run).filter(left_out="", mailed_at__isnull=True)
    letters = list(waiting[:AT_A_TIME])
    mailed = _mail(run, letters, by, at)
    if waiting.exists():
        _next(run, by, at, not_before=at + PAUSE)
    else:
        _close(run, at)
    details = {"kind": run.kind, "letters": mailed, "left_out": len(letters) - mailed}
    record(by=by, at=at, action="letters.mail", things=[run], details=details)
    return {"mailed": mailed}


def _mail(run: LetterRun, letters: list[Letter], by: Actor, at: datetime) -> int:
    """Write the e-mails; answers about how many letters there are."""
    wording, on = text_of(run).wording, day_of(at)
    fitting = []
    for letter in letters:
        against = obstacle(letter, run, on)
        letter.left_out = "" if against is None else against.code
        if against is None:
            fitting.append(letter)
    with translation.override(run.language):
        facts = facts_of(run, fitting, on)
    sender = sender_of(run.site)
    for letter, known in zip(fitting, facts, strict=True):
        words = shown(wording, known)
        context = {"title": words.title, "blocks": words.blocks, "sender": sender}
        written = [
            _write(run, address, context, by, at) for address in addresses_of(letter, run, on)
        ]
        if any(written):
            letter.mailed_at = at
        else:
            letter.left_out = NO_ADDRESS.code
    Letter.objects.bulk_update(letters, ["left_out", "mailed_at"])
    return sum(letter.mailed_at is not None for letter in letters)


def _write(
    run: LetterRun, address: str, context: Mapping[str, Any], by: Actor, at: datetime
) -> bool:
    """Put one e-mail into the outbox; answers whether the address was one."""
    try:
        queue_mail(
            to=address,
            template="letter",
            context=context,
            language=run.language,
            by=by,
            at=at,
        )
    except CannotMail:
        return False
    return True


def _next(run: LetterRun, by: Actor, at: datetime, *, not_before: datetime | None) -> Job:
    """The job that mails the next letters. A job that the run does not name does nothing."""
    payload = {"run": run.pk}
    job = enqueue(name=MAIL, payload=payload, by=by, at=at, scope=run.site, not_before=not_before)
    run.job_id, run.state = job.pk, RunState.MAILING.value
    run.save(update_fields=["job_id", "state"])
    return job


def _close(run: LetterRun, at: datetime) -> None:
    done, _all = mailed_count(run)
    run.state, run.made_at, run.made_count = RunState.MADE.value, at, done
    run.left_out_count = run.letters.exclude(left_out="").count()
    run.save(update_fields=["state", "made_at", "made_count", "left_out_count"])


def _locked(run: LetterRun) -> LetterRun | None:
    """The run as it is now, for this transaction alone, if its e-mails have not all left."""
    return (
        LetterRun.objects.select_for_update(of=("self",))
        .select_related("site__carrier", "site__programme")
        .filter(pk=run.pk, state__in=[RunState.MAILING, RunState.STOPPED])
        .first()
    )
