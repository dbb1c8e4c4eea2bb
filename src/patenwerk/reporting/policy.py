"""Who sees which figures. The programme office sees releases, never live tables or tandems."""

from __future__ import annotations

from patenwerk.core.policy import declare
from patenwerk.organisations.enums import Role

OFFICE, MANAGER, COORDINATOR = Role.PROGRAMME_OFFICE, Role.CARRIER_MANAGER, Role.COORDINATOR

#: Unhidden tables, and why a tandem counts: within one's own site or carrier.
SEE_TABLES = declare("reporting.see_tables", roles=[MANAGER, COORDINATOR])
#: The rule is no secret for anybody who works with it.
SEE_RULES = declare("reporting.see_rules", roles=[OFFICE, MANAGER, COORDINATOR])
EDIT_RULES = declare("reporting.edit_rules", roles=[OFFICE])
SEE_RELEASES = declare("reporting.see_releases", roles=[OFFICE])
PUBLISH = declare("reporting.publish", roles=[OFFICE])
IMPORT_FIGURES = declare("reporting.import_figures", roles=[OFFICE])
