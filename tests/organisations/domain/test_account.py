"""What somebody sets for themselves, and the accounts that commands make."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor, Level
from patenwerk.organisations.domain.account import (
    CannotSetUp,
    change_account,
    choose_theme,
    set_password,
    set_up_office,
)
from patenwerk.organisations.domain.invitation import Invited
from patenwerk.organisations.domain.programme import CannotSaveProgramme, ProgrammeValues
from patenwerk.organisations.enums import Role
from patenwerk.organisations.models import Account, Programme, RoleGrant
from tests.factories.organisations import PASSWORD, AccountFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ADA = Invited(email="Ada@Example.org", first_name="Ada", last_name="Kern")
VALUES = ProgrammeValues(name="Seite an Seite", started_on=date(2016, 1, 1))
GOOD = "Herbstlaub-und-Regen"


def set_up(password: str = GOOD, slug: str = "seite") -> Account:
    return set_up_office(invited=ADA, password=password, slug=slug, values=VALUES, at=AT)


def nothing_was_made() -> bool:
    made = Account.objects.filter(first_name="Ada"), Programme.objects.filter(name=VALUES.name)
    return not any(rows.exists() for rows in (*made, RoleGrant.objects, AuditEntry.objects))


def test_name_language_and_appearance_change_and_nothing_else() -> None:
    account, colleague = AccountFactory.create_batch(2)
    email = account.email
    account.email = "sneaked@example.org"
    change_account(
        account=account,
        first_name="Juna",
        last_name="Feld",
        language="en",
        theme="dark",
        by=Actor(user_id=account.pk),
        at=AT,
    )
    account.refresh_from_db()
    assert (account.full_name, account.language, account.theme) == ("Juna Feld", "en", "dark")
    assert account.email == email
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id, entry.actor_id) == (
        "organisations.change_account",
        account.pk,
        account.pk,
    )
    colleague.refresh_from_db()
    assert colleague.first_name == "Jutta"


def test_the_look_of_the_screen_is_kept_without_a_record() -> None:
    account = AccountFactory.create()
    choose_theme(account=account, theme="light")
    account.refresh_from_db()
    assert account.theme == "light"
    assert not AuditEntry.objects.exists()


# --- an installation's first act ------------------------------------------------------------


def test_a_programme_with_the_first_account_of_its_office() -> None:
    account = set_up()
    programme = Programme.objects.get()
    assert (programme.slug, programme.name) == ("seite", "Seite an Seite")
    assert account.email == "ada@example.org"
    assert account.check_password(GOOD)
    grant = account.grants.get()
    assert (grant.role, grant.scope_ids, grant.valid_from) == (
        Role.PROGRAMME_OFFICE,
        {Level.PROGRAMME: programme.pk},
        date(2026, 11, 23),
    )
    actions = {(entry.action, entry.actor_id) for entry in AuditEntry.objects.all()}
    assert actions == {
        ("organisations.create_programme", account.pk),
        ("organisations.give_role", account.pk),
    }


def test_an_address_has_one_account() -> None:
    AccountFactory.create(email="ada@example.org")
    with pytest.raises(CannotSetUp) as refused:
        set_up()
    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [
        ("email_taken", "email")
    ]
    assert nothing_was_made()


@pytest.mark.parametrize("weak", ["kurz", "12345678901", "ada@example.org"])
def test_a_weak_password_sets_up_nothing(weak: str) -> None:
    with pytest.raises(CannotSetUp) as refused:
        set_up(password=weak)
    assert {reason.field for reason in refused.value.reasons} == {"password"}
    assert nothing_was_made()


def test_a_short_name_that_is_taken_leaves_no_account_behind() -> None:
    ProgrammeFactory.create(slug="seite")
    with pytest.raises(CannotSaveProgramme):
        set_up()
    assert nothing_was_made()


# --- a password where its owner cannot ------------------------------------------------------


def test_a_new_password_replaces_the_old_one() -> None:
    account = AccountFactory.create()
    set_password(account=account, password=GOOD, by=Actor(user_id=None), at=AT)
    account.refresh_from_db()
    assert account.check_password(GOOD)
    assert not account.check_password(PASSWORD)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id) == ("organisations.set_password", account.pk)
    assert GOOD not in str(entry.details)


@pytest.mark.parametrize("weak", ["kurz", "passwort", "jutta@example.org"])
def test_a_weak_one_is_refused(weak: str) -> None:
    account = AccountFactory.create(email="jutta@example.org")
    with pytest.raises(CannotSetUp) as refused:
        set_password(account=account, password=weak, by=Actor(user_id=None), at=AT)
    assert {(reason.code, reason.field) for reason in refused.value.reasons} == {
        ("password", "password")
    }
    account.refresh_from_db()
    assert account.check_password(PASSWORD)
    assert not AuditEntry.objects.exists()
