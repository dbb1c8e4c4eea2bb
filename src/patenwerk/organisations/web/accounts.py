from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from patenwerk.core.registrations import panels_for
from patenwerk.core.web.views import FormPage, PolicedView
from patenwerk.organisations.domain.account import change_account, choose_theme
from patenwerk.organisations.policy import WORK
from patenwerk.organisations.web.forms import AccountForm, ThemeForm


class OwnAccount(FormPage):
    see = do = WORK
    form_class = AccountForm
    template = "organisations/account.html"

    def form_options(self) -> dict[str, Any]:
        return {"instance": self.account}

    def context(self) -> dict[str, Any]:
        own = self.account.pk
        return {
            "grants": self.request.grants,  # type: ignore[attr-defined]
            "panels": panels_for("organisations:account", self.actor, [own], self.today)[own],
        }

    def perform(self, form: Any) -> str:
        change_account(account=self.account, **form.cleaned_data, by=self.actor, at=self.now)
        self.said(_("Saved."))
        return reverse("organisations:account")


class ChooseTheme(PolicedView):
    see = do = WORK

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ThemeForm(request.POST)
        if form.is_valid():
            choose_theme(account=self.account, theme=form.cleaned_data["theme"])
        back = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
            back = reverse("organisations:account")
        return HttpResponseRedirect(back)
