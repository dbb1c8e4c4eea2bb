"""Languages and levels as people write them in one cell."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from babel import Locale

from patenwerk.core.sheets.words import fold, nearest
from patenwerk.people.enums import Level
from patenwerk.people.kernel.problems import Code, Misread

# Names come from the locale data in German and English; here stand only further names in use.
_FURTHER_NAMES = {
    "af": "",
    "ak": "",
    "am": "",
    "ar": "Hocharabisch, Syrisch-Arabisch, Marokkanisch, Darija",
    "az": "Aserisch, Azeri",
    "be": "Weißrussisch, Belorussisch",
    "bg": "",
    "bm": "",
    "bn": "Bengali",
    "bs": "",
    "ca": "",
    "ce": "",
    "ckb": "Sorani, Sorani-Kurdisch",
    "cs": "",
    "da": "",
    "de": "",
    "ee": "",
    "el": "Neugriechisch",
    "en": "",
    "es": "",
    "et": "",
    "fa": "Farsi, Dari, Iranisch",
    "ff": "Fulfulde, Fulani, Pulaar",
    "fi": "",
    "fr": "",
    "ga": "Gälisch",
    "gu": "",
    "ha": "Hausa",
    "he": "Iwrit, Ivrit",
    "hi": "",
    "hr": "",
    "hu": "",
    "hy": "",
    "id": "Bahasa Indonesia",
    "ig": "",
    "is": "",
    "it": "",
    "ja": "",
    "ka": "",
    "kab": "",
    "kk": "",
    "km": "Kambodschanisch",
    "ko": "",
    "ku": "Kurmandschi, Kurmanji, Kurmanci, Nordkurdisch",
    "ky": "",
    "lb": "",
    "lg": "Luganda",
    "ln": "",
    "lo": "",
    "lt": "",
    "lv": "",
    "mg": "Madagassisch",
    "mk": "Makedonisch",
    "ml": "",
    "mn": "",
    "mr": "",
    "ms": "",
    "mt": "",
    "my": "Burmesisch",
    "ne": "Nepali",
    "nl": "Holländisch, Flämisch, Flemish",
    "no": "",
    "ny": "Chichewa",
    "om": "Oromiffa",
    "pa": "Pandschabi, Panjabi",
    "pl": "",
    "ps": "Pashtu, Paschto",
    "pt": "Brasilianisch, Brasilianisches Portugiesisch",
    "rn": "Kirundi",
    "ro": "Moldauisch, Moldawisch",
    "rom": "Romanes",
    "ru": "",
    "rw": "Ruandisch",
    "sh": "",
    "si": "Sinhalesisch",
    "sk": "",
    "sl": "",
    "sn": "",
    "so": "Somalisch",
    "sq": "",
    "sr": "",
    "sv": "",
    "sw": "Kisuaheli, Kiswahili",
    "syr": "Aramäisch, Aramaic, Assyrisch",
    "ta": "Tamilisch",
    "te": "",
    "tg": "",
    "th": "Thai",
    "ti": "Tigrigna, Tigrinisch",
    "tk": "",
    "tl": "Filipino, Philippinisch",
    "tr": "",
    "tt": "",
    "ug": "",
    "uk": "",
    "ur": "",
    "uz": "",
    "vi": "",
    "wo": "",
    "xh": "",
    "yi": "",
    "yo": "",
    "zh": "Mandarin, Kantonesisch, Cantonese",
    "zu": "",
    "zza": "Zazaki",
}
LANGUAGE_CODES: tuple[str, ...] = tuple(_FURTHER_NAMES)
"""ISO 639-1 codes, and ISO 639-3 where a language spoken here has no shorter one."""

LEVEL_WORDS: dict[Level, str] = {
    Level.A1: "A1, Anfänger, beginner, etwas, wenig",
    Level.A2: "A2, Grundkenntnisse, basic, elementary",
    Level.B1: "B1, gut, mittel, good, intermediate",
    Level.B2: "B2, sehr gut, fortgeschritten, very good, upper intermediate",
    Level.C1: "C1, fließend, verhandlungssicher, fluent, advanced",
    Level.C2: "C2",
    Level.NATIVE: "Muttersprache, Erstsprache, muttersprachlich, Muttersprachler, "
    "Muttersprachlerin, native, native speaker, first language, mother tongue",
}
"""What may stand for a level; the first word is the usual one."""

_NONE_AT_ALL = frozenset({"keine", "none", "a0"})
_FILLERS = frozenset({"niveau", "level", "stufe", "ca", "kenntnisse", "als", "speaker"})
_BETWEEN = re.compile(r"\b([ABC])([12])\s*[-–/]\s*[ABC][12]\b", re.IGNORECASE)
_APART = re.compile(r"[,;\n|•·/+&]|\b(?:und|and)\b")
_GAP_IN_LEVEL = re.compile(r"\b([abc]) ([12])\b")
_LONGEST = 3
"""Words in the longest name of a language or level."""


def language_name(code: str, language: str) -> str:
    """The language's name in ``language`` (a locale such as »de«), else its code."""
    name = Locale.parse(language).languages.get(code)
    return str(name) if name else code


@cache
def language_words() -> dict[str, str]:
    """Folded name or code → code."""
    words: dict[str, str] = {}
    for code, further in _FURTHER_NAMES.items():
        names = [code, *further.split(","), *(language_name(code, at) for at in ("de", "en"))]
        for name in names:
            if folded := fold(name):
                words.setdefault(folded, code)
    return words


@cache
def _level_words() -> dict[str, Level | None]:
    words: dict[str, Level | None] = dict.fromkeys(_NONE_AT_ALL)
    for level, names in LEVEL_WORDS.items():
        words.update({fold(name): level for name in names.split(",")})
    return words


def read_level(text: str) -> Level:
    """One level by itself, such as »B1«. Raises Misread."""
    level = _level_words().get(_folded(text))
    if level is None:
        raise Misread(Code.UNKNOWN_LEVEL, word=text)
    return level


def read_languages(text: str, *, level_if_missing: Level | None) -> dict[str, Level]:
    """»Deutsch B2, Arabisch Muttersprache« as code → level.

    Of »B1-B2« the lower level counts. A language without level gets ``level_if_missing``, and is
    misread where that is None. »Deutsch keine« is no language. Raises Misread.
    """
    return dict(_read_languages(text, level_if_missing))


@lru_cache(maxsize=16384)
def _read_languages(text: str, level_if_missing: Level | None) -> tuple[tuple[str, Level], ...]:
    spoken: dict[str, Level] = {}
    for chunk in _APART.split(_BETWEEN.sub(r"\1\2", text)):
        for code, level in _pairs(_items(chunk), level_if_missing):
            if level is None:
                continue
            if spoken.setdefault(code, level) != level:
                raise Misread(Code.LANGUAGE_TWICE, language=code)
    return tuple(spoken.items())


def _folded(text: str) -> str:
    return _GAP_IN_LEVEL.sub(r"\1\2", fold(text))


def _items(chunk: str) -> list[str | Level | None]:
    """The languages (codes) and levels of a chunk in their order."""
    languages, levels = language_words(), _level_words()
    tokens = _folded(chunk).split()
    items: list[str | Level | None] = []
    at = 0
    while at < len(tokens):
        for length in range(min(_LONGEST, len(tokens) - at), 0, -1):
            words = " ".join(tokens[at : at + length])
            if words in levels or words in languages:
                items.append(levels[words] if words in levels else languages[words])
                at += length
                break
        else:
            if tokens[at] not in _FILLERS:
                _refuse_word(chunk, tokens[at], items)
            at += 1
    return items


def _refuse_word(chunk: str, token: str, before: list[str | Level | None]) -> None:
    word = next((w for w in chunk.split() if fold(w) == token), token)
    if before and isinstance(before[-1], str) and not nearest(token, language_words()):
        raise Misread(Code.UNKNOWN_LEVEL, word=word)
    meant = nearest(token, language_words())
    raise Misread(Code.UNKNOWN_LANGUAGE, word=word, meant=language_words()[meant] if meant else "")


def _pairs(
    items: list[str | Level | None], level_if_missing: Level | None
) -> list[tuple[str, Level | None]]:
    """Each language with the level beside it; levels stand after their language or all before."""
    if items and not isinstance(items[0], str):
        items.reverse()
    pairs: list[tuple[str, Level | None]] = []
    at = 0
    while at < len(items):
        code = items[at]
        if not isinstance(code, str):
            raise Misread(Code.UNKNOWN_LANGUAGE, word=_level_name(code), meant="")
        at += 1
        if at < len(items) and not isinstance(items[at], str):
            pairs.append((code, items[at]))  # type: ignore[arg-type]  # no text is left here
            at += 1
        elif level_if_missing is None:
            raise Misread(Code.LEVEL_MISSING, language=code)
        else:
            pairs.append((code, level_if_missing))
    return pairs


def _level_name(level: Level | None) -> str:
    return "keine" if level is None else LEVEL_WORDS[level].partition(",")[0]
