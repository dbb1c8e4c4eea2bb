"""Calendars and announcements to subscribe to. Who asks again without change is told so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from patenwerk.core.clock import day_of
from patenwerk.core.links import page_address
from patenwerk.core.policy import visible
from patenwerk.core.web.views import ObjectView, PublicView
from patenwerk.gatherings.enums import State
from patenwerk.gatherings.kernel.calendar import calendar, tag_of
from patenwerk.gatherings.models import Gathering, GatheringKind
from patenwerk.gatherings.policy import SEE_GATHERING
from patenwerk.gatherings.queries.calendar import (
    account_of,
    changed_for,
    changed_in,
    entries,
    may_join,
    own_gatherings,
    own_gatherings_of_kind,
    page_of,
)
from patenwerk.gatherings.queries.gathering import public_gatherings
from patenwerk.gatherings.web.public import OfProgramme, OfPublicGathering
from patenwerk.organisations.models import Account, Programme
from patenwerk.organisations.queries.actors import actor_for

CALENDAR_TYPE = "text/calendar; charset=utf-8"
LATEST = 50
"""So many announcements stand in the feed."""


def conditional(
    request: HttpRequest, body: bytes, *, media_type: str, changed_at: datetime, is_secret: bool
) -> HttpResponseBase:
    """The body with its tag, or »nothing has changed« for a reader that has it already."""
    answer = HttpResponse(body, content_type=media_type)
    tag, changed = tag_of(body), int(changed_at.timestamp())
    answer.headers["ETag"] = tag
    answer.headers["Last-Modified"] = http_date(changed)
    kept = "private" if is_secret else "public"
    answer.headers["Cache-Control"] = f"{kept}, max-age=0, must-revalidate"
    if is_secret:
        answer.headers["X-Robots-Tag"] = "noindex"
    return get_conditional_response(request, tag, changed, answer) or answer


def public_calendar(
    request: HttpRequest, gatherings: Sequence[Gathering], *, name: str, changed_at: datetime
) -> HttpResponseBase:
    """A calendar for everybody: without any link to join."""
    language = get_language() or "de"
    body = calendar(entries(gatherings, is_public=True, language=language), name=name)
    return conditional(
        request, body, media_type=CALENDAR_TYPE, changed_at=changed_at, is_secret=False
    )


class ProgrammeCalendar(OfProgramme):
    def get(self, request: HttpRequest, slug: str) -> HttpResponseBase:
        return public_calendar(
            request,
            list(public_gatherings(self.programme)),
            name=self.programme.name,
            changed_at=changed_in(self.programme),
        )


class KindCalendar(OfProgramme):
    def get(self, request: HttpRequest, slug: str, code: str) -> HttpResponseBase:
        kind = GatheringKind.objects.filter(programme=self.programme, code=code).first()
        if kind is None:
            raise Http404
        return public_calendar(
            request,
            list(public_gatherings(self.programme).filter(kind=kind)),
            name=f"{self.programme.name}: {kind.name_in(get_language() or 'de')}",
            changed_at=changed_in(self.programme),
        )


class PublicGatheringCalendar(OfPublicGathering):
    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        return public_calendar(
            request,
            [self.gathering],
            name=self.gathering.title,
            changed_at=self.gathering.changed_at,
        )


class GatheringCalendar(ObjectView):
    model = Gathering
    see = do = SEE_GATHERING

    def rows(self) -> Any:
        return Gathering.objects.select_related("kind")

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        found = entries(
            [self.object],
            joins=may_join(self.actor, [self.object]),
            is_public=False,
            language=get_language() or "de",
        )
        body = calendar(found, name=self.object.title)
        return conditional(
            request,
            body,
            media_type=CALENDAR_TYPE,
            changed_at=self.object.changed_at,
            is_secret=True,
        )


class BySecretAddress(PublicView):
    """A calendar that its address alone opens: readers of calendars cannot log in."""

    account: Account

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = account_of(kwargs["token"])
        if found is None:
            raise Http404
        self.account = found
        with translation.override(found.language):
            return super().dispatch(request, *args, **kwargs)

    def answer(self, gatherings: list[Gathering], name: str) -> HttpResponseBase:
        """These gatherings, with the link to join where the account has a seat."""
        actor = actor_for(self.account, self.today)
        found = entries(
            gatherings,
            joins=may_join(actor, gatherings),
            is_public=False,
            language=self.account.language,
        )
        return conditional(
            self.request,
            calendar(found, name=name),
            media_type=CALENDAR_TYPE,
            changed_at=changed_for(self.account, gatherings),
            is_secret=True,
        )


class OwnCalendar(BySecretAddress):
    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        actor = actor_for(self.account, self.today)
        return self.answer(own_gatherings(actor), _("My gatherings"))


class OwnKindCalendar(BySecretAddress):
    def get(self, request: HttpRequest, token: str, kind: int) -> HttpResponseBase:
        actor = actor_for(self.account, self.today)
        seen = Gathering.objects.filter(visible(actor, SEE_GATHERING, Gathering)).order_by()
        found = GatheringKind.objects.filter(pk=kind, pk__in=seen.values("kind")).first()
        if found is None:
            raise Http404
        return self.answer(
            own_gatherings_of_kind(actor, found), found.name_in(self.account.language)
        )


class AnnouncementsAsAtom(Atom1Feed):
    """Atom whose own date is that of the latest change, also without any entry."""

    def latest_post_date(self) -> datetime:
        changed: datetime = self.feed["changed_at"]
        return changed


class Announcements(Feed[Gathering, Programme]):
    """The announcements of one programme, the latest first."""

    feed_type = AnnouncementsAsAtom

    def __init__(self, changed_at: datetime) -> None:
        self.changed_at = changed_at

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Programme:
        programme: Programme = kwargs["programme"]
        return programme

    def title(self, programme: Programme) -> str:
        return _("%(programme)s: gatherings") % {"programme": programme.name}

    def link(self, programme: Programme) -> str:
        return page_address("gatherings:public_list", programme.slug)

    def feed_url(self, programme: Programme) -> str:
        return page_address("gatherings:atom", programme.slug)

    def feed_guid(self, programme: Programme) -> str:
        return self.feed_url(programme)

    def author_name(self, programme: Programme) -> str:
        return programme.name

    def feed_extra_kwargs(self, programme: Programme) -> dict[str, Any]:
        return {"changed_at": self.changed_at}

    def items(self, programme: Programme) -> list[Gathering]:
        rows = public_gatherings(programme).filter(announced_at__isnull=False)
        return list(rows.order_by("-announced_at", "-pk")[:LATEST])

    def item_title(self, item: Any) -> str:
        if item.state == State.CANCELLED:
            return _("Cancelled: %(title)s") % {"title": item.title}
        return str(item.title)

    def item_description(self, item: Any) -> str:
        when = _("%(day)s, %(place)s") % {
            "day": day_of(item.starts_at).strftime("%d.%m.%Y"),
            "place": item.place_name or item.get_mode_display(),
        }
        return "\n\n".join(part for part in (when, item.cancel_reason or item.about) if part)

    def item_link(self, item: Any) -> str:
        return page_of(item, is_public=True)

    def item_guid(self, item: Any) -> str:
        return f"urn:uuid:{item.uid}"

    def item_pubdate(self, item: Any) -> datetime:
        announced: datetime = item.announced_at
        return announced

    def item_updateddate(self, item: Any) -> datetime:
        changed: datetime = item.changed_at
        return changed

    def item_categories(self, item: Any) -> list[str]:
        return [item.kind.name_in(get_language() or "de")]


class Atom(OfProgramme):
    def get(self, request: HttpRequest, slug: str) -> HttpResponseBase:
        changed_at = changed_in(self.programme)
        made = Announcements(changed_at)(request, programme=self.programme)
        return conditional(
            request,
            made.content,
            media_type=made.headers["Content-Type"],
            changed_at=changed_at,
            is_secret=False,
        )
