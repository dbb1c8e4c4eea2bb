"""Entries that may be one person: the list, the two side by side, and the way back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patenwerk.core.registrations import panels_for
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.lists import ROWS_PER_PAGE
from patenwerk.core.web.views import ObjectFormPage, ObjectView, PolicedView
from patenwerk.organisations.models import Site
from patenwerk.people.domain.duplicate import (
    decide_again,
    differing_columns,
    merge_people,
    merging_refusals,
    say_not_the_same,
    seen_of,
    undo_merge,
    undoing_refusals,
)
from patenwerk.people.domain.row_problems import column_title
from patenwerk.people.enums import PairState, Side
from patenwerk.people.kernel.columns import Field
from patenwerk.people.kernel.defaults import DAYS_TO_UNDO
from patenwerk.people.models import Merge, Person, PossibleDuplicate
from patenwerk.people.policy import EDIT_PERSON, MERGE
from patenwerk.people.queries.duplicate import (
    evidence_between,
    look_alikes,
    possible_duplicates,
)
from patenwerk.people.queries.likeness_words import speaks_against, speaks_for
from patenwerk.people.web.forms import AlikeForm
from patenwerk.people.web.tables import EXPORTED, said_of

FIRST, SECOND = "first", "second"
_AGES = ("wished_age_from", "wished_age_to")


class DuplicateList(PolicedView):
    """The pairs nobody has decided about."""

    see = do = MERGE
    template = "people/duplicates.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        pairs = possible_duplicates(self.actor)
        rows = Paginator(pairs, ROWS_PER_PAGE).get_page(request.GET.get("page"))
        shows_sites = len({pair.site_id for pair in rows}) > 1
        return self.page({"rows": rows, "shows_sites": shows_sites})


@dataclass(frozen=True, slots=True)
class Row:
    """What both entries say about one thing, and the choice where they differ."""

    title: str
    first: str
    second: str
    choice: list[Any] | None


class MergeForm(forms.Form):
    """Which entry stays, and for each thing the two say differently which of them is right."""

    keep = forms.ChoiceField(
        label=gettext_lazy("Which entry stays?"), widget=forms.RadioSelect, required=False
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, first: Person, second: Person
    ) -> None:
        super().__init__(data, files)
        self.people = {FIRST: first, SECOND: second}
        kept = SECOND if first.archived_at and not second.archived_at else FIRST
        self._choose("keep", [(side, _entry(person)) for side, person in self.people.items()])
        self.fields["keep"].initial = kept
        self.fields["seen"].initial = seen_of(first, second)
        columns = set(differing_columns(first, second))
        self.asked = [field for field in EXPORTED if columns & set(_columns(field))]
        for field in self.asked:
            self.fields[field.value] = forms.ChoiceField(
                label=column_title(field), widget=forms.RadioSelect, required=False
            )
            self._choose(
                field.value,
                [(side, in_words(person, field)) for side, person in self.people.items()],
            )
            self.fields[field.value].initial = self._better(field, kept)

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _better(self, field: Field, kept: str) -> str:
        """Whoever has waited longer has; else what stays, as far as it says anything."""
        if field is Field.WAITING_SINCE:
            return min(self.people, key=lambda side: self.people[side].waiting_since)
        other = SECOND if kept == FIRST else FIRST
        says = {side: in_words(self.people[side], field) for side in self.people}
        return kept if says[kept] or not says[other] else other

    def rows(self) -> Iterator[Row]:
        """What differs first, with its two buttons, then everything both say."""
        first, second = self.people[FIRST], self.people[SECOND]
        for field in sorted(EXPORTED, key=lambda each: each not in self.asked):
            said = in_words(first, field), in_words(second, field)
            choice = list(self[field.value]) if field in self.asked else None
            if choice or any(said):
                yield Row(column_title(field), *said, choice)

    def kept_side(self) -> str:
        return str(self.cleaned_data["keep"] or self.fields["keep"].initial)

    def taken(self) -> list[str]:
        """The columns whose values come from the entry that goes."""
        return [
            column
            for field in self.asked
            if (self.cleaned_data[field.value] or self.kept_side()) != self.kept_side()
            for column in _columns(field)
        ]


def in_words(person: Person, field: Field) -> str:
    """What an entry says, as people read it."""
    value = said_of(person, field)
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    return "" if value is None else str(value)


def _columns(field: Field) -> tuple[str, ...]:
    return _AGES if field is Field.WISHED_AGE else (field.value,)


def _entry(person: Person) -> str:
    since = formats.date_format(person.created_at, "SHORT_DATE_FORMAT")
    return _("%(name)s, added on %(day)s") % {"name": person.full_name, "day": since}


class ComparePair(ObjectFormPage):
    """Two entries side by side, and what is decided about them."""

    model = PossibleDuplicate
    see = do = MERGE
    form_class = MergeForm
    template = "people/duplicate.html"

    def rows(self) -> Any:
        people = ("first", "second")
        return PossibleDuplicate.objects.select_related(
            "site", *(f"{one}__{more}" for one in people for more in ("site", "programme"))
        ).prefetch_related(*(f"{one}__fields" for one in people))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        pair: PossibleDuplicate = self.object
        if pair.state == PairState.MERGED:
            return redirect("people:person", pair.first_id)
        return super().get(request, **kwargs)

    def form_options(self) -> dict[str, Any]:
        return {"first": self.object.first, "second": self.object.second}

    def context(self) -> dict[str, Any]:
        pair: PossibleDuplicate = self.object
        evidence = evidence_between(pair.first, pair.second)
        people = (pair.first, pair.second)
        panels = panels_for("people:people", self.actor, [one.pk for one in people], self.today)
        decided = pair.state != PairState.OPEN
        return {
            "pair": pair,
            "people": people,
            "states": [(one, panels[one.pk]) for one in people],
            "speaks_for": speaks_for(evidence),
            "speaks_against": speaks_against(evidence),
            "against": [] if decided else merging_refusals(keep=pair.first, drop=pair.second),
            "days": DAYS_TO_UNDO,
        }

    def perform(self, form: MergeForm) -> str:
        pair: PossibleDuplicate = self.object
        decision = self.request.POST.get("decision")
        if decision == "apart":
            say_not_the_same(pair=pair, by=self.actor, at=self.now)
            self.said(_("It is noted that these are two people."))
            return reverse("people:duplicates")
        if decision == "again":
            decide_again(pair=pair, by=self.actor, at=self.now)
            return reverse("people:duplicate", args=[pair.pk])
        keep = form.people[form.kept_side()]
        drop = pair.second if keep.pk == pair.first_id else pair.first
        merge_people(
            keep=keep,
            drop=drop,
            taken=form.taken(),
            seen=form.cleaned_data["seen"],
            by=self.actor,
            at=self.now,
        )
        self.said(_("The two entries of %(name)s are one now.") % {"name": keep.full_name})
        return reverse("people:person", args=[keep.pk])


class UndoMerge(ObjectFormPage):
    """Taking two entries apart again."""

    model = Merge
    see = do = MERGE
    form_class = ConfirmForm
    template = "people/undo_merge.html"

    def rows(self) -> Any:
        return Merge.objects.select_related("kept", "dropped")

    def context(self) -> dict[str, Any]:
        merge: Merge = self.object
        against = list(undoing_refusals(merge=merge, keep=merge.kept))
        return {"merge": merge, "against": against}

    def perform(self, form: Any) -> str:
        merge: Merge = self.object
        undo_merge(merge=merge, by=self.actor, at=self.now)
        self.said(_("The two entries stand for themselves again."))
        return reverse("people:person", args=[merge.dropped_id])


class LookAlikes(ObjectView, abstract=True):
    """While somebody types: who is there already and may be the same. Sent by POST, so that no
    name stands in an address.
    """

    model = Site
    see = do = EDIT_PERSON
    template = "people/_alike.html"
    side: Side

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = AlikeForm(request.POST)
        form.is_valid()
        found = look_alikes(self.object, self.side, form.known())
        return render(request, self.template, alike_context(found, request.POST))


class MenteesLike(LookAlikes):
    side = Side.MENTEE


class MentorsLike(LookAlikes):
    side = Side.MENTOR


def alike_context(found: Sequence[Any], posted: Mapping[str, Any]) -> dict[str, Any]:
    """The people shown beside the form, and whether somebody has said it is none of them."""
    ids = {each.person.pk for each in found}
    return {
        "alike": [
            {"person": each.person, "why": ", ".join(speaks_for(each.evidence))} for each in found
        ],
        "apart": ",".join(str(pk) for pk in sorted(ids)),
        "is_apart": bool(ids) and ids <= ids_of(posted.get("apart", "")),
    }


def ids_of(said: str) -> frozenset[int]:
    """Numbers between commas; anything else says nothing."""
    return frozenset(int(word) for word in said.split(",") if word.isdecimal())
