"""A letter to people who do not exist: how a text would look."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation

from patenwerk.core.clock import day_of
from patenwerk.core.papers.writing import write_pdf_with_logo
from patenwerk.letters.domain.text import check_wording
from patenwerk.letters.enums import LetterKind
from patenwerk.letters.kernel.defaults import Wording
from patenwerk.letters.queries.facts import example_facts, example_sender
from patenwerk.letters.queries.paper import paper_data
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Carrier


def preview_paper(
    *, carrier: Carrier, kind: LetterKind, language: Language, wording: Wording, at: datetime
) -> bytes:
    """A letter with these words as PDF; nothing is written. Needs the carrier's programme.

    Raises ``CannotWrite`` for words that cannot be filled in.
    """
    check_wording(kind=kind, language=language, wording=wording)
    with translation.override(language):
        data = paper_data(
            kind=kind,
            wording=wording,
            sender=example_sender(carrier),
            letters=[example_facts(carrier, kind, day_of(at))],
            on=day_of(at),
            language=language.value,
        )
    return write_pdf_with_logo("letters/letter", data, at=at)
