"""Whether two entries may be one person: evidence for and against, added up.

I. P. Fellegi and A. B. Sunter, »A Theory for Record Linkage« (Journal of the American Statistical
Association 64, 1969): what agrees or differs between two entries weighs log2(m / u), where m is how
often it does so between two entries of one person, and u between two of different people. That an
agreement on a rare value weighs more than one on a frequent value is W. E. Winkler's »Using the EM
algorithm for weight computation in the Fellegi-Sunter model of record linkage« (2000): here u comes
from how often the name, the birth date, the postcode are at the site, 1 January among them, which
is the birth date of many who came without papers.

The model takes its fields as independent. Families are not: who has the last name, the phone and
the postcode in common is most often a sister. So what a household shares counts for one person only
as far as the first names and the birth dates do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations, product
from math import log2
from typing import NamedTuple

from patenwerk.people.enums import Gender
from patenwerk.people.kernel.names import Sameness, Words, sameness, words_of

UNITS = 10
"""So many units of a score are one bit."""

LIKELY = 0
"""From this score on two entries are shown: one person is likelier than two. See
benchmarks/RESULTS.md for the curve."""

BLOCK_AT_MOST = 150
"""A key that more people have in common says nothing: they are not compared for its sake."""


class What(StrEnum):
    """What is compared."""

    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    BIRTH_DATE = "birth_date"
    GENDER = "gender"
    PHONE = "phone"
    EMAIL = "email"
    POSTCODE = "postcode"


class How(StrEnum):
    """How it agrees or differs."""

    EQUAL = "equal"
    ALIKE = "alike"
    NEAR = "near"
    PART = "part"
    CLOSE = "close"
    SWAPPED = "swapped"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for (more than 0) or against one person, and how much."""

    what: What
    how: How
    points: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """The odds that two entries are one person, in units of log2, and what says so.

    ``crossed``: the first name of one stands where the other has its last name.
    """

    score: int
    evidence: tuple[Evidence, ...]
    crossed: bool = False

    @property
    def is_likely(self) -> bool:
        return self.score >= LIKELY


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of somebody, as far as it tells people apart."""

    id: int
    first_name: str
    last_name: str = ""
    birth_date: date | None = None
    gender: str = Gender.UNSAID
    phone: str = ""
    email: str = ""
    postcode: str = ""


class Likely(NamedTuple):
    """Two entries that may be one person, the smaller id first."""

    first_id: int
    second_id: int
    score: int


@dataclass(frozen=True, slots=True)
class Traits:
    """Somebody in the form in which people are compared."""

    first: Words
    last: Words
    birth_date: date | None
    gender: str
    phone: str
    email: str
    postcode: str


def traits_of(known: Known) -> Traits:
    """The form in which somebody is compared."""
    return Traits(
        words_of(known.first_name),
        words_of(known.last_name),
        known.birth_date,
        known.gender,
        phone_digits(known.phone),
        fold_email(known.email),
        known.postcode,
    )


def phone_digits(phone: str) -> str:
    """A number as it is dialled within Germany; empty where there are too few digits to tell."""
    digits = "".join(sign for sign in phone if sign.isdecimal() or sign == "+")
    for prefix in ("+49", "0049"):
        if digits.startswith(prefix):
            digits = digits.removeprefix(prefix).removeprefix("0")
    digits = digits.replace("+", "00").lstrip("0")
    return digits if len(digits) >= 6 else ""


def fold_email(email: str) -> str:
    """An address as mail servers take it in practice."""
    return email.strip().casefold()


# Shares among pairs of one person (m) and among pairs of two (u), rounded from what made-up people
# show (`dev.py bench duplicates --weights`), and held lower where lists of people know mistakes
# that the made-up ones do not: in gender, phone and address. The u of EQUAL and ALIKE is how often
# the name is at the site, that of NEAR and PART so many times as often.
_NAME_M: Mapping[Sameness, float] = {
    Sameness.EQUAL: 0.67,
    Sameness.ALIKE: 0.17,
    Sameness.NEAR: 0.06,
    Sameness.PART: 0.05,
    Sameness.CLOSE: 0.02,
}
_NAME_SPREAD: Mapping[Sameness, float] = {
    Sameness.EQUAL: 1.0,
    Sameness.ALIKE: 1.0,
    Sameness.NEAR: 2.0,
    Sameness.PART: 2.0,
}
_CLOSE_U = 0.02
"""As much as m: a close name speaks for nothing, because it may as well be a sister's."""
_DIFFERENT_FIRST = -9 * UNITS
_DIFFERENT_LAST = -5 * UNITS
_CROSSED = -4 * UNITS
"""So rarely are first and last name put the wrong way round."""

_DATE_M: Mapping[How, float] = {
    How.EQUAL: 0.80,
    How.SWAPPED: 0.03,
    How.NEAR: 0.12,
    How.PART: 0.03,
    How.DIFFERENT: 0.02,
}
_DATE_U: Mapping[How, float] = {
    How.SWAPPED: 1 / 20_000,
    How.NEAR: 1 / 900,
    How.PART: 1 / 60,
    How.DIFFERENT: 0.98,
}
_DAYS = 15_000
"""Over so many days the birth dates of a site are spread, as a prior."""
_POINTS: Mapping[tuple[What, How], int] = {
    (What.GENDER, How.EQUAL): 10,
    (What.GENDER, How.DIFFERENT): -45,
    (What.PHONE, How.EQUAL): 90,
    (What.PHONE, How.NEAR): 60,
    (What.PHONE, How.DIFFERENT): -15,
    (What.EMAIL, How.EQUAL): 100,
    (What.EMAIL, How.DIFFERENT): -10,
    (What.POSTCODE, How.DIFFERENT): -20,
}
_POSTCODE_M = 0.8
_HOUSEHOLD = frozenset({What.LAST_NAME, What.PHONE, What.EMAIL, What.POSTCODE})

_PRIOR = 500
"""Frequencies of a site count as if so many people with average names were there, too."""
_DOUBLED = 0.1
"""One in so many entries is there twice."""
_FEW = 200
"""In shorter lists nothing is learned from how few people are in them."""
_USUAL = {What.FIRST_NAME: 1 / 300, What.LAST_NAME: 1 / 1500, What.POSTCODE: 1 / 10}


class Frequencies:
    """How often names, birth dates and postcodes are among some people."""

    def __init__(self, everybody: Collection[Traits]) -> None:
        self._size = len(everybody)
        self._counts: dict[What, Counter[object]] = {
            What.FIRST_NAME: Counter(key for one in everybody for key in _keys(one.first)),
            What.LAST_NAME: Counter(key for one in everybody for key in _keys(one.last)),
            What.BIRTH_DATE: Counter(one.birth_date for one in everybody if one.birth_date),
            What.POSTCODE: Counter(one.postcode for one in everybody if one.postcode),
        }

    @property
    def prior(self) -> int:
        """What speaks for one person before anything is compared: the more people there are, the
        likelier it is that two of them agree by chance.
        """
        return _bits(_DOUBLED, max(self._size, _FEW))

    @property
    def household_at_most(self) -> int:
        """So much at most speaks for one person what all of a household have in common: one or
        two of the others at the site are of the same household.
        """
        return _bits(1.0, 2 / (self._size + _PRIOR))

    def share(self, what: What, value: object) -> float:
        """The share of people with this value, drawn towards the usual where there are few."""
        usual = _USUAL.get(what, 1 / _DAYS)
        return (self._counts[what][value] + _PRIOR * usual) / (self._size + _PRIOR)


def likeness(one: Traits, other: Traits, among: Frequencies) -> Likeness:
    """What speaks for and against two entries being one person, and the sum of it."""
    first, last, crossed = _names(one, other, among)
    born = _birth_date(one.birth_date, other.birth_date, among)
    rest = [
        *_gender(one, other),
        *_written(What.PHONE, one.phone, other.phone),
        *_written(What.EMAIL, one.email, other.email),
        *_postcode(one, other, among),
    ]
    found = [each for each in (first, last, born, *rest) if each is not None]
    household = min(
        sum(each.points for each in found if each.what in _HOUSEHOLD), among.household_at_most
    )
    own = sum(each.points for each in found if each.what not in _HOUSEHOLD)
    if crossed:
        own += _CROSSED
    if household > 0 and _is_another(first, born):
        household = 0
    return Likeness(among.prior + own + household, tuple(found), crossed)


def _is_another(first: Evidence | None, born: Evidence | None) -> bool:
    """Whether what a household shares says nothing: a sister, or a father of the same name."""
    if first is None or first.how is How.DIFFERENT:
        return True
    return born is not None and born.how is How.DIFFERENT


def _names(
    one: Traits, other: Traits, among: Frequencies
) -> tuple[Evidence | None, Evidence | None, bool]:
    """First and last names, in the order in which they agree best."""
    best: tuple[Evidence | None, Evidence | None, bool] = None, None, False
    most: int | None = None
    for mine, theirs, crossed in _orders(one, other):
        first = _name(What.FIRST_NAME, mine[0], theirs[0], among)
        last = _name(What.LAST_NAME, mine[1], theirs[1], among)
        points = (first.points if first else 0) + (last.points if last else 0)
        points += _CROSSED if crossed else 0
        if most is None or points > most:
            best, most = (first, last, crossed), points
        if first and last and first.points > 0 and last.points > 0:
            break  # nothing is better than names that agree where they stand
    return best


Names = tuple[Words, Words]


def _orders(one: Traits, other: Traits) -> Iterator[tuple[Names, Names, bool]]:
    """Names as they stand; crossed; and all names of one cell cut in every place."""
    mine, theirs = (one.first, one.last), (other.first, other.last)
    yield mine, theirs, False
    if one.last and other.last:
        yield mine, (other.last, other.first), True
    elif other.last:
        yield from ((cut, theirs, False) for cut in _cuts(one.first))
    elif one.last:
        yield from ((mine, cut, False) for cut in _cuts(other.first))


def _cuts(words: Words) -> Iterator[Names]:
    for place in range(1, len(words)):
        yield words[:place], words[place:]
        yield words[place:], words[:place]


def _name(what: What, mine: Words, theirs: Words, among: Frequencies) -> Evidence | None:
    same = sameness(mine, theirs)
    if same is Sameness.MISSING:
        return None
    if same is Sameness.DIFFERENT:
        points = _DIFFERENT_FIRST if what is What.FIRST_NAME else _DIFFERENT_LAST
        return Evidence(what, How.DIFFERENT, points)
    if same is Sameness.CLOSE:
        return Evidence(what, How.CLOSE, _bits(_NAME_M[same], _CLOSE_U))
    # Of several words in common the rarest tells most.
    common = _keys(mine) & _keys(theirs) or _keys(mine)
    share = min(among.share(what, key) for key in common)
    return Evidence(
        what, How(same.name.lower()), _bits(_NAME_M[same], min(1.0, share * _NAME_SPREAD[same]))
    )


def _keys(words: Words) -> frozenset[str]:
    return frozenset(key for word in words for key in word.keys)


def _bits(m: float, u: float) -> int:
    return round(UNITS * log2(m / u))


def _birth_date(mine: date | None, theirs: date | None, among: Frequencies) -> Evidence | None:
    if mine is None or theirs is None:
        return None
    how = _how_dates(mine, theirs)
    if how is How.EQUAL:
        points = _bits(_DATE_M[how], among.share(What.BIRTH_DATE, mine))
    else:
        points = _bits(_DATE_M[how], _DATE_U[how])
    return Evidence(What.BIRTH_DATE, how, points)


def _how_dates(mine: date, theirs: date) -> How:
    if mine == theirs:
        return How.EQUAL
    if (mine.year, mine.month, mine.day) == (theirs.year, theirs.day, theirs.month):
        return How.SWAPPED
    if _is_one_digit_off(f"{mine:%Y%m%d}", f"{theirs:%Y%m%d}"):
        return How.NEAR
    # The year alone: a guess, or two mistakes. Brothers and sisters are not born in one year.
    return How.PART if mine.year == theirs.year else How.DIFFERENT


def _is_one_digit_off(mine: str, theirs: str) -> bool:
    """One digit is another, or two neighbours are swapped."""
    if len(mine) != len(theirs):
        return False
    off = [place for place, digit in enumerate(mine) if digit != theirs[place]]
    if len(off) == 2 and off[0] + 1 == off[1]:
        return mine[off[0]] == theirs[off[1]] and mine[off[1]] == theirs[off[0]]
    return len(off) == 1


def _gender(one: Traits, other: Traits) -> Iterator[Evidence]:
    if Gender.UNSAID not in {one.gender, other.gender}:
        how = How.EQUAL if one.gender == other.gender else How.DIFFERENT
        yield Evidence(What.GENDER, how, _POINTS[What.GENDER, how])


def _written(what: What, mine: str, theirs: str) -> Iterator[Evidence]:
    """Phones and addresses: equal, one slip away, or different."""
    if not mine or not theirs:
        return
    how = How.EQUAL if mine == theirs else How.DIFFERENT
    if what is What.PHONE and _is_one_digit_off(mine, theirs):
        how = How.NEAR
    yield Evidence(what, how, _POINTS[what, how])


def _postcode(one: Traits, other: Traits, among: Frequencies) -> Iterator[Evidence]:
    if not one.postcode or not other.postcode:
        return
    if one.postcode == other.postcode:
        points = max(0, _bits(_POSTCODE_M, among.share(What.POSTCODE, one.postcode)))
        yield Evidence(What.POSTCODE, How.EQUAL, points)
    else:
        yield Evidence(What.POSTCODE, How.DIFFERENT, _POINTS[What.POSTCODE, How.DIFFERENT])


def _may_be_one(one: Traits, other: Traits) -> bool:
    """Whether it is worth comparing two at all: nothing outweighs birth dates that differ, because
    nothing of the household counts then.
    """
    mine, theirs = one.birth_date, other.birth_date
    return mine is None or theirs is None or _how_dates(mine, theirs) is not How.DIFFERENT


Key = tuple[object, ...]


def block_keys(traits: Traits) -> Iterator[Key]:
    """What two entries of one person have at least one of in common.

    A pair that shares none is not looked at: a site of 20,000 people has 200 million pairs.
    """
    keys = sorted(_keys(traits.first) | _keys(traits.last))
    yield from (("names", one, other) for one, other in combinations(keys, 2))
    if traits.phone:
        yield "phone", traits.phone
    if traits.email:
        yield "email", traits.email
    born = traits.birth_date
    if born is None:
        yield from (("name", key, traits.postcode) for key in keys)
        return
    yield "born", born
    low, high = sorted((born.day, born.month))
    for key in keys:
        yield "year", key, born.year
        yield "day", key, low, high
        yield "name", key, traits.postcode


class Crowd:
    """People of one site and side, ready to be compared with each other and with somebody new."""

    def __init__(self, people: Iterable[Known]) -> None:
        self._traits = {one.id: traits_of(one) for one in people}
        self._among = Frequencies(self._traits.values())
        self._blocks: dict[Key, list[int]] = defaultdict(list)
        for pk, traits in self._traits.items():
            for key in block_keys(traits):
                self._blocks[key].append(pk)

    def pairs(self, *, least: int = LIKELY) -> list[Likely]:
        """Every two that may be one person, the likeliest first."""
        looked_at = {
            pair
            for block in self._blocks.values()
            if 1 < len(block) <= BLOCK_AT_MOST
            for pair in combinations(sorted(block), 2)
            if _may_be_one(self._traits[pair[0]], self._traits[pair[1]])
        }
        found = (
            Likely(one, other, likeness(self._traits[one], self._traits[other], self._among).score)
            for one, other in looked_at
        )
        likely = [each for each in found if each.score >= least]
        return sorted(likely, key=lambda each: (-each.score, each.first_id, each.second_id))

    def like(self, known: Known, *, least: int = LIKELY) -> list[tuple[int, Likeness]]:
        """Who of them somebody new may be, the likeliest first."""
        traits = traits_of(known)
        looked_at = {
            pk
            for key in block_keys(traits)
            for pk in self._blocks.get(key, ())
            if pk != known.id
            and len(self._blocks[key]) <= BLOCK_AT_MOST
            and _may_be_one(traits, self._traits[pk])
        }
        found = ((pk, likeness(traits, self._traits[pk], self._among)) for pk in looked_at)
        likely = [each for each in found if each[1].score >= least]
        return sorted(likely, key=lambda each: (-each[1].score, each[0]))

    def likeness(self, one_id: int, other_id: int) -> Likeness:
        """What speaks for and against two of them."""
        return likeness(self._traits[one_id], self._traits[other_id], self._among)


def clues_of(known: Known) -> frozenset[str]:
    """What two entries of one person most often have in common, as texts to be hashed.

    Strict ones only: where they are compared nobody can look at both entries. Spelling, the order
    of names, and day and month swapped make no difference; slips do.
    """
    traits = traits_of(known)
    clues: set[str] = set()
    born = traits.birth_date
    for first, last in product(_keys(traits.first), _keys(traits.last)):
        names = " ".join(sorted((first, last)))
        if born is not None:
            low, high = sorted((born.day, born.month))
            clues.add(f"born {names} {born.year} {low} {high}")
        if traits.phone:
            clues.add(f"phone {names} {traits.phone}")
    if traits.email:
        clues.update(f"email {first} {traits.email}" for first in _keys(traits.first))
    return frozenset(clues)
