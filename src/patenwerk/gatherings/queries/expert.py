"""The directory of experts, and the signed links by which they speak for themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from patenwerk.core.links import said_by, signed_token
from patenwerk.core.policy import Actor, visible
from patenwerk.core.registrations import SearchHit
from patenwerk.core.sheets.words import fold
from patenwerk.gatherings.enums import AHEAD, ContributionState, Sector
from patenwerk.gatherings.models import Contribution, Expert, Gathering
from patenwerk.gatherings.policy import EDIT_EXPERT, ORGANISE, SEE_EXPERT
from patenwerk.organisations.models import SupportField

EXPERT_SALT = "gatherings.expert"
CONTRIBUTION_SALT = "gatherings.contribution"

IN_DIRECTORY = Q(consented_on__isnull=False, withdrawn_on__isnull=True)
ASKED = Q(consented_on__isnull=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertFilter:
    """What the directory is narrowed to; None and the empty text narrow nothing."""

    text: str = ""
    sector: Sector | None = None
    field: str = ""


def experts(actor: Actor, filters: ExpertFilter) -> QuerySet[Expert]:
    """Those in the directory, each with ``held_count``, found by the beginnings of words.

    Name, organisation, topics and what they say of themselves are searched, whatever the umlauts.
    """
    found = Expert.objects.filter(IN_DIRECTORY, visible(actor, SEE_EXPERT, Expert))
    for word in fold(filters.text).split():
        found = found.filter(words__contains=f" {word}")
    if filters.sector is not None:
        found = found.filter(sector=filters.sector)
    if filters.field:
        # A subquery instead of a join: nobody appears twice.
        fitting = Expert.objects.filter(fields__code=filters.field).values("pk")
        found = found.filter(pk__in=fitting)
    held = Count("contributions", filter=Q(contributions__state=ContributionState.HELD))
    return (
        found.annotate(held_count=held)
        .select_related("recommended_by")
        .prefetch_related("fields")
        .order_by("name", "pk")
    )


def experts_found(actor: Actor, text: str, limit: int) -> Sequence[SearchHit]:
    """Those in the directory by name, organisation or topic, for the search over everything."""
    return [
        SearchHit(
            label=expert.name,
            hint=" · ".join(
                part for part in (expert.organisation, ", ".join(expert.topics)) if part
            ),
            url=reverse("gatherings:expert", args=[expert.pk]),
            icon="graduation-cap",
        )
        for expert in experts(actor, ExpertFilter(text=text))[:limit]
    ]


def asked_experts(actor: Actor) -> QuerySet[Expert]:
    """Those who were asked and have not answered, for those who keep the directory."""
    return Expert.objects.filter(ASKED, visible(actor, EDIT_EXPERT, Expert)).select_related(
        "recommended_by"
    )


def known_experts(actor: Actor) -> QuerySet[Expert]:
    """The rows that have a page: the directory, and for its keepers who was asked."""
    asked = ASKED & visible(actor, EDIT_EXPERT, Expert)
    return Expert.objects.filter(
        IN_DIRECTORY | asked, visible(actor, SEE_EXPERT, Expert)
    ).select_related("recommended_by")


def contributions_of(actor: Actor, expert: Expert) -> QuerySet[Contribution]:
    """What an expert gave or agreed to; invitations only at gatherings the actor organises."""
    told = Q(state__in=[ContributionState.HELD, ContributionState.ACCEPTED])
    own = visible(actor, ORGANISE, Contribution)
    return Contribution.objects.filter(
        told | own, visible(actor, SEE_EXPERT, Contribution), expert=expert
    ).select_related("gathering")


def gatherings_to_invite_to(actor: Actor, expert: Expert) -> QuerySet[Gathering]:
    """The gatherings ahead that the actor organises in the expert's programme."""
    return Gathering.objects.filter(
        visible(actor, ORGANISE, Gathering), state__in=AHEAD, programme=expert.programme_id
    ).order_by("starts_at", "pk")


def directory_fields(actor: Actor) -> QuerySet[SupportField]:
    """The fields of support by which the directory can be narrowed."""
    programmes = Expert.objects.filter(visible(actor, SEE_EXPERT, Expert)).order_by()
    return SupportField.objects.filter(programme__in=programmes.values("programme_id"))


def expert_token(expert: Expert) -> str:
    """What opens an expert's own entry without a login; the state decides what can be done."""
    return signed_token({"expert": expert.pk}, purpose=EXPERT_SALT)


def expert_of(token: str) -> Expert | None:
    """The entry a link belongs to, until it was emptied; nothing for words not signed here."""
    pk = said_by(token, purpose=EXPERT_SALT).get("expert", 0)
    rows = Expert.objects.select_related("programme", "recommended_by")
    return rows.filter(pk=pk, withdrawn_on__isnull=True).first()


def contribution_token(contribution: Contribution) -> str:
    """What opens an invitation to contribute without a login."""
    return signed_token({"contribution": contribution.pk}, purpose=CONTRIBUTION_SALT)


def contribution_of(token: str) -> Contribution | None:
    """The invitation a link belongs to; nothing for words that were not signed here."""
    pk = said_by(token, purpose=CONTRIBUTION_SALT).get("contribution", 0)
    rows = Contribution.objects.select_related("programme", "expert", "gathering")
    return rows.filter(pk=pk, gathering__isnull=False, expert__withdrawn_on__isnull=True).first()
