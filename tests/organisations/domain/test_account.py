"""What somebody sets for themselves."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.organisations.domain.account import change_account, choose_theme
from tests.factories.organisations import AccountFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


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
