from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from patenwerk.core.policy import may_in, visible
from patenwerk.core.web.lists import ListPage, SheetColumn
from patenwerk.core.web.views import ObjectFormPage, ObjectView
from patenwerk.gatherings.domain.promise import move_decision
from patenwerk.gatherings.domain.promise_steps import DECISION_STEPS
from patenwerk.gatherings.enums import DecisionState
from patenwerk.gatherings.models import Commitment, Decision
from patenwerk.gatherings.models.promise import DECISION_STATES
from patenwerk.gatherings.policy import ORGANISE, SEE_MINUTES
from patenwerk.gatherings.queries.decision import (
    DecisionFilter,
    decisions,
    successors_of,
    with_promises,
)
from patenwerk.gatherings.queries.panels import promise_row
from patenwerk.gatherings.queries.promise import with_progress
from patenwerk.gatherings.web.promise_forms import (
    DecisionFilterForm,
    NoteForm,
    ReplaceForm,
    WhyForm,
)


class DecisionList(ListPage):
    see = do = SEE_MINUTES
    template = "gatherings/decisions.html"
    filter_form = DecisionFilterForm
    sheet_name = "beschluesse"
    sheet_columns: ClassVar[list[SheetColumn]] = [
        SheetColumn(gettext_lazy("Decided on"), lambda row: row.decided_on),
        SheetColumn(gettext_lazy("Gathering"), lambda row: row.gathering.title),
        SheetColumn(
            gettext_lazy("Kind"), lambda row: row.gathering.kind.name_in(get_language() or "de")
        ),
        SheetColumn(gettext_lazy("Series"), lambda row: row.gathering.series or ""),
        SheetColumn(gettext_lazy("Number"), lambda row: row.number),
        SheetColumn(gettext_lazy("What was decided"), lambda row: row.text),
        SheetColumn(gettext_lazy("Grounds"), lambda row: row.grounds),
        SheetColumn(gettext_lazy("State"), lambda row: row.get_state_display()),
        SheetColumn(gettext_lazy("Promises"), lambda row: row.promised),
    ]

    def filter_options(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def listed(self, said: dict[str, Any]) -> QuerySet[Decision]:
        filters = DecisionFilter(
            text=said.get("text") or "",
            year=said.get("year"),
            state=DecisionState(said["state"]) if said.get("state") else None,
            series_id=said["series"].pk if said.get("series") else None,
            kind_id=said["kind"].pk if said.get("kind") else None,
        )
        return with_promises(decisions(self.actor, filters))

    def context(self, page: Any) -> dict[str, Any]:
        return {"is_narrowed": any(self.request.GET.values())}


class DecisionPage(ObjectView):
    model = Decision
    see = do = SEE_MINUTES
    template = "gatherings/decision.html"

    def rows(self) -> QuerySet[Decision]:
        return Decision.objects.select_related(
            "gathering__kind", "gathering__series", "replaced_by"
        )

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        promises = Commitment.objects.filter(
            visible(self.actor, SEE_MINUTES, Commitment), decision=self.object
        )
        states = dict(DECISION_STATES)
        may_organise = may_in(self.actor, ORGANISE, self.object)
        return self.page(
            {
                "decision": self.object,
                "replaces": Decision.objects.filter(
                    visible(self.actor, SEE_MINUTES, Decision), replaced_by=self.object
                ),
                "promises": [promise_row(row, self.today) for row in with_progress(promises)],
                "history": [(states[row.to_state], row) for row in self.object.steps_taken.all()],
                "steps": DECISION_STEPS.offered(self.object) if may_organise else [],
            }
        )


class MoveDecision(ObjectFormPage, abstract=True):
    model = Decision
    see, do = SEE_MINUTES, ORGANISE
    template = "gatherings/promise_step.html"
    step: ClassVar[str]
    form_class: ClassVar[type[forms.Form]] = NoteForm

    def context(self) -> dict[str, Any]:
        return {
            "heading": DECISION_STEPS.step(self.step).label,
            "text": self.object.text,
            "back": reverse("gatherings:decision", args=[self.object.pk]),
        }

    def perform(self, form: Any) -> str:
        move_decision(
            decision=self.object, step=self.step, **form.cleaned_data, by=self.actor, at=self.now
        )
        self.said(_("Saved."))
        return reverse("gatherings:decision", args=[self.object.pk])


class CarryOut(MoveDecision):
    step = "carry_out"


class Withdraw(MoveDecision):
    step = "withdraw"
    form_class = WhyForm


class Restore(MoveDecision):
    step = "restore"


class Replace(MoveDecision):
    step = "replace"
    form_class = ReplaceForm

    def form_options(self) -> dict[str, Any]:
        return {"successors": successors_of(self.actor, self.object)}
