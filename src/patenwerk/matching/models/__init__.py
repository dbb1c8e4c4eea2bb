"""Rounds, also of a whole programme, with what they suggest; pairs kept apart; settings."""

from patenwerk.matching.models.never_again import NeverAgain
from patenwerk.matching.models.programme_round import ProgrammeRound
from patenwerk.matching.models.replay import Replay
from patenwerk.matching.models.round import (
    LeftOverPerson,
    Round,
    Suggestion,
    SuggestionChange,
)
from patenwerk.matching.models.settings import MatchingSettings

__all__ = [
    "LeftOverPerson",
    "MatchingSettings",
    "NeverAgain",
    "ProgrammeRound",
    "Replay",
    "Round",
    "Suggestion",
    "SuggestionChange",
]
