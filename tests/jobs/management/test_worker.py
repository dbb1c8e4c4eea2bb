from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from patenwerk.jobs.management.commands import worker

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60.0


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A database of its own for the worker processes, of the kind that the suite runs on."""
    said = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "tests.jobs.slow.settings",
        "PATENWERK_DATA": str(tmp_path),
    }
    here: dict[str, Any] = settings.DATABASES["default"]
    if here["ENGINE"].endswith("sqlite3"):
        said.pop("PATENWERK_DATABASE_URL", None)
        yield said
        return
    name = f"patenwerk_worker_{os.getpid()}"
    server = {
        "host": here["HOST"],
        "port": here["PORT"] or None,
        "user": here["USER"],
        "password": here["PASSWORD"] or None,
    }
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = said["PATENWERK_DATABASE_URL"].rpartition("/")[0]
        yield {**said, "PATENWERK_DATABASE_URL": f"{url}/{name}"}
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)


def call(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *words],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def start_worker(environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    words = ["django", "worker", "--interval", "0.1", "--sweep-interval", "0.2"]
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", *words], env=environment, cwd=ROOT, stdout=out, stderr=out
        )


def state(environment: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(call(environment, "tests.jobs.slow", "show"))
    return found


def test_jobs_of_killed_workers_are_done_exactly_once(
    environment: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    call(environment, "django", "migrate", "--verbosity", "0")
    call(environment, "tests.jobs.slow", "ask", "before", "within", "never")
    killed = 0
    process = start_worker(environment, log)
    try:
        until = time.monotonic() + PATIENCE
        while any(job[0] in {"queued", "running"} for job in state(environment)["jobs"]):
            assert time.monotonic() < until, log.read_text()
            if process.poll() is not None:
                assert process.returncode == -signal.SIGKILL, log.read_text()
                killed += 1
                process = start_worker(environment, log)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0
    finally:
        process.kill()
        process.wait()

    assert killed == 2
    assert state(environment) == {
        "jobs": [["done", 2], ["done", 2], ["done", 1]],
        "left": ["before 2", "never 1", "within 2"],
    }
    assert log.read_text().count("The worker has stopped.") == 1


def test_the_sweeper_survives_an_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()
    swept: list[object] = []

    def first_fails(*, at: object) -> int:
        swept.append(at)
        if len(swept) == 1:
            raise ConnectionError
        stop.set()
        return 0

    monkeypatch.setattr(worker, "sweep", first_fails)
    monkeypatch.setattr(worker, "start_due_schedules", lambda **_when: [])
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker.connections, "close_all", lambda: None)

    worker.look_after(stop, 0.01)

    assert len(swept) == 2
    assert "it goes on" in caplog.text


def test_another_engine_brings_its_own_workers(settings: Any) -> None:
    assert worker._database_engine(1.0) is not None
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.setattr(worker, "task_backends", {"default": object()})
        assert worker._database_engine(1.0) is None
        patch.setattr(worker.apps, "is_installed", lambda _app: False)
        assert worker._database_engine(1.0) is None
