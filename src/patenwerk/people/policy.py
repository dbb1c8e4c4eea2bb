"""What can be done with persons, and which roles may. The programme office may nothing here."""

from __future__ import annotations

from patenwerk.core.policy import declare
from patenwerk.organisations.enums import Role

SEE_PERSON = declare("people.see", roles=[Role.COORDINATOR, Role.CARRIER_MANAGER])
EDIT_PERSON = declare("people.edit", roles=[Role.COORDINATOR])
RECORD_CHECK = declare("people.record_check", roles=[Role.COORDINATOR])
SET_RULES = declare("people.set_rules", roles=[Role.CARRIER_MANAGER])
CONSENT = declare("people.consent", roles=[Role.COORDINATOR])
MERGE = declare("people.merge", roles=[Role.COORDINATOR])
#: Both sides of a move. Of one's own people it allows to propose it (``Move``), of those who are
#: to come it allows to decide (``ArrivingMove``).
MOVE = declare("people.move", roles=[Role.COORDINATOR])
