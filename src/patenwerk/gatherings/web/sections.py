from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.views import ObjectFormPage, ObjectView
from patenwerk.gatherings.domain.minutes import (
    Written,
    add_section,
    remove_section,
    take_back,
    write_section,
)
from patenwerk.gatherings.domain.promise import (
    change_decision,
    record_commitment,
    record_decision,
    remove_commitment,
    remove_decision,
)
from patenwerk.gatherings.enums import EDITABLE
from patenwerk.gatherings.models import Commitment, Decision, Minutes, Section
from patenwerk.gatherings.policy import ORGANISE, SEE_MINUTES
from patenwerk.gatherings.queries.minutes import (
    earlier_versions,
    section_row,
    told_versions,
    written_row,
)
from patenwerk.gatherings.web.minutes import OfMinutes, minutes_url
from patenwerk.gatherings.web.minutes_forms import DecisionForm, HeadingForm, TextForm, VersionForm
from patenwerk.gatherings.web.promise_forms import PromiseForm

VERSIONS_PER_PAGE = 20


def section_url(pk: int) -> str:
    return reverse("gatherings:section", args=[pk])


def said_base(data: Any) -> int:
    """The version somebody's words began from, as an address says it; 0 for anything else."""
    text = data.get("base_version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class OnSection(ObjectFormPage, abstract=True):
    """A form on the page on which a section is written."""

    model = Section
    see, do = SEE_MINUTES, ORGANISE
    template = "gatherings/minutes_section.html"
    #: The name under which the page knows this form.
    place: ClassVar[str]

    def rows(self) -> QuerySet[Section]:
        return Section.objects.select_related("minutes__gathering", "item")

    def page(self, context: Any, *, status: int = 200) -> HttpResponse:
        section: Section = self.object
        beside = list(section.minutes.sections.order_by("position", "pk"))
        place = beside.index(section)
        forms = {
            "words": TextForm(
                initial={"text": section.text, "base_version": section.version}, auto_id="id_%s"
            ),
            "decision": DecisionForm(auto_id="decision_%s"),
            "promise": PromiseForm(gathering=section.minutes.gathering, auto_id="promise_%s"),
        }
        return super().page(
            {
                "forms": {**forms, self.place: context["form"]},
                "place": self.place,
                "section": section,
                "minutes": section.minutes,
                "row": section_row(section, self.today),
                "beside": beside,
                "before": beside[place - 1] if place else None,
                "after": beside[place + 1] if place + 1 < len(beside) else None,
                "may_write": section.minutes.state in EDITABLE,
                "standing": standing(section, section.version),
                **context,
            },
            status=status,
        )


def standing(section: Section, base_version: int) -> dict[str, Any]:
    """How a section stands now, for somebody whose words are those of ``base_version``."""
    is_other = False
    if base_version != section.version:
        known = section.versions.filter(number=base_version).values_list("text", flat=True)
        is_other = (known.first() or "") != section.text
    return {"section": section, "row": written_row(section), "is_other": is_other}


class WriteSection(OnSection):
    form_class = TextForm
    place = "words"

    def form_options(self) -> dict[str, Any]:
        return {
            "initial": {"text": self.object.text, "base_version": self.object.version},
            "auto_id": "id_%s",
        }

    def perform(self, form: Any) -> str | HttpResponse:
        section: Section = self.object
        written = write_section(section=section, **form.cleaned_data, by=self.actor, at=self.now)
        section.refresh_from_db()
        if getattr(self.request, "htmx", False):
            return self.fragment(written=written)
        if written.conflicts:
            fresh = TextForm(initial={"text": section.text, "base_version": section.version})
            return self.page({"form": fresh, "conflicts": written.conflicts})
        self.said(_("Saved."))
        return section_url(section.pk)

    def page(self, context: Any, *, status: int = 200) -> HttpResponse:
        if getattr(self.request, "htmx", False) and status == 422:
            # A part of a page is taken over with 200 only: the reason stands where »saved« would.
            errors = context["form"].errors.values()
            return self.fragment(reasons=[str(each) for found in errors for each in found])
        return super().page(context, status=status)

    def fragment(
        self, *, written: Written | None = None, reasons: Sequence[str] = ()
    ) -> HttpResponse:
        section: Section = self.object
        base = written.version if written else said_base(self.request.POST)
        context = {
            "standing": standing(section, base),
            "conflicts": written.conflicts if written else (),
            "base_version": written.version if written else None,
            "reasons": reasons,
        }
        return render(self.request, "gatherings/_minutes_written.html", context)


class SectionStanding(ObjectView):
    """What a section says now: asked for every few seconds while somebody writes."""

    model = Section
    see, do = SEE_MINUTES, ORGANISE
    template = "gatherings/_minutes_standing.html"

    def rows(self) -> QuerySet[Section]:
        return Section.objects.select_related("minutes")

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        base = said_base(request.GET)
        return self.page({"standing": standing(self.object, base)})


class SectionVersions(ObjectFormPage):
    """How a section read before, with a button that takes a version's sentences back."""

    model = Section
    see, do = SEE_MINUTES, ORGANISE
    form_class = VersionForm
    template = "gatherings/minutes_versions.html"

    def rows(self) -> QuerySet[Section]:
        return Section.objects.select_related("minutes__gathering")

    def context(self) -> dict[str, Any]:
        section: Section = self.object
        pages = Paginator(earlier_versions(section), VERSIONS_PER_PAGE)
        page = pages.get_page(self.request.GET.get("page"))
        return {
            "section": section,
            "minutes": section.minutes,
            "page": page,
            "versions": told_versions(section, list(page.object_list)),
            "may_write": section.minutes.state in EDITABLE,
        }

    def perform(self, form: Any) -> str:
        number = form.cleaned_data["number"]
        take_back(section=self.object, number=number, by=self.actor, at=self.now)
        self.said(_("The sentences stand in the text again. Please read it through."))
        return section_url(self.object.pk)


class AddDecision(OnSection):
    form_class = DecisionForm
    place = "decision"

    def form_options(self) -> dict[str, Any]:
        return {"auto_id": "decision_%s"}

    def perform(self, form: Any) -> str:
        section: Section = self.object
        record_decision(
            gathering=section.minutes.gathering,
            section=section,
            **form.cleaned_data,
            by=self.actor,
            at=self.now,
        )
        self.said(_("The decision stands in the minutes."))
        return section_url(section.pk)


class AddCommitment(OnSection):
    form_class = PromiseForm
    place = "promise"

    def form_options(self) -> dict[str, Any]:
        return {"gathering": self.object.minutes.gathering, "auto_id": "promise_%s"}

    def perform(self, form: Any) -> str:
        section: Section = self.object
        record_commitment(
            gathering=section.minutes.gathering,
            section=section,
            values=form.values(),
            by=self.actor,
            at=self.now,
        )
        self.said(_("It stands in the minutes, and on the next agenda until it is done."))
        return section_url(section.pk)


class AddSection(OfMinutes):
    form_class = HeadingForm
    heading = gettext_lazy("Add a section")
    button = gettext_lazy("Add")

    def perform(self, form: Any) -> str:
        section = add_section(
            minutes=self.object, heading=form.cleaned_data["heading"], by=self.actor, at=self.now
        )
        return section_url(section.pk)


class RemoveSection(OfMinutes):
    model = Section
    form_class = ConfirmForm
    heading = gettext_lazy("Take the section away?")
    lead = gettext_lazy("Only a section in which nothing stands can be taken away.")
    button = gettext_lazy("Take away")

    def rows(self) -> QuerySet[Any]:
        return Section.objects.select_related("minutes__gathering")

    def perform(self, form: Any) -> str:
        minutes: Minutes = self.object.minutes
        remove_section(section=self.object, by=self.actor, at=self.now)
        self.said(_("The section is gone."))
        return minutes_url(minutes.pk)


class OfWrittenDown(OfMinutes, abstract=True):
    """A form about what was written down in a section: afterwards the section is shown."""

    @property
    def minutes(self) -> Minutes:
        found: Minutes = self.object.gathering.minutes
        return found

    def rows(self) -> QuerySet[Any]:
        return self.model._default_manager.filter(gathering__minutes__isnull=False).select_related(
            "gathering__minutes", "section"
        )

    def context(self) -> dict[str, Any]:
        return {**super().context(), "back": self.back()}

    def back(self) -> str:
        if self.object.section_id is None:
            return minutes_url(self.minutes.pk)
        return section_url(self.object.section_id)

    def done(self, sentence: str, back: str) -> str:
        self.said(sentence)
        return back


class ChangeDecision(OfWrittenDown):
    model = Decision
    form_class = DecisionForm
    heading = gettext_lazy("Word the decision differently")
    button = gettext_lazy("Save")

    def form_options(self) -> dict[str, Any]:
        return {"initial": {"text": self.object.text, "grounds": self.object.grounds}}

    def perform(self, form: Any) -> str:
        change_decision(decision=self.object, **form.cleaned_data, by=self.actor, at=self.now)
        return self.done(_("Saved."), self.back())


class RemoveDecision(OfWrittenDown):
    model = Decision
    form_class = ConfirmForm
    heading = gettext_lazy("Take the decision out of the minutes?")
    lead = gettext_lazy("For what was written down by mistake.")
    button = gettext_lazy("Take it out")

    def perform(self, form: Any) -> str:
        back = self.back()
        remove_decision(decision=self.object, by=self.actor, at=self.now)
        return self.done(_("The decision is gone."), back)


class RemoveCommitment(OfWrittenDown):
    model = Commitment
    form_class = ConfirmForm
    heading = gettext_lazy("Take the promise out of the minutes?")
    lead = gettext_lazy("For what was written down by mistake.")
    button = gettext_lazy("Take it out")

    def perform(self, form: Any) -> str:
        back = self.back()
        remove_commitment(commitment=self.object, by=self.actor, at=self.now)
        return self.done(_("The promise is gone."), back)
