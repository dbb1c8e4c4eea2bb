"""Who may read a list into a site: whoever works there. All sites at once, and out: its carrier."""

from __future__ import annotations

from patenwerk.core.policy import declare
from patenwerk.organisations.enums import Role

IMPORT = declare("imports.import", roles=[Role.COORDINATOR])
#: A carrier's whole archive, one file for each of its sites: what its manager took out elsewhere.
IMPORT_BUNDLE = declare("imports.import_bundle", roles=[Role.CARRIER_MANAGER])
EXPORT = declare("imports.export", roles=[Role.COORDINATOR, Role.CARRIER_MANAGER])
