"""Reading whole files and writing them whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from patenwerk.cli.problem import CannotDo


def read_whole(path: Path) -> bytes:
    """The bytes of a file. Raises :class:`CannotDo` where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        sentence = _("%(file)s cannot be read: %(reason)s")
        values = {"file": path, "reason": error.strerror}
        raise CannotDo(sentence % values) from error


def write_whole(data: bytes, path: Path | None) -> None:
    """Write to a neighbour and rename it, so that the file is never half there.

    Without a path to standard output. Raises :class:`CannotDo` where nothing could be written.
    """
    if path is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        _replace(data, path)
    except OSError as error:
        sentence = _("%(file)s cannot be written: %(reason)s")
        values = {"file": path, "reason": error.strerror}
        raise CannotDo(sentence % values) from error


def _replace(data: bytes, path: Path) -> None:
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o666 & ~_umask())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
