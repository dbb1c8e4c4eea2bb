"""A card says of a mentor what the columns say."""

from __future__ import annotations

import random

import numpy as np
import pytest

from patenwerk.matching.kernel.cards import (
    AGE_BITS,
    LANGUAGES_A_WORD,
    LEVEL_BITS,
    MARKS,
    ages_wished,
    cards_of,
    language_words,
    levels_of,
)
from patenwerk.matching.kernel.crowd import UNKNOWN_AGE, Crowd
from patenwerk.matching.kernel.pool import build_pool
from patenwerk.matching.kernel.scan import EACH_LEVEL, LEVEL_SPARE
from patenwerk.matching.kernel.settings import Limits, Weights
from patenwerk.people.enums import Level, Side
from tests.matching.kernel.profiles import ON, PLACES, crowd


@pytest.fixture
def both() -> tuple[Crowd, Crowd]:
    rng = random.Random(7)
    pool = build_pool(
        crowd(rng, Side.MENTOR, 60, choosy=0.5),
        crowd(rng, Side.MENTEE, 40, choosy=0.5),
        on=ON,
        locate=PLACES,
        weights=Weights(),
        limits=Limits(),
    )
    return pool.mentee_crowd, pool.mentor_crowd


def with_languages(people: Crowd, languages: list[int]) -> Crowd:
    """The same people; the first speaks language 0 at level 1, the second the second at 2, …"""
    speaks = np.zeros((len(people.identity), 8, 1 + max(languages) // 64), dtype=np.uint64)
    for one, language in enumerate(languages):
        speaks[one, : one + 2, language // 64] = np.uint64(1 << language % 64)
    return people._replace(speaks=speaks)


def test_each_language_has_its_level_however_many_there_are(both: tuple[Crowd, Crowd]) -> None:
    languages = [0, 15, 16, 63, 64, 99, 130]
    people = with_languages(both[0], languages)
    words = language_words(people, people)
    levels = levels_of(people, words)
    assert levels.shape == (40, 1 + 130 // LANGUAGES_A_WORD)
    for one, language in enumerate(languages):
        word, place = divmod(language, LANGUAGES_A_WORD)
        assert int(levels[one, word]) == (one + 1) << (LEVEL_BITS * place)
        assert np.count_nonzero(levels[one]) == 1


def test_no_level_needs_the_highest_of_its_bits() -> None:
    """The loops compare all levels of a word at once and need it for that."""
    assert max(Level).bit_length() < LEVEL_BITS
    assert int(LEVEL_SPARE) == sum(1 << at for at in range(LEVEL_BITS - 1, 64, LEVEL_BITS))
    assert int(EACH_LEVEL) == sum(1 << at for at in range(0, 64, LEVEL_BITS))


def test_where_nobody_speaks_anything_there_is_one_empty_word(both: tuple[Crowd, Crowd]) -> None:
    silent = both[0]._replace(speaks=np.zeros_like(both[0].speaks))
    assert language_words(silent, silent) == 1
    assert not levels_of(silent, 1).any()


def test_who_has_no_wish_takes_an_unknown_age_and_who_has_one_does_not(
    both: tuple[Crowd, Crowd],
) -> None:
    for people in both:
        youngest, oldest = ages_wished(people)
        takes_unknown = (youngest <= UNKNOWN_AGE) & (oldest >= UNKNOWN_AGE)
        assert takes_unknown.tolist() == (~people.wishes_age).tolist()
        wish = people.wishes_age
        assert (youngest[wish] == people.youngest[wish]).all()
        assert (oldest[wish] == people.oldest[wish]).all()


def test_a_card_holds_bits_ages_months_network_and_identity(both: tuple[Crowd, Crowd]) -> None:
    mentees, mentors = both
    words = language_words(mentees, mentors)
    cards = cards_of(mentors, words)
    assert (cards[:, :words] == levels_of(mentors, words)).all()
    bits = np.concatenate([mentors.fields, mentors.interests, mentors.dislikes], axis=1)
    assert (cards[:, words:-MARKS].view(np.uint64) == bits).all()
    marks = [(cards[:, -3] >> (AGE_BITS * at)).astype(np.int16).tolist() for at in range(4)]
    youngest, oldest = ages_wished(mentors)
    expected = [one.tolist() for one in (mentors.age, youngest, oldest, mentors.months)]
    assert marks == expected
    assert (cards[:, -2] >> 1).tolist() == mentors.network.tolist()
    assert (cards[:, -2] % 2).tolist() == mentors.beyond.tolist()
    assert cards[:, -1].view(np.uint64).tolist() == mentors.identity.tolist()
    assert cards.ctypes.data % 64 == 0
