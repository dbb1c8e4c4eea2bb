"""Carriers: created by the programme office, described by themselves."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.organisations.models import Carrier, Programme


class CannotSaveCarrier(Refusal):
    """The carrier was not saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierValues:
    """What is said about a carrier."""

    name: str
    about: str = ""
    website: str = ""


def create_carrier(
    *, programme: Programme, values: CarrierValues, by: Actor, at: datetime
) -> Carrier:
    """Create a carrier in a programme. Raises :class:`CannotSaveCarrier` when the name is taken."""
    _refuse_taken(programme.pk, values.name, except_id=0)
    carrier = Carrier.objects.create(programme=programme, created_at=at, **asdict(values))
    record(by=by, at=at, action="organisations.create_carrier", things=[carrier])
    return carrier


def change_carrier(*, carrier: Carrier, values: CarrierValues, by: Actor, at: datetime) -> None:
    """Change what is said about a carrier. Raises :class:`CannotSaveCarrier`."""
    _refuse_taken(carrier.programme_id, values.name, except_id=carrier.pk)
    for name, value in asdict(values).items():
        setattr(carrier, name, value)
    carrier.save(update_fields=sorted(asdict(values)))
    record(by=by, at=at, action="organisations.change_carrier", things=[carrier])


def _refuse_taken(programme_id: int, name: str, *, except_id: int) -> None:
    same = Carrier.objects.filter(programme_id=programme_id, name=name).exclude(pk=except_id)
    if same.exists():
        sentence = _("There is a carrier of this name already. Please choose another name.")
        raise CannotSaveCarrier(Reason("name_taken", sentence, "name"))
