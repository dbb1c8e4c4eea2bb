"""dev.py as a newcomer meets it: an empty environment, and one clear line where it cannot go on."""

import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import dev

ROOT = Path(__file__).parents[2]


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "dev.py"), *arguments],
        env={},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_command_it_says_what_there_is() -> None:
    done = call()
    assert done.returncode == 0
    assert all(f"dev.py {name}" in done.stdout for name in dev.COMMANDS)
    assert call("fly").returncode == 2


def test_an_unknown_benchmark_names_those_that_exist() -> None:
    done = call("bench", "nothing")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Which benchmark? There are:")
    assert len(done.stderr.splitlines()) == 1


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = call("run", "--port", str(port), "--data", str(tmp_path / "data"))
    assert done.returncode == 1
    assert done.stderr == (
        f"Port {port} is not free; choose another: dev.py run --port {port + 1}\n"
    )


def test_a_data_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = call("run", "--data", str(tmp_path / "file" / "data"))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(not Path("/usr/bin/python3").exists(), reason="no Python in /usr/bin")
def test_a_python_without_path_finds_itself() -> None:
    """As ``env -i python3`` starts it: found in the system's folders, unknown to itself."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import dev; print(dev.base_python())"
    found = subprocess.run(
        ["/usr/bin/env", "-i", "python3", "-c", code],
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert Path(found).is_absolute()
    assert Path(found).exists()


def test_a_python_that_nobody_finds_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(_: Path) -> Path:
        raise OSError

    monkeypatch.setattr(dev.sys, "_base_executable", "")
    monkeypatch.setattr(dev.sys, "executable", "")
    monkeypatch.setattr(dev.Path, "readlink", lost)
    monkeypatch.setattr(dev.shutil, "which", lambda *_, **__: None)
    with pytest.raises(dev.CannotGoOnError, match="start it with its full path") as refusal:
        dev.base_python()
    assert "\n" not in str(refusal.value)


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "OLDEST", (4, 0))
    with pytest.raises(dev.CannotGoOnError, match=r"needs Python 3\.11"):
        dev.main(["check"])


@pytest.mark.parametrize(
    ("debian", "root", "words"),
    [
        (True, True, "Install it: apt install python3"),
        (True, False, "Install it: sudo apt install python3"),
        (False, True, "comes without venv and ensurepip"),
    ],
)
def test_a_missing_venv_is_one_line(
    monkeypatch: pytest.MonkeyPatch, *, debian: bool, root: bool, words: str
) -> None:
    monkeypatch.setattr(dev.subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=1))
    monkeypatch.setattr(dev, "on_debian", lambda: debian)
    monkeypatch.setattr(dev.os, "geteuid", lambda: 0 if root else 1000)
    monkeypatch.setattr(dev.sys.stdin, "isatty", lambda: False, raising=False)
    with pytest.raises(dev.CannotGoOnError, match=words) as refusal:
        dev.need_venv()
    assert "\n" not in str(refusal.value)


def test_root_on_debian_is_offered_the_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    called: list[list[str]] = []
    monkeypatch.setattr(dev.subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=1))
    monkeypatch.setattr(dev.subprocess, "call", lambda command: called.append(command) or 0)
    monkeypatch.setattr(dev, "on_debian", lambda: True)
    monkeypatch.setattr(dev.os, "geteuid", lambda: 0)
    monkeypatch.setattr(dev.sys, "stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("builtins.input", lambda words: asked.append(words) or "")
    dev.need_venv()
    assert len(asked) == 1
    assert [command[1] for command in called] == ["update", "install"]


def test_a_program_that_dies_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev.signal, "signal", lambda *_: None)
    commands = {
        "web server": [sys.executable, "-c", "import time; time.sleep(60)"],
        "worker": [sys.executable, "-c", "raise SystemExit(3)"],
    }
    assert dev.serve(commands, dev.environment(), 1, lambda: None) == 1
    assert "The worker ended by itself with code 3." in capsys.readouterr().out


def test_every_step_of_a_check_runs_even_after_a_failure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    steps = {
        "first": [sys.executable, "-c", "print('reason'); raise SystemExit(1)"],
        "second": [sys.executable, "-c", "print('quiet')"],
    }
    assert dev.run_steps(steps, dev.environment()) == 1
    said = capsys.readouterr().out
    assert "reason" in said
    assert "quiet" not in said
    assert "second: 0." in said
    assert said.endswith("failed: first\n")


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([0, 0, 0], 0),
        ([0, 0, 2], 2),  # a branch is not covered
        ([1, 0], 1),
        ([0, 1], 1),
        ([dev.NO_TESTS, 0, 0], 0),  # asked for a folder in which nothing is decided
        ([dev.NO_TESTS, dev.NO_TESTS], dev.NO_TESTS),
    ],
)
def test_branches_are_counted_where_something_is_decided_and_everything_runs(
    monkeypatch: pytest.MonkeyPatch, codes: list[int], expected: int
) -> None:
    called: list[list[str]] = []
    answers = iter(codes)
    monkeypatch.setattr(
        dev.subprocess, "call", lambda command, **_: called.append(command) or next(answers)
    )
    assert dev.covered(["pytest", "-q"], {}) == expected
    assert called[0] == ["pytest", "-q", "--rooms", "deciding", "--cov", "--cov-report="]
    assert called[1] == ["pytest", "-q", "--rooms", "others"]
    assert len(called) == len(codes)


def test_rooms_that_decide_are_known_by_their_folder_or_name() -> None:
    from tests.conftest import TESTS, decides

    files = TESTS.rglob("test_*.py")
    deciding = {path.relative_to(TESTS).as_posix() for path in files if decides(path)}
    assert deciding >= {
        "core/disclosure/test_protection.py",
        "core/test_policy.py",
        "people/kernel/test_languages.py",
        "tandems/domain/test_tandem.py",
    }
    assert not {name for name in deciding if "/web/" in name or name.startswith(("demo", "jour"))}


@pytest.mark.parametrize(
    ("long", "short", "workers", "pieces"),
    [
        (["A", "B", "C"], list("abcdefg"), 2, ["ACabc", "Bdefg"]),
        (["A", "B"], list("abcdef"), 3, ["Aa", "Bbc", "def"]),
        (["A", "B"], list("abc"), 1, ["ABabc"]),
        (["A", "B", "C"], [], 2, ["AC", "B"]),
        ([], list("abc"), 2, ["a", "bc"]),
    ],
)
def test_each_worker_begins_with_long_tests(
    long: list[str], short: list[str], workers: int, pieces: list[str]
) -> None:
    from tests.conftest import in_shares

    assert in_shares(long, short, workers) == list("".join(pieces))
