from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.web.views import ObjectFormPage
from patenwerk.tandems.domain.tandem import end_tandem, record_answer, take_step
from patenwerk.tandems.enums import Acceptance, State
from patenwerk.tandems.models import Participant, Tandem
from patenwerk.tandems.policy import MOVE_TANDEM, SEE_TANDEM
from patenwerk.tandems.queries.everybody import everybody_in
from patenwerk.tandems.queries.tandem import pair_of, with_people
from patenwerk.tandems.web.forms import AnswerForm, EndForm, StepForm


class OnTheTandemPage(ObjectFormPage, abstract=True):
    """A form that stands on the tandem's page: refused, it says why there."""

    def tandem_url(self) -> str:
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect(self.tandem_url())

    def page(self, context: Any, *, status: int = 200) -> HttpResponse:
        for reasons in context["form"].errors.values():
            for reason in reasons:
                messages.error(self.request, reason)
        return redirect(self.tandem_url())


class TakeStep(OnTheTandemPage):
    model = Tandem
    see, do = SEE_TANDEM, MOVE_TANDEM
    form_class = StepForm

    def tandem_url(self) -> str:
        return reverse("tandems:tandem", args=[self.object.pk])

    def perform(self, form: Any) -> str:
        take_step(tandem=self.object, **form.cleaned_data, by=self.actor, at=self.now)
        self.said(_("Saved."))
        return self.tandem_url()


class RecordAnswer(OnTheTandemPage):
    model = Participant
    see, do = SEE_TANDEM, MOVE_TANDEM
    form_class = AnswerForm

    def tandem_url(self) -> str:
        return reverse("tandems:tandem", args=[self.object.tandem_id])

    def perform(self, form: Any) -> str:
        tandem = record_answer(
            participant=self.object,
            acceptance=Acceptance(form.cleaned_data["acceptance"]),
            by=self.actor,
            at=self.now,
        )
        if tandem.state == State.AGREED:
            self.said(str(everybody_in(tandem).may_begin))
        else:
            self.said(_("The answer is recorded."))
        return self.tandem_url()


class EndTandem(ObjectFormPage):
    model = Tandem
    see, do = SEE_TANDEM, MOVE_TANDEM
    form_class = EndForm
    template = "tandems/end.html"

    def rows(self) -> Any:
        return with_people(Tandem.objects.all())

    def form_options(self) -> dict[str, Any]:
        return {"initial": {"ended_on": self.today}}

    def context(self) -> dict[str, Any]:
        return {"pair": pair_of(self.object, self.actor)}

    def perform(self, form: Any) -> str:
        end_tandem(tandem=self.object, **form.cleaned_data, by=self.actor, at=self.now)
        self.said(_("The tandem has ended. Thank you for closing it well."))
        return reverse("tandems:tandem", args=[self.object.pk])
