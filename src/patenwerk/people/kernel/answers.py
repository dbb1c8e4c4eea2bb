"""Single answers as people write them: names, postcode, gender, numbers, ages, words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from patenwerk.core.sheets.words import fold, nearest
from patenwerk.people.enums import Gender
from patenwerk.people.kernel.problems import Code, Misread

GENDER_WORDS: dict[Gender, str] = {
    Gender.FEMALE: "weiblich, w, Frau, Frauen, Mädchen, female, f, woman, women, girl",
    Gender.MALE: "männlich, m, Mann, Männer, Junge, male, man, men, boy",
    Gender.DIVERSE: "divers, d, nichtbinär, nicht-binär, diverse, non-binary, nonbinary, x",
    Gender.UNSAID: "keine Angabe, k. A., unbekannt, not said, unknown",
}
"""What may stand for a gender; the first word is the usual one."""

NO_WISH_WORDS = "egal, keine, kein, keiner, alle, any, no preference, none, beliebig"
"""What may stand where somebody has no wish."""

YES_NO_WORDS: dict[bool, str] = {
    True: "ja, j, x, wahr, yes, y, true",
    False: "nein, n, falsch, no, false",
}
"""What may stand for yes and no; the first word is the usual one."""

_YES_NO = {fold(w): said for said, words in YES_NO_WORDS.items() for w in words.split(",")}
_GENDERS = {fold(w): gender for gender, words in GENDER_WORDS.items() for w in words.split(",")}
_NO_WISH = frozenset(fold(word) for word in NO_WISH_WORDS.split(","))
_PARTICLES = frozenset(
    {"von", "van", "vom", "zu", "zum", "zur", "de", "del", "della", "der", "den", "di", "da"}
    | {"dos", "ten", "ter", "el", "al", "bin", "bint", "ibn", "ben", "abu", "le", "la"}
)
_POSTCODE = re.compile(r"(?:D|DE)?[- ]*(\d{4,5})(?:\.0)?(?:[ ,]+\D.*)?", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:bis|max\.?|maximal|ca\.?|up to|about)?\s*(\d{1,6})(?:[.,]0+)?\s*([^\W\d]*\.?)"
)
_SEPARATORS = (
    re.compile(r"[;\n|•·]"),
    re.compile(","),
    re.compile("/"),
    re.compile(r"[&+]|\b(?:und|and)\b"),
)
_LIST = re.compile(r"[,;\n|•·/]")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")
_AGES = (
    (re.compile(r"(\d{1,3})\s*(?:-|–|—|bis|to)\s*(\d{1,3})"), (1, 2)),
    (
        re.compile(r"(?:ab|von|mind\.?|mindestens|über|from|at least|over|min\.?)\s*(\d{1,3})"),
        (1, 0),
    ),
    (re.compile(r"(\d{1,3})\s*\+"), (1, 0)),
    (re.compile(r"(?:bis|max\.?|maximal|höchstens|up to|until|at most)\s*(\d{1,3})"), (0, 1)),
    (re.compile(r"(\d{1,3})"), (1, 1)),
)
_YEARS = re.compile(r"\s*(?:jahre?n?|j\.|years?( old)?|yrs?)\s*$")
_OLDEST = 120


def split_name(text: str) -> tuple[str, str]:
    """First and last name of »Yılmaz, Ayşe« or »Ayşe Yılmaz«.

    A single word is a first name; particles such as »von« belong to the last name.
    """
    if "," in text:
        last, _comma, first = text.partition(",")
        return " ".join(first.split()), " ".join(last.split())
    words = text.split()
    if len(words) < 2:
        return " ".join(words), ""
    begin = len(words) - 1
    while begin > 1 and words[begin - 1].casefold() in _PARTICLES:
        begin -= 1
    return " ".join(words[:begin]), " ".join(words[begin:])


@lru_cache(maxsize=16384)
def read_postcode(value: str | int) -> str:
    """Five digits. A leading zero lost in a number is restored; a place behind it is left out.

    German postcodes lie between 01001 and 99998. Raises Misread.
    """
    match = _POSTCODE.fullmatch(str(value))
    if match is None or not 1_001 <= int(match[1]) <= 99_998:
        raise Misread(Code.POSTCODE, given=str(value))
    return f"{int(match[1]):05d}"  # digits of other scripts become ours


def read_gender(text: str) -> Gender:
    """Raises Misread."""
    gender = _GENDERS.get(fold(text))
    if gender is None:
        raise Misread(Code.UNKNOWN_GENDER, word=text)
    return gender


def read_wished_genders(text: str) -> frozenset[Gender]:
    """»weiblich oder divers«; empty means no wish. Raises Misread."""
    if fold(text) in _NO_WISH:
        return frozenset()
    words = re.split(r"[,;/\n|&+]|\b(?:oder|or|und|and)\b", text)
    wished = frozenset(read_gender(word.strip()) for word in words if word.strip())
    if Gender.UNSAID in wished:
        return frozenset()
    return wished


def read_number(value: str | float, *, low: int, high: int, units: frozenset[str]) -> int:
    """A whole number from ``low`` to ``high``, alone or with one of the folded ``units``.

    Raises Misread.
    """
    number: int | None = None
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value.strip().casefold())
        if match is not None and (not match[2] or fold(match[2]) in units):
            number = int(match[1])
    elif float(value).is_integer():
        number = int(value)
    if number is None or not low <= number <= high:
        raise Misread(Code.NUMBER, given=str(value), low=low, high=high)
    return number


def read_ages(value: str | int) -> tuple[int | None, int | None]:
    """»25-60«, »ab 25«, »bis 60«, »25+«, »egal« as youngest and oldest wished age in years.

    Raises Misread.
    """
    text = _YEARS.sub("", str(value).strip().casefold())
    if fold(text) in _NO_WISH:
        return None, None
    for pattern, (young, old) in _AGES:
        match = pattern.fullmatch(text)
        if match is not None:
            youngest = int(match[young]) if young else None
            oldest = int(match[old]) if old else None
            if (youngest or 0) <= (_OLDEST if oldest is None else oldest) <= _OLDEST:
                return youngest, oldest
    raise Misread(Code.AGES, given=str(value))


def read_email(text: str) -> str:
    """One address. Raises Misread."""
    if _EMAIL.fullmatch(text) is None or len(text) > 254:
        raise Misread(Code.EMAIL, given=text)
    return text


def read_yes_no(text: str) -> bool:
    """»ja« or »nein«. Raises Misread."""
    said = _YES_NO.get(fold(text))
    if said is None:
        raise Misread(Code.YES_NO, given=text)
    return said


def read_words(text: str) -> tuple[str, ...]:
    """The words of a list cell as written, each once (compared folded)."""
    words: dict[str, str] = {}
    for word in _LIST.split(text):
        words.setdefault(fold(word), " ".join(word.split()))
    words.pop("", None)
    return tuple(words.values())


def read_word(text: str, known: Mapping[str, str]) -> str:
    """The code of one known word; ``known`` maps folded words to codes. Raises Misread."""
    folded = fold(text)
    if folded in known:
        return known[folded]
    codes = read_known_words(text, known)
    if len(codes) != 1:
        shown = ", ".join(sorted(set(known.values())))
        raise Misread(Code.UNKNOWN_WORD, word=text, known=shown, meant="")
    return next(iter(codes))


def read_known_words(text: str, known: Mapping[str, str]) -> frozenset[str]:
    """The codes of the words in a list cell. ``known`` maps folded words to codes.

    A known word may itself hold »und«, commas or slashes: the whole is tried before its parts.
    Raises Misread.
    """
    return frozenset(_codes(text, known, 0))


def _codes(text: str, known: Mapping[str, str], depth: int) -> set[str]:
    folded = fold(text)
    if not folded:
        return set()
    if folded in known:
        return {known[folded]}
    for deeper in range(depth, len(_SEPARATORS)):
        parts = _SEPARATORS[deeper].split(text)
        if len(parts) > 1:
            return set().union(*(_codes(part, known, deeper + 1) for part in parts))
    meant = nearest(folded, known)
    raise Misread(
        Code.UNKNOWN_WORD,
        word=" ".join(text.split()),
        known=", ".join(sorted(set(known.values()))),
        meant=known[meant] if meant else "",
    )
