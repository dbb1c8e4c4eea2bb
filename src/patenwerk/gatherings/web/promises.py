from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patenwerk.core.policy import may_in
from patenwerk.core.web.lists import ListPage, SheetColumn
from patenwerk.core.web.views import ObjectFormPage, ObjectView
from patenwerk.gatherings.domain.promise import (
    change_commitment,
    settle_commitment,
    tell_progress,
)
from patenwerk.gatherings.domain.promise_steps import COMMITMENT_STEPS
from patenwerk.gatherings.enums import CommitmentState
from patenwerk.gatherings.models import Commitment
from patenwerk.gatherings.models.promise import COMMITMENT_STATES
from patenwerk.gatherings.policy import ORGANISE, SEE_MINUTES, TELL
from patenwerk.gatherings.queries.panels import promise_row
from patenwerk.gatherings.queries.promise import (
    PromiseFilter,
    Standing,
    commitments,
    is_overdue,
    may_tell,
    promises_of,
    with_progress,
)
from patenwerk.gatherings.web.promise_forms import (
    NoteForm,
    ProgressForm,
    PromiseFilterForm,
    PromiseForm,
    WhyForm,
)
from patenwerk.organisations.models import Carrier


def _latest(row: Commitment) -> str:
    told = list(row.progress.all())
    return told[-1].text if told else ""


class PromiseList(ListPage):
    see = do = SEE_MINUTES
    template = "gatherings/promises.html"
    filter_form = PromiseFilterForm
    sheet_name = "zusagen"
    sheet_columns: ClassVar[list[SheetColumn]] = [
        SheetColumn(gettext_lazy("What"), lambda row: row.text),
        SheetColumn(gettext_lazy("Kind"), lambda row: row.get_kind_display()),
        SheetColumn(gettext_lazy("Who"), lambda row: row.owner),
        SheetColumn(gettext_lazy("Carrier"), lambda row: row.of_carrier or ""),
        SheetColumn(
            gettext_lazy("With"), lambda row: ", ".join(each.name for each in row.partners.all())
        ),
        SheetColumn(gettext_lazy("Until"), lambda row: row.due_on),
        SheetColumn(gettext_lazy("State"), lambda row: row.get_state_display()),
        SheetColumn(gettext_lazy("Settled on"), lambda row: row.settled_on),
        SheetColumn(gettext_lazy("Gathering"), lambda row: row.gathering.title),
        SheetColumn(gettext_lazy("Latest news"), _latest),
    ]

    def filter_options(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def listed(self, said: dict[str, Any]) -> QuerySet[Commitment]:
        carrier = said.get("carrier")
        filters = PromiseFilter(
            text=said.get("text") or "",
            standing=Standing(said.get("standing") or Standing.OPEN),
            carrier_id=carrier.pk if carrier else None,
        )
        return commitments(self.actor, filters, self.today)

    def context(self, page: Any) -> dict[str, Any]:
        return {
            "promises": [promise_row(row, self.today) for row in page.object_list],
            "is_narrowed": any(self.request.GET.values()),
        }


class CarrierPromises(ObjectView):
    """What one carrier promised: overdue, open, done; with a form for each that is open."""

    model = Carrier
    see = do = SEE_MINUTES
    template = "gatherings/carrier_promises.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        found = promises_of(self.actor, self.object)
        tell = may_tell(self.actor, found)
        rows = [{**promise_row(row, self.today), "may_tell": row.pk in tell} for row in found]
        still = [row for row in rows if row["promise"].state == CommitmentState.OPEN]
        return self.page(
            {
                "carrier": self.object,
                "overdue": [row for row in still if row["is_overdue"]],
                "open": [row for row in still if not row["is_overdue"]],
                "settled": [
                    row for row in reversed(rows) if row["promise"].state != CommitmentState.OPEN
                ],
                "form": ProgressForm(auto_id=False),
            }
        )


class CommitmentPage(ObjectView):
    model = Commitment
    see = do = SEE_MINUTES
    template = "gatherings/commitment.html"

    def rows(self) -> QuerySet[Commitment]:
        return with_progress(Commitment.objects.all())

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self.page(commitment_context(self, ProgressForm()))


def commitment_context(view: ObjectView, form: Any) -> dict[str, Any]:
    """Everything on the page of a promise; ``form`` takes down what happened since."""
    commitment: Commitment = view.object
    told = bool(may_tell(view.actor, [commitment]))
    states = dict(COMMITMENT_STATES)
    is_open = commitment.state == CommitmentState.OPEN
    return {
        "row": promise_row(commitment, view.today),
        "overdue": is_overdue(commitment, view.today),
        "history": [(states[row.to_state], row) for row in commitment.steps_taken.all()],
        "steps": COMMITMENT_STEPS.offered(commitment) if told else [],
        "form": form if told and is_open else None,
        "may_change": is_open and may_in(view.actor, ORGANISE, commitment),
    }


class TellProgress(ObjectFormPage):
    model = Commitment
    see, do = SEE_MINUTES, TELL
    form_class = ProgressForm
    template = "gatherings/commitment.html"

    def rows(self) -> QuerySet[Commitment]:
        return with_progress(Commitment.objects.all())

    def page(self, context: Any, *, status: int = 200) -> HttpResponse:
        return super().page(commitment_context(self, context["form"]), status=status)

    def perform(self, form: Any) -> str:
        text = form.cleaned_data["text"]
        tell_progress(commitment=self.object, text=text, by=self.actor, at=self.now)
        self.said(_("Thank you. It stands beside the promise from now on."))
        return reverse("gatherings:commitment", args=[self.object.pk])


class SettleCommitment(ObjectFormPage, abstract=True):
    model = Commitment
    see, do = SEE_MINUTES, TELL
    template = "gatherings/promise_step.html"
    step: ClassVar[str]
    form_class: ClassVar[type[forms.Form]] = NoteForm

    def context(self) -> dict[str, Any]:
        return {
            "heading": COMMITMENT_STEPS.step(self.step).label,
            "text": self.object.text,
            "back": reverse("gatherings:commitment", args=[self.object.pk]),
        }

    def perform(self, form: Any) -> str:
        settle_commitment(
            commitment=self.object,
            step=self.step,
            note=form.cleaned_data["note"],
            by=self.actor,
            at=self.now,
        )
        self.said(_("Saved."))
        return reverse("gatherings:commitment", args=[self.object.pk])


class Finish(SettleCommitment):
    step = "finish"


class Drop(SettleCommitment):
    step = "drop"
    form_class = WhyForm


class Resume(SettleCommitment):
    step = "resume"


class ChangeCommitment(ObjectFormPage):
    model = Commitment
    see, do = SEE_MINUTES, ORGANISE
    form_class = PromiseForm
    template = "gatherings/promise_step.html"

    def rows(self) -> QuerySet[Commitment]:
        return with_progress(Commitment.objects.all())

    def form_options(self) -> dict[str, Any]:
        return {
            "gathering": self.object.gathering,
            "initial": PromiseForm.said_of(self.object),
        }

    def context(self) -> dict[str, Any]:
        return {
            "heading": _("Change a promise"),
            "text": self.object.text,
            "back": reverse("gatherings:commitment", args=[self.object.pk]),
        }

    def perform(self, form: Any) -> str:
        change_commitment(commitment=self.object, values=form.values(), by=self.actor, at=self.now)
        self.said(_("Saved."))
        return reverse("gatherings:commitment", args=[self.object.pk])
