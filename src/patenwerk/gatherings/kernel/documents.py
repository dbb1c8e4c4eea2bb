"""What a file is, by its content alone: its name and what a browser says of it prove nothing.

Known are PDF, PNG, JPEG, the office formats (ODT, ODP, ODS, DOCX, PPTX, XLSX) and plain text.
Whatever carries something that runs (macros, scripts, embedded programs, templates fetched from
elsewhere) or cannot be looked into (encrypted) is refused, and so is everything unknown.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from patenwerk.core.sheets.markup import listen, local
from patenwerk.core.sheets.model import Limits, Refused, SheetRefused
from patenwerk.core.sheets.packages import Package

MAX_BYTES = 25_000_000
_LIMITS = Limits(file_bytes=MAX_BYTES, parts=5_000)


class Problem(StrEnum):
    """Why a file is not taken."""

    TOO_LARGE = "too_large"
    EMPTY = "empty"
    UNKNOWN = "unknown"
    ACTIVE = "active"
    PROTECTED = "protected"
    DAMAGED = "damaged"


class DocumentRefused(Exception):
    """The file is not taken; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.value)


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: the ending it is given out with and its media type."""

    ending: str
    media_type: str


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
PDF = Format("pdf", "application/pdf")
PNG = Format("png", "image/png")
JPEG = Format("jpg", "image/jpeg")
TEXT = Format("txt", "text/plain; charset=utf-8")
CSV = Format("csv", "text/csv; charset=utf-8")
#: Office files by what their package says they are.
OFFICE: dict[str, Format] = {
    f"{_OFFICE}.{part}.main+xml": Format(ending, f"{_OFFICE}.{part.split('.')[0]}.{kind}")
    for part, ending, kind in (
        ("wordprocessingml.document", "docx", "document"),
        ("presentationml.presentation", "pptx", "presentation"),
        ("spreadsheetml.sheet", "xlsx", "sheet"),
    )
}
OPEN_DOCUMENT: dict[str, Format] = {
    f"{_OPEN}.{word}": Format(ending, f"{_OPEN}.{word}")
    for word, ending in (("text", "odt"), ("presentation", "odp"), ("spreadsheet", "ods"))
}


def format_of(content: bytes, *, name: str = "") -> Format:
    """What the bytes are. Raises :class:`DocumentRefused` with one problem.

    ``name`` is asked for one thing only: whether plain text is a table (``.csv``).
    """
    if len(content) > MAX_BYTES:
        raise DocumentRefused(Problem.TOO_LARGE)
    if not content.strip():
        raise DocumentRefused(Problem.EMPTY)
    for sign, read in _SIGNS.items():
        if content.startswith(sign):
            return read(content)
    return _text(content, name)


# Plain text

_MARKUP = re.compile(r"<\s*(?:!doctype|\?xml|\?php|html|head|body|script|svg|iframe|object|embed)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_RUNS = ("#!", "{\\rtf", "%!", "@echo", "<")


def _text(content: bytes, name: str) -> Format:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentRefused(Problem.UNKNOWN) from None
    runs = text.lstrip().startswith(_RUNS) or _MARKUP.search(text.casefold())
    if runs or _CONTROL.search(text):
        raise DocumentRefused(Problem.UNKNOWN)
    return CSV if name.casefold().endswith(".csv") else TEXT


# Pictures


def _png(content: bytes) -> Format:
    place = 8
    kinds: list[bytes] = []
    while place < len(content) and kinds[-1:] != [b"IEND"]:
        head = content[place : place + 8]
        if len(head) < 8:
            raise DocumentRefused(Problem.DAMAGED)
        length, kind = struct.unpack(">I4s", head)
        body = content[place + 8 : place + 8 + length]
        check = content[place + 8 + length : place + 12 + length]
        if check != struct.pack(">I", zlib.crc32(kind + body)):
            raise DocumentRefused(Problem.DAMAGED)
        kinds.append(kind)
        place += 12 + length
    # What stands behind the end of the picture is no picture.
    if kinds[:1] != [b"IHDR"] or kinds[-1:] != [b"IEND"] or place != len(content):
        raise DocumentRefused(Problem.DAMAGED)
    return PNG


_START_OF_FRAME = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_START_OF_SCAN = 0xDA


def _jpeg(content: bytes) -> Format:
    place, framed = 2, False
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        length = int.from_bytes(content[place + 2 : place + 4], "big")
        framed = framed or marker in _START_OF_FRAME
        place += 2 + length
        if length < 2:
            break
        if marker == _START_OF_SCAN:
            if framed and b"\xff\xd9" in content[place:]:
                return JPEG
            break
    raise DocumentRefused(Problem.DAMAGED)


# PDF

_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
#: Long names only: packed pictures spell short ones by chance.
_ACTIVE_NAME = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData)(?![A-Za-z0-9])"
    rb"|/XFA[\s\[]"
)
_ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_END = 2_048
"""How far from the end of a PDF its last mark may stand."""
_SAID_BEFORE = 4_096
"""Bytes before a stream in which its kind is looked for."""
_UNPACKED = 100_000_000
"""Bytes of packed objects that are looked into at most."""


def _pdf(content: bytes) -> Format:
    if b"%%EOF" not in content[-_END:]:
        raise DocumentRefused(Problem.DAMAGED)
    plain = _plain_names(content)
    if _ENCRYPTED.search(plain):
        raise DocumentRefused(Problem.PROTECTED)
    for part in (plain, *_packed_objects(content)):
        if _ACTIVE_NAME.search(part):
            raise DocumentRefused(Problem.ACTIVE)
    return PDF


def _plain_names(content: bytes) -> bytes:
    """Names with their letters written out: ``/J#61vaScript`` is ``/JavaScript``."""
    return _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), content)


def _packed_objects(content: bytes) -> Iterator[bytes]:
    """Objects that lie packed in streams, unpacked within a limit.

    A packed one that cannot be unpacked is refused: nobody could say what is in it.
    """
    room = _UNPACKED
    for found in _STREAM.finditer(content):
        said = _plain_names(content[max(0, found.start() - _SAID_BEFORE) : found.start()])
        if b"/ObjStm" not in said or b"/Filter" not in said:
            continue
        unpacker = zlib.decompressobj()
        end = content.find(b"endstream", found.end())
        try:
            part = unpacker.decompress(content[found.end() : end], room)
        except zlib.error:
            raise DocumentRefused(Problem.DAMAGED) from None
        room -= len(part)
        if not unpacker.eof or room <= 0:
            raise DocumentRefused(Problem.DAMAGED)
        yield _plain_names(part)


# Office

_PROBLEMS = {Refused.ENCRYPTED: Problem.PROTECTED}
_ACTIVE_PART = re.compile(
    r"vbaproject|activex|(?:^|/)oleobject|\.(?:bin|exe|dll|js|vbs)$", re.IGNORECASE
)
_ACTIVE_RELATION = re.compile(r"/(?:vbaProject|oleObject|control)$", re.IGNORECASE)
_EMBEDDED = (".docx", ".pptx", ".xlsx")
_OWN_DRIVE = re.compile(r"file:/*[a-z]:|[a-z]:[\\/]|[^:\\]*$", re.IGNORECASE)
_SCRIPT_FOLDERS = ("Basic/", "Scripts/")
#: Parts that Office itself packs in binary form and that run nothing.
_HARMLESS_PART = re.compile(r"(?:printerSettings|customProperty)\d*\.bin$", re.IGNORECASE)


def _office(content: bytes) -> Format:
    try:
        package = Package(content, _LIMITS)
        # Word reads a part under any spelling of its name; only lower case was looked into.
        texts = [name for name in package.names if name.casefold().endswith((".xml", ".rels"))]
        if any(name not in package.parts for name in texts):
            raise DocumentRefused(Problem.UNKNOWN)
        if "mimetype" in package.parts:
            return _open_document(package)
        return _office_open(package)
    except SheetRefused as refused:
        raise DocumentRefused(_PROBLEMS.get(refused.code, Problem.DAMAGED)) from None


class _Names:
    """Hears the attributes of all elements of one name."""

    def __init__(self, element: str) -> None:
        self.element = element
        self.heard: list[dict[str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self.element:
            self.heard.append(attributes)

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


def _heard(content: bytes, element: str) -> list[dict[str, str]]:
    names = _Names(element)
    listen(content, names)
    return names.heard


def _office_open(package: Package) -> Format:
    types = package.parts.get("[Content_Types].xml")
    if types is None:
        raise DocumentRefused(Problem.UNKNOWN)
    said = [each for name in ("Override", "Default") for each in _heard(types, name)]
    kinds = {(local(each, "ContentType") or "").strip() for each in said}
    if any("macroenabled" in kind.casefold() or "vba" in kind.casefold() for kind in kinds):
        raise DocumentRefused(Problem.ACTIVE)
    parts = (name for name in package.names if not _HARMLESS_PART.search(name))
    if any(_ACTIVE_PART.search(name) for name in parts):
        raise DocumentRefused(Problem.ACTIVE)
    if any(_fetches(content) for name, content in package.parts.items() if name.endswith(".rels")):
        raise DocumentRefused(Problem.ACTIVE)
    found = [form for kind, form in OFFICE.items() if kind in kinds]
    if len(found) != 1:
        raise DocumentRefused(Problem.UNKNOWN)
    return found[0]


def _fetches(relations: bytes) -> bool:
    """Whether a part brings something that runs, or a template from another machine."""
    for each in _heard(relations, "Relationship"):
        kind, target = local(each, "Type") or "", local(each, "Target") or ""
        outside = (local(each, "TargetMode") or "").casefold() == "external"
        if _ACTIVE_RELATION.search(kind):
            return True
        if kind.endswith("/package") and not target.casefold().endswith(_EMBEDDED):
            return True
        if outside and kind.endswith("/attachedTemplate") and not _OWN_DRIVE.match(target):
            return True
    return False


def _open_document(package: Package) -> Format:
    form = OPEN_DOCUMENT.get(package.parts["mimetype"].decode("ascii", "replace").strip())
    manifest = package.parts.get("META-INF/manifest.xml")
    if form is None or manifest is None or "content.xml" not in package.parts:
        raise DocumentRefused(Problem.UNKNOWN)
    if _heard(manifest, "encryption-data"):
        raise DocumentRefused(Problem.PROTECTED)
    kinds = [local(each, "media-type") or "" for each in _heard(manifest, "file-entry")]
    if any("oleobject" in kind.casefold() for kind in kinds):
        raise DocumentRefused(Problem.ACTIVE)
    if any(name.startswith(_SCRIPT_FOLDERS) for name in package.names):
        raise DocumentRefused(Problem.ACTIVE)
    parts = [content for name, content in package.parts.items() if name.endswith(".xml")]
    if any(b"vnd.sun.star.script:" in content for content in parts):
        raise DocumentRefused(Problem.ACTIVE)
    return form


_SIGNS: dict[bytes, Callable[[bytes], Format]] = {
    b"%PDF-": _pdf,
    b"\x89PNG\r\n\x1a\n": _png,
    b"\xff\xd8\xff": _jpeg,
    b"PK\x03\x04": _office,
}
"""How files begin, and who reads them further."""
