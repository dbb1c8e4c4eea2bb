"""Writing a PDF: a template of typst and plain data, never a text in the template's own language.

What people typed reaches the template as data and is set as it is: no sign in it has a meaning.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import typst

PACKAGE = Path(__file__).parents[2]
STANDARD: Literal["ua-1"] = "ua-1"
"""PDF/UA-1 (ISO 14289-1): tagged, with language and title, readable by a screen reader."""


def write_pdf(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF that ``template`` makes of ``data``, made ``at`` this moment.

    ``template`` is ``"app/name"`` and lies in the app's ``papers/name.typ``; it begins with
    ``#import "/core/papers/paper.typ": *`` and finds ``data`` there. Words come from ``data``,
    translated: a template holds none. ``data`` is what JSON can hold. The same call gives the same
    bytes. A sign that no font of the machine can draw costs the mark of PDF/UA-1, never the paper.

    Raises ``typst.TypstError`` for a template with a fault, ``RuntimeError`` for a missing one,
    ``TypeError`` for data that JSON cannot hold.
    """
    app, name = template.split("/")
    made = PACKAGE / app / "papers" / f"{name}.typ"
    compiler = typst.Compiler(
        made,
        root=PACKAGE,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    moment = at.astimezone(UTC).replace(microsecond=0)
    try:
        paper = compiler.compile(format="pdf", pdf_standards=STANDARD, timestamp=moment)
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        paper = compiler.compile(format="pdf", timestamp=moment)
    assert isinstance(paper, bytes)  # noqa: S101 - one document is one piece
    return paper


def write_pdf_with_logo(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The same for a template with ``data["logo"]``, the bytes of a picture or None.

    A picture that cannot be drawn is left out: it costs the sign, never the paper.
    """
    try:
        return write_pdf(template, data, at=at)
    except typst.TypstError:
        if data["logo"] is None:
            raise
        return write_pdf(template, {**data, "logo": None}, at=at)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The fonts inside the package, and the machine's for scripts those do not know."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)
