"""Who makes letters: whoever works at the site. Who says what stands in them: the carrier."""

from __future__ import annotations

from patenwerk.core.policy import declare
from patenwerk.organisations.enums import Role

MAKE_LETTERS = declare("letters.make", roles=[Role.COORDINATOR])
EDIT_TEXTS = declare("letters.edit_texts", roles=[Role.CARRIER_MANAGER])
