"""Evidence for and against one person, and who is compared at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from patenwerk.people.enums import Gender
from patenwerk.people.kernel import likeness as kernel
from patenwerk.people.kernel.likeness import (
    LIKELY,
    Crowd,
    Frequencies,
    How,
    Known,
    Likeness,
    What,
    clues_of,
    likeness,
    phone_digits,
    traits_of,
)

BORN = date(2001, 5, 17)
OLENA = Known(
    id=1,
    first_name="Olena",
    last_name="Shevchenko",
    birth_date=BORN,
    gender=Gender.FEMALE,
    phone="0176 1234567",
    email="olena@example.org",
    postcode="04109",
)
#: A site of two hundred others, none like another: what is frequent there is frequent nowhere.
OTHERS = [
    Known(
        id=1000 + number,
        first_name="".join(chr(98 + int(digit)) + "a" for digit in f"{number:03}"),
        last_name="".join(chr(110 + int(digit)) + "o" for digit in f"{number * 7 % 997:03}"),
        birth_date=date(1950, 1, 1) + timedelta(days=97 * number),
        postcode=f"{10_000 + number}",
    )
    for number in range(200)
]


def compared(one: Known, other: Known) -> Likeness:
    everybody = [traits_of(each) for each in (one, other, *OTHERS)]
    among = Frequencies(everybody)
    found = likeness(everybody[0], everybody[1], among)
    back = likeness(everybody[1], everybody[0], among)
    assert found.score == back.score, "the order says nothing"
    return found


def how(found: Likeness) -> dict[What, How]:
    return {each.what: each.how for each in found.evidence}


def points(found: Likeness) -> dict[What, int]:
    return {each.what: each.points for each in found.evidence}


SISTER = replace(OLENA, first_name="Iryna", birth_date=date(2003, 8, 9), email="")


@pytest.mark.parametrize(
    "other",
    [
        OLENA,
        replace(OLENA, first_name="Олена", last_name="Шевченко", phone="", email=""),
        replace(OLENA, first_name="Elena", last_name="Schewtschenko", phone="0341 999999"),
        replace(OLENA, first_name="Shevchenko", last_name="Olena", phone="", email=""),
        replace(OLENA, first_name="Shevchenko Olena", last_name=""),
        replace(OLENA, first_name="Olena Shevchenko", last_name="", phone="", email=""),
        replace(OLENA, last_name="", email="", phone=""),
        replace(OLENA, birth_date=None, email=""),
        replace(OLENA, birth_date=None, phone="", email=""),
        replace(OLENA, birth_date=date(2001, 5, 27), phone="", email=""),
        replace(OLENA, birth_date=date(2001, 5, 1), phone="", email=""),
        replace(OLENA, last_name="Shevchnko", phone="", email="", postcode="99999"),
        replace(OLENA, last_name="Melnyk", email=""),
        replace(OLENA, first_name="Olea", last_name="Sehvchenko", email=""),
    ],
)
def test_one_person_written_twice(other: Known) -> None:
    assert compared(OLENA, other).is_likely


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (OLENA, SISTER),
        (OLENA, replace(SISTER, birth_date=None)),
        (replace(OLENA, birth_date=None), replace(SISTER, birth_date=None)),
        # Twins: one birth date, one phone, one address of a mail box.
        (OLENA, replace(OLENA, first_name="Iryna")),
        # Mother and daughter of one name.
        (OLENA, replace(OLENA, birth_date=date(1975, 3, 4))),
        # Two people of one name, of whom little is known.
        (
            Known(id=1, first_name="Olena", last_name="Shevchenko"),
            Known(id=2, first_name="Olena", last_name="Petrenko"),
        ),
        (OLENA, Known(id=2, first_name="Olena", postcode="04109")),
        (Known(id=1, first_name=""), Known(id=2, first_name="")),
    ],
)
def test_two_people(one: Known, other: Known) -> None:
    assert not compared(one, other).is_likely


def test_twins_whose_names_differ_by_their_vowels_stay_two() -> None:
    said = {"last_name": "Haddad", "birth_date": BORN, "phone": "0176 1234567"}
    hasan = Known(id=1, first_name="Hasan", postcode="04109", gender=Gender.MALE, **said)
    husain = replace(hasan, id=2, first_name="حسين")
    assert not compared(hasan, husain).is_likely
    assert compared(hasan, replace(husain, first_name="حسن")).is_likely


def test_what_a_household_shares_has_its_most() -> None:
    """Last name, phone and postcode together tell no more than that two are of one household."""
    found = compared(OLENA, replace(OLENA, birth_date=None, email=""))
    shared = sum(points(found)[what] for what in (What.LAST_NAME, What.PHONE, What.POSTCODE))
    among = Frequencies([traits_of(each) for each in (OLENA, OLENA, *OTHERS)])
    assert shared > among.household_at_most
    own = points(found)[What.FIRST_NAME] + points(found)[What.GENDER]
    assert found.score == among.prior + own + among.household_at_most


def test_what_a_household_does_not_share_counts_in_full() -> None:
    other = replace(SISTER, last_name="Melnyk", phone="0341 999999", postcode="99999")
    found = compared(OLENA, other)
    assert found.score < compared(OLENA, SISTER).score


def test_crossed_names_cost_something() -> None:
    straight = compared(OLENA, OLENA)
    crossed = compared(OLENA, replace(OLENA, first_name="Shevchenko", last_name="Olena"))
    assert crossed.crossed
    assert not straight.crossed
    assert crossed.score < straight.score
    assert how(crossed)[What.FIRST_NAME] is How.EQUAL


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (date(2001, 5, 17), How.EQUAL),
        (date(2001, 5, 18), How.NEAR),
        (date(2001, 5, 27), How.NEAR),
        (date(2010, 5, 17), How.NEAR),
        (date(2001, 1, 1), How.PART),
        (date(2001, 8, 29), How.PART),
        (date(1986, 9, 2), How.DIFFERENT),
    ],
)
def test_birth_dates(other: date, expected: How) -> None:
    assert how(compared(OLENA, replace(OLENA, birth_date=other)))[What.BIRTH_DATE] is expected


def test_day_and_month_the_wrong_way_round() -> None:
    one = replace(OLENA, birth_date=date(2001, 5, 7))
    found = compared(one, replace(one, birth_date=date(2001, 7, 5)))
    assert how(found)[What.BIRTH_DATE] is How.SWAPPED
    assert found.is_likely


def test_a_close_name_speaks_for_nothing() -> None:
    found = compared(replace(OLENA, first_name="Lea"), replace(OLENA, first_name="Leo"))
    assert how(found)[What.FIRST_NAME] is How.CLOSE
    assert points(found)[What.FIRST_NAME] == 0


def test_nothing_is_said_of_what_one_does_not_say() -> None:
    found = compared(OLENA, Known(id=2, first_name="Olena"))
    assert how(found) == {What.FIRST_NAME: How.EQUAL}


def test_every_thing_that_differs_speaks_against() -> None:
    other = Known(
        id=2,
        first_name="Iryna",
        last_name="Kovalenko",
        birth_date=date(1986, 9, 2),
        gender=Gender.MALE,
        phone="0341 999999",
        email="other@example.org",
        postcode="99999",
    )
    found = compared(OLENA, other)
    assert set(how(found)) == set(What)
    assert set(how(found).values()) == {How.DIFFERENT}
    assert all(number < 0 for number in points(found).values())


def test_the_frequent_tells_less_than_the_rare() -> None:
    people = [
        *(replace(OLENA, id=number, last_name="Melnyk") for number in range(100)),
        *(replace(OLENA, id=1000, last_name="Zubko"), replace(OLENA, id=1001, last_name="Zubko")),
    ]
    traits = [traits_of(one) for one in people]
    among = Frequencies(traits)
    frequent, rare = (
        points(likeness(traits[place], traits[place + 1], among)) for place in (0, 100)
    )
    assert frequent[What.LAST_NAME] < rare[What.LAST_NAME]


def test_the_more_people_the_more_it_takes() -> None:
    few, many = (Frequencies([traits_of(OLENA)] * count) for count in (3, 20_000))
    assert few.prior == Frequencies([traits_of(OLENA)] * 200).prior
    assert many.prior < few.prior
    assert many.household_at_most > few.household_at_most


@pytest.mark.parametrize(
    ("phone", "digits"),
    [
        ("0176 123 45 67", "1761234567"),
        ("+49 176 1234567", "1761234567"),
        ("+49 (0)176/1234567", "1761234567"),
        ("0049176-1234567", "1761234567"),
        ("+380 44 1234567", "380441234567"),
        ("12345", ""),
        ("", ""),
    ],
)
def test_phones(phone: str, digits: str) -> None:
    assert phone_digits(phone) == digits


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("+49 176 1234567", How.EQUAL),
        ("0176 1234576", How.NEAR),
        ("0176 1234568", How.NEAR),
        ("0176 123456", How.DIFFERENT),
        ("0176 7654321", How.DIFFERENT),
    ],
)
def test_a_digit_of_a_phone(other: str, expected: How) -> None:
    assert how(compared(OLENA, replace(OLENA, phone=other)))[What.PHONE] is expected


def test_addresses_are_taken_as_servers_take_them() -> None:
    found = compared(OLENA, replace(OLENA, email=" Olena@Example.org"))
    assert how(found)[What.EMAIL] is How.EQUAL


# --- who is compared ------------------------------------------------------------------------


def crowd(*people: Known) -> Crowd:
    return Crowd([*(replace(one, id=number) for number, one in enumerate(people)), *OTHERS])


def test_pairs_come_with_the_likeliest_first_and_the_smaller_id_first() -> None:
    weaker = replace(OLENA, birth_date=None, phone="", email="")
    found = crowd(SISTER, OLENA, weaker, OLENA).pairs()
    assert [(one, other) for one, other, _score in found] == [(1, 3), (1, 2), (2, 3)]
    assert found[0].score > found[1].score >= LIKELY


@pytest.mark.parametrize(
    "other",
    [
        replace(OLENA, first_name="Iryna", last_name="Melnyk"),
        replace(OLENA, first_name="Iryna", last_name="Melnyk", birth_date=None),
        replace(OLENA, first_name="Iryna", birth_date=date(2001, 1, 1), phone="", email=""),
        replace(OLENA, birth_date=None, first_name="Iryna", phone="", email=""),
    ],
)
def test_whoever_has_something_in_common_is_looked_at(other: Known) -> None:
    found = crowd(OLENA, other)
    assert (0, 1) in [each[:2] for each in found.pairs(least=-1000)]
    assert found.likeness(0, 1).score < LIKELY


def test_whose_birth_dates_differ_is_not_looked_at() -> None:
    other = replace(OLENA, birth_date=date(1986, 9, 2))
    assert (0, 1) not in [each[:2] for each in crowd(OLENA, other).pairs(least=-1000)]
    assert crowd(OLENA).like(other, least=-1000) == []


def test_what_too_many_have_in_common_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "BLOCK_AT_MOST", 2)
    three = [replace(OLENA, phone="", email="")] * 3
    assert crowd(*three).pairs() == []
    assert crowd(*three).like(replace(OLENA, id=77, phone="", email="")) == []
    assert len(crowd(*three[:2]).pairs()) == 1


def test_somebody_new_is_likened_to_all_but_itself() -> None:
    everybody = crowd(OLENA, SISTER, replace(OLENA, birth_date=None))
    found = everybody.like(replace(OLENA, id=77))
    assert [pk for pk, _likeness in found] == [0, 2]
    assert [pk for pk, _likeness in everybody.like(replace(OLENA, id=0))] == [2]


def test_where_nobody_is_nobody_is_like_anybody() -> None:
    assert Crowd([]).like(OLENA) == []
    assert Crowd([]).pairs() == []


# --- clues ----------------------------------------------------------------------------------


def test_clues_are_what_two_spellings_have_in_common() -> None:
    other = Known(id=2, first_name="Шевченко", last_name="Elena", birth_date=date(2001, 5, 17))
    assert clues_of(OLENA) & clues_of(other)
    assert clues_of(OLENA) & clues_of(replace(other, birth_date=None, phone="+49 176 1234567"))
    assert clues_of(OLENA) & clues_of(Known(id=2, first_name="Олена", email="OLENA@example.org"))
    day_first = replace(OLENA, birth_date=date(2001, 5, 7), phone="", email="")
    assert clues_of(day_first) & clues_of(replace(day_first, birth_date=date(2001, 7, 5)))


def test_a_sister_has_none_of_them_and_whoever_says_little_has_none() -> None:
    assert not clues_of(OLENA) & clues_of(SISTER)
    assert not clues_of(OLENA) & clues_of(replace(OLENA, first_name="Iryna"))
    assert clues_of(Known(id=1, first_name="Olena", last_name="Shevchenko")) == frozenset()
    assert clues_of(Known(id=1, first_name="Olena", birth_date=BORN)) == frozenset()
