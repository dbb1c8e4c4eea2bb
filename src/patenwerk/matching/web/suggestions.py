from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.policy import may_in
from patenwerk.core.web.views import ObjectFormPage, ObjectView
from patenwerk.matching.domain.decision import decline_suggestion, take_suggestion
from patenwerk.matching.enums import SuggestionState
from patenwerk.matching.models import Suggestion
from patenwerk.matching.policy import DECIDE, SEE_MATCHING
from patenwerk.matching.queries.partners import (
    asked_apart,
    card_of,
    common_times,
    field_names,
    spelling_of,
)
from patenwerk.matching.queries.wording import Words, reasons_in_words
from patenwerk.matching.web.forms import DecisionForm
from patenwerk.matching.web.rounds import told_and_on, values_of
from patenwerk.tandems.queries.places import place_for


class AboutSuggestion(ObjectView, abstract=True):
    """One pair of a round: the mentee's site decides, the mentor's site knows of it."""

    model = Suggestion
    see = SEE_MATCHING
    template = "matching/suggestion.html"

    def rows(self) -> Any:
        return Suggestion.objects.select_related("site", "mentee__site", "mentor__site", "round")

    @property
    def address(self) -> str:
        return reverse("matching:suggestion", args=[self.object.pk])

    def decision_form(self, *data: Any) -> DecisionForm:
        one: Suggestion = self.object
        asked = one.mentee.fields.first()
        return DecisionForm(
            *data,
            programme_id=one.programme_id,
            on=self.today,
            initial={"field": None if asked is None else asked.pk},
        )

    def suggestion_context(self, form: DecisionForm | None) -> dict[str, Any]:
        one: Suggestion = self.object
        names = field_names([one.programme_id])[one.programme_id]
        mentee, mentor = (card_of(self.actor, who, self.today) for who in (one.mentee, one.mentor))
        joins = place_for(one.mentor) is not None
        words = Words(fields=names, spelling=spelling_of(one.mentor, one.mentee))
        # Of whoever is seen as a limited card the common times only, on either side.
        mentee_times = common_times(one.mentor.free_times, mentee.free_times, one.reasons)
        return {
            "suggestion": one,
            "mentee": mentee,
            "mentor": mentor,
            "days": max(0, (self.today - one.mentee.waiting_since).days),
            "reasons": reasons_in_words(one.reasons, words),
            "mentee_times": mentee_times,
            "mentor_times": common_times(one.mentee.free_times, mentor.free_times, one.reasons),
            "joins": joins,
            "asked_apart": asked_apart(joins=joins),
            "is_limited": mentee.is_limited or mentor.is_limited,
            "form": form,
        }


class SuggestionPage(AboutSuggestion):
    do = SEE_MATCHING

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        one: Suggestion = self.object
        deciding = one.state == SuggestionState.OPEN and may_in(self.actor, DECIDE, one)
        return self.page(self.suggestion_context(self.decision_form() if deciding else None))


class DecideSuggestion(AboutSuggestion, ObjectFormPage):
    """Follow a suggestion, or leave it aside with a sentence."""

    do = DECIDE
    form_class = DecisionForm

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect(self.address)

    def form(self, *data: Any) -> DecisionForm:
        return self.decision_form(*data)

    def page(self, context: Any, *, status: int = 200) -> HttpResponse:
        return super().page(self.suggestion_context(context["form"]), status=status)

    def perform(self, form: Any) -> str:
        one: Suggestion = self.object
        if "aside" in self.request.POST:
            why = form.cleaned_data["why"]
            decline_suggestion(suggestion=one, why=why, by=self.actor, at=self.now)
            self.said(_("Noted. %(name)s keeps waiting.") % {"name": one.mentee.first_name})
            return reverse("matching:home")
        tandem = take_suggestion(
            suggestion=one, values=values_of(form.cleaned_data), by=self.actor, at=self.now
        )
        return told_and_on(self, tandem, one.mentee)
