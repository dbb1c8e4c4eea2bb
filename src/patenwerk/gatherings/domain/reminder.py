"""Reminding owners of what they promised, in one mail for everything that is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.gatherings.enums import CommitmentState
from patenwerk.gatherings.kernel.reminders import BEFORE, is_reminder_due
from patenwerk.gatherings.models import Commitment
from patenwerk.gatherings.queries.addressee import offices_of
from patenwerk.gatherings.queries.contact import Addressee, contacts_of
from patenwerk.jobs.domain.handlers import job_name
from patenwerk.mail.domain.send import queue_mail
from patenwerk.organisations.models import Account

REMIND = job_name("gatherings.remind_of_promises")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a reminder, and in which language."""

    email: str
    name: str
    language: str


def remind_owners(*, link: str, by: Actor, at: datetime) -> int:
    """Mail every owner what is due; answer how many promises were reminded of.

    ``link`` is the address of a promise with ``{pk}`` in it. Mails go to the account a promise
    names, else to the contacts of its carrier, else to the organisers. A promise nobody can be
    written to about stays as it is. Needs an open transaction: the promises are locked, and a
    second run finds them reminded.
    """
    on = day_of(at)
    due = [row for row in _locked(on) if _is_due(row, on)]
    readers = _readers(due, on)
    told: dict[Reader, list[Commitment]] = {}
    for commitment in due:
        for reader in readers[commitment.pk]:
            told.setdefault(reader, []).append(commitment)
    for reader, rows in told.items():
        queue_mail(
            to=reader.email,
            template="promise_reminder",
            context={
                "name": reader.name,
                "promises": [_line(row, link, on) for row in rows],
                "number": len(rows),
                "first": rows[0].text,
            },
            language=reader.language,
            by=by,
            at=at,
        )
    reminded = [row for row in due if readers[row.pk]]
    for row in reminded:
        row.reminded_at = at
    Commitment.objects.bulk_update(reminded, ["reminded_at"])
    if reminded:
        record(by=by, at=at, action="gatherings.remind", things=reminded)
    return len(reminded)


def _locked(on: date) -> Iterable[Commitment]:
    return (
        Commitment.objects.select_for_update(of=("self",))
        .filter(state=CommitmentState.OPEN, due_on__lte=on + BEFORE)
        .select_related("gathering", "account")
        .order_by("due_on", "pk")
    )


def _is_due(row: Commitment, on: date) -> bool:
    reminded = row.reminded_at
    return row.due_on is not None and is_reminder_due(
        due_on=row.due_on,
        since=day_of(row.created_at),
        reminded_on=None if reminded is None else day_of(reminded),
        on=on,
    )


def _line(row: Commitment, link: str, on: date) -> dict[str, object]:
    return {
        "text": row.text,
        "due_on": row.due_on,
        "is_overdue": row.due_on is not None and row.due_on < on,
        "gathering": row.gathering.title,
        "link": link.format(pk=row.pk),
    }


def _readers(rows: list[Commitment], on: date) -> Mapping[int, list[Reader]]:
    """Whom to write to about each promise."""
    carriers = {row.of_carrier_id or row.carrier_id for row in rows} - {None}
    contacts = contacts_of([pk for pk in carriers if pk is not None], on)
    office = offices_of({row.programme_id for row in rows}, on)
    found: dict[int, list[Reader]] = {}
    for row in rows:
        carrier = row.of_carrier_id or row.carrier_id
        if row.account is not None and row.account.is_active:
            found[row.pk] = [_of_account(row.account)]
        elif carrier is not None:
            found[row.pk] = [_of_addressee(each) for each in contacts[carrier]]
        else:
            found[row.pk] = [_of_addressee(each) for each in office[row.programme_id]]
    return found


def _of_account(account: Account) -> Reader:
    return Reader(account.email, account.full_name, account.language)


def _of_addressee(each: Addressee) -> Reader:
    return Reader(each.email, each.name, each.language)
