"""Rounds with what they suggest, pairs that never come again, and the carriers' settings."""

from patenwerk.matching.models.never_again import NeverAgain
from patenwerk.matching.models.round import LeftOverPerson, Round, Suggestion
from patenwerk.matching.models.settings import MatchingSettings

__all__ = ["LeftOverPerson", "MatchingSettings", "NeverAgain", "Round", "Suggestion"]
