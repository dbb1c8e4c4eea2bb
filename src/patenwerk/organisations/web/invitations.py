from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.views import FormHandling, ObjectFormPage, PublicView
from patenwerk.organisations.domain.invitation import (
    Invited,
    accept_invitation,
    end_grant,
    invite,
    open_invitation,
    role_at,
)
from patenwerk.organisations.enums import Role
from patenwerk.organisations.models import Carrier, Invitation, Programme, RoleGrant, Site
from patenwerk.organisations.policy import (
    INVITE_COORDINATOR,
    INVITE_MANAGER,
    INVITE_NETWORK,
    INVITE_OFFICE,
    SEE_CARRIER,
    SEE_GRANTS,
    SEE_PROGRAMME,
    SEE_SITE,
)
from patenwerk.organisations.web.forms import AcceptForm, InvitationForm


class Invite(ObjectFormPage, abstract=True):
    role: ClassVar[Role | None] = None
    form_class = InvitationForm
    template = "organisations/invite.html"

    def perform(self, form: Any) -> str:
        path = reverse("organisations:accept", args=["TOKEN"]).replace("TOKEN", "{token}")
        invite(
            organisation=self.object,
            invited=Invited(**form.cleaned_data),
            link=settings.PUBLIC_URL + path,
            by=self.actor,
            inviter=self.account,
            at=self.now,
            role=self.role,
        )
        self.said(_("The invitation is on its way. It can be accepted for 14 days."))
        return self.back()

    def back(self) -> str:
        return reverse(f"organisations:{self.model._meta.model_name}", args=[self.object.pk])

    def context(self) -> dict[str, Any]:
        offered = Invitation(role=role_at(self.object, self.role))
        return {"organisation": self.object, "offered": offered, "back": self.back()}


class InviteOffice(Invite):
    model = Programme
    see, do = SEE_PROGRAMME, INVITE_OFFICE


class InviteNetworkOffice(Invite):
    model = Programme
    see, do = SEE_PROGRAMME, INVITE_NETWORK
    role = Role.NETWORK_OFFICE


class InviteManager(Invite):
    model = Carrier
    see, do = SEE_CARRIER, INVITE_MANAGER


class InviteCoordinator(Invite):
    model = Site
    see, do = SEE_SITE, INVITE_COORDINATOR


class EndGrant(ObjectFormPage):
    model = RoleGrant
    see = do = SEE_GRANTS
    form_class = ConfirmForm
    template = "organisations/end_grant.html"

    def rows(self) -> Any:
        return RoleGrant.objects.select_related("account", "programme", "carrier", "site")

    def perform(self, form: Any) -> str:
        back = self.back()
        end_grant(grant=self.object, by=self.actor, at=self.now)
        self.said(_("The role has ended."))
        return back

    def back(self) -> str:
        grant = self.object
        if grant.site_id is not None:
            return reverse("organisations:site", args=[grant.site_id])
        if grant.carrier_id is not None:
            return reverse("organisations:carrier", args=[grant.carrier_id])
        return reverse("organisations:programme", args=[grant.programme_id])

    def context(self) -> dict[str, Any]:
        return {"grant": self.object, "back": self.back()}


class AcceptInvitation(FormHandling, PublicView):
    form_class = AcceptForm
    template = "organisations/accept.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if open_invitation(kwargs["token"], self.now) is None:
            return self.page({"invitation": None}, status=410)
        return super().get(request, **kwargs)

    def context(self) -> dict[str, Any]:
        return {"invitation": open_invitation(self.kwargs["token"], self.now)}

    def perform(self, form: Any) -> str:
        account = accept_invitation(
            token=self.kwargs["token"], password=form.cleaned_data["password"], at=self.now
        )
        login(self.request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
        self.said(_("Welcome. Your access is set up."))
        return reverse(settings.LOGIN_REDIRECT_URL)
