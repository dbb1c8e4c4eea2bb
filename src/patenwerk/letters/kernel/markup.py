"""The little that a letter's text is made of: paragraphs, lists and bold words.

An empty line ends a paragraph, »- « begins an entry of a list, ``**words**`` are bold. Any other
sign stands for itself; nothing here is read as the language of a page or of a PDF.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

ENTRY = re.compile(r"[-•] +(?=\S)")
BOLD = "**"


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one kind within a line."""

    words: str
    bold: bool = False


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph with its lines, or a list with its entries."""

    is_list: bool
    lines: tuple[Line, ...]


def parsed(text: str) -> tuple[Block, ...]:
    """The blocks of a text as somebody typed it."""
    blocks: list[Block] = []
    lines: list[Line] = []
    listing = False

    def close() -> None:
        if lines:
            blocks.append(Block(listing, tuple(lines)))
            lines.clear()

    for typed in text.replace("\r", "").split("\n"):
        line = typed.strip()
        entry = ENTRY.match(line)
        if not line or (entry is not None) is not listing:
            close()
        if line:
            listing = entry is not None
            lines.append(_runs(line[entry.end() :] if entry else line))
    close()
    return tuple(blocks)


def changed(blocks: tuple[Block, ...], change: Callable[[str], str]) -> tuple[Block, ...]:
    """The same blocks with other words. What comes in has no meaning: it is not parsed again."""
    return tuple(
        Block(
            block.is_list,
            tuple(tuple(Run(change(run.words), run.bold) for run in line) for line in block.lines),
        )
        for block in blocks
    )


def _runs(line: str) -> Line:
    parts = line.split(BOLD)
    if len(parts) % 2 == 0:  # the last pair of stars has no partner: it is meant as it stands
        parts[-2:] = [BOLD.join(parts[-2:])]
    return tuple(Run(words, bold=place % 2 == 1) for place, words in enumerate(parts) if words)
