"""What letters say: a carrier's own words, or the house's."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from patenwerk.letters.enums import LetterKind
from patenwerk.letters.kernel.defaults import TEXTS, Wording
from patenwerk.letters.models import LetterRun, LetterText
from patenwerk.organisations.enums import Language


@dataclass(frozen=True, slots=True)
class TextInForce:
    """The words of a letter, the number of their version (0: never changed), whose they are."""

    wording: Wording
    version: int
    is_default: bool


def versions_of(carrier_id: int, kind: LetterKind, language: Language) -> QuerySet[LetterText]:
    """Every version a carrier has written, the latest first, with who wrote it."""
    return LetterText.objects.filter(
        carrier_id=carrier_id, kind=kind, language=language
    ).select_related("written_by")


def text_in_force(carrier_id: int, kind: LetterKind, language: Language) -> TextInForce:
    """What a letter of the carrier says today: one query."""
    latest = versions_of(carrier_id, kind, language).first()
    if latest is None or latest.is_default:
        version = 0 if latest is None else latest.version
        return TextInForce(TEXTS[kind, language], version, is_default=True)
    return TextInForce(Wording(latest.title, latest.body), latest.version, is_default=False)


def text_of(run: LetterRun, language: Language | None = None) -> TextInForce:
    """What the letters of a run say: the run's own words where it has some. One query at most."""
    if run.body:
        return TextInForce(Wording(run.title, run.body), 0, is_default=False)
    return text_in_force(run.carrier_id, LetterKind(run.kind), language or Language(run.language))


def own_texts(carrier_id: int) -> set[tuple[str, str]]:
    """Kind and language of the texts in which a carrier uses its own words: one query."""
    latest: dict[tuple[str, str], LetterText] = {}
    for text in LetterText.objects.filter(carrier_id=carrier_id):
        latest.setdefault((text.kind, text.language), text)
    return {key for key, text in latest.items() if not text.is_default}
