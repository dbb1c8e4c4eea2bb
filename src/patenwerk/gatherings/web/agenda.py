from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patenwerk.core.policy import visible
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.views import ObjectFormPage, ObjectView
from patenwerk.gatherings.domain.agenda import (
    LONGEST_MINUTES,
    ItemValues,
    accept_item,
    add_item,
    change_item,
    decline_item,
    move_item,
    propose_item,
    remove_item,
    withdraw_proposal,
)
from patenwerk.gatherings.models import AgendaItem, Gathering
from patenwerk.gatherings.policy import ORGANISE, SEE_GATHERING, SPEAK
from patenwerk.gatherings.queries.panels import agenda_panel
from patenwerk.gatherings.web.gathering_forms import BerlinMoment
from patenwerk.organisations.models import Carrier


class ProposalForm(forms.Form):
    """What a carrier proposes, in whose name."""

    of_carrier = forms.ModelChoiceField(
        label=gettext_lazy("In the name of"), queryset=Carrier.objects.none(), empty_label=None
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    text = forms.CharField(
        label=gettext_lazy("What is it about?"),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("What do you want to talk about, and what should come of it?"),
        widget=forms.Textarea({"rows": 4}),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Length in minutes"),
        required=False,
        min_value=1,
        max_value=LONGEST_MINUTES,
        help_text=gettext_lazy("How long it takes, as far as you know."),
    )
    speaker = forms.CharField(label=gettext_lazy("Who speaks?"), required=False, max_length=160)

    def __init__(self, *args: Any, carriers: QuerySet[Carrier], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        carrier: Any = self.fields["of_carrier"]
        carrier.queryset = carriers


class ItemForm(forms.ModelForm[AgendaItem]):
    class Meta:
        model = AgendaItem
        fields = ("title", "text", "minutes", "speaker", "starts_at")
        widgets: ClassVar[dict[str, Any]] = {
            "text": forms.Textarea({"rows": 4}),
        }
        field_classes: ClassVar[dict[str, Any]] = {"starts_at": BerlinMoment}
        labels: ClassVar[dict[str, Any]] = {"minutes": gettext_lazy("Length in minutes")}
        help_texts: ClassVar[dict[str, Any]] = {
            "minutes": gettext_lazy("The times of all following items are reckoned from this."),
            "starts_at": gettext_lazy(
                "Only where the item begins at a fixed time. Otherwise it follows the one before."
            ),
        }


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why not this time?"),
        max_length=300,
        help_text=gettext_lazy("The carrier that proposed it reads your words."),
        widget=forms.Textarea({"rows": 3}),
    )


class MoveForm(forms.Form):
    UP, DOWN = "up", "down"
    direction = forms.ChoiceField(choices=[(UP, UP), (DOWN, DOWN)])


def agenda_url(gathering_id: int) -> str:
    return reverse("gatherings:agenda", args=[gathering_id])


class AgendaPage(ObjectView):
    model = Gathering
    see = do = SEE_GATHERING
    template = "gatherings/agenda.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        panel = agenda_panel(self.actor, [self.object.pk], self.today)[self.object.pk]
        return self.page({"gathering": self.object, "panel": panel})


class AboutAgenda(ObjectFormPage, abstract=True):
    """A form about an agenda: afterwards the agenda is shown."""

    template = "gatherings/agenda_form.html"
    heading: ClassVar[Any]
    button: ClassVar[Any] = gettext_lazy("Save")

    @property
    def gathering(self) -> Gathering:
        found: Gathering = self.object if self.model is Gathering else self.object.gathering
        return found

    def rows(self) -> QuerySet[Any]:
        rows = super().rows()
        return rows if self.model is Gathering else rows.select_related("gathering")

    def context(self) -> dict[str, Any]:
        item = None if self.model is Gathering else self.object
        return {"gathering": self.gathering, "item": item}

    def answer(self, sentence: str) -> str:
        self.said(sentence)
        return agenda_url(self.gathering.pk)


class AddItem(AboutAgenda):
    model = Gathering
    see, do = SEE_GATHERING, ORGANISE
    form_class = ItemForm
    heading = gettext_lazy("Add an item to the agenda")

    def perform(self, form: Any) -> str:
        values = ItemValues(**form.cleaned_data)
        add_item(gathering=self.object, values=values, by=self.actor, at=self.now)
        return self.answer(_("The item stands on the agenda."))


class ProposeItem(AboutAgenda):
    model = Gathering
    see, do = SEE_GATHERING, SPEAK
    form_class = ProposalForm
    heading = gettext_lazy("Propose an item for the agenda")
    button = gettext_lazy("Propose")

    def form_options(self) -> dict[str, Any]:
        mine = Carrier.objects.filter(
            visible(self.actor, SPEAK, Carrier), programme=self.object.programme_id
        )
        return {"carriers": mine.order_by("name", "pk")}

    def perform(self, form: Any) -> str:
        said = dict(form.cleaned_data)
        propose_item(
            gathering=self.object,
            of_carrier=said.pop("of_carrier"),
            values=ItemValues(**said),
            by=self.actor,
            at=self.now,
        )
        return self.answer(_("Thank you. The organisers answer your proposal here."))


class ChangeItem(AboutAgenda):
    model = AgendaItem
    see, do = SEE_GATHERING, ORGANISE
    form_class = ItemForm
    heading = gettext_lazy("Change an item of the agenda")

    def form_options(self) -> dict[str, Any]:
        # A copy: the form writes into its instance what the domain has to compare with.
        return {"instance": AgendaItem.objects.get(pk=self.object.pk)}

    def perform(self, form: Any) -> str:
        values = ItemValues(**form.cleaned_data)
        change_item(item=self.object, values=values, by=self.actor, at=self.now)
        return self.answer(_("Saved."))


class DeclineItem(AboutAgenda):
    model = AgendaItem
    see, do = SEE_GATHERING, ORGANISE
    form_class = DeclineForm
    heading = gettext_lazy("Not this time")

    def perform(self, form: Any) -> str:
        decline_item(
            item=self.object, reason=form.cleaned_data["reason"], by=self.actor, at=self.now
        )
        return self.answer(_("Saved. The carrier reads your reason."))


class RemoveItem(AboutAgenda):
    model = AgendaItem
    see, do = SEE_GATHERING, ORGANISE
    form_class = ConfirmForm
    heading = gettext_lazy("Take the item off the agenda?")
    button = gettext_lazy("Take off")

    def perform(self, form: Any) -> str:
        gathering_id = self.object.gathering_id
        remove_item(item=self.object, by=self.actor, at=self.now)
        self.said(_("The item is off the agenda."))
        return agenda_url(gathering_id)


class WithdrawProposal(AboutAgenda):
    model = AgendaItem
    see, do = SEE_GATHERING, SPEAK
    form_class = ConfirmForm
    heading = gettext_lazy("Take your proposal back?")
    button = gettext_lazy("Take back")

    def perform(self, form: Any) -> str:
        gathering_id = self.object.gathering_id
        withdraw_proposal(item=self.object, by=self.actor, at=self.now)
        self.said(_("The proposal is taken back."))
        return agenda_url(gathering_id)


class OnTheAgenda(AboutAgenda, abstract=True):
    """A button on the agenda: refused, it says why there."""

    model = AgendaItem
    see, do = SEE_GATHERING, ORGANISE
    heading = ""

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return redirect(agenda_url(self.gathering.pk))

    def page(self, context: Any, *, status: int = 200) -> HttpResponse:
        for reasons in context["form"].errors.values():
            for reason in reasons:
                messages.error(self.request, reason)
        return redirect(agenda_url(self.gathering.pk))


class AcceptItem(OnTheAgenda):
    form_class = ConfirmForm

    def perform(self, form: Any) -> str:
        accept_item(item=self.object, by=self.actor, at=self.now)
        return self.answer(_("The item stands on the agenda."))


class MoveItem(OnTheAgenda):
    form_class = MoveForm

    def perform(self, form: Any) -> str:
        places = -1 if form.cleaned_data["direction"] == MoveForm.UP else 1
        move_item(item=self.object, by_places=places, by=self.actor, at=self.now)
        return f"{agenda_url(self.gathering.pk)}#item-{self.object.pk}"
