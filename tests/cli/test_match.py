"""Two files in, pairs out: without installation, without database."""

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import pytest

from patenwerk.cli.main import main
from patenwerk.matching.kernel.rounds import Weights

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "reference" / "examples"
MENTORS = """Nr.;Name;PLZ;Sprachen;Freie Zeiten;Lebensbereiche;Interessen;Führungszeugnis vom
M1;Ruth Sonnenblick;04109;Deutsch Muttersprache;Mo nachmittags;Schule;Kochen;01.06.2026
M2;Lutz Uferweg;20457;Deutsch Muttersprache;Di abends;Sprache;Lesen;
"""
MENTEES = """Nr.;Name;PLZ;Sprachen;Freie Zeiten;Lebensbereiche;Interessen;Geburtsdatum;Wartet seit
K1;Amira Abendrot;04109;Deutsch B1;Mo 14-18 Uhr;Schule;Kochen;01.05.2014;01.11.2026
K2;Omar Morgentau;04109;Arabisch C1;Mo 14-18 Uhr;Schule;;01.05.2014;01.10.2026
"""
DAY = ["--date", "2026-11-23"]
Lists = tuple[str, str]


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    for name, text in (("mentors.csv", MENTORS), ("mentees.csv", MENTEES)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return str(tmp_path / "mentors.csv"), str(tmp_path / "mentees.csv")


def test_json_is_exactly_this(lists: Lists, tmp_path: Path) -> None:
    out = tmp_path / "round.json"
    assert main(["--lang", "en", "match", *lists, *DAY, "--out", str(out)]) == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert list(found) == [
        *["pairs", "unmatched", "matched", "total", "bound", "missing", "gap"],
        *["certificate", "date", "weights", "lists", "reading"],
    ]
    assert list(found["certificate"]) == ["prices", "bonus", "shift"]
    assert found["date"] == "2026-11-23"
    assert found["weights"] == asdict(Weights())
    assert found["lists"]["mentors"] == {
        "file": "mentors.csv",
        "sha256": sha256(MENTORS.encode()).hexdigest(),
    }
    assert found["reading"] == {"date_order": None, "missing_level": None}
    (pair,) = found["pairs"]
    assert list(pair) == ["mentor", "mentee", "score", "reasons"]
    assert (pair["mentor"], pair["mentee"]) == ("M1", "K1")
    assert sum(reason["points"] for reason in pair["reasons"]) == pair["score"] == found["total"]
    said = {reason["code"]: reason["words"] for reason in pair["reasons"]}
    assert said["distance"] == "same place"
    assert said["interests"] == "Both like Kochen"
    left = {(one["side"], one["id"]): one for one in found["unmatched"]}
    assert set(left) == {("mentee", "K2"), ("mentor", "M2")}
    second = left["mentee", "K2"]
    assert second["why"] == "none_feasible"
    assert second["limits"] == ["language"]
    assert second["partner"] == "M1"
    assert second["opens"] == 1
    assert "Arabic" in second["words"]
    assert (found["matched"], found["missing"], found["gap"]) == (1, 0, 0.0)
    assert found["bound"] == found["total"]


def test_csv_is_exactly_this(lists: Lists, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["--lang=de", "match", *lists, *DAY]) == 0
    said = capfdbinary.readouterr()
    rows = list(csv.DictReader(io.StringIO(said.out.decode("utf-8-sig")), delimiter=";"))
    assert [
        (row["result"], row["mentor"], row["mentee"], row["mentee_name"], row["why"])
        for row in rows
    ] == [
        ("pair", "M1", "K1", "Amira Abendrot", ""),
        ("unmatched", "", "K2", "Omar Morgentau", "none_feasible"),
        ("unmatched", "M2", "", "", "none_feasible"),
    ]
    assert rows[0]["reasons"].startswith("gleicher Ort · ")
    assert "Paare: 1. Ohne Gegenüber: 2." in said.err.decode()


@pytest.mark.parametrize(
    ("name", "text"), [("w.json", '{"waiting": 100, "distance": 0}'), ("w.toml", "waiting = 100")]
)
def test_weights_are_taken(lists: Lists, tmp_path: Path, name: str, text: str) -> None:
    weights, out = tmp_path / name, tmp_path / "out.json"
    weights.write_text(text)
    assert main(["match", *lists, *DAY, "--weights", str(weights), "--out", str(out)]) == 0
    reasons = json.loads(out.read_text())["pairs"][0]["reasons"]
    points = {reason["code"]: reason["points"] for reason in reasons}
    assert points["waiting"] == 100 * 4 * 22
    assert (points["distance"] == 0) == name.endswith("json")


BAD = [
    ("mentors", "04109", "4109x", ["mentors.csv", "2", "PLZ", "4109x"]),
    ("mentees", "Deutsch B1", "Deutsch", ["mentees.csv", "2", "Sprachen", "Deutsch"]),
    ("mentees", "01.05.2014;01.11", "03/04/2010;01.11", ["2", "Geburtsdatum"]),
    ("mentors", "M2;", "M1;", ["mentors.csv", "Nr.", "M1"]),
    ("mentors", ";PLZ;", ";Ort;", ["mentors.csv", "1", "PLZ"]),
    ("mentors", MENTORS, "\x00\x01\x02", ["mentors.csv"]),
    ("mentees", MENTEES, "", ["mentees.csv"]),
]


@pytest.mark.parametrize(("side", "before", "after", "named"), BAD)
def test_bad_input_is_one_line_and_writes_nothing(
    lists: Lists,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    side: str,
    before: str,
    after: str,
    named: list[str],
) -> None:
    path = tmp_path / f"{side}.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    out = tmp_path / "out.csv"
    out.write_text("kept")
    files = {one.name for one in tmp_path.iterdir()}
    assert main(["match", *lists, *DAY, "--out", str(out)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert [word for word in named if word not in said.err] == []
    assert out.read_text() == "kept"
    assert {one.name for one in tmp_path.iterdir()} == files


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('{"waiting": 0}', ["waiting", "0", "1", "100"]),
        ('{"distance": 101}', ["distance", "101", "100"]),
        ('{"distance": 1.5}', ["distance", "1.5"]),
        ('{"distance": true}', ["distance", "true"]),
        ('{"luck": 1}', ["luck", "expected_length"]),
        ("[1]", ["weights.json"]),
        ("{", ["weights.json"]),
        ("\udcff", ["weights.json"]),
    ],
)
def test_bad_weights_are_one_line(
    lists: Lists, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, named: list[str]
) -> None:
    weights = tmp_path / "weights.json"
    weights.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert main(["match", *lists, "--weights", str(weights)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert [word for word in named if word not in said.err] == []


def test_a_file_that_is_read_is_not_written_over(
    lists: Lists, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["match", *lists, "--out", lists[0]]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert Path(lists[0]).read_text(encoding="utf-8") == MENTORS


@pytest.mark.parametrize("place", ["missing", "folder"])
def test_what_cannot_be_read_or_written_is_one_line(
    lists: Lists, tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    assert main(["match", str(tmp_path / "nothing.csv"), lists[1]]) == 2
    there = tmp_path if place == "folder" else tmp_path / "no" / "out.csv"
    assert main(["match", *lists, *DAY, "--out", str(there)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_it_opens_no_database_and_loads_no_app() -> None:
    """Both drivers refuse; a process of its own shows what is loaded."""
    script = (
        "import sqlite3, sys, psycopg\n"
        "def refuse(*_, **__): raise SystemExit('a database was opened')\n"
        "sqlite3.connect = psycopg.connect = refuse\n"
        "from patenwerk.cli.main import main\n"
        "code = main(sys.argv[1:])\n"
        "from django.apps import apps\n"
        "assert list(apps.get_app_configs()) == []\n"
        "assert not [name for name in sys.modules if name.endswith('.models.person')]\n"
        "raise SystemExit(code)\n"
    )
    files = [str(EXAMPLES / "mentoren.xlsx"), str(EXAMPLES / "mentees.csv")]
    done = subprocess.run(
        [sys.executable, "-c", script, "match", *files, *DAY, "--format", "json"],
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["matched"], found["missing"], found["gap"]) == (28, 0, 0.0)
    assert len(found["unmatched"]) == 13
