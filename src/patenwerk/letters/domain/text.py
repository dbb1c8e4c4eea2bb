"""Saying what letters say."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.letters.enums import LetterKind
from patenwerk.letters.kernel.defaults import Wording
from patenwerk.letters.kernel.placeholders import OF_KIND, Fault, Wrong, faults, written
from patenwerk.letters.models import LetterText
from patenwerk.letters.queries.text import text_in_force
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Carrier

LONGEST_BODY = 8_000
"""Signs of a text: three pages."""


class CannotWrite(Refusal):
    """The text stays as it is."""


def write_text(
    *,
    carrier: Carrier,
    kind: LetterKind,
    language: Language,
    wording: Wording,
    seen_version: int,
    by: Actor,
    at: datetime,
) -> LetterText:
    """Let a carrier's letters say something else from now on; earlier versions stay readable.

    ``seen_version`` is the one the writer had in view. Raises :class:`CannotWrite` for words that
    cannot be filled in, and where somebody else has changed the text since.
    """
    check_wording(kind=kind, language=language, wording=wording)
    return _new_version(carrier, kind, language, wording, seen_version, by, at)


def return_to_default(
    *,
    carrier: Carrier,
    kind: LetterKind,
    language: Language,
    seen_version: int,
    by: Actor,
    at: datetime,
) -> LetterText:
    """Let a carrier's letters say what the house says; its own versions stay readable.

    Raises :class:`CannotWrite` where they do already, or somebody else has changed the text since.
    """
    if text_in_force(carrier.pk, kind, language).is_default:
        raise CannotWrite(Reason("default", _("The usual text is in use already.")))
    return _new_version(carrier, kind, language, Wording("", ""), seen_version, by, at)


def check_wording(*, kind: LetterKind, language: Language, wording: Wording) -> None:
    """Refuse words that cannot be filled in: :class:`CannotWrite` with a reason for each."""
    refusals = []
    for field, words in (("title", wording.title), ("body", wording.body)):
        if not words.strip():
            refusals.append(Reason("empty", _("Something has to stand here."), field))
        refusals += [
            Reason(fault.wrong.value, _sentence(fault, kind, language), field)
            for fault in faults(words, kind)
        ]
    if len(wording.body) > LONGEST_BODY:
        most = _("The text may have %(most)d signs at most.") % {"most": LONGEST_BODY}
        refusals.append(Reason("long", most, "body"))
    if refusals:
        raise CannotWrite(refusals)


def _sentence(fault: Fault, kind: LetterKind, language: Language) -> str:
    """What is wrong with a placeholder, in one sentence that says what helps."""
    if fault.wrong is Wrong.BRACKET:
        return _("A curly bracket stands alone near »%(words)s«.") % {"words": fault.words}
    if fault.wrong is Wrong.ELSEWHERE:
        return _("%(words)s cannot be filled in in this letter.") % {"words": fault.words}
    if fault.meant is not None:
        meant = {"words": fault.words, "meant": written(fault.meant, language)}
        return _("%(words)s is not known. Did you mean %(meant)s?") % meant
    known = ", ".join(written(each, language) for each in OF_KIND[kind])
    return _("%(words)s is not known. Possible are: %(known)s.") % {
        "words": fault.words,
        "known": known,
    }


@transaction.atomic
def _new_version(
    carrier: Carrier,
    kind: LetterKind,
    language: Language,
    wording: Wording,
    seen_version: int,
    by: Actor,
    at: datetime,
) -> LetterText:
    # The carrier's row is the lock: two writers come one after the other, and the second is told.
    Carrier.objects.select_for_update(no_key=True).get(pk=carrier.pk)
    version = text_in_force(carrier.pk, kind, language).version
    if version != seen_version:
        raise CannotWrite(
            Reason(
                "changed",
                _(
                    "Somebody has changed this text in the meantime. Please open it once more and "
                    "put your words in there."
                ),
            )
        )
    text = LetterText.objects.create(
        programme_id=carrier.programme_id,
        carrier=carrier,
        kind=kind,
        language=language,
        version=version + 1,
        title=" ".join(wording.title.split()),
        body=wording.body.strip(),
        written_by_id=by.user_id,
        written_at=at,
    )
    details = {"kind": kind.value, "language": language.value, "version": text.version}
    record(by=by, at=at, action="letters.write_text", things=[text], details=details)
    return text
