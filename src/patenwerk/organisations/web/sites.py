from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.policy import may_in
from patenwerk.core.web.views import ObjectFormPage, ObjectView, PolicedView
from patenwerk.organisations.domain.site import SiteValues, change_site, create_site
from patenwerk.organisations.models import Carrier, Site
from patenwerk.organisations.policy import (
    EDIT_SITE,
    INVITE_COORDINATOR,
    SEE_CARRIER,
    SEE_GRANTS,
    SEE_SITE,
)
from patenwerk.organisations.queries.organisation import grants, open_invitations, sites
from patenwerk.organisations.web.forms import SiteForm


class SiteList(PolicedView):
    see = do = SEE_SITE
    template = "organisations/sites.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"sites": sites(self.actor).order_by("carrier__name", "name", "pk")})


class SitePage(ObjectView):
    model = Site
    see = do = SEE_SITE
    template = "organisations/site.html"

    def rows(self) -> Any:
        return Site.objects.select_related("carrier", "network")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        site = self.object
        return self.page(
            {
                "site": site,
                "grants": grants(self.actor, self.today).filter(site=site),
                "invitations": open_invitations(self.actor).filter(site=site),
                "may_edit": may_in(self.actor, EDIT_SITE, site),
                "sees_grants": may_in(self.actor, SEE_GRANTS, site),
                "may_invite": may_in(self.actor, INVITE_COORDINATOR, site),
            }
        )


class CreateSite(ObjectFormPage):
    model = Carrier
    see, do = SEE_CARRIER, EDIT_SITE
    form_class = SiteForm
    template = "organisations/create_site.html"

    def form_options(self) -> dict[str, Any]:
        return {"programme_id": self.object.programme_id}

    def perform(self, form: Any) -> str:
        site = create_site(
            carrier=self.object,
            values=SiteValues(**form.cleaned_data),
            by=self.actor,
            at=self.now,
        )
        self.said(_("The site is there. Now invite who coordinates it."))
        return reverse("organisations:site", args=[site.pk])


class ChangeSite(ObjectFormPage):
    model = Site
    see, do = SEE_SITE, EDIT_SITE
    form_class = SiteForm
    template = "organisations/change_site.html"

    def rows(self) -> Any:
        return Site.objects.select_related("carrier", "network")

    def form_options(self) -> dict[str, Any]:
        return {"instance": self.object, "programme_id": self.object.programme_id}

    def perform(self, form: Any) -> str:
        change_site(
            site=self.object, values=SiteValues(**form.cleaned_data), by=self.actor, at=self.now
        )
        self.said(_("Saved."))
        return reverse("organisations:site", args=[self.object.pk])
