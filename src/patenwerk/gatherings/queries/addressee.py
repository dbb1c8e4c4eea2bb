"""To whom an answer goes: who asked, while they may still, else those of the same side."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from patenwerk.gatherings.models import Gathering
from patenwerk.gatherings.queries.contact import Addressee, addressee_of, contacts_of, managing
from patenwerk.organisations.enums import Role
from patenwerk.organisations.queries.holders import holders_of


def offices_of(programmes: Collection[int], on: date) -> dict[int, list[Addressee]]:
    """The accounts of the network office on a day, by programme: one query."""
    found: dict[int, dict[int, Addressee]] = {pk: {} for pk in programmes}
    for grant in holders_of(Role.NETWORK_OFFICE, on).filter(programme__in=programmes):
        # Two grants of one account may overlap: everybody is written to once.
        found[grant.programme_id][grant.account_id] = addressee_of(grant)
    return {pk: list(known.values()) for pk, known in found.items()}


def who_spoke_for(carrier_id: int | None, account_id: int | None, on: date) -> list[Addressee]:
    """Who said something for a carrier, while that account manages it; else its contacts.

    What was said for no carrier was the organisers' own: nobody.
    """
    if carrier_id is None:
        return []
    own = managing(on).filter(carrier=carrier_id, account=account_id or 0).first()
    return contacts_of([carrier_id], on)[carrier_id] if own is None else [addressee_of(own)]


def who_invited(gathering: Gathering, account_id: int | None, on: date) -> list[Addressee]:
    """Who invited somebody to a gathering, while that account organises it; else the organisers."""
    if gathering.carrier_id is not None:
        return who_spoke_for(gathering.carrier_id, account_id, on)
    office = offices_of([gathering.programme_id], on)[gathering.programme_id]
    return [each for each in office if each.account_id == account_id] or office
