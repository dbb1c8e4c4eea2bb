"""The docs name what there is: every app, every table, every page, every file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "patenwerk"
PAGES = sorted(DOCS.rglob("*.md"))
WORDS = (DOCS / "words.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\)")
NAMED_PATH = re.compile(r"`([\w./-]+/[\w./-]*)`")
OURS = [config for config in apps.get_app_configs() if config.name.startswith("patenwerk.")]
MODELS = [model for config in OURS for model in config.get_models()]


@pytest.mark.parametrize("label", [config.label for config in OURS])
def test_every_app_is_a_word(label: str) -> None:
    assert f"`{label}`" in WORDS


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_table_is_a_word(model: type[Model]) -> None:
    line = rf"^\|[^|]+\|[^|]+\|[^|]*`{model.__name__}`[^|]*\|[^|]+\|$"
    found = re.search(line, WORDS, re.MULTILINE)
    assert found, f"docs/words.md has no line for {model.__name__}"


def test_a_word_has_one_line() -> None:
    words = re.findall(r"^\|[^|]+\| ([^|]+) \|", WORDS, re.MULTILINE)
    named = [word for word in words if word != "word" and not word.startswith("-")]
    assert sorted(named) == sorted(set(named))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_index_lists_every_page() -> None:
    index = DOCS / "README.md"
    listed = {(DOCS / link).resolve() for link in LINK.findall(index.read_text(encoding="utf-8"))}
    assert [page for page in PAGES if page not in listed and page != index] == []


@pytest.mark.parametrize("page", sorted((DOCS / "how-to").glob("a-new-*.md")), ids=lambda p: p.stem)
def test_every_file_a_how_to_names_is_there(page: Path) -> None:
    named = NAMED_PATH.findall(page.read_text(encoding="utf-8"))
    assert named
    places = [SOURCE, ROOT, SOURCE / "reporting", SOURCE / "organisations"]
    assert [name for name in named if not any((place / name).exists() for place in places)] == []


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(page.name[:4]) for page in sorted((DOCS / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
