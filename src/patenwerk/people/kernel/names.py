"""Whether two names may be one, written twice: other scripts, other spellings, slips of a hand.

A word is read as a skeleton: its consonants in classes, and between them what is known of the
vowels. »Muhammad«, »Mohammed« and »محمد« have one skeleton; »Hasan« and »Husain« have the same
consonants and vowels that do not go together. So another spelling is the same sound, and a
brother's name is not. Where letters can be read in several ways (»ch« in German and in Ukrainian
papers), a word has several readings. What is left are slips: one letter wrong, missing, too many,
or swapped with the next, which is four of five errors (F. J. Damerau, »A technique for computer
detection and correction of spelling errors«, Communications of the ACM 7, 1964).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import islice, product

from patenwerk.core.sheets.words import fold


class Sameness(IntEnum):
    """How far two names agree, the more the higher; ``MISSING``: one of them is not known."""

    MISSING = -1
    DIFFERENT = 0
    CLOSE = 1
    """A slip that may as well be another name: in a short word, or in another spelling."""
    PART = 2
    """One is a part of the other, or its initial."""
    NEAR = 3
    """One slip away, in long words two."""
    ALIKE = 4
    """Another spelling of the same sound."""
    EQUAL = 5
    """The same letters, whatever the accents."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a word: classes of consonants, and a mask of vowels for every gap.

    There is one gap more than there are consonants: the first is before them, the last behind.
    """

    consonants: str
    gaps: tuple[int, ...]

    def fits(self, other: Reading) -> bool:
        """Whether both can be the same sound."""
        return self.consonants == other.consonants and all(
            mine & theirs for mine, theirs in zip(self.gaps, other.gaps, strict=True)
        )

    @property
    def is_telling(self) -> bool:
        """With one consonant alone it is the vowels that tell Lea from Leo."""
        return len(self.consonants) > 1


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """One word of a name: its folded letters and the readings they have.

    ``keys`` are the consonants of every reading: words that sound alike have one in common.
    ``is_bare``: its short vowels are not written, as in Arabic. A word is made once, so it is
    itself alone: comparing and remembering words costs little.
    """

    letters: str
    readings: tuple[Reading, ...]
    keys: frozenset[str]
    is_bare: bool


Words = tuple[Word, ...]

_A, _I, _U, _NONE, _AI = 1, 2, 4, 8, 16
_ANY = _A | _I | _U | _NONE
"""A short vowel or none: what Arabic does not write. An »ai« it does."""
_MASKS = {"a": _A, "e": _A | _I, "i": _I, "o": _U, "u": _U, "?": _ANY | _AI}
_FIRST_MASKS = {"e": _A | _I | _U, "?": _A | _I | _U}
"""Before the first consonant: Olena and Elena, Omar and Umar, and an alif that may be any."""
_STRESSED_MASKS = {"e": _A | _I | _NONE}
"""An »e« alone may be no more than what helps two consonants: Oleksandr, Alexander."""
_DIPHTHONGS = {"ai": _AI, "ei": _AI}
"""Heinz is not Hans, and Hussein not Hassan. Only at the end it is as good as an »i«: Sergej."""
_WRITTEN_AI = {"i": _I | _AI, "ai": _A | _I | _AI}
"""Arabic writes one letter for a long »i«, for »ai« and for »ei«."""
_LATER_MASKS = {"e": _ANY}
"""Behind the first vowel it may be any: Youssef, Yusuf."""

#: ``?`` is a vowel of which nothing is known; ``W`` and ``Y`` are consonants or long vowels.
_ARABIC = {
    letter: sound
    for letters, sound in (
        *(("اأإآىٱة", "a"), ("ثتط", "t"), ("ذدض", "d"), ("زسشصظ", "s"), ("حخهغگ", "g")),
        *(("قكک", "k"), ("ؤو", "W"), ("ئيی", "Y"), ("عء", "?"), ("جژ", "j"), ("ب", "b")),
        *(("پ", "p"), ("چ", "c"), ("ر", "r"), ("ف", "f"), ("ل", "l"), ("م", "m"), ("ن", "n")),
        ("ـ", ""),
    )
    for letter in letters
}
_CYRILLIC = {
    **dict(zip("абвгґдезиіїйклмнопрстуфыэ", "abvhgdezyiijklmnoprstufye", strict=True)),
    **dict.fromkeys("ъь'’ʼ`´ʹʿʾ", ""),
    **dict(re.findall(r"(.):(\w+)", "є:ye ё:yo ю:yu я:ya ж:zh х:kh ц:ts ч:tsch ш:sh щ:shch")),
}
_FROM_ARABIC = str.maketrans(_ARABIC)
_FROM_CYRILLIC = str.maketrans(_CYRILLIC)
_IS_ARABIC = re.compile("[\u0600-\u06ff]")
_ARABIC_ARTICLE = re.compile("^ال(?=.{3})")
_LATIN_ARTICLE = re.compile("^[ae]l(?=[^aeiou].{3})")
_APART = re.compile(r"[\s,;.()/_-]+")

_PARTICLE = re.compile(
    "al|el|ul|as|ad|ar|an|ash|il|ibn|ben|bin|bint|von|van|vom|der|den|de|da|zu|zur|und"
)
"""Words that come and go between the parts of a name."""
_SERVANT = re.compile(r"^abd(?:[aeiou]l?)?(?=.{2})")
"""Abd al-Rahman, Abdulrahman, Abdurrahman: one name, whose article nobody writes alike."""
_SERVANT_ALONE = re.compile(r"^abd(?:[aeiou]l?)?$")

#: What a spelling stands for; with several sounds it can be read in several ways.
_SOUNDS = {
    spelling: tuple(sounds.split("/"))
    for spelling, sounds in re.findall(
        r"(\S+):(\S+)",
        "shch:s tsch:c dsch:j sch:s tch:c dzh:j dsh:j oua:va/ua oui:vi/ui kh:g gh:g sh:s zh:j/s "
        "ch:g/c dj:j th:t dh:d dt:t ph:f ts:s tz:s ck:k qu:kv x:ks q:k c:c/k/s j:j/y w:v z:s h:g "
        "W:v/u Y:y/i",
    )
}
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)) + "|.")
_READINGS_AT_MOST = 8


def words_of(name: str) -> Words:
    """The words of a name, without articles and particles as far as something is left."""
    spelled = list(_spelled(name))
    told: list[tuple[str, bool]] = []
    for letters, is_arabic in [
        each for each in spelled if not _PARTICLE.fullmatch(each[0])
    ] or spelled:
        if told and _SERVANT_ALONE.match(told[-1][0]):
            told[-1] = ("abd" + letters, is_arabic or told[-1][1])
        else:
            told.append((letters, is_arabic))
    return tuple(_word(letters, is_arabic=is_arabic) for letters, is_arabic in told)


def sameness(one: Words, other: Words) -> Sameness:
    """How far two names agree: each word of the shorter one has to have its own in the longer."""
    if not one or not other:
        return Sameness.MISSING
    few, many = sorted((one, other), key=len)
    if "".join(word.letters for word in few) == "".join(word.letters for word in many):
        return Sameness.EQUAL
    left = list(many)
    least = Sameness.EQUAL
    for word in few:
        best = max(left, key=lambda each: _of_words(word, each))
        least = min(least, _of_words(word, best))
        left.remove(best)
    return min(least, Sameness.PART) if left else least


def slips(one: str, other: str, most: int) -> int:
    """How many slips lie between two words; where there are more than ``most``, one more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        earlier, before, row = before, row, [place]
        for column, facing in enumerate(other, 1):
            cost = min(before[column] + 1, row[-1] + 1, before[column - 1] + (letter != facing))
            if place > 1 and column > 1 and (letter, one[place - 2]) == (other[column - 2], facing):
                cost = min(cost, earlier[column - 2] + 1)
            row.append(cost)
    return min(row[-1], most + 1)


@lru_cache(maxsize=1 << 17)
def _of_words(one: Word, other: Word) -> Sameness:
    if one.letters == other.letters:
        return Sameness.EQUAL
    if any(
        mine == theirs or (mine.fits(theirs) and (mine.is_telling or one.is_bare or other.is_bare))
        for mine, theirs in product(one.readings, other.readings)
    ):
        return Sameness.ALIKE
    short, long = sorted((len(one.letters), len(other.letters)))
    if short == 1 and one.letters[0] == other.letters[0]:
        return Sameness.PART
    most = 2 if short >= LONG else 1
    if short >= 3 and slips(one.letters, other.letters, most) <= most:
        return Sameness.NEAR if long >= SHORT else Sameness.CLOSE
    if any(
        min(len(mine), len(theirs)) >= _TELLING and slips(mine, theirs, 1) == 1
        for mine, theirs in product(one.keys, other.keys)
    ):
        return Sameness.CLOSE
    return Sameness.DIFFERENT


SHORT = 5
"""From so many letters on one slip is more likely than another name: not with Lena and Lina."""
LONG = 9
"""From so many letters on the same goes for two slips."""
_TELLING = 4
"""With fewer consonants one more or less is another name: Ahmad and Muhammad, Walid and Khalid."""


def _spelled(name: str) -> Iterator[tuple[str, bool]]:
    """Each word in Latin letters, and whether its vowels are missing as in Arabic."""
    for part in _APART.split(unicodedata.normalize("NFKC", name).casefold()):
        if _IS_ARABIC.search(part):
            bare = "".join(sign for sign in part if unicodedata.category(sign) != "Mn")
            letters = _ARABIC_ARTICLE.sub("", bare).translate(_FROM_ARABIC)
            if letters.startswith("?bd"):
                letters = "a" + letters[1:]
            yield from ((letters, True),) if letters else ()
        else:
            for letters in fold(part.translate(_FROM_CYRILLIC)).split():
                yield letters, False


@lru_cache(maxsize=1 << 16)
def _word(letters: str, *, is_arabic: bool) -> Word:
    plain = _SERVANT.sub("abd", letters)
    if is_arabic and plain[0] in "aWY":
        # An alif may be any vowel; in front the other two are consonants.
        plain = {"a": "?", "W": "w", "Y": "y"}[plain[0]] + plain[1:]
    # The article is often written to its word, and not everybody writes it.
    readings = (
        reading
        for spelling in dict.fromkeys((plain, _LATIN_ARTICLE.sub("", plain)))
        for way in islice(product(*map(_ways, _SOUND.findall(spelling))), _READINGS_AT_MOST)
        for reading in _readings("".join(way), is_arabic=is_arabic)
    )
    found = tuple(dict.fromkeys(readings))
    keys = frozenset(reading.consonants for reading in found)
    return Word(plain.lower(), found, keys, is_arabic)


def _ways(sound: str) -> tuple[str, ...]:
    return _SOUNDS.get(sound, (sound,))


def _readings(sounds: str, *, is_arabic: bool) -> Iterator[Reading]:
    """The skeleton of a word, and what it is without letters that are often left out."""
    said = sounds[:1] + sounds[1:].replace("y", "i") if is_arabic else _with_glides(sounds)
    yield _skeleton(said, is_arabic=is_arabic)
    if len(said) > 2 and said.endswith("g") and (is_arabic or said[-2] in _MASKS):
        yield _skeleton(said[:-1], is_arabic=is_arabic)  # Sarah, Sara
    if said.startswith("ye"):
        yield _skeleton(said[1:], is_arabic=is_arabic)  # Yelena, Elena


def _with_glides(sounds: str) -> str:
    """A »y« (or »i«) before the first vowel is a consonant, anywhere else it is a vowel."""
    first, rest = sounds[:1], sounds[1:].replace("y", "i")
    if first in {"y", "i"}:
        first = "y" if rest[:1] in _MASKS else "i"
    return first + rest


def _skeleton(sounds: str, *, is_arabic: bool) -> Reading:
    consonants = ""
    runs = [""]
    for sound in sounds:
        if sound in _MASKS:
            runs[-1] += sound
        elif is_arabic or runs[-1] or sound != consonants[-1:]:
            consonants += sound
            runs.append("")
    first, *between = runs
    last = between.pop() if between else ""
    unsaid, pairs = (_ANY, _WRITTEN_AI) if is_arabic else (_NONE, _DIPHTHONGS)
    stressed = next((place for place, run in enumerate([first, *between]) if run), 0)
    gaps = (
        _mask(first, _NONE, _FIRST_MASKS | pairs),
        *(
            _mask(run, unsaid, (_STRESSED_MASKS if place <= stressed else _LATER_MASKS) | pairs)
            for place, run in enumerate(between, 1)
        ),
        _mask(last, _NONE, _STRESSED_MASKS),
    )
    return Reading(consonants, gaps if consonants else gaps[:1])


def _mask(run: str, unsaid: int, alone: Mapping[str, int]) -> int:
    """What is known of a gap; ``alone`` says more of vowels that stand by themselves."""
    if not run:
        return unsaid
    if run in alone:
        return alone[run]
    mask = 0
    for vowel in run:
        mask |= _MASKS[vowel]
    return mask
