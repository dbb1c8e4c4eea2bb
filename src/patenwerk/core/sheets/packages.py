"""Spreadsheet files are zip packages: unpacked here under limits, before anything reads them."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from patenwerk.core.sheets.model import Limits, Refused, SheetRefused

_CHUNK = 1 << 18
_SMALL = 1 << 20
"""A part below this size is never called a bomb, however well it packs."""

_READ_ENDINGS = (".xml", ".rels")


class Package:
    """The text parts of a zip package, each unpacked once and within the limits.

    Pictures and macros are seen by name and never unpacked.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Raises SheetRefused: encrypted, bomb or damaged."""
        self.names: tuple[str, ...]
        self.parts: dict[str, bytes] = {}
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = archive.infolist()
                self.names = tuple(member.filename for member in members)
                self._check_claims(members, limits)
                for member in members:
                    if member.filename.endswith(_READ_ENDINGS) or member.filename == "mimetype":
                        self._unpack(archive, member, limits)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            OSError,
            ValueError,
            RuntimeError,
        ):
            raise SheetRefused(Refused.DAMAGED) from None

    def repacked(self) -> bytes:
        """A plain package of exactly the parts that were checked."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for name, content in self.parts.items():
                archive.writestr(name, content)
        return out.getvalue()

    @staticmethod
    def _check_claims(members: list[zipfile.ZipInfo], limits: Limits) -> None:
        if any(member.flag_bits & 0x1 for member in members):
            raise SheetRefused(Refused.ENCRYPTED)
        if len(members) > limits.parts or len({m.filename for m in members}) < len(members):
            raise SheetRefused(Refused.BOMB)
        read = [member for member in members if member.filename.endswith(_READ_ENDINGS)]
        if sum(member.file_size for member in read) > limits.unpacked_bytes:
            raise SheetRefused(Refused.BOMB)
        for member in read:
            if member.file_size > _SMALL and member.file_size > limits.ratio * max(
                member.compress_size, 1
            ):
                raise SheetRefused(Refused.BOMB)

    def _unpack(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits) -> None:
        # The sizes in the directory are only claims: what counts is what comes out.
        room = limits.unpacked_bytes - sum(len(part) for part in self.parts.values())
        content = bytearray()
        for chunk in _chunks(archive, member):
            content += chunk
            if len(content) > room:
                raise SheetRefused(Refused.BOMB)
        self.parts[member.filename] = bytes(content)


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
