"""The fixed choices said about a person. Codes are stored, words are made above."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Side(StrEnum):
    """Which half of a tandem a person is: the one accompanied or the one accompanying."""

    MENTEE = "mentee"
    MENTOR = "mentor"


class Gender(StrEnum):
    """As the person said it; ``UNSAID`` meets no wish for a gender."""

    FEMALE = "female"
    MALE = "male"
    DIVERSE = "diverse"
    UNSAID = "unsaid"


class Level(IntEnum):
    """Language level of the Common European Framework; first languages count as ``NATIVE``."""

    A1 = 1
    A2 = 2
    B1 = 3
    B2 = 4
    C1 = 5
    C2 = 6
    NATIVE = 7


class ConsentPurpose(StrEnum):
    """What a person may consent to."""

    OTHER_CARRIERS = "other_carriers"
    """To be seen by other carriers of the programme for matching."""
    MOVE_SITE = "move_site"
    """To be handed over to another site of the programme, once."""
    TAKING_PART = "taking_part"
    """To take part: a tandem, its meetings, and what is written down of them."""


class GivenBy(StrEnum):
    """Who consented: for children a guardian does."""

    SELF = "self"
    GUARDIAN = "guardian"


class Relation(StrEnum):
    """What a guardian is to the child."""

    MOTHER = "mother"
    FATHER = "father"
    COURT = "court"
    YOUTH_OFFICE = "youth_office"
    OTHER = "other"


class BatchKind(StrEnum):
    """What is done for many people at once."""

    ARCHIVE = "archive"
    RESTORE = "restore"
    CHANGE = "change"


class BatchState(StrEnum):
    """How far something for many people is."""

    CHOSEN = "chosen"
    DONE = "done"
    UNDONE = "undone"


class RowState(StrEnum):
    """What becomes of one of many chosen people."""

    CHOSEN = "chosen"
    """Nobody has said yet what is to be changed."""
    LEFT_OUT = "left_out"
    """It cannot be done, or could not."""
    TO_DO = "to_do"
    SAME = "same"
    """What is wished is so already."""
    DONE = "done"
    UNDONE = "undone"
    """As it was before."""
    STAYS = "stays"
    """The rest was taken back; here somebody has decided otherwise since."""


class PairState(StrEnum):
    """What was decided about two entries that may be one person."""

    OPEN = "open"
    NOT_THE_SAME = "not_the_same"
    MERGED = "merged"


class MoveState(StrEnum):
    """Where the move of a person to another site stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
