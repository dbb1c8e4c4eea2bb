"""How the login library behaves here: accounts come by invitation, mails through the outbox."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class LoginAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library is untyped
    """Nobody signs up alone: a role comes with an invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
