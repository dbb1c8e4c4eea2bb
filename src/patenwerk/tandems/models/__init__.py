"""Tandems, who takes part, what happened."""

from patenwerk.tandems.models.meeting import Meeting
from patenwerk.tandems.models.tandem import Participant, Tandem, TandemStep

__all__ = ["Meeting", "Participant", "Tandem", "TandemStep"]
