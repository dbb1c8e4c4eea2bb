"""Who gets a letter, and why somebody does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from patenwerk.core.refusal import Reason
from patenwerk.letters.enums import FileKind, LetterKind
from patenwerk.letters.kernel.placeholders import Placeholder, used_in
from patenwerk.letters.models import Letter, LetterRun
from patenwerk.letters.queries.family import addresses_of
from patenwerk.letters.queries.text import TextInForce
from patenwerk.people.enums import Side
from patenwerk.people.kernel.defaults import RECORD_CHECK_FROM
from patenwerk.people.models import Person
from patenwerk.people.queries.record_check import is_too_young_for_check
from patenwerk.tandems.enums import State
from patenwerk.tandems.models import Tandem

NOT_AGREED = Reason("not_agreed", _("Somebody has not said yes yet."))
OVER = Reason("over", _("The tandem has ended."))
NO_MEETING = Reason("no_meeting", _("There was no meeting yet."))
ARCHIVED = Reason("archived", _("The person is archived."))
NO_MENTOR = Reason("no_mentor", _("Only those who accompany are asked for a record check."))
NO_LAST_NAME = Reason("last_name", _("The last name is not known."))
NO_ADDRESS = Reason("address", _("There is no e-mail address."))
NO_BIRTH_DATE = Reason("birth_date", _("The date of birth is not known."))
TOO_YOUNG = Reason(
    "too_young",
    format_lazy(
        _("Nobody below {age} can have a record check, so none is asked for."),
        age=RECORD_CHECK_FROM,
    ),
)
_REASONS = (
    *(NOT_AGREED, OVER, NO_MEETING, ARCHIVED, NO_MENTOR, NO_LAST_NAME, NO_BIRTH_DATE, NO_ADDRESS),
    TOO_YOUNG,
)
#: The sentence of each code, for what was left out long ago.
SENTENCES = {reason.code: reason.sentence for reason in _REASONS}


def obstacle(letter: Letter, run: LetterRun, on: date) -> Reason | None:
    """The first reason why a letter of a run is not made on a day as the run wants it; None where
    it is. Needs the person's guardians prefetched where e-mails are to leave.
    """
    found = next(_obstacles(letter, LetterKind(run.kind), on), None)
    if found is None and run.file_kind == FileKind.MAIL and not addresses_of(letter, run, on):
        return NO_ADDRESS
    return found


def person_obstacles(person: Person, kind: LetterKind, on: date) -> Iterator[Reason]:
    """What speaks against a letter of this kind about a person on a day.

    A request for a record check names the person as the office knows it (§ 30a (2) BZRG), and
    nobody below 14 is asked for one (see people.kernel.defaults).
    """
    if person.archived_at is not None:
        yield ARCHIVED
    if kind is LetterKind.RECORD_CHECK:
        if person.side != Side.MENTOR:
            yield NO_MENTOR
        if is_too_young_for_check(person, on):
            yield TOO_YOUNG
        if not person.last_name:
            yield NO_LAST_NAME
        if person.birth_date is None:
            yield NO_BIRTH_DATE


def tandem_obstacles(tandem: Tandem, kind: LetterKind) -> Iterator[Reason]:
    """What speaks against a letter of this kind about a tandem."""
    if kind is LetterKind.CERTIFICATE:
        if not tandem.meeting_count:
            yield NO_MEETING
        return
    if tandem.state == State.PROPOSED:
        yield NOT_AGREED
    if tandem.state == State.ENDED:
        yield OVER


def run_obstacles(run: LetterRun, text: TextInForce) -> Iterator[Reason]:
    """What speaks against all letters of a run: what they would have to say is not known."""
    if run.kind == LetterKind.RECORD_CHECK and not run.site.street:
        yield Reason(
            "street",
            _(
                "The request names the site's address, and its street is not known yet. The "
                "carrier's management can enter it at the site."
            ),
        )
    if (
        run.file_kind == FileKind.MAIL
        and Placeholder.CONTACT in _used(text)
        and not (run.site.phone or run.site.email)
    ):
        yield Reason(
            "contact",
            _(
                "The text says how you can be reached, and neither phone nor e-mail address of the "
                "site is known yet. The carrier's management can enter them at the site."
            ),
        )
    if asks_for_appointment(text) and not run.appointment:
        yield Reason("appointment", _("The text names a time. Please say which."), "appointment")


def asks_for_appointment(text: TextInForce) -> bool:
    """Whether the text says when and where."""
    return Placeholder.APPOINTMENT in _used(text)


def _used(text: TextInForce) -> frozenset[Placeholder]:
    return used_in(f"{text.wording.title}\n{text.wording.body}")


def _obstacles(letter: Letter, kind: LetterKind, on: date) -> Iterator[Reason]:
    if letter.tandem is not None:
        return tandem_obstacles(letter.tandem, kind)
    assert letter.person is not None  # noqa: S101 - a letter is about somebody
    return person_obstacles(letter.person, kind, on)
