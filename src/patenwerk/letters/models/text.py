"""What a carrier lets its letters say, version by version."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData
from patenwerk.letters.enums import LetterKind
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Account, CarrierScoped

_TRAIL = Entry(_("showing who changed which text"), Basis.LEGITIMATE_INTEREST, Erasure.EMPTY, 365)

KINDS = [
    (LetterKind.AGREEMENT.value, _("Agreement")),
    (LetterKind.CERTIFICATE.value, _("Certificate of engagement")),
    (LetterKind.INVITATION.value, _("Invitation")),
    (LetterKind.MESSAGE.value, _("Letter in your own words")),
    (LetterKind.RECORD_CHECK.value, _("Record-check request")),
]
LANGUAGES = [(Language.GERMAN.value, _("German")), (Language.ENGLISH.value, _("English"))]


class LetterText(CarrierScoped):
    """One version of a text. The highest number of a kind and language is in force.

    A version without words is the way back: from then on the house's own text is in force.
    """

    personal_data = PersonalData(
        subject="written_by",
        fields={"written_by": _TRAIL, "written_at": _TRAIL},
        beside={
            "kind": "what the letter is for",
            "language": "the language of the text",
            "title": "an organisation's own wording",
            "body": "an organisation's own wording",
        },
    )

    kind = models.CharField(max_length=20, choices=KINDS)
    language = models.CharField(max_length=5, choices=LANGUAGES)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=150, blank=True)
    body = models.TextField(_("text"), blank=True)
    written_by = models.ForeignKey(
        Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-version", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "kind", "language", "version"], name="letter_text_version_once"
            ),
            models.CheckConstraint(
                condition=(Q(title="") & Q(body="")) | (~Q(title="") & ~Q(body="")),
                name="letter_text_whole_or_none",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_default(self) -> bool:
        """Whether this version goes back to the house's own text."""
        return not self.body
