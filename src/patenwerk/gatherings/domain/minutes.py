"""Minutes: written together, sent to the circle, approved, locked, corrected by dated notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Max
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.gatherings.domain.minutes_steps import MINUTES_STEPS
from patenwerk.gatherings.enums import EDITABLE, ItemState, MinutesState
from patenwerk.gatherings.kernel.merging import Conflict, merge, plain, taken_back
from patenwerk.gatherings.models import (
    AgendaItem,
    Correction,
    Gathering,
    Minutes,
    Section,
    SectionVersion,
)
from patenwerk.gatherings.queries.minutes import may_begin, minutes_token, receivers_of
from patenwerk.gatherings.queries.promise import OpenBefore, open_before
from patenwerk.mail.domain.send import queue_mail


class CannotBegin(Refusal):
    """No minutes can be begun of this gathering now."""


class CannotWrite(Refusal):
    """The words were not saved."""


class CannotCorrect(Refusal):
    """The note was not added."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of words that were saved.

    ``version`` is what the writer goes on from: it holds exactly the writer's words. ``text`` is
    what stands in the minutes now, which is more where somebody else wrote as well.
    """

    version: int
    text: str
    conflicts: tuple[Conflict, ...] = ()


def begin_refusals(gathering: Gathering, at: datetime) -> list[Reason]:
    """Every reason against beginning minutes now; buttons ask the same."""
    reasons = []
    if not may_begin(gathering, day_of(at)):
        sentence = _("Minutes can be begun on the day of the gathering.")
        reasons.append(Reason("not_yet", sentence))
    if Minutes.objects.filter(gathering=gathering).exists():
        reasons.append(Reason("begun", _("The minutes have been begun already.")))
    return reasons


def begin_minutes(*, gathering: Gathering, by: Actor, at: datetime) -> Minutes:
    """Begin the minutes with what was open from before and one section for each agenda item.

    Needs an open transaction. Raises :class:`CannotBegin` before the gathering's day, and when
    they were begun already: two people who begin at once find the same minutes.
    """
    gathering = Gathering.objects.select_for_update(of=("self",)).get(pk=gathering.pk)
    reasons = begin_refusals(gathering, at)
    if reasons:
        raise CannotBegin(reasons)
    minutes = Minutes.objects.create(
        **gathering.organiser_columns, gathering=gathering, created_at=at
    )
    still_open = open_before(gathering)
    if still_open:
        with translation.override(settings.LANGUAGE_CODE):
            heading, text = gettext("Open from before"), _listed(still_open)
        first = _new_section(minutes, heading=heading)
        _keep(first, text, by=by, at=at)
    for item in gathering.agendaitems.filter(state=ItemState.ACCEPTED).order_by("position", "pk"):
        _new_section(minutes, heading=item.title, item=item)
    record(by=by, at=at, action="gatherings.begin_minutes", things=[minutes])
    return minutes


def add_section(*, minutes: Minutes, heading: str, by: Actor, at: datetime) -> Section:
    """Add a free section at the end. Raises :class:`CannotWrite`."""
    minutes = Minutes.objects.select_for_update(of=("self",)).get(pk=minutes.pk)
    reasons = list(_not_editable(minutes))
    if not heading.strip():
        reasons.append(Reason("no_heading", _("Please give the section a heading."), "heading"))
    if reasons:
        raise CannotWrite(reasons)
    section = _new_section(minutes, heading=heading.strip())
    record(by=by, at=at, action="gatherings.add_section", things=[section])
    return section


def add_section_of(item: AgendaItem) -> None:
    """Give an item that comes onto the agenda a section, where minutes have been begun already.

    The gathering is locked by the caller, so that beginning at the same moment forgets no item.
    """
    begun = Minutes.objects.select_for_update(of=("self",)).filter(gathering=item.gathering_id)
    for minutes in begun:
        _new_section(minutes, heading=item.title, item=item)


def rename_section_of(item: AgendaItem, before: str) -> None:
    """Let the section of an item follow its new title, unless it has been given another one."""
    Section.objects.filter(item=item, heading=before).update(heading=item.title)


def remove_section_of(item: AgendaItem) -> None:
    """Take the section away with its item where nothing was ever written in it."""
    Section.objects.filter(
        item=item, version=0, decisions__isnull=True, commitments__isnull=True
    ).delete()


def remove_section(*, section: Section, by: Actor, at: datetime) -> None:
    """Take an empty section away. Raises :class:`CannotWrite` when something stands in it."""
    section = _locked(section)
    reasons = list(_not_editable(section.minutes))
    if (
        section.text
        or section.decisions.exists()
        or section.commitments.exists()
        or section.objections.exists()
    ):
        reasons.append(Reason("not_empty", _("Something stands in this section: it stays.")))
    if reasons:
        raise CannotWrite(reasons)
    record(by=by, at=at, action="gatherings.remove_section", things=[section])
    section.delete()


def write_section(
    *, section: Section, text: str, base_version: int, by: Actor, at: datetime
) -> Written:
    """Save a section's words, joined with what others saved since ``base_version``.

    The writer's own words are kept as a version of their own wherever the joint text is another
    one, so that going on writing compares with what the writer saw. Where both changed the same
    sentence, both wordings stand in the text and are answered as conflicts. Saving the same again
    writes nothing. Needs an open transaction. Raises :class:`CannotWrite` when the minutes cannot
    be edited any more, or for a version that does not exist.
    """
    section = _locked(section)
    reasons = list(_not_editable(section.minutes))
    base = _text_of(section, base_version)
    if base is None:
        sentence = _("The page is too old. Please copy your words and load it again.")
        reasons.append(Reason("no_base", sentence))
    if reasons:
        raise CannotWrite(reasons)
    began, own = base or "", plain(text)
    merged = merge(began, own, section.text)
    if own == began:
        return Written(base_version, section.text)
    if own == section.text:
        return Written(section.version, section.text)
    known = (
        section.versions.filter(number__gt=base_version, text=own, by_id=by.user_id)
        .order_by("number")
        .last()
    )
    if known is not None and merged.text == section.text:
        return Written(known.number, section.text, merged.conflicts)
    mine = _keep(section, own, by=by, at=at, is_current=merged.text == own)
    if merged.text not in (own, section.text):
        _keep(section, merged.text, by=by, at=at)
    record(by=by, at=at, action="gatherings.write_section", things=[section])
    return Written(mine.number, section.text, merged.conflicts)


def take_back(*, section: Section, number: int, by: Actor, at: datetime) -> None:
    """Put what an earlier version said back into the text, each sentence where it stood.

    Nothing that stands there now goes. Needs an open transaction. Raises :class:`CannotWrite` when
    the minutes cannot be edited any more, for a version that does not exist, and where all of it
    stands in the text.
    """
    section = _locked(section)
    reasons = list(_not_editable(section.minutes))
    earlier = _text_of(section, number)
    if earlier is None:
        reasons.append(Reason("no_version", _("This version does not exist.")))
    joint = taken_back(earlier or "", section.text)
    if earlier is not None and joint == section.text:
        reasons.append(Reason("all_there", _("Everything it says stands in the text.")))
    if reasons:
        raise CannotWrite(reasons)
    _keep(section, joint, by=by, at=at)
    details = {"version": number}
    record(by=by, at=at, action="gatherings.take_back", things=[section], details=details)


def send_minutes(
    *,
    minutes: Minutes,
    objections_until: date,
    link: str,
    by: Actor,
    at: datetime,
) -> int:
    """Send the minutes to the circle with the term for objections; answer how many mails.

    ``link`` is the address for reading with ``{token}`` in it. Needs an open transaction. Raises
    ``CannotMove`` with all reasons.
    """
    MINUTES_STEPS.move(
        minutes,
        "send",
        by=by,
        at=at,
        facts={"objections_until": objections_until},
        changes={"sent_at": at, "objections_until": objections_until},
    )
    receivers = receivers_of(minutes.gathering, day_of(at))
    for receiver in receivers:
        queue_mail(
            to=receiver.email,
            template="minutes_sent",
            context={
                "name": receiver.name,
                "title": minutes.gathering.title,
                "starts_at": minutes.gathering.starts_at,
                "until": objections_until,
                "link": link.replace("{token}", minutes_token(minutes)),
            },
            language=receiver.language,
            by=by,
            at=at,
            is_secret=True,
        )
    record(
        by=by,
        at=at,
        action="gatherings.send_minutes",
        things=[minutes],
        details={"mails": len(receivers)},
    )
    return len(receivers)


def approve_minutes(
    *, minutes: Minutes, approved_in: Gathering | None, by: Actor, at: datetime
) -> None:
    """Make the minutes the record: after the term, or by a later gathering of the series.

    Needs an open transaction. Raises ``CannotMove`` with all reasons.
    """
    MINUTES_STEPS.move(
        minutes,
        "approve",
        by=by,
        at=at,
        facts={"approved_in": approved_in},
        changes={"approved_at": at, "approved_in": approved_in},
    )
    record(by=by, at=at, action="gatherings.approve_minutes", things=[minutes])


def lock_minutes(*, minutes: Minutes, by: Actor, at: datetime) -> None:
    """Close approved minutes for good: from now on there are dated notes only.

    Needs an open transaction. Raises ``CannotMove``.
    """
    MINUTES_STEPS.move(minutes, "lock", by=by, at=at)
    record(by=by, at=at, action="gatherings.lock_minutes", things=[minutes])


def correct_minutes(*, minutes: Minutes, text: str, by: Actor, at: datetime) -> Correction:
    """Add a dated note to locked minutes; their text stays. Raises :class:`CannotCorrect`."""
    reasons = []
    if not text.strip():
        reasons.append(Reason("no_words", _("Please say what is to be corrected."), "text"))
    if minutes.state != MinutesState.LOCKED:
        reasons.append(Reason("not_locked", _("Notes are for minutes that are locked.")))
    if reasons:
        raise CannotCorrect(reasons)
    correction = Correction.objects.create(
        **minutes.organiser_columns,
        minutes=minutes,
        text=text.strip(),
        at=at,
        by_id=by.user_id,
    )
    record(by=by, at=at, action="gatherings.correct_minutes", things=[correction])
    return correction


def _locked(section: Section) -> Section:
    """The section as it stands now, with its minutes, nobody else's until the transaction ends."""
    return (
        Section.objects.select_for_update(of=("self", "minutes"))
        .select_related("minutes")
        .get(pk=section.pk)
    )


def _not_editable(minutes: Minutes) -> Iterable[Reason]:
    if minutes.state not in EDITABLE:
        yield Reason(
            "minutes_sent",
            _("The minutes are sent. What they say changes by an objection or a correction."),
        )


def _new_section(minutes: Minutes, *, heading: str, item: AgendaItem | None = None) -> Section:
    last = minutes.sections.aggregate(last=Max("position"))["last"]
    return Section.objects.create(
        **minutes.organiser_columns,
        minutes=minutes,
        item=item,
        heading=heading,
        position=0 if last is None else last + 1,
    )


def _text_of(section: Section, number: int) -> str | None:
    """What a version holds; the one before the first is empty, and one that is not there None."""
    if number == 0:
        return ""
    return section.versions.filter(number=number).values_list("text", flat=True).first()


def _keep(
    section: Section, text: str, *, by: Actor, at: datetime, is_current: bool = True
) -> SectionVersion:
    """Write a version; the current one is what stands in the minutes."""
    last = section.versions.aggregate(last=Max("number"))["last"] or 0
    version = SectionVersion.objects.create(
        **section.organiser_columns,
        minutes_id=section.minutes_id,
        section=section,
        number=last + 1,
        text=text,
        at=at,
        by_id=by.user_id,
    )
    if is_current:
        section.text, section.version = text, version.number
        section.save(update_fields=["text", "version"])
    return version


def _listed(still_open: OpenBefore) -> str:
    """What earlier gatherings left open, a line each, so that the minutes can answer it."""
    lines: list[str] = []
    for promise in still_open.commitments:
        carriers: Sequence[str] = [
            str(carrier) for carrier in (promise.of_carrier, *promise.partners.all()) if carrier
        ]
        who = ", ".join([*([promise.owner] if promise.owner else []), *carriers])
        until = promise.due_on
        notes = [who, gettext("until %(day)s") % {"day": date_format(until)} if until else ""]
        said = "; ".join(note for note in notes if note)
        lines.append(f"– {promise.text} ({said})" if said else f"– {promise.text}")
    if still_open.objections:
        count = len(still_open.objections)
        words = ngettext(
            "%(count)s objection to earlier minutes is open.",
            "%(count)s objections to earlier minutes are open.",
            count,
        )
        lines.append("– " + words % {"count": count})
    return "\n".join(lines)
