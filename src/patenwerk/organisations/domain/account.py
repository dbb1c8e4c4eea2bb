"""What somebody sets for themselves."""

from __future__ import annotations

from datetime import datetime

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor
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
