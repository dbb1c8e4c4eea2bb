"""Rounds and suggestions for tests: rows as the domain would have written them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import factory

from patenwerk.matching.domain.round_figures import counted, published
from patenwerk.matching.enums import NeverReason, RoundState
from patenwerk.matching.kernel.codes import Changed, Why
from patenwerk.matching.models import (
    LeftOverPerson,
    MatchingSettings,
    NeverAgain,
    ProgrammeRound,
    Replay,
    Round,
    Suggestion,
    SuggestionChange,
)
from patenwerk.organisations.models import Programme, Site
from patenwerk.people.models import Person
from patenwerk.tandems.domain.tandem import TandemValues
from tests.factories.organisations import (
    CarrierFactory,
    FocusFactory,
    ProgrammeFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
)
from tests.factories.people import ConsentFactory, MenteeFactory, MentorFactory

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

REASONS: list[dict[str, object]] = [
    {"code": "distance", "value": ["about", 6]},
    {"code": "languages", "value": [["ar", 7], ["de", 3]]},
    {"code": "free_time", "value": [8]},
    {"code": "fields", "value": []},
    {"code": "interests", "value": ["kochen"]},
    {"code": "dislikes", "value": []},
    {"code": "expected_length", "value": [12, 6]},
    {"code": "waiting", "value": [10, 83]},
]


class RoundFactory(factory.django.DjangoModelFactory[Round]):
    """A round of a site, or of a carrier with ``site=None``; add its ``sites`` by hand then."""

    class Meta:
        model = Round
        skip_postgeneration_save = True

    site = factory.SubFactory(SiteFactory)
    carrier = factory.SelfAttribute("site.carrier")
    programme = factory.SelfAttribute("carrier.programme")
    state = RoundState.READY
    created_at = AT

    @factory.post_generation
    def of_its_site(self, create: object, extracted: object, **kwargs: object) -> None:
        made: Any = self
        if made.site is not None:
            made.sites.add(made.site)


def _waiting(came: int, placed: int, mean: float) -> dict[str, object]:
    still = came - placed
    return {
        "came": came,
        "placed": placed,
        "mean": mean,
        "median": mean,
        "still": still,
        "still_mean": 40.0 if still else None,
        "gone": 0,
        "overall": mean + 5,
    }


FIGURES: list[dict[str, object]] = [
    {
        "every": every,
        "runs": runs,
        "pairs": pairs,
        "mentees": _waiting(32, pairs, waited),
        "mentors": _waiting(30, pairs, waited - 1),
        "fit": {"value": 0.71, "of": pairs},
        "km": {"value": 4.2, "of": pairs},
    }
    for every, runs, pairs, waited in ((1, 365, 26, 10.4), (30, 12, 24, 26.1), (None, 1, 28, 87.0))
]


class ReplayFactory(factory.django.DjangoModelFactory[Replay]):
    """A replay of a site, or of a carrier with ``site=None``."""

    class Meta:
        model = Replay

    site = factory.SubFactory(SiteFactory)
    carrier = factory.SelfAttribute("site.carrier")
    programme = factory.SelfAttribute("carrier.programme")
    first_day = date(2025, 11, 23)
    last_day = date(2026, 11, 23)
    state = RoundState.READY
    figures = factory.LazyFunction(lambda: [dict(entry) for entry in FIGURES])
    created_at = AT


class ProgrammeRoundFactory(factory.django.DjangoModelFactory[ProgrammeRound]):
    """A finished round over all carriers in which nobody took part."""

    class Meta:
        model = ProgrammeRound

    programme = factory.SubFactory(ProgrammeFactory)
    state = RoundState.READY
    minimum_cell = 5
    published = factory.LazyFunction(lambda: published(counted([], [], [], minimum=5), 5))
    created_at = AT


class SuggestionFactory(factory.django.DjangoModelFactory[Suggestion]):
    class Meta:
        model = Suggestion

    mentee = factory.SubFactory(MenteeFactory)
    mentor = factory.SubFactory(MentorFactory, site=factory.SelfAttribute("..mentee.site"))
    round = factory.SubFactory(RoundFactory, site=factory.SelfAttribute("..mentee.site"))
    site = factory.SelfAttribute("mentee.site")
    carrier = factory.SelfAttribute("mentee.carrier")
    programme = factory.SelfAttribute("mentee.programme")
    reasons = factory.LazyFunction(lambda: [dict(reason) for reason in REASONS])
    position = factory.Sequence(int)


class SuggestionChangeFactory(factory.django.DjangoModelFactory[SuggestionChange]):
    """Somebody has another mentor than before, who fits better."""

    class Meta:
        model = SuggestionChange

    mentee = factory.SubFactory(MenteeFactory)
    before = factory.SubFactory(MentorFactory, site=factory.SelfAttribute("..mentee.site"))
    now = factory.SubFactory(MentorFactory, site=factory.SelfAttribute("..mentee.site"))
    round = factory.SubFactory(RoundFactory, site=factory.SelfAttribute("..mentee.site"), kept=0)
    site = factory.SelfAttribute("mentee.site")
    carrier = factory.SelfAttribute("mentee.carrier")
    programme = factory.SelfAttribute("mentee.programme")
    why = Changed.BETTER
    position = factory.Sequence(int)


class LeftOverFactory(factory.django.DjangoModelFactory[LeftOverPerson]):
    class Meta:
        model = LeftOverPerson

    person = factory.SubFactory(MenteeFactory)
    round = factory.SubFactory(RoundFactory, site=factory.SelfAttribute("..person.site"))
    site = factory.SelfAttribute("person.site")
    carrier = factory.SelfAttribute("person.carrier")
    programme = factory.SelfAttribute("person.programme")
    why = Why.NONE_FEASIBLE
    limits = factory.LazyFunction(lambda: ["free_time"])
    opens = 2
    excluded = factory.LazyFunction(lambda: {"free_time": 2})
    position = factory.Sequence(int)


class NeverAgainFactory(factory.django.DjangoModelFactory[NeverAgain]):
    class Meta:
        model = NeverAgain

    mentee = factory.SubFactory(MenteeFactory)
    mentor = factory.SubFactory(MentorFactory, site=factory.SelfAttribute("..mentee.site"))
    site = factory.SelfAttribute("mentee.site")
    carrier = factory.SelfAttribute("mentee.carrier")
    programme = factory.SelfAttribute("mentee.programme")
    reason = NeverReason.WISH
    set_at = AT


class MatchingSettingsFactory(factory.django.DjangoModelFactory[MatchingSettings]):
    class Meta:
        model = MatchingSettings

    carrier = factory.SubFactory(CarrierFactory)
    programme = factory.SelfAttribute("carrier.programme")


def decision(site: Site, *, why: str = "") -> TandemValues:
    """What a coordinator of the site decides besides the two people."""
    programme = site.programme
    return TandemValues(
        kind=TandemKindFactory.create(programme=programme),
        focus=FocusFactory.create(programme=programme),
        field=SupportFieldFactory.create(programme=programme),
        why=why,
    )


def pair_at(site: Site) -> tuple[Person, Person]:
    """A mentor and a mentee of a site who fit."""
    return MentorFactory.create(site=site), MenteeFactory.create(site=site)


def pair_across(programme: Programme) -> tuple[Person, Person]:
    """A mentor and a mentee of two carriers who fit and have consented to be found."""
    mentor, mentee = (
        make.create(site=SiteFactory.create(carrier=CarrierFactory.create(programme=programme)))
        for make in (MentorFactory, MenteeFactory)
    )
    for person in (mentor, mentee):
        ConsentFactory.create(person=person)
    return mentor, mentee


def suggestion_across(programme: Programme, **said: Any) -> Suggestion:
    """A suggestion of a round over all carriers, as its two sites have it."""
    mentor, mentee = pair_across(programme)
    over_all = ProgrammeRoundFactory.create(programme=programme)
    part = RoundFactory.create(site=mentee.site, programme_round=over_all)
    return SuggestionFactory.create(mentor=mentor, mentee=mentee, round=part, **said)
