"""Who knows of a gathering and of what hangs on it, level by level."""

from __future__ import annotations

import pytest
from django.db.models import Model

from patenwerk.core.policy import Actor, Grant, Level, visible
from patenwerk.gatherings.enums import (
    Access,
    AgendaEvent,
    Audience,
    ContributionState,
    ItemState,
    Licence,
    MinutesState,
    Seat,
    State,
)
from patenwerk.gatherings.models import (
    AgendaChange,
    AgendaItem,
    CarrierShare,
    Commitment,
    Contribution,
    Correction,
    Decision,
    Gathering,
    Material,
    Minutes,
    Objection,
    Progress,
    Registration,
    Section,
    Series,
)
from patenwerk.gatherings.policy import (
    ORGANISE,
    SEE_GATHERING,
    SEE_MINUTES,
    SEND_PEOPLE,
    SPEAK,
    TELL,
)
from patenwerk.organisations.models import Site
from tests.factories.gatherings import (
    AgendaItemFactory,
    CommitmentFactory,
    DecisionFactory,
    ExpertFactory,
    GatheringFactory,
    MinutesFactory,
    RegistrationFactory,
    SectionFactory,
    SeriesFactory,
)
from tests.factories.organisations import (
    CREATED,
    CarrierFactory,
    SiteFactory,
    actor,
    coordinator,
    manager,
    network_office,
    office,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


def seen(who: Actor, permission: str, model: type[Model]) -> set[int]:
    rows = model._default_manager.filter(visible(who, permission, model))
    return set(rows.values_list("pk", flat=True))


def granted(permission: str, level: Level, organisation_id: int) -> Actor:
    return Actor(1, frozenset({Grant(permission, level, organisation_id)}))


def share(gathering: Gathering, site: Site, *, is_invited: bool) -> CarrierShare:
    return CarrierShare.objects.create(
        gathering=gathering,
        of_carrier=site.carrier,
        is_invited=is_invited,
        **gathering.organiser_columns,
    )


def test_others_know_of_a_gathering_by_its_audience_from_the_announcement_on(site: Site) -> None:
    of = {"programme": site.programme}
    circle = GatheringFactory.create(**of)
    public = GatheringFactory.create(**of, audience=Audience.PUBLIC)
    GatheringFactory.create(**of, state=State.DRAFT)
    invited = GatheringFactory.create(**of, audience=Audience.INVITED)
    share(invited, site, is_invited=True)
    not_invited = GatheringFactory.create(**of, audience=Audience.INVITED)
    share(not_invited, site, is_invited=False)
    GatheringFactory.create()
    known = {circle.pk, public.pk, invited.pk}
    assert seen(actor(manager(site.carrier)), SEE_GATHERING, Gathering) == known
    assert seen(actor(coordinator(site)), SEE_GATHERING, Gathering) == known


def test_a_carriers_own_gathering_for_invited_carriers_is_its_own(site: Site) -> None:
    of = {"programme": site.programme, "carrier": site.carrier, "audience": Audience.INVITED}
    draft = GatheringFactory.create(**of, state=State.DRAFT)
    announced = GatheringFactory.create(**of)
    elsewhere = CarrierFactory.create(programme=site.programme)
    assert seen(actor(manager(site.carrier)), SEE_GATHERING, Gathering) == {draft.pk, announced.pk}
    assert seen(actor(coordinator(site)), SEE_GATHERING, Gathering) == {announced.pk}
    for account in (manager(elsewhere), network_office(site.programme), office(site.programme)):
        assert seen(actor(account), SEE_GATHERING, Gathering) == set()


def test_registrations_are_their_carriers_and_the_organisers(site: Site) -> None:
    gathering = GatheringFactory.create(programme=site.programme)
    own = RegistrationFactory.create(gathering=gathering, carrier=site.carrier)
    other = RegistrationFactory.create(gathering=gathering)
    guest = RegistrationFactory.create(gathering=gathering, carrier=None, state=Seat.SEATED)
    carriers = GatheringFactory.create(programme=site.programme, carrier=site.carrier)
    visitor = RegistrationFactory.create(gathering=carriers)
    everybody = {own.pk, other.pk, guest.pk}
    assert seen(actor(manager(site.carrier)), SEND_PEOPLE, Registration) == {own.pk}
    assert seen(actor(manager(site.carrier)), ORGANISE, Registration) == {own.pk, visitor.pk}
    assert seen(actor(network_office(site.programme)), ORGANISE, Registration) == everybody
    at_site = granted(ORGANISE, Level.SITE, site.pk)
    assert seen(at_site, ORGANISE, Registration) == set()


def test_a_share_is_its_carriers(site: Site) -> None:
    gathering = GatheringFactory.create(programme=site.programme)
    own = share(gathering, site, is_invited=True)
    share(gathering, SiteFactory.create(carrier__programme=site.programme), is_invited=True)
    assert seen(actor(manager(site.carrier)), SEND_PEOPLE, CarrierShare) == {own.pk}
    at_site = granted(SEND_PEOPLE, Level.SITE, site.pk)
    assert seen(at_site, SEND_PEOPLE, CarrierShare) == set()


def test_a_promise_is_told_of_by_who_made_it_and_by_partners(site: Site) -> None:
    gathering = GatheringFactory.create(programme=site.programme, state=State.HELD)
    own = CommitmentFactory.create(gathering=gathering, of_carrier=site.carrier)
    joint = CommitmentFactory.create(gathering=gathering)
    joint.partners.add(site.carrier)
    CommitmentFactory.create(gathering=gathering)
    assert seen(actor(manager(site.carrier)), TELL, Commitment) == {own.pk, joint.pk}
    at_site = granted(TELL, Level.SITE, site.pk)
    assert seen(at_site, TELL, Commitment) == set()


# ------------------------------------------------------------------ what hangs on a gathering


def hung_on(gathering: Gathering) -> dict[type[Model], Model]:
    """One row of each model that is seen with a gathering, its minutes sent."""
    of = gathering.organiser_columns
    minutes = MinutesFactory.create(
        gathering=gathering,
        state=MinutesState.OBJECTED,
        sent_at=CREATED,
        objections_until=CREATED.date(),
    )
    commitment = CommitmentFactory.create(gathering=gathering)
    rows: list[Model] = [
        AgendaItemFactory.create(gathering=gathering, state=ItemState.ACCEPTED),
        AgendaChange.objects.create(
            **of, gathering=gathering, event=AgendaEvent.ADDED, title="Geld", at=CREATED
        ),
        Material.objects.create(
            **of,
            gathering=gathering,
            title="Folien",
            link="https://example.org/",
            licence=Licence.CC_0,
            access=Access.CIRCLE,
            added_at=CREATED,
        ),
        minutes,
        SectionFactory.create(minutes=minutes),
        Objection.objects.create(**of, minutes=minutes, text="Nein", raised_at=CREATED),
        Correction.objects.create(**of, minutes=minutes, text="Doch", at=CREATED),
        DecisionFactory.create(gathering=gathering),
        commitment,
        Progress.objects.create(**of, commitment=commitment, text="Bald", at=CREATED),
    ]
    if gathering.series is not None:
        rows.append(gathering.series)
    return {type(row): row for row in rows}


WITH_GATHERING = {
    **dict.fromkeys((AgendaItem, AgendaChange, Material, Series), SEE_GATHERING),
    **dict.fromkeys(
        (Minutes, Section, Objection, Correction, Decision, Commitment, Progress), SEE_MINUTES
    ),
}


def test_what_hangs_on_a_gathering_is_seen_with_it_and_not_with_another(site: Site) -> None:
    series = SeriesFactory.create(programme=site.programme)
    known = hung_on(GatheringFactory.create(programme=site.programme, series=series))
    elsewhere = SiteFactory.create()
    hung_on(
        GatheringFactory.create(
            programme=elsewhere.programme,
            series=SeriesFactory.create(programme=elsewhere.programme),
        )
    )
    hung_on(GatheringFactory.create(programme=site.programme, audience=Audience.INVITED))
    assert set(known) == set(WITH_GATHERING)
    # A second site: the numbers of sites and carriers are not the same by chance.
    beside = SiteFactory.create(carrier=site.carrier)
    for who in (actor(manager(site.carrier)), actor(coordinator(beside))):
        for model, permission in WITH_GATHERING.items():
            assert seen(who, permission, model) == {known[model].pk}, model


def test_minutes_are_their_organisers_until_they_are_sent(site: Site) -> None:
    gathering = GatheringFactory.create(programme=site.programme)
    minutes = MinutesFactory.create(gathering=gathering)
    section = SectionFactory.create(minutes=minutes)
    decision = DecisionFactory.create(gathering=gathering)
    who, network = actor(manager(site.carrier)), actor(network_office(site.programme))
    for row in (minutes, section, decision):
        assert seen(who, SEE_MINUTES, type(row)) == set()
        assert seen(network, SEE_MINUTES, type(row)) == {row.pk}
    assert seen(who, SPEAK, Minutes) == set()
    Minutes.objects.update(
        state=MinutesState.SENT, sent_at=CREATED, objections_until=CREATED.date()
    )
    assert seen(who, SPEAK, Minutes) == {minutes.pk}


def test_invited_is_a_carrier_and_with_it_every_site_of_it(site: Site) -> None:
    beside = SiteFactory.create(carrier=site.carrier)
    invited = GatheringFactory.create(programme=site.programme, audience=Audience.INVITED)
    share(invited, site, is_invited=True)
    # A site elsewhere that happens to have the invited carrier's number, and the other way round.
    elsewhere = SiteFactory.create(pk=site.carrier_id + 50)
    namesake = CarrierFactory.create(pk=beside.pk + 100)
    assert seen(actor(coordinator(beside)), SEE_GATHERING, Gathering) == {invited.pk}
    for organisation_id, level in (
        (elsewhere.pk, Level.SITE),
        (namesake.pk, Level.CARRIER),
    ):
        who = granted(SEE_GATHERING, level, organisation_id)
        assert seen(who, SEE_GATHERING, Gathering) == set()


def test_a_proposal_is_its_carriers_and_the_organisers_alone(site: Site) -> None:
    gathering = GatheringFactory.create(programme=site.programme)
    proposal = AgendaItemFactory.create(
        gathering=gathering, state=ItemState.PROPOSED, proposed_by=site.carrier
    )
    namesake = SiteFactory.create(pk=site.carrier_id + 50, carrier__programme=site.programme)
    AgendaItem.objects.filter(pk=proposal.pk).update(
        proposed_by=CarrierFactory.create(pk=namesake.pk, programme=site.programme)
    )
    owner = actor(manager(AgendaItem.objects.get().proposed_by))  # type: ignore[arg-type]
    for permission in (SEE_GATHERING, SPEAK):
        assert seen(owner, permission, AgendaItem) == {proposal.pk}
    assert seen(actor(network_office(site.programme)), ORGANISE, AgendaItem) == {proposal.pk}
    assert seen(actor(manager(site.carrier)), SEE_GATHERING, AgendaItem) == set()
    assert seen(actor(coordinator(namesake)), SEE_GATHERING, AgendaItem) == set()
    for level in (Level.SITE, Level.PROGRAMME):
        assert seen(granted(SPEAK, level, namesake.pk), SPEAK, AgendaItem) == set()


def test_a_contribution_is_organised_by_the_carrier_whose_workshop_it_is(site: Site) -> None:
    workshop = GatheringFactory.create(programme=site.programme, carrier=site.carrier)
    contribution = Contribution.objects.create(
        programme=site.programme,
        expert=ExpertFactory.create(programme=site.programme),
        gathering=workshop,
        title="Leichte Sprache",
        held_on=CREATED.date(),
        state=ContributionState.INVITED,
    )
    elsewhere = CarrierFactory.create(programme=site.programme)
    assert seen(actor(manager(site.carrier)), ORGANISE, Contribution) == {contribution.pk}
    assert seen(actor(manager(elsewhere)), ORGANISE, Contribution) == set()
    at_site = granted(ORGANISE, Level.SITE, site.carrier_id)
    assert seen(at_site, ORGANISE, Contribution) == set()
