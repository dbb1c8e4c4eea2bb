"""Letters that were asked for together: one, or one for each of hundreds."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData
from patenwerk.letters.enums import FileKind, RunState
from patenwerk.letters.models.text import KINDS, LANGUAGES
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Account, SiteScoped
from patenwerk.people.models import Person
from patenwerk.tandems.models import Tandem

FILE_DAYS = 14
"""So long a file waits to be fetched, and a choice to be made into letters."""
RUN_DAYS = 365
"""So long it is known who was sent what."""

UNDER_WAY = (RunState.CHOSEN.value, RunState.MAILING.value, RunState.STOPPED.value)
"""States in which letters are not all made."""

_TRAIL = Entry(
    _("showing who made which letters"), Basis.LEGITIMATE_INTEREST, Erasure.EMPTY, RUN_DAYS
)
_WORDS = Entry(_("writing to many at once"), Basis.CONTRACT, Erasure.EMPTY, FILE_DAYS)
_SENT = Entry(_("knowing who was sent what"), Basis.CONTRACT, Erasure.DELETE_ROW, RUN_DAYS)
_FILE = Entry(
    _("printing and sending letters"), Basis.CONTRACT, Erasure.DELETE_ROW, FILE_DAYS, exported=False
)


class LetterRun(SiteScoped):
    """Letters of one kind of one site. Its file goes after 14 days, the row after a year.

    ``appointment`` is what an invitation says of when and where. ``title`` and ``body`` are the
    run's own words: those of a letter in one's own words, and what all of its e-mails say, even
    where the carrier changes its text while they leave. ``job_id`` is the job that makes many
    letters or mails the next ones; a few are made at once. ``made_count`` and ``left_out_count``
    say how it ended.
    """

    personal_data = PersonalData(
        subject="asked_by",
        fields={
            "asked_by": _TRAIL,
            "asked_at": _TRAIL,
            "made_at": _TRAIL,
            "title": _WORDS,
            "body": _WORDS,
        },
        beside={
            "kind": "what the letters are for",
            "state": "steering of the work itself",
            "language": "the language of the text",
            "file_kind": "one file or many",
            "appointment": "when and where many are invited to",
        },
    )

    kind = models.CharField(_("letter"), max_length=20, choices=KINDS)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=[
            (RunState.CHOSEN.value, _("not made yet")),
            (RunState.MAILING.value, _("e-mails leave")),
            (RunState.STOPPED.value, _("stopped")),
            (RunState.MADE.value, _("ready")),
            (RunState.EXPIRED.value, _("file erased")),
        ],
        default=RunState.CHOSEN.value,
    )
    language = models.CharField(
        _("language"), max_length=5, choices=LANGUAGES, default=Language.GERMAN.value
    )
    file_kind = models.CharField(
        _("how"),
        max_length=4,
        choices=[
            (FileKind.ONE.value, _("one PDF with all letters, for the printer")),
            (FileKind.EACH.value, _("a ZIP with a PDF for each")),
            (FileKind.MAIL.value, _("an e-mail to each")),
        ],
        default=FileKind.ONE.value,
    )
    appointment = models.CharField(_("when and where"), max_length=200, blank=True)
    title = models.CharField(_("title"), max_length=150, blank=True)
    body = models.TextField(_("text"), blank=True)
    job_id = models.BigIntegerField(null=True, blank=True)
    asked_by = models.ForeignKey(
        Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    made_count = models.PositiveIntegerField(default=0)
    left_out_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=UNDER_WAY, made_at__isnull=True)
                | (~Q(state__in=UNDER_WAY) & Q(made_at__isnull=False)),
                name="letter_run_made_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "-asked_at"], name="letter_run_of_site"),
            models.Index(fields=["state", "asked_at"], name="letter_run_state_age"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Letter(SiteScoped):
    """One letter of a run: about a person, about a tandem, or to one mentor of a tandem.

    ``left_out`` is the code of the reason why it was not made; empty where it was, or where that
    is not decided yet. ``mailed_at`` is when its e-mail went into the outbox.
    """

    personal_data = PersonalData(
        subject=("person", "tandem__participants__person"),
        fields={"left_out": _SENT, "run": _SENT, "mailed_at": _SENT},
    )

    run = models.ForeignKey(LetterRun, on_delete=models.CASCADE, related_name="letters")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    tandem = models.ForeignKey(
        Tandem, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    left_out = models.CharField(max_length=20, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(tandem__isnull=False),
                name="letter_about_somebody",
            ),
            models.UniqueConstraint(
                F("run_id"),
                Coalesce(F("person_id"), 0),
                Coalesce(F("tandem_id"), 0),
                name="letter_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.pk}"


class LetterFile(SiteScoped):
    """The bytes that were made. In the database, so that a file and its row go together."""

    personal_data = PersonalData(subject="run__letters__person", fields={"data": _FILE})

    run = models.OneToOneField(LetterRun, on_delete=models.CASCADE, related_name="file")
    data = models.BinaryField()

    def __str__(self) -> str:
        return str(self.run_id)
