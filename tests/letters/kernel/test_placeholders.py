"""A fixed set of placeholders: what is wrong is found, what is right is filled in."""

from __future__ import annotations

import pytest

from patenwerk.letters.enums import LetterKind
from patenwerk.letters.kernel.placeholders import (
    BLANK,
    NAMES,
    OF_KIND,
    Fault,
    Placeholder,
    Wrong,
    faults,
    filled,
    named,
    used_in,
    written,
)

INVITATION = LetterKind.INVITATION


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Guten Tag {Name}, {first name}", []),
        ("{ VORNAME } und {first_name}", []),
        ("{Vornamen}", [Fault(Wrong.UNKNOWN, "{Vornamen}", Placeholder.FIRST_NAME)]),
        ("{xyz}", [Fault(Wrong.UNKNOWN, "{xyz}")]),
        ("{}", [Fault(Wrong.UNKNOWN, "{}")]),
        ("{Mentee}", [Fault(Wrong.ELSEWHERE, "{Mentee}")]),
        ("{xyz} {abc}", [Fault(Wrong.UNKNOWN, "{xyz}"), Fault(Wrong.UNKNOWN, "{abc}")]),
        ("Tag {Name und", [Fault(Wrong.BRACKET, "Tag {Name und")]),
        ("}", [Fault(Wrong.BRACKET, "}")]),
        ("{Na\nme}", [Fault(Wrong.BRACKET, "{Na me}"), Fault(Wrong.BRACKET, "{Na me}")]),
        ("{{Name}}", [Fault(Wrong.BRACKET, "{{Name}}"), Fault(Wrong.BRACKET, "{{Name}}")]),
    ],
)
def test_what_is_wrong_is_found(text: str, found: list[Fault]) -> None:
    assert list(faults(text, INVITATION)) == found


def test_only_what_the_letter_knows_is_proposed() -> None:
    (fault,) = faults("{Mentees}", LetterKind.CERTIFICATE)
    assert fault.meant is not Placeholder.MENTEE


def test_everything_is_filled_in_and_nothing_is_read_twice() -> None:
    values = {Placeholder.NAME: "{Programm}", Placeholder.CONTACT: ""}
    assert filled("{Name}, {name}: {Kontakt} {Termin} {xyz}", values) == (
        f"{{Programm}}, {{Programm}}: {BLANK} {BLANK} {BLANK}"
    )


def test_both_languages_are_understood_and_written() -> None:
    assert named("first  NAME") is named("Vorname") is Placeholder.FIRST_NAME
    assert named("Nachname") is None
    assert written(Placeholder.FIRST_NAME, "de") == "{Vorname}"
    assert written(Placeholder.FIRST_NAME, "en") == "{first name}"
    assert used_in("{Name} {xyz} {carrier}") == {Placeholder.NAME, Placeholder.CARRIER}


def test_every_placeholder_has_its_own_names_and_a_letter_that_knows_it() -> None:
    assert set(NAMES) == set(Placeholder)
    assert set(OF_KIND) == set(LetterKind)
    for placeholder, names in NAMES.items():
        assert {named(name) for name in names} == {placeholder}
    assert {each for known in OF_KIND.values() for each in known} == set(Placeholder)


def test_a_certificate_cannot_name_the_mentee() -> None:
    assert Placeholder.MENTEE not in OF_KIND[LetterKind.CERTIFICATE]
