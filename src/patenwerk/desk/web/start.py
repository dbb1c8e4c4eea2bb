from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from patenwerk.core.registrations import start_parts
from patenwerk.core.web.views import PublicView
from patenwerk.organisations.models import Programme


class ProgrammePage(PublicView):
    """A programme's page for everyone; its sections come from the apps' registrations."""

    template = "desk/programme.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        programme = _programmes().filter(slug=slug).first()
        if programme is None:
            raise Http404
        return self.shown(programme)

    def shown(self, programme: Programme) -> HttpResponse:
        asked = {key: str(value)[:100] for key, value in self.request.GET.items()}
        parts: list[dict[str, Any]] = []
        way_in = ""
        for part in start_parts.all():
            context = part.query(programme, asked, self.today)
            if context is not None:
                parts.append({"part": part, "context": context})
                way_in = way_in or (part.anchor if part.way_in else "")
        return self.page(
            {
                "programme": programme,
                "parts": parts,
                "way_in": way_in,
                "public_navigation": [
                    {"label": each["part"].label, "url": f"#{each['part'].anchor}"}
                    for each in parts
                ],
            }
        )


class Start(ProgrammePage):
    """The one programme's page; where there are several, the way to each of them."""

    def get(self, request: HttpRequest, slug: str = "") -> HttpResponse:
        found = list(_programmes())
        if len(found) == 1:
            return self.shown(found[0])
        self.template = "desk/start.html"  # type: ignore[misc]
        return self.page({"programmes": found})


def _programmes() -> QuerySet[Programme]:
    return Programme.objects.order_by("name", "pk")
