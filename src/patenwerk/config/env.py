"""Reads the environment and the data folder once: the only place that does."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

PROJECT = Path(__file__).resolve().parents[3]


def text(name: str, default: str = "") -> str:
    """A setting from the environment; an empty one counts as not said."""
    return os.environ.get(f"PATENWERK_{name}") or default


def flag(name: str) -> bool:
    """A yes/no setting: 1, true, yes, on."""
    return text(name).lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """A list setting, separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def data_folder() -> Path:
    """Where database, media, mail and keys live."""
    folder = Path(text("DATA", str(PROJECT / "var"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path) -> str:
    """The signing key: from the environment, else made at first run, readable by its owner."""
    return text("SECRET_KEY") or _kept(folder / "keys" / "secret", secrets.token_urlsafe(64))


def field_keys(folder: Path) -> dict[str, str]:
    """The keys of encrypted fields by id, the newest first: ``id:key``, separated by commas.

    From the environment, else made at first run. A new key is put in front; the old ones stay as
    long as something was written with them.
    """
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    said = text("FIELD_KEYS") or _kept(folder / "keys" / "fields", f"1:{key}")
    return dict(pair.strip().split(":", 1) for pair in said.split(",") if pair.strip())


def _kept(path: Path, new: str) -> str:
    """What the file holds; where there is none yet it is made, readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(handle, "w") as file:
                file.write(new)
    return path.read_text()


def database(folder: Path) -> dict[str, Any]:
    """SQLite in the data folder, or PostgreSQL where PATENWERK_DATABASE_URL names one."""
    url = text("DATABASE_URL")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "patenwerk.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }
