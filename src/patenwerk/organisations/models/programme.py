"""A programme with its words, and the vocabularies it works with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import NoPersonalData
from patenwerk.core.policy import Level
from patenwerk.organisations.enums import GenderForm, MentorTitle
from patenwerk.organisations.kernel.groups import LARGEST_GROUP
from patenwerk.organisations.kernel.words import MentorWords, mentor_words
from patenwerk.organisations.models.scope import ProgrammeScoped

_VOCABULARY = NoPersonalData("a programme's own vocabulary")


class Programme(models.Model):
    """One funded programme. Several in one installation never see each other.

    Names, logo and gender form are settings, because ministries change them.
    """

    scope_columns: ClassVar[Mapping[Level, str]] = {Level.PROGRAMME: "id"}
    personal_data = NoPersonalData("an organisation's public face")

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name for addresses"), unique=True)
    funder = models.CharField(_("funder"), max_length=200, blank=True)
    motto = models.CharField(_("motto"), max_length=120, blank=True)
    lead = models.TextField(_("what the programme does, in two sentences"), blank=True)
    logo = models.FileField(_("logo"), upload_to="logos/", blank=True)
    gender_form = models.CharField(
        _("gender form"),
        max_length=12,
        choices=[
            (GenderForm.STAR.value, "Pat*in"),
            (GenderForm.COLON.value, "Pat:in"),
            (GenderForm.UNDERSCORE.value, "Pat_in"),
            (GenderForm.PAIR.value, "Patin oder Pate"),
        ],
        default=GenderForm.STAR.value,
    )
    mentor_title = models.CharField(
        _("word for those who accompany"),
        max_length=12,
        choices=[
            (MentorTitle.PATE.value, "Pate, Patin"),
            (MentorTitle.MENTOR.value, "Mentor, Mentorin"),
            (MentorTitle.LOTSE.value, "Lotse, Lotsin"),
        ],
        default=MentorTitle.PATE.value,
    )
    started_on = models.DateField(_("started on"))
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_ids(self) -> Mapping[Level, int]:
        return {Level.PROGRAMME: self.pk}

    @property
    def mentor_words(self) -> MentorWords:
        """The programme's words for those who accompany."""
        return mentor_words(MentorTitle(self.mentor_title), GenderForm(self.gender_form))


class Word(ProgrammeScoped):
    """One entry of a vocabulary: a stable code, the word in German and English, an order."""

    personal_data = _VOCABULARY

    code = models.SlugField(_("code"), max_length=40)
    name_de = models.CharField(_("German name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name_de

    def name_in(self, language: str) -> str:
        """The word in ``"de"`` or any other language's English."""
        return self.name_de if language.startswith("de") else self.name_en


class SupportField(Word):
    """A field of support (Lebensbereich): school, work, language, everyday life."""

    class Meta(Word.Meta):
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="support_field_code_once")
        ]


class Focus(Word):
    """A focus (Schwerpunkt) a tandem belongs to, in force between two dates."""

    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    class Meta(Word.Meta):
        verbose_name_plural = "focuses"
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="focus_code_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="focus_ends_after_start",
            ),
        ]


class TandemKind(Word):
    """A kind of tandem: Chancenpatenschaft, Impulspatenschaft, Gruppenpatenschaft.

    ``most_mentees``: how many may be accompanied together in one tandem of this kind.
    """

    most_mentees = models.PositiveSmallIntegerField(
        _("most who are accompanied in one tandem"),
        default=1,
        help_text=_("1 is for two people. Families and groups need more, a class up to 50."),
    )

    class Meta(Word.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(most_mentees__gte=1, most_mentees__lte=LARGEST_GROUP),
                name="tandem_kind_most_mentees_1_to_50",
            ),
            models.UniqueConstraint(fields=["programme", "code"], name="tandem_kind_code_once"),
        ]


class Phase(Word):
    """A phase of the programme's history, told on the start page."""

    text_de = models.TextField(_("German text"), blank=True)
    text_en = models.TextField(_("English text"), blank=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    class Meta(Word.Meta):
        ordering = ["starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="phase_code_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="phase_ends_after_start",
            ),
        ]
