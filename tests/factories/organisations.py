"""Organisations, accounts and roles for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import factory

from patenwerk.core.policy import Actor
from patenwerk.organisations.enums import Role
from patenwerk.organisations.models import (
    Account,
    Carrier,
    Focus,
    Network,
    Programme,
    RoleGrant,
    Site,
    SupportField,
    TandemKind,
)
from patenwerk.organisations.queries.actors import actor_for

CREATED = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
PASSWORD = "Sommerregen-2026"


class ProgrammeFactory(factory.django.DjangoModelFactory[Programme]):
    class Meta:
        model = Programme

    name = factory.Sequence(lambda n: f"Programm {n}")
    slug = factory.Sequence(lambda n: f"programm-{n}")
    started_on = date(2016, 1, 1)
    created_at = CREATED


class CarrierFactory(factory.django.DjangoModelFactory[Carrier]):
    class Meta:
        model = Carrier

    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.Sequence(lambda n: f"Träger {n}")
    created_at = CREATED


class NetworkFactory(factory.django.DjangoModelFactory[Network]):
    class Meta:
        model = Network

    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.Sequence(lambda n: f"Verbund {n}")


class SiteFactory(factory.django.DjangoModelFactory[Site]):
    class Meta:
        model = Site

    carrier = factory.SubFactory(CarrierFactory)
    programme = factory.SelfAttribute("carrier.programme")
    name = factory.Sequence(lambda n: f"Standort {n}")
    postcode = "10115"
    town = "Berlin"
    land = "BE"
    created_at = CREATED


class WordFactory(factory.django.DjangoModelFactory[Any]):
    class Meta:
        abstract = True

    programme = factory.SubFactory(ProgrammeFactory)
    code = factory.Sequence(lambda n: f"wort-{n}")
    name_de = factory.Sequence(lambda n: f"Wort {n}")
    name_en = factory.Sequence(lambda n: f"Word {n}")


class SupportFieldFactory(WordFactory):
    class Meta:
        model = SupportField


class FocusFactory(WordFactory):
    class Meta:
        model = Focus

    starts_on = date(2016, 1, 1)


class TandemKindFactory(WordFactory):
    class Meta:
        model = TandemKind


class AccountFactory(factory.django.DjangoModelFactory[Account]):
    class Meta:
        model = Account
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"konto{n}@example.org")
    first_name = "Jutta"
    last_name = factory.Sequence(lambda n: f"Sommerfeldt {n}")
    created_at = CREATED

    @factory.post_generation
    def password(self, create: object, extracted: str | None, **kwargs: Any) -> None:
        account: Any = self
        account.set_password(extracted or PASSWORD)
        account.save(update_fields=["password"])


class RoleGrantFactory(factory.django.DjangoModelFactory[RoleGrant]):
    class Meta:
        model = RoleGrant

    account = factory.SubFactory(AccountFactory)
    valid_from = date(2026, 1, 1)


def coordinator(site: Site, **account: Any) -> Account:
    """An account that coordinates the site."""
    member = AccountFactory.create(**account)
    RoleGrantFactory.create(
        account=member,
        role=Role.COORDINATOR,
        programme=site.programme,
        carrier=site.carrier,
        site=site,
    )
    return member


def manager(carrier: Carrier, **account: Any) -> Account:
    """An account that manages the carrier."""
    member = AccountFactory.create(**account)
    RoleGrantFactory.create(
        account=member, role=Role.CARRIER_MANAGER, programme=carrier.programme, carrier=carrier
    )
    return member


def office(programme: Programme, **account: Any) -> Account:
    """An account of the programme office."""
    member = AccountFactory.create(**account)
    RoleGrantFactory.create(account=member, role=Role.PROGRAMME_OFFICE, programme=programme)
    return member


def network_office(programme: Programme, **account: Any) -> Account:
    """An account of the network office."""
    member = AccountFactory.create(**account)
    RoleGrantFactory.create(account=member, role=Role.NETWORK_OFFICE, programme=programme)
    return member


def actor(account: Account, on: date = date(2026, 11, 23)) -> Actor:
    """The actor of the account on a day."""
    return actor_for(account, on)
