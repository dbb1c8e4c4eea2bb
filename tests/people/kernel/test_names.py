"""One name in many spellings, and names that are not one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patenwerk.people.kernel.names import Sameness, sameness, slips, words_of


def same(one: str, other: str) -> Sameness:
    found = sameness(words_of(one), words_of(other))
    assert found == sameness(words_of(other), words_of(one)), "the order says nothing"
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller", "Mueller"),
        ("Müller", "Muller"),
        ("Weiß", "WEISS"),
        ("Şahin", "Sahin"),
        ("Yıldız", "Yildiz"),
        ("Anna Maria", "Annamaria"),
        ("Anna-Maria", "anna maria"),
        ("von Bergen", "Bergen"),
        ("Олександр", "Oleksandr"),
        ("Кравець", "Kravets"),
        ("Abdulrahman", "Abd ar-Rahman"),
        ("Al-Sayed", "Sayed"),
    ],
)
def test_the_same_letters(one: str, other: str) -> None:
    assert same(one, other) is Sameness.EQUAL


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Muhammad", "Mohammed"),
        ("محمد", "Mohamad"),
        ("خالد", "Khaled"),
        ("Chaled", "Khalid"),
        ("يوسف", "Jussuf"),
        ("Youssef", "Yusuf"),
        ("فاطمة", "Fatima"),
        ("وليد", "Waleed"),
        ("Oualid", "Walid"),
        ("عبد الرحمن", "Abdel-Rahman"),
        ("عبدالله", "Abdullah"),
        ("السيد", "El-Sayed"),
        ("Elsayed", "Sayed"),
        ("سعيد", "Saeed"),
        ("عمر", "Omar"),
        ("إبراهيم", "Ibrahim"),
        ("يحيى", "Yahya"),
        ("Sarah", "Sara"),
        ("Сергій", "Sergej"),
        ("Юлія", "Julia"),
        ("Євген", "Jewhen"),
        ("Yelena", "Elena"),
        ("Шевченко", "Schewtschenko"),
        ("Shevchenko", "Ševčenko"),
        ("Михайло", "Mychajlo"),
        ("Meyer", "Maier"),
        ("Schmidt", "Schmitt"),
        ("Thomas", "Tomas"),
        ("Olena", "Elena"),
    ],
)
def test_another_spelling_of_the_same_sound(one: str, other: str) -> None:
    assert same(one, other) is Sameness.ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Schneider", "Schneidre"),
        ("Schneider", "Schnieder"),
        ("Fatima", "Fatma"),
        ("Ковальчук", "Ковалчук"),
        ("Gottfried", "Gotfrid"),
    ],
)
def test_a_slip(one: str, other: str) -> None:
    assert same(one, other) >= Sameness.NEAR


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Leo", "Lea"),
        ("Ali", "Ail"),
        ("Emre", "Ere"),
        ("Шевченко", "Schewtschenlo"),
        ("Ute", "Uta"),
    ],
)
def test_a_slip_that_may_be_another_name(one: str, other: str) -> None:
    assert same(one, other) is Sameness.CLOSE


@pytest.mark.parametrize(
    ("one", "other"),
    [("Anna Lena", "Anna"), ("Meyer-Lange", "Lange"), ("M.", "Maria"), ("Schulz", "S")],
)
def test_a_part(one: str, other: str) -> None:
    assert same(one, other) is Sameness.PART


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hasan", "Husain"),
        ("حسن", "Hussein"),
        ("حسين", "Hassan"),
        ("Ahmad", "Muhammad"),
        ("Walid", "Khalid"),
        ("Ali", "Ola"),
        ("Heinz", "Hans"),
        ("Olena", "Alina"),
        ("Bondar", "Bondarenko"),
        ("Anna Lena", "Anna Sophie"),
        ("A", "Maria"),
        ("Al", "El"),
    ],
)
def test_another_name(one: str, other: str) -> None:
    assert same(one, other) is Sameness.DIFFERENT


@pytest.mark.parametrize("nothing", ["", "  ", "-", "ـ", "'"])
def test_what_is_no_name_is_missing(nothing: str) -> None:
    assert words_of(nothing) == ()
    assert same(nothing, "Maria") is Sameness.MISSING
    assert same(nothing, nothing) is Sameness.MISSING


def test_a_name_of_particles_alone_stays() -> None:
    assert same("Ben", "Ben") is Sameness.EQUAL
    assert same("Ben", "Bin") is Sameness.ALIKE
    assert [word.letters for word in words_of("Abd")] == ["abd"]


@given(st.text(max_size=30))
def test_every_text_is_itself_or_nothing(text: str) -> None:
    assert same(text, text) in {Sameness.EQUAL, Sameness.MISSING}


@given(
    st.text(alphabet="abcd", max_size=7),
    st.text(alphabet="abcd", max_size=7),
    st.integers(min_value=0, max_value=4),
)
def test_slips_are_counted_up_to_one_more_than_the_most(one: str, other: str, most: int) -> None:
    found = slips(one, other, most)
    assert 0 <= found <= most + 1
    assert found == slips(other, one, most)
    assert (found == 0) == (one == other)
    assert found == min(distance(one, other), most + 1)


def distance(one: str, other: str) -> int:
    """The same written down as it is defined, without a thought for speed."""
    if not one or not other:
        return len(one) + len(other)
    found = min(
        distance(one[:-1], other) + 1,
        distance(one, other[:-1]) + 1,
        distance(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    )
    if len(one) > 1 and len(other) > 1 and one[-2:] == other[-2:][::-1]:
        found = min(found, distance(one[:-2], other[:-2]) + 1)
    return found
