"""Rules that hold for every template of the house."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

import patenwerk

SOURCE = Path(patenwerk.__file__).parent
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
INLINE = re.compile(
    r"""\sstyle\s*=|<style[\s>]|\son[a-z]+\s*=|href\s*=\s*["']javascript:"""
    r"""|<script(?![^>]*\ssrc=)|\shx-on""",
    re.IGNORECASE,
)


def names() -> list[str]:
    return [str(path.relative_to(SOURCE)) for path in TEMPLATES]


def test_the_rule_finds_what_it_forbids() -> None:
    for planted in (
        '<p style="color: red">',
        "<style>p {}</style>",
        '<a onclick="go()">',
        "<script>go()</script>",
        '<a href="javascript:go()">',
        '<div hx-on:click="go()">',
    ):
        assert INLINE.search(planted), planted
    assert not INLINE.search('<script src="/static/core/patenwerk.js" defer></script>')


def test_there_are_templates() -> None:
    assert "core/templates/core/base.html" in names()


@pytest.mark.parametrize("path", TEMPLATES, ids=names())
def test_nothing_inline(path: Path) -> None:
    assert INLINE.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=names())
def test_every_template_compiles(path: Path) -> None:
    engines["django"].from_string(path.read_text("utf-8"))


FRAME = {
    "navigation": [
        {
            "label": "My day",
            "url": "/day/",
            "icon": "sun",
            "current": True,
            "group": "",
            "phone": True,
        },
        {
            "label": "Figures",
            "url": "/figures/",
            "icon": "chart-column",
            "current": False,
            "group": "Network",
            "phone": False,
        },
    ],
    "actor_name": "Jutta Sommerfeldt",
    "actor_place": "Beerenfurt",
}


def page(template: str, **context: object) -> str:
    return render_to_string(template, context, request=RequestFactory().get("/some/page/"))


def test_the_work_area_keeps_the_rest_of_its_navigation_behind_more() -> None:
    html = page("core/work.html", **FRAME)
    rail = html[html.index('class="rail"') : html.index("<main")]
    further = rail[rail.index("<details") :]
    assert 'href="/day/" aria-current="page"' in rail
    assert rail.count('href="/figures/"') == 2  # at the side, and behind »More« on a phone
    assert 'href="/figures/"' in further
    assert 'href="/day/"' not in further
    assert "<small>Network</small>" in further
    assert "<summary>" in further


def test_a_page_without_navigation_has_no_rail() -> None:
    assert 'class="rail"' not in page("core/work.html", actor_name="Jutta")


def test_direction_and_language_stand_in_the_document() -> None:
    assert '<html lang="de" dir="ltr"' in page("core/work.html", **FRAME)
    assert 'data-theme="dark"' in page("core/work.html", theme="dark", **FRAME)
    assert "data-theme" not in page("core/work.html", **FRAME).split("<head>")[0]


def test_the_device_decides_on_public_pages_unless_the_account_chose() -> None:
    assert 'data-theme-from="device"' in page("core/public.html")
    assert "data-theme-from" not in page("core/public.html", theme="light")


def test_the_demo_says_that_it_is_one() -> None:
    demo = {"name": "Zusammen", "is_demo": True}
    for template in ("core/work.html", "core/public.html", "core/focused.html"):
        assert "erfunden" in page(template, programme=demo)
        assert "erfunden" not in page(template, programme={"name": "Zusammen", "is_demo": False})


def test_not_found_says_the_same_for_every_address() -> None:
    def answer(address: str, reason: str) -> str:
        html = render_to_string(
            "404.html",
            {"request_path": address, "exception": reason},
            request=RequestFactory().get(address),
        )
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html)

    assert answer("/tandems/1/", "No Tandem matches") == answer("/tandems/999/", "foreign")


def test_refusals_are_read_out() -> None:
    assert "<li>Zu früh.</li>" in page("403.html", reasons=["Zu früh."])
    assert "<p>Nur lesen.</p>" in page("403.html", exception="Nur lesen.")
    assert "Rolle" in page("403.html")


def test_the_fault_page_needs_nothing() -> None:
    assert "<h1>" in render_to_string("500.html")


def test_the_gallery_shows_every_part() -> None:
    html = page("core/gallery.html")
    parts = [
        "marks",
        "swatches",
        "pair",
        "badge",
        "card",
        "figure",
        "meter",
        "empty",
        "facts",
        "notice",
        "progress",
        "crumbs",
        "steps",
        "lifeline",
        "pages",
        "table",
        "legend",
        "bars",
        "week",
        "tilemap",
        "flowmap",
        "scale",
        "columns",
        "spans",
    ]
    missing = [part for part in parts if not re.search(rf'class="[^"]*\b{part}\b', html)]
    assert missing == []
