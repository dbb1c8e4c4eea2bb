"""A file that says how much each part of the score weighs."""

from __future__ import annotations

import json
import tomllib
from dataclasses import fields
from pathlib import Path

from django.utils.translation import gettext as _

from patenwerk.cli.files import read_whole
from patenwerk.cli.problem import CannotDo
from patenwerk.matching.kernel.rounds import SettingOutOfRange, Weights

PARTS = tuple(part.name for part in fields(Weights))


def read_weights(path: Path) -> Weights:
    """The weights of a JSON or TOML file; a part that it does not name keeps its default.

    Raises :class:`CannotDo` naming the file, the part and what was expected.
    """
    said = _table(path)
    unknown = sorted(said.keys() - set(PARTS))
    if unknown:
        raise CannotDo(
            _("%(file)s: “%(part)s” is no part of the score; expected is one of: %(parts)s.")
            % {"file": path.name, "part": unknown[0], "parts": ", ".join(PARTS)}
        )
    try:
        return Weights(**said)
    except SettingOutOfRange as error:
        raise CannotDo(
            _(
                "%(file)s: “%(part)s” is %(given)s; expected is a whole number from %(low)s to "
                "%(high)s."
            )
            % {
                "file": path.name,
                "part": error.name,
                "given": json.dumps(error.value, ensure_ascii=False, default=str),
                "low": error.lowest,
                "high": error.highest,
            }
        ) from error


def _table(path: Path) -> dict[str, int]:
    data = read_whole(path)
    try:
        text = data.decode("utf-8-sig")
        said = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except (ValueError, RecursionError) as error:
        sentence = _("%(file)s is neither JSON nor TOML: %(reason)s")
        reason = str(error).splitlines()[0]
        raise CannotDo(sentence % {"file": path.name, "reason": reason}) from error
    if not isinstance(said, dict):
        sentence = _("%(file)s: expected are parts of the score with their weights.")
        raise CannotDo(sentence % {"file": path.name})
    return said
