"""Who may read a list into a site: whoever works there. Out: its carrier, too."""

from __future__ import annotations

from patenwerk.core.policy import declare
from patenwerk.organisations.enums import Role

IMPORT = declare("imports.import", roles=[Role.COORDINATOR])
EXPORT = declare("imports.export", roles=[Role.COORDINATOR, Role.CARRIER_MANAGER])
