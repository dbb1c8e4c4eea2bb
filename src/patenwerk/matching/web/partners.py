from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.policy import may_in
from patenwerk.core.web.views import ObjectFormPage, ObjectView
from patenwerk.matching.domain.decision import choose_partner, nobody_fits
from patenwerk.matching.policy import DECIDE, SEE_MATCHING
from patenwerk.matching.queries.partners import (
    Offer,
    Partners,
    asked_apart,
    card_of,
    field_names,
    partners_of,
)
from patenwerk.matching.queries.programme_round import suggestions_across
from patenwerk.matching.queries.round import counterpart_of, requests_of_other_sites
from patenwerk.matching.web.forms import AnswerForm, PartnerForm
from patenwerk.matching.web.rounds import told_and_on, values_of
from patenwerk.people.enums import Side
from patenwerk.people.kernel.languages import language_name
from patenwerk.people.models import Person
from patenwerk.tandems.domain.tandem import record_answer
from patenwerk.tandems.enums import Acceptance
from patenwerk.tandems.models import Participant

FIRST_OFFERS = 2
"""So many stand before the decision, so that a phone shows it without a long way."""


class AboutPartners(ObjectView, abstract=True):
    """»Who fits?«: one waiting person and everybody who fits, the best first."""

    model = Person
    see = SEE_MATCHING
    template = "matching/partners.html"

    def rows(self) -> Any:
        people = Person.objects.filter(archived_at__isnull=True)
        return people.select_related("site", "programme").prefetch_related("fields")

    @property
    def address(self) -> str:
        return reverse("matching:partners", args=[self.object.pk])

    def found(self) -> Partners:
        return partners_of(self.actor, self.object, self.today)

    def partner_form(self, found: Partners, *data: Any) -> PartnerForm:
        asked = self.object.fields.all()
        suggested = next((o.card.pk for o in found.offers if o.suggestion and o.may_choose), None)
        return PartnerForm(
            *data,
            offered=[offer.card.pk for offer in found.offers if offer.may_choose],
            programme_id=self.object.programme_id,
            on=self.today,
            initial={"field": asked[0].pk if asked else None, "partner": suggested},
        )

    def partners_context(self, found: Partners, form: PartnerForm | None) -> dict[str, Any]:
        person: Person = self.object
        is_mentee = person.side == Side.MENTEE
        display = self.request.LANGUAGE_CODE
        names = field_names([person.programme_id])[person.programme_id]
        chosen = form["partner"].value() if form else None
        first = _first(found.offers)
        return {
            "person": person,
            "card": card_of(self.actor, person, self.today),
            "days": max(0, (self.today - person.waiting_since).days),
            "is_mentee": is_mentee,
            "languages": ", ".join(language_name(code, display) for code in person.languages),
            "fields": ", ".join(names[word.code] for word in person.fields.all()),
            "found": found,
            "across": [
                {
                    "suggestion": one,
                    "other": card_of(
                        self.actor, one.mentor if is_mentee else one.mentee, self.today
                    ),
                }
                for one in suggestions_across(self.actor, person)
            ],
            "first": found.offers[:first],
            "others": found.offers[first:],
            "form": form,
            "chosen": str(chosen or ""),
            "asked_apart": asked_apart(joins=any(offer.joins for offer in found.offers)),
            "may_look_elsewhere": is_mentee and may_in(self.actor, DECIDE, person),
            "has_suggestion": any(offer.suggestion for offer in found.offers),
        }


def _first(offers: list[Offer]) -> int:
    """How many stand before the decision: as far as to whom the round suggests, or a few."""
    suggested = [at for at, offer in enumerate(offers, start=1) if offer.suggestion]
    return suggested[0] if suggested else FIRST_OFFERS


class PartnersPage(AboutPartners):
    do = SEE_MATCHING

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self.found()
        deciding = may_in(self.actor, DECIDE, self.object) and any(
            offer.may_choose for offer in found.offers
        )
        form = self.partner_form(found) if deciding else None
        return self.page(self.partners_context(found, form))


class Decide(AboutPartners, ObjectFormPage):
    do = DECIDE
    form_class = PartnerForm
    partners: Partners

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect(self.address)

    def form(self, *data: Any) -> PartnerForm:
        self.partners = self.found()
        return self.partner_form(self.partners, *data)

    def page(self, context: Any, *, status: int = 200) -> HttpResponse:
        return super().page(self.partners_context(self.partners, context["form"]), status=status)

    def perform(self, form: Any) -> str:
        said = form.cleaned_data
        if said["nobody"]:
            nobody_fits(mentee=self.object, why=said["why"], by=self.actor, at=self.now)
            self.said(_("Noted. %(name)s keeps waiting.") % {"name": self.object.first_name})
            return reverse("matching:home")
        other: Person = said["partner"]
        is_mentee = self.object.side == Side.MENTEE
        mentee, mentor = (self.object, other) if is_mentee else (other, self.object)
        tandem = choose_partner(
            mentee=mentee, mentor=mentor, values=values_of(said), by=self.actor, at=self.now
        )
        return told_and_on(self, tandem, mentee)


class AnswerRequest(ObjectFormPage):
    """What an own person says to the proposal of another site."""

    model = Participant
    see = do = DECIDE
    form_class = AnswerForm
    template = "matching/answer.html"

    def rows(self) -> Any:
        return requests_of_other_sites(self.actor)

    def context(self) -> dict[str, Any]:
        other = counterpart_of(self.object)
        return {"participant": self.object, "other": card_of(self.actor, other, self.today)}

    def perform(self, form: Any) -> str:
        record_answer(
            participant=self.object,
            acceptance=Acceptance(form.cleaned_data["acceptance"]),
            by=self.actor,
            at=self.now,
        )
        self.said(_("The answer is recorded."))
        return reverse("matching:home")
