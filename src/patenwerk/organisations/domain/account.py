"""What somebody sets for themselves, and the accounts that commands make."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.organisations.domain.invitation import Invited, create_account, give_role
from patenwerk.organisations.domain.programme import ProgrammeValues, create_programme
from patenwerk.organisations.models import Account


def change_account(
    *,
    account: Account,
    first_name: str,
    last_name: str,
    language: str,
    theme: str,
    by: Actor,
    at: datetime,
) -> None:
    """Change one's own name, language and appearance."""
    account.first_name, account.last_name = first_name, last_name
    account.language, account.theme = language, theme
    account.save(update_fields=["first_name", "last_name", "language", "theme"])
    record(by=by, at=at, action="organisations.change_account", things=[account])


def choose_theme(*, account: Account, theme: str) -> None:
    """Keep light or dark for this account. A look of the screen is no act to be recorded."""
    account.theme = theme
    account.save(update_fields=["theme"])


class CannotSetUp(Refusal):
    """The account or its password was not saved."""


def set_up_office(
    *, invited: Invited, password: str, slug: str, values: ProgrammeValues, at: datetime
) -> Account:
    """Create a programme with the first account of its office: an installation's first act.

    Only commands do; everybody else is invited. Raises :class:`CannotSetUp` for an address that
    has an account or a weak password, ``CannotSaveProgramme`` for a short name that is taken.
    """
    with transaction.atomic():
        if Account.objects.filter(email__iexact=invited.email).exists():
            raise CannotSetUp(
                Reason("email_taken", _("There is an account of this address already."), "email")
            )
        _demand_good_password(password, Account(email=invited.email))
        account = create_account(invited=invited, password=password, at=at)
        by = Actor(user_id=account.pk)
        programme = create_programme(slug=slug, values=values, by=by, at=at)
        give_role(account=account, organisation=programme, by=by, at=at)
    return account


def set_password(*, account: Account, password: str, by: Actor, at: datetime) -> None:
    """Give an account a new password, where its owner cannot. Raises :class:`CannotSetUp`."""
    with transaction.atomic():
        _demand_good_password(password, account)
        account.set_password(password)
        account.save(update_fields=["password"])
        record(by=by, at=at, action="organisations.set_password", things=[account])


def _demand_good_password(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise CannotSetUp(
            [Reason("password", sentence, "password") for sentence in error.messages]
        ) from error
