"""Role grants with dates, and invitations to take one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData
from patenwerk.organisations.enums import Role
from patenwerk.organisations.models.account import Account
from patenwerk.organisations.models.scope import AnywhereScoped

#: A role lives at one level: the columns below it stay empty.
ROLE_FITS_LEVEL = (
    Q(role=Role.PROGRAMME_OFFICE, carrier__isnull=True, site__isnull=True)
    | Q(role=Role.NETWORK_OFFICE, carrier__isnull=True, site__isnull=True)
    | Q(role=Role.CARRIER_MANAGER, carrier__isnull=False, site__isnull=True)
    | Q(role=Role.COORDINATOR, carrier__isnull=False, site__isnull=False)
)


class RoleAt(AnywhereScoped):
    """A role at an organisation: the shape shared by grants and invitations."""

    role = models.CharField(
        _("role"),
        max_length=24,
        choices=[
            (Role.PROGRAMME_OFFICE.value, _("programme office")),
            (Role.NETWORK_OFFICE.value, _("network office")),
            (Role.CARRIER_MANAGER.value, _("carrier management")),
            (Role.COORDINATOR.value, _("coordination")),
        ],
    )

    class Meta:
        abstract = True


class RoleGrant(RoleAt):
    """An account holds a role at an organisation from one day to another."""

    personal_data = PersonalData(
        subject="account",
        fields={
            "role": Entry(_("who may what, and when"), Basis.CONTRACT, Erasure.KEEP, 3650),
            "valid_from": Entry(_("who may what, and when"), Basis.CONTRACT, Erasure.KEEP, 3650),
            "valid_to": Entry(_("who may what, and when"), Basis.CONTRACT, Erasure.KEEP, 3650),
        },
    )

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["account__last_name", "account__first_name", "pk"]
        constraints = [
            models.CheckConstraint(condition=ROLE_FITS_LEVEL, name="grant_role_fits_level"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="grant_ends_after_start",
            ),
            models.UniqueConstraint(
                F("account_id"),
                F("role"),
                F("programme_id"),
                Coalesce(F("carrier_id"), 0),
                Coalesce(F("site_id"), 0),
                condition=Q(valid_to__isnull=True),
                name="grant_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} · {self.get_role_display()} · {self.organisation_name}"


class Invitation(RoleAt):
    """A mailed offer of a role. Only the token's hash is kept."""

    personal_data = PersonalData(
        subject="email",
        fields={
            "email": Entry(_("inviting a colleague"), Basis.CONTRACT, Erasure.DELETE_ROW, 30),
            "first_name": Entry(_("inviting a colleague"), Basis.CONTRACT, Erasure.DELETE_ROW, 30),
            "last_name": Entry(_("inviting a colleague"), Basis.CONTRACT, Erasure.DELETE_ROW, 30),
            "created_at": Entry(_("inviting a colleague"), Basis.CONTRACT, Erasure.DELETE_ROW, 30),
            "expires_at": Entry(_("inviting a colleague"), Basis.CONTRACT, Erasure.DELETE_ROW, 30),
            "accepted_at": Entry(_("inviting a colleague"), Basis.CONTRACT, Erasure.DELETE_ROW, 30),
            "role": Entry(_("inviting a colleague"), Basis.CONTRACT, Erasure.DELETE_ROW, 30),
        },
        beside={
            "token_hash": "of no use to anybody but the one with the link",
            "withdrawn_at": "steering of the invitation",
        },
    )

    email = models.EmailField(_("e-mail address"))
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=ROLE_FITS_LEVEL, name="invitation_role_fits_level"),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.organisation_name}"
