"""Choosing whom letters are for, making them, and letting their files go."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import BERLIN, day_of
from patenwerk.core.papers.writing import write_pdf_with_logo
from patenwerk.core.policy import Actor, may_in, visible
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.jobs.domain.enqueue import enqueue
from patenwerk.jobs.domain.handlers import job_name
from patenwerk.jobs.models import Job
from patenwerk.letters.domain.mailing import start_mailing
from patenwerk.letters.domain.refusals import CannotMake, gone, not_allowed
from patenwerk.letters.domain.text import check_wording
from patenwerk.letters.enums import BY_MAIL, OF_TANDEM, FileKind, LetterKind, RunState
from patenwerk.letters.kernel.defaults import Wording
from patenwerk.letters.models import Letter, LetterFile, LetterRun
from patenwerk.letters.policy import MAKE_LETTERS
from patenwerk.letters.queries.facts import Facts, facts_of, sender_of
from patenwerk.letters.queries.fitting import obstacle, run_obstacles
from patenwerk.letters.queries.paper import paper_data
from patenwerk.letters.queries.run import (
    is_being_made,
    letters_of,
    overdue_files,
    overdue_runs,
)
from patenwerk.letters.queries.text import TextInForce, text_of
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Site
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.tandems.models import Participant, Tandem

MAKE = job_name("letters.make")
ERASE_OVERDUE = job_name("letters.erase_overdue")

MOST = 1_000
"""Letters at a time."""
MOST_IN_ONE = 300
"""Letters in one PDF. It is set as a whole, at some 1.2 MB of memory for each letter."""
AT_ONCE = 5
"""So few letters are made while somebody waits; more are work for the background."""
STEPS = ("reading", "setting")

Tell = Callable[[int, int, str], None]
"""How far the work is: letters done, letters in all, a code for what comes now."""


class CannotChoose(Refusal):
    """No letters can be begun with these rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How letters are to be: language, one file, many or e-mails, when and where (invitations),
    that those asked for a record check are to meet minors, and one's own words.
    """

    language: Language = Language.GERMAN
    file_kind: FileKind = FileKind.ONE
    appointment: str = ""
    meets_minors: bool = False
    wording: Wording | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A run's letters, set: everything slow is done, nothing is written."""

    run: LetterRun
    made: Sequence[Letter]
    left_out: Sequence[Letter]
    data: bytes


@transaction.atomic
def choose_letters(*, kind: LetterKind, ids: Collection[int], by: Actor, at: datetime) -> LetterRun:
    """Begin letters of a kind for people or tandems by their ids; ids out of reach are no rows.

    A certificate is for each mentor of a tandem. Raises :class:`CannotChoose` for nobody, for more
    than 1,000 at a time, and for rows of several sites: a letter has one sender.
    """
    if len(ids) > MOST:
        raise CannotChoose(_too_many())
    found = _tandem_letters(kind, ids, by) if kind in OF_TANDEM else _person_letters(ids, by)
    sites = {site_id for site_id, _letter in found}
    if not found:
        raise CannotChoose(Reason("nobody", _("Please choose for whom the letters are.")))
    if len(sites) > 1:
        raise CannotChoose(
            Reason("sites", _("These rows belong to several sites. Please filter by a site."))
        )
    if len(found) > MOST:  # a tandem may have several mentors
        raise CannotChoose(_too_many())
    site = Site.objects.get(pk=sites.pop())
    scope = {"programme_id": site.programme_id, "carrier_id": site.carrier_id, "site": site}
    run = LetterRun.objects.create(**scope, kind=kind, asked_by_id=by.user_id, asked_at=at)
    Letter.objects.bulk_create([Letter(**scope, run=run, **about) for _site, about in found])
    details = {"kind": kind.value, "letters": len(found)}
    record(by=by, at=at, action="letters.choose", things=[run], details=details)
    return run


def make_letters(*, run: LetterRun, wishes: Wishes, by: Actor, at: datetime) -> Job | None:
    """Make the letters of a run as wished: a few at once, many and e-mails by the job answered.

    Whoever a letter does not fit is left out, with the reason. Raises :class:`CannotMake` where
    nobody is left, something that all of them say is not known, more than 300 are to be one file,
    something to be signed is to leave as an e-mail, or a record check is asked for without saying
    that minors are met (§ 30a BZRG knows no demand without that); where they are being made
    already, or were. Raises ``CannotWrite`` for one's own words that cannot be filled in.
    """
    with transaction.atomic():
        run = _locked(run)
        take_wishes(run, wishes)
        run.save(update_fields=["language", "file_kind", "appointment", "title", "body"])
        fitting, left_out = sorted_letters(run, text_of(run), day_of(at))
        if run.file_kind == FileKind.MAIL:
            Letter.objects.bulk_update(left_out, ["left_out"])
            return start_mailing(run=run, count=len(fitting), by=by, at=at)
        if run.file_kind == FileKind.ONE and len(fitting) > MOST_IN_ONE:
            raise CannotMake(
                Reason(
                    "one_file",
                    _("One PDF holds %(most)d letters at most. Please choose the ZIP.")
                    % {"most": MOST_IN_ONE},
                    "file_kind",
                )
            )
        if len(fitting) <= AT_ONCE:
            store_letters(made=set_letters(run_id=run.pk, by=by, at=at), by=by, at=at)
            return None
        job = enqueue(name=MAKE, payload={"run": run.pk}, by=by, at=at, scope=run.site)
        run.job_id = job.pk
        run.save(update_fields=["job_id"])
        details = {"kind": run.kind, "letters": len(fitting)}
        record(by=by, at=at, action="letters.start_making", things=[run], details=details)
    return job


def set_letters(
    *, run_id: int, by: Actor, at: datetime, tell: Tell = lambda _done, _total, _code: None
) -> Made:
    """Everything slow about a run: read what the letters tell and set them. Nothing is written.

    Raises :class:`CannotMake`: the run is gone or made, nobody is left, or ``by`` may not do this
    at the site any more.
    """
    run = (
        LetterRun.objects.select_related("site__carrier", "site__programme")
        .filter(pk=run_id, state=RunState.CHOSEN)
        .first()
    )
    if run is None:
        raise CannotMake(gone())
    if not may_in(by, MAKE_LETTERS, run.site):
        raise CannotMake(not_allowed())
    text = text_of(run)
    fitting, left_out = sorted_letters(run, text, day_of(at))
    tell(0, len(fitting), STEPS[0])
    with translation.override(run.language):
        facts = facts_of(run, fitting, day_of(at))
        data = _set(run, text, facts, at, tell)
    return Made(run, fitting, left_out, data)


def store_letters(*, made: Made, by: Actor, at: datetime) -> dict[str, int]:
    """Keep what was set as the run's file; in the transaction that ends the work.

    Raises :class:`CannotMake` where somebody else was faster.
    """
    changed = LetterRun.objects.filter(pk=made.run.pk, state=RunState.CHOSEN).update(
        state=RunState.MADE.value,
        made_at=at,
        made_count=len(made.made),
        left_out_count=len(made.left_out),
    )
    if not changed:
        raise CannotMake(gone())
    Letter.objects.bulk_update(made.left_out, ["left_out"])
    LetterFile.objects.create(
        programme_id=made.run.programme_id,
        carrier_id=made.run.carrier_id,
        site_id=made.run.site_id,
        run=made.run,
        data=made.data,
    )
    figures = {"letters": len(made.made), "left_out": len(made.left_out)}
    details = {"kind": made.run.kind, **figures}
    record(by=by, at=at, action="letters.make", things=[made.run], details=details)
    return figures


def take_wishes(run: LetterRun, wishes: Wishes) -> None:
    """Put the wishes into a run, which is not saved: to make its letters, or to look at them.

    Raises :class:`CannotMake` and ``CannotWrite`` as :func:`make_letters` says.
    """
    kind = LetterKind(run.kind)
    run.language, run.file_kind = wishes.language.value, wishes.file_kind.value
    run.appointment = " ".join(wishes.appointment.split())
    run.title = run.body = ""
    if kind is LetterKind.RECORD_CHECK and not wishes.meets_minors:
        raise CannotMake(
            Reason(
                "minors",
                _("A record check may be asked for only where minors are met. Is that so?"),
                "meets_minors",
            )
        )
    if wishes.file_kind is FileKind.MAIL and kind not in BY_MAIL:
        raise CannotMake(
            Reason("signed", _("This letter is signed, so it is not sent by e-mail."), "file_kind")
        )
    wording = text_of(run).wording
    if kind is LetterKind.MESSAGE:
        wording = wishes.wording or Wording("", "")
        check_wording(kind=kind, language=wishes.language, wording=wording)
    if kind is LetterKind.MESSAGE or wishes.file_kind is FileKind.MAIL:
        run.title, run.body = " ".join(wording.title.split()), wording.body.strip()


@transaction.atomic
def erase_overdue(*, by: Actor, at: datetime) -> int:
    """Delete files made 14 days ago and the words mailed then, choices nobody used, and runs of a
    year ago.

    Answers how many runs that was. One row in the record for all.
    """
    files = list(overdue_files(at).select_for_update(of=("self",)))
    old = list(overdue_runs(at).select_for_update(of=("self",)))
    overdue = list({run.pk: run for run in (*files, *old)}.values())
    if overdue:
        record(by=by, at=at, action="letters.erase_overdue", things=overdue)
    LetterFile.objects.filter(run__in=files).delete()
    LetterRun.objects.filter(pk__in=[run.pk for run in files]).update(
        state=RunState.EXPIRED.value, title="", body=""
    )
    LetterRun.objects.filter(pk__in=[run.pk for run in old]).delete()
    return len(overdue)


def _too_many() -> Reason:
    most = _("At most %(most)d letters can be made at a time.") % {"most": MOST}
    return Reason("many", most)


About = dict[str, int]
"""The columns that say whom a letter is about."""


def _person_letters(ids: Collection[int], by: Actor) -> list[tuple[int, About]]:
    reach = visible(by, MAKE_LETTERS, Person)
    people = Person.objects.filter(reach, pk__in=ids).order_by("last_name", "first_name", "pk")
    return [(person.site_id, {"person_id": person.pk}) for person in people.only("site_id")]


def _tandem_letters(kind: LetterKind, ids: Collection[int], by: Actor) -> list[tuple[int, About]]:
    tandems = Tandem.objects.filter(visible(by, MAKE_LETTERS, Tandem), pk__in=ids)
    if kind is not LetterKind.CERTIFICATE:
        return [(each.site_id, {"tandem_id": each.pk}) for each in tandems.order_by("pk")]
    mentors = Participant.objects.filter(tandem__in=tandems, side=Side.MENTOR, is_substitute=False)
    rows = mentors.order_by("person__last_name", "person__first_name", "pk").values_list(
        "tandem__site_id", "tandem_id", "person_id"
    )
    return [  # once for who left and came back, too
        (site, {"tandem_id": tandem, "person_id": person})
        for site, tandem, person in dict.fromkeys(rows)
    ]


def _locked(run: LetterRun) -> LetterRun:
    """The run as it is now, for this transaction alone; refused where there is nothing to make."""
    found = (
        LetterRun.objects.select_for_update(of=("self",))
        .select_related("site__carrier", "site__programme")
        .filter(pk=run.pk, state=RunState.CHOSEN)
        .first()
    )
    if found is None:
        raise CannotMake(gone())
    if is_being_made(found):
        raise CannotMake(Reason("busy", _("These letters are being made already.")))
    return found


def sorted_letters(
    run: LetterRun, text: TextInForce, on: date
) -> tuple[list[Letter], list[Letter]]:
    """The letters to be made on a day, and those left out with their reason's code.

    Raises :class:`CannotMake` where none is to be made; of a single letter it says why.
    """
    reasons = list(run_obstacles(run, text))
    if reasons:
        raise CannotMake(reasons)
    fitting: list[Letter] = []
    left_out: list[Letter] = []
    for letter in letters_of(run):
        against = obstacle(letter, run, on)
        letter.left_out = "" if against is None else against.code
        if against is None:
            fitting.append(letter)
        else:
            left_out.append(letter)
            reasons.append(against)
    if not fitting:
        if len(left_out) == 1:
            raise CannotMake(reasons)
        raise CannotMake(Reason("none_left", _("None of these letters can be made.")))
    return fitting, left_out


def _set(
    run: LetterRun, text: TextInForce, facts: Sequence[Facts], at: datetime, tell: Tell
) -> bytes:
    """The bytes of the run's file, in the language in force."""

    def paper(letters: Sequence[Facts]) -> bytes:
        data = paper_data(
            kind=LetterKind(run.kind),
            wording=text.wording,
            sender=sender_of(run.site),
            letters=letters,
            on=day_of(at),
            language=run.language,
        )
        return write_pdf_with_logo("letters/letter", data, at=at)

    if run.file_kind == FileKind.ONE:
        return paper(facts)
    zipped = io.BytesIO()
    moment = at.astimezone(BERLIN)
    with zipfile.ZipFile(zipped, "w") as files:
        for number, each in enumerate(facts, start=1):
            tell(number - 1, len(facts), STEPS[1])
            name = f"{number:03d}-{slugify(each.name) or 'brief'}.pdf"
            entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
            files.writestr(entry, paper([each]))
    return zipped.getvalue()
