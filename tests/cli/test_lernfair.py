"""A peer's history: made-up rows here, the real ones where somebody has put them."""

import json
import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from patenwerk.cli.lernfair import PEER, peer_run_days, read_history, replay_history
from patenwerk.cli.main import main
from patenwerk.matching.kernel.replay import RHYTHMS

ROOT = Path(__file__).parents[2]
FOLDER = Path(
    os.environ.get("LERNFAIR_REPLAY", ROOT.parent / "shared" / "data" / "lernfair-replay")
)


def request(person: int, day: int, grade: str, *subjects: tuple[str, bool]) -> dict[str, Any]:
    said = [{"name": name, "mandatory": needed} for name, needed in subjects]
    return {
        "id": person,
        "subjects": json.dumps(said),
        "state": "be",
        "grade": grade,
        "requestAt": f"2024-01-{day:02} 12:00:00.5",
    }


def offer(person: int, day: int, *subjects: tuple[str, int, int]) -> dict[str, Any]:
    said = [{"name": name, "minGrade": low, "maxGrade": high} for name, low, high in subjects]
    return {
        "id": person,
        "subjects": json.dumps(said),
        "state": "be",
        "requestAt": f"2024-01-{day:02} 06:00:00",
    }


REQUESTS = [
    request(1, 1, "7. Klasse", ("Mathe", True), ("Deutsch", False)),
    request(1, 1, "7. Klasse", ("Mathe", True), ("Deutsch", False)),
    request(2, 2, "14. Klasse", ("Mathe", False), ("Kunst", False)),
    request(3, 3, "5. Klasse", ("Latein", True), ("Mathe", False)),
]
OFFERS = [
    offer(1, 1, ("Mathe", 1, 7), ("Deutsch", 1, 7)),
    offer(1, 1, ("Mathe", 1, 7), ("Deutsch", 8, 13)),
    offer(2, 2, ("Kunst", 1, 13), ("Mathe", 14, 14)),
    offer(3, 20, ("Mathe", 1, 13)),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, REQUESTS, OFFERS)
    return tmp_path


def write(path: Path, requests: Any, offers: Any) -> None:
    (path / "requests.json").write_text(json.dumps(requests), encoding="utf-8")
    (path / "offers.json").write_text(json.dumps(offers), encoding="utf-8")


def test_subjects_and_grades_are_limits(folder: Path) -> None:
    history = read_history(folder)
    pairs = zip(
        history.possible.rows.tolist(),
        history.possible.columns.tolist(),
        history.subjects.tolist(),
        strict=True,
    )
    assert set(pairs) == {
        (0, 0, 2),
        (0, 1, 1),
        (0, 3, 1),
        (1, 0, 2),
        (1, 1, 1),
        (1, 3, 1),
        (2, 2, 1),
    }
    numbers = dict(
        zip(
            zip(history.possible.rows.tolist(), history.possible.columns.tolist(), strict=True),
            history.possible.persons.tolist(),
            strict=True,
        )
    )
    # Both rows of pupil 1 with both offers of student 1 are the same two persons.
    assert len({numbers[row, column] for row in (0, 1) for column in (0, 1)}) == 1
    assert len(set(numbers.values())) == 3
    assert history.first == pytest.approx(0.25)
    assert history.last == pytest.approx(19.25)


def test_a_pair_of_persons_comes_about_once(folder: Path) -> None:
    found = {
        one.figures.every: one
        for one in replay_history(read_history(folder), [5, None], as_peer=False)
    }
    five = found[5]
    assert five.figures.runs == (5.0, 10.0, 15.0, 20.0)
    assert (five.figures.pairs, five.two_or_more) == (3, 1)
    assert five.figures.fit.value == pytest.approx(4 / 3)
    assert (five.figures.mentees.still, five.figures.mentors.still) == (1, 1)
    assert five.figures.mentees.mean == pytest.approx(
        (5 + 20 + 4) / 3 - 0.5 - 0.5 / 86_400, abs=1e-6
    )
    once = found[None]
    assert once.figures.runs == (20.0,)
    assert (once.figures.pairs, once.two_or_more) == (3, 1)


def test_the_run_days_of_the_peer_follow_arrivals() -> None:
    requests, offers = np.array([0.0, 10.0, 10.1, 24.0]), np.array([3.0, 20.0])
    assert peer_run_days(requests, offers, 10).tolist() == [10.1, 24.0, 55.0]
    assert peer_run_days(requests, offers, None).tolist() == [55.0]


@pytest.mark.parametrize(
    ("requests", "offers", "named"),
    [
        ([{**REQUESTS[0], "grade": "?"}], OFFERS, ["requests.json", "1", "grade"]),
        (REQUESTS, [OFFERS[0], {"id": 2}], ["offers.json", "2"]),
        (REQUESTS, [{**OFFERS[0], "subjects": "["}], ["offers.json", "1"]),
        (REQUESTS, [{**OFFERS[0], "requestAt": "soon"}], ["offers.json", "1"]),
        ([], OFFERS, ["requests.json"]),
        ({}, OFFERS, ["requests.json"]),
        (REQUESTS, [7], ["offers.json", "1"]),
    ],
)
def test_bad_rows_are_one_line_and_nothing_is_written(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    requests: Any,
    offers: Any,
    named: list[str],
) -> None:
    write(tmp_path, requests, offers)
    out = tmp_path.parent / f"{tmp_path.name}.csv"
    assert main(["replay", "--lernfair", str(tmp_path), "--out", str(out)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert [word for word in named if word not in said.err] == []
    assert not out.exists()


def test_no_json_and_no_folder_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", "--lernfair", str(tmp_path / "none")]) == 2
    write(tmp_path, REQUESTS, OFFERS)
    (tmp_path / "offers.json").write_text("{")
    assert main(["replay", "--lernfair", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_the_command_says_theirs_beside_ours(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang=en", "replay", "--lernfair", str(folder), "--rhythms", "10,once"]) == 0
    said = capsys.readouterr().out
    assert "every 10 days" in said
    assert "7.96" in said
    assert "10: 2024-01-20 … 2024-02-20" in said
    out = folder.parent / "out.json"
    given = ["replay", "--lernfair", str(folder), "--rhythms", "10", "--calendar", "--out"]
    assert main([*given, str(out)]) == 0
    (ten,) = json.loads(out.read_text(encoding="utf-8"))["rhythms"]
    assert ten["runs"] == ["2024-01-11", "2024-01-21"]
    assert (ten["pairs"], ten["peer_pairs"]) == (3, 1045)


@pytest.fixture
def real() -> Path:
    if not (FOLDER / "requests.json").exists():
        told = f"The peer's history is not in {FOLDER}: its figures were not checked."
        warnings.warn(told, stacklevel=1)
        pytest.skip(told)
    return FOLDER


LOUDLY = pytest.mark.filterwarnings("default:The peer's history:UserWarning")


@LOUDLY
def test_the_real_history_is_matched_no_worse_than_by_the_peer(real: Path) -> None:
    found = {one.figures.every: one for one in replay_history(read_history(real), [1, 10, None])}
    for every in (10, None):
        ours, theirs = found[every], PEER[every]
        assert theirs.pairs is not None
        assert theirs.two_or_more is not None
        assert ours.figures.pairs >= theirs.pairs
        assert ours.figures.fit.value is not None
        assert ours.figures.fit.value >= theirs.subjects
        assert ours.two_or_more >= theirs.two_or_more
    daily = found[1].figures
    assert daily.fit.value is not None
    assert daily.fit.value >= PEER[1].subjects
    assert daily.mentees.mean is not None
    assert daily.mentees.mean <= PEER[1].pupils_wait
    assert [len(found[every].figures.runs) for every in (1, 10, None)] == [432, 66, 1]


@LOUDLY
def test_the_page_says_the_measured_figures(real: Path) -> None:
    """docs/explanation/replay.md is held to what the replay answers now."""
    page = (ROOT / "docs" / "explanation" / "replay.md").read_text(encoding="utf-8")
    for one in replay_history(read_history(real), RHYTHMS):
        figures = one.figures
        assert figures.fit.value is not None
        row = (
            f"| {figures.every or 'one run'} | {len(figures.runs)} | {figures.pairs:,} | "
            f"{figures.fit.value:.3f} | {one.two_or_more} | {figures.mentees.mean:.2f} | "
            f"{figures.mentors.mean:.1f} |"
        )
        assert row in page
