"""Joining what two people wrote at the same time, sentence by sentence: nothing is lost silently.

A three-way merge: ``base`` is what both began with. A sentence that one side left as it was follows
the other side. Where both touched the same sentence differently, both wordings stay, and so does a
sentence that one side changed and the other deleted; every such place is reported.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

#: Words as alike as this are one sentence that was changed, others are two sentences.
ALIKE = 0.5
#: More pairs than this are not compared word by word: they are taken in their order.
MOST_PAIRS = 900

_WHERE_SENTENCES_END = re.compile(r"[.!?…][»«“”\"')\]]*(?=[ \t]+[^\sa-zäöüß])")
#: A full stop behind these ends no sentence for sure: »z. B.«, »Dr.«, »3. März«. Larger pieces only
#: mean that more is kept.
_NO_END = re.compile(
    r"(?:^|[\s(])(?:[^\W\d_]|\d{1,2}|Abs|Art|Dr|Fr|Hr|Mio|Mrd|Nr|Prof|St|Str|Tel"
    r"|bzw|ca|evtl|ggf|inkl|max|min|sog|usw|vgl)\.$"
)
_PIECE = re.compile(r"\s*\S.*?(?=\n|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Conflict:
    """One place where both sides did something else; an empty wording is a deletion."""

    base: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The joint text, and the places that somebody should look at."""

    text: str
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence with the white space before it."""

    before: str
    words: str


@dataclass(frozen=True, slots=True)
class _Side:
    """What one side did to the base.

    ``became[i]`` is what sentence i became: itself, another wording, or None (deleted).
    ``added[i]`` are new sentences in front of sentence i; the last entry stands at the end.
    """

    became: list[Piece | None]
    added: list[list[Piece]]


def merge(base: str, mine: str, theirs: str) -> Merged:
    """Join ``mine`` and ``theirs``, both written from ``base``.

    Whatever one side wrote and the other did not delete is in the answer, whichever side is called
    mine. Merging again with the answer as ``theirs`` changes no sentence, as long as none stands in
    the text twice; a line may end somewhere else. Lines end with a line feed.
    """
    base, mine, theirs = (plain(text) for text in (base, mine, theirs))
    if theirs in (base, mine):
        return Merged(mine)
    if mine == base:
        return Merged(theirs)
    pieces = [tuple(pieces_of(text)) for text in (base, mine, theirs)]
    if _is_in_already(*pieces):
        return Merged(theirs)
    return _joined(*pieces)


def pieces_of(text: str) -> list[Piece]:
    """The sentences and lines of a text; together they are the text, without spaces at ends."""
    found = []
    for line in _PIECE.findall(plain(text)):
        begin = 0
        for end in (match.end() for match in _WHERE_SENTENCES_END.finditer(line)):
            if _NO_END.search(line[begin:end]) is None:
                found.append(_piece(line[begin:end]))
                begin = end
        found.append(_piece(line[begin:]))
    return found


def compared(earlier: str, present: str) -> list[tuple[Piece, bool]]:
    """The sentences of an earlier text, each with whether it stands in the present one, too.

    A beginning that somebody saved while typing stands in the sentence it became.
    """
    before, now = pieces_of(earlier), pieces_of(present)
    stands, left = [False] * len(before), Counter(each.words for each in now)
    for name, i1, i2, _j1, _j2 in _blocks(before, now):
        if name == "equal":
            stands[i1:i2] = [True] * (i2 - i1)
            left -= Counter(each.words for each in before[i1:i2])
    for place, piece in enumerate(before):
        if not stands[place] and left[piece.words] > 0:
            # It stands somewhere else now.
            stands[place] = True
            left[piece.words] -= 1
    return [
        (piece, there or any(_begins(piece.words, each.words) for each in now))
        for piece, there in zip(before, stands, strict=True)
    ]


def taken_back(earlier: str, present: str) -> str:
    """The present text with what an earlier one said besides, each sentence where it stood.

    Nothing of the present text goes: where a sentence was changed, the present wording comes first.
    """
    before, now = compared(earlier, present), pieces_of(present)
    found: list[Piece] = []
    for name, i1, i2, j1, j2 in _blocks([piece for piece, _stands in before], now):
        if name == "equal":
            pairs = zip(before[i1:i2], now[j1:j2], strict=True)
            found += [Piece(new.before or old.before, new.words) for (old, _stands), new in pairs]
        else:
            found += now[j1:j2]
            found += [piece for piece, stands in before[i1:i2] if not stands]
    return _text(found)


def _begins(words: str, longer: str) -> bool:
    return len(words) < len(longer) and longer.startswith(words)


def _blocks(
    before: Sequence[Piece], after: Sequence[Piece]
) -> Sequence[tuple[str, int, int, int, int]]:
    """Where sentences are the same, and where not: name, span before, span after."""
    matcher = SequenceMatcher(
        None, [each.words for each in before], [each.words for each in after], autojunk=False
    )
    return matcher.get_opcodes()


def plain(text: str) -> str:
    """The text with line feeds only, and no white space at the ends of lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip()


def _piece(text: str) -> Piece:
    words = text.strip()
    return Piece(text[: text.index(words)], words)


def _is_in_already(base: Sequence[Piece], mine: Sequence[Piece], theirs: Sequence[Piece]) -> bool:
    """Whether theirs holds everything I added, and what I took away is gone there: saved before.

    Deletions alone say nothing: the other side may have changed what I deleted.
    """
    before, own, other = (Counter(each.words for each in side) for side in (base, mine, theirs))
    added, removed = own - before, before - own
    return (
        bool(added)
        and all(other[words] >= own[words] for words in added)
        and all(other[words] <= own[words] for words in removed)
    )


def _joined(base: Sequence[Piece], mine: Sequence[Piece], theirs: Sequence[Piece]) -> Merged:
    one, other = _side(base, mine), _side(base, theirs)
    found: list[Piece] = []
    conflicts: list[Conflict] = []
    for place, before in enumerate(base):
        found += _both_added(one.added[place], other.added[place])
        my, their = one.became[place], other.became[place]
        kept, conflict = _decide(before, my, their)
        found += kept
        if conflict is not None:
            conflicts.append(conflict)
    found += _both_added(one.added[-1], other.added[-1])
    return Merged(_text(found), tuple(conflicts))


def _both_added(mine: Sequence[Piece], theirs: Sequence[Piece]) -> list[Piece]:
    """New sentences at the same place: theirs, which are saved already, then mine."""
    there = Counter(each.words for each in theirs)
    further = []
    for each in mine:
        if there[each.words]:
            there[each.words] -= 1
        else:
            further.append(each)
    return [*theirs, *further]


def _decide(
    before: Piece, my: Piece | None, their: Piece | None
) -> tuple[list[Piece], Conflict | None]:
    """What becomes of one sentence of the base."""
    mine, theirs = (None if side is None else side.words for side in (my, their))
    if theirs in (mine, before.words):
        return ([] if my is None else [_spaced(before, my, their)]), None
    if mine == before.words:
        return (
            [] if their is None else [_spaced(before, my or before, their, words=their.words)]
        ), None
    conflict = Conflict(before.words, mine or "", theirs or "")
    return [side for side in (their, my) if side is not None], conflict


def _spaced(before: Piece, my: Piece, their: Piece | None, words: str | None = None) -> Piece:
    """The sentence with the white space of whoever changed that.

    A sentence that stands first has none; that it came to stand there says nothing about it.
    """
    if their is not None and their.before not in ("", before.before):
        return Piece(their.before, words or my.words)
    return Piece(my.before or before.before, words or my.words)


def _text(pieces: Sequence[Piece]) -> str:
    """The pieces with a space where none of them brought white space along."""
    first, *others = pieces or (Piece("", ""),)
    return first.words + "".join((each.before or " ") + each.words for each in others)


def _side(base: Sequence[Piece], written: Sequence[Piece]) -> _Side:
    became: list[Piece | None] = [None] * len(base)
    added: list[list[Piece]] = [[] for _ in range(len(base) + 1)]
    for name, i1, i2, j1, j2 in _blocks(base, written):
        if name == "equal":
            became[i1:i2] = written[j1:j2]
            continue
        pairs = dict(_changed(base[i1:i2], written[j1:j2]))
        place = i1
        for position, piece in enumerate(written[j1:j2]):
            if position in pairs:
                place = i1 + pairs[position] + 1
                became[place - 1] = piece
            else:
                added[place].append(piece)
    return _Side(became, added)


def _changed(before: Sequence[Piece], after: Sequence[Piece]) -> list[tuple[int, int]]:
    """Which sentence is which one's new wording: (position after, position before), in order.

    The pairs are those whose words are most alike in sum.
    """
    if not before or not after or len(before) * len(after) > MOST_PAIRS:
        return [(position, position) for position in range(min(len(before), len(after)))]
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i in range(len(before) - 1, -1, -1):
        for j in range(len(after) - 1, -1, -1):
            here = _likeness(before[i].words, after[j].words)
            paired = here + best[i + 1][j + 1] if here >= ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(before) and j < len(after):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((j, i))
            i, j = i + 1, j + 1
    return pairs


@lru_cache(maxsize=4096)
def _likeness(one: str, other: str) -> float:
    """From 0 (nothing in common) to 1 (the same), by words."""
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()
