"""By hand, beyond the own network: who fits a mentee among those of other sites who consented."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patenwerk.core.web.views import PolicedView
from patenwerk.matching.policy import DECIDE, SEE_MATCHING
from patenwerk.matching.queries.elsewhere import Search, partners_elsewhere
from patenwerk.matching.queries.partners import NOBODY, REGION_DIGITS, Partners
from patenwerk.matching.web.forms import PartnerForm
from patenwerk.matching.web.partners import AboutPartners, Decide
from patenwerk.people.enums import Side
from patenwerk.people.kernel.languages import language_name
from patenwerk.people.models import Person


class SearchForm(forms.Form):
    """What to look for among the cards: only what the mentee speaks or asks for can be found."""

    language = forms.ChoiceField(label=gettext_lazy("language both speak"), required=False)
    region = forms.RegexField(
        rf"^\d{{1,{REGION_DIGITS}}}$",
        label=gettext_lazy("postcode begins with"),
        required=False,
        max_length=REGION_DIGITS,
        widget=forms.TextInput({"inputmode": "numeric", "size": REGION_DIGITS}),
        error_messages={"invalid": gettext_lazy("Please give one or two digits, such as 04.")},
    )
    field = forms.ChoiceField(label=gettext_lazy("field of support"), required=False)

    def __init__(self, said: Mapping[str, Any], *, person: Person, display: str) -> None:
        # Beside it stands the form of the decision, which has a field of support, too.
        super().__init__(said, auto_id="search_%s")
        spoken = [(code, language_name(code, display)) for code in person.languages]
        asked = [(word.code, word.name_in(display)) for word in person.fields.all()]
        for name, choices in (("language", spoken), ("field", asked)):
            self.fields[name].choices = [("", "–"), *choices]  # type: ignore[attr-defined]

    def search(self) -> Search:
        """What is looked for; nothing where it was said wrongly."""
        return Search(**self.cleaned_data) if self.is_valid() else Search()


class AboutElsewhere(AboutPartners, abstract=True):
    """The page of partners, for a mentee and people of other sites."""

    def rows(self) -> Any:
        return super().rows().filter(side=Side.MENTEE)

    @property
    def address(self) -> str:
        said = self.request.GET.urlencode()
        here = reverse("matching:elsewhere", args=[self.object.pk])
        return f"{here}?{said}" if said else here

    def found(self) -> Partners:
        self.search_form = SearchForm(
            self.request.GET, person=self.object, display=self.request.LANGUAGE_CODE
        )
        found = partners_elsewhere(self.actor, self.object, self.today, self.search_form.search())
        self.asks = found is not None
        return found or NOBODY

    def partners_context(self, found: Partners, form: PartnerForm | None) -> dict[str, Any]:
        return {
            **super().partners_context(found, form),
            "across": [],
            "search_form": self.search_form,
            "searched": self.request.GET.urlencode(),
            "asks": self.asks,
        }


class ElsewherePage(AboutElsewhere):
    do = DECIDE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self.found()
        deciding = any(offer.may_choose for offer in found.offers)
        return self.page(
            self.partners_context(found, self.partner_form(found) if deciding else None)
        )


class DecideElsewhere(AboutElsewhere, Decide):
    """Propose to somebody of another site: the same decision, the same guards."""


class LookElsewhere(PolicedView):
    """From the form that proposes by hand: leads to the page of the mentee who was chosen."""

    see = SEE_MATCHING
    do = DECIDE

    def get(self, request: HttpRequest) -> HttpResponse:
        said = request.GET.get("person", "")
        if not said:
            messages.error(request, _("Please choose for whom you look."))
            return redirect("matching:home")
        if not said.isdecimal():
            raise Http404
        return redirect("matching:elsewhere", int(said))
