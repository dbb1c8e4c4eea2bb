"""Two people write at once: no sentence is lost silently."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patenwerk.gatherings.kernel.merging import (
    Conflict,
    Merged,
    compared,
    merge,
    pieces_of,
    taken_back,
)

BASE = "Frau Beck eröffnet um 9 Uhr. Sie begrüßt alle.\nEs gibt Kaffee. Alle sind da."


def words(text: str) -> list[str]:
    return [piece.words for piece in pieces_of(text)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        (" \n ", []),
        ("Eins. Zwei.", ["Eins.", "Zwei."]),
        ("Eins.\n\nZwei", ["Eins.", "Zwei"]),
        ("Ist das so? »Ja.« Gut!", ["Ist das so?", "»Ja.«", "Gut!"]),
        ("Am 3. März kommt Dr. Beck.", ["Am 3. März kommt Dr. Beck."]),
        ("Das gilt z. B. Montag bzw. Dienstag.", ["Das gilt z. B. Montag bzw. Dienstag."]),
        ("Es war 2024. Dann kam 2025.", ["Es war 2024.", "Dann kam 2025."]),
        ("- eins\n- zwei\r\n- drei", ["- eins", "- zwei", "- drei"]),
        ("ohne Punkt. und weiter", ["ohne Punkt. und weiter"]),
    ],
)
def test_sentences_and_lines(text: str, pieces: list[str]) -> None:
    assert words(text) == pieces


@given(st.text(alphabet="aB .!?\n\r\t»«3", max_size=60))
def test_pieces_put_together_are_the_text(text: str) -> None:
    whole = "".join(piece.before + piece.words for piece in pieces_of(text))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert whole == "\n".join(line.rstrip() for line in lines).rstrip()


@pytest.mark.parametrize(
    ("mine", "theirs", "joined"),
    [
        (BASE, BASE, BASE),
        (BASE + " Ich auch.", BASE, BASE + " Ich auch."),
        (BASE, "Nur das.", "Nur das."),
        ("", BASE, ""),
        # Neighbours in one line.
        (
            BASE.replace("9 Uhr", "10 Uhr"),
            BASE.replace("begrüßt alle", "begrüßt alle herzlich"),
            BASE.replace("9 Uhr", "10 Uhr").replace("begrüßt alle", "begrüßt alle herzlich"),
        ),
        # Both write on at the end: what is saved already stands first.
        (BASE + " Mein Satz.", BASE + "\nIhr Satz.", BASE + "\nIhr Satz. Mein Satz."),
        # The same sentence from both stands once.
        (BASE + " Ende um 12. Das war es.", BASE + " Das war es.", None),
        # One deletes, the other writes elsewhere.
        (BASE.replace("Es gibt Kaffee. ", ""), BASE + " Schluss.", None),
        # A new first line.
        ("Neu.\n" + BASE, BASE + " Schluss.", "Neu.\n" + BASE + " Schluss."),
        # One deletes the first sentence, the other puts something before the second.
        ("Zwei.", "Eins.\nDazwischen.\nZwei.", None),
        # Only the lines differ on one side.
        (
            BASE.replace(" Sie", "\nSie"),
            BASE.replace("Kaffee", "Tee"),
            BASE.replace(" Sie", "\nSie").replace("Kaffee", "Tee"),
        ),
    ],
)
def test_both_sides_stay_without_a_conflict(mine: str, theirs: str, joined: str | None) -> None:
    base = "Eins.\nZwei." if mine == "Zwei." else BASE
    merged = merge(base, mine, theirs)
    assert merged.conflicts == ()
    if joined is not None:
        assert merged.text == joined
    added = Counter(words(mine) + words(theirs)) - Counter(words(base)) - Counter(words(base))
    assert set(added) <= set(words(merged.text))
    assert Counter(words(merge(base, theirs, mine).text)) == Counter(words(merged.text))


def test_the_same_sentence_from_both_stands_once() -> None:
    merged = merge("Eins.", "Eins. Neu.", "Eins. Neu. Mehr.")
    assert merged == Merged("Eins. Neu. Mehr.")


def test_both_changed_one_sentence_both_stay_and_it_is_said() -> None:
    mine = BASE.replace("Es gibt Kaffee.", "Es gibt Kaffee und Tee.")
    theirs = BASE.replace("Es gibt Kaffee.", "Es gibt keinen Kaffee.")
    merged = merge(BASE, mine, theirs)
    assert merged.text == BASE.replace(
        "Es gibt Kaffee.", "Es gibt keinen Kaffee.\nEs gibt Kaffee und Tee."
    )
    assert merged.conflicts == (
        Conflict("Es gibt Kaffee.", "Es gibt Kaffee und Tee.", "Es gibt keinen Kaffee."),
    )


def test_what_one_deleted_and_the_other_changed_stays_and_it_is_said() -> None:
    deleted, changed = "Alle sind da.", "Es gibt Tee. Alle sind da."
    base = "Es gibt Kaffee. Alle sind da."
    merged = merge(base, deleted, changed)
    assert merged == Merged(changed, (Conflict("Es gibt Kaffee.", "", "Es gibt Tee."),))
    merged = merge(base, changed, deleted)
    assert merged == Merged(changed, (Conflict("Es gibt Kaffee.", "Es gibt Tee.", ""),))


def test_what_both_deleted_is_gone() -> None:
    assert merge("Eins. Zwei. Drei.", "Eins. Drei. Ich.", "Eins. Drei. Du.").text == (
        "Eins. Drei. Du. Ich."
    )


def test_a_sentence_in_front_of_a_changed_one_is_not_taken_for_it() -> None:
    base = "Die Kasse wird geprüft bis Mai."
    mine = "Neu dazu. Die Kasse wird geprüft bis Juni."
    theirs = "Die Kasse wird streng geprüft bis Mai."
    merged = merge(base, mine, theirs)
    assert merged.conflicts == (
        Conflict(
            base, "Die Kasse wird geprüft bis Juni.", "Die Kasse wird streng geprüft bis Mai."
        ),
    )
    assert merged.text.startswith("Neu dazu.")


def test_long_rewritten_texts_are_paired_in_their_order() -> None:
    base = " ".join(f"Satz {number} alt ist hier." for number in range(100, 140))
    mine = base.replace("alt", "neu")
    theirs = base.replace("Satz 100 alt", "Satz 100 anders")
    merged = merge(base, mine, theirs)
    assert merged.conflicts == (
        Conflict("Satz 100 alt ist hier.", "Satz 100 neu ist hier.", "Satz 100 anders ist hier."),
    )
    assert set(words(mine)) | {"Satz 100 anders ist hier."} == set(words(merged.text))


# --- two editors, any order -------------------------------------------------------------------


@dataclass
class Editor:
    """Somebody at a page: what it began with and what stands in the field."""

    base: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)


@dataclass
class Room:
    """The saved text, two editors, and what somebody wrote that nobody deleted."""

    current: str
    editors: tuple[Editor, Editor]
    alive: set[str]
    written: int = 0

    def new(self, likeness: str) -> str:
        self.written += 1
        sentence = f"Punkt {self.written} {likeness} steht jetzt hier."
        self.alive.add(sentence)
        return sentence


STEPS = st.tuples(
    st.sampled_from(["load", "insert", "change", "rewrite", "delete", "save", "save and go on"]),
    st.integers(0, 1),
    st.integers(0, 30),
    st.sampled_from(["ganz", "fast", "kaum"]),
)


def text_of(sentences: list[str], lines: int) -> str:
    """Sentences as text, with a new line after each ``lines``."""
    return "".join(
        sentence + ("\n" if (place + 1) % lines == 0 else " ")
        for place, sentence in enumerate(sentences)
    )


@settings(max_examples=300, deadline=None)
@given(st.lists(STEPS, max_size=40), st.integers(0, 6), st.integers(1, 4))
def test_whatever_two_editors_do_no_sentence_is_lost(
    steps: list[tuple[str, int, int, str]], begin: int, lines: int
) -> None:
    room = Room("", (Editor(), Editor()), set())
    room.current = text_of([room.new("ganz") for _ in range(begin)], lines)
    for editor in room.editors:
        editor.base, editor.own = words(room.current), words(room.current)
    for step, who, place, likeness in [*steps, ("save", 0, 0, ""), ("save", 1, 0, "")]:
        editor = room.editors[who]
        here = place % len(editor.own) if editor.own else 0
        if step == "load" and editor.own == editor.base:
            editor.base = editor.own = words(room.current)
        elif step == "insert":
            at = place % (len(editor.own) + 1)
            editor.own = [*editor.own[:at], room.new(likeness), *editor.own[at:]]
        elif step in {"change", "rewrite"} and editor.own:
            room.alive.discard(editor.own[here])
            new = room.new(likeness)
            if step == "rewrite":
                room.alive.discard(new)
                new = f"{likeness.title()} neu, Nummer {room.written} hier."
                room.alive.add(new)
            editor.own = [*editor.own[:here], new, *editor.own[here + 1 :]]
        elif step == "delete" and editor.own:
            room.alive.discard(editor.own[here])
            editor.own = [*editor.own[:here], *editor.own[here + 1 :]]
        elif step.startswith("save"):
            base, own = text_of(editor.base, lines), text_of(editor.own, lines)
            merged = merge(base, own, room.current)
            other_way = merge(base, room.current, own)
            assert Counter(words(other_way.text)) == Counter(words(merged.text))
            assert words(merge(base, own, merged.text).text) == words(merged.text)
            room.current = merged.text
            editor.base = list(editor.own)
            if step == "save":
                editor.base = editor.own = words(room.current)
    assert room.alive - set(words(room.current)) == set()


FEW = st.lists(
    st.sampled_from(["Ja.", "Nein.", "Ja gut.", "Ja gut so.", "Nein so nicht."]), max_size=7
)


@settings(max_examples=400, deadline=None)
@given(FEW, FEW, FEW, st.integers(1, 3))
def test_with_sentences_said_again_and_again_new_ones_stay(
    base: list[str], mine: list[str], theirs: list[str], lines: int
) -> None:
    texts = [text_of(each, lines) for each in (base, mine, theirs)]
    merged = merge(*texts).text
    assert (set(mine) | set(theirs)) - set(base) <= set(words(merged))
    assert set(words(merged)) <= set(base) | set(mine) | set(theirs)


# ------------------------------------------------------------------ what an earlier text said


@pytest.mark.parametrize(
    ("earlier", "present", "missing"),
    [
        ("", "Eins.", []),
        ("Eins. Zwei.", "Eins. Zwei.", []),
        ("Eins. Zwei.", "Zwei. Eins.", []),
        ("Eins. Zwei.", "", ["Eins.", "Zwei."]),
        # Each as often as it was said.
        ("Ja.\nJa.\nJa.", "Ja.", ["Ja.", "Ja."]),
        # Saved while typing: the beginning stands in what it became.
        ("Eins. Wir beschl", "Eins. Wir beschließen das.", []),
        ("Wir beschließen das.", "Wir beschl", ["Wir beschließen das."]),
    ],
)
def test_what_of_an_earlier_text_does_not_stand_any_more(
    earlier: str, present: str, missing: list[str]
) -> None:
    found = compared(earlier, present)
    assert [piece.words for piece, _stands in found] == words(earlier)
    assert [piece.words for piece, stands in found if not stands] == missing


@pytest.mark.parametrize(
    ("earlier", "present", "joint"),
    [
        ("Eins. Zwei. Drei.", "Eins. Drei.", "Eins. Zwei. Drei."),
        ("Eins.\nZwei.\nDrei.", "Drei. Vier.", "Eins.\nZwei.\nDrei. Vier."),
        ("Eins.\nZwei.", "Eins.\nZwo.\nDrei.", "Eins.\nZwo.\nDrei.\nZwei."),
        ("Eins. Zwei.", "Zwei. Eins.", "Zwei. Eins."),
        ("Alles weg.", "", "Alles weg."),
        ("", "Eins.", "Eins."),
    ],
)
def test_it_is_taken_back_to_where_it_stood(earlier: str, present: str, joint: str) -> None:
    assert taken_back(earlier, present) == joint


SENTENCES = st.lists(
    st.sampled_from(["Eins.", "Zwei.", "Drei.", "Vier.", "Fünf.", "Sechs."]), max_size=6
)


@given(SENTENCES, SENTENCES, st.sampled_from([" ", "\n"]))
def test_taking_back_loses_nothing_of_both_and_a_second_time_changes_nothing(
    earlier: list[str], present: list[str], between: str
) -> None:
    before, now = between.join(earlier), between.join(present)
    joint = taken_back(before, now)
    assert Counter(words(joint)) == Counter(earlier) | Counter(present)
    assert [each for each in words(joint) if each in present or each in earlier] == words(joint)
    assert taken_back(before, joint) == joint
