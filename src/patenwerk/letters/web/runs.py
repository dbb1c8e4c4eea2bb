"""Letters from the first choice to the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from patenwerk.core.refusal import Refusal
from patenwerk.core.web.files import file_answer
from patenwerk.core.web.views import ObjectFormPage, ObjectView
from patenwerk.jobs.enums import JobState
from patenwerk.jobs.models import Job
from patenwerk.jobs.models.job import OPEN
from patenwerk.letters.domain.run import STEPS, make_letters
from patenwerk.letters.domain.selection import begin
from patenwerk.letters.enums import FileKind, LetterKind, RunState
from patenwerk.letters.models import Letter, LetterRun
from patenwerk.letters.policy import MAKE_LETTERS
from patenwerk.letters.queries.fitting import (
    SENTENCES,
    asks_for_appointment,
    obstacle,
    run_obstacles,
)
from patenwerk.letters.queries.run import file_of, job_of, letters_of
from patenwerk.letters.queries.text import text_in_force
from patenwerk.letters.web.forms import WishesForm
from patenwerk.organisations.enums import Language
from patenwerk.people.models import Person
from patenwerk.people.policy import SEE_PERSON
from patenwerk.tandems.models import Tandem
from patenwerk.tandems.policy import SEE_TANDEM

MEDIA_TYPES = {FileKind.ONE: "application/pdf", FileKind.EACH: "application/zip"}


class Begin(ObjectView, abstract=True):
    """The buttons of a person's or tandem's page: they begin a letter and lead to it."""

    do = MAKE_LETTERS
    kinds: ClassVar[frozenset[LetterKind]]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        wished = request.POST.get("kind", "")
        kind = next((each for each in self.kinds if each == wished), None)
        if kind is None:
            raise Http404
        try:
            with transaction.atomic():
                return redirect(begin(kind, self.actor, [pk], self.now))
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect(self.back, pk)

    back: ClassVar[str]


class OfPerson(Begin):
    model = Person
    see = SEE_PERSON
    kinds = frozenset({LetterKind.INVITATION, LetterKind.RECORD_CHECK})
    back = "people:person"


class OfTandem(Begin):
    model = Tandem
    see = SEE_TANDEM
    kinds = frozenset({LetterKind.AGREEMENT, LetterKind.CERTIFICATE})
    back = "tandems:tandem"


class AboutRun(ObjectView, abstract=True):
    model = LetterRun
    see = do = MAKE_LETTERS

    def rows(self) -> Any:
        return LetterRun.objects.select_related("site__carrier", "site__programme", "asked_by")


class RunPage(AboutRun, ObjectFormPage):
    """What is to be made and for whom, how far it is, what came of it."""

    form_class = WishesForm
    template = "letters/choose.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        run: LetterRun = self.object
        job = job_of(run)
        if run.state != RunState.CHOSEN:
            return self.show("letters/made.html", told(letters_of(run)))
        if job is not None and job.state in OPEN:
            return self.show("letters/making.html", {"progress": progress_of(job)})
        return super().get(request, **kwargs)

    def show(self, template: str, context: Mapping[str, Any]) -> HttpResponse:
        self.template = template  # type: ignore[misc]
        return self.page({"run": self.object, **context})

    def form_options(self) -> dict[str, Any]:
        run: LetterRun = self.object
        kind = LetterKind(run.kind)
        self.shown: dict[str, list[tuple[str, str]]] = {"fitting": [], "left_out": []}
        for letter in letters_of(run):
            reason = obstacle(letter, kind)
            row = (names_of(letter), str(reason.sentence) if reason else "")
            self.shown["left_out" if reason else "fitting"].append(row)
        texts = [text_in_force(run.carrier_id, kind, each) for each in Language]
        self.against = [one for one in run_obstacles(run, texts[0]) if one.field is None]
        return {
            "run": run,
            "count": len(self.shown["fitting"]),
            "asks_when": any(asks_for_appointment(text) for text in texts),
        }

    def context(self) -> dict[str, Any]:
        return {
            "run": self.object,
            **self.shown,
            "against": self.against,
            "failure": failure_of(job_of(self.object)),
        }

    def perform(self, form: WishesForm) -> str:
        make_letters(run=self.object, wishes=form.wishes(), by=self.actor, at=self.now)
        return reverse("letters:run", args=[self.object.pk])


class Progress(AboutRun):
    """The part of the page that asks for itself; when the work is over it calls the page anew."""

    template = "letters/_progress.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job, here = job_of(self.object), reverse("letters:run", args=[pk])
        if job is not None and job.state in OPEN:
            return self.page({"run": self.object, "progress": progress_of(job)})
        if getattr(request, "htmx", False):
            return HttpResponse(headers={"HX-Redirect": here})
        return redirect(here)


class RunFile(AboutRun):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run: LetterRun = self.object
        data = file_of(run)
        if data is None:
            raise Http404
        kind = FileKind(run.file_kind)
        name = f"{slugify(run.get_kind_display())}-{run.pk}.{kind}"
        return file_answer(data, name, MEDIA_TYPES[kind])


def names_of(letter: Letter) -> str:
    """Who a letter is about."""
    if letter.person is not None:
        return letter.person.full_name
    assert letter.tandem is not None  # noqa: S101 - a letter is about somebody
    people = [each.person.full_name for each in letter.tandem.participants.all()]
    return " & ".join(people)


def told(letters: Iterable[Letter]) -> dict[str, list[tuple[str, str]]]:
    """The letters of a run that is over: who got one, and who did not for which reason."""
    rows = [(names_of(each), str(SENTENCES.get(each.left_out, ""))) for each in letters]
    return {
        "fitting": [row for row in rows if not row[1]],
        "left_out": [row for row in rows if row[1]],
    }


def progress_of(job: Job) -> dict[str, Any]:
    """How far the work is, in words."""
    words = {
        STEPS[0]: _("What stands in the letters is read"),
        STEPS[1]: _("The letters are set"),
    }
    return {
        "done": job.progress_done,
        "total": job.progress_total,
        "text": words.get(job.progress_text, _("Waiting for its turn")),
    }


def failure_of(job: Job | None) -> str:
    """Why no letters came of it, or nothing."""
    if job is None or job.state not in {JobState.FAILED, JobState.CANCELLED}:
        return ""
    if job.problem == "not_allowed":
        return _("No letters were made: your role does not allow it any more.")
    return _("No letters were made, because something went wrong. Please try once more.")
