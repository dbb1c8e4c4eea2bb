#!/usr/bin/env python3
"""Everything a developer or a curious visitor starts, with nothing but Python 3.11 or newer.

    python3 dev.py run [--port N] [--data DIR]   set up, load the demo programme, serve
    python3 dev.py test [ARGS]                   the whole suite (ARGS go to pytest;
                                                 own ones: --postgres, --cover)
    python3 dev.py check                         format, lint, types, contracts, templates, German
    python3 dev.py bench NAME [ARGS]             a benchmark from benchmarks/
    python3 dev.py soak [ARGS]                   races, kills and sweeps at full length
    python3 dev.py manage [--data DIR] ARGS      a management command
    python3 dev.py messages [APP ...]            read, keep and compile the translations
    python3 dev.py lock                          write the requirement files anew

Uses the standard library only and works in an empty environment.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent import futures
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "installed.json"
LOCKS = {
    "requirements.txt": ["uv", "pip", "compile", "pyproject.toml"],
    "requirements-dev.txt": [
        *["uv", "pip", "compile", "pyproject.toml", "--group", "dev"],
        *["-c", "requirements.txt"],
    ],
    "requirements-fast.txt": [
        *["uv", "pip", "compile", "pyproject.toml", "--extra", "fast"],
        *["-c", "requirements-dev.txt"],
    ],
    "requirements-bench.txt": [
        *["uv", "pip", "compile", "pyproject.toml", "--extra", "bench"],
        *["-c", "requirements-dev.txt"],
    ],
}
UV = "uv==0.13.9"
OLDEST = (3, 11)
SHOWN = 80
DECIDING = "*/domain/*,*/policy.py,*/kernel/*,*/core/disclosure/*"
NO_TESTS = 5
"""How pytest ends where nothing was asked for."""
POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"

# One process for all of it: starting Django is most of the time each step takes.
PREPARE = """
import django
from patenwerk.core.management import catalogues

catalogues.compile_all()  # before Django reads them
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

executor = MigrationExecutor(connection)
if executor.migration_plan(executor.loader.graph.leaf_nodes()):
    call_command("migrate", interactive=False, verbosity=1)
call_command("demo", "--if-empty")
call_command("demo", "--logins")
"""


class CannotGoOnError(Exception):
    """What stops a command, in one clear line."""


def say(line: str = "") -> None:
    print(line, flush=True)


# --- the machine ----------------------------------------------------------------------------


def environment(data: Path | None = None, **more: str) -> dict[str, str]:
    """What every program started here sees; complete also where nothing was given."""
    env = dict(os.environ)
    for name in ("PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "__PYVENV_LAUNCHER__"):
        env.pop(name, None)
    env.setdefault("PATH", os.defpath)
    env["PATH"] = str(BIN) + os.pathsep + env["PATH"]
    if not env.get("HOME"):
        try:
            env["HOME"] = str(Path.home())
        except RuntimeError:
            env["HOME"] = str(ROOT / "var")
    env.update(
        PYTHONPATH=str(ROOT / "src"),
        PYTHONUTF8="1",
        PYTHONUNBUFFERED="1",
        PYTHONNOUSERSITE="1",
        DJANGO_SETTINGS_MODULE="patenwerk.config.settings",
        **more,
    )
    if data is not None:
        env["PATENWERK_DATA"] = str(data)
    return env


@contextlib.contextmanager
def progress(words: str) -> Iterator[Callable[[str], None]]:
    """Say what is done and how long it takes; what takes over two seconds is seen to go on."""
    begun = time.monotonic()
    live = sys.stdout.isatty()
    note = [""]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(1 if live else 5):
            line = f"  {words} … {note[0]} {time.monotonic() - begun:.0f} s"
            print(f"\r\033[K{line}" if live else line, end="" if live else "\n", flush=True)

    say(f"  {words} …") if not live else print(f"  {words} …", end="", flush=True)
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()

    def tell(text: str) -> None:
        note[0] = text

    try:
        yield tell
    finally:
        done.set()
        watcher.join()
        if live:
            print("\r\033[K", end="")
        say(f"  {words}: {time.monotonic() - begun:.1f} s")


def base_python() -> str:
    """The interpreter outside any virtual environment that runs this file."""
    known = str(getattr(sys, "_base_executable", "") or sys.executable)
    if not known:
        # Started by its bare name where PATH is not set, Python does not know where it lies.
        try:
            known = str(Path("/proc/self/exe").readlink())
        except OSError:
            name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
            known = shutil.which(name, path=os.defpath) or ""
    if not known:
        raise CannotGoOnError("Python does not know where it lies; start it with its full path.")
    return known


def on_debian() -> bool:
    """Whether this interpreter is the one Debian's own packages extend."""
    return Path("/etc/debian_version").exists() and base_python().startswith("/usr/bin/")


def need_venv() -> None:
    """Make sure that this interpreter can make a virtual environment, or say what is missing."""
    probe = subprocess.run(
        [base_python(), "-c", "import venv, ensurepip"], capture_output=True, check=False
    )
    if probe.returncode == 0:
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if not on_debian():
        raise CannotGoOnError(
            f"{base_python()} comes without venv and ensurepip: install them, or use another "
            "Python 3.11 or newer (for example from python.org)."
        )
    root = os.geteuid() == 0
    command = ("" if root else "sudo ") + f"apt install {package}"
    if not (root and sys.stdin.isatty()):
        raise CannotGoOnError(f"Python's venv is missing. Install it: {command}")
    answer = input(f"Python's venv is missing. Install it now with »{command}«? [Y/n] ")
    if answer.strip().lower() not in {"", "y", "yes", "j", "ja"}:
        raise CannotGoOnError(f"Nothing installed. Later: {command}")
    if subprocess.call(["apt-get", "update"]) or subprocess.call(
        ["apt-get", "install", "-y", package]
    ):
        raise CannotGoOnError(f"apt could not install {package}; its own words are above.")


# --- the virtual environment ----------------------------------------------------------------


def venv_fits() -> bool:
    """Whether .venv exists and was made by a Python of this version that is still there."""
    try:
        lines = (VENV / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    made = {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines)}
    version = made.get("version", made.get("version_info", "")).split(".")[:2]
    return PYTHON.exists() and version == [str(part) for part in sys.version_info[:2]]


def wanted(names: Sequence[str]) -> dict[str, str]:
    """A fingerprint per requirement file: its content, the Python and where the folder lies."""
    place = f"{sys.version_info[:3]} {ROOT}".encode()
    return {name: hashlib.sha256(place + (ROOT / name).read_bytes()).hexdigest() for name in names}


def installed() -> dict[str, str]:
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def set_up(*, dev: bool, peers: bool = False) -> None:
    """Make .venv complete: nothing to do in most cases, else everything that is needed.

    ``peers``: also what benchmarks compare with.
    """
    names = ["requirements.txt", "requirements-dev.txt"] if dev else ["requirements.txt"]
    names += ["requirements-bench.txt"] if peers else []
    if not venv_fits():
        need_venv()
        with progress("making .venv"):
            made = quietly([base_python(), "-m", "venv", "--clear", str(VENV)], environment())
        if made.returncode:
            raise CannotGoOnError(f"Could not make .venv:\n{made.stdout}")
    have, want = installed(), wanted(names)
    if all(have.get(name) == mark for name, mark in want.items()):
        return
    STAMP.unlink(missing_ok=True)
    install(names)
    own_package()
    STAMP.write_text(json.dumps({**have, **want}, indent=1), encoding="utf-8")


def quietly(command: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a program and keep what it says."""
    return subprocess.run(
        command,
        env=env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def install(names: Sequence[str]) -> None:
    """Install the pinned requirements with pip, which honours the machine's settings."""
    files = [part for name in names for part in ("-r", str(ROOT / name))]
    total = sum(
        line[:1].isalpha() for line in (ROOT / names[-1]).read_text(encoding="utf-8").splitlines()
    )
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--compile", "--no-input"]
    # The files name everything there is to install. Looking for dependencies beside them makes an
    # older pip ask for the newest release of what is pinned already, once one has come out.
    command += ["--no-deps"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", *files]
    words = "installing what the tests need" if len(names) > 1 else "installing requirements"
    tail: list[str] = []
    seen = 0
    pip = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment(),
    )
    with progress(words) as tell, pip:
        for line in pip.stdout or ():
            tail = [*tail[-29:], line]
            if line.startswith(("Collecting", "Requirement already")):
                seen += 1
                tell(f"{seen} of about {total}")
            elif line.startswith("Installing collected"):
                tell("unpacking")
    if pip.returncode:
        raise CannotGoOnError(f"pip could not install everything:\n{''.join(tail)}")


def own_package() -> None:
    """Make src/ importable and put the command »patenwerk« beside the others."""
    found = subprocess.run(
        [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    Path(found.stdout.strip(), "patenwerk.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    call = "from patenwerk.cli.main import main\n\nraise SystemExit(main())\n"
    if os.name == "nt":
        (BIN / "patenwerk-script.py").write_text(call, encoding="utf-8")
        (BIN / "patenwerk.cmd").write_text(
            '@"%~dp0python.exe" "%~dp0patenwerk-script.py" %*\n', encoding="utf-8"
        )
        return
    script = BIN / "patenwerk"
    # /bin/sh first: a folder's path may be too long or hold a space for a plain »#!« line.
    script.write_text(
        f"#!/bin/sh\n'''exec' \"$(dirname \"$0\")/{PYTHON.name}\" \"$0\" \"$@\"\n' '''\n{call}",
        encoding="utf-8",
    )
    script.chmod(0o755)


# --- run ------------------------------------------------------------------------------------


def command_run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py run")
    parser.add_argument("--port", type=int, default=8000, help="default: 8000")
    parser.add_argument("--data", type=Path, help="database, media, keys; default: var/")
    given = parser.parse_args(arguments)
    begun = time.monotonic()
    data = data_folder(given.data)
    port_is_free(given.port)
    set_up(dev=False)
    address = f"http://127.0.0.1:{given.port}"
    env = environment(data)
    env.setdefault("PATENWERK_DEBUG", "1")
    env.setdefault("PATENWERK_URL", address)
    say(f"Data: {data}")
    if subprocess.call([str(PYTHON), "-c", PREPARE], env=env, cwd=ROOT):
        raise CannotGoOnError("The database could not be prepared; the reason is above.")
    commands = {
        "web server": [
            *[str(PYTHON), "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"],
            *["--port", str(given.port), "--workers", "1", "--blocking-threads", "4"],
            *["--no-ws", "--log-level", "warning", "patenwerk.config.wsgi:application"],
        ],
        "worker": [str(PYTHON), "-m", "django", "worker"],
    }
    return serve(commands, env, given.port, lambda: welcome(address, data, begun))


def data_folder(given: Path | None) -> Path:
    """The folder for database, media and keys, made where it is missing."""
    folder = (given or Path(os.environ.get("PATENWERK_DATA") or ROOT / "var")).absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise CannotGoOnError(f"Cannot make the data folder {folder}: {problem.strerror}") from None
    if not os.access(folder, os.W_OK):
        raise CannotGoOnError(f"Cannot write into the data folder {folder}.")
    return folder


def port_is_free(port: int) -> None:
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            raise CannotGoOnError(
                f"Port {port} is not free; choose another: dev.py run --port {port + 1}"
            ) from None


def welcome(address: str, data: Path, begun: float) -> None:
    say()
    say(f"Patenwerk runs: {address}   (ready after {time.monotonic() - begun:.1f} s)")
    say(f"Mails it would send lie in {data / 'mail'}")
    say("Ctrl-C stops web server and worker.")


def serve(
    commands: dict[str, list[str]],
    env: dict[str, str],
    port: int,
    ready: Callable[[], None],
) -> int:
    """Run the programs until one ends or a signal comes; then stop all of them."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    # Own sessions: Ctrl-C reaches this program alone, which then stops them in order.
    running = {
        name: subprocess.Popen(command, env=env, cwd=ROOT, start_new_session=True)
        for name, command in commands.items()
    }
    told = False
    try:
        while not stop.wait(0.1):
            for name, process in running.items():
                if process.poll() is not None:
                    say(f"\nThe {name} ended by itself with code {process.returncode}.")
                    return 1
            if not told and answers(port):
                told = True
                ready()
        say("\nstopping …")
        return 0
    finally:
        for process in running.values():
            end(process)


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a program to stop, and after ten seconds make it and what it started stop."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        if os.name == "nt":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


# --- test, check and the rest ---------------------------------------------------------------


def compile_messages() -> None:
    subprocess.run(
        [str(PYTHON), "-m", "patenwerk.core.management.catalogues", "--compile"],
        env=environment(),
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def command_test(arguments: list[str]) -> int:
    own = {"--postgres", "--cover"} & set(arguments)
    rest = [argument for argument in arguments if argument not in own]
    set_up(dev=True)
    compile_messages()
    env = environment()
    if "--postgres" in own:
        env.setdefault("PATENWERK_TEST_DATABASE_URL", POSTGRES)
    command = [str(PYTHON), "-m", "pytest"]
    if not any(argument.startswith(("-n", "--numprocesses")) for argument in rest):
        command += ["-n", "auto", "--dist", "worksteal"]
    if "--cover" not in own:
        return subprocess.call([*command, *rest], env=env, cwd=ROOT)
    return covered([*command, *rest], env)


def covered(command: list[str], env: dict[str, str]) -> int:
    """Run the tests in two goes and hold every branch of what decides covered.

    Branches are counted in the first go alone, with the tests of the rooms in which something is
    decided: counting costs half as much again, and pages decide nothing. In that go the loops of
    matching are interpreted, for nobody can count in what is compiled; everywhere else they run
    compiled, so both are tested.
    """
    first = subprocess.call(
        [*command, "--rooms", "deciding", "--cov", "--cov-report="],
        env={**env, "NUMBA_DISABLE_JIT": "1"},
        cwd=ROOT,
    )
    second = subprocess.call([*command, "--rooms", "others"], env=env, cwd=ROOT)
    failed = [code for code in (first, second) if code not in {0, NO_TESTS}]
    if failed or first == second == NO_TESTS:
        return failed[0] if failed else NO_TESTS
    # The demo decides nothing: which of its branches run depends on the invented people it draws.
    return subprocess.call(
        [
            *[str(PYTHON), "-m", "coverage", "report", f"--include={DECIDING}"],
            *["--omit=*/demo/*", "--fail-under=100"],
        ],
        env=env,
        cwd=ROOT,
    )


def command_check(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="dev.py check").parse_args(arguments)
    set_up(dev=True)
    python = [str(PYTHON), "-m"]
    code = [name for name in ("src", "tests", "benchmarks", "dev.py") if (ROOT / name).exists()]
    steps = {
        "types": [*python, "mypy"],  # the longest, so it is begun first
        "format": [*python, "ruff", "format", "--check", *code],
        "lint": [*python, "ruff", "check", "--output-format", "concise", *code],
        "contracts": [str(BIN / "lint-imports")],
        "templates": [*python, "djlint", "--lint", "--quiet", "--allow-empty-input", "src"],
        "settings": [*python, "django", "check", "--fail-level", "WARNING"],
        "migrations": [*python, "django", "makemigrations", "--check", "--dry-run"],
        "German": [*python, "patenwerk.core.management.catalogues", "--check"],
    }
    with tempfile.TemporaryDirectory() as data:
        return run_steps(steps, environment(Path(data)))


def run_steps(steps: dict[str, list[str]], env: dict[str, str]) -> int:
    """Run the steps side by side, show what the failing ones say in their order, and sum up."""
    failed = []
    with futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {name: pool.submit(quietly, command, env) for name, command in steps.items()}
        for name, step in running.items():
            with progress(name):
                futures.wait([step])
    for name, command in steps.items():
        done = running[name].result()
        if done.returncode:
            failed.append(name)
            lines = done.stdout.rstrip().splitlines()
            say("\n".join(lines[:SHOWN]))
            if len(lines) > SHOWN:
                say(f"  … {len(lines) - SHOWN} more lines: {shlex.join(command)}")
            say(f"  {name}: FAILED")
    say(f"failed: {', '.join(failed)}" if failed else "everything is in order")
    return 1 if failed else 0


def command_bench(arguments: list[str]) -> int:
    names = sorted(path.stem for path in (ROOT / "benchmarks").glob("[a-z]*.py"))
    if not arguments or arguments[0] not in names:
        raise CannotGoOnError(f"Which benchmark? There are: {', '.join(names) or 'none yet'}")
    set_up(dev=True, peers=True)
    file = ROOT / "benchmarks" / f"{arguments[0]}.py"
    return subprocess.call([str(PYTHON), str(file), *arguments[1:]], env=environment(), cwd=ROOT)


def command_soak(arguments: list[str]) -> int:
    set_up(dev=True)
    compile_messages()
    env = environment(PATENWERK_SOAK="1")
    return subprocess.call(
        [str(PYTHON), "-m", "pytest", "-m", "soak", "-s", *arguments], env=env, cwd=ROOT
    )


def command_manage(arguments: list[str]) -> int:
    data = None
    if arguments[:1] == ["--data"] and len(arguments) > 1:
        data, arguments = Path(arguments[1]), arguments[2:]
    set_up(dev=False)
    env = environment(data_folder(data))
    env.setdefault("PATENWERK_DEBUG", "1")
    return subprocess.call([str(PYTHON), "-m", "django", *arguments], env=env, cwd=ROOT)


def command_messages(arguments: list[str]) -> int:
    set_up(dev=False)
    return subprocess.call(
        [str(PYTHON), "-m", "patenwerk.core.management.catalogues", *arguments],
        env=environment(),
        cwd=ROOT,
    )


def command_lock(arguments: list[str]) -> int:
    """Write the requirement files: every system, hashes, and no address of any host."""
    set_up(dev=True)
    env = environment()
    if not shutil.which("uv", path=env["PATH"]):
        subprocess.run([str(PYTHON), "-m", "pip", "install", "-q", UV], env=env, check=True)
    for name, command in LOCKS.items():
        options = ["--universal", "--generate-hashes", "--python-version", "3.11", "--no-header"]
        options += ["--no-emit-index-url", "--no-emit-find-links", "-q", "-o", name, *arguments]
        subprocess.run([*command, *options], env=env, cwd=ROOT, check=True)
        say(f"written: {name}")
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": command_run,
    "test": command_test,
    "check": command_check,
    "bench": command_bench,
    "soak": command_soak,
    "manage": command_manage,
    "messages": command_messages,
    "lock": command_lock,
}


def main(arguments: list[str]) -> int:
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:3])
        raise CannotGoOnError(f"Patenwerk needs Python 3.11 or newer, this is {found}.")
    if not arguments or arguments[0] not in COMMANDS:
        say(__doc__ or "")
        return 0 if arguments[:1] in ([], ["-h"], ["--help"], ["help"]) else 2
    return COMMANDS[arguments[0]](arguments[1:])


def interrupted(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def finish() -> NoReturn:
    # The polite signal ends what was started as Ctrl-C does.
    signal.signal(signal.SIGTERM, interrupted)
    try:
        code = main(sys.argv[1:])
    except CannotGoOnError as problem:
        print(problem, file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        code = 130
    raise SystemExit(code)


if __name__ == "__main__":
    finish()
