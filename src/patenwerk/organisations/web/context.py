"""What every page of the work area shows: who is here, where, and the way around."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst

from patenwerk.core.registrations import navigation
from patenwerk.organisations.models import Account, Programme, RoleGrant
from patenwerk.organisations.web.middleware import MemberRequest

PHONE_PLACES = 5
"""So many entries find room beside one another at the bottom of a phone."""


def frame(request: HttpRequest) -> dict[str, Any]:
    """The frame of a page. Costs no query: the middleware has read the grants."""
    member = cast("MemberRequest", request)
    grants = getattr(member, "grants", [])
    if not grants:
        return {"navigation": [], "programme": _public_programme(request)}
    account = cast("Account", request.user)
    here = request.resolver_match.view_name if request.resolver_match else ""
    allowed = navigation.allowed(member.actor)
    current = _current([item.url_name for item in allowed], here)
    # The bar at the bottom: what is meant for it first, then what comes first; »More« is one place.
    places = PHONE_PLACES if len(allowed) <= PHONE_PLACES else PHONE_PLACES - 1
    on_phone = sorted(allowed, key=lambda item: not item.phone)[:places]
    items = [
        {
            "label": item.label,
            "icon": item.icon,
            "url": reverse(item.url_name),
            "current": item.url_name == current,
            "group": item.group,
            "phone": item in on_phone,
        }
        for item in allowed
    ]
    return {
        "navigation": items,
        "actor_name": account.full_name,
        "actor_place": ", ".join(dict.fromkeys(_place(grant) for grant in grants)),
        "programme": grants[0].programme,
        "theme": account.theme,
    }


def _place(grant: RoleGrant) -> str:
    """Where somebody works; for a whole programme, whose name the page has already, as what."""
    return grant.organisation_name if grant.carrier_id else capfirst(grant.get_role_display())


def _current(names: list[str], here: str) -> str:
    """The one entry of the navigation a page belongs to: itself, else one of its app.

    An app with several entries names its thing in the page's name: »change_site«, »sites«.
    """
    if here in names:
        return here
    app, _colon, page = here.partition(":")
    of_app = [name for name in names if page and name.startswith(f"{app}:")]
    about = [name for name in of_app if _thing(name) in page]
    return (about or of_app or [""])[0]


def _thing(name: str) -> str:
    """What a list is of: »site« of »organisations:sites«, »minute« of »gatherings:minutes_list«."""
    return name.partition(":")[2].removesuffix("_list").removesuffix("s")


def _public_programme(request: HttpRequest) -> Programme | None:
    """The programme a public page speaks for; pages say it themselves when it is another."""
    return getattr(request, "public_programme", None)
