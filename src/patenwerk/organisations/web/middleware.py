"""Gives every request its actor, language and appearance, from one query of role grants."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from patenwerk.core import clock
from patenwerk.core.web.views import WorkRequest
from patenwerk.organisations.models import RoleGrant
from patenwerk.organisations.queries.actors import NOBODY, actor_from, grants_in_force


class MemberRequest(WorkRequest):
    """A request with the role grants its actor came from."""

    grants: list[RoleGrant]


class ActorMiddleware:
    """Reads the grants once per request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        member = cast("MemberRequest", request)
        member.actor, member.grants = NOBODY, []
        if request.user.is_authenticated:
            account = request.user
            member.grants = grants_in_force(account, clock.today())
            member.actor = actor_from(account.pk, member.grants)
            if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
                # A language chosen on this device goes before the account's own.
                translation.activate(account.language)
                request.LANGUAGE_CODE = account.language
        return self.get_response(request)
