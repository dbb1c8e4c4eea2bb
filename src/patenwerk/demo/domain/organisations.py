"""The demo's programme with its vocabularies, carriers, sites and accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from patenwerk.core.policy import Actor
from patenwerk.demo.kernel.logins import NETWORK, OFFICE, Colleague, coordinator_of, manager_of
from patenwerk.demo.kernel.scene import (
    CARRIERS,
    FOCUSES,
    KINDS,
    NETWORKS,
    PHASES,
    SUPPORT_FIELDS,
    CarrierScene,
    SiteScene,
    Word,
)
from patenwerk.organisations.domain.carrier import CarrierValues, create_carrier
from patenwerk.organisations.domain.invitation import Invited, create_account, give_role
from patenwerk.organisations.domain.network import create_network
from patenwerk.organisations.domain.programme import (
    ProgrammeValues,
    create_programme,
    save_word,
)
from patenwerk.organisations.domain.site import SiteValues, create_site
from patenwerk.organisations.enums import Role
from patenwerk.organisations.models import (
    Account,
    Carrier,
    Focus,
    Network,
    Programme,
    Site,
    SupportField,
    TandemKind,
)

SLUG = "demo"
STARTED_ON = date(2016, 1, 1)
NOBODY = Actor(user_id=None)


@dataclass(slots=True)
class Stage:
    """Where everything happens. ``sites`` and ``coordinators`` are in the order of the scene."""

    programme: Programme
    office: Actor
    network_office: Actor
    carriers: list[Carrier]
    managers: list[Actor]
    sites: list[Site]
    coordinators: list[Actor]
    kinds: Mapping[str, TandemKind]
    focuses: Mapping[str, Focus]
    fields: Mapping[str, SupportField]


PasswordOf = Callable[[str], str | None]
"""E-mail address → the password of a demo account, None where it logs in by mailed code only."""


def build_stage(*, password_of: PasswordOf, at: datetime) -> Stage:
    """Create programme, vocabularies, carriers, sites and accounts. Needs an open transaction."""
    values = ProgrammeValues(
        name="Zu zweit weiter (Demo)",
        started_on=STARTED_ON,
        funder="erfunden, zum Ausprobieren",
        motto="Gemeinsam gelingt vieles besser.",
        lead="Zwei Menschen treffen sich, meist einmal in der Woche. Sie üben Deutsch, suchen eine "
        "Ausbildung, gehen schwimmen. Alle Personen, Träger und Zahlen hier sind erfunden.",
    )
    programme = create_programme(slug=SLUG, values=values, by=NOBODY, at=at, is_demo=True)
    office = _account(OFFICE, programme, password_of, at)
    network = _account(NETWORK, programme, password_of, at, role=Role.NETWORK_OFFICE)
    stage = Stage(programme, office, network, [], [], [], [], {}, {}, {})
    _vocabularies(stage, at)
    networks = {
        name: create_network(programme=programme, name=name, by=office, at=at) for name in NETWORKS
    }
    for scene in CARRIERS:
        _carrier(stage, scene, networks, password_of, at)
    return stage


def _vocabularies(stage: Stage, at: datetime) -> None:
    def words(vocabulary: str, entries: tuple[Word, ...]) -> dict[str, Any]:
        return {
            word.code: save_word(
                programme=stage.programme,
                vocabulary=vocabulary,
                values=_columns(word, vocabulary, position),
                by=stage.office,
                at=at,
            )
            for position, word in enumerate(entries)
        }

    stage.fields = words("support_field", SUPPORT_FIELDS)
    stage.kinds = words("tandem_kind", KINDS)
    stage.focuses = words("focus", FOCUSES)
    words("phase", PHASES)


def _columns(word: Word, vocabulary: str, position: int) -> dict[str, object]:
    columns: dict[str, object] = {
        "code": word.code,
        "name_de": word.german,
        "name_en": word.english,
        "position": position,
    }
    if word.starts_on is not None:
        columns |= {"starts_on": word.starts_on, "ends_on": word.ends_on}
    if vocabulary == "tandem_kind":
        columns["most_mentees"] = word.most_mentees
    if vocabulary == "phase":
        columns |= {"text_de": word.text_german, "text_en": word.text_english}
    return columns


def _carrier(
    stage: Stage,
    scene: CarrierScene,
    networks: Mapping[str, Network],
    password_of: PasswordOf,
    at: datetime,
) -> None:
    carrier = create_carrier(
        programme=stage.programme,
        values=CarrierValues(name=scene.name, about=scene.about),
        by=stage.office,
        at=at,
    )
    manager = _account(manager_of(len(stage.carriers)), carrier, password_of, at)
    stage.carriers.append(carrier)
    stage.managers.append(manager)
    for place in scene.sites:
        site = create_site(carrier=carrier, values=_site_values(place, networks), by=manager, at=at)
        coordinator = _account(coordinator_of(len(stage.sites)), site, password_of, at)
        stage.sites.append(site)
        stage.coordinators.append(coordinator)


def _site_values(place: SiteScene, networks: Mapping[str, Network]) -> SiteValues:
    return SiteValues(
        name=place.name,
        postcode=place.postcode,
        town=place.town,
        land=place.land,
        street=place.street,
        phone="0000 000000",
        email=f"{place.name.lower().replace('ü', 'ue').replace('ö', 'oe')}@example.org",
        network=networks.get(place.network),
    )


def _account(
    colleague: Colleague,
    organisation: Programme | Carrier | Site,
    password_of: PasswordOf,
    at: datetime,
    role: Role | None = None,
) -> Actor:
    invited = Invited(
        email=colleague.email, first_name=colleague.first_name, last_name=colleague.last_name
    )
    account: Account = create_account(invited=invited, password=password_of(colleague.email), at=at)
    by = Actor(user_id=account.pk)
    give_role(account=account, organisation=organisation, by=by, at=at, role=role)
    return by
