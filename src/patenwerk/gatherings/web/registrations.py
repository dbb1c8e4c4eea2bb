from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patenwerk.core.refusal import Reason
from patenwerk.core.web.views import ObjectFormPage
from patenwerk.gatherings.domain.registration import (
    CannotRegister,
    decline,
    register_account,
    register_carrier,
    send_regrets,
)
from patenwerk.gatherings.enums import Seat
from patenwerk.gatherings.models import Gathering, Registration
from patenwerk.gatherings.policy import ORGANISE, SEE_GATHERING, SEND_PEOPLE
from patenwerk.gatherings.queries.registration import (
    carriers_to_send,
    registration_link,
    seats_of_carrier,
    token_of,
    working_carrier,
)
from patenwerk.gatherings.web.registration_forms import (
    MOST_ROWS,
    ROWS,
    AccountForm,
    CarrierForm,
    DeclineForm,
    RegretForm,
)


class OfGathering(ObjectFormPage, abstract=True):
    """A form about a gathering that leads back to its page."""

    model = Gathering

    def context(self) -> dict[str, Any]:
        return {"gathering": self.object, "back": self.back()}

    def back(self) -> str:
        return reverse("gatherings:gathering", args=[self.object.pk])


class RegisterAccount(OfGathering):
    see = do = SEE_GATHERING
    form_class = AccountForm
    template = "gatherings/registration_account.html"

    def perform(self, form: Any) -> str:
        made = register_account(
            gathering=self.object,
            account=self.account,
            carrier=working_carrier(self.actor, self.object),
            is_listed=form.cleaned_data["is_listed"],
            link=registration_link(),
            by=self.actor,
            at=self.now,
        )
        self.said(told(made))
        return reverse("gatherings:registration", args=[token_of(made)])


class RegisterCarrier(OfGathering):
    see, do = SEE_GATHERING, SEND_PEOPLE
    form_class = CarrierForm
    template = "gatherings/registration_carrier.html"

    def form_options(self) -> dict[str, Any]:
        return {"carriers": carriers_to_send(self.actor, self.object), "rows": self.row_count()}

    def row_count(self) -> int:
        """How many rows the address asks for; what is no number means the usual form."""
        asked = self.request.GET.get("rows", "")
        return min(int(asked), MOST_ROWS) if asked.isdecimal() and int(asked) else ROWS

    def context(self) -> dict[str, Any]:
        carriers = list(carriers_to_send(self.actor, self.object))
        limits = [(carrier, seats_of_carrier(self.object, carrier)) for carrier in carriers]
        more = min(self.row_count() * 2, MOST_ROWS)
        return {
            **super().context(),
            "limits": [pair for pair in limits if pair[1] is not None],
            "more": more if more > self.row_count() else 0,
        }

    def perform(self, form: Any) -> str:
        try:
            made = register_carrier(
                gathering=self.object,
                carrier=form.chosen(),
                people=form.people(),
                form_key=form.cleaned_data["form_key"],
                link=registration_link(),
                by=self.actor,
                at=self.now,
            )
        except CannotRegister as refusal:
            raise CannotRegister(at_rows(refusal, form.filled)) from refusal
        for sentence in summed_up(made):
            self.said(sentence)
        return self.back()


class SendRegrets(OfGathering):
    see, do = SEE_GATHERING, SEND_PEOPLE
    form_class = RegretForm
    template = "gatherings/registration_regrets.html"

    def form_options(self) -> dict[str, Any]:
        return {"carriers": carriers_to_send(self.actor, self.object)}

    def perform(self, form: Any) -> str:
        send_regrets(
            gathering=self.object,
            carrier=form.chosen(),
            why=form.cleaned_data["why"],
            link=registration_link(),
            by=self.actor,
            at=self.now,
        )
        self.said(_("Thank you. The organisers know that nobody can come."))
        return self.back()


class DeclineFor(ObjectFormPage):
    """Somebody's own carrier or the organisers say that they cannot come."""

    model = Registration
    see = do = ORGANISE
    form_class = DeclineForm
    template = "gatherings/registration_decline.html"

    def rows(self) -> QuerySet[Registration]:
        return Registration.objects.select_related("gathering", "carrier", "account")

    def context(self) -> dict[str, Any]:
        return {"registration": self.object, "back": self.back()}

    def perform(self, form: Any) -> str:
        decline(
            registration=self.object,
            note=form.cleaned_data["note"],
            link=registration_link(),
            by=self.actor,
            at=self.now,
        )
        self.said(_("%(name)s does not come.") % {"name": self.object.name})
        return self.back()

    def back(self) -> str:
        return reverse("gatherings:gathering", args=[self.object.gathering_id])


def at_rows(refusal: CannotRegister, rows: list[int]) -> list[Reason]:
    """The reasons, each at the row of the form that the n-th person stands in."""
    found = []
    for reason in refusal.reasons:
        part, _dash, place = (reason.field or "").partition("-")
        field = f"{part}-{rows[int(place)]}" if place and int(place) < len(rows) else reason.field
        found.append(Reason(reason.code, reason.sentence, field))
    return found


def told(registration: Registration) -> str:
    """One sentence about what a registration came to."""
    return {
        Seat.SEATED: _("You have a seat. We have sent you a mail."),
        Seat.OFFERED: _("A seat is offered to you. Please accept it in time."),
        Seat.WAITING: _("All seats are taken. You are on the waiting list."),
        Seat.SUBSTITUTE: _("You are named as a substitute."),
    }[Seat(registration.state)]


def summed_up(made: list[Registration]) -> list[str]:
    """What several registrations came to, a sentence for each state."""
    counted = {state: sum(row.seats for row in made if row.state == state) for state in Seat}
    sentences = [
        (
            Seat.SEATED,
            ngettext(
                "%(count)d seat is yours.", "%(count)d seats are yours.", counted[Seat.SEATED]
            ),
        ),
        (
            Seat.WAITING,
            ngettext(
                "%(count)d person is on the waiting list.",
                "%(count)d people are on the waiting list.",
                counted[Seat.WAITING],
            ),
        ),
        (
            Seat.SUBSTITUTE,
            ngettext(
                "%(count)d substitute is named.",
                "%(count)d substitutes are named.",
                counted[Seat.SUBSTITUTE],
            ),
        ),
    ]
    return [words % {"count": counted[state]} for state, words in sentences if counted[state]]
