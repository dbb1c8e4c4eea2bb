from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from patenwerk.core.links import page_address
from patenwerk.core.refusal import Reason
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.lists import ListPage, SheetColumn
from patenwerk.core.web.views import ObjectView
from patenwerk.gatherings.domain.carrier_answer import remind_carriers
from patenwerk.gatherings.domain.questions import (
    CannotAsk,
    kept_until,
    record_look,
    set_questions,
)
from patenwerk.gatherings.domain.registration import (
    invite_person,
    set_seats,
    tick_attendance,
)
from patenwerk.gatherings.domain.seats import still_ahead
from patenwerk.gatherings.enums import Seat, State
from patenwerk.gatherings.models import Gathering, Registration
from patenwerk.gatherings.policy import ORGANISE, SEE_GATHERING
from patenwerk.gatherings.queries.registration import (
    carriers_without_answer,
    needs_of,
    registration_link,
    registrations_of,
    regrets_of,
)
from patenwerk.gatherings.web.registration_forms import (
    AttendanceForm,
    ListFilter,
    PersonForm,
    QuestionsForm,
    SeatsForm,
)
from patenwerk.gatherings.web.registrations import OfGathering


class RegistrationList(ObjectView, ListPage):
    """Who comes, for the organisers; what people need stands on a page of its own."""

    model = Gathering
    see, do = SEE_GATHERING, ORGANISE
    template = "gatherings/registrations.html"
    filter_form = ListFilter
    sheet_name = "registrations"
    sheet_columns = (
        SheetColumn(gettext_lazy("Name"), lambda row: row.name),
        SheetColumn(gettext_lazy("Carrier"), lambda row: row.carrier.name if row.carrier else ""),
        SheetColumn(gettext_lazy("Organisation"), lambda row: row.organisation),
        SheetColumn(gettext_lazy("E-mail address"), lambda row: row.email),
        SheetColumn(gettext_lazy("Seats"), lambda row: row.seats),
        SheetColumn(gettext_lazy("State"), lambda row: row.get_state_display()),
        SheetColumn(gettext_lazy("Registered on"), lambda row: row.created_at.date()),
        SheetColumn(gettext_lazy("Was there"), lambda row: attended_in_words(row)),
    )

    def listed(self, said: dict[str, Any]) -> QuerySet[Registration]:
        rows = registrations_of(self.object)
        state, text = said.get("state", ""), said.get("q", "")
        if state in set(Seat):
            rows = rows.filter(state=state)
        elif state != "all":
            rows = rows.exclude(state=Seat.DECLINED)
        if text:
            rows = rows.filter(
                Q(name__icontains=text)
                | Q(organisation__icontains=text)
                | Q(email__icontains=text)
                | Q(carrier__name__icontains=text)
            )
        return rows

    def context(self, page: Any) -> dict[str, Any]:
        gathering: Gathering = self.object
        free = None if gathering.capacity is None else gathering.capacity - gathering.seats_taken
        ahead = still_ahead(gathering, self.now)
        return {"gathering": gathering, "free": free, "is_ahead": ahead}


class InvitePerson(OfGathering):
    see, do = SEE_GATHERING, ORGANISE
    form_class = PersonForm
    template = "gatherings/registration_invite.html"

    def perform(self, form: Any) -> str:
        invited = invite_person(
            gathering=self.object,
            person=form.person(),
            link=registration_link(),
            by=self.actor,
            at=self.now,
        )
        self.said(_("The invitation to {name} is on its way.").format(name=invited.name))
        return self.back()

    def back(self) -> str:
        return reverse("gatherings:registrations", args=[self.object.pk])


class SetSeats(OfGathering):
    see, do = SEE_GATHERING, ORGANISE
    form_class = SeatsForm
    template = "gatherings/registration_seats.html"

    def form_options(self) -> dict[str, Any]:
        gathering = self.object
        return {
            "initial": {
                "capacity": gathering.capacity,
                "seats_per_carrier": gathering.seats_per_carrier,
            }
        }

    def perform(self, form: Any) -> str:
        set_seats(
            gathering=self.object,
            **form.cleaned_data,
            link=registration_link(),
            by=self.actor,
            at=self.now,
        )
        self.said(_("The number of seats is changed. Who waited has been asked."))
        return self.back()

    def back(self) -> str:
        return reverse("gatherings:registrations", args=[self.object.pk])


class Attendance(OfGathering):
    see, do = SEE_GATHERING, ORGANISE
    form_class = AttendanceForm
    template = "gatherings/registration_attendance.html"

    def form_options(self) -> dict[str, Any]:
        coming = registrations_of(self.object).exclude(state=Seat.DECLINED)
        return {"people": list(coming)}

    def perform(self, form: Any) -> str:
        there = tick_attendance(
            gathering=self.object,
            came=[int(pk) for pk in form.cleaned_data["came"]],
            by=self.actor,
            at=self.now,
        )
        self.said(
            ngettext("%(count)d was there.", "%(count)d were there.", there) % {"count": there}
        )
        return reverse("gatherings:attendance", args=[self.object.pk])

    def back(self) -> str:
        return reverse("gatherings:registrations", args=[self.object.pk])


class EditQuestions(OfGathering):
    see, do = SEE_GATHERING, ORGANISE
    form_class = QuestionsForm
    template = "gatherings/registration_questions.html"

    def form_options(self) -> dict[str, Any]:
        return {"questions": list(self.object.questions.all())}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "until": kept_until(self.object)}

    def perform(self, form: Any) -> str:
        asked = form.asked()
        try:
            set_questions(gathering=self.object, questions=asked, by=self.actor, at=self.now)
        except CannotAsk as refusal:
            raise CannotAsk(at_places(refusal, form.places)) from refusal
        self.said(_("The questions are saved."))
        return reverse("gatherings:registrations", args=[self.object.pk])

    def back(self) -> str:
        return reverse("gatherings:registrations", args=[self.object.pk])


class NeedsPage(ObjectView):
    """What participants need. Every look is recorded."""

    model = Gathering
    see, do = SEE_GATHERING, ORGANISE
    template = "gatherings/registration_needs_list.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        with transaction.atomic():
            record_look(gathering=self.object, by=self.actor, at=self.now)
        page = self.page(
            {
                "gathering": self.object,
                "needs": needs_of(self.object),
                "until": kept_until(self.object),
            }
        )
        page.headers["Cache-Control"] = "no-store"
        return page


class SilentCarriers(OfGathering):
    see, do = SEE_GATHERING, ORGANISE
    form_class = ConfirmForm
    template = "gatherings/registration_silent.html"

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "silent": list(carriers_without_answer(self.object)),
            "regrets": list(regrets_of(self.object)),
            "may_remind": self.object.state == State.OPEN,
        }

    def perform(self, form: Any) -> str:
        link = page_address("gatherings:gathering", self.object.pk)
        done = remind_carriers(gathering=self.object, link=link, by=self.actor, at=self.now)
        self.said(
            ngettext(
                "%(count)d carrier was reminded.",
                "%(count)d carriers were reminded.",
                done.carriers,
            )
            % {"count": done.carriers}
        )
        if done.without_contact:
            self.said(
                ngettext(
                    "%(count)d carrier has named nobody to write to.",
                    "%(count)d carriers have named nobody to write to.",
                    done.without_contact,
                )
                % {"count": done.without_contact}
            )
        return reverse("gatherings:silent_carriers", args=[self.object.pk])


def attended_in_words(row: Registration) -> str:
    """Yes, no, or nothing as long as nobody has ticked."""
    if row.attended is None:
        return ""
    return _("yes") if row.attended else _("no")


def at_places(refusal: CannotAsk, places: list[int]) -> list[Reason]:
    """The reasons, each at the row of the form that the n-th question stands in."""
    found = []
    for reason in refusal.reasons:
        part, _dash, place = (reason.field or "").partition("-")
        field = f"{part}-{places[int(place)]}" if place else reason.field
        found.append(Reason(reason.code, reason.sentence, field))
    return found
