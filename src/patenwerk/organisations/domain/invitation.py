"""Inviting colleagues by mail, and what becomes of an invitation."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.mail.domain.send import queue_mail
from patenwerk.organisations.enums import Role
from patenwerk.organisations.models import Account, Carrier, Invitation, Programme, RoleGrant, Site

VALID_FOR = timedelta(days=14)


class CannotInvite(Refusal):
    """The invitation was not sent."""


class RoleDoesNotFit(Refusal):
    """The role does not exist at an organisation of this kind."""


class CannotAccept(Refusal):
    """The invitation cannot be accepted (any more)."""


class CannotEndGrant(Refusal):
    """The role was not taken away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """Who is invited."""

    email: str
    first_name: str
    last_name: str
    language: str = "de"


def role_columns(organisation: Programme | Carrier | Site) -> dict[str, int | None]:
    """The scope columns of a role at an organisation."""
    if isinstance(organisation, Site):
        return {
            "programme_id": organisation.programme_id,
            "carrier_id": organisation.carrier_id,
            "site_id": organisation.pk,
        }
    if isinstance(organisation, Carrier):
        return {
            "programme_id": organisation.programme_id,
            "carrier_id": organisation.pk,
            "site_id": None,
        }
    return {"programme_id": organisation.pk, "carrier_id": None, "site_id": None}


#: The roles at an organisation of this kind; the first one is meant where none is named.
ROLES_AT: dict[type[Programme | Carrier | Site], tuple[Role, ...]] = {
    Programme: (Role.PROGRAMME_OFFICE, Role.NETWORK_OFFICE),
    Carrier: (Role.CARRIER_MANAGER,),
    Site: (Role.COORDINATOR,),
}


def role_at(organisation: Programme | Carrier | Site, role: Role | None = None) -> Role:
    """The role meant at an organisation: the named one, else the first of its kind.

    Raises :class:`RoleDoesNotFit` for a role of another level.
    """
    roles = ROLES_AT[type(organisation)]
    if role is None:
        return roles[0]
    if role not in roles:
        raise RoleDoesNotFit(Reason("role", _("This role does not exist here."), "role"))
    return role


def token_hash(token: str) -> str:
    """What is kept of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def invite(
    *,
    organisation: Programme | Carrier | Site,
    invited: Invited,
    link: str,
    by: Actor,
    inviter: Account,
    at: datetime,
    role: Role | None = None,
) -> Invitation:
    """Offer a role at the organisation, and mail the link.

    ``role`` needs to be named only where an organisation has several, see :func:`role_at`.
    ``link`` is the address with ``{token}`` in it. An open invitation to the same address is
    withdrawn: only the latest link works. Raises :class:`CannotInvite` when the role is held
    already, :class:`RoleDoesNotFit` for a role of another level.
    """
    role = role_at(organisation, role)
    columns = role_columns(organisation)
    held = RoleGrant.objects.filter(
        account__email__iexact=invited.email, role=role, valid_to__isnull=True, **columns
    )
    if held.exists():
        sentence = _("This person works here already. Nothing needs to be done.")
        raise CannotInvite(Reason("held", sentence, "email"))
    Invitation.objects.filter(
        email__iexact=invited.email,
        role=role,
        accepted_at__isnull=True,
        withdrawn_at__isnull=True,
        **columns,
    ).update(withdrawn_at=at)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        role=role,
        email=invited.email.lower(),
        first_name=invited.first_name,
        last_name=invited.last_name,
        token_hash=token_hash(token),
        invited_by=inviter,
        created_at=at,
        expires_at=at + VALID_FOR,
        **columns,
    )
    queue_mail(
        to=invited.email,
        template="invitation",
        context={
            "first_name": invited.first_name,
            "last_name": invited.last_name,
            "inviter": inviter.full_name,
            "organisation": str(organisation),
            "link": link.replace("{token}", token),
            "days": VALID_FOR.days,
        },
        language=invited.language,
        by=by,
        at=at,
        is_secret=True,
    )
    record(by=by, at=at, action="organisations.invite", things=[invitation])
    return invitation


def open_invitation(token: str, at: datetime) -> Invitation | None:
    """The invitation a link belongs to, if it can still be accepted."""
    return (
        Invitation.objects.select_related("programme", "carrier", "site", "invited_by")
        .filter(
            token_hash=token_hash(token),
            accepted_at__isnull=True,
            withdrawn_at__isnull=True,
            expires_at__gt=at,
        )
        .first()
    )


def accept_invitation(*, token: str, password: str, at: datetime) -> Account:
    """Take the offered role, with a new account or the one of this address.

    Somebody who has an account keeps its password: ``password`` must then be that one, so that a
    forwarded link gives nobody a stranger's account. Raises :class:`CannotAccept`.
    """
    invitation = open_invitation(token, at)
    if invitation is None:
        sentence = _("This link has been used or is too old. Please ask for a new invitation.")
        raise CannotAccept(Reason("gone", sentence))
    taken = Invitation.objects.filter(
        pk=invitation.pk, accepted_at__isnull=True, withdrawn_at__isnull=True
    ).update(accepted_at=at)
    if not taken:
        raise CannotAccept(Reason("gone", _("This link has just been used. Please log in.")))
    account = Account.objects.filter(email__iexact=invitation.email).first()
    if account is None:
        account = _new_account(invitation, password, at)
    elif account.is_active and not account.has_usable_password():
        # So far it logs in by mailed code: the link reached the same mailbox.
        _refuse_weak(password, account)
        account.set_password(password)
        account.save(update_fields=["password"])
    elif not (account.is_active and account.check_password(password)):
        sentence = _("You have an account already. Please enter the password you use with it.")
        raise CannotAccept(Reason("password", sentence, "password"))
    grant = give_role(
        account=account,
        organisation=invitation.site or invitation.carrier or invitation.programme,
        role=Role(invitation.role),
        by=Actor(user_id=account.pk),
        at=at,
    )
    record(
        by=Actor(user_id=account.pk),
        at=at,
        action="organisations.accept_invitation",
        things=[invitation],
        details={"grant": grant.pk},
    )
    return account


def give_role(
    *,
    account: Account,
    organisation: Programme | Carrier | Site,
    by: Actor,
    at: datetime,
    role: Role | None = None,
) -> RoleGrant:
    """Grant a role at the organisation from this day on; one that is held is kept.

    ``role`` as in :func:`role_at`, which may refuse it.
    """
    grant, is_new = RoleGrant.objects.get_or_create(
        account=account,
        role=role_at(organisation, role),
        valid_to=None,
        **role_columns(organisation),
        defaults={"valid_from": day_of(at)},
    )
    if is_new:
        record(by=by, at=at, action="organisations.give_role", things=[grant])
    return grant


def create_account(*, invited: Invited, password: str | None, at: datetime) -> Account:
    """An account; without a password it logs in by mailed code only."""
    account = Account(
        email=invited.email.lower(),
        first_name=invited.first_name,
        last_name=invited.last_name,
        language=invited.language,
        created_at=at,
    )
    if password is None:
        account.set_unusable_password()
    else:
        account.set_password(password)
    account.save()
    return account


def end_grant(*, grant: RoleGrant, by: Actor, at: datetime) -> None:
    """Take a role away at once. Raises :class:`CannotEndGrant`.

    Nobody takes a role from themselves, so an organisation never locks itself out by a slip.
    """
    if grant.valid_to is not None and grant.valid_to <= day_of(at):
        raise CannotEndGrant(Reason("ended", _("This role has ended already.")))
    if grant.account_id == by.user_id:
        raise CannotEndGrant(
            Reason("own", _("You cannot take a role from yourself. Please ask a colleague."))
        )
    yesterday = day_of(at) - timedelta(days=1)
    if grant.valid_from > yesterday:
        # Granted today: there is no day on which it held to the end.
        record(by=by, at=at, action="organisations.end_grant", things=[grant])
        grant.delete()
        return
    grant.valid_to = yesterday
    grant.save(update_fields=["valid_to"])
    record(by=by, at=at, action="organisations.end_grant", things=[grant])


def _new_account(invitation: Invitation, password: str, at: datetime) -> Account:
    invited = Invited(
        email=invitation.email,
        first_name=invitation.first_name,
        last_name=invitation.last_name,
    )
    _refuse_weak(password, Account(email=invited.email))
    return create_account(invited=invited, password=password, at=at)


def _refuse_weak(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise CannotAccept(
            [Reason("password", sentence, "password") for sentence in error.messages]
        ) from error
