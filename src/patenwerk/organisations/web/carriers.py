from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.policy import may_in
from patenwerk.core.registrations import panels_for
from patenwerk.core.web.views import ObjectFormPage, ObjectView, PolicedView
from patenwerk.organisations.domain.carrier import CarrierValues, change_carrier, create_carrier
from patenwerk.organisations.models import Carrier, Programme
from patenwerk.organisations.policy import (
    CREATE_CARRIER,
    EDIT_CARRIER,
    EDIT_SITE,
    INVITE_MANAGER,
    SEE_CARRIER,
    SEE_GRANTS,
    SEE_PROGRAMME,
    SEE_SITE,
)
from patenwerk.organisations.queries.organisation import (
    carriers,
    grants,
    open_invitations,
    programmes,
    sites,
)
from patenwerk.organisations.web.forms import CarrierForm


class CarrierList(PolicedView):
    see = do = SEE_CARRIER
    template = "organisations/carriers.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        may_create = self.actor.has(CREATE_CARRIER)
        return self.page(
            {
                "carriers": carriers(self.actor),
                "programmes": programmes(self.actor) if may_create else [],
            }
        )


class CarrierPage(ObjectView):
    model = Carrier
    see = do = SEE_CARRIER
    template = "organisations/carrier.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        carrier = self.object
        return self.page(
            {
                "carrier": carrier,
                "sees_sites": may_in(self.actor, SEE_SITE, carrier),
                "sites": sites(self.actor).filter(carrier=carrier),
                "sees_grants": may_in(self.actor, SEE_GRANTS, carrier),
                "grants": grants(self.actor, self.today).filter(carrier=carrier),
                "invitations": open_invitations(self.actor).filter(carrier=carrier),
                "may_edit": may_in(self.actor, EDIT_CARRIER, carrier),
                "panels": panels_for("organisations:carrier", self.actor, [carrier.pk], self.today)[
                    carrier.pk
                ],
                "may_create_site": may_in(self.actor, EDIT_SITE, carrier),
                "may_invite": may_in(self.actor, INVITE_MANAGER, carrier),
            }
        )


class CreateCarrier(ObjectFormPage):
    model = Programme
    see, do = SEE_PROGRAMME, CREATE_CARRIER
    form_class = CarrierForm
    template = "organisations/create_carrier.html"

    def perform(self, form: Any) -> str:
        carrier = create_carrier(
            programme=self.object,
            values=CarrierValues(**form.cleaned_data),
            by=self.actor,
            at=self.now,
        )
        self.said(_("The carrier is there. Now invite its management."))
        return reverse("organisations:carrier", args=[carrier.pk])


class ChangeCarrier(ObjectFormPage):
    model = Carrier
    see, do = SEE_CARRIER, EDIT_CARRIER
    form_class = CarrierForm
    template = "organisations/change_carrier.html"

    def form_options(self) -> dict[str, Any]:
        return {"instance": self.object}

    def perform(self, form: Any) -> str:
        change_carrier(
            carrier=self.object,
            values=CarrierValues(**form.cleaned_data),
            by=self.actor,
            at=self.now,
        )
        self.said(_("Saved."))
        return reverse("organisations:carrier", args=[self.object.pk])
