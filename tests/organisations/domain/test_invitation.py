"""Invitations: only the latest link works, once, in time, for the one who was meant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.mail.domain.send import CannotMail
from patenwerk.mail.models import OutboxMail
from patenwerk.organisations.domain.invitation import (
    CannotAccept,
    CannotEndGrant,
    CannotInvite,
    Invited,
    RoleDoesNotFit,
    accept_invitation,
    create_account,
    end_grant,
    give_role,
    invite,
    open_invitation,
    token_hash,
)
from patenwerk.organisations.enums import Role
from patenwerk.organisations.models import Account, Carrier, Invitation, Programme, RoleGrant, Site
from tests.factories.organisations import (
    PASSWORD,
    AccountFactory,
    CarrierFactory,
    ProgrammeFactory,
    RoleGrantFactory,
    SiteFactory,
    coordinator,
    manager,
    office,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
ADA = Invited(email="Ada@Example.org", first_name="Ada", last_name="Kern")
STRANGER = Actor(user_id=10**9)
GOOD = "Herbstlaub-und-Regen"
Organisation = Programme | Carrier | Site


def invited_to(
    organisation: Organisation,
    invited: Invited = ADA,
    at: datetime = AT,
    role: Role | None = None,
) -> tuple[Invitation, str]:
    """The invitation, and the token that only the mail knows."""
    inviter = AccountFactory.create(first_name="Mio", last_name="Brandt")
    invitation = invite(
        organisation=organisation,
        invited=invited,
        link="https://patenwerk.example/einladung/{token}/",
        by=Actor(user_id=inviter.pk),
        inviter=inviter,
        at=at,
        role=role,
    )
    text = OutboxMail.objects.latest("pk").body_text
    return invitation, text.split("https://patenwerk.example/einladung/")[1].split("/")[0]


def codes(refused: pytest.ExceptionInfo[CannotAccept]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def accepted(token: str, password: str = GOOD, at: datetime = AT) -> Account:
    with transaction.atomic():
        return accept_invitation(token=token, password=password, at=at)


# --- inviting -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "role"),
    [
        (ProgrammeFactory.create, Role.PROGRAMME_OFFICE),
        (CarrierFactory.create, Role.CARRIER_MANAGER),
        (SiteFactory.create, Role.COORDINATOR),
    ],
)
def test_the_role_follows_from_the_organisation(
    make: Callable[[], Organisation], role: Role
) -> None:
    organisation = make()
    invitation, token = invited_to(organisation)
    invitation.refresh_from_db()
    assert (invitation.role, invitation.scope_ids) == (role, organisation.scope_ids)
    assert str(invitation) == f"ada@example.org · {organisation}"
    grant = accepted(token).grants.get()
    assert (grant.role, grant.scope_ids) == (role, organisation.scope_ids)
    assert (grant.valid_from, grant.valid_to) == (TODAY, None)


def test_a_named_role_is_offered_and_given() -> None:
    programme = ProgrammeFactory.create()
    invitation, token = invited_to(programme, role=Role.NETWORK_OFFICE)
    assert invitation.role == Role.NETWORK_OFFICE
    grant = accepted(token).grants.get()
    assert (grant.role, grant.scope_ids) == (Role.NETWORK_OFFICE, programme.scope_ids)


@pytest.mark.parametrize(
    ("make", "fits"),
    [
        (ProgrammeFactory.create, {Role.PROGRAMME_OFFICE, Role.NETWORK_OFFICE}),
        (CarrierFactory.create, {Role.CARRIER_MANAGER}),
        (SiteFactory.create, {Role.COORDINATOR}),
    ],
)
@pytest.mark.parametrize("role", list(Role))
def test_a_role_of_another_level_is_neither_offered_nor_given(
    make: Callable[[], Organisation], fits: set[Role], role: Role
) -> None:
    organisation, account = make(), AccountFactory.create()
    if role in fits:
        invitation, _token = invited_to(organisation, role=role)
        given = give_role(account=account, organisation=organisation, by=STRANGER, at=AT, role=role)
        assert (invitation.role, given.role) == (role, role)
        return
    with pytest.raises(RoleDoesNotFit) as refused:
        invited_to(organisation, role=role)
    assert [reason.code for reason in refused.value.reasons] == ["role"]
    with pytest.raises(RoleDoesNotFit):
        give_role(account=account, organisation=organisation, by=STRANGER, at=AT, role=role)
    assert not Invitation.objects.exists()
    assert not RoleGrant.objects.exists()
    assert not OutboxMail.objects.exists()


def test_two_roles_at_one_programme_are_invited_each_by_itself() -> None:
    programme = ProgrammeFactory.create()
    office(programme, email="ada@example.org", password=GOOD)
    network, token = invited_to(programme, role=Role.NETWORK_OFFICE)
    bela = Invited(email="bela@example.org", first_name="Bela", last_name="Kern")
    invited_to(programme, bela, role=Role.NETWORK_OFFICE)
    invited_to(programme, bela)
    assert not Invitation.objects.filter(withdrawn_at__isnull=False).exists()
    held = accepted(token).grants.order_by("pk").values_list("role", flat=True)
    assert list(held) == [Role.PROGRAMME_OFFICE, Role.NETWORK_OFFICE]
    with pytest.raises(CannotInvite):
        invited_to(programme, role=Role.NETWORK_OFFICE)
    network.refresh_from_db()
    assert network.accepted_at == AT


def test_the_mail_carries_the_token_and_the_table_its_hash_only() -> None:
    site = SiteFactory.create(name="Beerenfurt")
    invitation, token = invited_to(site)
    mail = OutboxMail.objects.get()
    assert (mail.to, mail.kind, mail.language) == ("Ada@Example.org", "invitation", "de")
    for said in ("Ada", "Mio Brandt", "Beerenfurt", token):
        assert said in mail.body_text
    assert "{token}" not in mail.body_text + mail.body_html
    assert len(token) >= 40
    assert invitation.token_hash == token_hash(token) != token
    stored = Invitation.objects.values().get()
    assert not [name for name, value in stored.items() if token in str(value)]
    entry = AuditEntry.objects.get(action="organisations.invite")
    assert (entry.object_id, entry.actor_id) == (invitation.pk, invitation.invited_by_id)
    assert token not in str(entry.details)


def test_two_invitations_have_two_tokens() -> None:
    _first, one = invited_to(SiteFactory.create())
    _second, other = invited_to(SiteFactory.create())
    assert one != other


def test_the_mail_speaks_the_language_of_the_invited() -> None:
    english = Invited(email="ada@example.org", first_name="Ada", last_name="K", language="en")
    invited_to(SiteFactory.create(), english)
    assert OutboxMail.objects.get().language == "en"


def test_only_the_latest_link_works() -> None:
    site = SiteFactory.create()
    first, old = invited_to(site)
    second, new = invited_to(site, Invited(email="ada@example.org", first_name="A", last_name="K"))
    first.refresh_from_db()
    assert first.withdrawn_at == AT
    assert open_invitation(old, AT) is None
    assert open_invitation(new, AT) == second
    with pytest.raises(CannotAccept) as refused:
        accepted(old)
    assert codes(refused) == ["gone"]


def test_invitations_elsewhere_to_others_and_accepted_ones_stay() -> None:
    site = SiteFactory.create()
    elsewhere, _token = invited_to(SiteFactory.create(carrier=site.carrier))
    above, _token = invited_to(site.carrier)
    colleague, _token = invited_to(
        site, Invited(email="ben@example.org", first_name="Ben", last_name="Ott")
    )
    done, token = invited_to(site)
    account = accepted(token)
    account.grants.get().delete()
    invited_to(site)
    for invitation in (elsewhere, above, colleague, done):
        invitation.refresh_from_db()
        assert invitation.withdrawn_at is None


def test_who_works_here_already_is_not_invited() -> None:
    site = SiteFactory.create()
    coordinator(site, email="ada@example.org")
    with pytest.raises(CannotInvite) as refused:
        invited_to(site)
    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [("held", "email")]
    assert not Invitation.objects.exists()
    assert not OutboxMail.objects.exists()


def test_who_worked_here_once_or_works_elsewhere_is_invited() -> None:
    site = SiteFactory.create()
    account = coordinator(site, email="ada@example.org")
    account.grants.update(valid_to=date(2026, 6, 30))
    coordinator(SiteFactory.create(carrier=site.carrier), email="ada2@example.org")
    invitation, _token = invited_to(site)
    assert Invitation.objects.get() == invitation
    invited_to(site, Invited(email="ada2@example.org", first_name="Ada", last_name="Zwei"))


def test_no_address_no_invitation() -> None:
    with pytest.raises(CannotMail), transaction.atomic():
        invited_to(SiteFactory.create(), Invited(email="ada", first_name="Ada", last_name="K"))
    assert not Invitation.objects.exists()


# --- accepting ------------------------------------------------------------------------------


def test_a_new_account_takes_the_role() -> None:
    site = SiteFactory.create()
    invitation, token = invited_to(site)
    account = accepted(token)
    assert (account.email, account.full_name) == ("ada@example.org", "Ada Kern")
    assert (account.is_active, account.created_at) == (True, AT)
    assert account.check_password(GOOD)
    invitation.refresh_from_db()
    assert invitation.accepted_at == AT
    entry = AuditEntry.objects.get(action="organisations.accept_invitation")
    assert (entry.actor_id, entry.object_id) == (account.pk, invitation.pk)
    assert entry.details == {"grant": account.grants.get().pk}
    assert AuditEntry.objects.filter(action="organisations.give_role").count() == 1


@pytest.mark.parametrize(
    ("later", "open_"), [(timedelta(days=14, seconds=-1), True), (timedelta(days=14), False)]
)
def test_a_link_holds_for_fourteen_days(later: timedelta, *, open_: bool) -> None:
    invitation, token = invited_to(SiteFactory.create())
    assert open_invitation(token, AT + later) == (invitation if open_ else None)


def test_a_link_that_is_too_old_gives_nothing() -> None:
    _invitation, token = invited_to(SiteFactory.create())
    with pytest.raises(CannotAccept) as refused:
        accepted(token, at=AT + timedelta(days=15))
    assert codes(refused) == ["gone"]
    assert not Account.objects.filter(email="ada@example.org").exists()


@pytest.mark.parametrize("spoil", ["", "x", "hash"])
def test_a_wrong_link_gives_nothing(spoil: str) -> None:
    invitation, token = invited_to(SiteFactory.create())
    wrong = invitation.token_hash if spoil == "hash" else token[:-1] + spoil
    if wrong == token:
        wrong += "x"
    assert open_invitation(wrong, AT) is None
    with pytest.raises(CannotAccept):
        accepted(wrong)


def test_a_link_works_once() -> None:
    _invitation, token = invited_to(SiteFactory.create())
    account = accepted(token)
    assert open_invitation(token, AT) is None
    with pytest.raises(CannotAccept) as refused:
        accepted(token)
    assert codes(refused) == ["gone"]
    assert account.grants.count() == 1


@pytest.mark.parametrize("meanwhile", ["accepted_at", "withdrawn_at"])
def test_two_taps_at_once_win_once(monkeypatch: pytest.MonkeyPatch, meanwhile: str) -> None:
    """Both have read the open invitation; the second finds it taken when it writes."""
    invitation, token = invited_to(SiteFactory.create())
    Invitation.objects.update(**{meanwhile: AT})
    monkeypatch.setattr(
        "patenwerk.organisations.domain.invitation.open_invitation", lambda *_: invitation
    )
    with pytest.raises(CannotAccept) as refused:
        accepted(token)
    assert codes(refused) == ["gone"]
    assert not Account.objects.filter(email="ada@example.org").exists()
    assert not RoleGrant.objects.exists()


def test_who_has_an_account_keeps_its_password() -> None:
    site = SiteFactory.create()
    account = AccountFactory.create(email="ADA@example.org", first_name="Adele")
    before = account.password
    _invitation, token = invited_to(site)
    assert accepted(token, PASSWORD) == account
    account.refresh_from_db()
    assert (account.password, account.first_name) == (before, "Adele")
    assert [grant.site_id for grant in account.grants.all()] == [site.pk]


@pytest.mark.parametrize("state", ["wrong password", "closed account"])
def test_a_forwarded_link_gives_nobody_a_strangers_account(state: str) -> None:
    closed = state == "closed account"
    account = AccountFactory.create(email="ada@example.org", is_active=not closed)
    before = account.password
    _invitation, token = invited_to(SiteFactory.create())
    with pytest.raises(CannotAccept) as refused:
        accepted(token, PASSWORD if closed else GOOD)
    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [
        ("password", "password")
    ]
    account.refresh_from_db()
    assert (account.password, account.grants.count()) == (before, 0)
    assert open_invitation(token, AT) is not None, "undone with the transaction: can be tried again"


@pytest.mark.parametrize("weak", ["kurz", "12345678901", "passwort", "ada@example.org"])
def test_a_weak_password_makes_no_account(weak: str) -> None:
    _invitation, token = invited_to(SiteFactory.create())
    with pytest.raises(CannotAccept) as refused:
        accepted(token, weak)
    assert {(reason.code, reason.field) for reason in refused.value.reasons} == {
        ("password", "password")
    }
    assert not Account.objects.filter(email="ada@example.org").exists()
    assert accepted(token).email == "ada@example.org"


# --- roles ----------------------------------------------------------------------------------


def test_a_role_that_is_held_is_kept() -> None:
    site = SiteFactory.create()
    account = coordinator(site)
    held = account.grants.get()
    again = give_role(account=account, organisation=site, by=STRANGER, at=AT)
    assert (again, again.valid_from) == (held, held.valid_from)
    assert not AuditEntry.objects.exists()


def test_a_role_that_ended_begins_anew() -> None:
    site = SiteFactory.create()
    account = coordinator(site)
    account.grants.update(valid_to=date(2026, 6, 30))
    again = give_role(account=account, organisation=site, by=STRANGER, at=AT)
    assert (again.valid_from, again.valid_to) == (TODAY, None)
    assert account.grants.count() == 2
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id) == ("organisations.give_role", again.pk)


def test_a_day_is_berlins_day() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    account = AccountFactory.create()
    grant = give_role(account=account, organisation=SiteFactory.create(), by=STRANGER, at=late)
    assert grant.valid_from == date(2026, 11, 24)


def test_an_account_without_password_logs_in_by_code_only() -> None:
    account = create_account(invited=ADA, password=None, at=AT)
    assert not account.has_usable_password()
    assert (account.email, account.language) == ("ada@example.org", "de")
    other = Invited(email="b@example.org", first_name="B", last_name="C", language="en")
    account = create_account(invited=other, password=GOOD, at=AT)
    assert account.check_password(GOOD)
    assert account.language == "en"


def test_a_role_ends_at_once_and_stays_in_history() -> None:
    site = SiteFactory.create()
    grant = coordinator(site).grants.get()
    chief = manager(site.carrier)
    end_grant(grant=grant, by=Actor(user_id=chief.pk), at=AT)
    grant.refresh_from_db()
    assert grant.valid_to == date(2026, 11, 22)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id, entry.actor_id) == (
        "organisations.end_grant",
        grant.pk,
        chief.pk,
    )


def test_a_role_of_today_leaves_no_day_behind() -> None:
    grant = coordinator(SiteFactory.create()).grants.get()
    RoleGrant.objects.update(valid_from=TODAY)
    grant.refresh_from_db()
    number = grant.pk
    end_grant(grant=grant, by=Actor(user_id=None), at=AT)
    assert not RoleGrant.objects.exists()
    assert AuditEntry.objects.get().object_id == number


@pytest.mark.parametrize("days", [-1, 0])
def test_a_role_ends_once(days: int) -> None:
    grant = coordinator(SiteFactory.create()).grants.get()
    ended = TODAY + timedelta(days=days)
    RoleGrant.objects.update(valid_to=ended)
    grant.refresh_from_db()
    with pytest.raises(CannotEndGrant) as refused:
        end_grant(grant=grant, by=STRANGER, at=AT)
    assert [reason.code for reason in refused.value.reasons] == ["ended"]
    grant.refresh_from_db()
    assert grant.valid_to == ended


def test_a_role_with_an_end_to_come_can_end_now() -> None:
    account = AccountFactory.create()
    site = SiteFactory.create()
    grant = RoleGrantFactory.create(
        account=account,
        role=Role.COORDINATOR,
        programme=site.programme,
        carrier=site.carrier,
        site=site,
        valid_to=date(2026, 12, 31),
    )
    end_grant(grant=grant, by=STRANGER, at=AT)
    grant.refresh_from_db()
    assert grant.valid_to == date(2026, 11, 22)


def test_nobody_takes_a_role_from_themselves() -> None:
    account = manager(CarrierFactory.create())
    with pytest.raises(CannotEndGrant) as refused:
        end_grant(grant=account.grants.get(), by=Actor(user_id=account.pk), at=AT)
    assert [reason.code for reason in refused.value.reasons] == ["own"]
    assert account.grants.get().valid_to is None


def test_who_logs_in_by_code_only_chooses_a_password_with_the_invitation() -> None:
    account = AccountFactory.create(email="ada@example.org")
    account.set_unusable_password()
    account.save()
    _invitation, token = invited_to(SiteFactory.create())
    with pytest.raises(CannotAccept) as refused:
        accepted(token, "kurz")
    assert set(codes(refused)) == {"password"}
    account.refresh_from_db()
    assert not account.has_usable_password()

    assert accepted(token) == account
    account.refresh_from_db()
    assert account.check_password(GOOD)


def test_a_closed_account_without_password_stays_closed() -> None:
    account = AccountFactory.create(email="ada@example.org", is_active=False)
    account.set_unusable_password()
    account.save()
    _invitation, token = invited_to(SiteFactory.create())
    with pytest.raises(CannotAccept):
        accepted(token)
    assert not account.grants.exists()
