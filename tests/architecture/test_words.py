"""Source strings are English, everything on a page goes through translation."""

import html
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template.base import Lexer, TokenType

from patenwerk.core.management import catalogues

SOURCE = Path(__file__).parents[2] / "src" / "patenwerk"
GERMAN = re.compile(
    r"[äöüß]|\b(und|oder|nicht|ist|wird|bitte|keine|eine|einen|sind|werden|wurde|mit|für|vom)\b",
    re.IGNORECASE,
)
PROPER = {
    "Länder",  # Germany's federal states have no English name that says what they are
    "Baden-Württemberg",
    "Thüringen",
    "Köln",
    "München",
}
NAMES = {"Patenwerk"}
SPOKEN = re.compile(r"""\b(?:alt|title|placeholder|aria-label)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
UNSPOKEN = re.compile(
    r"<(script|style|svg)\b.*?</\1>|<!--.*?-->|<!doctype[^>]*>", re.DOTALL | re.IGNORECASE
)
LETTERS = re.compile(r"[^\W\d_]{2,}")


def german_in(string: str) -> bool:
    for word in PROPER:
        string = string.replace(word, "")
    return bool(GERMAN.search(re.sub(r"»[^«]*«", "", string)))


def untranslated(template: str) -> list[str]:
    """Words a template shows without asking for their translation."""
    template = re.sub(r"{%\s*comment\b.*?endcomment\s*%}", "", template, flags=re.DOTALL)
    kept: list[str] = []
    inside = False
    for token in Lexer(template).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0] if token.contents.split() else ""
            inside = name in {"blocktranslate", "blocktrans"} or (
                inside and name not in {"endblocktranslate", "endblocktrans"}
            )
        if token.token_type == TokenType.TEXT and not inside:
            kept.append(token.contents)
        elif token.token_type in {TokenType.VAR, TokenType.BLOCK}:
            kept.append("\0")
    page = UNSPOKEN.sub(" ", "".join(kept))
    attributes = [first or second for first, second in SPOKEN.findall(page)]
    text = re.sub(r"""<(?:"[^"]*"|'[^']*'|[^'">])*>""", "\n", page)
    # A block may hold nothing but attributes of a tag its parent opens.
    text = re.sub(r"""\b[\w-]+=(?:"[^"]*"|'[^']*')""", "\n", text)
    words = [part.strip() for block in [text, *attributes] for part in re.split(r"[\n\0]", block)]
    return [
        word
        for word in map(html.unescape, words)
        if LETTERS.search(word) and word.strip("–·| ") not in NAMES
    ]


def test_source_strings_are_english() -> None:
    found = [
        (package.name, string)
        for package in catalogues.packages()
        for _context, string in catalogues.strings_of(package)
        if any(german_in(form) for form in ([string] if isinstance(string, str) else string))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("string", "german"),
    [
        ("Save", False),
        ("The 16 Länder", False),
        ("Write »für alle« there", False),
        ("Für alle", True),
        ("Bitte warten", True),
    ],
)
def test_german_is_seen(string: str, *, german: bool) -> None:
    assert german_in(string) is german


def test_everything_on_a_page_is_translated() -> None:
    found = {
        str(path.relative_to(SOURCE)): words
        for path in sorted(SOURCE.glob("*/templates/**/*.html"))
        if (words := untranslated(path.read_text()))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ('<p>{% translate "Yes" %}</p>', []),
        ("<p>{% blocktranslate %}Yes {{ name }}{% endblocktranslate %}: {{ x }} %</p>", []),
        ("<style>body {}</style><!-- note -->{# note #}<p class='wide'>1 – 2</p>", []),
        ("{% comment %}Text{% endcomment %}", []),
        ("<p>Yes</p>", ["Yes"]),
        ('<img alt="A dog">', ["A dog"]),
        ("<p>{% if a %}Yes{% endif %}</p>", ["Yes"]),
    ],
)
def test_untranslated_words_are_seen(template: str, found: list[str]) -> None:
    assert untranslated(template) == found


def test_every_string_stands_where_django_looks_for_its_translation() -> None:
    installed = [config.name.removeprefix("patenwerk.") for config in apps.get_app_configs()]
    installed += [Path(path).parent.name for path in settings.LOCALE_PATHS]
    assert catalogues.stray_strings(SOURCE, installed) == []
