from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patenwerk.core.policy import may_in, visible
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.lists import ListPage, SheetColumn
from patenwerk.core.web.views import ObjectFormPage
from patenwerk.matching.domain.never_again import remove_never_again, set_never_again
from patenwerk.matching.enums import NeverReason
from patenwerk.matching.kernel.pool import other_side
from patenwerk.matching.models import NeverAgain, Suggestion
from patenwerk.matching.policy import DECIDE, SEE_MATCHING
from patenwerk.matching.queries.partners import card_of
from patenwerk.matching.queries.round import apart
from patenwerk.matching.web.forms import NeverAgainForm
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.tandems.models import Participant


class NothingToFilter(forms.Form):
    """The list is short."""


class NeverAgainList(ListPage):
    see = do = SEE_MATCHING
    template = "matching/never_again.html"
    filter_form = NothingToFilter
    sheet_name = "never-again"

    @property
    def sheet_columns(self) -> tuple[SheetColumn, ...]:  # type: ignore[override]
        return (
            SheetColumn(gettext_lazy("Who is accompanied"), lambda row: self.name(row.mentee)),
            SheetColumn(gettext_lazy("Who accompanies"), lambda row: self.name(row.mentor)),
            SheetColumn(gettext_lazy("Reason"), lambda row: row.get_reason_display()),
            SheetColumn(gettext_lazy("Noted on"), lambda row: row.set_at.date()),
        )

    def name(self, person: Person) -> str:
        return card_of(self.actor, person, self.today).name

    def listed(self, said: dict[str, Any]) -> QuerySet[NeverAgain]:
        return apart(self.actor)

    def context(self, page: Any) -> dict[str, Any]:
        for row in page:
            row.mentor_name, row.mentee_name = self.name(row.mentor), self.name(row.mentee)
            row.may_remove = may_in(self.actor, DECIDE, row)
        return {}


class AddNeverAgain(ObjectFormPage):
    model = Person
    see, do = SEE_MATCHING, DECIDE
    form_class = NeverAgainForm
    template = "matching/add_never_again.html"

    def rows(self) -> Any:
        return Person.objects.select_related("site")

    def form_options(self) -> dict[str, Any]:
        return {"partners": self.partners(), "naming": self.naming}

    def partners(self) -> QuerySet[Person]:
        """The other side at the same site, and those of other sites who came up together."""
        person: Person = self.object
        side = other_side(Side(person.side))
        theirs = Participant.objects.filter(tandem__participants__person=person, side=side).values(
            "person_id"
        )
        suggested = Suggestion.objects.filter(**{person.side: person}).values(f"{side}_id")
        rows = Person.objects.filter(
            Q(site=person.site) | Q(pk__in=theirs) | Q(pk__in=suggested),
            side=side,
            merged_into__isnull=True,
        )
        if side is Side.MENTEE:
            rows = rows.filter(visible(self.actor, DECIDE, Person))
        return rows.select_related("site")

    def naming(self, person: Person) -> str:
        card = card_of(self.actor, person, self.today)
        if card.is_limited:
            return _("%(name)s, postcode %(region)s…") % {
                "name": card.name,
                "region": card.region,
            }
        return card.name

    def context(self) -> dict[str, Any]:
        return {"person": self.object}

    def perform(self, form: Any) -> str:
        said = form.cleaned_data
        is_mentee = self.object.side == Side.MENTEE
        mentee, mentor = (
            (self.object, said["partner"]) if is_mentee else (said["partner"], self.object)
        )
        set_never_again(
            mentor=mentor,
            mentee=mentee,
            reason=NeverReason(said["reason"]),
            by=self.actor,
            at=self.now,
        )
        self.said(_("Noted. The two will not be suggested to each other again."))
        return reverse("matching:partners", args=[self.object.pk])


class RemoveNeverAgain(ObjectFormPage):
    model = NeverAgain
    see, do = SEE_MATCHING, DECIDE
    form_class = ConfirmForm
    template = "matching/remove_never_again.html"

    def rows(self) -> Any:
        return NeverAgain.objects.select_related("mentor__site", "mentee__site")

    def context(self) -> dict[str, Any]:
        return {
            "noted": self.object,
            "mentor": card_of(self.actor, self.object.mentor, self.today),
            "mentee": card_of(self.actor, self.object.mentee, self.today),
        }

    def perform(self, form: Any) -> str:
        remove_never_again(noted=self.object, by=self.actor, at=self.now)
        self.said(_("The two may be suggested to each other again."))
        return reverse("matching:never_again")
