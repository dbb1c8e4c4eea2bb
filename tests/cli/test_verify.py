"""A round from ``match`` is proved again from its lists; whoever tampered with it is told."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from patenwerk.cli.main import main

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "reference" / "examples"
DAY = ["--date", "2026-11-23"]
Found = dict[str, Any]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original")
    for name in ("mentoren.xlsx", "mentees.csv"):
        copy(EXAMPLES / name, folder / name)
    lists = [str(folder / "mentoren.xlsx"), str(folder / "mentees.csv")]
    assert main(["match", *lists, *DAY, "--out", str(folder / "round.json")]) == 0
    return folder


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    for path in original.iterdir():
        copy(path, tmp_path / path.name)
    return tmp_path


def changed(folder: Path, change: Callable[[Found], object]) -> Path:
    path = folder / "round.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    change(found)
    path.write_text(json.dumps(found), encoding="utf-8")
    return path


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["--lang", "en", "verify", *map(str, arguments)])
    out, err = capsys.readouterr()
    return code, out.removesuffix("\n"), err.removesuffix("\n")


def test_a_round_is_proved(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, folder / "round.json") == (
        0,
        "Proved best: 28 pairs; more are not possible, and no other choice scores more.",
        "",
    )


def test_it_speaks_german(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["--lang", "de", "verify", str(folder / "round.json")]) == 0
    assert capsys.readouterr().out.startswith("Als beste bewiesen: 28 Paare;")


def test_the_round_names_no_folder(folder: Path) -> None:
    text = (folder / "round.json").read_text(encoding="utf-8")
    assert '"file": "mentoren.xlsx"' in text
    assert "/" not in "".join(one["file"] for one in json.loads(text)["lists"].values())


def test_lists_may_lie_elsewhere(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = folder / "there"
    there.mkdir()
    (folder / "mentoren.xlsx").rename(there / "a.xlsx")
    (folder / "mentees.csv").rename(there / "b.csv")
    run = folder / "round.json"
    code, out, err = said(capsys, run)
    assert (code, out) == (2, "")
    assert "mentoren.xlsx" in err
    assert len(err.splitlines()) == 1
    lists = ["--mentors", there / "a.xlsx", "--mentees", there / "b.csv"]
    assert said(capsys, run, *lists)[0] == 0


def test_settings_of_the_round_are_used_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = folder / "w.json"
    weights.write_text('{"distance": 3, "waiting": 77}')
    lists = [str(folder / "mentoren.xlsx"), str(folder / "mentees.csv")]
    more = ["--date", "2027-02-01", "--weights", str(weights), "--date-order", "day-first"]
    assert main(["match", *lists, *more, "--out", str(folder / "round.json")]) == 0
    assert said(capsys, folder / "round.json")[0] == 0


def swap(found: Found) -> None:
    one, other = found["pairs"][:2]
    one["mentor"], other["mentor"] = other["mentor"], one["mentor"]


def drop(found: Found) -> None:
    gone = found["pairs"].pop()
    found["total"] -= gone["score"]
    found["matched"] -= 1


def drop_and_adapt(found: Found) -> None:
    """What is left when somebody makes all figures fit: only the bound tells."""
    drop(found)
    found["missing"], found["bound"], found["gap"] = 1, found["total"], 0.0


def higher_price(found: Found) -> None:
    prices = found["certificate"]["prices"]
    mentor = min(prices)
    prices[mentor] += 5 << found["certificate"]["shift"]


TAMPERED: list[tuple[str, Callable[[Found], object], str]] = [
    ("swapped", swap, "Not proved: "),
    ("score", lambda f: f["pairs"][0].update(score=f["pairs"][0]["score"] + 1), "the score is "),
    ("twice", lambda f: f["pairs"].append(f["pairs"][0]), "the pair is there twice."),
    ("unknown", lambda f: f["pairs"][0].update(mentor="X9"), "X9 and "),
    ("total", lambda f: f.update(total=f["total"] + 1), "the round says total = "),
    ("matched", lambda f: f.update(matched=29), "the round says matched = 29, it is 28."),
    ("missing", lambda f: f.update(missing=1), "the round says missing = 1, it is 0."),
    ("bound", lambda f: f.update(bound=f["bound"] - 1), "the round says bound = "),
    ("gap", lambda f: f.update(gap=0.1), "the round says gap = 0.1, it is 0.0."),
    ("dropped", drop, "the round says "),
    ("dropped and adapted", drop_and_adapt, "Not proved"),
    ("price", higher_price, "the round says bound = "),
    ("no prices", lambda f: f["certificate"].update(prices={}), "the round says bound = "),
    (
        "negative",
        lambda f: f["certificate"]["prices"].update({min(f["certificate"]["prices"]): -1}),
        "out of range",
    ),
    ("price of nobody", lambda f: f["certificate"]["prices"].update(X9=1), "price for X9"),
    ("shift", lambda f: f["certificate"].update(shift=61), "out of range"),
    ("shift beyond", lambda f: f["certificate"].update(shift=10**30), "out of range"),
    ("bonus", lambda f: f["certificate"].update(bonus=1 << 62), "out of range"),
    ("weights", lambda f: f["weights"].update(distance=1), "the score is "),
    ("day", lambda f: f.update(date="2026-11-24"), "the score is "),
]


@pytest.mark.parametrize(
    ("change", "told"), [case[1:] for case in TAMPERED], ids=[case[0] for case in TAMPERED]
)
def test_a_tampered_round_is_not_proved(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[Found], object],
    told: str,
) -> None:
    code, out, err = said(capsys, changed(folder, change))
    assert (code, err) == (1, "")
    assert told in out
    assert out.startswith("Not proved")
    assert len(out.splitlines()) == 1


def test_an_honest_worse_round_is_told_by_how_much(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every figure is true, but there is something better."""
    head = "Nr.;Name;PLZ;Sprachen;Freie Zeiten;Interessen\n"
    good = "M1;Ruth Sonnenblick;04109;Deutsch C1;Mo abends;Kochen\n"
    worse = "M2;Lutz Uferweg;04109;Deutsch C1;Mo abends;Lesen\n"
    mentee = "K1;Amira Abendrot;04109;Deutsch C1;Mo abends;Kochen\n"
    (tmp_path / "mentees.csv").write_text(
        head.replace("\n", ";Geburtsdatum\n") + mentee.replace("\n", ";01.05.1990\n")
    )
    mentors, run = tmp_path / "mentors.csv", tmp_path / "round.json"
    rounds = []
    for rows in (worse, good + worse):
        mentors.write_text(head + rows)
        lists = [str(mentors), str(tmp_path / "mentees.csv")]
        assert main(["match", *lists, *DAY, "--out", str(run)]) == 0
        rounds.append(json.loads(run.read_text()))
    second, best = rounds
    assert (second["matched"], best["pairs"][0]["mentor"]) == (1, "M1")
    gain = best["total"] - second["total"]
    figures = {"bound": best["total"], "gap": gain / second["total"]}
    certificate = {"prices": {}, "bonus": 0, "shift": 0}
    said_so = {**best, **figures, "pairs": second["pairs"], "total": second["total"]}
    run.write_text(json.dumps({**said_so, "certificate": certificate}))
    assert gain > 0
    assert said(capsys, run) == (
        1,
        "Not proved best: up to 0 more pairs are possible, and as many pairs may score up to "
        f"{gain} more.",
        "",
    )


@pytest.mark.parametrize("side", ["mentees.csv", "mentoren.xlsx"])
def test_a_changed_list_is_noticed(
    folder: Path, capsys: pytest.CaptureFixture[str], side: str
) -> None:
    path = folder / side
    path.write_bytes(path.read_bytes() + b"\n")
    assert said(capsys, folder / "round.json") == (
        1,
        f"Not proved: {side} is not the list this round was made of.",
        "",
    )


BAD: list[tuple[Callable[[Found], object], str]] = [
    (lambda f: f.pop("certificate"), "certificate"),
    (lambda f: f["certificate"].pop("bonus"), "certificate.bonus"),
    (lambda f: f["certificate"].update(shift=True), "certificate.shift"),
    (lambda f: f["pairs"][1].update(score="much"), "pairs[1].score"),
    (lambda f: f.update(pairs={}), "pairs"),
    (lambda f: f.update(gap="0"), "gap"),
    (lambda f: f.update(date="yesterday"), "date"),
    (lambda f: f["weights"].pop("waiting"), "weights"),
    (lambda f: f["weights"].update(waiting=0), "weights"),
    (lambda f: f["lists"]["mentors"].update(file="../mentoren.xlsx"), "lists.mentors.file"),
    (lambda f: f["lists"]["mentees"].update(sha256=7), "lists.mentees.sha256"),
    (lambda f: f["reading"].update(date_order="x"), "reading.date_order"),
    (lambda f: f["reading"].update(missing_level=[]), "reading.missing_level"),
]


@pytest.mark.parametrize(("change", "named"), BAD)
def test_what_is_no_round_is_one_line(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[Found], object],
    named: str,
) -> None:
    code, out, err = said(capsys, changed(folder, change))
    assert (code, out) == (2, "")
    assert f"“{named}”" in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "\udcff", "[" * 100_000])
def test_what_is_no_json_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    run = folder / "round.json"
    run.write_bytes(text.encode("utf-8", "surrogateescape"))
    code, out, err = said(capsys, run)
    assert (code, out) == (2, "")
    assert "round.json" in err
    assert len(err.splitlines()) == 1
    assert said(capsys, folder / "nothing.json")[0] == 2


def test_a_list_from_a_pipe_has_no_digest(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pipe = folder / "mentees.pipe"
    data = (folder / "mentees.csv").read_bytes()
    os.mkfifo(pipe)
    feed = "import sys; open(sys.argv[1], 'wb').write(open(sys.argv[2], 'rb').read())"
    with subprocess.Popen([sys.executable, "-c", feed, pipe, folder / "mentees.csv"]):
        lists = [str(folder / "mentoren.xlsx"), str(pipe)]
        assert main(["match", *lists, *DAY, "--out", str(folder / "round.json")]) == 0
    found = json.loads((folder / "round.json").read_text(encoding="utf-8"))
    assert found["lists"]["mentees"] == {"file": "mentees.pipe", "sha256": None}
    assert data
    run = folder / "round.json"
    assert said(capsys, run, "--mentees", folder / "mentees.csv")[0] == 0


def test_it_opens_no_database(folder: Path) -> None:
    script = (
        "import sqlite3, sys, psycopg\n"
        "def refuse(*_, **__): raise SystemExit('a database was opened')\n"
        "sqlite3.connect = psycopg.connect = refuse\n"
        "from patenwerk.cli.main import main\n"
        "code = main(sys.argv[1:])\n"
        "from django.apps import apps\n"
        "assert list(apps.get_app_configs()) == []\n"
        "raise SystemExit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "verify", str(folder / "round.json")],
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
