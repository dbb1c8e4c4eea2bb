"""A letter as PDF: tagged, in its language, with a title, alternatives and its fonts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import translation

from patenwerk.core.papers.writing import write_pdf, write_pdf_with_logo
from patenwerk.letters.enums import LetterKind
from patenwerk.letters.kernel.defaults import TEXTS, Wording
from patenwerk.letters.queries.facts import Facts, example_facts, example_sender
from patenwerk.letters.queries.paper import paper_data, shown
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Carrier
from tests.factories.organisations import CarrierFactory, ProgrammeFactory
from tests.gatherings.pictures import PNG
from tests.letters.structure import structure_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
ON = date(2026, 11, 23)
GERMAN = Language.GERMAN


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    with translation.override("de"):
        yield


@pytest.fixture
def carrier() -> Carrier:
    programme = ProgrammeFactory.create(name="Zusammen wachsen", funder="Ministerium für Mut")
    return CarrierFactory.create(programme=programme, name="Brücke e. V.")


def data_of(
    carrier: Carrier,
    kind: LetterKind,
    *letters: Facts,
    wording: Wording | None = None,
    language: Language = GERMAN,
) -> dict[str, Any]:
    with translation.override(language):
        return paper_data(
            kind=kind,
            wording=wording or TEXTS[kind, language],
            sender=example_sender(carrier),
            letters=letters or [example_facts(carrier, kind, ON)],
            on=ON,
            language=language.value,
        )


@pytest.mark.parametrize("kind", LetterKind)
@pytest.mark.parametrize("language", Language)
def test_a_letter_can_be_read_aloud(
    carrier: Carrier, kind: LetterKind, language: Language, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    carrier.programme.logo.save("bild.png", ContentFile(PNG))
    data = data_of(carrier, kind, language=language)
    paper = structure_of(write_pdf("letters/letter", data, at=AT))
    assert paper.is_accessible
    assert paper.is_marked
    expected = {language.value} | ({"de"} if kind is LetterKind.RECORD_CHECK else set())
    assert set(paper.languages) == expected
    assert paper.title == data["title"]
    assert paper.title
    assert paper.roles.count("H1") == 1
    assert {"Document", "P", "Figure"} <= set(paper.roles)
    assert ("L" in paper.roles) is any(part["list"] for part in data["letters"][0]["blocks"])
    assert paper.roles.count("Figure") == len(paper.alternatives) == 1
    assert b"Zusammen wachsen" in paper.alternatives[0]
    assert paper.fonts == paper.embedded >= 1
    assert paper.pages == 1


def test_many_letters_are_one_file_and_begin_on_a_page_each(carrier: Carrier) -> None:
    facts = example_facts(carrier, LetterKind.AGREEMENT, ON)
    data = data_of(carrier, LetterKind.AGREEMENT, facts, facts, facts)
    assert data["title"] == "Vereinbarung für und (3 Briefe)"
    paper = structure_of(write_pdf("letters/letter", data, at=AT))
    assert (paper.pages, paper.roles.count("H1"), paper.is_accessible) == (3, 3, True)


def test_a_long_letter_counts_its_own_pages(carrier: Carrier) -> None:
    kind = LetterKind.INVITATION
    long = Wording("Brief", "\n\n".join(["Ein Absatz mit Worten."] * 40))
    facts = example_facts(carrier, kind, ON)
    data = data_of(carrier, kind, facts, facts, wording=long)
    assert structure_of(write_pdf("letters/letter", data, at=AT)).pages == 4


def test_the_frame_says_whose_letter_it_is(carrier: Carrier) -> None:
    data = data_of(carrier, LetterKind.INVITATION)
    assert (data["programme"], data["funder"], data["carrier"]) == (
        "Zusammen wachsen",
        "Ministerium für Mut",
        "Brücke e. V.",
    )
    assert data["sender"] == "Brücke e. V. · Beispielstandort · Marktplatz 1, 12345 Beispielstadt"
    assert data["dated"] == "Beispielstadt, 23. November 2026"
    assert data["logo"] is None
    assert data["letters"][0]["to"] == ["Robin Beispiel"]
    assert data["letters"][0]["confirmed"] is None


def test_no_text_replaces_what_the_law_asks_of_a_request(carrier: Carrier) -> None:
    kind, words = LetterKind.RECORD_CHECK, Wording("Kurz", "Bitte.")
    data = data_of(carrier, kind, wording=words, language=Language.ENGLISH)
    confirmed = data["letters"][0]["confirmed"]
    assert confirmed["language"] == "de"
    assert confirmed["facts"] == [
        ["Name", "Robin Example"],
        ["Geburtsdatum", "May 17, 1990"],
        [
            "Tätigkeit",
            "ehrenamtlich und unentgeltlich: Begleitung von Kindern und Jugendlichen im Programm "
            "Zusammen wachsen",
        ],
        ["Angefordert von", "Brücke e. V., Example site, 1 Market Square, 12345 Exampleton"],
    ]
    law, fee = confirmed["sentences"]
    assert "§ 30a Absatz 1 BZRG" in law
    assert "bestätigen" in law
    assert "gebührenfrei" in fee
    assert "§ 4 Absatz 1 JVKostG" in fee


NASTY = '#panic("x") *fett* $x$ @ref <b> \\ ] "/> **stern** {Name} - x'


def test_what_somebody_typed_or_is_called_is_never_a_language(carrier: Carrier) -> None:
    kind = LetterKind.INVITATION
    example = example_facts(carrier, kind, ON)
    values = dict.fromkeys(example.values, NASTY)
    facts = Facts(values, (NASTY,), (NASTY,), NASTY)
    wording = Wording("An {Name}", f"{NASTY}\n\n- **{{Name}}**\n- {NASTY}")
    carrier.name = carrier.programme.name = carrier.programme.funder = NASTY
    data = data_of(carrier, kind, facts, wording=wording)
    assert data["letters"][0]["title"] == f"An {NASTY}"
    typed, listed = data["letters"][0]["blocks"]
    plain = NASTY.replace("{Name}", NASTY)
    assert "".join(words for words, _bold in typed["lines"][0]) == plain.replace("**", "", 2)
    assert listed["lines"][0] == [[NASTY, True]]
    paper = structure_of(write_pdf_with_logo("letters/letter", data, at=AT))
    assert paper.is_accessible
    assert paper.title.startswith(
        'An #panic("x") *fett* $x$ @ref &lt;b&gt;'.replace('"', "&quot;")
    ) or (paper.title.startswith('An #panic("x") *fett* $x$ @ref &lt;b&gt;'))


def test_a_letter_is_plain_data(carrier: Carrier) -> None:
    for kind in LetterKind:
        assert json.loads(json.dumps(data_of(carrier, kind))) == data_of(carrier, kind)


def test_a_page_shows_the_same_words(carrier: Carrier) -> None:
    facts = example_facts(carrier, LetterKind.INVITATION, ON)
    words = shown(Wording("An {Name}", "**Tag** {Vorname}"), facts)
    assert words.title == "An Robin Beispiel"
    assert [run.words for run in words.blocks[0].lines[0]] == ["Tag", " Robin"]
