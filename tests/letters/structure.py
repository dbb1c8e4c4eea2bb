"""What a PDF says of itself, read from its objects: tags, language, title, pictures, fonts; and the
words on its pages.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

_OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)\s*endobj", re.DOTALL)
_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
_ROLE = re.compile(rb"/S\s*/([A-Za-z0-9]+)")
_ALT = re.compile(rb"/Alt\s*(\((?:\\.|[^\\)])*\)|<[0-9A-Fa-f]*>)", re.DOTALL)
_LANGUAGE = re.compile(rb"/Lang\s*\(([^)]*)\)")
_DESCRIPTOR = re.compile(rb"/FontDescriptor\s+(\d+) 0 R")
_TITLE = re.compile(r'<dc:title>.*?<rdf:li xml:lang="x-default">(.*?)</rdf:li>', re.DOTALL)
_STREAM = re.compile(rb"^(.*?)\s*stream\r?\n(.*?)\r?\nendstream$", re.DOTALL)
_MAPPED = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>")
_FONTS = re.compile(rb"/Font\s*<<(.*?)>>", re.DOTALL)
_NAMED = re.compile(rb"/(\w+) (\d+) 0 R")
_SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\)|\b(BT|ET)\b", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


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


def lines_of(paper: bytes) -> list[str]:
    """The words on all pages as they are set, a piece for each change of place or font.

    Reads what typst writes: two bytes for each sign, and for each font a table of what it means.
    """
    objects = {int(number): body for number, body in _OBJECT.findall(paper)}
    found = []
    for body in (one for one in objects.values() if _PAGE.search(one)):
        resources = _referred(body, b"Resources", objects)
        fonts = _FONTS.search(resources)
        tables = {
            name: _table(objects[int(number)], objects)
            for name, number in (_NAMED.findall(fonts[1]) if fonts else [])
        }
        found += _pieces(_unpacked(_referred(body, b"Contents", objects)), tables)
    return found


def _referred(body: bytes, key: bytes, objects: Mapping[int, bytes]) -> bytes:
    number = re.search(rb"/" + key + rb" (\d+) 0 R", body)
    assert number is not None
    return objects[int(number[1])]


def _unpacked(body: bytes) -> bytes:
    parts = _STREAM.match(body)
    assert parts is not None
    return zlib.decompress(parts[2]) if b"/FlateDecode" in parts[1] else parts[2]


def _table(font: bytes, objects: Mapping[int, bytes]) -> dict[int, str]:
    mapped = _MAPPED.findall(_unpacked(_referred(font, b"ToUnicode", objects)))
    return {
        int(code, 16): bytes.fromhex(sign.decode()).decode("utf-16-be") for code, sign in mapped
    }


def _pieces(content: bytes, tables: Mapping[bytes, Mapping[int, str]]) -> list[str]:
    found: list[str] = []
    table: Mapping[int, str] = {}
    inside = False  # between BT and ET; elsewhere strings are no words
    for font, shown, edge in _SHOWN.findall(content):
        if font:
            table = tables[font]
        elif edge:
            inside = edge == b"BT"
            found += [""] * inside
        elif inside:
            codes = _ESCAPED.sub(_sign, shown)
            signs = (codes[at : at + 2] for at in range(0, len(codes), 2))
            found[-1] += "".join(table[int.from_bytes(sign)] for sign in signs)
    return found


def _sign(escaped: re.Match[bytes]) -> bytes:
    said = escaped[1]
    return bytes([int(said, 8)]) if said.isdigit() else _SIGNS.get(said, said)
