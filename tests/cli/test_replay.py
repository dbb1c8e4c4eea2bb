"""Two lists with arrivals in, a curve of rhythms out: without installation, without database."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from patenwerk.cli.main import main

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "reference" / "examples"
MENTORS = """Nr.;Name;PLZ;Sprachen;Freie Zeiten;Lebensbereiche;Wartet seit;bis
M1;Ruth Sonnenblick;04109;Deutsch Muttersprache;Mo nachmittags;Schule;01.03.2026;
M2;Lutz Uferweg;04109;Deutsch Muttersprache;Mo nachmittags;Sprache;03.03.2026;05.03.2026
"""
MENTEES = """Nr.;Name;PLZ;Sprachen;Freie Zeiten;Lebensbereiche;Geburtsdatum;Wartet seit
K1;Amira Abendrot;04109;Deutsch B1;Mo 14-18 Uhr;Schule, Sprache;01.05.1999;02.03.2026
K2;Omar Morgentau;04109;Deutsch B1;Mo 14-18 Uhr;;01.05.1999;04.03.2026
K3;Ina Feldweg;04109;Arabisch B1;Mo 14-18 Uhr;Schule;01.05.1999;01.03.2026
"""
Lists = tuple[str, str]


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    for name, text in (("mentors.csv", MENTORS), ("mentees.csv", MENTEES)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return str(tmp_path / "mentors.csv"), str(tmp_path / "mentees.csv")


def test_json_is_exactly_this(lists: Lists, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    given = ["--rhythms", "1,10,once", "--date", "2026-03-12", "--out", str(out)]
    assert main(["replay", *lists, *given]) == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert (found["first"], found["end"]) == ("2026-03-01", "2026-03-12")
    daily, ten, once = found["rhythms"]
    assert daily["runs"] == [f"2026-03-{day:02}" for day in range(1, 13)]
    assert ten["runs"] == ["2026-03-10"]
    assert once["runs"] == ["2026-03-12"]
    # K1 meets M1 on the day of her arrival, K2 meets M2 on the day before he would leave.
    assert (daily["pairs"], daily["mentees"]["mean"], daily["mentors"]["mean"]) == (2, 0.0, 1.0)
    assert (daily["fit"], daily["km"]) == ({"value": 0.5, "pairs": 1}, {"value": 0.0, "pairs": 2})
    mentees = daily["mentees"]
    assert (mentees["came"], mentees["placed"], mentees["still"], mentees["still_mean"]) == (
        3,
        2,
        1,
        11.0,
    )
    # Ten days are too long for M2, who leaves on the fifth day.
    assert (ten["pairs"], ten["mentors"]["gone"], ten["mentees"]["still"]) == (1, 1, 2)
    assert ten["mentees"]["mean"] == 8.0
    assert once["mentees"]["mean"] == 10.0


def test_csv_has_a_row_for_each_rhythm(
    lists: Lists, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["replay", *lists, "--rhythms", "7,once", "--format", "csv"]) == 0
    said = capfdbinary.readouterr().out.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(said), delimiter=";"))
    assert [(row["rhythm_days"], row["runs"], row["first_run"]) for row in rows] == [
        ("7", "0", ""),
        ("", "1", "2026-03-04"),
    ]
    assert [row["pairs"] for row in rows] == ["0", "2"]


def test_the_text_is_drawn_and_says_what_is_compared(
    lists: Lists, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--rhythms", "1,10", "--date", "2026-03-12"]
    assert main(["--lang=de", "replay", *lists, *given]) == 0
    said = capsys.readouterr().out
    assert "alle 10 Tage" in said
    assert "█" * 16 + "     8,0" in said
    assert "kein Versprechen" in said
    assert "01.03.2026" in said


def test_somebody_may_come_and_leave_on_one_day(
    lists: Lists, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(lists[0]).write_text(MENTORS.replace("05.03.2026", "03.03.2026"), encoding="utf-8")
    assert main(["replay", *lists, "--rhythms", "1", "--format", "json"]) == 0
    (daily,) = json.loads(capsys.readouterr().out)["rhythms"]
    assert daily["mentors"]["gone"] == 1


def test_weights_are_taken(lists: Lists, tmp_path: Path) -> None:
    weights = tmp_path / "w.toml"
    weights.write_text("waiting = 100")
    assert main(["replay", *lists, "--weights", str(weights)]) == 0


BAD = [
    ("mentors", ";Wartet seit;", ";Notiz;", ["mentors.csv, Zeile 1", "Wartet seit"]),
    ("mentees", ";02.03.2026", ";", ["mentees.csv", "2", "Wartet seit"]),
    ("mentors", "05.03.2026", "02.03.2026", ["mentors.csv", "3", "bis"]),
    ("mentors", "05.03.2026", "bald", ["mentors.csv", "3", "bis", "bald"]),
    ("mentors", "05.03.2026", "05/03/2026", ["mentors.csv", "3", "bis"]),
    ("mentors", "M2;", "M1;", ["mentors.csv", "Nr.", "M1"]),
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
    assert main(["--lang=de", "replay", *lists, "--out", str(out)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert [word for word in named if word not in said.err] == []
    assert out.read_text() == "kept"


def test_lists_and_a_history_are_not_played_at_once(
    lists: Lists, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay"]) == 2
    assert main(["replay", lists[0]]) == 2
    assert main(["replay", *lists, "--lernfair", str(tmp_path)]) == 2
    assert main(["replay", *lists, "--out", lists[0]]) == 2
    inside = str(tmp_path / "requests.json")
    assert main(["replay", "--lernfair", str(tmp_path), "--out", inside]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 5
    assert Path(lists[0]).read_text(encoding="utf-8") == MENTORS


@pytest.mark.parametrize("rhythms", ["", "0", "1,,2", "-1", "weekly", "3661", "²"])
def test_a_rhythm_that_is_none_is_told(
    lists: Lists, rhythms: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["replay", *lists, f"--rhythms={rhythms}"])
    assert left.value.code == 2
    assert "--rhythms" in capsys.readouterr().err


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
        [sys.executable, "-c", script, "replay", *files, "--format", "json"],
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["rhythms"][0]["pairs"] == 26
    assert len(found["rhythms"]) == 12
