"""What every page of the work area shows: who is here, where, and the way around."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse

from patenwerk.core.registrations import navigation
from patenwerk.organisations.models import Account, Programme
from patenwerk.organisations.web.middleware import MemberRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """The frame of a page. Costs no query: the middleware has read the grants."""
    member = cast("MemberRequest", request)
    grants = getattr(member, "grants", [])
    if not grants:
        return {"navigation": [], "programme": _public_programme(request)}
    account = cast("Account", request.user)
    here = request.resolver_match.view_name if request.resolver_match else ""
    app = here.partition(":")[0]
    items = [
        {
            "label": item.label,
            "icon": item.icon,
            "url": reverse(item.url_name),
            "current": item.url_name == here
            or (":" in here and item.url_name.split(":")[0] == app),
            "group": item.group,
            "phone": item.phone,
        }
        for item in navigation.allowed(member.actor)
    ]
    return {
        "navigation": items,
        "actor_name": account.full_name,
        "actor_place": ", ".join(dict.fromkeys(grant.organisation_name for grant in grants)),
        "programme": grants[0].programme,
        "theme": account.theme,
    }


def _public_programme(request: HttpRequest) -> Programme | None:
    """The programme a public page speaks for; pages say it themselves when it is another."""
    return getattr(request, "public_programme", None)
