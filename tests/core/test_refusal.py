"""A refusal carries all its reasons, in words and in codes."""

from __future__ import annotations

from patenwerk.core.refusal import Reason, Refusal

LATE = Reason("late", "It is too late.")
FULL = Reason("full", "No place is left.", "capacity")


def test_one_reason() -> None:
    refusal = Refusal(LATE)
    assert refusal.reasons == (LATE,)
    assert refusal.args == ("late",)
    assert str(refusal) == "It is too late."
    assert LATE.field is None


def test_several_reasons_in_their_order() -> None:
    refusal = Refusal(reason for reason in [FULL, LATE])
    assert refusal.reasons == (FULL, LATE)
    assert refusal.args == ("full", "late")
    assert str(refusal) == "No place is left. It is too late."
    assert FULL.field == "capacity"
