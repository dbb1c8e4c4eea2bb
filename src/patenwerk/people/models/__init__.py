"""Mentors and mentees, what they consented to, and what the law lets us keep of a record check."""

from patenwerk.people.models.consent import Consent
from patenwerk.people.models.person import Person
from patenwerk.people.models.record_check import RecordCheck
from patenwerk.people.models.settings import PeopleSettings

__all__ = ["Consent", "PeopleSettings", "Person", "RecordCheck"]
