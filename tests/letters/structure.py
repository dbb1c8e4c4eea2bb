"""What a PDF says of itself, read from its objects: tags, language, title, pictures, fonts."""

from __future__ import annotations

import re
from dataclasses import dataclass

_OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)\s*endobj", re.DOTALL)
_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
_ROLE = re.compile(rb"/S\s*/([A-Za-z0-9]+)")
_ALT = re.compile(rb"/Alt\s*(\((?:\\.|[^\\)])*\)|<[0-9A-Fa-f]*>)", re.DOTALL)
_LANGUAGE = re.compile(rb"/Lang\s*\(([^)]*)\)")
_DESCRIPTOR = re.compile(rb"/FontDescriptor\s+(\d+) 0 R")
_TITLE = re.compile(r'<dc:title>.*?<rdf:li xml:lang="x-default">(.*?)</rdf:li>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Structure:
    """A tagged PDF from the outside. ``roles`` are those of its structure, in no order."""

    pages: int
    roles: list[str]
    languages: list[str]
    title: str
    alternatives: list[bytes]
    fonts: int
    embedded: int
    is_marked: bool
    is_accessible: bool


def structure_of(paper: bytes) -> Structure:
    """Reads a PDF whose objects stand there as they are (typst writes it so)."""
    objects = {int(number): body for number, body in _OBJECT.findall(paper)}
    # What a stream holds is compressed: only the dictionary in front of it speaks.
    heads = {number: body.partition(b"stream")[0] for number, body in objects.items()}
    elements = [head for head in heads.values() if b"/StructElem" in head]
    described = {int(n) for head in heads.values() for n in _DESCRIPTOR.findall(head)}
    title = _TITLE.search(paper.decode("utf-8", "replace"))
    catalogue = next(head for head in heads.values() if b"/Type/Catalog" in head.replace(b" ", b""))
    return Structure(
        pages=sum(bool(_PAGE.search(head)) for head in heads.values()),
        roles=[m[1].decode() for head in elements if (m := _ROLE.search(head))],
        languages=[
            found.decode() for head in (catalogue, *elements) for found in _LANGUAGE.findall(head)
        ],
        title=title[1] if title else "",
        alternatives=[found for head in elements for found in _ALT.findall(head)],
        fonts=len(described),
        embedded=sum(bool(re.search(rb"/FontFile[23]?\b", heads[each])) for each in described),
        is_marked=b"/Marked true" in catalogue or b"/Marked true" in paper,
        is_accessible=b"<pdfuaid:part>1</pdfuaid:part>" in paper,
    )
