"""What weighs how much, said by programme, carrier or site."""

from __future__ import annotations

import pytest

from patenwerk.core.policy import Actor
from patenwerk.matching.domain.settings import CannotSet, set_matching_settings
from patenwerk.matching.kernel import defaults
from patenwerk.matching.models import MatchingSettings
from patenwerk.matching.queries.settings import inherited_settings, own_settings, rules_at
from tests.factories.matching import AT, MatchingSettingsFactory
from tests.factories.organisations import CarrierFactory, SiteFactory

pytestmark = pytest.mark.django_db

BY = Actor(user_id=5)


def test_the_narrower_beats_the_wider_and_silence_inherits() -> None:
    site = SiteFactory.create()
    carrier, programme = site.carrier, site.programme
    MatchingSettingsFactory.create(carrier=CarrierFactory.create(programme=programme), distance=99)
    MatchingSettingsFactory.create(
        carrier=carrier, site=SiteFactory.create(carrier=carrier), waiting=98
    )
    for organisation, values in (
        (programme, {"distance": 1, "waiting": 2, "minimum_level": 4}),
        (carrier, {"distance": 3, "waiting": None}),
        (site, {"interests": 0}),
    ):
        set_matching_settings(organisation=organisation, values=values, by=BY, at=AT)
    rules = rules_at(site)
    assert (rules.weights.distance, rules.weights.waiting, rules.weights.interests) == (3, 2, 0)
    assert (rules.weights.fields, rules.limits.minimum_level) == (defaults.FIELDS_WEIGHT, 4)
    assert rules_at(programme).weights.distance == 1
    assert inherited_settings(carrier)["distance"] == 1
    assert inherited_settings(site)["distance"] == 3
    assert inherited_settings(programme)["distance"] == defaults.DISTANCE_WEIGHT
    own = own_settings(carrier)
    assert own is not None
    assert (own.distance, own.waiting) == (3, None)
    assert own_settings(SiteFactory.create(carrier=carrier)) is None


def test_saying_it_again_changes_the_one_row() -> None:
    carrier = CarrierFactory.create()
    for weight in (5, 6):
        set_matching_settings(organisation=carrier, values={"distance": weight}, by=BY, at=AT)
    assert MatchingSettings.objects.get().distance == 6


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("distance", 101),
        ("distance", -1),
        ("keep", 101),
        ("keep", -1),
        ("waiting", 0),
        ("minimum_level", 0),
        ("minimum_level", 8),
    ],
)
def test_values_out_of_range_are_refused_beside_their_field(name: str, value: int) -> None:
    with pytest.raises(CannotSet) as refused:
        set_matching_settings(
            organisation=CarrierFactory.create(), values={name: value}, by=BY, at=AT
        )
    assert [reason.field for reason in refused.value.reasons] == [name]
    assert not MatchingSettings.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"), [("distance", 0), ("distance", 100), ("waiting", 1), ("minimum_level", 7)]
)
def test_the_ends_of_the_range_are_possible(name: str, value: int) -> None:
    set_matching_settings(organisation=CarrierFactory.create(), values={name: value}, by=BY, at=AT)
    assert getattr(MatchingSettings.objects.get(), name) == value


def test_an_unknown_setting_is_a_mistake_of_the_program() -> None:
    with pytest.raises(LookupError):
        set_matching_settings(
            organisation=CarrierFactory.create(), values={"luck": 1}, by=BY, at=AT
        )


def test_what_staying_counts_is_inherited_like_a_weight() -> None:
    site = SiteFactory.create()
    assert (rules_at(site).keep, rules_at(site).keep_points) == (5, 5000)
    set_matching_settings(organisation=site.carrier, values={"keep": 0}, by=BY, at=AT)
    assert (rules_at(site).keep, rules_at(site.programme).keep) == (0, 5)
    set_matching_settings(organisation=site, values={"keep": 100}, by=BY, at=AT)
    assert rules_at(site).snapshot()["keep"] == 100
