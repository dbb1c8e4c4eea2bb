"""Free times as people write them in one cell: words of the week grid or clock times."""

from __future__ import annotations

import re
from functools import lru_cache

from patenwerk.core.sheets.words import fold
from patenwerk.people.kernel.problems import Code, Misread
from patenwerk.people.kernel.profile import DAYS, PARTS_OF_DAY, free_time_bit

PART_HOURS = ((8 * 60, 12 * 60), (12 * 60, 18 * 60), (18 * 60, 22 * 60))
"""Morning, afternoon and evening in minutes of the day."""

SHORTEST = 60
"""Minutes of a part of the day that must be free for the part to count as free."""

_DAY_NAMES = (
    ("mo", "mon", "montag", "montags", "monday", "mondays"),
    ("di", "die", "tue", "tues", "dienstag", "dienstags", "tuesday", "tuesdays"),
    ("mi", "mit", "wed", "mittwoch", "mittwochs", "wednesday", "wednesdays"),
    ("do", "don", "thu", "thur", "thurs", "donnerstag", "donnerstags", "thursday", "thursdays"),
    ("fr", "fre", "fri", "freitag", "freitags", "friday", "fridays"),
    ("sa", "sam", "sat", "samstag", "samstags", "sonnabend", "sonnabends", "saturday", "saturdays"),
    ("so", "son", "sun", "sonntag", "sonntags", "sunday", "sundays"),
)
_DAY_GROUPS = {
    "taglich": range(7),
    "jeden tag": range(7),
    "daily": range(7),
    "every day": range(7),
    "werktags": range(5),
    "wochentags": range(5),
    "unter der woche": range(5),
    "weekdays": range(5),
    "wochenende": range(5, 7),
    "wochenenden": range(5, 7),
    "weekend": range(5, 7),
    "weekends": range(5, 7),
}
_PARTS = {
    "morgens": (0,),
    "fruh": (0,),
    "vormittag": (0,),
    "vormittags": (0,),
    "morning": (0,),
    "mornings": (0,),
    "nachmittag": (1,),
    "nachmittags": (1,),
    "afternoon": (1,),
    "afternoons": (1,),
    "abend": (2,),
    "abends": (2,),
    "evening": (2,),
    "evenings": (2,),
    "ganztags": (0, 1, 2),
    "ganztagig": (0, 1, 2),
    "all day": (0, 1, 2),
}
_ANYTIME = frozenset(
    {"jederzeit", "immer", "flexibel", "anytime", "any time", "always", "flexible"}
)
_DAYS = {fold(name): day for day, names in enumerate(_DAY_NAMES) for name in names}
_SEVERAL_WORDS = frozenset(w for w in (*_DAY_GROUPS, *_PARTS, *_ANYTIME) if " " in w)
_GLUE = frozenset({"und", "and", "am", "an", "im", "in", "the", "on", "oder", "or", "auch", "uhr"})
_FULL_DAY_NAMES = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")

_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:h|uhr)?\s*(am|pm)?"
_CLOCK_RANGE = re.compile(
    rf"(?:von\s+|from\s+)?(?<!\d){_CLOCK}\s*(?:-|bis|to|until)\s*{_CLOCK}(?!\d)\s*(?:uhr|h\b)?"
)
_CLOCK_OPEN = re.compile(rf"(?:(ab|from|after|nach)|(bis|until|before|vor))\s+{_CLOCK}(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_TWO_WORDS = re.compile(r"[^\W\d_]+ [^\W\d_]+")
_THREE_WORDS = re.compile(r"[^\W\d_]+ [^\W\d_]+ [^\W\d_]+")
_DASH = re.compile(r"\s*(?:-|bis|to)\s*(?=[^\W\d])")
_SPACE = re.compile(r"[\s,&+/().]+")
_BREAK = re.compile(r"[;\n|•·]")
_Clock = tuple[str, str | None, str | None]
_DASHES = str.maketrans("–—−", "---")


def read_free_times(text: str) -> int:
    """»Mo nachmittags, Di abends« or »Mo 14-18 Uhr« as bits of the week grid.

    Days before a part of the day share it (»Mo, Mi abends«); a day without part is free all day;
    a part without day means Monday to Friday. Of clock times a part counts as free where at least
    ``SHORTEST`` minutes of it are. Semicolons and new lines begin afresh. Raises Misread.
    """
    return _read_free_times(text)


@lru_cache(maxsize=16384)
def _read_free_times(text: str) -> int:
    bits = 0
    for piece in _BREAK.split(text.translate(_DASHES).lower()):
        bits |= _Piece(piece).read()
    return bits


class _Piece:
    """Reads one piece from left to right."""

    def __init__(self, piece: str) -> None:
        self.piece = piece
        self.at = 0
        self.days: list[int] = []
        self.used = False
        self.bits = 0

    def read(self) -> int:
        while self.at < len(self.piece):
            self._step()
        if self.days and not self.used:
            self._take((0, 1, 2))
        return self.bits

    def _step(self) -> None:
        space = _SPACE.match(self.piece, self.at)
        if space is not None:
            self.at = space.end()
        elif (span := _CLOCK_RANGE.match(self.piece, self.at)) is not None:
            self._move(span)
            self._take(_parts_between(_minutes(*_closing(span)), span[0]))
        elif (edge := _CLOCK_OPEN.match(self.piece, self.at)) is not None:
            self._move(edge)
            minute = _minute(edge[3], edge[4], edge[5], edge[0])
            self._take(_parts_between((minute, 1440) if edge[1] else (0, minute), edge[0]))
        elif (word := _WORD.match(self.piece, self.at)) is not None:
            self._word(word)
        else:
            raise Misread(Code.UNKNOWN_FREE_TIME, word=self.piece[self.at :].strip())

    def _move(self, match: re.Match[str]) -> None:
        self.at = match.end()

    def _word(self, word: re.Match[str]) -> None:
        several = _several_words(self.piece, word)
        folded, self.at = several or (fold(word[0]), word.end())
        if folded in _ANYTIME:
            self._begin(range(DAYS))
            self._take(range(PARTS_OF_DAY))
        elif folded in _DAY_GROUPS:
            self._begin(_DAY_GROUPS[folded])
        elif folded in _DAYS:
            self._begin(self._day_range(_DAYS[folded]))
        elif folded in _PARTS:
            self._take(_PARTS[folded])
        elif (both := _day_with_part(folded)) is not None:
            self._begin([both[0]])
            self._take(both[1])
        elif folded not in _GLUE:
            raise Misread(Code.UNKNOWN_FREE_TIME, word=word[0])

    def _day_range(self, first: int) -> list[int]:
        dash = _DASH.match(self.piece, self.at)
        following = dash and _WORD.match(self.piece, dash.end())
        if not following or fold(following[0]) not in _DAYS:
            return [first]
        self.at = following.end()
        last = _DAYS[fold(following[0])]
        return [(first + step) % DAYS for step in range((last - first) % DAYS + 1)]

    def _begin(self, days: range | list[int]) -> None:
        if self.used:
            self.days, self.used = [], False
        self.days += days

    def _take(self, parts: range | tuple[int, ...]) -> None:
        self.used = True
        if not self.days:
            self.days = list(range(5))
        for day in self.days:
            for part in parts:
                self.bits |= free_time_bit(day, part)


def _several_words(piece: str, word: re.Match[str]) -> tuple[str, int] | None:
    """A name of more than one word (»unter der Woche«) from here on, folded, and where it ends."""
    for phrase in (_THREE_WORDS, _TWO_WORDS):
        match = phrase.match(piece, word.start())
        if match is not None and fold(match[0]) in _SEVERAL_WORDS:
            return fold(match[0]), match.end()
    return None


def _day_with_part(word: str) -> tuple[int, tuple[int, ...]] | None:
    for day, name in enumerate(_FULL_DAY_NAMES):
        rest = word.removeprefix(name)
        if rest != word and rest in _PARTS:
            return day, _PARTS[rest]
    return None


def _closing(span: re.Match[str]) -> tuple[_Clock, _Clock, str]:
    """Both clock times; »2-6 pm« means the afternoon for both."""
    half = span[3] or (span[6] if span[6] and int(span[1]) <= int(span[4]) else "")
    return (span[1], span[2], half), (span[4], span[5], span[6]), span[0]


def _minutes(start: _Clock, end: _Clock, given: str) -> tuple[int, int]:
    first, last = (_minute(hour, past, half, given) for hour, past, half in (start, end))
    if last <= first:
        raise Misread(Code.CLOCK_TIME, given=given.strip())
    return first, last


def _minute(hour: str, minute: str | None, half: str | None, given: str) -> int:
    hours = int(hour)
    if half and 1 <= hours <= 12:
        hours = hours % 12 + (12 if half == "pm" else 0)
    total = hours * 60 + int(minute or 0)
    if total > 1440 or int(minute or 0) > 59:
        raise Misread(Code.CLOCK_TIME, given=given.strip())
    return total


def _parts_between(minutes: tuple[int, int], given: str) -> tuple[int, ...]:
    parts = tuple(
        part
        for part, (begins, ends) in enumerate(PART_HOURS)
        if min(minutes[1], ends) - max(minutes[0], begins) >= SHORTEST
    )
    if not parts:
        raise Misread(Code.FREE_TIME_TOO_SHORT, given=given.strip())
    return parts
