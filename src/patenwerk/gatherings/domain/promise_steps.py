"""The states of decisions and promises and the steps between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from patenwerk.core.lifecycle import Lifecycle, Step, StepRequest
from patenwerk.core.refusal import Reason
from patenwerk.gatherings.enums import CommitmentState, DecisionState
from patenwerk.gatherings.models import Commitment, CommitmentStep, Decision, DecisionStep


def said_why(request: StepRequest) -> Iterable[Reason]:
    """What is given up is given up with words."""
    if not str(request.facts.get("note", "")).strip():
        yield Reason("no_note", _("Please say in a sentence why."), "note")


def successor_fits(request: StepRequest) -> Iterable[Reason]:
    """One decision in force of the same programme takes over; never the decision itself."""
    decision: Decision = request.thing
    successor: Decision | None = request.facts.get("replaced_by")
    if (
        successor is None
        or successor.pk == decision.pk
        or successor.programme_id != decision.programme_id
        or successor.state != DecisionState.IN_FORCE
        or successor.decided_on < decision.decided_on
    ):
        sentence = _("Please choose a decision in force that was made later.")
        yield Reason("no_successor", sentence, "replaced_by")


def _of_decision(decision: Decision) -> Mapping[str, Any]:
    return {"decision": decision, **decision.organiser_columns}


def _of_commitment(commitment: Commitment) -> Mapping[str, Any]:
    return {"commitment": commitment, **commitment.organiser_columns}


DECISION_STEPS = Lifecycle(
    name="decision",
    model=Decision,
    event_model=DecisionStep,
    event_scope=_of_decision,
    steps=(
        Step(
            "carry_out",
            _("It is carried out"),
            frozenset({DecisionState.IN_FORCE}),
            DecisionState.CARRIED_OUT,
        ),
        Step(
            "replace",
            _("Another decision replaces it"),
            frozenset({DecisionState.IN_FORCE, DecisionState.CARRIED_OUT}),
            DecisionState.REPLACED,
            (successor_fits,),
        ),
        Step(
            "withdraw",
            _("Withdraw it"),
            frozenset({DecisionState.IN_FORCE}),
            DecisionState.WITHDRAWN,
            (said_why,),
        ),
        Step(
            "restore",
            _("Put it in force again"),
            frozenset({DecisionState.CARRIED_OUT, DecisionState.REPLACED, DecisionState.WITHDRAWN}),
            DecisionState.IN_FORCE,
        ),
    ),
)

COMMITMENT_STEPS = Lifecycle(
    name="commitment",
    model=Commitment,
    event_model=CommitmentStep,
    event_scope=_of_commitment,
    steps=(
        Step("finish", _("It is done"), frozenset({CommitmentState.OPEN}), CommitmentState.DONE),
        Step(
            "drop",
            _("Drop it"),
            frozenset({CommitmentState.OPEN}),
            CommitmentState.DROPPED,
            (said_why,),
        ),
        Step(
            "resume",
            _("Take it up again"),
            frozenset({CommitmentState.DONE, CommitmentState.DROPPED}),
            CommitmentState.OPEN,
        ),
    ),
)
