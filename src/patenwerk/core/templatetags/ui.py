"""The parts every page is made of, as template tags: ``{% load ui %}``.

A part takes plain values (numbers, words, pairs) and knows nothing of the field. Words that a
reader sees come from the page; only words that belong to the part itself (»hidden«, »page 2 of 7«)
are translated. Small parts are put together in code, larger ones in ``templates/core/ui/``.
All text alternatives are part of the part: a sign never stands without its words.
"""

from __future__ import annotations

from patenwerk.core.templatetags.parts import (  # noqa: F401 - importing them registers the parts
    columns,
    figures,
    flows,
    frame,
    laender,
    notices,
    numbers,
    signs,
    tables,
    ways,
    week,
)
from patenwerk.core.templatetags.parts.library import register

__all__ = ["register"]
