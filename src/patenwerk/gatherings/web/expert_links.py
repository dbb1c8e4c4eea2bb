from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from patenwerk.core.policy import Actor
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.views import FormHandling, PublicView
from patenwerk.gatherings.domain.contribution import answer_invitation
from patenwerk.gatherings.domain.expert import agree, change_expert, withdraw
from patenwerk.gatherings.enums import ContributionState
from patenwerk.gatherings.models import Contribution, Expert
from patenwerk.gatherings.queries.expert import contribution_of, expert_of
from patenwerk.gatherings.queries.material import materials_for_expert
from patenwerk.gatherings.web.expert_forms import ExpertForm
from patenwerk.organisations.models import Programme


class BySignedLink(FormHandling, PublicView):
    """A page that a signed link opens for somebody without an account."""

    object: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.object = self.found(kwargs["token"])
        if self.object is None:
            answer: HttpResponseBase = self.page({"gone": True}, status=410)
        else:
            request.public_programme = self.object.programme  # type: ignore[attr-defined]
            answer = super().dispatch(request, *args, **kwargs)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Robots-Tag"] = "noindex"
        return answer

    def found(self, token: str) -> Any:
        """What the link belongs to, or None."""
        raise NotImplementedError

    @property
    def by(self) -> Actor:
        """Whoever holds the link; the account that is logged in, if one is."""
        return Actor(user_id=self.request.user.pk)


class ExpertSelf(BySignedLink):
    """An expert's own entry: to agree, correct it, or leave the directory."""

    object: Expert
    form_class = ExpertForm
    template = "gatherings/expert_self.html"

    def found(self, token: str) -> Expert | None:
        return expert_of(token)

    def form_options(self) -> dict[str, Any]:
        programmes = Programme.objects.filter(pk=self.object.programme_id)
        return {"instance": self.object, "programmes": programmes}

    def context(self) -> dict[str, Any]:
        return {"expert": self.object}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.POST.get("do") != "leave":
            return super().post(request, **kwargs)
        withdraw(expert=self.object, by=self.by, at=self.now)
        return self.page({"left": True})

    def perform(self, form: Any) -> str:
        if self.object.consented_on is None:
            agree(expert=self.object, values=form.values(), by=self.by, at=self.now)
            self.said(_("Thank you. You are in the directory now."))
        else:
            change_expert(expert=self.object, values=form.values(), by=self.by, at=self.now)
            self.said(_("Saved."))
        return self.request.path


class AnswerContribution(BySignedLink):
    """An expert's answer to an invitation; until the gathering it can change."""

    object: Contribution
    form_class = ConfirmForm
    template = "gatherings/contribution_answer.html"

    def found(self, token: str) -> Contribution | None:
        return contribution_of(token)

    def context(self) -> dict[str, Any]:
        gathering = self.object.gathering
        is_coming = self.object.state == ContributionState.ACCEPTED
        return {
            "contribution": self.object,
            "gathering": gathering,
            "token": self.kwargs["token"],
            "join_link": gathering.join_link if gathering is not None and is_coming else "",
            "materials": list(materials_for_expert(self.object)),
        }

    def perform(self, form: Any) -> HttpResponse:
        accepts = self.request.POST.get("do") == "accept"
        answer_invitation(contribution=self.object, accepts=accepts, by=self.by, at=self.now)
        self.said(_("Thank you for your answer."))
        return redirect(self.request.path)
