"""Abstract models and fields of the mechanisms; core has no tables of its own."""

from patenwerk.core.models.encrypted import EncryptedTextField
from patenwerk.core.models.lifecycle import StepTaken

__all__ = ["EncryptedTextField", "StepTaken"]
