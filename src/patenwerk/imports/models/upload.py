"""A list somebody uploaded, with its file and its rows until they were taken."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData
from patenwerk.imports.enums import Purpose, Standing, UploadState
from patenwerk.imports.models.bundle import Bundle
from patenwerk.organisations.models import Account, SiteScoped

DAYS_KEPT = 14
"""So long a file waits to be taken, and its bad rows to be fetched."""

_TRAIL = Entry(_("showing who read which list"), Basis.LEGITIMATE_INTEREST, Erasure.EMPTY)
_LIST = Entry(_("taking a list over"), Basis.CONTRACT, Erasure.DELETE_ROW, DAYS_KEPT)


STATES = [
    (UploadState.READ.value, _("questions open")),
    (UploadState.COMPARED.value, _("ready")),
    (UploadState.TAKEN.value, _("taken over")),
    (UploadState.EXPIRED.value, _("not taken over, file erased")),
]


class Received(SiteScoped):
    """What somebody sent, and how far it is."""

    state = models.CharField(max_length=10, choices=STATES, default=UploadState.READ.value)
    file_name = models.CharField(max_length=200, blank=True)
    job_id = models.BigIntegerField(null=True, blank=True)
    uploaded_by = models.ForeignKey(
        Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name


_TAKEN_HAS_ITS_MOMENT = Q(state=UploadState.TAKEN.value, taken_at__isnull=False) | (
    ~Q(state=UploadState.TAKEN.value) & Q(taken_at__isnull=True)
)


class Book(Received):
    """A file of several lists, or of one long one: read, compared and taken over in jobs.

    Each list of it is an :class:`Upload`; the bytes are kept once, here. ``job_id`` is the last
    job about it. ``kind`` is what its only list holds where that was said; else each sheet tells
    by its name and headers. ``bundle`` is the carrier's archive it came in. ``left_out`` names
    sheets that hold no list anybody knows.
    ``problem`` is the sentence why the file could not be read.
    """

    personal_data = PersonalData(
        subject="uploaded_by",
        fields={"file_name": _TRAIL, "uploaded_by": _TRAIL, "uploaded_at": _TRAIL},
    )

    bundle = models.ForeignKey(
        Bundle, on_delete=models.SET_NULL, null=True, blank=True, related_name="books"
    )
    kind = models.CharField(max_length=20, blank=True)
    left_out = models.JSONField(default=list)
    problem = models.TextField(blank=True)

    class Meta(Received.Meta):
        constraints = [
            models.CheckConstraint(
                condition=_TAKEN_HAS_ITS_MOMENT,
                name="book_taken_has_its_moment",
            )
        ]
        indexes = [
            models.Index(fields=["site", "-uploaded_at"], name="book_of_site"),
            models.Index(fields=["state", "uploaded_at"], name="book_state_age"),
        ]


class Upload(Received):
    """A list that was read. What it holds goes when it was taken, or after 14 days.

    ``book`` is the file it is a sheet of; without one the file is its own.

    ``columns`` has per column its header and some samples. ``mapping`` says for each column by
    its place what it is about (empty: left out). ``notices`` are codes and values of
    ``core.sheets``; ``asked_dates`` some dates that can be read in two ways. ``job_id`` is the
    job that takes the rows. The four counts are of the preview, the ``taken_…`` of what was done.
    """

    personal_data = PersonalData(
        subject="uploaded_by",
        fields={
            "file_name": _TRAIL,
            "uploaded_by": _TRAIL,
            "uploaded_at": _TRAIL,
            "columns": _LIST,
            "notices": _LIST,
            "asked_dates": _LIST,
        },
    )

    book = models.ForeignKey(
        Book, on_delete=models.CASCADE, null=True, blank=True, related_name="lists"
    )
    kind = models.CharField(max_length=20)
    sheet = models.CharField(max_length=200, blank=True)
    sheets = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    notices = models.JSONField(default=list)
    asked_dates = models.JSONField(default=list)
    date_order = models.CharField(max_length=12, blank=True)
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    rows_bad = models.PositiveIntegerField(default=0)
    taken_new = models.PositiveIntegerField(default=0)
    taken_changed = models.PositiveIntegerField(default=0)

    class Meta(Received.Meta):
        constraints = [
            models.CheckConstraint(
                condition=_TAKEN_HAS_ITS_MOMENT,
                name="upload_taken_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "-uploaded_at"], name="upload_of_site"),
            models.Index(fields=["state", "uploaded_at"], name="upload_state_age"),
        ]

    @property
    def counts(self) -> dict[Standing, int]:
        """Rows of the preview by what is to be done with them."""
        return {
            Standing.NEW: self.rows_new,
            Standing.CHANGED: self.rows_changed,
            Standing.UNCHANGED: self.rows_unchanged,
            Standing.BAD: self.rows_bad,
        }


class StoredFile(SiteScoped):
    """The bytes of one file. In the database, so that a file and its row go together."""

    personal_data = PersonalData(
        subject=("upload__uploaded_by", "book__uploaded_by"), fields={"data": _LIST}
    )

    upload = models.ForeignKey(
        Upload, on_delete=models.CASCADE, null=True, blank=True, related_name="files"
    )
    book = models.ForeignKey(
        Book, on_delete=models.CASCADE, null=True, blank=True, related_name="files"
    )
    purpose = models.CharField(
        max_length=10, choices=[(purpose.value, purpose.value) for purpose in Purpose]
    )
    data = models.BinaryField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "purpose"], name="stored_file_once"),
            models.UniqueConstraint(fields=["book", "purpose"], name="stored_book_once"),
            models.CheckConstraint(
                condition=Q(upload__isnull=True, book__isnull=False)
                | Q(upload__isnull=False, book__isnull=True),
                name="stored_file_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.purpose


class UploadRow(SiteScoped):
    """One row of the preview, in words: as understood, what differs, what is wrong.

    ``number`` is the one the spreadsheet program shows. ``cells`` of a new row is column → value
    as understood, ``differences`` a list of (column, before, after), ``problems`` of (column,
    sentence). ``fingerprint`` changes with what would be written. ``hint`` is what somebody should
    look at before taking the row. ``chosen``: the row is taken.
    """

    personal_data = PersonalData(
        subject="upload__uploaded_by",
        fields={
            "label": _LIST,
            "cells": _LIST,
            "differences": _LIST,
            "problems": _LIST,
            "fingerprint": _LIST,
            "hint": _LIST,
        },
    )

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    standing = models.CharField(
        max_length=10, choices=[(standing.value, standing.value) for standing in Standing]
    )
    label = models.CharField(max_length=170, blank=True)
    cells = models.JSONField(default=dict)
    differences = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64, blank=True)
    hint = models.TextField(blank=True)
    chosen = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="upload_row_once"),
            models.CheckConstraint(
                condition=Q(chosen=False)
                | Q(standing__in=[Standing.NEW.value, Standing.CHANGED.value]),
                name="upload_row_chosen_can_be_taken",
            ),
        ]
        indexes = [
            models.Index(fields=["upload", "standing", "number"], name="upload_row_standing")
        ]

    def __str__(self) -> str:
        return str(self.number)
