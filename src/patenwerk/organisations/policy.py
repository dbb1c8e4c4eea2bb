"""What can be done with organisations, and which roles may."""

from __future__ import annotations

from patenwerk.core.policy import declare
from patenwerk.organisations.enums import Role

OFFICE, NETWORK = Role.PROGRAMME_OFFICE, Role.NETWORK_OFFICE
MANAGER, COORDINATOR = Role.CARRIER_MANAGER, Role.COORDINATOR

#: Being here at all: the start page of the work area, one's own account.
WORK = declare("organisations.work", roles=[OFFICE, NETWORK, MANAGER, COORDINATOR])
SEE_PROGRAMME = declare("organisations.see_programme", roles=[OFFICE])
EDIT_PROGRAMME = declare("organisations.edit_programme", roles=[OFFICE])
SEE_CARRIER = declare("organisations.see_carrier", roles=[OFFICE, NETWORK, MANAGER])
CREATE_CARRIER = declare("organisations.create_carrier", roles=[OFFICE])
EDIT_CARRIER = declare("organisations.edit_carrier", roles=[OFFICE, MANAGER])
SEE_SITE = declare("organisations.see_site", roles=[OFFICE, MANAGER, COORDINATOR])
EDIT_SITE = declare("organisations.edit_site", roles=[MANAGER])
SEE_GRANTS = declare("organisations.see_grants", roles=[OFFICE, MANAGER])
INVITE_OFFICE = declare("organisations.invite_office", roles=[OFFICE])
INVITE_NETWORK = declare("organisations.invite_network", roles=[OFFICE])
INVITE_MANAGER = declare("organisations.invite_manager", roles=[OFFICE])
INVITE_COORDINATOR = declare("organisations.invite_coordinator", roles=[MANAGER])
