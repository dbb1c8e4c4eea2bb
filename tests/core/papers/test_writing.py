"""A paper says what its data say, and a screen reader can read it."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typst

from patenwerk.core.papers import writing
from patenwerk.core.papers.writing import write_pdf, write_pdf_with_logo

AT = datetime(2026, 3, 12, 9, 30, 15, 123, tzinfo=UTC)
TEMPLATE = """#import "/core/papers/paper.typ": *
#show: paper.with(
  title: data.title, language: data.language, organisation: "Muster", watermark: data.watermark,
)
= #data.title
#facts((("Ort", "Halle"),))
#framed(tone: "tanne", typed(data.text))
#framed(typed(data.text))
#fine[Ende]
"""
DATA = {"title": "Protokoll", "language": "de", "watermark": "Entwurf", "text": "Eins.\n\nZwei."}


@pytest.fixture(autouse=True)
def package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A package with one app and its one template."""
    shutil.copytree(writing.PACKAGE / "core" / "papers", tmp_path / "core" / "papers")
    folder = tmp_path / "circle" / "papers"
    folder.mkdir(parents=True)
    (folder / "letter.typ").write_text(TEMPLATE)
    monkeypatch.setattr(writing, "PACKAGE", tmp_path)
    return tmp_path


def test_the_paper_is_tagged_with_language_and_title() -> None:
    paper = write_pdf("circle/letter", DATA, at=AT)
    assert paper.startswith(b"%PDF-1.7")
    assert b"/MarkInfo<</Marked true" in paper
    assert b"/StructTreeRoot" in paper
    assert b"/Lang(de)" in paper
    assert b'<rdf:li xml:lang="x-default">Protokoll</rdf:li>' in paper
    assert b"<pdfuaid:part>1</pdfuaid:part>" in paper
    assert b"2026-03-12T09:30:15" in paper


def test_the_same_call_gives_the_same_bytes() -> None:
    first = write_pdf("circle/letter", DATA, at=AT)
    assert write_pdf("circle/letter", DATA, at=AT) == first
    assert write_pdf("circle/letter", DATA, at=AT + timedelta(seconds=1)) != first
    assert write_pdf("circle/letter", {**DATA, "watermark": None}, at=AT) != first


def test_what_somebody_typed_is_never_read_as_the_templates_language() -> None:
    title = '#panic("x") *fett* $x$ "/>'
    paper = write_pdf("circle/letter", {**DATA, "title": title, "text": title}, at=AT)
    assert b'#panic("x") *fett* $x$ "/&gt;' in paper.replace(b"&quot;", b'"')


def test_a_sign_that_no_font_draws_costs_the_mark_and_not_the_paper() -> None:
    paper = write_pdf("circle/letter", {**DATA, "text": "\U000e01f0 \U0001f9ff 漢字"}, at=AT)
    assert b"/StructTreeRoot" in paper
    assert b"pdfuaid:part" not in paper


def test_a_template_with_a_fault_says_so(package: Path) -> None:
    (package / "circle" / "papers" / "letter.typ").write_text(TEMPLATE.replace("= #", "=== #"))
    with pytest.raises(typst.TypstError, match="heading"):
        write_pdf("circle/letter", DATA, at=AT)


def test_a_logo_that_cannot_be_drawn_costs_the_sign_and_not_the_paper(package: Path) -> None:
    template = TEMPLATE + '#if data.logo != none { image(bytes(data.logo), alt: "Zeichen") }'
    (package / "circle" / "papers" / "letter.typ").write_text(template)
    without = write_pdf("circle/letter", {**DATA, "logo": None}, at=AT)
    broken = {**DATA, "logo": list(b"no picture")}
    assert write_pdf_with_logo("circle/letter", broken, at=AT) == without
    with pytest.raises(typst.TypstError):
        write_pdf("circle/letter", broken, at=AT)
    (package / "circle" / "papers" / "letter.typ").write_text("#panic(1)")
    with pytest.raises(typst.TypstError):
        write_pdf_with_logo("circle/letter", {**DATA, "logo": None}, at=AT)


def test_a_template_that_is_not_there_says_so() -> None:
    with pytest.raises(RuntimeError):
        write_pdf("circle/poster", DATA, at=AT)
