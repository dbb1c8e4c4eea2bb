from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.policy import Actor
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.views import FormHandling, PublicView
from patenwerk.gatherings.domain.questions import answer, kept_until
from patenwerk.gatherings.domain.registration import accept, change, decline, register_guest
from patenwerk.gatherings.domain.seats import LIFECYCLE, still_ahead
from patenwerk.gatherings.enums import KNOWN, Audience, Seat, State
from patenwerk.gatherings.models import Gathering, Registration
from patenwerk.gatherings.queries.material import materials_for
from patenwerk.gatherings.queries.registration import (
    answered_questions,
    is_invited,
    listed_participants,
    place_in_queue,
    registration_link,
    registration_of,
)
from patenwerk.gatherings.web.guest_limit import count_registration
from patenwerk.gatherings.web.registration_forms import (
    ChangeForm,
    DeclineForm,
    GuestForm,
    NeedsForm,
)


class ByLink(PublicView):
    """A page that a signed link opens. What can be done there is decided by the state."""

    registration: Registration

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = registration_of(kwargs["token"])
        if found is None:
            raise Http404
        self.registration = found
        request.public_programme = found.gathering.programme  # type: ignore[attr-defined]
        answer = super().dispatch(request, *args, **kwargs)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Robots-Tag"] = "noindex"
        return answer

    @property
    def by(self) -> Actor:
        """Whoever holds the link; the account that is logged in, if one is."""
        return Actor(user_id=self.request.user.pk)

    def back(self) -> str:
        return reverse("gatherings:registration", args=[self.kwargs["token"]])


class RegistrationPage(ByLink):
    template = "gatherings/registration.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        own = self.registration
        gathering = own.gathering
        ahead = still_ahead(gathering, self.now) and own.state != Seat.DECLINED
        questions = gathering.questions.exists() and kept_until(gathering) >= self.today
        seated = own.state == Seat.SEATED
        return self.page(
            {
                "registration": own,
                "gathering": gathering,
                "token": token,
                "refusals": LIFECYCLE.refusals(own, "accept", by=self.by, at=self.now)
                if own.state == Seat.OFFERED
                else [],
                "place": place_in_queue(own) if own.state == Seat.WAITING else 0,
                "may_change": ahead,
                # Said only to whoever has yet to answer, or has said no.
                "is_invited": own.state in {Seat.OFFERED, Seat.DECLINED} and is_invited(own),
                "may_answer": questions and ahead,
                "answered": bool(answered_questions(own)) if questions else False,
                "participants": list(listed_participants(gathering)) if seated else [],
                "join_link": gathering.join_link if seated else "",
                "materials": materials_for(own),
            }
        )


class OfLink(FormHandling, ByLink):
    """A form behind the link."""

    def context(self) -> dict[str, Any]:
        return {
            "registration": self.registration,
            "gathering": self.registration.gathering,
            "back": self.back(),
        }


class AcceptSeat(OfLink):
    form_class = ConfirmForm
    template = "gatherings/registration_accept.html"

    def perform(self, form: Any) -> str:
        accept(registration=self.registration, link=registration_link(), by=self.by, at=self.now)
        self.said(_("The seat is yours. We are looking forward to seeing you."))
        return self.back()


class DeclineSeat(OfLink):
    form_class = DeclineForm
    template = "gatherings/registration_cannot_come.html"

    def perform(self, form: Any) -> str:
        decline(
            registration=self.registration,
            note=form.cleaned_data["note"],
            link=registration_link(),
            by=self.by,
            at=self.now,
        )
        self.said(_("Thank you for telling us. Your seat goes to somebody else."))
        return self.back()


class ChangeRegistration(OfLink):
    form_class = ChangeForm
    template = "gatherings/registration_change.html"

    def form_options(self) -> dict[str, Any]:
        return {"registration": self.registration}

    def perform(self, form: Any) -> str:
        said = form.cleaned_data
        change(
            registration=self.registration,
            name=said["name"],
            language=said["language"],
            seats=said.get("seats", self.registration.seats),
            is_listed=said["is_listed"],
            link=registration_link(),
            by=self.by,
            at=self.now,
        )
        self.said(_("Your registration is changed."))
        return self.back()


class AnswerNeeds(OfLink):
    form_class = NeedsForm
    template = "gatherings/registration_needs.html"

    def form_options(self) -> dict[str, Any]:
        return {
            "questions": list(self.registration.gathering.questions.all()),
            "answered": answered_questions(self.registration),
        }

    def context(self) -> dict[str, Any]:
        return {**super().context(), "until": kept_until(self.registration.gathering)}

    def perform(self, form: Any) -> str:
        answers = form.answers()
        answer(
            registration=self.registration,
            answers=answers,
            consents=form.cleaned_data["consents"],
            by=self.by,
            at=self.now,
        )
        self.said(
            _("Thank you. Only the organisers read this.")
            if any(answers.values())
            else _("What you had answered is deleted.")
        )
        return self.back()


class RegisterGuest(FormHandling, PublicView):
    """The form for everybody, at gatherings that are for everybody."""

    form_class = GuestForm
    template = "gatherings/registration_guest.html"
    gathering: Gathering

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        known = Gathering.objects.filter(audience=Audience.PUBLIC, state__in=KNOWN)
        found = known.select_related("programme").filter(pk=kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.gathering = found
        request.public_programme = found.programme  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        gathering = self.gathering
        return {
            "gathering": gathering,
            "is_open": gathering.state == State.OPEN
            and self.now < min(gathering.closes_at or gathering.starts_at, gathering.starts_at),
        }

    def perform(self, form: Any) -> HttpResponse:
        count_registration(self.request, form.cleaned_data["email"])
        register_guest(
            gathering=self.gathering,
            guest=form.guest(),
            form_key=form.cleaned_data["form_key"],
            link=registration_link(),
            at=self.now,
        )
        # The same answer whether the address was known or not: who comes is nobody's business.
        return self.page({"gathering": self.gathering, "sent_to": form.cleaned_data["email"]})
