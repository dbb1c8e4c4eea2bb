"""What can be done with tandems, and which roles may. The programme office may nothing here."""

from __future__ import annotations

from patenwerk.core.policy import declare
from patenwerk.organisations.enums import Role

SEE_TANDEM = declare("tandems.see", roles=[Role.COORDINATOR, Role.CARRIER_MANAGER])
MOVE_TANDEM = declare("tandems.move", roles=[Role.COORDINATOR])
LOG_MEETING = declare("tandems.log_meeting", roles=[Role.COORDINATOR])
