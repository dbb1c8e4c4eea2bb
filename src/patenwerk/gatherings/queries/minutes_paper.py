"""Minutes as a paper: the data its template sets, with every word translated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from patenwerk.gatherings.enums import MinutesState
from patenwerk.gatherings.models import Decision, Objection
from patenwerk.gatherings.queries.gathering import period
from patenwerk.gatherings.queries.minutes import Record

#: A word stands behind the page until minutes are the record.
FINAL = frozenset({MinutesState.APPROVED, MinutesState.LOCKED})


def paper_data(record: Record) -> dict[str, Any]:
    """What ``papers/minutes.typ`` is given, in the reader's language."""
    minutes = record.minutes
    gathering = minutes.gathering
    place = ", ".join(part for part in (gathering.place_name, gathering.address) if part)
    facts = [
        (gettext("When"), period(gathering)),
        (gettext("Where"), place),
        (gettext("State"), minutes.get_state_display()),
    ]
    if minutes.sent_at is not None:
        facts.append((gettext("Sent"), date_format(localtime(minutes.sent_at))))
    if minutes.approved_at is not None:
        facts.append((gettext("Approved"), date_format(localtime(minutes.approved_at))))
    if minutes.approved_in is not None:
        facts.append((gettext("Approved in"), minutes.approved_in.title))
    return {
        "title": gettext("Minutes: %(title)s") % {"title": gathering.title},
        "language": (get_language() or "de").split("-")[0],
        "organisation": str(gathering.carrier or gathering.programme),
        "watermark": None if minutes.state in FINAL else _watermark(minutes.state),
        "page": gettext("Page"),
        "of": gettext("of"),
        "facts": [(word, value) for word, value in facts if value],
        "sections": [
            {
                "heading": row.section.heading,
                "text": row.section.text,
                "decisions": [_decision(each) for each in row.decisions],
                "promises": [_promise(each) for each in row.promises],
            }
            for row in record.rows
        ],
        "further": {
            "heading": gettext("Decided and promised"),
            "decisions": [_decision(each) for each in record.decisions],
            "promises": [_promise(each) for each in record.promises],
        },
        "objections": {
            "heading": gettext("Objections"),
            "entries": [_objection(each) for each in record.all_objections],
        },
        "corrections": {
            "heading": gettext("Corrections"),
            "entries": [
                {"day": date_format(localtime(each.at)), "text": each.text}
                for each in record.corrections
            ],
        },
    }


def _watermark(state: str) -> str:
    return gettext("Draft") if state == MinutesState.DRAFT else gettext("Not approved")


def _decision(decision: Decision) -> dict[str, str]:
    return {
        "heading": gettext("Decision %(number)s") % {"number": decision.number},
        "text": decision.text,
        "grounds": gettext("Grounds: %(words)s") % {"words": decision.grounds}
        if decision.grounds
        else "",
    }


def _promise(row: Mapping[str, Any]) -> dict[str, str]:
    promise = row["promise"]
    carriers: Sequence[str] = [
        *([promise.of_carrier.name] if promise.of_carrier else []),
        *row["partners"],
    ]
    who = [*([promise.owner] if promise.owner else []), *carriers] or [gettext("the organisers")]
    until = promise.due_on
    notes = [", ".join(who)]
    if until:
        notes.append(gettext("until %(day)s") % {"day": date_format(until)})
    return {
        "heading": promise.get_kind_display().capitalize(),
        "text": promise.text,
        "note": " · ".join(notes),
    }


def _objection(objection: Objection) -> dict[str, str]:
    place = objection.section.heading if objection.section else gettext("The minutes as a whole")
    return {
        "who": " · ".join(
            each
            for each in (
                str(objection.of_carrier or ""),
                place,
                date_format(localtime(objection.raised_at)),
                objection.get_state_display(),
            )
            if each
        ),
        "text": objection.text,
        "answer": gettext("Answer: %(words)s") % {"words": objection.answer}
        if objection.answer
        else "",
    }
