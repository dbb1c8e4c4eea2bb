"""How letters would look: to people who do not exist, and the first of those that are meant."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation

from patenwerk.core.clock import day_of
from patenwerk.core.papers.writing import write_pdf_with_logo
from patenwerk.letters.domain.run import Wishes, sorted_letters, take_wishes
from patenwerk.letters.domain.text import check_wording
from patenwerk.letters.enums import LetterKind
from patenwerk.letters.kernel.defaults import Wording
from patenwerk.letters.models import LetterRun
from patenwerk.letters.queries.facts import example_facts, example_sender, facts_of
from patenwerk.letters.queries.paper import Shown, paper_data, shown
from patenwerk.letters.queries.text import text_of
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Carrier


def first_letter(*, run: LetterRun, wishes: Wishes, at: datetime) -> Shown:
    """The words of the first letter of a run as it would be made with these wishes; nothing is
    written. Needs the run's site with its carrier and programme.

    Raises ``CannotMake`` and ``CannotWrite`` as making it would.
    """
    take_wishes(run, wishes)
    text = text_of(run)
    fitting, _left_out = sorted_letters(run, text, day_of(at))
    with translation.override(run.language):
        return shown(text.wording, facts_of(run, fitting[:1], day_of(at))[0])


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
