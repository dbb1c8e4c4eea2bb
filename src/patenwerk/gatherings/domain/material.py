"""Documents to a gathering: added, described anew and removed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.gatherings.enums import Access, Licence
from patenwerk.gatherings.kernel.documents import DocumentRefused, Format, Problem, format_of
from patenwerk.gatherings.models import AgendaItem, Gathering, Material

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_SENTENCES: Mapping[Problem, StrOrPromise] = {
    Problem.TOO_LARGE: _("The file is larger than 25 MB. Please make it smaller, or give a link."),
    Problem.EMPTY: _("This file is empty."),
    Problem.UNKNOWN: _(
        "Please choose a PDF, a picture (PNG, JPEG), an office file (ODT, ODP, ODS, DOCX, PPTX, "
        "XLSX) or plain text (TXT, CSV in UTF-8)."
    ),
    Problem.ACTIVE: _(
        "The file carries macros, scripts or other files. Please save it without them and try "
        "again."
    ),
    Problem.PROTECTED: _(
        "The file is protected by a password. Please save it without the password and try again."
    ),
    Problem.DAMAGED: _("The file is damaged. Please open it, save it again and retry."),
}


class CannotSaveMaterial(Refusal):
    """The document was not saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialValues:
    """What is said about a document; ``item`` is what it belongs to on the agenda."""

    title: str
    licence: Licence
    access: Access
    item: AgendaItem | None = None


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it came: the name it had and its bytes."""

    name: str
    content: bytes


@transaction.atomic
def add_material(
    *,
    gathering: Gathering,
    values: MaterialValues,
    file: SentFile | None = None,
    link: str = "",
    by: Actor,
    at: datetime,
) -> Material:
    """Add a file or a link to a gathering.

    Files are stored under a name of chance; ending and media type follow from the content. Raises
    :class:`CannotSaveMaterial` for both or neither, a link that is no web address, a foreign
    agenda item, or a file that :func:`format_of` does not take.
    """
    form = _checked(file, link)
    material = Material(**gathering.organiser_columns, gathering=gathering, link=link, added_at=at)
    _describe(material, values)
    if file is not None and form is not None:
        material.media_type, material.size = form.media_type, len(file.content)
        name = f"{secrets.token_hex(16)}.{form.ending}"
        material.file.save(name, ContentFile(file.content), save=False)
    try:
        material.save()
        details = {"access": values.access.value}
        record(by=by, at=at, action="gatherings.add_material", things=[material], details=details)
    except Exception:
        _forget_file(material)
        raise
    return material


@transaction.atomic
def change_material(*, material: Material, values: MaterialValues, by: Actor, at: datetime) -> None:
    """Say anew what a document is and who may open it. Raises :class:`CannotSaveMaterial`."""
    _describe(material, values)
    material.save(update_fields=["title", "licence", "access", "item"])
    details = {"access": values.access.value}
    record(by=by, at=at, action="gatherings.change_material", things=[material], details=details)


@transaction.atomic
def remove_material(*, material: Material, by: Actor, at: datetime) -> None:
    """Take a document away; its file is deleted once this is certain."""
    record(by=by, at=at, action="gatherings.remove_material", things=[material])
    transaction.on_commit(partial(_forget_file, material))
    Material.objects.filter(pk=material.pk).delete()


def _checked(file: SentFile | None, link: str) -> Format | None:
    if (file is None) == (link == ""):
        sentence = _("Please choose a file or give a link: one of the two.")
        raise CannotSaveMaterial(Reason("file_or_link", sentence, "file"))
    if link and not link.startswith(("https://", "http://")):
        sentence = _("Please give an address that begins with https://.")
        raise CannotSaveMaterial(Reason("link", sentence, "link"))
    if file is None:
        return None
    try:
        return format_of(file.content, name=file.name)
    except DocumentRefused as refused:
        reason = Reason(refused.problem.value, _SENTENCES[refused.problem], "file")
        raise CannotSaveMaterial(reason) from None


def _describe(material: Material, values: MaterialValues) -> None:
    if values.item is not None and values.item.gathering_id != material.gathering_id:
        sentence = _("Please choose an item of this agenda.")
        raise CannotSaveMaterial(Reason("item", sentence, "item"))
    material.title, material.item = values.title, values.item
    material.licence, material.access = values.licence.value, values.access.value


def _forget_file(material: Material) -> None:
    if material.file:
        material.file.storage.delete(material.file.name)
