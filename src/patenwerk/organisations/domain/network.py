"""Networks: sites of a programme that agreed to match together."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.organisations.models import Network, Programme


class CannotSaveNetwork(Refusal):
    """The network was not saved."""


def create_network(*, programme: Programme, name: str, by: Actor, at: datetime) -> Network:
    """Create a network of a programme. Raises :class:`CannotSaveNetwork` when the name is taken."""
    if Network.objects.filter(programme=programme, name=name).exists():
        sentence = _("There is a network of this name already. Please choose another name.")
        raise CannotSaveNetwork(Reason("name_taken", sentence, "name"))
    network = Network.objects.create(programme=programme, name=name)
    record(by=by, at=at, action="organisations.create_network", things=[network])
    return network
