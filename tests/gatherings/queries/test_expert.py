"""The directory: who reads it, how people are found, what is told of contributions."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.gatherings.enums import ContributionState, Sector, State
from patenwerk.gatherings.models import Contribution, Expert, Gathering
from patenwerk.gatherings.queries.expert import (
    ExpertFilter,
    asked_experts,
    contributions_of,
    directory_fields,
    experts,
    experts_found,
    gatherings_to_invite_to,
    known_experts,
)
from patenwerk.organisations.models import Programme
from tests.factories.gatherings import ExpertFactory, GatheringFactory
from tests.factories.organisations import (
    CarrierFactory,
    ProgrammeFactory,
    SiteFactory,
    SupportFieldFactory,
    actor,
    coordinator,
    manager,
    network_office,
    office,
)

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)
ALL = ExpertFilter()


@pytest.fixture
def programme() -> Programme:
    return ProgrammeFactory.create()


def given(
    expert: Expert, state: ContributionState, gathering: Gathering | None = None
) -> Contribution:
    return Contribution.objects.create(
        programme=expert.programme,
        expert=expert,
        gathering=gathering,
        title=state,
        held_on=ON,
        state=state,
    )


def test_the_directory_is_the_programme_s_and_holds_only_who_agreed(programme: Programme) -> None:
    agreed = ExpertFactory.create(programme=programme)
    asked = ExpertFactory.create(programme=programme, consented_on=None)
    ExpertFactory.create(programme=programme, name="", email="", words="", withdrawn_on=ON)
    ExpertFactory.create()
    carrier = CarrierFactory.create(programme=programme)
    keeps, reads = actor(network_office(programme)), actor(manager(carrier))
    assert list(experts(keeps, ALL)) == list(experts(reads, ALL)) == [agreed]
    assert (list(asked_experts(keeps)), list(asked_experts(reads))) == ([asked], [])
    assert set(known_experts(keeps)) == {agreed, asked}
    assert asked not in known_experts(reads)
    for account in (office(programme), coordinator(SiteFactory.create(carrier=carrier))):
        assert not experts(actor(account), ALL).exists()


@pytest.mark.parametrize(
    "text", ["ada", "MULLER", "müll", "inst schw", "leichte", "eltern", "dr ada müller"]
)
def test_people_are_found_by_the_beginnings_of_words(programme: Programme, text: str) -> None:
    words = " dr ada muller institut schwerin leichte sprache elternabende"
    meant = ExpertFactory.create(programme=programme, words=words)
    ExpertFactory.create(programme=programme, words=" berta")
    sees = actor(network_office(programme))
    assert list(experts(sees, ExpertFilter(text=text))) == [meant]
    assert not experts(sees, ExpertFilter(text="prache")).exists()


def test_sector_and_field_narrow(programme: Programme) -> None:
    school, work = SupportFieldFactory.create_batch(2, programme=programme)
    both = ExpertFactory.create(programme=programme, sector=Sector.SCIENCE)
    both.fields.set([school, work])
    one = ExpertFactory.create(programme=programme, sector=Sector.POLITICS)
    one.fields.set([work])
    sees = actor(network_office(programme))
    assert list(experts(sees, ExpertFilter(sector=Sector.POLITICS))) == [one]
    assert list(experts(sees, ExpertFilter(field=school.code))) == [both]
    assert set(experts(sees, ExpertFilter(field=work.code))) == {one, both}
    assert not experts(sees, ExpertFilter(field=school.code, sector=Sector.POLITICS)).exists()
    foreign = SupportFieldFactory.create()
    assert set(directory_fields(sees)) == {school, work}
    assert foreign not in directory_fields(sees)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_directory_is_two_queries(
    programme: Programme, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    field = SupportFieldFactory.create(programme=programme)
    for _ in range(rows):
        carrier = CarrierFactory.create(programme=programme)
        expert = ExpertFactory.create(programme=programme, recommended_by=carrier)
        expert.fields.set([field])
        given(expert, ContributionState.HELD)
        given(expert, ContributionState.HELD, GatheringFactory.create(programme=programme))
        given(expert, ContributionState.ACCEPTED)
    sees = actor(network_office(programme))
    with django_assert_num_queries(2):
        found = [
            (getattr(expert, "held_count", 0), str(expert.recommended_by), len(expert.fields.all()))
            for expert in experts(sees, ALL)
        ]
    assert [(held, fields) for held, _name, fields in found] == [(2, 1)] * rows


def test_invitations_are_told_to_organisers_only(programme: Programme) -> None:
    carrier = CarrierFactory.create(programme=programme)
    expert = ExpertFactory.create(programme=programme)
    own = GatheringFactory.create(programme=programme, carrier=carrier)
    theirs = GatheringFactory.create(programme=programme)
    for gathering in (own, theirs):
        given(expert, ContributionState.HELD, gathering)
        given(expert, ContributionState.INVITED, gathering)
    told = contributions_of(actor(manager(carrier)), expert)
    assert {(each.state, each.gathering_id) for each in told} == {
        ("held", own.pk),
        ("held", theirs.pk),
        ("invited", own.pk),
    }
    stranger = contributions_of(actor(manager(CarrierFactory.create(programme=programme))), expert)
    assert {each.state for each in stranger} == {"held"}
    assert contributions_of(actor(network_office(programme)), expert).count() == 4
    assert not contributions_of(actor(network_office(ProgrammeFactory.create())), expert).exists()


def test_invited_is_to_what_one_organises_and_is_still_to_come(programme: Programme) -> None:
    carrier = CarrierFactory.create(programme=programme)
    expert = ExpertFactory.create(programme=programme)
    own = GatheringFactory.create(programme=programme, carrier=carrier)
    theirs = GatheringFactory.create(programme=programme)
    GatheringFactory.create(programme=programme, carrier=carrier, state=State.HELD)
    GatheringFactory.create()
    leads = actor(manager(carrier))
    assert list(gatherings_to_invite_to(leads, expert)) == [own]
    assert list(gatherings_to_invite_to(actor(network_office(programme)), expert)) == [theirs]
    assert not gatherings_to_invite_to(leads, ExpertFactory.create()).exists()


def test_the_search_over_everything_finds_who_agreed(programme: Programme) -> None:
    who = actor(network_office(programme))
    values = {"programme": programme, "organisation": "Institut", "topics": ["Recht", "Geld"]}
    words = " ada klar institut recht geld "
    ada = ExpertFactory.create(**values, name="Ada Klar", words=words)
    ExpertFactory.create(**values, name="Asta Klar", words=words, consented_on=None)
    ExpertFactory.create(name="Anna Klar", words=words)
    bare = ExpertFactory.create(programme=programme, name="Klara", topics=[], words=" klara ")
    found = experts_found(who, "klar", 5)
    assert [(hit.label, hit.hint, hit.url) for hit in found] == [
        ("Ada Klar", "Institut · Recht, Geld", f"/treffen/fachleute/{ada.pk}/"),
        ("Klara", "", f"/treffen/fachleute/{bare.pk}/"),
    ]
    assert len(experts_found(who, "klar", 1)) == 1
    assert experts_found(who, "niemand", 5) == []
