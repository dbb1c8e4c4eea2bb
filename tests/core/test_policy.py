"""Who may: rows by grant, one level never mistaken for another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from django.db.models import Q

from patenwerk.core import policy
from patenwerk.core.models import StepTaken
from patenwerk.core.policy import (
    Actor,
    Grant,
    Level,
    columns_of,
    declare,
    declared_permissions,
    may_in,
    permissions_of,
    visible,
    widen,
)
from patenwerk.organisations.models import Carrier, Focus, Programme, Site
from patenwerk.people.models import Person
from patenwerk.tandems.models import Tandem
from tests.factories.organisations import (
    CarrierFactory,
    FocusFactory,
    ProgrammeFactory,
    SiteFactory,
)
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import tandem_of

SEE, DO = "tests.see", "tests.do"


def holding(*grants: Grant) -> Actor:
    return Actor(user_id=1, grants=frozenset(grants))


def at_site(site: Site, permission: str = SEE) -> Grant:
    return Grant(permission, Level.SITE, site.pk)


@pytest.fixture(autouse=True)
def own_registers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test declares or widens is gone after it."""
    monkeypatch.setattr(policy, "_roles_of", dict(policy._roles_of))
    widened = {key: list(filters) for key, filters in policy._widened.items()}
    monkeypatch.setattr(policy, "_widened", widened)


@pytest.fixture
def same_number() -> Iterator[tuple[Programme, Carrier, Site]]:
    """A programme, a carrier and a site of three programmes that bear the same number."""
    number = 4711
    programme = ProgrammeFactory.create(pk=number)
    carrier = CarrierFactory.create(pk=number)
    site = SiteFactory.create(pk=number)
    return programme, carrier, site  # type: ignore[return-value]


# --- the actor ------------------------------------------------------------------------------


def test_an_actor_holds_what_was_granted_for_that_permission_and_level() -> None:
    actor = holding(
        Grant(SEE, Level.SITE, 1),
        Grant(SEE, Level.SITE, 2),
        Grant(SEE, Level.CARRIER, 3),
        Grant(DO, Level.SITE, 4),
    )
    assert actor.organisations(SEE, Level.SITE) == {1, 2}
    assert actor.organisations(SEE, Level.CARRIER) == {3}
    assert actor.organisations(SEE, Level.PROGRAMME) == frozenset()
    assert (actor.has(SEE), actor.has(DO), actor.has("tests.other")) == (True, True, False)
    assert Actor(user_id=None).has(SEE) is False


# --- rows -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_without_a_grant_there_are_no_rows() -> None:
    tandem_of()
    for model in (Programme, Carrier, Site, Person, Tandem):
        assert model._default_manager.exists()
        assert not model._default_manager.filter(visible(holding(), SEE, model)).exists()


@pytest.mark.django_db
def test_each_level_reaches_exactly_its_rows() -> None:
    own = MentorFactory.create()
    sibling = MentorFactory.create(site__carrier=own.carrier)
    colleague = MentorFactory.create(site__carrier__programme=own.programme)
    MentorFactory.create()  # of another programme

    def seen(level: Level, number: int, permission: str = SEE) -> set[Person]:
        actor = holding(Grant(permission, level, number))
        return set(Person.objects.filter(visible(actor, SEE, Person)))

    assert seen(Level.SITE, own.site_id) == {own}
    assert seen(Level.CARRIER, own.carrier_id) == {own, sibling}
    assert seen(Level.PROGRAMME, own.programme_id) == {own, sibling, colleague}
    assert seen(Level.SITE, own.site_id, DO) == set()


@pytest.mark.django_db
def test_several_grants_add_up() -> None:
    first, second, _third = MentorFactory.create_batch(3)
    actor = holding(at_site(first.site), Grant(SEE, Level.CARRIER, second.carrier_id))
    assert set(Person.objects.filter(visible(actor, SEE, Person))) == {first, second}


@pytest.mark.django_db
def test_a_number_at_one_level_opens_no_other(same_number: tuple[Programme, Carrier, Site]) -> None:
    programme, carrier, site = same_number
    for level, expected in ((Level.PROGRAMME, programme), (Level.CARRIER, carrier)):
        model = type(expected)
        actor = holding(Grant(SEE, level, expected.pk))
        assert set(model._default_manager.filter(visible(actor, SEE, model))) == {expected}
        assert not Site.objects.filter(visible(actor, SEE, Site)).filter(pk=site.pk).exists()
    actor = holding(at_site(site))
    assert set(Site.objects.filter(visible(actor, SEE, Site))) == {site}
    assert not Carrier.objects.filter(visible(actor, SEE, Carrier)).exists()
    assert not Programme.objects.filter(visible(actor, SEE, Programme)).exists()


@pytest.mark.django_db
def test_the_prefix_is_the_join() -> None:
    guest = MenteeFactory.create()
    tandem = tandem_of(mentor=MentorFactory.create(), mentee=guest)
    tandem_of()
    actor = holding(at_site(guest.site))
    joined = Tandem.objects.filter(visible(actor, SEE, Person, prefix="participants__person__"))
    assert set(joined) == {tandem}


def test_a_table_of_a_programme_is_reached_from_there_only() -> None:
    assert columns_of(Focus) == {Level.PROGRAMME: "programme_id"}
    assert set(columns_of(Tandem)) == set(Level)


@pytest.mark.django_db
def test_a_grant_for_a_site_does_not_open_the_vocabulary_of_its_programme() -> None:
    site = SiteFactory.create()
    FocusFactory.create(programme=site.programme)
    assert not Focus.objects.filter(visible(holding(at_site(site)), SEE, Focus)).exists()


def test_a_table_that_belongs_to_nobody_is_refused() -> None:
    with pytest.raises(TypeError, match="StepTaken has no scope columns"):
        columns_of(StepTaken)
    with pytest.raises(TypeError):
        visible(holding(Grant(SEE, Level.SITE, 1)), SEE, StepTaken)


# --- widening -------------------------------------------------------------------------------


def by_participants(level: Level, ids: frozenset[int]) -> Q:
    return Q(**{f"participants__{level.value}_id__in": ids})


@pytest.mark.django_db
def test_a_widened_permission_reaches_rows_that_the_organisation_takes_part_in() -> None:
    guest = MenteeFactory.create()
    tandem = tandem_of(mentor=MentorFactory.create(), mentee=guest)
    tandem_of()
    widen(SEE, Tandem, by_participants)
    for grant in (
        at_site(guest.site),
        Grant(SEE, Level.CARRIER, guest.carrier_id),
        Grant(SEE, Level.PROGRAMME, guest.programme_id),
    ):
        assert list(Tandem.objects.filter(visible(holding(grant), SEE, Tandem))) == [tandem]
    both = holding(at_site(guest.site), at_site(tandem.site))
    assert list(Tandem.objects.filter(visible(both, SEE, Tandem))) == [tandem], "once"
    assert not Tandem.objects.filter(visible(holding(), SEE, Tandem)).exists()


@pytest.mark.django_db
def test_seeing_widely_does_not_include_doing_nor_other_tables() -> None:
    guest = MenteeFactory.create()
    tandem = tandem_of(mentor=MentorFactory.create(), mentee=guest)
    widen(SEE, Tandem, by_participants)
    actor = holding(at_site(guest.site), at_site(guest.site, DO))
    assert not Tandem.objects.filter(visible(actor, DO, Tandem)).exists()
    assert set(Person.objects.filter(visible(actor, SEE, Person))) == {guest}
    other = holding(at_site(guest.site, DO))
    assert not Tandem.objects.filter(visible(other, SEE, Tandem)).filter(pk=tandem.pk).exists()


@pytest.mark.django_db
def test_the_prefix_holds_for_widened_rows() -> None:
    guest = MenteeFactory.create()
    tandem = tandem_of(mentor=MentorFactory.create(), mentee=guest)
    tandem_of()
    widen(SEE, Tandem, by_participants)
    reached = visible(holding(at_site(guest.site)), SEE, Tandem, prefix="participations__tandem__")
    people = set(tandem.participants.values_list("person", flat=True))
    assert len(people) == 2
    assert set(Person.objects.filter(reached).values_list("pk", flat=True)) == people


def test_widening_twice_is_widening_once() -> None:
    widen(SEE, Tandem, by_participants)
    widen(SEE, Tandem, by_participants)
    assert policy._widened[(SEE, Tandem)] == [by_participants]


# --- creating -------------------------------------------------------------------------------


class Place:
    def __init__(self, **levels: int) -> None:
        self.levels = {Level(name): number for name, number in levels.items()}

    @property
    def scope_ids(self) -> Mapping[Level, int]:
        return self.levels


@pytest.mark.parametrize(
    ("grant", "expected"),
    [
        (Grant(DO, Level.SITE, 3), True),
        (Grant(DO, Level.CARRIER, 2), True),
        (Grant(DO, Level.PROGRAMME, 1), True),
        (Grant(DO, Level.SITE, 2), False),
        (Grant(DO, Level.CARRIER, 3), False),
        (Grant(SEE, Level.SITE, 3), False),
    ],
)
def test_what_was_granted_above_holds_below(grant: Grant, *, expected: bool) -> None:
    place = Place(programme=1, carrier=2, site=3)
    assert may_in(holding(grant), DO, place) is expected


def test_what_was_granted_below_does_not_hold_above() -> None:
    actor = holding(Grant(DO, Level.SITE, 3))
    assert may_in(actor, DO, Place(programme=1, carrier=2)) is False
    assert may_in(holding(), DO, Place(programme=1)) is False


# --- roles ----------------------------------------------------------------------------------


def test_a_permission_is_declared_once() -> None:
    assert declare("tests.water", roles=["gardener", "neighbour"]) == "tests.water"
    assert declare("tests.water", roles=["neighbour", "gardener"]) == "tests.water"
    with pytest.raises(ValueError, match=r"tests\.water is declared twice"):
        declare("tests.water", roles=["gardener"])
    assert declared_permissions()["tests.water"] == {"gardener", "neighbour"}


def test_a_role_holds_what_names_it() -> None:
    declare("tests.water", roles=["gardener", "neighbour"])
    declare("tests.prune", roles=["gardener"])
    assert permissions_of("gardener") == {"tests.water", "tests.prune"}
    assert permissions_of("neighbour") == {"tests.water"}
    assert permissions_of("stranger") == frozenset()


def test_what_is_read_of_the_declarations_changes_nothing() -> None:
    known = declared_permissions()
    assert isinstance(known, dict)
    known["tests.sneaked_in"] = frozenset({"coordinator"})
    assert "tests.sneaked_in" not in permissions_of("coordinator")


@pytest.mark.parametrize("role", ["programme_office", "network_office"])
@pytest.mark.parametrize("app", ["people", "tandems", "matching"])
def test_an_office_of_the_programme_has_no_permission_on_persons(app: str, role: str) -> None:
    held = {name for name in permissions_of(role) if name.startswith(f"{app}.")}
    # A round over all carriers is started and read of in figures: its row names nobody.
    figures = {"matching.see_programme_rounds", "matching.programme_round"}
    is_matching_office = (app, role) == ("matching", "programme_office")
    assert held == (figures if is_matching_office else set())
