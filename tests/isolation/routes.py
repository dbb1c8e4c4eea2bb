"""Every address of the installation, read from the URL configuration itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from patenwerk.core.web.lists import ListPage

#: Pages for everyone: no person, no unpublished figure is on them.
PUBLIC = frozenset(
    {
        "core:gallery",
        "desk:programme",
        "desk:start",
        "gatherings:atom",
        "gatherings:kind_calendar",
        "gatherings:programme_calendar",
        "gatherings:public",
        "gatherings:public_calendar",
        "gatherings:public_list",
        "gatherings:public_material",
        "gatherings:register_guest",
        "organisations:accept",
        "organisations:logo",
        "reporting:release",
        "reporting:release_file",
        "set_language",
    }
)
#: Pages that a signed link opens for one person without an account.
SIGNED = frozenset(
    {
        "gatherings:answer_contribution",
        "gatherings:certificate_by_link",
        "gatherings:expert_material",
        "gatherings:expert_self",
        "gatherings:give_feedback",
        "gatherings:own_calendar",
        "gatherings:own_kind_calendar",
        "gatherings:read_minutes",
        "gatherings:read_minutes_paper",
        "gatherings:registered_material",
        "gatherings:registration",
        "gatherings:registration_accept",
        "gatherings:registration_change",
        "gatherings:registration_decline",
        "gatherings:registration_needs",
    }
)
#: The login library's own pages, all before the login or about oneself.
PUBLIC_PREFIX = "account_"


@dataclass(frozen=True, slots=True)
class Route:
    """One named address: its view class and the converters it takes."""

    name: str
    view: type[Any] | None
    converters: tuple[str, ...]

    @property
    def model(self) -> type[models.Model] | None:
        """The model its object comes from."""
        return getattr(self.view, "model", None)

    @property
    def is_list(self) -> bool:
        """Whether its rows can be taken away as a file."""
        return self.view is not None and issubclass(self.view, ListPage)

    @property
    def is_public(self) -> bool:
        """Whether it stands on one of the short lists."""
        return self.name in PUBLIC | SIGNED or self.name.startswith(PUBLIC_PREFIX)


def routes() -> list[Route]:
    """All of them, by name."""
    return sorted(_walk(get_resolver().url_patterns, ""), key=lambda route: route.name)


def _walk(patterns: list[Any], prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _walk(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", None)
            yield Route(
                name=f"{prefix}{pattern.name}",
                view=view,
                converters=tuple(pattern.pattern.converters),
            )
