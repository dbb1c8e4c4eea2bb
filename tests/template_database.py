"""A migrated database made once per state of the migrations and copied for every run.

Copies also replace the emptying after tests that commit: tables that refuse deletion (the audit
record) stay as strict in tests as they are in an installation.
"""

import contextlib
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

import django
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "tests" / ".templates"
PREFIX = "patenwerk_tests"
KEPT = 4
"""Earlier templates that stay on a server: other folders may be at another migration."""


def fingerprint() -> str:
    """What the tables look like: own migrations, versions of foreign apps, the installed apps."""
    digest = hashlib.sha256(repr(settings.INSTALLED_APPS).encode())
    for config in apps.get_app_configs():
        if config.name.startswith("patenwerk."):
            for path in sorted(Path(config.path).glob("migrations/*.py")):
                digest.update(path.name.encode() + path.read_bytes())
    for name in ("django", "django-allauth", "django-tasks-db"):
        digest.update(metadata.version(name).encode())
    return digest.hexdigest()[:16]


def migrate(name: str) -> None:
    """Make the tables of a database, in a process of its own: where branches are counted it would
    take three times as long, and all workers wait for it.
    """
    connections.close_all()
    if code := _beside(name).wait():
        raise subprocess.CalledProcessError(code, "migrate")


def begin() -> subprocess.Popen[bytes]:
    """Make the template, where there is none yet, while the workers still collect their tests."""
    return _beside()


def _beside(*names: str) -> subprocess.Popen[bytes]:
    path = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
    return subprocess.Popen(
        [sys.executable, "-m", "tests.template_database", *names],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": path},
    )


def use(name: str) -> None:
    """Let every later connection go to the database of this name."""
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


class Sqlite:
    """Template and copy are files."""

    def __init__(self) -> None:
        TEMPLATES.mkdir(exist_ok=True)
        self.template = TEMPLATES / f"{fingerprint()}.sqlite3"
        self.copy = Path(settings.DATA) / "tests.sqlite3"

    def prepare(self) -> None:
        self.make()
        self.restore()

    def make(self) -> None:
        """The template, where there is none yet."""
        with self._alone():
            if not self.template.exists():
                draft = self.template.with_suffix(".draft")
                draft.unlink(missing_ok=True)
                migrate(str(draft))
                with contextlib.closing(sqlite3.connect(draft)) as plain:
                    plain.execute("PRAGMA journal_mode=DELETE")
                for old in TEMPLATES.glob("*.sqlite3"):
                    if time.time() - old.stat().st_mtime > 86_400:
                        old.unlink(missing_ok=True)
                draft.replace(self.template)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time; the others wait for its template."""
        lock = TEMPLATES / "lock"
        begun = time.monotonic()
        while True:
            try:
                os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
                break
            except FileExistsError:
                with contextlib.suppress(FileNotFoundError):
                    # Left behind by a run that was killed.
                    if time.time() - lock.stat().st_mtime > 300 or time.monotonic() - begun > 300:
                        lock.unlink()
                time.sleep(0.1)
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)

    def restore(self) -> None:
        connections.close_all()
        for leftover in self.copy.parent.glob(f"{self.copy.name}*"):
            leftover.unlink()
        shutil.copyfile(self.template, self.copy)
        use(str(self.copy))

    def drop(self) -> None:
        connections.close_all()


class Postgres:
    """Template and copy are databases of one server."""

    def __init__(self) -> None:
        self.url = os.environ["PATENWERK_TEST_DATABASE_URL"]
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self.template = f"{PREFIX}_template_{fingerprint()}"
        self.copy = f"{PREFIX}_run_{os.getpid()}_{worker}"

    def _run(self, *statements: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as server:
            for statement in statements:
                server.execute(statement.encode())

    def prepare(self) -> None:
        self.make()
        self.restore()

    def make(self) -> None:
        """The template, where there is none yet; what earlier runs left behind goes."""
        with psycopg.connect(self.url, autocommit=True) as server:
            # Held until this connection closes: one process makes the template, the others wait.
            server.execute("SELECT pg_advisory_lock(hashtext('patenwerk tests'))")
            names = {row[0] for row in server.execute("SELECT datname FROM pg_database")}
            for name in sorted(names):
                if self._left_behind(name):
                    server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
            old = f"datname LIKE '{PREFIX}_template_%' AND datname <> '{self.template}'"
            found = f"SELECT datname FROM pg_database WHERE {old} ORDER BY oid DESC OFFSET {KEPT}"  # noqa: S608 own constants only
            for (name,) in server.execute(found.encode()).fetchall():
                server.execute(f'DROP DATABASE IF EXISTS "{name}"'.encode())
            if self.template not in names:
                draft = f"{PREFIX}_draft"
                server.execute(f'DROP DATABASE IF EXISTS "{draft}" WITH (FORCE)'.encode())
                server.execute(f'CREATE DATABASE "{draft}"'.encode())
                migrate(draft)
                rename = f'ALTER DATABASE "{draft}" RENAME TO "{self.template}"'
                server.execute(rename.encode())

    def _left_behind(self, name: str) -> bool:
        """A copy of a run on this machine that no longer lives."""
        parts = name.removeprefix(f"{PREFIX}_run_").split("_")
        local = urlsplit(self.url).hostname in {"127.0.0.1", "::1", "localhost"}
        if not (local and name.startswith(f"{PREFIX}_run_") and parts[0].isdigit()):
            return False
        try:
            os.kill(int(parts[0]), 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False

    def restore(self) -> None:
        connections.close_all()
        self._run(
            f'DROP DATABASE IF EXISTS "{self.copy}" WITH (FORCE)',
            f'CREATE DATABASE "{self.copy}" TEMPLATE "{self.template}"',
        )
        use(self.copy)

    def drop(self) -> None:
        connections.close_all()
        self._run(f'DROP DATABASE IF EXISTS "{self.copy}" WITH (FORCE)')


def database() -> Sqlite | Postgres:
    """The one this run uses."""
    return Postgres() if connection.vendor == "postgresql" else Sqlite()


if __name__ == "__main__":
    django.setup()
    if sys.argv[1:]:
        use(sys.argv[1])
        call_command("migrate", verbosity=0, interactive=False)
    else:
        database().make()
