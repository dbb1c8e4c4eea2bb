from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from patenwerk.core.clock import day_of
from patenwerk.core.web.views import PublicView
from patenwerk.gatherings.enums import AHEAD, State
from patenwerk.gatherings.models import Gathering
from patenwerk.gatherings.queries.agenda import agenda_for_everybody
from patenwerk.gatherings.queries.calendar import page_of
from patenwerk.gatherings.queries.gathering import public_gathering, public_gatherings
from patenwerk.gatherings.queries.material import public_materials
from patenwerk.organisations.models import Programme


class OfProgramme(PublicView):
    """A page of one programme for everybody; what is not there is not there for anybody."""

    programme: Programme

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = Programme.objects.filter(slug=kwargs["slug"]).first()
        if found is None:
            raise Http404
        self.programme = found
        request.public_programme = found  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **kwargs)


class PublicList(OfProgramme):
    template = "gatherings/public_list.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        rows = list(public_gatherings(self.programme))
        past = [row for row in rows if row.ends_at < self.now]
        return self.page(
            {
                "programme": self.programme,
                "coming": [row for row in rows if row.ends_at >= self.now],
                "past": past[::-1],
                "kinds": list({row.kind.pk: row.kind for row in rows}.values()),
                "subscribe": self.subscribe(),
            }
        )

    def subscribe(self) -> str:
        """The calendar's address as programs know it that subscribe instead of reading once."""
        path = reverse("gatherings:programme_calendar", args=[self.programme.slug])
        return "webcal://" + settings.PUBLIC_URL.partition("://")[2] + path


class OfPublicGathering(PublicView):
    """A page of one gathering for everybody."""

    gathering: Gathering

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = public_gathering(kwargs["pk"])
        if found is None:
            raise Http404
        self.gathering = found
        request.public_programme = found.programme  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **kwargs)


class PublicGathering(OfPublicGathering):
    template = "gatherings/public.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        gathering = self.gathering
        closes = gathering.closes_at or gathering.starts_at
        to_gathering = public_materials().filter(gathering=gathering, item__isnull=True)
        return self.page(
            {
                "gathering": gathering,
                "programme": gathering.programme,
                "address": page_of(gathering, is_public=True),
                "agenda": agenda_for_everybody(gathering),
                "materials": list(to_gathering),
                "is_one_day": day_of(gathering.starts_at) == day_of(gathering.ends_at),
                "is_open": gathering.state == State.OPEN and self.now < closes,
                "is_ahead": gathering.state in AHEAD and self.now < gathering.starts_at,
                "free": None
                if gathering.capacity is None
                else gathering.capacity - gathering.seats_taken,
            }
        )
