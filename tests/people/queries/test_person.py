"""Lists of people: exactly those the grants reach, found whatever the umlauts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db.models import Q
from pytest_django import DjangoAssertNumQueries

from patenwerk.core.policy import Actor
from patenwerk.organisations.models import Site
from patenwerk.people.domain.person import search_text
from patenwerk.people.enums import Gender, Level, Side
from patenwerk.people.models import Person
from patenwerk.people.queries import activity
from patenwerk.people.queries.cards import record_check_card
from patenwerk.people.queries.person import (
    CheckFilter,
    Order,
    PeopleFilter,
    Presence,
    people,
    sites_with_people,
    support_fields,
)
from patenwerk.people.queries.profile import profiles
from patenwerk.people.queries.record_check import (
    Standing,
    record_checks_expiring,
    standing_of,
)
from patenwerk.people.queries.search import people_found
from patenwerk.people.queries.settings import PeopleRules, rules_by_scope
from tests.factories.organisations import (
    CarrierFactory,
    NetworkFactory,
    SiteFactory,
    SupportFieldFactory,
    actor,
    coordinator,
    manager,
    office,
)
from tests.factories.people import MenteeFactory, MentorFactory, RecordCheckFactory

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)
ARCHIVED = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


@pytest.fixture
def everywhere(site: Site) -> dict[str, Person]:
    """One person at every distance from the site."""
    return {
        "own": MenteeFactory.create(site=site),
        "sibling": MenteeFactory.create(site=SiteFactory.create(carrier=site.carrier)),
        "carrier": MenteeFactory.create(
            site=SiteFactory.create(carrier=CarrierFactory.create(programme=site.programme))
        ),
        "programme": MenteeFactory.create(),
    }


def found(by: Actor, **filters: object) -> set[Person]:
    return set(people(by, PeopleFilter(**filters), ON))  # type: ignore[arg-type]


def test_each_role_sees_exactly_its_people(site: Site, everywhere: dict[str, Person]) -> None:
    own, sibling = everywhere["own"], everywhere["sibling"]
    assert found(actor(coordinator(site))) == {own}
    assert found(actor(manager(site.carrier))) == {own, sibling}
    assert found(actor(office(site.programme))) == set()
    assert found(Actor(user_id=None)) == set()


def test_no_filter_widens_what_is_seen(site: Site, everywhere: dict[str, Person]) -> None:
    by = actor(coordinator(site))
    for person in everywhere.values():
        seen = {everywhere["own"]} & {person}
        assert found(by, site_id=person.site_id) == seen
    assert set(sites_with_people(by)) == {site}
    own = SupportFieldFactory.create(programme=site.programme)
    SupportFieldFactory.create()
    assert set(support_fields(by)) == {own}


@pytest.mark.parametrize("text", ["müller", "MUELLER", "muller", "Mül", "jörg müller", "müller jo"])
def test_umlauts_are_found_however_they_are_written(site: Site, text: str) -> None:
    meant = MenteeFactory.create(site=site, search_text=search_text("Jörg", "Müller", "", "04109"))
    MenteeFactory.create(site=site, search_text=search_text("Jana", "Schmüll", "", "10115"))
    assert found(actor(coordinator(site)), text=text) == {meant}


@pytest.mark.parametrize("text", ["weiß", "weiss", "WEISS", "m 7", "0410", "Weiß 04109"])
def test_sharp_s_number_and_postcode_are_found(site: Site, text: str) -> None:
    meant = MenteeFactory.create(site=site, search_text=search_text("Ida", "Weiß", "M-7", "04109"))
    MenteeFactory.create(site=site, search_text=search_text("Ida", "Schneeweiß", "M-8", "10410"))
    assert found(actor(coordinator(site)), text=text) == {meant}


def test_signs_of_a_pattern_mean_nothing(site: Site) -> None:
    MenteeFactory.create(site=site, search_text=search_text("Ida", "Weiß"))
    assert found(actor(coordinator(site)), text="%a") == set()


def test_filters_narrow_to_exactly_what_they_say(site: Site) -> None:
    school = SupportFieldFactory.create(programme=site.programme, code="schule")
    work = SupportFieldFactory.create(programme=site.programme, code="arbeit")
    mentor = MentorFactory.create(site=site, languages={"de": 7, "fa": 2})
    mentor.fields.set([school, work])
    mentee = MenteeFactory.create(site=site, languages={"fa": 7})
    mentee.fields.set([work])
    archived = MenteeFactory.create(site=site, archived_at=ARCHIVED, languages={"de": 1})
    by = actor(coordinator(site))
    assert found(by) == {mentor, mentee}
    assert found(by, side=Side.MENTOR) == {mentor}
    assert found(by, language="de") == {mentor}
    assert found(by, language="fa") == {mentor, mentee}
    assert found(by, field="schule") == {mentor}
    assert list(people(by, PeopleFilter(field="arbeit", side=Side.MENTOR), ON)) == [mentor]
    assert found(by, presence=Presence.ARCHIVED) == {archived}


def test_who_has_somebody_does_not_wait(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    busy, waits = MenteeFactory.create_batch(2, site=site)
    MenteeFactory.create(site=site, archived_at=ARCHIVED)
    monkeypatch.setattr(activity, "_running", [])
    for _twice in range(2):
        activity.add_activity_source(lambda _ids: {}, running=lambda: Q(pk=busy.pk))
    by = actor(coordinator(site))
    assert found(by, presence=Presence.WAITING) == {waits}
    assert found(by) == {busy, waits}


def test_sorted_by_waiting_or_by_name(site: Site) -> None:
    a = MenteeFactory.create(site=site, last_name="A", waiting_since=date(2026, 3, 1))
    b = MenteeFactory.create(site=site, last_name="B", waiting_since=date(2026, 1, 1))
    c = MenteeFactory.create(site=site, last_name="C", waiting_since=date(2026, 1, 1))
    by = actor(coordinator(site))
    assert list(people(by, PeopleFilter(), ON)) == [b, c, a]
    assert list(people(by, PeopleFilter(order=Order.NAME), ON)) == [a, b, c]


RULES = PeopleRules(
    record_check_years=5,
    certificate_months=3,
    months_kept=6,
    warning_days=60,
    all_guardians_consent=False,
    minors_need_consent=False,
)


@pytest.mark.parametrize(
    ("dated", "standing", "left"),
    [
        (date(2021, 11, 22), Standing.EXPIRED, -1),
        (date(2021, 11, 23), Standing.EXPIRING, 0),
        (date(2022, 1, 22), Standing.EXPIRING, 60),
        (date(2022, 1, 23), Standing.VALID, 61),
    ],
)
def test_how_a_check_stands(dated: date, standing: Standing, left: int) -> None:
    check = RecordCheckFactory.build(
        certificate_date=dated, person=None, site=None, carrier=None, programme=None
    )
    answer = standing_of(check, RULES, ON)
    assert (answer.standing, answer.days_left, answer.days_over) == (standing, left, -left)
    check.conviction_found = True
    assert standing_of(check, RULES, ON).standing is Standing.BARRED
    assert standing_of(None, RULES, ON).standing is Standing.MISSING


def test_running_out_is_asked_by_each_sites_rules(site: Site) -> None:
    from patenwerk.people.models import PeopleSettings

    strict = SiteFactory.create(carrier=site.carrier)
    PeopleSettings.objects.create(
        programme=site.programme, carrier=site.carrier, site=strict, record_check_years=3
    )
    foreign = SiteFactory.create()

    def mentor(at: Site, dated: date, **more: object) -> Person:
        return RecordCheckFactory.create(person__site=at, certificate_date=dated, **more).person  # type: ignore[no-any-return]

    over = mentor(site, date(2021, 11, 22))
    soon = mentor(site, date(2022, 1, 22))
    mentor(site, date(2022, 1, 23))
    mentor(site, date(2021, 1, 1), conviction_found=True)
    mentor(site, date(2021, 1, 1), person__archived_at=ARCHIVED)
    sooner = mentor(strict, date(2023, 12, 1))
    mentor(strict, date(2024, 6, 1))
    mentor(foreign, date(2021, 1, 1))
    without = MentorFactory.create(site=site)
    turned_14, _turns_14_tomorrow, undated = (
        MentorFactory.create(site=site, birth_date=born)
        for born in (date(2012, 11, 23), date(2012, 11, 24), None)
    )
    MenteeFactory.create(site=site)

    own = actor(coordinator(site))
    assert [each.person for each in record_checks_expiring(own, ON)] == [over, soon]
    assert found(own, check=CheckFilter.ENDING) == {over, soon}
    assert found(own, check=CheckFilter.MISSING) == {without, turned_14, undated}
    at_strict = actor(coordinator(strict))
    assert [each.person for each in record_checks_expiring(at_strict, ON)] == [sooner]
    assert found(at_strict, check=CheckFilter.ENDING) == {sooner}
    for nobody in (actor(manager(site.carrier)), actor(office(site.programme))):
        assert record_checks_expiring(nobody, ON) == []
        assert found(nobody, check=CheckFilter.ENDING) == set()
        assert found(nobody, check=CheckFilter.MISSING) == set()
        assert record_check_card(nobody, ON) is None

    card = record_check_card(own, ON)
    assert card is not None
    assert (card["expired"], card["soon"], card["further"]) == (1, 1, 0)


def test_a_card_shows_five_and_counts_the_rest(site: Site) -> None:
    for _n in range(7):
        RecordCheckFactory.create(person__site=site, certificate_date=date(2020, 1, 1))
    card = record_check_card(actor(coordinator(site)), ON)
    assert card is not None
    assert (len(card["shown"]), card["further"]) == (5, 2)


@pytest.mark.parametrize("count", [1, 3])
def test_checks_that_run_out_cost_the_same(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _n in range(count):
        RecordCheckFactory.create(person__site=site, certificate_date=date(2021, 1, 1))
    by = actor(coordinator(site))
    with django_assert_num_queries(4):
        assert len(record_checks_expiring(by, ON)) == count


def test_search_finds_own_people_by_name(site: Site, everywhere: dict[str, Person]) -> None:
    for person in everywhere.values():
        person.search_text = search_text("Ünal")
        person.save()
    MenteeFactory.create(site=site, archived_at=ARCHIVED, search_text=search_text("Ünal"))
    mentor = MentorFactory.create(site=site, search_text=search_text("Unal"), last_name="Zz")
    hits = people_found(actor(coordinator(site)), "ünal", 10)
    assert [hit.label for hit in hits] == [everywhere["own"].full_name, mentor.full_name]
    assert [hit.hint for hit in hits] == [f"Mentee · {site.name}", f"Pat*in · {site.name}"]
    assert len(people_found(actor(coordinator(site)), "ünal", 1)) == 1


def test_rules_for_nobody_and_many_cost_one_query(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 3):
        scopes = [site.scope_ids, *(SiteFactory.create().scope_ids for _n in range(count - 1))]
        with django_assert_num_queries(1):
            assert len(rules_by_scope(scopes)) == count


def test_a_profile_says_everything_matching_asks(site: Site) -> None:
    site.network = NetworkFactory.create(programme=site.programme)
    site.save()
    mentor = MentorFactory.create(
        site=site,
        gender=Gender.DIVERSE,
        languages={"de": 7, "fa": 3},
        interests=["Rad fahren", "Schäch", "!"],
        dislikes=["Fußball"],
        wished_genders=["female"],
        wished_age_from=6,
        wished_age_to=12,
        expected_months=12,
        capacity=3,
    )
    mentor.fields.add(SupportFieldFactory.create(programme=site.programme, code="schule"))
    RecordCheckFactory.create(person=mentor, certificate_date=date(2024, 2, 29))
    mentee = MenteeFactory.create(minimum_level=4, free_times=9)
    barred = RecordCheckFactory.create(conviction_found=True).person
    first, second, third = profiles(
        Person.objects.order_by("pk"),
        open_places={mentor.pk: 2, barred.pk: 0},
        never_with={mentor.pk: [mentee.pk]},
    )
    assert first.id == str(mentor.pk)
    assert first.side is Side.MENTOR
    assert first.gender is Gender.DIVERSE
    assert first.languages == {"de": Level.NATIVE, "fa": Level.B1}
    assert first.minimum_level is None
    assert first.fields == {"schule"}
    assert first.interests == {"rad fahren", "schach"}
    assert first.dislikes == {"fussball"}
    assert first.wished_genders == {Gender.FEMALE}
    assert (first.wished_age_from, first.wished_age_to) == (6, 12)
    assert (first.expected_months, first.open_places) == (12, 2)
    assert first.record_check_until == date(2029, 2, 28)
    assert first.network == f"network-{site.network.pk}"
    assert first.never_with == {str(mentee.pk)}
    assert (second.id, second.side, second.open_places) == (str(mentee.pk), Side.MENTEE, 1)
    assert (second.minimum_level, second.free_times) == (Level.B2, 9)
    assert second.record_check_until is None
    assert second.network == f"site-{mentee.site_id}"
    assert second.never_with == frozenset()
    assert (third.record_check_until, third.open_places) == (None, 0)


def test_profiles_cost_the_same_for_few_and_many(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    field = SupportFieldFactory.create(programme=site.programme)
    for count in (1, 3):
        Person.objects.all().delete()
        for person in MentorFactory.create_batch(count, site=site):
            person.fields.add(field)
        with django_assert_num_queries(3):
            assert len(profiles(Person.objects.all())) == count
