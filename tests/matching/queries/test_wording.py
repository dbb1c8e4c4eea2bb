"""Every code has its words, in German and in English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from patenwerk.matching.kernel.codes import Limit, Part, Step, Why
from patenwerk.matching.queries.wording import (
    Obstacle,
    Words,
    excluded_in_words,
    limit_in_words,
    reason_in_words,
    reasons_in_words,
    step_in_words,
    why_not_in_words,
)
from patenwerk.people.enums import Side


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    with translation.override("de"):
        yield


WORDS = Words(fields={"job": "Ausbildung"}, spelling={"kochen": "Kochen", "fussball": "Fußball"})


@pytest.mark.parametrize(
    ("code", "value", "sentence", "verdict"),
    [
        ("distance", 6.2, "etwa 6 km", "passt"),
        ("distance", 0.0, "gleicher Ort", "passt"),
        ("distance", 0.3, "etwa 1 km", "passt"),
        ("distance", None, "Die Entfernung ist nicht bekannt.", "offen"),
        ("distance", ["about", 12], "etwa 12 km", "passt"),
        ("distance", ("same_place", 0), "gleicher Ort", "passt"),
        ("distance", ["same_area", 0], "gleiche Gegend, genauer nicht bekannt", "passt"),
        ("languages", [["ar", 7], ["de", 3]], "Beide sprechen Arabisch und Deutsch (B1)", "passt"),
        ("languages", [["de", 3]], "Beide sprechen Deutsch (B1)", "genügt"),
        ("free_time", [8], "Beide haben Mi abends Zeit", "knapp"),
        ("free_time", [0, 4], "Beide haben Mo vormittags und Di nachmittags Zeit", "passt"),
        (
            "free_time",
            [0, 4, 8, 11],
            "Beide haben Mo vormittags, Di nachmittags, Mi abends und Do abends Zeit",
            "passt",
        ),
        (
            "free_time",
            [0, 4, 8, 11, 14],
            "Beide haben Mo vormittags, Di nachmittags, Mi abends und zu 2 weiteren Zeiten Zeit",
            "passt",
        ),
        ("free_time", list(range(21)), "Beide haben immer Zeit", "passt"),
        ("fields", ["job", "new"], "Gewünscht und angeboten: Ausbildung und new", "passt"),
        ("fields", [], "Vom Gewünschten wird nichts angeboten", "offen"),
        ("interests", ["fussball"], "Beide mögen Fußball", "passt"),
        ("interests", [], "Nichts genannt, was beide mögen", ""),
        ("dislikes", ["kochen"], "Beide mögen Kochen nicht", "passt"),
        ("dislikes", [], "Nichts genannt, was beide nicht mögen", ""),
        ("expected_length", [12, 12], "Beide rechnen mit 12 Monaten", "passt"),
        ("expected_length", [1, 1], "Beide rechnen mit 1 Monat", "passt"),
        (
            "expected_length",
            [6, 12],
            "12 Monate auf der einen, 6 auf der anderen Seite: bitte ansprechen",
            "verschieden",
        ),
        ("expected_length", [None, 12], "Nicht beide haben gesagt, wie lange", "offen"),
        ("waiting", [83, 47], "Mentee seit 47 Tagen, Gegenüber seit 83 Tagen", ""),
    ],
)
def test_reasons(code: str, value: Any, sentence: str, verdict: str) -> None:
    said = reason_in_words(code, value, WORDS)
    assert (said.sentence, said.verdict) == (sentence, verdict)
    assert said.label


def test_kept_reasons_stay_in_their_order_and_need_no_words_of_a_programme() -> None:
    stored: list[dict[str, Any]] = [
        {"code": "fields", "value": ["job"]},
        {"code": "distance", "value": ["about", 2]},
    ]
    said = reasons_in_words(stored)
    assert [(one.code, one.sentence) for one in said] == [
        (Part.FIELDS, "Gewünscht und angeboten: job"),
        (Part.DISTANCE, "etwa 2 km"),
    ]


def test_the_same_in_english() -> None:
    with translation.override("en"):
        said = reason_in_words("languages", [["ar", 7], ["de", 3]])
        assert said.sentence == "Both speak Arabic and German (B1)"
        assert reason_in_words("free_time", [8]).sentence == "Both have time on Wed evening"


def mentee(**more: Any) -> Obstacle:
    return Obstacle(**{"side": Side.MENTEE, "why": Why.NONE_FEASIBLE, **more})


@pytest.mark.parametrize(
    ("free_times", "sentence"),
    [
        (0b010010, "Es fehlt Zeit am Nachmittag."),
        (0b001, "Es fehlt Zeit am Vormittag."),
        (0b100, "Es fehlt Zeit am Abend."),
        (0b011, "Es gibt keine gemeinsame freie Zeit."),
        (None, "Es gibt keine gemeinsame freie Zeit."),
        (0, "Es sind keine freien Zeiten eingetragen."),
    ],
)
def test_the_time_that_is_missing(free_times: int | None, sentence: str) -> None:
    assert limit_in_words(Limit.FREE_TIME, mentee(free_times=free_times)) == sentence


@pytest.mark.parametrize(
    ("languages", "sentence"),
    [
        ({"ru": 7, "de": 1}, "Es fehlt jemand mit Russisch."),
        ({"ti": 7, "ar": 7}, "Es fehlt jemand mit Arabisch und Tigrinya."),
        ({}, "Es gibt keine gemeinsame Sprache."),
    ],
)
def test_the_language_that_is_missing(languages: dict[str, int], sentence: str) -> None:
    assert limit_in_words(Limit.LANGUAGE, mentee(languages=languages)) == sentence


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("side", Side)
def test_every_limit_has_words_and_own_wishes_differ_from_the_others(
    language: str, side: Side
) -> None:
    with translation.override(language):
        of = Obstacle(side=side, why=Why.NONE_FEASIBLE)
        sentences = {limit: limit_in_words(limit, of) for limit in Limit}
        assert all(sentences.values())
        for wish in ("distance", "age_wish", "gender_wish"):
            own, other = (
                Limit(f"{side}_{wish}"),
                Limit(f"{'mentor' if side == 'mentee' else 'mentee'}_{wish}"),
            )
            assert sentences[own] != sentences[other]
            assert excluded_in_words(own, side) != excluded_in_words(other, side)
        assert all(excluded_in_words(limit, side) for limit in Limit)


def test_a_record_check_is_missing_on_one_side_or_the_other() -> None:
    own = Obstacle(side=Side.MENTOR, why=Why.NONE_FEASIBLE)
    assert limit_in_words(Limit.RECORD_CHECK, own) == "Es fehlt ein gültiges Führungszeugnis."
    assert limit_in_words(Limit.RECORD_CHECK, mentee()) == (
        "Wer sonst passt, hat kein gültiges Führungszeugnis."
    )


def test_one_obstacle_and_what_would_help() -> None:
    said = why_not_in_words(mentee(limits=["free_time"], opens=2, free_times=0b010))
    assert (said.headline, said.meaning, said.help) == (
        "Es fehlt Zeit am Nachmittag.",
        "Niemand passt bisher ganz.",
        "Fiele das weg, würden 2 Personen passen.",
    )


def test_several_obstacles_and_a_record_check_that_is_never_waived() -> None:
    said = why_not_in_words(mentee(limits=["free_time", "record_check"], opens=1))
    assert said.headline == (
        "Es gibt keine gemeinsame freie Zeit. Wer sonst passt, hat kein gültiges Führungszeugnis."
    )
    assert said.help == (
        "Fiele das alles weg, würde 1 Person passen. "
        "Ein Führungszeugnis wird eingesehen, nie erlassen."
    )


def test_all_taken_is_told_from_nobody_fits() -> None:
    before = why_not_in_words(mentee(why=Why.ALL_TAKEN, limits=["mentor_full"], opens=3))
    during = why_not_in_words(mentee(why=Why.ALL_TAKEN, opens=1, feasible=1))
    nobody = why_not_in_words(mentee(limits=["mentor_full", "free_time"], opens=1))
    assert before.headline == during.headline == "Alle Passenden sind vergeben."
    assert before.meaning == "3 Personen würden passen, haben aber keinen freien Platz."
    assert during.meaning == (
        "1 Person würde passen; ihr Platz ging in dieser Runde an jemand anderen."
    )
    assert nobody.headline.startswith("Wer sonst passt, hat keinen freien Platz.")
    assert nobody.meaning == "Niemand passt bisher ganz."


def test_nobody_there() -> None:
    said = why_not_in_words(mentee(why=Why.NOBODY_THERE))
    assert said.headline == "Auf der anderen Seite ist noch niemand da."


def test_steps() -> None:
    assert len({step_in_words(step) for step in ("", *Step)}) == 5
