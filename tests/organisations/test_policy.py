"""Which role may what with organisations: said here once more, so that a slip is seen."""

from __future__ import annotations

import pytest

from patenwerk.core.policy import permissions_of
from patenwerk.organisations.enums import Role

HELD = {
    Role.PROGRAMME_OFFICE: {
        "work",
        "see_programme",
        "edit_programme",
        "see_carrier",
        "create_carrier",
        "edit_carrier",
        "see_site",
        "see_grants",
        "invite_office",
        "invite_network",
        "invite_manager",
    },
    Role.NETWORK_OFFICE: {"work", "see_carrier"},
    Role.CARRIER_MANAGER: {
        "work",
        "see_carrier",
        "edit_carrier",
        "see_site",
        "edit_site",
        "see_grants",
        "invite_coordinator",
    },
    Role.COORDINATOR: {"work", "see_site"},
}


@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_may_with_organisations(role: Role) -> None:
    held = {name for name in permissions_of(role) if name.startswith("organisations.")}
    assert held == {f"organisations.{name}" for name in HELD[role]}
