"""An account: somebody who can log in. What it may comes from its role grants alone."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData
from patenwerk.organisations.enums import Language, Theme

_WORK = _("working with the programme under one's own name")


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by their e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """Logs in by e-mail address with a password or a mailed code.

    It belongs to no organisation itself: role grants tie it to them, with dates.
    """

    scope_free = "belongs to the person; organisations reach it through role grants"
    personal_data = PersonalData(
        subject="self",
        fields={
            "email": Entry(_WORK, Basis.CONTRACT, Erasure.REPLACE, 365),
            "first_name": Entry(_WORK, Basis.CONTRACT, Erasure.REPLACE, 365),
            "last_name": Entry(_WORK, Basis.CONTRACT, Erasure.REPLACE, 365),
            "password": Entry(_("login"), Basis.CONTRACT, Erasure.EMPTY, 0, exported=False),
            "last_login": Entry(_("finding unused accounts"), Basis.CONTRACT, Erasure.EMPTY, 365),
            "language": Entry(_("showing pages as wished"), Basis.CONTRACT, Erasure.EMPTY),
            "theme": Entry(_("showing pages as wished"), Basis.CONTRACT, Erasure.EMPTY),
            "created_at": Entry(_("history of the account"), Basis.CONTRACT, Erasure.KEEP, 365),
        },
    )

    email = models.EmailField(_("e-mail address"), unique=True)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    language = models.CharField(
        _("language"),
        max_length=5,
        choices=[(Language.GERMAN.value, "Deutsch"), (Language.ENGLISH.value, "English")],
        default=Language.GERMAN.value,
    )
    theme = models.CharField(
        _("appearance"),
        max_length=8,
        choices=[
            (Theme.DEVICE.value, _("as the device")),
            (Theme.LIGHT.value, _("light")),
            (Theme.DARK.value, _("dark")),
        ],
        default=Theme.DEVICE.value,
        blank=True,
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name", "last_name"]

    class Meta:
        ordering = ["last_name", "first_name", "pk"]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_full_name(self) -> str:
        return self.full_name
