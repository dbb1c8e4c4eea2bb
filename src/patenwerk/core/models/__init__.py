"""Abstract models of the mechanisms; core has no tables of its own."""

from patenwerk.core.models.lifecycle import StepTaken

__all__ = ["StepTaken"]
