"""Newcomers, who has consented to be found by other carriers, and a round over all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from patenwerk.core.clock import day_of
from patenwerk.demo.domain.families import who_says_so
from patenwerk.demo.domain.organisations import Stage
from patenwerk.demo.kernel.crowd import SITES, Crowd
from patenwerk.demo.kernel.dice import Dice
from patenwerk.jobs.domain.run import run
from patenwerk.matching.domain.programme_round import start_programme_round
from patenwerk.people.domain.consent import give_consent
from patenwerk.people.domain.person import take_rows
from patenwerk.people.domain.person_values import PersonValues
from patenwerk.people.enums import ConsentPurpose, GivenBy, Level, Side
from patenwerk.people.kernel.consents import OWN_INSIGHT_FROM
from patenwerk.people.kernel.profile import DAYS, free_time_bit
from patenwerk.people.kernel.validity import age_on
from patenwerk.people.models import Person
from patenwerk.people.queries.activity import running

AGREE, OF = 4, 5
"""So many of so many who are asked say yes."""

AFTERNOONS = sum(free_time_bit(day, part) for day in range(DAYS) for part in (1, 2))


@dataclass(frozen=True, slots=True)
class Group:
    """Several people who come to a site at once; ``lives_at`` where they do not live there."""

    site: str
    side: Side
    languages: Mapping[str, Level]
    people: int
    lives_at: str = ""


NEWCOMERS = (
    # Hardly anybody speaks it there: the round has something to say about what would help.
    Group("Berlin-Neukölln", Side.MENTEE, {"ar": Level.NATIVE, "de": Level.A1}, 32),
    Group("Essen", Side.MENTEE, {"uk": Level.NATIVE, "de": Level.A1}, 14),
    # Who has moved is known at the old site only: these pairs are found over all carriers.
    Group("Leipzig-Lindenau", Side.MENTEE, {"ti": Level.NATIVE, "de": Level.A1}, 3),
    Group("Stuttgart", Side.MENTOR, {"de": Level.NATIVE, "ti": Level.C1}, 3, "04177"),
    Group("Magdeburg", Side.MENTEE, {"so": Level.NATIVE, "de": Level.B1}, 3, "04177"),
)


def newcomers_arrive(stage: Stage, on: date, at: datetime) -> None:
    """Groups have asked for somebody, and volunteers have moved; all have much time."""
    crowd = Crowd(Dice(f"newcomers {on}"), on)
    for group in NEWCOMERS:
        place = next(place for place, site in enumerate(SITES) if site.name == group.site)
        values = {
            "file_id": "",
            "postcode": group.lives_at or SITES[place].postcode,
            "languages": dict(group.languages),
            "free_times": AFTERNOONS,
            "furthest_km": 25,
        }
        plans = [
            crowd.join(place, group.side, before=on, minor=False) for _one in range(group.people)
        ]
        take_rows(
            site=stage.sites[place],
            side=group.side,
            new=[PersonValues(**{**plan.values, **values}) for plan in plans],  # type: ignore[arg-type]
            changed={},
            by=stage.coordinators[place],
            at=at,
        )


def ask_who_waits(stage: Stage, at: datetime) -> None:
    """The sites ask whoever waits; most say yes, for children a guardian does."""
    coordinators = {site.pk: by for site, by in zip(stage.sites, stage.coordinators, strict=True)}
    people = Person.objects.filter(programme=stage.programme, archived_at__isnull=True)
    asked = people.exclude(running()).order_by("pk")
    on = day_of(at)
    for place, person in enumerate(asked):
        if place % OF < AGREE:
            born = person.birth_date
            is_child = born is not None and age_on(born, on) < OWN_INSIGHT_FROM
            give_consent(
                person=person,
                purpose=ConsentPurpose.OTHER_CARRIERS,
                given_by=GivenBy.GUARDIAN if is_child else GivenBy.SELF,
                guardians=who_says_so(person) if is_child else [],
                given_on=on,
                by=coordinators[person.site_id],
                at=at,
            )


def match_over_all_carriers(stage: Stage, at: datetime) -> None:
    """The programme's office starts a round; its pairs wait at their sites."""
    started = start_programme_round(programme=stage.programme, by=stage.office, at=at)
    if started.job_id is not None:
        run(job_id=started.job_id, clock=lambda: at)
