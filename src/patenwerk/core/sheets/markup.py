"""Reading XML parts step by step, with nothing expanded or fetched."""

from __future__ import annotations

from typing import Protocol
from xml.parsers import expat

from patenwerk.core.sheets.model import Refused, SheetRefused


class Listener(Protocol):
    """Hears a part: element names come without their namespace prefix."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


def listen(content: bytes, listener: Listener) -> None:
    """Reads the part aloud to the listener. Raises SheetRefused: damaged, or a document type."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        listener.start(name.rpartition(":")[2], attributes)

    def end(name: str) -> None:
        listener.end(name.rpartition(":")[2])

    def refuse(*_declaration: object) -> None:
        raise SheetRefused(Refused.BOMB)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = listener.text
    # Spreadsheet programs write no document type; entities in one can unfold without end.
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise SheetRefused(Refused.DAMAGED) from None


def local(attributes: dict[str, str], name: str) -> str | None:
    """An attribute by its name without prefix."""
    for key, value in attributes.items():
        if key == name or key.endswith(f":{name}"):
            return value
    return None
