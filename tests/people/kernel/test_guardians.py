"""Guardians as a child's row names them: several in one cell, every column in the same order."""

from __future__ import annotations

import pytest

from patenwerk.people.enums import Relation
from patenwerk.people.kernel.columns import GUARDIAN_FIELDS, Field
from patenwerk.people.kernel.guardians import (
    RELATION_WORDS,
    GuardianSaid,
    MisreadCell,
    read_guardians,
    read_relation,
)
from patenwerk.people.kernel.problems import Code, Misread

NAMES, PHONES = Field.GUARDIANS, Field.GUARDIAN_PHONES


def read(**cells: str) -> tuple[GuardianSaid, ...]:
    return read_guardians({Field(name): text for name, text in cells.items()})


def names(text: str) -> list[tuple[str, str]]:
    return [(each.first_name, each.last_name) for each in read(guardians=text)]


def test_everything_a_row_says_of_one() -> None:
    said = read(
        guardians="Linde, Eva",
        guardian_relations="Mama",
        guardian_custody="nein",
        guardian_phones="0341 1; abends 0170 2",
        guardian_emails="eva@example.org",
        guardian_languages="Arabisch",
    )
    about = {
        "relation": Relation.MOTHER,
        "decides": False,
        "phone": "0341 1; abends 0170 2",
        "email": "eva@example.org",
        "language": "ar",
    }
    assert said == (GuardianSaid("Eva", "Linde", about),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" ", []),
        ("Eva Linde", [("Eva", "Linde")]),
        ("Eva Linde; Jan Linde;", [("Eva", "Linde"), ("Jan", "Linde")]),
        ("Eva Linde / Jan Linde", [("Eva", "Linde"), ("Jan", "Linde")]),
        ("Linde, Eva\nAue, Jan", [("Eva", "Linde"), ("Jan", "Aue")]),
        # Line breaks divide before semicolons do.
        ("Eva\nJan; Ute", [("Eva", ""), ("Jan;", "Ute")]),
    ],
)
def test_several_stand_in_one_cell(text: str, expected: list[tuple[str, str]]) -> None:
    assert names(text) == expected


def test_of_several_every_column_has_the_same_order() -> None:
    said = read(guardians="Eva; Jan; Ute", guardian_phones="–; 0341 2", guardian_custody="; nein")
    assert [each.said for each in said] == [
        {"phone": None, "decides": None},
        {"phone": "0341 2", "decides": False},
        {"phone": None, "decides": None},
    ]


def test_a_column_the_list_does_not_have_says_nothing() -> None:
    assert read(guardians="Eva")[0].said == {}
    assert read(guardian_phones="") == ()


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        ({"guardian_phones": "0341"}, PHONES, Code.NO_GUARDIAN_NAMED),
        (
            {"guardians": "Eva; Jan", "guardian_phones": "1; 2; 3"},
            PHONES,
            Code.MORE_THAN_GUARDIANS,
        ),
        ({"guardians": "Eva Aue; aue, eva"}, NAMES, Code.GUARDIAN_TWICE),
        ({"guardians": "E" * 81}, NAMES, Code.TOO_LONG),
        ({"guardians": f"{'L' * 81}, Eva"}, NAMES, Code.TOO_LONG),
        ({"guardians": "Eva", "guardian_phones": "1" * 41}, PHONES, Code.TOO_LONG),
        ({"guardians": "Eva", "guardian_emails": "eva"}, Field.GUARDIAN_EMAILS, Code.EMAIL),
        ({"guardians": "Eva", "guardian_custody": "halb"}, Field.GUARDIAN_CUSTODY, Code.YES_NO),
        (
            {"guardians": "Eva", "guardian_relations": "Nachbarin"},
            Field.GUARDIAN_RELATIONS,
            Code.RELATION,
        ),
        (
            {"guardians": "Eva", "guardian_languages": "Arabisch, Deutsch"},
            Field.GUARDIAN_LANGUAGES,
            Code.ONE_LANGUAGE,
        ),
        (
            {"guardians": "Eva", "guardian_languages": "Quatsch"},
            Field.GUARDIAN_LANGUAGES,
            Code.UNKNOWN_LANGUAGE,
        ),
    ],
)
def test_what_cannot_be_read_says_where(cells: dict[str, str], field: Field, code: Code) -> None:
    with pytest.raises(MisreadCell) as misread:
        read(**cells)
    assert (misread.value.field, misread.value.misread.code) == (field, code)


def test_a_language_may_be_its_code_or_stand_with_a_level() -> None:
    for text in ("uk", "Ukrainisch", "Ukrainisch Muttersprache"):
        (said,) = read(guardians="Eva", guardian_languages=text)
        assert said.said == {"language": "uk"}


def test_every_word_for_a_relation_is_known() -> None:
    for relation, words in RELATION_WORDS.items():
        assert {read_relation(word) for word in words.split(",")} == {relation}
    with pytest.raises(Misread):
        read_relation("Nachbarin")
    assert len(GUARDIAN_FIELDS) == 6
