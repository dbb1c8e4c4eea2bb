"""A page is passed over only where the very same one was looked at and found good; what is
looked at is seen in every light.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.journeys.hands import look_at
from tests.journeys.looks import once

DOCUMENT = """<!doctype html><html lang="de"><meta name="viewport" content="width=device-width">
<title>Seite</title><style>
:root { color-scheme: light dark }
</style><main><h1>Seite</h1><form>
<input type="hidden" name="csrfmiddlewaretoken" value="{token}">
<label>Name <input name="name"></label></form></main>"""


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATENWERK_LOOKS", str(tmp_path / "looks"))
    return tmp_path / "looks"


@pytest.fixture
def shown(browser: Any) -> Any:
    context = browser.new_context()
    page = context.new_page()
    page.set_content(DOCUMENT.replace("{token}", "one"))
    yield page
    context.close()


LIGHT, DARK = "(prefers-color-scheme: light)", "(prefers-color-scheme: dark)"
NARROW, WIDE = "(width < 400px)", "(width > 400px)"


@pytest.mark.parametrize("light", [LIGHT, DARK])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_words_too_pale_in_one_light_and_width_are_found(
    shown: Any, light: str, width: str
) -> None:
    assert look_at(shown, "as it is") == []
    pale = "h1 { color: #777; background: #888 }"
    shown.add_style_tag(content=f"@media {light} and {width} {{ {pale} }}")
    found = look_at(shown, "pale")
    names = ("360" if width == NARROW else "1280", "light" if light == LIGHT else "dark")
    assert [line.partition(": color-contrast: ")[0] for line in found] == [
        f"pale {' '.join(names)}"
    ]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_field_without_a_name_in_one_width_is_found(shown: Any, width: str) -> None:
    shown.evaluate("() => document.querySelector('form').append(document.createElement('input'))")
    shown.add_style_tag(
        content=f"@media not all and {width} {{ label ~ input {{ display: none }} }}"
    )
    found = look_at(shown, "unnamed")
    assert [line.partition(": label: ")[0] for line in found] == [
        "unnamed 360 dark" if width == NARROW else "unnamed 1280 light"
    ]


def is_looked_at(page: Any, *found: str, kind: str = "whole") -> bool:
    """Whether somebody looks; who does, finds what is given."""
    looks: list[str] = []

    def look() -> list[str]:
        looks.append(kind)
        return list(found)

    said = once(page, kind, look)
    assert said == (list(found) if looks else [])
    return bool(looks)


def test_the_same_page_is_looked_at_once(shown: Any, kept: Path) -> None:
    assert is_looked_at(shown)
    assert not is_looked_at(shown)
    shown.set_content(DOCUMENT.replace("{token}", "another"))
    assert not is_looked_at(shown), "what is new each time is not drawn"
    assert is_looked_at(shown, kind="sent empty")
    assert len(list(kept.iterdir())) == 2


def test_a_page_with_a_fault_is_never_passed_over(shown: Any, kept: Path) -> None:
    assert is_looked_at(shown, "color-contrast: p")
    assert is_looked_at(shown, "color-contrast: p")
    assert not kept.exists()


@pytest.mark.parametrize(
    "change",
    [
        "() => { document.querySelector('h1').textContent = 'Seiten' }",
        "() => { document.querySelector('h1').className = 'pale' }",
        "() => { document.querySelector('style').textContent += 'h1 { color: #999 }' }",
        "() => { document.querySelector('[name=name]').value = 'Ada' }",
        "() => document.querySelector('[name=name]').focus()",
    ],
    ids=["words", "class", "styles", "value", "focus"],
)
def test_whatever_changes_on_a_page_it_is_looked_at(shown: Any, kept: Path, change: str) -> None:
    assert is_looked_at(shown)
    shown.evaluate(change)
    assert is_looked_at(shown)


def test_in_another_light_width_or_under_the_mouse_it_is_looked_at(shown: Any, kept: Path) -> None:
    assert is_looked_at(shown)
    shown.emulate_media(color_scheme="dark")
    assert is_looked_at(shown)
    shown.set_viewport_size({"width": 360, "height": 740})
    assert is_looked_at(shown)
    shown.hover("h1")
    assert is_looked_at(shown)


def test_with_other_styles_or_another_axe_it_is_looked_at(
    shown: Any, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_looked_at(shown)
    monkeypatch.setattr("tests.journeys.looks._around", lambda: "another stylesheet")
    assert is_looked_at(shown)


def test_without_a_folder_everything_is_looked_at(
    shown: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PATENWERK_LOOKS", raising=False)
    assert is_looked_at(shown)
    assert is_looked_at(shown)
