"""Every part gives the structure the stylesheet and a screen reader expect."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from unittest.mock import Mock

import lucide
import pytest
from django.contrib.messages import constants
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import SafeString

from patenwerk.core.templatetags.parts import (
    columns,
    figures,
    frame,
    laender,
    notices,
    numbers,
    signs,
    tables,
    ways,
    week,
)


def render(source: str, path: str = "/", **context: Any) -> str:
    template = engines["django"].from_string("{% load ui i18n %}" + source)
    return template.render(context, RequestFactory().get(path))


@pytest.fixture(autouse=True)
def german() -> Any:
    with translation.override("de"):
        yield


# ----------------------------------------------------------------- numbers and dates


def test_numbers_follow_the_language() -> None:
    assert numbers.number(1234567) == "1.234.567"
    assert numbers.number(Decimal("8.25"), 1) == "8,3"
    assert numbers.number(0.999) == "1"
    assert numbers.number(8.29, 1) == "8,3"
    assert numbers.number(-3) == "-3"
    assert numbers.number(None) == ""
    with translation.override("en"):
        assert numbers.number(1234567) == "1,234,567"


def test_dates_are_time_elements_in_local_time() -> None:
    assert numbers.day(date(2026, 11, 5)) == '<time datetime="2026-11-05">5. November 2026</time>'
    assert numbers.day(datetime(2026, 11, 5, 23, 30, tzinfo=UTC)).startswith(
        '<time datetime="2026-11-06">'
    )
    assert "Donnerstag, 5. November 2026" in numbers.day(date(2026, 11, 5), "LONG_DATE_FORMAT")
    with translation.override("en"):
        assert "Thursday, Nov. 5, 2026" in numbers.day(date(2026, 11, 5), "LONG_DATE_FORMAT")
    assert numbers.moment(datetime(2026, 11, 5, 23, 30, tzinfo=UTC)).startswith(
        '<time datetime="2026-11-06T00:30+01:00">6. November 2026'
    )
    assert numbers.moment(datetime(2026, 11, 5, 23, 30)).startswith(  # noqa: DTZ001
        '<time datetime="2026-11-05T23:30">'
    )
    assert numbers.day(None) == numbers.moment(None) == ""


# ----------------------------------------------------------------- signs


def test_icons_are_for_the_eye_only() -> None:
    html = signs.icon("arrow-right")
    assert html.startswith('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path')
    assert "data-flip" not in html
    assert "data-flip" in signs.icon("arrow-right", flip=True)
    with pytest.raises(lucide.IconDoesNotExist):
        signs.icon("no-such-icon")


@pytest.mark.parametrize("state", sorted(signs.MARKS))
def test_marks_have_two_halves(state: str) -> None:
    html = signs.mark(state)
    assert html.count("<path") == 2
    assert 'aria-hidden="true"' in html


def test_marks_differ() -> None:
    assert signs.MARKS["logo"] == signs.MARKS["trial"]
    assert len(set(signs.MARKS.values())) == len(signs.MARKS) - 1


def test_an_unknown_state_is_a_fault() -> None:
    with pytest.raises(KeyError):
        signs.mark("married")
    with pytest.raises(KeyError):
        signs.pair("A", "B", "married")


def test_pair_leaves_a_half_open_and_escapes() -> None:
    assert signs.pair("SM", "?", "silent", "large") == (
        '<span class="pair" data-state="silent" data-size="large" aria-hidden="true">'
        "<span>SM</span><span data-empty>?</span></span>"
    )
    assert "<b" not in signs.pair("<b", "", "active")


def test_badge_has_a_word_and_a_shape() -> None:
    assert signs.badge("neu & gut") == '<span class="badge">neu &amp; gut</span>'
    marked = signs.badge("aktiv", "good", "active")
    assert marked.startswith('<span class="badge" data-tone="good"><svg class="mark"')
    assert signs.badge("alt", "alarm", icon="lock").count('class="icon"') == 1


# ----------------------------------------------------------------- charts


def test_bar_lays_its_parts_end_to_end() -> None:
    html = figures.bar(200, a=50, b=100, rest=0)
    assert re.findall(r'(?:data-kind="(\w+)" )?x="([\d.%]+)" width="([\d.%]+)"', html) == [
        ("", "0.00%", "25.00%"),
        ("b", "25.00%", "50.00%"),
    ]


def test_a_hidden_part_hides_the_whole_bar() -> None:
    stub = figures.bar(200, hidden=1)
    assert figures.bar(200, a=50, b=None) == stub
    assert figures.bar(900, a=None, b=3) == stub
    assert stub.count("<rect") == 1


def test_bar_knows_its_parts() -> None:
    with pytest.raises(ValueError, match="red"):
        figures.bar(10, red=1)
    assert "<rect" in figures.bar(0, a=1)


def test_shares_have_a_point_in_german() -> None:
    assert 'width="33.33%"' in figures.bar(3, a=1)


def test_meter_shows_what_is_too_much() -> None:
    assert "38 von 45" in figures.meter("Plätze", 38, 45)
    assert 'data-kind="over"' not in figures.meter("Plätze", 45, 45)
    over = figures.meter("Plätze", 88, 80)
    assert 'width="90.91%"' in over
    assert 'data-kind="over" x="90.91%" width="9.09%"' in over


def test_hidden_numbers_all_look_the_same() -> None:
    cell = tables.hidden_cell()
    assert cell == (
        '<td class="number" data-hidden><span aria-hidden="true">•</span>'
        '<span class="hush">verborgen</span></td>'
    )
    assert tables.number_cell(None) == cell
    assert tables.number_cell(1200, "neu") == '<td class="number" data-label="neu">1.200</td>'
    assert "verborgen" in figures.figure(None, "neu")
    assert "<b>8,3</b><span>Monate</span><small>im Mittel</small>" in figures.figure(
        8.31, "Monate", "im Mittel", digits=1
    )
    assert "unter 7" in tables.hidden_legend(7)


def test_legend_names_what_it_shows() -> None:
    html = figures.legend(a="neu", b="fortgeführt", hidden=True, rest="")
    assert html.count("<li>") == 3
    assert "verborgen, Länge ohne Aussage" in html


def test_columns_scale_to_the_highest_and_hide() -> None:
    html = render(
        "{% columns values 'je Jahr' 2023 %}",
        values=[(2021, 50), (2022, None), (2023, 100), (2024, 80)],
    )
    assert 'aria-label="je Jahr"' in html
    assert re.findall(r'height="([\d.]+%)" rx="3"(?: data-kind="(\w+)")?', html) == [
        ("50.0%", ""),
        ("7.0%", "hidden"),
        ("100.0%", "b"),
        ("80.0%", ""),
    ]
    assert html.count("verborgen") == 1
    assert '<span class="century">20</span>21' in html


@pytest.mark.parametrize(
    ("values", "keys"),
    [
        ([], set()),
        ([None], {0}),
        ([5, 1, 5, 9, 5, 2, 5], {0, 3, 6}),
        ([5, 6, 1, 6, 9, 6, 5], {0, 2, 4, 6}),
    ],
)
def test_key_columns_have_room(values: list[int | None], keys: set[int]) -> None:
    assert columns._key_columns(values) == keys


def test_empty_and_zero_columns_do_not_fail() -> None:
    assert "<li" not in render("{% columns values 'x' %}", values=[])
    assert 'height="0.0%"' in render("{% columns values 'x' %}", values=[(2020, 0)])


def test_spans_are_shares_of_the_columns() -> None:
    html = render("{% spans rows 8 %}", rows=[("Eins", 0, 8), ("Zwei", 2, 4)])
    assert 'height="56"' in html
    assert 'x="25.00%" y="48" width="50.00%"' in html


LAENDER = [("NW", "Nordrhein-Westfalen", 384), ("SL", "Saarland", None), ("HB", "Bremen", 25)]


def test_tiles_have_steps_and_full_names() -> None:
    html = render(
        "{% tilemap values thresholds 'Karte' 'Plätze' %}",
        values=LAENDER,
        thresholds=[25, 75, 150, 250],
    )
    assert re.findall(r'data-land="(\w+)" data-step="(\w)"', html) == [
        ("NW", "5"),
        ("SL", "x"),
        ("HB", "2"),
    ]
    assert "Saarland: " in html
    assert html.count(" Plätze</span>") == 2


def test_the_table_of_the_map_is_sorted_by_name() -> None:
    html = render("{% landtable values 'Zahlen' 'Plätze' %}", values=LAENDER)
    assert re.findall(r'<th scope="row">([^<]*)', html) == [
        "Bremen",
        "Nordrhein-Westfalen",
        "Saarland",
    ]


def test_scale_has_one_shade_per_step() -> None:
    html = laender.scale([25, 75, 150, 5000], hidden=True)
    assert re.findall(r'data-step="(\w)"></i>([^<]*)', html) == [
        ("1", "unter 25"),
        ("2", "25 bis 74"),
        ("3", "75 bis 149"),
        ("4", "150 bis 4.999"),
        ("5", "ab 5.000"),
        ("x", "verborgen"),
    ]
    assert 'data-step="x"' not in laender.scale([1, 2, 3, 4])


# ----------------------------------------------------------------- week


def faces(html: str) -> list[list[str]]:
    body = html[html.index("<tbody") :]
    return [re.findall(r'role="img" aria-label="([^"]*)"', row) for row in body.split("<tr>")[1:]]


def test_week_tells_who_is_free() -> None:
    monday_morning, tuesday_evening, sunday_evening = 1 << 0, 1 << 5, 1 << 20
    html = render(
        "{% week a b 'Samira' 'Henrike' 'Woche' %}",
        a=monday_morning | tuesday_evening,
        b=tuesday_evening | sunday_evening,
    )
    grid = faces(html)
    assert [len(row) for row in grid] == [7, 7, 7]
    assert grid[0][0] == "nur Samira"
    assert grid[2][1] == "beide"
    assert grid[2][6] == "nur Henrike"
    assert sum(face == "niemand" for row in grid for face in row) == 18


def test_week_of_one_person_is_free_or_not() -> None:
    grid = faces(render("{% week a 0 'Samira' %}", a=1 << 3))
    assert grid[0][1] == "frei"
    assert {face for row in grid for face in row} == {"frei", "nicht frei"}
    other = faces(render("{% week 0 b '' 'Henrike' %}", b=1))
    assert other[0][0] == "frei"


def test_week_legend_names_both() -> None:
    html = week.week_legend("Samira", "Henrike")
    assert "nur Samira hat Zeit" in html
    assert "nur Henrike hat Zeit" in html
    assert "beide haben Zeit" in html


# ----------------------------------------------------------------- ways and steps


def test_lifeline_marks_done_and_current() -> None:
    html = render(
        "{% lifeline steps %}",
        steps=[
            ("proposed", "Vorschlag", "28. Mai", "done"),
            ("active", "Aktiv", "", "current"),
            ("closed", "Abschluss", "", ""),
        ],
    )
    assert re.findall(r"<li([^>]*)>", html) == [" data-done", ' aria-current="step"', ""]
    assert html.count("<small>") == 1


def test_steps_count_from_one() -> None:
    html = ways.steps(["Eins", "Zwei", "Drei"], 2)
    assert 'aria-label="Schritt 2 von 3"' in html
    assert re.findall(r"<li([^>]*)>", html) == [" data-done", ' aria-current="step"', ""]


def test_crumbs_end_here() -> None:
    html = render("{% crumbs 'Mein Tag' '/tag/' here %}", here="A & B")
    assert '<li><a href="/tag/">Mein Tag</a></li>' in html
    assert '<li aria-current="page">A &amp; B</li>' in html


def test_facts_say_what_is_not_stated() -> None:
    html = render("{% facts 'Alter' 0 'Wunsch' '' 'Ort' none %}", none=None)
    assert "<dt>Alter</dt><dd>0</dd>" in html
    assert html.count("keine Angabe") == 2


def test_pagination_keeps_the_filter() -> None:
    page = Paginator(range(1161), 25).page(3)
    html = render("{% pagination page %}", "/?q=M%C3%BCller&page=3", page=page)
    assert re.findall(r'href="([^"]*)"', html) == [
        "?q=M%C3%BCller&amp;page=2",
        "?q=M%C3%BCller&amp;page=4",
    ]
    assert "Seite 3 von 47" in html
    assert "1.161 Einträge" in html


def test_pagination_at_the_ends_and_alone() -> None:
    many = Paginator(range(50), 25)
    assert 'rel="prev"' not in render("{% pagination page %}", page=many.page(1))
    assert 'rel="next"' not in render("{% pagination page %}", page=many.page(2))
    assert "<nav" not in render("{% pagination page %}", page=Paginator(range(3), 25).page(1))


def test_pagination_without_a_request() -> None:
    template = engines["django"].from_string("{% load ui %}{% pagination page 'p' %}")
    html = template.render({"page": Paginator(range(50), 25).page(1)})
    assert 'href="?p=2"' in html


def test_an_empty_list_invites() -> None:
    html = render("{% empty_state 'Noch niemand' 'Text' '/neu/' 'Anlegen' %}")
    assert '<a class="button" data-kind="plain" href="/neu/">Anlegen</a>' in html
    assert "<a" not in render("{% empty_state 'Noch niemand' %}")


def test_progress_asks_again_until_finished() -> None:
    running = render("{% progress 1240 5000 'Wird gelesen' '/job/1/' %}")
    assert 'hx-get="/job/1/"' in running
    assert 'value="1240" max="5000"' in running
    assert "1.240 von 5.000" in running
    unknown = render("{% progress none none 'Wird gelesen' '/job/1/' %}", none=None)
    assert "value=" not in unknown
    assert '<progress aria-label="Wird gelesen"></progress>' in unknown
    finished = render("{% progress 5000 5000 'Fertig' '/job/1/' True %}")
    assert "hx-get" not in finished
    assert "<progress" not in finished


def test_refresh_is_for_those_without_scripts() -> None:
    assert notices.refresh(3) == ('<noscript><meta http-equiv="refresh" content="3"></noscript>')


# ----------------------------------------------------------------- tables and notices


def test_table_folds_with_its_labels() -> None:
    html = render(
        "{% table 'Liste' head rows foot %}",
        head=["Name", "Ort", ("Zahl", "number")],
        rows=[["<Anna>", SafeString("<b>Ulm</b>"), 1200], ["Bela", "Ulm", None]],
        foot=["Summe", "", 1200],
    )
    assert '<table class="table" data-fold>' in html
    assert '<th scope="row">&lt;Anna&gt;</th><td data-label="Ort"><b>Ulm</b></td>' in html
    assert '<td class="number" data-label="Zahl">1.200</td>' in html
    assert html.count("data-hidden") == 1
    assert "<tfoot>" in html
    assert "data-fold" not in render("{% table '' head rows fold=False %}", head=["A"], rows=[])


def test_a_row_of_the_wrong_length_is_a_fault() -> None:
    with pytest.raises(ValueError, match="argument"):
        render("{% table 'x' head rows %}", head=["A", "B"], rows=[["1"]])


def test_cell_and_notice_take_free_content() -> None:
    html = render("{% cell 'Ort' 'number' %}{{ place }}{% endcell %}", place="<Ulm>")
    assert html == '<td class="number" data-label="Ort">&lt;Ulm&gt;</td>'
    assert render("{% cell %}x{% endcell %}") == "<td>x</td>"
    alarm = render("{% notice 'alarm' 'lock' %}<b>Nein</b>{% endnotice %}")
    assert alarm.startswith('<div class="notice" data-tone="alarm"><svg class="icon"')
    assert "<div><b>Nein</b></div>" in alarm
    assert "data-tone" not in render("{% notice %}x{% endnotice %}")


class Message:
    def __init__(self, level: int, text: str) -> None:
        self.level, self.text = level, text

    def __str__(self) -> str:
        return self.text


def test_messages_have_tone_and_role() -> None:
    html = render(
        "{% notices messages %}",
        messages=[
            Message(constants.SUCCESS, "Gespeichert"),
            Message(constants.ERROR, "<Nein>"),
            Message(constants.INFO, "Hinweis"),
        ],
    )
    assert re.findall(r'class="notice"(?: data-tone="(\w+)")? role="(\w+)"', html) == [
        ("good", "status"),
        ("alarm", "alert"),
        ("", "status"),
    ]
    assert "&lt;Nein&gt;" in html
    assert render("{% notices messages %}", messages=None).strip() == ""


def test_languages_lead_back_to_the_page() -> None:
    html = render("{% language_switch %}", "/liste/?q=1")
    assert 'name="next" value="/liste/?q=1"' in html
    assert 'value="de" lang="de" aria-current="true"' in html
    assert 'value="en" lang="en">' in html
    assert 'name="next" value="/"' in render("{% language_switch '/' %}", "/liste/")
    assert "csrfmiddlewaretoken" in html


def test_the_chosen_appearance_is_pressed() -> None:
    html = render("{% theme_switch %}", theme="dark")
    assert re.findall(r'value="(\w*)" aria-pressed="(\w+)"', html) == [
        ("", "false"),
        ("light", "false"),
        ("dark", "true"),
    ]


def test_phone_keeps_the_rest_apart() -> None:
    items = [{"phone": True}, {"phone": False}]
    assert frame.off_phone(items) == [{"phone": False}]


def test_switches_without_a_request() -> None:
    context = Mock(get=lambda _key, default=None: default)
    assert frame.language_switch(context)["here"] == ""
    assert frame.theme_switch(context)["here"] == ""
