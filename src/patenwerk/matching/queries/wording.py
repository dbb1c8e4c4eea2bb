"""Reasons and obstacles in words. Codes and plain values in, sentences out: asks no database, so
that pages, spreadsheets and the command line say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from babel.lists import format_list
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from patenwerk.matching.kernel.codes import Limit, Part, Step, Why
from patenwerk.people.enums import Level, Side
from patenwerk.people.kernel.languages import language_name
from patenwerk.people.kernel.profile import DAYS, PARTS_OF_DAY
from patenwerk.places.enums import DistanceCode

TIMES_NAMED = 3
"""So many common times are named one by one."""

WELL = Level.B2
"""From here on a common language is no effort for anybody."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words that belong to a programme or a person: fields of support by code, and the people's
    own spelling of folded words. What is not in there is said as it is.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    spelling: Mapping[str, str] = field(default_factory=dict)


NO_WORDS = Words()


@dataclass(frozen=True, slots=True)
class Said:
    """A reason in words: its label, its sentence, and how it fits in a word with a tone."""

    code: Part
    label: str
    sentence: str
    verdict: str
    tone: str


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why somebody has no partner yet: what stands in the way, what it means, what would help."""

    headline: str
    meaning: str
    help: str


def listed(words: Sequence[str]) -> str:
    """»one, two and three« in the reader's language."""
    return format_list(list(words), locale=_locale())


def _locale() -> str:
    return (get_language() or "de").partition("-")[0]


# ------------------------------------------------------------------------------- reasons


def reason_in_words(code: str, value: Any, words: Words = NO_WORDS) -> Said:
    """One reason in words.

    ``code`` and ``value`` as in matching.kernel.reasons, or as kept with a suggestion: there the
    distance is a pair of code and kilometres (places.enums.DistanceCode).
    """
    part = Part(code)
    sentence, verdict, tone = _SENTENCES[part](value, words)
    return Said(part, part_in_words(part), sentence, verdict, tone)


def reasons_in_words(stored: Sequence[Mapping[str, Any]], words: Words = NO_WORDS) -> list[Said]:
    """The reasons kept with a suggestion, in their order."""
    return [reason_in_words(reason["code"], reason["value"], words) for reason in stored]


def part_in_words(part: Part) -> str:
    """What a part of the score is called."""
    return {
        Part.DISTANCE: pgettext("reason", "Way"),
        Part.LANGUAGES: pgettext("reason", "Languages"),
        Part.FREE_TIME: pgettext("reason", "Time"),
        Part.FIELDS: pgettext("reason", "Help with"),
        Part.INTERESTS: pgettext("reason", "Likes"),
        Part.DISLIKES: pgettext("reason", "Dislikes"),
        Part.EXPECTED_LENGTH: pgettext("reason", "Length"),
        Part.WAITING: pgettext("reason", "Waiting"),
    }[part]


_Sentence = tuple[str, str, str]


def _fits() -> tuple[str, str]:
    return pgettext("reason", "fits"), "good"


def _open() -> tuple[str, str]:
    return pgettext("reason", "open"), "warn"


def _distance(value: Any, _words: Words) -> _Sentence:
    if value is None:
        return _("The distance is not known."), *_open()
    if isinstance(value, (list, tuple)):
        code, km = value
    else:
        code = DistanceCode.SAME_PLACE if value == 0 else DistanceCode.ABOUT
        km = max(1, round(value))
    said = {
        DistanceCode.SAME_PLACE: pgettext("reason", "same place"),
        DistanceCode.SAME_AREA: pgettext("reason", "same area, not known more exactly"),
        DistanceCode.ABOUT: pgettext("reason", "about %(km)s km") % {"km": km},
    }
    return said[DistanceCode(code)], *_fits()


def _languages(value: Any, _words: Words) -> _Sentence:
    names = [_language(code, Level(level)) for code, level in value]
    sentence = _("Both speak %(languages)s") % {"languages": listed(names)}
    best = max((level for _code, level in value), default=Level.A1)
    return sentence, *(_fits() if best >= WELL else (pgettext("reason", "enough"), ""))


def _language(code: str, level: Level) -> str:
    name = language_name(code, _locale())
    if level is Level.NATIVE:
        return name
    return _("%(language)s (%(level)s)") % {"language": name, "level": level.name}


def time_in_words(cell: int) -> str:
    """One cell of the week grid (``day * 3 + part``): »Wed evening«."""
    days = (
        pgettext("free time", "Mon"),
        pgettext("free time", "Tue"),
        pgettext("free time", "Wed"),
        pgettext("free time", "Thu"),
        pgettext("free time", "Fri"),
        pgettext("free time", "Sat"),
        pgettext("free time", "Sun"),
    )
    parts = (
        pgettext("free time", "morning"),
        pgettext("free time", "afternoon"),
        pgettext("free time", "evening"),
    )
    day, part = divmod(cell, PARTS_OF_DAY)
    return _("%(day)s %(part)s") % {"day": days[day], "part": parts[part]}


def _free_time(value: Any, _words: Words) -> _Sentence:
    times = [time_in_words(cell) for cell in value]
    if len(times) == DAYS * PARTS_OF_DAY:
        return _("Both always have time"), *_fits()
    if len(times) > TIMES_NAMED + 1:
        further = len(times) - TIMES_NAMED
        times = times[:TIMES_NAMED]
        times.append(_("at %(count)s further times") % {"count": further})
    sentence = _("Both have time on %(times)s") % {"times": listed(times)}
    return sentence, *(_fits() if len(value) > 1 else (pgettext("reason", "little"), ""))


def _fields(value: Any, words: Words) -> _Sentence:
    if not value:
        return _("Nothing offered of what was asked for"), *_open()
    names = [words.fields.get(code, code) for code in value]
    return _("Asked for and offered: %(fields)s") % {"fields": listed(names)}, *_fits()


def _shared(value: Any, words: Words) -> str:
    return listed([words.spelling.get(word, word) for word in value])


def _interests(value: Any, words: Words) -> _Sentence:
    if not value:
        return _("No shared interest named"), "", ""
    return _("Both like %(words)s") % {"words": _shared(value, words)}, *_fits()


def _dislikes(value: Any, words: Words) -> _Sentence:
    if not value:
        return _("No shared dislike named"), "", ""
    return _("Both do not like %(words)s") % {"words": _shared(value, words)}, *_fits()


def _expected_length(value: Any, _words: Words) -> _Sentence:
    mentor, mentee = value
    if mentor is None or mentee is None:
        return _("Not both have said how long"), *_open()
    if mentor == mentee:
        sentence = ngettext(
            "Both expect %(months)s month", "Both expect %(months)s months", mentor
        ) % {"months": mentor}
        return sentence, *_fits()
    sentence = _("%(mentee)s months on one side, %(mentor)s on the other: please talk about it") % {
        "mentee": mentee,
        "mentor": mentor,
    }
    return sentence, pgettext("reason", "differs"), "warn"


def _waiting(value: Any, _words: Words) -> _Sentence:
    mentor, mentee = value
    sentence = _("Mentee for %(mentee)s days, counterpart for %(mentor)s days") % {
        "mentee": mentee,
        "mentor": mentor,
    }
    return sentence, "", ""


_SENTENCES: Mapping[Part, Callable[[Any, Words], _Sentence]] = {
    Part.DISTANCE: _distance,
    Part.LANGUAGES: _languages,
    Part.FREE_TIME: _free_time,
    Part.FIELDS: _fields,
    Part.INTERESTS: _interests,
    Part.DISLIKES: _dislikes,
    Part.EXPECTED_LENGTH: _expected_length,
    Part.WAITING: _waiting,
}


# ------------------------------------------------------------------- why somebody has nobody


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Somebody left over, as plain values: the side, why, and what explains it.

    ``limits``, ``opens`` and ``feasible`` as in matching.kernel.leftovers; ``free_times`` and
    ``languages`` of the person make the sentence more exact.
    """

    side: Side
    why: str
    limits: Sequence[str] = ()
    opens: int = 0
    feasible: int = 0
    free_times: int | None = None
    languages: Mapping[str, int] = field(default_factory=dict)


def why_not_in_words(obstacle: Obstacle) -> WhyNot:
    """Why somebody has no partner yet: »all taken« is told from »nobody fits«."""
    why = Why(obstacle.why)
    if why is Why.NOBODY_THERE:
        return WhyNot(
            _("Nobody is there on the other side yet."),
            _("There is nobody to choose from."),
            _("It helps to win people, or to match with neighbouring sites."),
        )
    if why is Why.ALL_TAKEN:
        return _all_taken(obstacle)
    limits = [Limit(limit) for limit in obstacle.limits]
    help_ = [_opening(len(limits), obstacle.opens)]
    if Limit.RECORD_CHECK in limits:
        help_.append(_("A record check is inspected, never waived."))
    return WhyNot(
        " ".join(limit_in_words(limit, obstacle) for limit in limits),
        _("Nobody keeps all limits yet."),
        " ".join(help_),
    )


def _all_taken(obstacle: Obstacle) -> WhyNot:
    if obstacle.feasible:
        meaning = ngettext(
            "%(count)s person would fit; the place went to somebody else in this round.",
            "%(count)s people would fit; their places went to others in this round.",
            obstacle.feasible,
        ) % {"count": obstacle.feasible}
    else:
        meaning = ngettext(
            "%(count)s person would fit and has no free place.",
            "%(count)s people would fit and have no free place.",
            obstacle.opens,
        ) % {"count": obstacle.opens}
    return WhyNot(
        _("All who fit are taken."),
        meaning,
        _("It helps to ask whether somebody can take on one more, or to win people."),
    )


def _opening(limits: int, opens: int) -> str:
    if limits == 1:
        return ngettext(
            "If this changed, %(count)s person would fit.",
            "If this changed, %(count)s people would fit.",
            opens,
        ) % {"count": opens}
    return ngettext(
        "If all of this changed, %(count)s person would fit.",
        "If all of this changed, %(count)s people would fit.",
        opens,
    ) % {"count": opens}


def limit_in_words(limit: Limit, obstacle: Obstacle) -> str:
    """What stands in the way, as a sentence about those who would fit otherwise."""
    if limit is Limit.FREE_TIME:
        return _missing_time(obstacle.free_times)
    if limit is Limit.LANGUAGE:
        return _missing_language(obstacle.languages)
    if limit is Limit.RECORD_CHECK and obstacle.side is Side.MENTOR:
        return _("A valid record check is missing.")
    own, other = _SAID_BY_SIDE.get(limit, (None, None))
    if own is not None and other is not None:
        return own() if limit.startswith(obstacle.side) else other()
    return {
        Limit.MENTOR_FULL: _("Whoever would fit otherwise has no free place."),
        Limit.MENTEE_FULL: _("Whoever would fit otherwise has no free place."),
        Limit.PLACE_UNKNOWN: _("Where a postcode lies is not known."),
        Limit.RECORD_CHECK: _("Whoever would fit otherwise has no valid record check."),
        Limit.NETWORK: _("Whoever would fit otherwise belongs to another network."),
        Limit.NEVER_AGAIN: _("It was noted that the two shall not be brought together."),
    }[limit]


_SAID_BY_SIDE: Mapping[Limit, tuple[Callable[[], str], Callable[[], str]]] = {
    limit: said
    for limits, said in (
        (
            (Limit.MENTEE_DISTANCE, Limit.MENTOR_DISTANCE),
            (
                lambda: _("Whoever would fit otherwise lives further away than wished."),
                lambda: _("For whoever would fit otherwise the way is too long."),
            ),
        ),
        (
            (Limit.MENTEE_AGE_WISH, Limit.MENTOR_AGE_WISH),
            (
                lambda: _("Whoever would fit otherwise is not of the wished age."),
                lambda: _("Whoever would fit otherwise wishes another age."),
            ),
        ),
        (
            (Limit.MENTEE_GENDER_WISH, Limit.MENTOR_GENDER_WISH),
            (
                lambda: _("Whoever would fit otherwise is not of the wished gender."),
                lambda: _("Whoever would fit otherwise wishes another gender."),
            ),
        ),
    )
    for limit in limits
}


def _missing_time(free_times: int | None) -> str:
    if free_times == 0:
        return _("No free times have been entered.")
    cells = [cell for cell in range(DAYS * PARTS_OF_DAY) if (free_times or 0) >> cell & 1]
    parts = {cell % PARTS_OF_DAY for cell in cells}
    if len(parts) != 1:
        return _("There is no common free time.")
    return (
        _("Time in the morning is missing."),
        _("Time in the afternoon is missing."),
        _("Time in the evening is missing."),
    )[parts.pop()]


def _missing_language(languages: Mapping[str, int]) -> str:
    if not languages:
        return _("There is no common language.")
    best = max(languages.values())
    names = [language_name(code, _locale()) for code, level in languages.items() if level == best]
    return _("Somebody with %(languages)s is missing.") % {"languages": listed(sorted(names))}


def excluded_in_words(limit: str, side: Side) -> str:
    """Why some are not proposed to a person of ``side``: stands behind their number."""
    meant = Limit(limit)
    own = meant.startswith(side)
    return {
        Limit.MENTEE_DISTANCE: _("too far away") if own else _("the way is too long for them"),
        Limit.MENTOR_DISTANCE: _("too far away") if own else _("the way is too long for them"),
        Limit.FREE_TIME: _("no common free time"),
        Limit.MENTEE_AGE_WISH: _("not of the wished age") if own else _("wish another age"),
        Limit.MENTOR_AGE_WISH: _("not of the wished age") if own else _("wish another age"),
        Limit.MENTEE_GENDER_WISH: (
            _("not of the wished gender") if own else _("wish another gender")
        ),
        Limit.MENTOR_GENDER_WISH: (
            _("not of the wished gender") if own else _("wish another gender")
        ),
        Limit.LANGUAGE: _("no common language at the level needed"),
        Limit.MENTOR_FULL: _("no free place"),
        Limit.MENTEE_FULL: _("no free place"),
        Limit.PLACE_UNKNOWN: _("the place is not known"),
        Limit.RECORD_CHECK: _("without a valid record check"),
        Limit.NETWORK: _("another network"),
        Limit.NEVER_AGAIN: _("shall not be brought together"),
    }[meant]


def step_in_words(step: str) -> str:
    """What a running round is busy with."""
    words = {
        Step.LIMITS: _("Looking at who fits"),
        Step.PAIRS: _("Looking for the best pairs"),
        Step.PROOF: _("Checking that there is nothing better"),
        Step.REASONS: _("Writing the reasons down"),
    }
    return words[Step(step)] if step else _("The round will start in a moment")
