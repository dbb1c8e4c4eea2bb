"""Certificates and name badges as papers: the data their templates set, every word translated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext, ngettext

from patenwerk.core.clock import day_of
from patenwerk.gatherings.enums import OVER, ItemState, Mode, Seat
from patenwerk.gatherings.models import Gathering, Registration
from patenwerk.gatherings.queries.gathering import period
from patenwerk.organisations.queries.look import logo_of

_HOUR = timedelta(hours=1)


def certified(gathering: Gathering) -> list[Registration]:
    """Those who were ticked as present once the gathering is over; others get no certificate."""
    if gathering.state not in OVER:
        return []
    there = gathering.registrations.filter(attended=True).select_related("carrier")
    return list(there.order_by("name", "pk"))


def has_certificate(registration: Registration) -> bool:
    """Whether a certificate is given to somebody."""
    return registration.attended is True and registration.gathering.state in OVER


def badged(gathering: Gathering) -> list[Registration]:
    """Those with a seat, by name."""
    seated = gathering.registrations.filter(state=Seat.SEATED).select_related("carrier")
    return list(seated.order_by("name", "pk"))


def certificate_data(
    gathering: Gathering, people: Sequence[Registration], on: date
) -> dict[str, Any]:
    """What ``papers/certificate.typ`` is given, a page for each of ``people``, issued on a day."""
    title = gettext("Certificate of participation")
    accepted = gathering.agendaitems.filter(state=ItemState.ACCEPTED)
    return {
        **_frame(gathering),
        "title": f"{title}: {gathering.title}",
        "heading": title,
        "gathering": gathering.title,
        "took_part": gettext("took part in this gathering:"),
        "facts": [(word, value) for word, value in _facts(gathering) if value],
        "topics_heading": gettext("Topics"),
        "topics": [item.title for item in accepted.order_by("position", "pk")],
        "issued": gettext("Issued on %(day)s") % {"day": date_format(on)},
        "signature": gettext("For the organisers"),
        "people": [
            {"name": each.name, "from": _from(each), "group": _group(each)} for each in people
        ],
    }


def badge_data(gathering: Gathering, people: Sequence[Registration]) -> dict[str, Any]:
    """What ``papers/badges.typ`` is given: one badge for every seat.

    The others of a group under one name write theirs on a line.
    """
    badges = []
    for registration in people:
        badges.append({"name": registration.name, "from": _from(registration)})
        badges += [{"name": "", "from": _from(registration)}] * (registration.seats - 1)
    return {
        **_frame(gathering),
        "title": gettext("Name badges: %(title)s") % {"title": gathering.title},
        "gathering": gathering.title,
        "day": date_format(day_of(gathering.starts_at)),
        "empty": gettext("Name"),
        "badges": badges,
    }


def _frame(gathering: Gathering) -> dict[str, Any]:
    programme = gathering.programme
    return {
        "language": (get_language() or "de").split("-")[0],
        "programme": programme.name,
        "logo": logo_of(programme),
    }


def _facts(gathering: Gathering) -> list[tuple[str, str]]:
    place = ", ".join(part for part in (gathering.place_name, gathering.address) if part)
    if gathering.mode == Mode.ONLINE:
        place = gettext("online")
    return [
        (gettext("Kind"), gathering.kind.name_in(get_language() or "de")),
        (gettext("When"), period(gathering)),
        (gettext("Extent"), _length(gathering)),
        (gettext("Where"), place),
        (gettext("Organised by"), str(gathering.carrier or _office(gathering))),
    ]


def _office(gathering: Gathering) -> str:
    return gettext("the network office of %(programme)s") % {"programme": gathering.programme.name}


def _length(gathering: Gathering) -> str:
    """Hours of a single day; over several days nights would be counted, so nothing is said."""
    if day_of(gathering.starts_at) != day_of(gathering.ends_at):
        return ""
    hours = round((gathering.ends_at - gathering.starts_at) / _HOUR, 1)
    shown = number_format(hours, decimal_pos=0 if hours.is_integer() else 1)
    return ngettext("%(hours)s hour", "%(hours)s hours", 1 if hours == 1 else 2) % {"hours": shown}


def _person(registration: Registration) -> dict[str, str]:
    return {
        "name": registration.name,
        "from": _from(registration),
        "group": _group(registration),
    }


def _from(registration: Registration) -> str:
    return registration.carrier.name if registration.carrier else registration.organisation


def _group(registration: Registration) -> str:
    if registration.seats == 1:
        return ""
    return gettext("with a group of %(seats)d people") % {"seats": registration.seats}
