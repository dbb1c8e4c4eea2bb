"""Life cycles: one table of steps per thing with states, and one door that moves.

The door locks the row, collects *all* refusals, writes the state and an event row. Buttons ask
the same refusals, so page and rule agree. Higher apps add guards to lower steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from patenwerk.core.models.lifecycle import StepTaken
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class StepRequest:
    """What a guard is asked about: the thing, the step, who wants it when, and what they say.

    ``facts`` holds what the step needs beyond the thing itself (a coded reason, a date).
    """

    thing: Any
    step: Step
    by: Actor
    at: datetime
    facts: Mapping[str, Any]


Guard = Callable[[StepRequest], Iterable[Reason]]


@dataclass(frozen=True, slots=True)
class Step:
    """One named move from some states to one, with the guards that may refuse it."""

    name: str
    label: StrOrPromise
    sources: frozenset[str]
    target: str
    guards: tuple[Guard, ...] = ()


class CannotMove(Refusal):
    """A step was refused; the thing stays where it is."""


@dataclass(slots=True)
class Lifecycle:
    """The table of steps of one model, with its state in ``state_field``.

    ``event_model`` is the concrete :class:`StepTaken`; ``event_scope`` makes the columns that
    tie an event row to its thing.
    """

    name: str
    model: type[models.Model]
    event_model: type[StepTaken]
    event_scope: Callable[[Any], Mapping[str, Any]]
    steps: tuple[Step, ...]
    state_field: str = "state"
    _added: dict[str, list[Guard]] = field(default_factory=dict)

    def step(self, name: str) -> Step:
        """The step of this name; ``LookupError`` when the table has none."""
        for step in self.steps:
            if step.name == name:
                return step
        raise LookupError(f"{self.name} has no step {name!r}.")

    def add_guard(self, step: str, guard: Guard) -> None:
        """Let a higher app refuse a step, too. Adding the same guard twice adds it once."""
        self.step(step)
        guards = self._added.setdefault(step, [])
        if guard not in guards:
            guards.append(guard)

    def refusals(
        self,
        thing: models.Model,
        name: str,
        *,
        by: Actor,
        at: datetime,
        facts: Mapping[str, Any] | None = None,
    ) -> list[Reason]:
        """Every reason against the step now; an empty list means it may be taken.

        A step that does not start at the present state gives one reason, ``wrong_state``, and
        asks no guard: guards may rely on the state.
        """
        step = self.step(name)
        if getattr(thing, self.state_field) not in step.sources:
            return [
                Reason(
                    "wrong_state",
                    _("This is not possible now: the state has changed. Please look again."),
                )
            ]
        request = StepRequest(thing=thing, step=step, by=by, at=at, facts=facts or {})
        guards = (*step.guards, *self._added.get(name, ()))
        return [reason for guard in guards for reason in guard(request)]

    def offered(self, thing: models.Model) -> list[Step]:
        """The steps that start at the thing's present state, in the order of the table."""
        state = getattr(thing, self.state_field)
        return [step for step in self.steps if state in step.sources]

    def move(
        self,
        thing: models.Model,
        name: str,
        *,
        by: Actor,
        at: datetime,
        reason: str = "",
        note: str = "",
        facts: Mapping[str, Any] | None = None,
        changes: Mapping[str, Any] | None = None,
    ) -> StepTaken:
        """Take a step: lock, ask every guard, write state, ``changes`` and the event row.

        Needs an open transaction. ``thing`` is brought up to date from the locked row first, so
        that two people deciding at once cannot both win. Raises :class:`CannotMove` with all
        reasons; nothing is written then.
        """
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError("A life cycle moves inside a transaction only.")
        manager = self.model._default_manager
        locked = manager.select_for_update(of=("self",)).get(pk=thing.pk)
        for column in self.model._meta.concrete_fields:
            setattr(thing, column.attname, getattr(locked, column.attname))
        refusals = self.refusals(thing, name, by=by, at=at, facts=facts)
        if refusals:
            raise CannotMove(refusals)
        step = self.step(name)
        before = getattr(thing, self.state_field)
        written = {self.state_field: step.target, **(changes or {})}
        for key, value in written.items():
            setattr(thing, key, value)
        thing.save(update_fields=sorted(written))
        return self.event_model._default_manager.create(
            **self.event_scope(thing),
            step=step.name,
            from_state=before,
            to_state=step.target,
            by_id=by.user_id,
            at=at,
            reason=reason,
            note=note,
        )

    def diagram(self) -> str:
        """The state diagram in Mermaid's words, for the docs."""
        lines = ["stateDiagram-v2"]
        lines += [
            f"    {source} --> {step.target}: {step.name}"
            for step in self.steps
            for source in sorted(step.sources)
        ]
        return "\n".join(lines) + "\n"
