"""Mentors and mentees, their guardians, consents, record checks and moves, entries that may be one
person, and what is done for many at once.
"""

from patenwerk.people.models.batch import Batch, BatchRow
from patenwerk.people.models.consent import Consent
from patenwerk.people.models.duplicate import Merge, PersonFingerprint, PossibleDuplicate
from patenwerk.people.models.guardian import Guardian
from patenwerk.people.models.move import ArrivingMove, Move
from patenwerk.people.models.person import Person
from patenwerk.people.models.record_check import RecordCheck
from patenwerk.people.models.settings import PeopleSettings

__all__ = [
    "ArrivingMove",
    "Batch",
    "BatchRow",
    "Consent",
    "Guardian",
    "Merge",
    "Move",
    "PeopleSettings",
    "Person",
    "PersonFingerprint",
    "PossibleDuplicate",
    "RecordCheck",
]
