from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from patenwerk.core.clock import BERLIN, day_of
from patenwerk.core.policy import may_in, visible
from patenwerk.core.registrations import panels_for
from patenwerk.core.web.lists import ListPage, SheetColumn
from patenwerk.core.web.views import FormPage, ObjectFormPage, ObjectView
from patenwerk.gatherings.domain.gathering import (
    cancel_gathering,
    change_gathering,
    create_gathering,
    invite_carriers,
    take_step,
)
from patenwerk.gatherings.domain.lifecycle import LIFECYCLE
from patenwerk.gatherings.enums import AHEAD, KNOWN, Audience, Seat, State
from patenwerk.gatherings.models import CarrierShare, Gathering
from patenwerk.gatherings.models.gathering import STATES
from patenwerk.gatherings.policy import EDIT_KIND, ORGANISE, SEE_GATHERING
from patenwerk.gatherings.queries.gathering import GatheringFilter, gatherings
from patenwerk.gatherings.queries.registration import registration_link
from patenwerk.gatherings.web.gathering_forms import (
    CancelForm,
    GatheringFilterForm,
    GatheringForm,
    InviteForm,
    NewGatheringForm,
    StepForm,
)
from patenwerk.organisations.models import Carrier
from patenwerk.organisations.policy import SEE_CARRIER

_WAY: tuple[State, ...] = (State.DRAFT, State.ANNOUNCED, State.OPEN, State.HELD, State.DOCUMENTED)
_MARKS = {
    State.DRAFT: "proposed",
    State.ANNOUNCED: "agreed",
    State.OPEN: "trial",
    State.HELD: "active",
    State.DOCUMENTED: "active",
    State.CANCELLED: "closed",
}


def lifeline(gathering: Gathering, steps: list[Any]) -> list[tuple[str, str, str, str]]:
    """Mark, word, day and »done«/»current« for each station of a gathering's way."""
    reached = {State.DRAFT: day_of(gathering.created_at)}
    if gathering.announced_at is not None:
        reached[State.ANNOUNCED] = day_of(gathering.announced_at)
    reached |= {State(step.to_state): day_of(step.at) for step in steps}
    words = dict(STATES)
    # A closed registration is the same station as an open one.
    here = State.OPEN if gathering.state == State.CLOSED else State(gathering.state)
    way = _WAY
    if here is State.CANCELLED:
        way = (*(state for state in _WAY if state in reached), State.CANCELLED)
    found = []
    for state in way:
        day = reached.get(state)
        standing = "current" if state is here else "done" if day is not None else ""
        word = words[gathering.state if state is here else state]
        note = formats.date_format(day, "DATE_FORMAT") if day else ""
        found.append((_MARKS[state], str(word), note, standing))
    return found


def _by_clock(row: Gathering, column: str) -> Any:
    return getattr(row, column).astimezone(BERLIN).replace(tzinfo=None)


class GatheringList(ListPage):
    see = do = SEE_GATHERING
    template = "gatherings/list.html"
    filter_form = GatheringFilterForm
    sheet_name = "treffen"
    sheet_columns: ClassVar[list[SheetColumn]] = [
        SheetColumn(gettext_lazy("Title"), lambda row: row.title),
        SheetColumn(gettext_lazy("Kind"), lambda row: row.kind.name_in(get_language() or "de")),
        SheetColumn(gettext_lazy("Series"), lambda row: row.series or ""),
        SheetColumn(gettext_lazy("State"), lambda row: row.get_state_display()),
        SheetColumn(gettext_lazy("Begins"), lambda row: _by_clock(row, "starts_at")),
        SheetColumn(gettext_lazy("Ends"), lambda row: _by_clock(row, "ends_at")),
        SheetColumn(gettext_lazy("Where people meet"), lambda row: row.get_mode_display()),
        SheetColumn(gettext_lazy("Place"), lambda row: row.place_name),
        SheetColumn(gettext_lazy("For whom"), lambda row: row.get_audience_display()),
        SheetColumn(gettext_lazy("Seats"), lambda row: row.capacity),
        SheetColumn(gettext_lazy("Seats taken"), lambda row: row.seats_taken),
    ]

    def filter_options(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def listed(self, said: dict[str, Any]) -> QuerySet[Gathering]:
        when, year = said.get("when", ""), said.get("year")
        # Who asks for a year wants all of it.
        coming = when == "" and year is None
        filters = GatheringFilter(
            text=said.get("text", ""),
            kind=said.get("kind"),
            year=year,
            is_mine=said.get("mine", False),
            since=self.now if coming else None,
            until=self.now if when == "past" else None,
        )
        rows = gatherings(self.actor, filters)
        return rows if coming else rows.order_by("-starts_at", "-pk")

    def context(self, page: Any) -> dict[str, Any]:
        return {
            "may_create": self.actor.has(ORGANISE),
            "may_edit_kinds": self.actor.has(EDIT_KIND),
            "is_narrowed": any(self.request.GET.get(name) for name in self.filter_form.base_fields),
        }


class GatheringPage(ObjectView):
    model = Gathering
    see = do = SEE_GATHERING
    template = "gatherings/gathering.html"

    def rows(self) -> Any:
        return Gathering.objects.select_related("kind", "series", "carrier", "programme")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        gathering: Gathering = self.object
        organises = may_in(self.actor, ORGANISE, gathering)
        panels = panels_for("gatherings:gathering", self.actor, [pk], self.today)[pk]
        is_public = gathering.audience == Audience.PUBLIC and gathering.state in KNOWN
        invited = gathering.carriershares.filter(is_invited=True).select_related("of_carrier")
        return self.page(
            {
                "gathering": gathering,
                "join_link": gathering.join_link if organises or self.is_seated() else "",
                "lifeline": lifeline(gathering, list(gathering.steps_taken.all())),
                "steps": self.steps() if organises else [],
                "organises": organises,
                "may_change": organises and gathering.state in AHEAD,
                "is_public": is_public,
                "is_one_day": day_of(gathering.starts_at) == day_of(gathering.ends_at),
                "invited": list(invited) if organises else [],
                "panels": panels,
            }
        )

    def is_seated(self) -> bool:
        """Whether the reader has a seat: then the link to join is theirs."""
        own = self.object.registrations.filter(account=self.account, state=Seat.SEATED)
        return bool(own.exists())

    def steps(self) -> list[dict[str, Any]]:
        """The steps that start here, each with the reasons against it; the note comes later."""
        return [
            {
                "step": step,
                "refusals": [
                    reason
                    for reason in LIFECYCLE.refusals(
                        self.object, step.name, by=self.actor, at=self.now
                    )
                    if reason.field != "note"
                ],
            }
            for step in LIFECYCLE.offered(self.object)
            if step.name != "cancel" and (step.name != "hold" or self.object.ends_at <= self.now)
        ]


class CreateGathering(FormPage):
    see, do = SEE_GATHERING, ORGANISE
    form_class = NewGatheringForm
    template = "gatherings/gathering_form.html"

    def form_options(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def perform(self, form: Any) -> str:
        programme, carrier = form.chosen()
        made = create_gathering(
            programme=programme,
            carrier=carrier,
            values=form.values(),
            new_series=form.cleaned_data["new_series"],
            by=self.actor,
            at=self.now,
        )
        self.said(_("The draft is saved. Nobody else sees it before you announce it."))
        return reverse("gatherings:gathering", args=[made.pk])


class OfGathering(ObjectFormPage, abstract=True):
    """A form about a gathering that leads back to its page."""

    model = Gathering
    see, do = SEE_GATHERING, ORGANISE

    def context(self) -> dict[str, Any]:
        return {"gathering": self.object}

    def back(self) -> str:
        return reverse("gatherings:gathering", args=[self.object.pk])


class ChangeGathering(OfGathering):
    form_class = GatheringForm
    template = "gatherings/gathering_form.html"

    def form_options(self) -> dict[str, Any]:
        return {
            "actor": self.actor,
            "programmes": [self.object.programme_id],
            "gathering": self.object,
        }

    def perform(self, form: Any) -> str:
        change_gathering(
            gathering=self.object,
            values=form.values(),
            new_series=form.cleaned_data["new_series"],
            link=registration_link(),
            by=self.actor,
            at=self.now,
        )
        self.said(_("Saved."))
        return self.back()


class TakeStep(OfGathering):
    form_class = StepForm

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect(self.back())

    def page(self, context: Any, *, status: int = 200) -> HttpResponse:
        for reasons in context["form"].errors.values():
            for reason in reasons:
                messages.error(self.request, reason)
        return redirect(self.back())

    def perform(self, form: Any) -> str:
        take_step(gathering=self.object, **form.cleaned_data, by=self.actor, at=self.now)
        self.said(_("Saved."))
        return self.back()


class CancelGathering(OfGathering):
    form_class = CancelForm
    template = "gatherings/cancel.html"

    def perform(self, form: Any) -> str:
        told = cancel_gathering(
            gathering=self.object,
            reason=form.cleaned_data["reason"],
            link=registration_link(),
            by=self.actor,
            at=self.now,
        )
        self.said(
            ngettext(
                "The gathering is cancelled. %(count)d registration gets a mail.",
                "The gathering is cancelled. %(count)d registrations get a mail.",
                told,
            )
            % {"count": told}
        )
        return self.back()


class InviteCarriers(OfGathering):
    form_class = InviteForm
    template = "gatherings/invite.html"

    def form_options(self) -> dict[str, Any]:
        shares = CarrierShare.objects.filter(gathering=self.object, is_invited=True)
        # Whom one does not know one cannot invite; who is invited already is known.
        known = visible(self.actor, SEE_CARRIER, Carrier) | Q(pk__in=shares.values("of_carrier"))
        carriers = Carrier.objects.filter(
            known, programme=self.object.programme_id, archived_at__isnull=True
        )
        return {
            "carriers": list(carriers),
            "invited": dict(shares.values_list("of_carrier_id", "seats")),
        }

    def perform(self, form: Any) -> str:
        invite_carriers(gathering=self.object, invited=form.chosen(), by=self.actor, at=self.now)
        self.said(_("Saved."))
        return self.back()
