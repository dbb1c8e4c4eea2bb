"""What tandems have against archiving people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from patenwerk.core.refusal import Reason
from patenwerk.people.domain.person import ArchivingGuard
from patenwerk.tandems.queries.places import places_taken

#: Somebody in an open tandem is not archived: the tandem is closed first.
NO_OPEN_TANDEM = ArchivingGuard(
    Reason("open_tandem", _("There is an open tandem. Please end it first.")), places_taken
)
