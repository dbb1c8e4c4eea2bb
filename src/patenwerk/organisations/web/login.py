"""How the login library behaves here: accounts come by invitation, mails through the outbox."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from patenwerk.core import clock
from patenwerk.core.policy import Actor
from patenwerk.mail.domain.send import queue_mail
from patenwerk.organisations.enums import Language


class LoginAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library is untyped
    """Nobody signs up alone: a role comes with an invitation."""

    #: The library's mails that are sent, and our template for each. Others stay unsent.
    templates: ClassVar[dict[str, str]] = {
        "account/email/login_code": "login_code",
        "account/email/password_reset_key": "password_reset",
        "account/email/unknown_account": "unknown_account",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", args=["0", "0"])
        return f"{settings.PUBLIC_URL}{path.replace('0-0', key)}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        template = self.templates.get(template_prefix)
        if template is None:
            return
        account = context.get("user")
        with transaction.atomic():
            queue_mail(
                to=email,
                template=template,
                context={
                    "code": context.get("code", ""),
                    "link": context.get("password_reset_url", ""),
                },
                language=account.language if account else get_language() or Language.GERMAN,
                by=Actor(user_id=account.pk if account else None),
                at=clock.now(),
                is_secret=True,
            )
