"""Many people at once: what is to be done, what will happen, what has happened, the way back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from patenwerk.core.refusal import Refusal
from patenwerk.core.templatetags.parts.numbers import number
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.lists import ROWS_PER_PAGE
from patenwerk.core.web.views import ObjectFormPage, ObjectView, PolicedView
from patenwerk.organisations.models import SupportField
from patenwerk.people.domain.batch import (
    FIELDS,
    do_batch,
    plan_change,
    sentences,
    take_back,
    taking_back_now,
    taking_back_refusals,
)
from patenwerk.people.domain.batch_change import change_of
from patenwerk.people.domain.person_values import from_plain
from patenwerk.people.enums import BatchKind, BatchState, RowState
from patenwerk.people.kernel.defaults import DAYS_TO_TAKE_BACK
from patenwerk.people.models import Batch, BatchRow, Person
from patenwerk.people.policy import EDIT_PERSON
from patenwerk.people.queries.batch import (
    batches_done,
    checks_that_go,
    counts_of,
    has_mentors,
    last_day,
    rows_shown,
)
from patenwerk.people.web.forms import ChangeForm, PersonForm

#: Where the person's own form calls a column something else.
_ASKED_AS = {FIELDS: "fields_of_support"}
#: What becomes of somebody, in a word, with its tone and sign; by kind where kinds differ.
_STATES = {
    RowState.LEFT_OUT: (pgettext_lazy("one of many", "left out"), "warn", "triangle-alert"),
    RowState.SAME: (pgettext_lazy("one of many", "stays as it is"), "", "equal"),
    RowState.UNDONE: (pgettext_lazy("one of many", "as before"), "", "undo-2"),
    RowState.STAYS: (pgettext_lazy("one of many", "stays"), "warn", "triangle-alert"),
}
_TO_DO = {
    BatchKind.ARCHIVE: pgettext_lazy("one of many", "will be archived"),
    BatchKind.RESTORE: pgettext_lazy("one of many", "will be brought back"),
    BatchKind.CHANGE: pgettext_lazy("one of many", "will be changed"),
}
#: In this order it is said how many are in which state.
_COUNTED = (
    *(RowState.TO_DO, RowState.DONE, RowState.UNDONE),
    *(RowState.STAYS, RowState.SAME, RowState.LEFT_OUT),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One of the people: what becomes of it, what that changes, and why not."""

    person: Person
    word: str
    tone: str
    icon: str
    changes: list[tuple[str, str, str]]
    reasons: list[str]


class BatchList(PolicedView):
    """What was done for many at once and can still be looked at."""

    see = do = EDIT_PERSON
    template = "people/batches.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found: Any = batches_done(self.actor)  # with its counts
        rows = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
        return self.page(
            {
                "rows": rows,
                "lines": [(batch, done_in_words(batch, batch.done_count)) for batch in rows],
                "shows_sites": len({batch.site_id for batch in rows}) > 1,
                "days": DAYS_TO_TAKE_BACK,
            }
        )


class AboutBatch(ObjectView, abstract=True):
    model = Batch
    see = do = EDIT_PERSON

    def rows(self) -> Any:
        return Batch.objects.select_related("site", "done_by", "undone_by")

    @property
    def address(self) -> str:
        return reverse("people:batch", args=[self.object.pk])


class SeenForm(forms.Form):
    """Which preview somebody has in view."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class BatchPage(AboutBatch):
    """Before: who is concerned, and who is not and why. Afterwards: what has happened."""

    template = "people/batch.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch: Batch = self.object
        if (
            batch.state == BatchState.CHOSEN
            and batch.kind == BatchKind.CHANGE
            and not batch.version
        ):
            return redirect("people:plan_batch", pk)
        rows = Paginator(rows_shown(batch), ROWS_PER_PAGE).get_page(request.GET.get("page"))
        counts = counts_of(batch)
        done = sum(counts[state] for state in (RowState.DONE, RowState.UNDONE, RowState.STAYS))
        is_done = batch.state != BatchState.CHOSEN
        against = list(taking_back_refusals(batch=batch, at=self.now))
        return self.page(
            {
                "batch": batch,
                "title": done_in_words(batch, done)
                if is_done
                else question_in_words(batch, counts[RowState.TO_DO]),
                "form": SeenForm(initial={"version": batch.version}),
                "rows": rows,
                "lines": lines(batch, rows),
                "counts": [(states_of(batch)[state][0], counts[state]) for state in _COUNTED],
                "to_do": counts[RowState.TO_DO],
                "checks": checks_that_go(batch) if not is_done else batch.checks_removed,
                "may_take_back": bool(counts[RowState.DONE]) and not against,
                "until": last_day(batch) if is_done else None,
                "days": DAYS_TO_TAKE_BACK,
            }
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = SeenForm(request.POST)
        version = form.cleaned_data["version"] if form.is_valid() else -1
        try:
            with transaction.atomic():
                do_batch(batch=self.object, version=version, by=self.actor, at=self.now)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect(self.address)


class PlanChange(AboutBatch, ObjectFormPage):
    """What is to be different for all of them."""

    form_class = ChangeForm
    template = "people/plan_batch.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        batch: Batch = self.object
        if batch.state != BatchState.CHOSEN or batch.kind != BatchKind.CHANGE:
            return redirect(self.address)
        return super().get(request, **kwargs)

    def form_options(self) -> dict[str, Any]:
        return {
            "support_fields": list(SupportField.objects.filter(programme=self.object.programme_id)),
            "asks_capacity": has_mentors(self.object),
            "change": change_of(self.object.wishes),
        }

    def context(self) -> dict[str, Any]:
        return {"batch": self.object, "count": sum(counts_of(self.object).values())}

    def perform(self, form: ChangeForm) -> str:
        plan_change(batch=self.object, change=form.change(), by=self.actor, at=self.now)
        return self.address


class TakeBack(AboutBatch, ObjectFormPage):
    """Everybody as before: for whom that is so, and of whom something stays and why."""

    form_class = ConfirmForm
    template = "people/take_batch_back.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if list(taking_back_refusals(batch=self.object, at=self.now)):
            return redirect(self.address)
        return super().get(request, **kwargs)

    def context(self) -> dict[str, Any]:
        batch: Batch = self.object
        found = taking_back_now(batch)
        for row in found.stays.values():
            row.state, row.before, row.after = RowState.STAYS, {}, {}
        return {
            "batch": batch,
            "back": len(found.back),
            "lines": lines(batch, found.stays.values()),
        }

    def perform(self, form: ConfirmForm) -> str:
        count = len(take_back(batch=self.object, by=self.actor, at=self.now).back)
        sentence = ngettext(
            "%(number)s person is as before.", "%(number)s people are as before.", count
        )
        self.said(sentence % {"number": number(count)})
        return self.address


def done_in_words(batch: Batch, count: int) -> str:
    """What was done, for how many."""
    made = {
        BatchKind.ARCHIVE: lambda: ngettext(
            "%(number)s person archived", "%(number)s people archived", count
        ),
        BatchKind.RESTORE: lambda: ngettext(
            "%(number)s person brought back", "%(number)s people brought back", count
        ),
        BatchKind.CHANGE: lambda: ngettext(
            "%(number)s person changed", "%(number)s people changed", count
        ),
    }
    return made[BatchKind(batch.kind)]() % {"number": number(count)}


def question_in_words(batch: Batch, count: int) -> str:
    """What is about to be done, for how many."""
    if not count:
        return _("Possible for nobody")
    made = {
        BatchKind.ARCHIVE: lambda: ngettext(
            "Archive %(number)s person?", "Archive %(number)s people?", count
        ),
        BatchKind.RESTORE: lambda: ngettext(
            "Bring %(number)s person back?", "Bring %(number)s people back?", count
        ),
        BatchKind.CHANGE: lambda: ngettext(
            "Change %(number)s person?", "Change %(number)s people?", count
        ),
    }
    return made[BatchKind(batch.kind)]() % {"number": number(count)}


def states_of(batch: Batch) -> Mapping[RowState, tuple[Any, str, str]]:
    """Word, tone and sign of each state in a batch of this kind."""
    return {
        **_STATES,
        RowState.CHOSEN: (gettext_lazy("Chosen"), "", "check"),
        RowState.TO_DO: (_TO_DO[BatchKind(batch.kind)], "info", "arrow-right"),
        RowState.DONE: (batch.get_kind_display(), "good", "check"),
    }


def lines(batch: Batch, rows: Iterable[BatchRow]) -> list[Line]:
    """The rows in words."""
    states, why = states_of(batch), sentences()
    known = SupportField.objects.filter(programme=batch.programme_id)
    words = {one.code: one.name_in(get_language() or "de") for one in known}
    found = []
    for row in rows:
        word, tone, icon = states[RowState(row.state)]
        changes = [
            (
                title(name),
                in_words(name, row.before[name], words),
                in_words(name, row.after[name], words),
            )
            for name in COLUMNS
            if name in row.after
        ]
        reasons = [why[code] for code in row.reasons if code in why]
        stays = [title(name) for name in COLUMNS if name in row.stays]
        if stays:
            reasons.append(_("This stays: %(columns)s.") % {"columns": ", ".join(stays)})
        found.append(Line(row.person, str(word), tone, icon, changes, reasons))
    return found


#: The columns that are shown with their values, in the order of the form.
COLUMNS = ("waiting_since", "furthest_km", "expected_months", "capacity", FIELDS)


def title(name: str) -> str:
    """What the person's form calls a column."""
    return str(PersonForm.base_fields[_ASKED_AS.get(name, name)].label)


def in_words(name: str, value: Any, words: Mapping[str, str]) -> str:
    """A value as people read it; ``words`` are those of the fields of support by code."""
    if not value:
        return "–"
    if name == FIELDS:
        return ", ".join(words.get(code, code) for code in value)
    if name == "waiting_since":
        return formats.date_format(from_plain(name, value), "SHORT_DATE_FORMAT")
    return number(value)
