"""A programme's names, and the words of its vocabularies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.organisations.enums import GenderForm, MentorTitle
from patenwerk.organisations.models import Focus, Phase, Programme, SupportField, TandemKind

VocabularyModel = type[SupportField] | type[Focus] | type[TandemKind] | type[Phase]

#: The vocabularies by the word used for them in addresses.
VOCABULARIES: Mapping[str, VocabularyModel] = {
    "support_field": SupportField,
    "focus": Focus,
    "tandem_kind": TandemKind,
    "phase": Phase,
}

LOGO_MAX_BYTES = 500_000
_PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}


class CannotSaveProgramme(Refusal):
    """The programme or one of its words was not saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeValues:
    """What a programme says of itself."""

    name: str
    started_on: date
    funder: str = ""
    motto: str = ""
    lead: str = ""
    gender_form: str = GenderForm.STAR
    mentor_title: str = MentorTitle.PATE


def create_programme(
    *, slug: str, values: ProgrammeValues, by: Actor, at: datetime, is_demo: bool = False
) -> Programme:
    """Create a programme. Only commands do: an installation's first act."""
    if Programme.objects.filter(slug=slug).exists():
        raise CannotSaveProgramme(
            Reason("slug_taken", _("There is a programme of this short name already."), "slug")
        )
    programme = Programme.objects.create(
        slug=slug, created_at=at, is_demo=is_demo, **asdict(values)
    )
    record(by=by, at=at, action="organisations.create_programme", things=[programme])
    return programme


def change_programme(
    *,
    programme: Programme,
    values: ProgrammeValues,
    logo: UploadedFile | None,
    by: Actor,
    at: datetime,
) -> None:
    """Change names, gender form and, when one is given, the logo (PNG or JPEG, 500 kB at most)."""
    changed = asdict(values)
    if logo is not None:
        ending = _picture_ending(logo)
        programme.logo.save(f"{programme.slug}.{ending}", logo, save=False)
        changed["logo"] = programme.logo
    for name, value in changed.items():
        setattr(programme, name, value)
    programme.save(update_fields=sorted(changed))
    record(by=by, at=at, action="organisations.change_programme", things=[programme])


def _picture_ending(logo: UploadedFile) -> str:
    start = logo.read(8)
    logo.seek(0)
    ending = next((end for sign, end in _PICTURES.items() if start.startswith(sign)), None)
    if ending is None or (logo.size or 0) > LOGO_MAX_BYTES:
        sentence = _("Please choose a PNG or JPEG picture of at most 500 kB.")
        raise CannotSaveProgramme(Reason("logo", sentence, "logo"))
    return ending


def save_word(
    *,
    programme: Programme,
    vocabulary: str,
    values: Mapping[str, Any],
    word_id: int | None = None,
    by: Actor,
    at: datetime,
) -> SupportField | Focus | TandemKind | Phase:
    """Add a word to a vocabulary, or change the one with ``word_id``.

    A word's code never changes, because figures and files name it. Raises
    :class:`CannotSaveProgramme` when the code is taken or an end lies before its start.
    """
    model = VOCABULARIES[vocabulary]
    reasons = []
    if word_id is None:
        if model.objects.filter(programme=programme, code=values["code"]).exists():
            reasons.append(Reason("code_taken", _("This code is in use already."), "code"))
        word = model(programme=programme, code=values["code"])
    else:
        word = model.objects.get(programme=programme, pk=word_id)
    starts, ends = values.get("starts_on"), values.get("ends_on")
    if starts and ends and ends < starts:
        reasons.append(Reason("dates", _("The end lies before the start."), "ends_on"))
    if reasons:
        raise CannotSaveProgramme(reasons)
    for name, value in values.items():
        if name != "code":
            setattr(word, name, value)
    word.save()
    record(by=by, at=at, action="organisations.save_word", things=[word])
    return word
