from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from patenwerk.core.lifecycle import Step
from patenwerk.core.policy import may_in
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.lists import ListPage, SheetColumn
from patenwerk.core.web.views import ObjectFormPage, ObjectView, PublicView
from patenwerk.gatherings.domain.minutes import (
    approve_minutes,
    begin_minutes,
    begin_refusals,
    correct_minutes,
    lock_minutes,
    send_minutes,
)
from patenwerk.gatherings.domain.minutes_steps import MINUTES_STEPS
from patenwerk.gatherings.domain.objection import (
    answer_objection,
    objection_refusals,
    raise_objection,
)
from patenwerk.gatherings.enums import EDITABLE, MinutesState, ObjectionState
from patenwerk.gatherings.models import Gathering, Minutes, Objection
from patenwerk.gatherings.policy import ORGANISE, SEE_GATHERING, SEE_MINUTES, SPEAK
from patenwerk.gatherings.queries.minutes import (
    later_gatherings,
    minutes_link,
    minutes_list,
    minutes_of_token,
    names_of,
    receivers_of,
    record_of,
    speaking_carriers,
    with_gathering,
)
from patenwerk.gatherings.web.minutes_forms import (
    AnswerForm,
    ApproveForm,
    CorrectionForm,
    HeadingForm,
    MinutesFilterForm,
    ObjectionForm,
    SendForm,
)

#: How long carriers have to read, unless the organisers say otherwise.
TERM = timedelta(days=14)
STEP_URLS = {
    "send": "gatherings:send_minutes",
    "approve": "gatherings:approve_minutes",
    "lock": "gatherings:lock_minutes",
}


def minutes_url(pk: int) -> str:
    return reverse("gatherings:minutes", args=[pk])


class MinutesList(ListPage):
    see = do = SEE_MINUTES
    template = "gatherings/minutes_list.html"
    filter_form = MinutesFilterForm
    sheet_name = "protokolle"
    sheet_columns: ClassVar[list[SheetColumn]] = [
        SheetColumn(gettext_lazy("Gathering"), lambda row: row.gathering.title),
        SheetColumn(gettext_lazy("Day"), lambda row: row.gathering.starts_at.date()),
        SheetColumn(gettext_lazy("State"), lambda row: row.get_state_display()),
        SheetColumn(gettext_lazy("Objections until"), lambda row: row.objections_until),
        SheetColumn(gettext_lazy("Open objections"), lambda row: row.unanswered),
    ]

    def filter_options(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def listed(self, said: dict[str, Any]) -> QuerySet[Minutes]:
        state = said.get("state")
        return minutes_list(
            self.actor, state=MinutesState(state) if state else None, year=said.get("year")
        )

    def context(self, page: Any) -> dict[str, Any]:
        return {"is_narrowed": any(self.request.GET.values())}


class BeginMinutes(ObjectFormPage):
    model = Gathering
    see, do = SEE_GATHERING, ORGANISE
    form_class = ConfirmForm
    template = "gatherings/minutes_begin.html"

    def context(self) -> dict[str, Any]:
        return {"gathering": self.object, "refusals": begin_refusals(self.object, self.now)}

    def perform(self, form: Any) -> str:
        minutes = begin_minutes(gathering=self.object, by=self.actor, at=self.now)
        self.said(_("The minutes are begun. Every item of the agenda has its section."))
        return minutes_url(minutes.pk)


class MinutesPage(ObjectView):
    model = Minutes
    see = do = SEE_MINUTES
    template = "gatherings/minutes.html"

    def rows(self) -> QuerySet[Minutes]:
        return with_gathering(Minutes.objects.all())

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        minutes: Minutes = self.object
        organises = may_in(self.actor, ORGANISE, minutes)
        record = record_of(minutes, self.today)
        may_object = (
            self.actor.has(SPEAK)
            and not objection_refusals(minutes, self.now)
            and speaking_carriers(self.actor, minutes).exists()
        )
        return self.page(
            {
                "minutes": minutes,
                "record": record,
                "correctors": names_of(each.by_id for each in record.corrections),
                "may_organise": organises,
                "may_write": organises and minutes.state in EDITABLE,
                "may_object": may_object,
                "may_correct": organises and minutes.state == MinutesState.LOCKED,
                "steps": self.steps() if organises else [],
                "heading_form": HeadingForm(auto_id=False),
            }
        )

    def steps(self) -> list[dict[str, Any]]:
        """The steps that start here, each with the reasons against it."""
        return [
            {
                "step": step,
                "url": reverse(STEP_URLS[step.name], args=[self.object.pk]),
                "refusals": self.reasons(step),
            }
            for step in MINUTES_STEPS.offered(self.object)
            if step.name in STEP_URLS
        ]

    def reasons(self, step: Step) -> list[Any]:
        found = MINUTES_STEPS.refusals(self.object, step.name, by=self.actor, at=self.now)
        if {reason.code for reason in found} == {"term_runs"}:
            # A later gathering may approve before the term is over.
            return [] if later_gatherings(self.object, self.now).exists() else found
        return found


class OfMinutes(ObjectFormPage, abstract=True):
    """A form about minutes: afterwards they are shown."""

    model: ClassVar[type[Model]] = Minutes
    see, do = SEE_MINUTES, ORGANISE
    template = "gatherings/minutes_form.html"
    heading: ClassVar[Any]
    lead: ClassVar[Any] = ""
    button: ClassVar[Any]

    @property
    def minutes(self) -> Minutes:
        found: Minutes = self.object if self.model is Minutes else self.object.minutes
        return found

    def rows(self) -> QuerySet[Any]:
        return with_gathering(Minutes.objects.all())

    def context(self) -> dict[str, Any]:
        return {"minutes": self.minutes, "back": minutes_url(self.minutes.pk)}

    def answer(self, sentence: str) -> str:
        self.said(sentence)
        return minutes_url(self.minutes.pk)


class SendMinutes(OfMinutes):
    form_class = SendForm
    heading = gettext_lazy("Send the minutes to the circle")
    button = gettext_lazy("Send")

    def form_options(self) -> dict[str, Any]:
        return {"initial": {"objections_until": self.today + TERM}}

    def context(self) -> dict[str, Any]:
        receivers = len(receivers_of(self.minutes.gathering, self.today))
        words = ngettext(
            "%(count)s person gets a link by mail: contacts of the carriers and who was there.",
            "%(count)s people get a link by mail: contacts of the carriers and who was there.",
            receivers,
        )
        return {**super().context(), "note": words % {"count": receivers}}

    def perform(self, form: Any) -> str:
        count = send_minutes(
            minutes=self.object,
            objections_until=form.cleaned_data["objections_until"],
            link=minutes_link(),
            by=self.actor,
            at=self.now,
        )
        sentence = ngettext(
            "The minutes are sent to %(count)s person.",
            "The minutes are sent to %(count)s people.",
            count,
        )
        return self.answer(sentence % {"count": count})


class ApproveMinutes(OfMinutes):
    form_class = ApproveForm
    heading = gettext_lazy("Approve the minutes")
    lead = gettext_lazy("Approved minutes are the record. Their text does not change any more.")
    button = gettext_lazy("Approve")

    def form_options(self) -> dict[str, Any]:
        return {"later": later_gatherings(self.object, self.now)}

    def perform(self, form: Any) -> str:
        approve_minutes(
            minutes=self.object,
            approved_in=form.cleaned_data["approved_in"],
            by=self.actor,
            at=self.now,
        )
        return self.answer(_("The minutes are approved."))


class LockMinutes(OfMinutes):
    form_class = ConfirmForm
    heading = gettext_lazy("Close the minutes for good?")
    lead = gettext_lazy("What turns out to be wrong later is added as a note with its date.")
    button = gettext_lazy("Close")

    def perform(self, form: Any) -> str:
        lock_minutes(minutes=self.object, by=self.actor, at=self.now)
        return self.answer(_("The minutes are closed."))


class CorrectMinutes(OfMinutes):
    form_class = CorrectionForm
    heading = gettext_lazy("Add a correction")
    button = gettext_lazy("Add")

    def perform(self, form: Any) -> str:
        correct_minutes(
            minutes=self.object, text=form.cleaned_data["text"], by=self.actor, at=self.now
        )
        return self.answer(_("The note stands below the minutes."))


class RaiseObjection(OfMinutes):
    do = SPEAK
    form_class = ObjectionForm
    heading = gettext_lazy("Object to the minutes")
    button = gettext_lazy("Send the objection")

    def form_options(self) -> dict[str, Any]:
        carriers = speaking_carriers(self.actor, self.object)
        wanted = self.request.GET.get("abschnitt", "")
        initial = {"section": int(wanted)} if wanted.isascii() and wanted.isdecimal() else {}
        return {"minutes": self.object, "carriers": carriers, "initial": initial}

    def perform(self, form: Any) -> str:
        raise_objection(minutes=self.object, **form.cleaned_data, by=self.actor, at=self.now)
        return self.answer(_("Your objection stands in the minutes. The organisers answer it."))


class AnswerObjection(OfMinutes):
    model = Objection
    form_class = AnswerForm
    heading = gettext_lazy("Answer an objection")
    button = pgettext_lazy("verb", "Answer")

    def rows(self) -> QuerySet[Any]:
        return Objection.objects.select_related("minutes__gathering", "section", "of_carrier")

    def context(self) -> dict[str, Any]:
        return {**super().context(), "objection": self.object}

    def perform(self, form: Any) -> str:
        said = form.cleaned_data
        answer_objection(
            objection=self.object,
            state=ObjectionState(said["state"]),
            answer=said["answer"],
            by=self.actor,
            at=self.now,
        )
        if said["state"] == ObjectionState.ACCEPTED:
            return self.answer(_("Answered. Please change the text now."))
        return self.answer(_("Answered."))


class ByMinutesLink(PublicView):
    """Sent minutes, opened by the link of a mail."""

    minutes: Minutes

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = minutes_of_token(kwargs["token"])
        if found is None:
            raise Http404
        self.minutes = found
        request.public_programme = found.gathering.programme  # type: ignore[attr-defined]
        answer = super().dispatch(request, *args, **kwargs)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Robots-Tag"] = "noindex"
        return answer


class ReadMinutes(ByMinutesLink):
    template = "gatherings/minutes_read.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        record = record_of(self.minutes, self.today)
        return self.page(
            {
                "minutes": self.minutes,
                "record": record,
                "token": token,
                "correctors": {},
                "may_object": not objection_refusals(self.minutes, self.now),
            }
        )
