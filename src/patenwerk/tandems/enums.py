"""States of a tandem, why one ends, what the two say, how they meet."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """A tandem exists from the coordinator's decision on."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    TRIAL = "trial"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


#: States in which a tandem takes a place of each participant's capacity.
OPEN_STATES = frozenset({State.PROPOSED, State.AGREED, State.TRIAL, State.ACTIVE, State.PAUSED})
#: States in which somebody can be asked into a group that runs.
JOINABLE_STATES = frozenset({State.AGREED, State.TRIAL, State.ACTIVE})
#: States in which meetings are logged.
MEETING_STATES = frozenset({State.TRIAL, State.ACTIVE})


class EndReason(StrEnum):
    """Why a tandem ended, coded for the figures."""

    GOAL_REACHED = "goal_reached"
    TIME_OVER = "time_over"
    DECLINED = "declined"
    MOVED_AWAY = "moved_away"
    NO_TIME = "no_time"
    NO_CONTACT = "no_contact"
    DID_NOT_FIT = "did_not_fit"
    BY_ORGANISATION = "by_organisation"
    OTHER = "other"


class Acceptance(StrEnum):
    """What a participant says to the proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class MemberRole(StrEnum):
    """What somebody is in a tandem, as lists say it."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    SUBSTITUTE = "substitute"


class MeetingPlace(StrEnum):
    """How the two met."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    PHONE = "phone"
