"""What calendars and feeds hold: for everybody, for one person, for one gathering."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from patenwerk.core.links import page_address, said_by, signed_token
from patenwerk.core.policy import Actor, visible
from patenwerk.gatherings.enums import KNOWN, Audience, Seat, State
from patenwerk.gatherings.kernel.calendar import Entry
from patenwerk.gatherings.models import Gathering, GatheringKind, Registration, RegistrationStep
from patenwerk.gatherings.policy import ORGANISE, SEE_GATHERING
from patenwerk.gatherings.queries.gathering import mine
from patenwerk.organisations.models import Account, Programme

SALT = "gatherings.calendar"
HAND = 16
"""So many signs of the account's session hash make its calendar's address end with the password."""


def calendar_token(account: Account) -> str:
    """What opens an account's calendar without a login, until it gets a new password."""
    said = {"account": account.pk, "hash": account.get_session_auth_hash()[:HAND]}
    return signed_token(said, purpose=SALT)


def account_of(token: str) -> Account | None:
    """The account whose calendar a token opens; None for other words and closed accounts."""
    said = said_by(token, purpose=SALT)
    account = Account.objects.filter(pk=said.get("account", 0), is_active=True).first()
    if account is None or account.get_session_auth_hash()[:HAND] != said["hash"]:
        return None
    return account


def calendar_address(account: Account) -> str:
    """The full address of an account's calendar."""
    return page_address("gatherings:own_calendar", calendar_token(account))


def own_gatherings(actor: Actor) -> list[Gathering]:
    """The gatherings the actor is registered for or organises, once others know of them."""
    rows = Gathering.objects.filter(mine(actor), state__in=KNOWN)
    return list(_for_calendar(rows))


def own_gatherings_of_kind(actor: Actor, kind: GatheringKind) -> list[Gathering]:
    """All gatherings of a kind that the actor sees, once others know of them."""
    rows = Gathering.objects.filter(visible(actor, SEE_GATHERING, Gathering), kind=kind)
    return list(_for_calendar(rows.filter(state__in=KNOWN)))


def may_join(actor: Actor, gatherings: Iterable[Gathering]) -> frozenset[int]:
    """The ids of the gatherings whose link to join is the actor's: with a seat, or organised."""
    ids = [gathering.pk for gathering in gatherings]
    seated = Registration.objects.filter(
        account__isnull=False, account=actor.user_id, state=Seat.SEATED, gathering__in=ids
    ).values_list("gathering_id", flat=True)
    own = Gathering.objects.filter(visible(actor, ORGANISE, Gathering), pk__in=ids)
    return frozenset(seated) | frozenset(own.values_list("pk", flat=True))


def entries(
    gatherings: Sequence[Gathering], *, joins: Iterable[int] = (), is_public: bool, language: str
) -> list[Entry]:
    """The calendar entries of gatherings; ``joins`` are the ids whose link to join is shown.

    Needs ``kind``. Links lead to the public pages, or to those behind the login.
    """
    shown = frozenset(joins)
    return [
        entry_of(
            gathering,
            url=page_of(gathering, is_public=is_public),
            joins=gathering.pk in shown,
            language=language,
        )
        for gathering in gatherings
    ]


def entry_of(
    gathering: Gathering, *, url: str, joins: bool, language: str, is_cancelled: bool = False
) -> Entry:
    """One gathering as a calendar entry. Needs ``kind``.

    ``is_cancelled`` is for one reader to whom the gathering is over: the seat was given up.
    """
    is_cancelled = is_cancelled or gathering.state == State.CANCELLED
    place = ", ".join(part for part in (gathering.place_name, gathering.address) if part)
    return Entry(
        uid=str(gathering.uid),
        sequence=gathering.sequence,
        title=gathering.title,
        starts_at=gathering.starts_at,
        ends_at=gathering.ends_at,
        changed_at=gathering.changed_at,
        created_at=gathering.created_at,
        url=url,
        text=gathering.cancel_reason or gathering.about,
        place=place or _("online"),
        join_link=gathering.join_link if joins and not is_cancelled else "",
        kind=gathering.kind.name_in(language),
        is_cancelled=is_cancelled,
    )


def page_of(gathering: Gathering, *, is_public: bool) -> str:
    """The full address of a gathering's page: the public one where there is one and it is meant."""
    open_to_all = is_public and gathering.audience == Audience.PUBLIC
    name = "gatherings:public" if open_to_all else "gatherings:gathering"
    return page_address(name, gathering.pk)


def changed_in(programme: Programme) -> datetime:
    """When something last changed in a programme's gatherings, also in one no longer shown."""
    rows = Gathering.objects.filter(programme=programme)
    latest: datetime | None = rows.aggregate(latest=Max("changed_at"))["latest"]
    return latest or programme.created_at


def changed_for(account: Account, gatherings: Iterable[Gathering]) -> datetime:
    """When something last changed in an account's calendar: an entry, or its registrations."""
    steps = RegistrationStep.objects.filter(registration__account=account)
    latest: datetime | None = steps.aggregate(latest=Max("at"))["latest"]
    moments = [gathering.changed_at for gathering in gatherings]
    return max([account.created_at, *moments, *([latest] if latest else [])])


def calendar_panel(
    actor: Actor,
    ids: Sequence[int],
    on: date,  # noqa: ARG001 - every panel is asked for a day
) -> dict[int, dict[str, str]]:
    """The address of one's own calendar, for one's own account page."""
    accounts = Account.objects.filter(pk__in=[pk for pk in ids if pk == actor.user_id])
    return {account.pk: {"address": calendar_address(account)} for account in accounts}


def _for_calendar(rows: QuerySet[Gathering]) -> QuerySet[Gathering]:
    return rows.select_related("kind").order_by("starts_at", "pk")
