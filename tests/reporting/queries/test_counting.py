"""Verdicts over many tandems: the same everywhere, in constant queries, at Berlin's midnight."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.organisations.models import Site
from patenwerk.reporting.queries.counting import counted_tandems, counting_panel, reachable
from patenwerk.reporting.queries.tables import figures_for, missing_in_words
from patenwerk.tandems.enums import EndReason
from patenwerk.tandems.models import Meeting, Tandem
from tests.factories.organisations import (
    FocusFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
    actor,
    coordinator,
    manager,
    office,
)
from tests.factories.reporting import ended, meets, rule_for, tandems_at
from tests.factories.tandems import (
    MeetingFactory,
    ParticipantFactory,
    TandemFactory,
    group_of,
    tandem_of,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


def standing(tandem: Tandem, on: date = TODAY) -> dict[int, tuple[bool, str]]:
    """Per year whether it counts and as what."""
    (one,) = counted_tandems(Tandem.objects.filter(pk=tandem.pk), on)
    return {each.year: (each.counts, each.standing.value) for each in one.verdicts}


def test_a_tandem_counts_as_new_once_and_then_as_continued(site: Site) -> None:
    (tandem,) = tandems_at(site, 1, founded_on=date(2024, 5, 1))
    meets(tandem, date(2026, 2, 1))
    assert standing(tandem) == {
        2024: (True, "founded"),
        2025: (False, "continued"),
        2026: (True, "continued"),
    }


def test_the_year_begins_at_midnight_in_germany(site: Site) -> None:
    (old,) = tandems_at(site, 1, founded_on=date(2025, 12, 31))
    (new,) = tandems_at(site, 1, founded_on=date(2026, 1, 1))
    assert standing(old)[2025] == (True, "founded")
    assert set(standing(new)) == {2026}


def test_what_happens_after_the_day_is_not_looked_at(site: Site) -> None:
    (tandem,) = tandems_at(site, 1, founded_on=date(2026, 11, 1))
    assert standing(tandem, on=date(2026, 10, 31)) == {2026: (False, "none")}
    assert standing(tandem)[2026] == (True, "founded")


def test_meetings_length_and_minutes_of_the_programme_s_rule(site: Site) -> None:
    kind = TandemKindFactory.create(programme=site.programme)
    foreign = TandemKindFactory.create()
    rule_for(kind, meetings=2, minutes=30, days=40, grace_days=0, continues=False)
    rule_for(foreign, meetings=9)
    (tandem,) = tandems_at(site, 1, founded_on=date(2026, 9, 1), kind=kind)
    assert standing(tandem)[2026] == (False, "founded")
    meets(tandem, date(2026, 9, 20), minutes=20)
    assert standing(tandem)[2026] == (False, "founded")
    meets(tandem, date(2026, 9, 21), minutes=30)
    assert standing(tandem)[2026] == (True, "founded")
    assert standing(tandem, on=date(2026, 10, 10))[2026] == (False, "founded")
    assert standing(tandem, on=date(2026, 10, 11))[2026] == (True, "founded")


def test_a_no_before_the_first_meeting_is_told_from_an_end_after_it(site: Site) -> None:
    declined = ended(tandem_of(site=site, meetings=()), date(2026, 5, 1), EndReason.DECLINED)
    parted = ended(
        tandems_at(site, 1, founded_on=date(2026, 3, 1))[0], date(2026, 5, 1), EndReason.DECLINED
    )
    assert standing(declined) == {2026: (False, "none")}
    assert standing(parted) == {2026: (True, "founded")}
    panel = counting_panel(actor(coordinator(site)), [declined.pk], TODAY)[declined.pk]
    assert [line.sentence for line in panel["years"][0].lines] == [
        "Eine Seite hat zum Vorschlag Nein gesagt."
    ]


def test_queries_do_not_grow_with_the_tandems(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in (1, 2):
        tandems_at(site, number, founded_on=date(2026, 3, 1))
        with django_assert_num_queries(5):
            assert counted_tandems(Tandem.objects.filter(site=site), TODAY)


def test_two_thousand_tandems_cost_five_queries(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    words = {
        "kind": TandemKindFactory.create(programme=site.programme),
        "focus": FocusFactory.create(programme=site.programme),
        "field": SupportFieldFactory.create(programme=site.programme),
    }
    days = [date(2025, month, 5) for month in range(1, 13)]
    rows = Tandem.objects.bulk_create(
        TandemFactory.build(
            site=site,
            carrier=site.carrier,
            programme=site.programme,
            founded_on=days[0],
            last_meeting_on=days[-1],
            meeting_count=len(days),
            **words,
        )
        for _one in range(2000)
    )
    Meeting.objects.bulk_create(
        MeetingFactory.build(
            tandem=row, site=site, carrier=site.carrier, programme=site.programme, held_on=day
        )
        for row in rows
        for day in days
    )
    with django_assert_num_queries(5):
        assert len(counted_tandems(Tandem.objects.filter(site=site), TODAY)) == 2000


def test_who_reaches_which_tandems(site: Site) -> None:
    sibling = SiteFactory.create(carrier=site.carrier)
    colleague = SiteFactory.create(carrier__programme=site.programme)
    abroad = SiteFactory.create()
    own, near, other, foreign = (
        tandems_at(place, 1, founded_on=date(2026, 3, 1))[0]
        for place in (site, sibling, colleague, abroad)
    )
    assert set(reachable(actor(coordinator(site)))) == {own}
    assert set(reachable(actor(manager(site.carrier)))) == {own, near}
    assert set(reachable(actor(office(site.programme)))) == set()
    everybody = [own.pk, near.pk, other.pk, foreign.pk]
    assert set(counting_panel(actor(coordinator(site)), everybody, TODAY)) == {own.pk}
    assert set(counting_panel(actor(manager(site.carrier)), everybody, TODAY)) == {own.pk, near.pk}
    assert counting_panel(actor(office(site.programme)), everybody, TODAY) == {}


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_tandem_s_page_agrees_with_the_tables(site: Site, year: int) -> None:
    kind = TandemKindFactory.create(programme=site.programme)
    rule_for(kind, meetings=2, days=30)
    for founded, more in (
        (date(2024, 3, 1), [date(2024, 4, 1), date(2025, 1, 1), date(2026, 6, 1)]),
        (date(2024, 12, 31), [date(2025, 1, 1)]),
        (date(2025, 5, 1), [date(2025, 6, 1)]),
        (date(2026, 11, 1), [date(2026, 11, 8)]),
        (date(2026, 6, 1), []),
    ):
        meets(tandems_at(site, 1, founded_on=founded, kind=kind)[0], *more)
    member = actor(coordinator(site))
    found = figures_for(member, on=TODAY, year=year, language="de")
    panels = counting_panel(member, list(Tandem.objects.values_list("pk", flat=True)), TODAY)
    counting = {
        pk: each.headline
        for pk, panel in panels.items()
        for each in panel["years"]
        if each.year == year and each.counts
    }
    assert set(counting) == found.pks
    assert found.here.founded == sum(said == "zählt als neu" for said in counting.values())
    assert found.here.continued == sum(
        said == "zählt als fortgeführt" for said in counting.values()
    )
    assert found.here.total == len(found.pks)
    for table in found.breakdowns:
        assert sum(group.total for group in table.groups) == found.here.total, table.by


def test_what_is_missing_is_named_and_what_can_never_come_is_not(site: Site) -> None:
    kind = TandemKindFactory.create(programme=site.programme)
    rule_for(kind, meetings=2, continues=False)
    here = tandem_of(site=site, kind=kind, meetings=(date(2026, 5, 1),))
    over = ended(tandem_of(site=site, kind=kind, meetings=(date(2026, 4, 1),)), date(2026, 6, 1))
    tandem_of(site=site, kind=kind, meetings=(date(2025, 4, 1), date(2025, 5, 1)))
    tandem_of(site=site, kind=kind, meetings=())
    member = actor(coordinator(site))
    found = figures_for(member, on=TODAY, year=2026, language="de")
    assert [one.counted.pk for one in found.missing] == [here.pk, over.pk]
    said = missing_in_words(member, found.missing)
    assert [(each.pk, len(each.sentences)) for each in said] == [(here.pk, 1), (over.pk, 1)]
    assert "Mindestens 2 Treffen" in said[0].sentences[0]
    assert missing_in_words(actor(office(site.programme)), found.missing) == []


def test_a_site_without_a_land_is_not_lost(site: Site) -> None:
    Site.objects.filter(pk=site.pk).update(land="")
    tandems_at(site, 2, founded_on=date(2026, 5, 1))
    found = figures_for(actor(coordinator(site)), on=TODAY, year=2026, language="de")
    lands = next(table for table in found.breakdowns if table.by == "land")
    assert [(group.name, group.founded) for group in lands.groups] == [("nicht bekannt", 2)]


def test_a_group_stands_once_or_once_for_each_mentee_with_its_name(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    kind = TandemKindFactory.create(programme=site.programme, most_mentees=5)
    group = group_of(site, 3, kind=kind)
    meets(group, date(2026, 10, 10))
    (held,) = group.meetings.all()
    ali, bea, cem = group.participants.filter(side="mentee").order_by("pk")
    mentor = group.participants.get(side="mentor")
    held.came.set([mentor, ali, bea])
    member = actor(coordinator(site))
    figures = figures_for(member, on=TODAY, year=2026, language="de")
    assert (figures.here.founded, figures.pks) == (1, frozenset({group.pk}))

    rule_for(kind, meetings=1, each_mentee=True)
    with django_assert_num_queries(6):
        found = counted_tandems(Tandem.objects.filter(pk=group.pk), TODAY)
    assert [(one.pk, one.mentee) for one in found] == [(group.pk, ali.pk), (group.pk, bea.pk)]
    figures = figures_for(member, on=TODAY, year=2026, language="de")
    assert (figures.here.founded, figures.pks) == (2, frozenset({group.pk}))
    panel = counting_panel(member, [group.pk], TODAY)[group.pk]
    assert [(year.who, year.counts) for year in panel["years"]] == sorted(
        (row.person.first_name, True) for row in (ali, bea)
    )
    assert cem.person.first_name not in {year.who for year in panel["years"]} - {
        ali.person.first_name,
        bea.person.first_name,
    }


def test_who_lacks_a_meeting_in_a_group_is_named(site: Site) -> None:
    kind = TandemKindFactory.create(programme=site.programme, most_mentees=5)
    rule_for(kind, meetings=2, each_mentee=True)
    group = group_of(site, 2, kind=kind)
    meets(group, date(2026, 10, 10))
    meets(group, date(2026, 10, 17))
    first, second = group.participants.filter(side="mentee").order_by("pk")
    for held in group.meetings.all():
        held.came.add(first)
    group.meetings.order_by("held_on")[0].came.add(second)
    member = actor(coordinator(site))
    found = figures_for(member, on=TODAY, year=2026, language="de")
    assert found.here.founded == 1
    (said,) = missing_in_words(member, found.missing)
    assert said.pk == group.pk
    assert said.names.endswith(f": {second.person.first_name}")


def test_who_left_and_came_back_is_one_mentee(site: Site) -> None:
    kind = TandemKindFactory.create(programme=site.programme, most_mentees=5)
    rule_for(kind, meetings=2, each_mentee=True)
    group = group_of(site, 2, kind=kind)
    meets(group, date(2026, 10, 10))
    meets(group, date(2026, 11, 10))
    first, _second = group.participants.filter(side="mentee").order_by("pk")
    first.left_on = date(2026, 10, 12)
    first.save()
    back = ParticipantFactory.create(
        tandem=group,
        person=first.person,
        joined_on=date(2026, 11, 1),
        acceptance="accepted",
        answered_on=date(2026, 11, 1),
    )
    for held, row in zip(group.meetings.order_by("held_on"), (first, back), strict=True):
        held.came.add(row)
    (one,) = counted_tandems(Tandem.objects.filter(pk=group.pk), TODAY)
    assert (one.mentee, [each.counts for each in one.verdicts]) == (first.pk, [True])
