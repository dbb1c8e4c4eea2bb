from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from patenwerk.core.registrations import day_cards, search_sources
from patenwerk.core.web.views import PolicedView
from patenwerk.organisations.policy import WORK


class MyDay(PolicedView):
    """What waits today: the cards that the apps have registered, for what the actor may."""

    see = do = WORK
    template = "desk/day.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        main: list[dict[str, Any]] = []
        aside: list[dict[str, Any]] = []
        for card in day_cards.allowed(self.actor):
            context = card.query(self.actor, self.today)
            if context is not None:
                part = {"template": card.template, "card": context}
                (aside if card.aside else main).append(part)
        return self.page(
            {
                "main": main,
                "aside": aside,
                "today": self.today,
                "may_search": bool(search_sources.allowed(self.actor)),
            }
        )
