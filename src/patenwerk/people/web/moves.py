"""A person moves to another site: proposed, answered, and the list of both sides."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patenwerk.core.policy import may_in
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.lists import ROWS_PER_PAGE
from patenwerk.core.web.views import ObjectFormPage, PolicedView
from patenwerk.organisations.models import Site
from patenwerk.people.domain.move import accept_move, decline_move, propose_move, withdraw_move
from patenwerk.people.enums import MoveState
from patenwerk.people.models import ArrivingMove, Move, Person
from patenwerk.people.policy import MOVE, SEE_PERSON
from patenwerk.people.queries.move import (
    arrived,
    destinations,
    leaving,
    newcomer_of,
    newcomers,
    usable_consent,
)
from patenwerk.people.web.persons import AboutPerson

ACCEPT, DECLINE = "accept", "decline"
LONGEST = 300


class MoveList(PolicedView):
    """Who asks to come, who has come, and who was to go."""

    see = do = MOVE
    template = "people/moves.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Paginator(leaving(self.actor), ROWS_PER_PAGE).get_page(request.GET.get("page"))
        came = Paginator(arrived(self.actor), ROWS_PER_PAGE).get_page(request.GET.get("came"))
        lines = [(move, may_in(self.actor, SEE_PERSON, move.person)) for move in rows]
        return self.page(
            {
                "newcomers": newcomers(self.actor),
                "arrived": came,
                "rows": rows,
                "lines": lines,
            }
        )


class ProposeForm(forms.Form):
    """Where to, and why."""

    to_site = forms.TypedChoiceField(label=gettext_lazy("To which site?"), coerce=int)
    why = forms.CharField(
        label=gettext_lazy("Why does the person move?"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy(
            "One sentence. The other site reads it before it answers: please write no name and "
            "nothing about health or family."
        ),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[Any] = [("", "–")]
        for carrier, found in destinations(person).items():
            choices.append((carrier, [(site.pk, site.name) for site in found]))
        self.fields["to_site"].choices = choices  # type: ignore[attr-defined]


class ProposeMove(AboutPerson, ObjectFormPage):
    do = MOVE
    form_class = ProposeForm
    template = "people/propose_move.html"

    def form_options(self) -> dict[str, Any]:
        return {"person": self.object}

    def context(self) -> dict[str, Any]:
        return {"person": self.object, "consent": usable_consent(self.object)}

    def perform(self, form: Any) -> str:
        said = form.cleaned_data
        move = propose_move(
            person=self.object,
            to_site=Site.objects.select_related("carrier").get(pk=said["to_site"]),
            why=said["why"],
            by=self.actor,
            at=self.now,
        )
        self.said(_("%(site)s is asked.") % {"site": move.to_site.name})
        return self.address


class WithdrawMove(ObjectFormPage):
    model = Move
    see = do = MOVE
    form_class = ConfirmForm
    template = "people/withdraw_move.html"

    def rows(self) -> Any:
        return Move.objects.select_related("person", "to_site")

    def context(self) -> dict[str, Any]:
        return {"move": self.object, "is_open": self.object.state == MoveState.PROPOSED}

    def perform(self, form: Any) -> str:
        withdraw_move(move=self.object, by=self.actor, at=self.now)
        self.said(_("The proposal is taken back."))
        return reverse("people:moves")


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("A sentence to the other site"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Needed only where you do not take the person in."),
    )


class AnswerMove(ObjectFormPage):
    """The limited card, and the two answers. Whatever is decided already is not shown any more."""

    model = ArrivingMove
    see = do = MOVE
    form_class = AnswerForm
    template = "people/answer_move.html"

    def rows(self) -> Any:
        return ArrivingMove.objects.select_related("person__programme", "site__carrier", "to_site")

    def context(self) -> dict[str, Any]:
        move: ArrivingMove = self.object
        is_open = move.state == MoveState.PROPOSED
        return {"move": move, "newcomer": newcomer_of(move) if is_open else None}

    def perform(self, form: Any) -> str:
        said = {"answer": form.cleaned_data["answer"], "by": self.actor, "at": self.now}
        if self.request.POST.get("decision") == ACCEPT:
            person = accept_move(move=self.object, **said)
            self.said(_("%(name)s belongs to your site now.") % {"name": person.full_name})
            return reverse("people:person", args=[person.pk])
        decline_move(move=self.object, **said)
        self.said(_("The other site reads your answer."))
        return reverse("people:moves")
