"""States and choices of gatherings."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a gathering is between the first idea and its documentation."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    HELD = "held"
    DOCUMENTED = "documented"
    CANCELLED = "cancelled"


#: Others than the organisers know of the gathering.
KNOWN = frozenset(
    {
        State.ANNOUNCED,
        State.OPEN,
        State.CLOSED,
        State.HELD,
        State.DOCUMENTED,
        State.CANCELLED,
    }
)
#: It is still to come: it can be changed, and seats move.
AHEAD = frozenset({State.DRAFT, State.ANNOUNCED, State.OPEN, State.CLOSED})
#: It has taken place.
OVER = frozenset({State.HELD, State.DOCUMENTED})


class Mode(StrEnum):
    """Where people meet."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    BOTH = "both"


class Audience(StrEnum):
    """For whom a gathering is: everybody, the programme's carriers, or invited carriers."""

    PUBLIC = "public"
    CIRCLE = "circle"
    INVITED = "invited"


class Seat(StrEnum):
    """What a registration holds. An offered seat is kept free until its time is over."""

    SEATED = "seated"
    WAITING = "waiting"
    OFFERED = "offered"
    SUBSTITUTE = "substitute"
    DECLINED = "declined"


#: Registrations that take seats from the capacity.
HOLDING = frozenset({Seat.SEATED, Seat.OFFERED})


class Need(StrEnum):
    """What a question to participants is about."""

    FOOD = "food"
    ACCESS = "access"
    INTERPRETING = "interpreting"
    SIGN_LANGUAGE = "sign_language"
    OTHER = "other"


class ItemState(StrEnum):
    """Whether a proposed item stands on the agenda."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class AgendaEvent(StrEnum):
    """What happened to an agenda after its first announcement."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    REMOVED = "removed"


class Licence(StrEnum):
    """What others may do with a material."""

    ALL_RIGHTS = "all_rights"
    CC_BY = "cc_by"
    CC_BY_SA = "cc_by_sa"
    CC_0 = "cc_0"


class Access(StrEnum):
    """Who may open a material."""

    EVERYBODY = "everybody"
    REGISTERED = "registered"
    CIRCLE = "circle"
    ORGANISERS = "organisers"


class MinutesState(StrEnum):
    """How far minutes are on their way to being the record."""

    DRAFT = "draft"
    SENT = "sent"
    OBJECTED = "objected"
    APPROVED = "approved"
    LOCKED = "locked"


#: The text can be edited.
EDITABLE = frozenset({MinutesState.DRAFT, MinutesState.OBJECTED})
#: The circle reads the minutes.
SHARED = frozenset(
    {MinutesState.SENT, MinutesState.OBJECTED, MinutesState.APPROVED, MinutesState.LOCKED}
)


class ObjectionState(StrEnum):
    """What became of an objection."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class DecisionState(StrEnum):
    """What a decision is worth today."""

    IN_FORCE = "in_force"
    CARRIED_OUT = "carried_out"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class CommitmentKind(StrEnum):
    """A task has one owner; a joint activity is shared by several carriers."""

    TASK = "task"
    ACTIVITY = "activity"


class CommitmentState(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Sector(StrEnum):
    """Where an expert comes from."""

    POLITICS = "politics"
    ADMINISTRATION = "administration"
    BUSINESS = "business"
    SCIENCE = "science"
    CIVIL_SOCIETY = "civil_society"


class ContributionState(StrEnum):
    """What an expert said to an invitation, and whether it took place."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    HELD = "held"


class AnswerKind(StrEnum):
    """How a question of the feedback is answered."""

    SCALE = "scale"
    TEXT = "text"
