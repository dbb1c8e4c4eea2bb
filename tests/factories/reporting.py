"""Rules, yearly figures and releases for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from django.db import transaction

from patenwerk.core.disclosure.publication import (
    Publication,
    PublishedTable,
    PublishedTotals,
)
from patenwerk.core.policy import Actor
from patenwerk.organisations.models import Programme, Site, TandemKind
from patenwerk.reporting.domain.release import (
    calculated_tables,
    draft_release,
    publish_release,
    store_draft,
)
from patenwerk.reporting.models import CountingRule, KindRule, Release, YearlyFigure
from patenwerk.tandems.enums import EndReason, State
from patenwerk.tandems.models import Meeting, Tandem
from tests.factories.organisations import (
    CREATED,
    FocusFactory,
    ProgrammeFactory,
    SupportFieldFactory,
    TandemKindFactory,
)
from tests.factories.tandems import MeetingFactory, TandemFactory

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
NOBODY = Actor(user_id=None)


class CountingRuleFactory(factory.django.DjangoModelFactory[CountingRule]):
    class Meta:
        model = CountingRule

    programme = factory.SubFactory(ProgrammeFactory)
    number = 1
    valid_from = date(2016, 1, 1)
    created_at = CREATED


class KindRuleFactory(factory.django.DjangoModelFactory[KindRule]):
    class Meta:
        model = KindRule

    rule = factory.SubFactory(CountingRuleFactory)
    programme = factory.SelfAttribute("rule.programme")
    kind = factory.SubFactory(TandemKindFactory, programme=factory.SelfAttribute("..programme"))


class YearlyFigureFactory(factory.django.DjangoModelFactory[YearlyFigure]):
    class Meta:
        model = YearlyFigure

    programme = factory.SubFactory(ProgrammeFactory)
    year = 2024
    dimension = "total"
    count = 40
    imported_at = CREATED


def tandems_at(site: Site, number: int, *, founded_on: date, **fields: Any) -> list[Tandem]:
    """So many tandems of a site with one meeting each; figures need no people."""
    words = {
        "kind": fields.pop("kind", None) or TandemKindFactory.create(programme=site.programme),
        "focus": fields.pop("focus", None) or FocusFactory.create(programme=site.programme),
        "field": fields.pop("field", None) or SupportFieldFactory.create(programme=site.programme),
    }
    made = [
        TandemFactory.create(
            site=site,
            state=State.ACTIVE,
            founded_on=founded_on,
            last_meeting_on=founded_on,
            meeting_count=1,
            **words,
            **fields,
        )
        for _one in range(number)
    ]
    for tandem in made:
        MeetingFactory.create(tandem=tandem, held_on=founded_on)
    return made


def ended(tandem: Tandem, on: date, reason: EndReason = EndReason.TIME_OVER) -> Tandem:
    """The same tandem, ended."""
    tandem.state, tandem.ended_on, tandem.end_reason = State.ENDED, on, reason
    tandem.save()
    return tandem


def meets(tandem: Tandem, *days: date, minutes: int = 60) -> list[Meeting]:
    """Further meetings, told to the tandem as well."""
    made = [MeetingFactory.create(tandem=tandem, held_on=day, minutes=minutes) for day in days]
    tandem.meeting_count += len(days)
    tandem.founded_on = min(filter(None, [tandem.founded_on, *days]))
    tandem.last_meeting_on = max(filter(None, [tandem.last_meeting_on, *days]))
    tandem.save()
    return made


def drafted(programme: Programme, *, as_of: date = date(2026, 10, 31), **said: Any) -> Release:
    """A draft with its tables, calculated at once."""
    with transaction.atomic():
        release = draft_release(programme=programme, as_of=as_of, by=NOBODY, at=AT, **said)
    protected, number = calculated_tables(release=release, progress=lambda *_told: None)
    with transaction.atomic():
        store_draft(release=release, protected=protected, rule_number=number)
    release.refresh_from_db()
    return release


def published(programme: Programme, *, as_of: date = date(2026, 10, 31), **said: Any) -> Release:
    """A published release of the programme's figures."""
    draft = drafted(programme, as_of=as_of, **said)
    with transaction.atomic():
        return publish_release(release=draft, by=NOBODY, at=AT + timedelta(hours=1))


def release_at(site: Site, word: str) -> Release:
    """A published release whose note holds the word; several in one programme differ in their day.

    It has no figures: for tests that ask who sees it.
    """
    before = Release.objects.filter(programme=site.programme).count()
    tables = [
        PublishedTable(name, (), (), (), (), (), 0, (), (), ())
        for name in ("land", "focus", "carrier")
    ]
    empty = Publication("2026-09-01", 5, PublishedTotals((), (), (), (), 0), tuple(tables))
    return Release.objects.create(
        programme=site.programme,
        as_of=date(2026, 9, 1) + timedelta(days=before),
        settled_through=2025,
        state="published",
        notes=word,
        rule_number=1,
        minimum_cell=5,
        published=empty.to_json(),
        created_at=AT,
        published_at=AT,
    )


def rule_for(kind: TandemKind, **asked: Any) -> KindRule:
    """The programme's first version, for one kind."""
    rule = CountingRuleFactory.create(programme=kind.programme)
    return KindRuleFactory.create(rule=rule, kind=kind, **asked)
