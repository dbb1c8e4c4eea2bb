"""Paragraphs, lists, bold words; every other sign stands for itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patenwerk.letters.kernel.markup import Block, Run, changed, parsed


def line(*runs: str | Run) -> tuple[Run, ...]:
    return tuple(Run(each) if isinstance(each, str) else each for each in runs)


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", ()),
        (" \n\n ", ()),
        ("Eins", (Block(False, (line("Eins"),)),)),
        ("Eins\r\nZwei", (Block(False, (line("Eins"), line("Zwei"))),)),
        ("Eins\n\nZwei", (Block(False, (line("Eins"),)), Block(False, (line("Zwei"),)))),
        ("- Eins\n  • Zwei", (Block(True, (line("Eins"), line("Zwei"))),)),
        (
            "Vor\n- Eins\nNach",
            (
                Block(False, (line("Vor"),)),
                Block(True, (line("Eins"),)),
                Block(False, (line("Nach"),)),
            ),
        ),
        ("- Eins\n\n- Zwei", (Block(True, (line("Eins"),)), Block(True, (line("Zwei"),)))),
        ("-kein", (Block(False, (line("-kein"),)),)),
        ("3. Mai", (Block(False, (line("3. Mai"),)),)),
        ("a **b** c", (Block(False, (line("a ", Run("b", bold=True), " c"),)),)),
        ("**b**", (Block(False, (line(Run("b", bold=True)),)),)),
        ("a ** b", (Block(False, (line("a ** b"),)),)),
        ("**a** ** b", (Block(False, (line(Run("a", bold=True), " ** b"),)),)),
        ("#x *y* $z$ <b>", (Block(False, (line("#x *y* $z$ <b>"),)),)),
    ],
)
def test_a_text_is_read_as_it_was_meant(text: str, blocks: tuple[Block, ...]) -> None:
    assert parsed(text) == blocks


def test_what_comes_in_afterwards_is_never_markup() -> None:
    blocks = changed(parsed("Für **{Name}**"), lambda words: words.replace("{Name}", "- **x**\n\n"))
    assert blocks == (Block(False, (line("Für ", Run("- **x**\n\n", bold=True)),)),)


@given(st.text())
def test_no_word_is_lost(text: str) -> None:
    said = "".join(run.words for block in parsed(text) for each in block.lines for run in each)
    kept = [sign for sign in said if sign.isalnum()]
    assert kept == [sign for sign in text if sign.isalnum()]
