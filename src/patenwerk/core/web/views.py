"""The base of every page behind the login: loads through the policy, makes one domain call.

Not seen → 404, the same answer as »does not exist«. Seen but not to be done → 403 with the
reason. Nobody logged in → the login, whatever the id. A list without permission → 404.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from patenwerk.core import clock
from patenwerk.core.policy import Actor, visible
from patenwerk.core.refusal import Refusal


class WorkRequest(HttpRequest):
    """A request that the organisations' middleware has given its actor."""

    actor: Actor


def show_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Put each reason where it belongs: beside its field, else on top of the form."""
    for reason in refusal.reasons:
        field = reason.field if reason.field in form.fields else None
        form.add_error(field, str(reason.sentence))


class PublicView(View):
    """A page for everyone. Its URL names stand on the one short list that the sweep reads."""

    template: ClassVar[str] = ""

    @property
    def now(self) -> datetime:
        return clock.now()

    @property
    def today(self) -> date:
        return clock.today()

    def page(self, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
        return render(self.request, self.template, {"view": self, **context}, status=status)


class PolicedView(PublicView):
    """A page behind the login. Refuses to be defined without a *see* and a *do* permission."""

    see: ClassVar[str]
    do: ClassVar[str]

    def __init_subclass__(cls, *, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not abstract and not (getattr(cls, "see", "") and getattr(cls, "do", "")):
            raise TypeError(f"{cls.__name__} names no see and do permission.")

    @property
    def actor(self) -> Actor:
        return cast("WorkRequest", self.request).actor

    @property
    def account(self) -> Any:
        """The account that is logged in."""
        return self.request.user

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        self.load()
        return super().dispatch(request, *args, **kwargs)

    def load(self) -> None:
        """Without an object it is the permission anywhere that opens the page."""
        if not self.actor.has(self.see):
            raise Http404
        if not self.actor.has(self.do):
            self.deny()

    def deny(self) -> None:
        raise PermissionDenied(_("You can see this page, but your role may not do this here."))


class ObjectView(PolicedView, abstract=True):
    """A page about one row, found by the keyword ``pk`` among the rows the actor sees."""

    model: ClassVar[type[models.Model]]
    object: Any

    def load(self) -> None:
        rows = self.rows().filter(visible(self.actor, self.see, self.model))
        found = rows.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.object = found
        if self.do != self.see:
            reach = visible(self.actor, self.do, self.model)
            if not self.model._default_manager.filter(reach, pk=found.pk).exists():
                self.deny()

    def rows(self) -> models.QuerySet[Any]:
        """The query the object comes from: the place for ``select_related``."""
        return self.model._default_manager.all()


class FormHandling:
    """One form and one domain call behind it; mixed into a page, public or policed."""

    request: HttpRequest
    page: Callable[..., HttpResponse]

    form_class: ClassVar[type[forms.BaseForm]]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page({"form": self.form(), **self.context()})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        if form.is_valid():
            try:
                with transaction.atomic():
                    answer = self.perform(form)
            except Refusal as refusal:
                show_refusal(form, refusal)
            else:
                return redirect(answer) if isinstance(answer, str) else answer
        return self.page({"form": form, **self.context()}, status=422)

    def form(self, *data: Any) -> Any:
        """The form, bound when data is given."""
        return self.form_class(*data, **self.form_options())

    def form_options(self) -> dict[str, Any]:
        return {}

    def context(self) -> dict[str, Any]:
        return {}

    def perform(self, form: Any) -> str | HttpResponse:
        """The one domain call; answers where to go next."""
        raise NotImplementedError

    def said(self, sentence: str) -> None:
        """Tell on the next page what happened."""
        messages.success(self.request, sentence)


class FormPage(FormHandling, PolicedView, abstract=True):
    """A page behind the login with one form."""


class ObjectFormPage(FormHandling, ObjectView, abstract=True):
    """A form about one row."""
