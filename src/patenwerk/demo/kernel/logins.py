"""Who can log in to the demo: one account for each role, and a second site to compare with."""

from __future__ import annotations

from dataclasses import dataclass

from patenwerk.demo.kernel.words import NAME_BEGINS, NAME_ENDS


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with an account."""

    email: str
    first_name: str
    last_name: str


COORDINATOR = Colleague("jutta.sommerfeldt@example.org", "Jutta", "Sommerfeldt")
SECOND_COORDINATOR = Colleague("nils.quellgrund@example.org", "Nils", "Quellgrund")
MANAGER = Colleague("arno.federsee@example.org", "Arno", "Federsee")
OFFICE = Colleague("wanda.uferlos@example.org", "Wanda", "Uferlos")
NETWORK = Colleague("hanne.lichtfurt@example.org", "Hanne", "Lichtfurt")
LOGINS = (COORDINATOR, SECOND_COORDINATOR, MANAGER, OFFICE, NETWORK)
"""These have a password; all the others of the demo log in by mailed code only."""

_FIRST = ("Kim", "Robin", "Sascha", "Toni", "Luca", "Noa", "Mika", "Charlie")


def coordinator_of(site: int) -> Colleague:
    """Who coordinates the site of this number."""
    named = {0: COORDINATOR, 1: SECOND_COORDINATOR}
    return named.get(site) or _invented("koordination", site)


def manager_of(carrier: int) -> Colleague:
    """Who manages the carrier of this number."""
    return MANAGER if carrier == 0 else _invented("leitung", carrier)


def _invented(work: str, number: int) -> Colleague:
    begin = NAME_BEGINS[(7 * number + len(work)) % len(NAME_BEGINS)]
    end = NAME_ENDS[(11 * number + len(work)) % len(NAME_ENDS)]
    return Colleague(f"{work}{number + 1:02}@example.org", _FIRST[number % 8], begin + end)
