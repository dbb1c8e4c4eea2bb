"""Files are taken for what they hold, and whatever runs something stays outside."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patenwerk.gatherings.kernel import documents
from patenwerk.gatherings.kernel.documents import (
    CSV,
    JPEG,
    PDF,
    PNG,
    TEXT,
    DocumentRefused,
    Problem,
    format_of,
)

OFFICE = "application/vnd.openxmlformats-officedocument"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def office(kind: str, relations: str = "", types: str = "", **parts: str) -> bytes:
    """A Word, PowerPoint or Excel file as small as can be."""
    return packed(
        {
            "[Content_Types].xml": '<Types><Override PartName="/main.xml" '
            f'ContentType="{OFFICE}.{kind}.main+xml"/>{types}</Types>',
            "_rels/.rels": f"<Relationships>{relations}</Relationships>",
            **{name.replace("__", "/").replace("_", "."): text for name, text in parts.items()},
        }
    )


def relation(kind: str, target: str, mode: str = "Internal") -> str:
    return (
        f'<Relationship Id="r1" Type="{RELATIONS}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    )


def open_document(
    kind: str = "text", entry: str = "", content: str = "<c/>", **parts: str
) -> bytes:
    return packed(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": content,
            "META-INF/manifest.xml": f"<manifest>{entry}</manifest>",
            **{name.replace("__", "/"): text for name, text in parts.items()},
        }
    )


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + check


PNG_FILE = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0\0"))
    + chunk(b"IEND")
)
JPEG_FILE = (
    b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x04ab\xff\xda\x00\x04ab picture \xff\xd9 and beyond"
)


def pdf(*objects: bytes, end: bytes = b"startxref\n9\n%%EOF\n") -> bytes:
    return b"%PDF-1.7\n" + b"\n".join(objects) + b"\ntrailer << /Root 1 0 R >>\n" + end


def object_stream(content: bytes, said: bytes = b"/Type /ObjStm /Filter /FlateDecode") -> bytes:
    return b"7 0 obj << " + said + b" >>\nstream\r\n" + content + b"\nendstream\nendobj"


def problem_of(content: bytes, name: str = "") -> Problem | None:
    try:
        format_of(content, name=name)
    except DocumentRefused as refused:
        return refused.problem
    return None


def workbook() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


TAKEN = {
    "pdf": pdf(b"1 0 obj << /Type /Catalog >> endobj"),
    "png": PNG_FILE,
    "jpg": JPEG_FILE,
    "docx": office("wordprocessingml.document"),
    "pptx": office("presentationml.presentation"),
    "xlsx": workbook(),
    "odt": open_document("text"),
    "odp": open_document("presentation"),
    "ods": open_document("spreadsheet"),
    "txt": "Grüße aus dem Kreis\n".encode(),
}


@pytest.mark.parametrize("ending", TAKEN)
def test_what_is_taken_is_known_by_its_content(ending: str) -> None:
    assert format_of(TAKEN[ending], name="anything.exe").ending == ending


def test_media_types_are_the_usual_ones() -> None:
    assert format_of(TAKEN["docx"]).media_type == f"{OFFICE}.wordprocessingml.document"
    assert format_of(TAKEN["xlsx"]).media_type == f"{OFFICE}.spreadsheetml.sheet"
    assert format_of(TAKEN["odp"]).media_type == "application/vnd.oasis.opendocument.presentation"
    assert [format_of(TAKEN[each]) for each in ("pdf", "png", "jpg")] == [PDF, PNG, JPEG]


def test_only_text_asks_for_its_name() -> None:
    assert format_of(b"a;b\n1;2", name="Liste.CSV") == CSV
    assert format_of(b"a;b\n1;2", name="Liste") == TEXT
    assert format_of("\ufeffmit Marke".encode(), name="a.txt") == TEXT
    assert format_of(PNG_FILE, name="bild.csv") == PNG


@pytest.mark.parametrize("content", [b"", b" \n\t "])
def test_nothing_is_no_file(content: bytes) -> None:
    assert problem_of(content) is Problem.EMPTY


def test_the_limit_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_BYTES", 20)
    assert problem_of(b"a" * 20) is None
    assert problem_of(b"a" * 21) is Problem.TOO_LARGE


UNKNOWN = {
    "html": b"<!DOCTYPE html><script>alert(1)</script>",
    "html with words before": b"Hello\n<SCRIPT src=x></SCRIPT>",
    "html with spaces": b"Hello <  script>",
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>',
    "svg behind a comment": b"note\n<svg onload=x>",
    "shell": b"#!/bin/sh\nrm -rf /",
    "batch": b"@echo off",
    "rtf": b"{\\rtf1 \\object}",
    "postscript": b"%!PS-Adobe-3.0",
    "program": b"MZ\x90\x00\x03",
    "elf": b"\x7fELF\x02\x01",
    "gif": b"GIF89a\x01\x00",
    "old word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "another encoding": "Grüße".encode("cp1252"),
    "sixteen bits": "Hallo".encode("utf-16"),
    "pdf not at the beginning": b"\n\x00%PDF-1.7",
    "zip of anything": packed({"virus.exe": "x"}),
    "epub": open_document("x").replace(b"opendocument.x", b"opendocument.y"),
    "template": open_document("text-template"),
    "half an open document": packed({"mimetype": "application/vnd.oasis.opendocument.text"}),
    "an open document without words": packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": "<manifest/>",
        }
    ),
    "slide show": office("presentationml.slideshow"),
    "drawing": office("drawing"),
    "two at once": office(
        "wordprocessingml.document",
        types=f'<Override ContentType="{OFFICE}.spreadsheetml.sheet.main+xml"/>',
    ),
    "a part that hides by its spelling": packed(
        {
            "[Content_Types].xml": f'<T><Override ContentType="{OFFICE}.wordprocessingml'
            '.document.main+xml"/></T>',
            "word/_rels/settings.xml.RELS": "<Relationships/>",
        }
    ),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_everything_else_is_unknown(what: str) -> None:
    assert problem_of(UNKNOWN[what], name="harmlos.txt") is Problem.UNKNOWN


WORD = "wordprocessingml.document"
ACTIVE = {
    "docm": office(
        WORD, types='<Override ContentType="application/vnd.ms-word.document.macroEnabled"/>'
    ),
    "macros under another name": office(
        WORD, types='<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    ),
    "macros without being named": office(WORD, word__vbaProject_bin="x"),
    "active x": office(WORD, word__activeX__activeX1_xml="<x/>"),
    "embedded program": office(WORD, word__embeddings__oleObject1_bin="x"),
    "program": office(WORD, word__media__a_EXE="x"),
    "relation to macros": office(WORD, relation("vbaProject", "any.xml")),
    "relation to an object": office(WORD, relation("oleObject", "file:///x.xlsx", "External")),
    "relation to a control": office(WORD, relation("control", "x.xml")),
    "package of another kind": office(WORD, relation("package", "embeddings/a.xlsm")),
    "template from elsewhere": office(
        WORD, relation("attachedTemplate", "https://example.org/a.dotm", "External")
    ),
    "template from a share": office(
        WORD, relation("attachedTemplate", "file://///server/a.dotm", "external")
    ),
    "template by its share": office(
        WORD, relation("attachedTemplate", "\\\\server\\a.dotm", "External")
    ),
    "odf with basic": open_document(Basic__script="x"),
    "odf with scripts": open_document(Scripts__python__a="x"),
    "odf that calls one": open_document(content='<a href="vnd.sun.star.script:x"/>'),
    "odf with an object": open_document(
        entry='<file-entry media-type="application/vnd.sun.star.oleobject" full-path="Object 1"/>'
    ),
    "pdf with javascript": pdf(b"<< /S /JavaScript /JS (app.alert) >>"),
    "pdf with a spelled name": pdf(b"<< /S /J#61vaScr#69pt >>"),
    "pdf that launches": pdf(b"<< /S /Launch /F (cmd.exe) >>"),
    "pdf with a file": pdf(b"<< /Type /EmbeddedFile >>"),
    "pdf with files": pdf(b"<< /Names << /EmbeddedFiles 3 0 R >> >>"),
    "pdf with a form that runs": pdf(b"<< /XFA [ (x) ] >>"),
    "pdf that hides it in a false stream": pdf(
        b"% stream\n<< /S /JavaScript >>\n% endstream", object_stream(zlib.compress(b"<< /A /B >>"))
    ),
    "pdf with a packed script": pdf(object_stream(zlib.compress(b"1 0 << /S /JavaScript >>"))),
    "pdf with a packed and spelled one": pdf(
        object_stream(zlib.compress(b"<< /S /#4caunch >>"), b"/Type /Obj#53tm /Filter /Fl")
    ),
    "pdf with one that is not packed": pdf(
        object_stream(b"<< /S /JavaScript >>", b"/Type /ObjStm")
    ),
}


@pytest.mark.parametrize("what", ACTIVE)
def test_what_runs_something_stays_outside(what: str) -> None:
    assert problem_of(ACTIVE[what]) is Problem.ACTIVE


HARMLESS = {
    "template on the own drive": office(
        WORD, relation("attachedTemplate", "file:///C:/Vorlagen/a.dotx", "External")
    ),
    "template by name": office(WORD, relation("attachedTemplate", "Normal.dotm", "External")),
    "link": office(WORD, relation("hyperlink", "https://example.org/", "External")),
    "chart with its table": office(WORD, relation("package", "../embeddings/a.xlsx")),
    "printer settings": office(WORD, xl__printerSettings__printerSettings1_bin="x"),
    "pdf with packed objects": pdf(object_stream(zlib.compress(b"<< /Type /Page >>"))),
    "pdf with a picture": pdf(
        object_stream(b"\xff\xd8 dots", b"/Type /XObject /Filter /DCTDecode")
    ),
    "pdf that only names scripts": pdf(b"(JavaScript is a language) << /JavaScripts 1 >>"),
    "odf with a picture": open_document(
        entry='<file-entry media-type="image/png" full-path="a.png"/>'
    ),
}


@pytest.mark.parametrize("what", HARMLESS)
def test_ordinary_things_are_taken(what: str) -> None:
    assert problem_of(HARMLESS[what]) is None


def encrypted_zip() -> bytes:
    content = bytearray(TAKEN["docx"])
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(sign)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(sign, at + 4)
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        pdf(b"<< /Encrypt 5 0 R >>"),
        open_document(entry="<file-entry><encryption-data/></file-entry>"),
        encrypted_zip(),
    ],
)
def test_what_cannot_be_looked_into_is_protected(content: bytes) -> None:
    assert problem_of(content) is Problem.PROTECTED


DAMAGED = {
    "pdf without an end": pdf(end=b""),
    "pdf whose packed objects are none": pdf(object_stream(b"not packed")),
    "pdf whose packed objects break off": pdf(object_stream(zlib.compress(b"x" * 999)[:-9])),
    "png with a second meaning": PNG_FILE + b"<script>",
    "png broken off": PNG_FILE[:-3],
    "png without a beginning": b"\x89PNG\r\n\x1a\n" + chunk(b"IEND"),
    "png without an end": PNG_FILE[: -len(chunk(b"IEND"))],
    "png cut in a chunk's head": PNG_FILE[: -len(chunk(b"IEND"))] + b"\0\0\0",
    "png with a wrong sum": PNG_FILE.replace(chunk(b"IEND"), chunk(b"IEND")[:-1] + b"\0"),
    "jpeg without a picture": b"\xff\xd8\xff\xe0\x00\x04ab<script>alert(1)</script>",
    "jpeg without a frame": JPEG_FILE.replace(b"\xff\xc0", b"\xff\xe1"),
    "jpeg without an end": JPEG_FILE.replace(b"\xff\xd9", b""),
    "jpeg of no length": b"\xff\xd8\xff\xe0\x00\x01ab",
    "zip broken off": TAKEN["docx"][:-30],
    "bomb": packed({"[Content_Types].xml": b" " * 40_000_000}),
    "no xml": packed({"[Content_Types].xml": b"<Types>"}),
    "entities": packed({"[Content_Types].xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_what_is_broken_is_called_so(what: str) -> None:
    assert problem_of(DAMAGED[what]) is Problem.DAMAGED


def test_packed_objects_are_unpacked_within_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_UNPACKED", 1_000)
    one = object_stream(zlib.compress(b"x" * 600))
    assert problem_of(pdf(one)) is None
    assert problem_of(pdf(one, one)) is Problem.DAMAGED
    # Room that is used up to the last byte would be no limit for the next one.
    assert problem_of(pdf(object_stream(zlib.compress(b"x" * 1_000)))) is Problem.DAMAGED


@given(st.binary(max_size=400))
def test_any_bytes_are_answered_and_only_text_is_taken(content: bytes) -> None:
    if problem_of(content, "a.txt") is None:
        assert format_of(content) == TEXT
        assert "\0" not in content.decode("utf-8-sig")


@given(
    st.sampled_from(sorted(TAKEN)),
    st.binary(min_size=1, max_size=40),
    st.integers(0, 10_000),
    st.booleans(),
)
def test_spoiled_files_are_refused_or_stay_what_they_are(
    ending: str, noise: bytes, place: int, replaces: bool
) -> None:
    content = TAKEN[ending]
    place %= len(content)
    spoiled = content[:place] + noise + content[place + (len(noise) if replaces else 0) :]
    if problem_of(spoiled) is None:
        assert format_of(spoiled).ending in {ending, "txt"}


SCRIPTS = st.sampled_from(
    [b"<script>x()</script>", b"<svg onload=x()>", b"<html>", b"<?php x ?>", b"<IFRAME src=x>"]
)


@given(st.text(max_size=60), SCRIPTS, st.text(max_size=60))
def test_text_with_markup_is_never_taken(before: str, script: bytes, after: str) -> None:
    assert problem_of(before.encode("utf-8", "replace") + script + after.encode("utf-8", "replace"))


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,8}/[a-z]{1,8}", fullmatch=True), st.binary(), max_size=5
    ),
    st.sampled_from(["word/vbaProject.bin", "xl/vbaProject.bin", "WORD/VBAPROJECT.BIN", "x/a.vbs"]),
)
def test_macros_are_found_wherever_they_lie(others: dict[str, bytes], macro: str) -> None:
    with zipfile.ZipFile(io.BytesIO(TAKEN["docx"])) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert problem_of(packed({**others, **parts, macro: b"x"})) is Problem.ACTIVE
