"""A mentor or a mentee of a site."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData
from patenwerk.organisations.models import SiteScoped, SupportField
from patenwerk.people.enums import Gender, Side
from patenwerk.people.kernel.defaults import DAYS_TO_UNDO

_NAME = Entry(_("addressing and telling apart"), Basis.CONTRACT, Erasure.REPLACE, 365)
_REACH = Entry(_("getting in touch"), Basis.CONTRACT, Erasure.EMPTY, 365)
_FIT = Entry(_("finding a fitting partner"), Basis.CONTRACT, Erasure.EMPTY, 365)


class Person(SiteScoped):
    """A mentor or mentee of one site. Nobody needs an e-mail address.

    ``file_id`` is the id in the site's own spreadsheet, by which an import finds the person
    again. ``search_text`` holds folded words for the search and is written by the domain.
    ``languages`` maps ISO codes to levels 1 (A1) to 7 (first language). ``free_times`` is the
    week grid of people.kernel.profile. ``capacity`` is how many partners at most at a time.
    ``merged_into`` is set where the entry turned out to be somebody who has another one: it is
    archived then, everything that hung on it hangs on the other, and nobody counts it.
    """

    personal_data = PersonalData(
        subject=("self", "merged_into"),
        fields={
            "file_id": _FIT,
            "first_name": _NAME,
            "last_name": _NAME,
            "search_text": _NAME,
            "birth_date": _FIT,
            "gender": _FIT,
            "email": _REACH,
            "phone": _REACH,
            "postcode": _FIT,
            "furthest_km": _FIT,
            "languages": _FIT,
            "minimum_level": _FIT,
            "free_times": _FIT,
            "fields": _FIT,
            "interests": _FIT,
            "dislikes": _FIT,
            "wished_genders": _FIT,
            "wished_age_from": _FIT,
            "wished_age_to": _FIT,
            "expected_months": _FIT,
            "waiting_since": _FIT,
            "note": Entry(_("accompanying the tandem"), Basis.CONTRACT, Erasure.EMPTY, 365),
            "side": _FIT,
            "archived_at": Entry(_("accompanying the tandem"), Basis.CONTRACT, Erasure.KEEP, 365),
            "merged_into": Entry(
                _("keeping each person once (Art. 5 (1) d GDPR)"),
                Basis.LEGITIMATE_INTEREST,
                Erasure.KEEP,
                DAYS_TO_UNDO,
            ),
            "created_at": Entry(_("accompanying the tandem"), Basis.CONTRACT, Erasure.KEEP, 365),
        },
    )

    side = models.CharField(
        _("role in the tandem"),
        max_length=8,
        choices=[(Side.MENTEE.value, _("is accompanied")), (Side.MENTOR.value, _("accompanies"))],
    )
    file_id = models.CharField(_("number in your list"), max_length=60, blank=True)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    search_text = models.TextField(editable=False, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    gender = models.CharField(
        _("gender"),
        max_length=8,
        choices=[
            (Gender.FEMALE.value, _("female")),
            (Gender.MALE.value, _("male")),
            (Gender.DIVERSE.value, _("diverse")),
            (Gender.UNSAID.value, _("not said")),
        ],
        default=Gender.UNSAID.value,
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    postcode = models.CharField(_("postcode"), max_length=5)
    furthest_km = models.PositiveSmallIntegerField(_("furthest distance in km"), default=15)
    languages = models.JSONField(_("languages"), default=dict)
    minimum_level = models.PositiveSmallIntegerField(
        _("level the common language needs"), null=True, blank=True
    )
    free_times = models.PositiveIntegerField(_("free times"), default=0)
    fields = models.ManyToManyField(SupportField, blank=True, related_name="+")
    interests = models.JSONField(_("interests"), default=list, blank=True)
    dislikes = models.JSONField(_("dislikes"), default=list, blank=True)
    wished_genders = models.JSONField(_("wished genders"), default=list, blank=True)
    wished_age_from = models.PositiveSmallIntegerField(_("wished age from"), null=True, blank=True)
    wished_age_to = models.PositiveSmallIntegerField(_("wished age to"), null=True, blank=True)
    expected_months = models.PositiveSmallIntegerField(
        _("expected length in months"), null=True, blank=True
    )
    capacity = models.PositiveSmallIntegerField(_("partners at a time"), default=1)
    waiting_since = models.DateField(_("waiting since"))
    note = models.TextField(_("note"), blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_from",
    )
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["last_name", "first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "side", "file_id"],
                condition=~Q(file_id="") & Q(merged_into__isnull=True),
                name="person_file_id_once",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True)
                | Q(archived_at__isnull=False) & ~Q(merged_into=F("id")),
                name="person_merged_is_archived",
            ),
            models.CheckConstraint(
                condition=Q(postcode__regex=r"^[0-9]{5}$"), name="person_postcode_five_digits"
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=1, capacity__lte=9), name="person_capacity_1_to_9"
            ),
            models.CheckConstraint(
                condition=Q(furthest_km__gte=1, furthest_km__lte=300),
                name="person_furthest_1_to_300_km",
            ),
            models.CheckConstraint(
                condition=Q(wished_age_from__isnull=True)
                | Q(wished_age_to__isnull=True)
                | Q(wished_age_to__gte=F("wished_age_from")),
                name="person_age_wish_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "side", "archived_at"], name="person_site_side"),
            models.Index(fields=["carrier", "side"], name="person_carrier_side"),
            models.Index(fields=["site", "waiting_since"], name="person_site_waiting"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        """One or two letters for the half-disc."""
        return (self.first_name[:1] + self.last_name[:1]).upper()
