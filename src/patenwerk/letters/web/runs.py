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
from django.utils.translation import ngettext

from patenwerk.core.refusal import Refusal
from patenwerk.core.web.files import file_answer
from patenwerk.core.web.views import ObjectFormPage, ObjectView, show_refusal
from patenwerk.jobs.enums import JobState
from patenwerk.jobs.models import Job
from patenwerk.jobs.models.job import OPEN
from patenwerk.letters.domain.mailing import go_on_mailing, stop_mailing
from patenwerk.letters.domain.preview import first_letter
from patenwerk.letters.domain.run import STEPS, make_letters
from patenwerk.letters.domain.selection import begin
from patenwerk.letters.enums import BY_MAIL, OF_TANDEM, FileKind, LetterKind, RunState
from patenwerk.letters.kernel.placeholders import OF_KIND, written
from patenwerk.letters.models import Letter, LetterRun
from patenwerk.letters.policy import MAKE_LETTERS
from patenwerk.letters.queries.family import addresses_of
from patenwerk.letters.queries.fitting import (
    SENTENCES,
    asks_for_appointment,
    obstacle,
    run_obstacles,
)
from patenwerk.letters.queries.paper import Shown
from patenwerk.letters.queries.run import (
    file_of,
    is_being_made,
    job_of,
    letters_of,
    mailed_count,
)
from patenwerk.letters.queries.text import text_of
from patenwerk.letters.web.forms import WishesForm
from patenwerk.organisations.enums import Language
from patenwerk.people.models import Person
from patenwerk.people.policy import SEE_PERSON
from patenwerk.tandems.models import Tandem
from patenwerk.tandems.policy import SEE_TANDEM
from patenwerk.tandems.queries.participant import at_the_end

MEDIA_TYPES = {FileKind.ONE.value: "application/pdf", FileKind.EACH.value: "application/zip"}


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
    kinds = frozenset(LetterKind) - OF_TANDEM
    back = "people:person"


class OfTandem(Begin):
    model = Tandem
    see = SEE_TANDEM
    kinds = OF_TANDEM
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
    preview: Shown | None = None

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        run: LetterRun = self.object
        if run.state in {RunState.MAILING, RunState.STOPPED}:
            return self.show(
                "letters/mailing.html",
                {
                    **told(letters_of(run)),
                    "progress": mails_of(run),
                    "leaving": run.state == RunState.MAILING and is_being_made(run),
                },
            )
        if run.state != RunState.CHOSEN:
            return self.show("letters/made.html", told(letters_of(run)))
        job = job_of(run)
        if job is not None and job.state in OPEN:
            return self.show("letters/making.html", {"progress": progress_of(job)})
        return super().get(request, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """»Look at it« shows the first letter as it would be, and makes nothing."""
        if "preview" not in request.POST:
            return super().post(request, **kwargs)
        form = self.form(request.POST)
        if form.is_valid():
            try:
                self.preview = first_letter(run=self.object, wishes=form.wishes(), at=self.now)
            except Refusal as refusal:
                show_refusal(form, refusal)
        return self.page({"form": form, **self.context()}, status=422 if form.errors else 200)

    def show(self, template: str, context: Mapping[str, Any]) -> HttpResponse:
        self.template = template  # type: ignore[misc]
        return self.page({"run": self.object, **context})

    def form_options(self) -> dict[str, Any]:
        run: LetterRun = self.object
        kind = LetterKind(run.kind)
        self.shown: dict[str, list[tuple[str, str]]] = {"fitting": [], "left_out": []}
        reached = 0
        for letter in letters_of(run):
            reason = obstacle(letter, run, self.today)
            row = (names_of(letter), str(reason.sentence) if reason else "")
            self.shown["left_out" if reason else "fitting"].append(row)
            reached += reason is None and bool(addresses_of(letter, run, self.today))
        texts = [text_of(run, language) for language in Language]
        self.against = [one for one in run_obstacles(run, texts[0]) if one.field is None]
        self.ways = ways_for(kind, len(self.shown["fitting"]), reached)
        return {
            "run": run,
            "ways": self.ways,
            "asks_when": any(asks_for_appointment(text) for text in texts),
            "usual": texts[0].wording if kind is LetterKind.MESSAGE else None,
        }

    def context(self) -> dict[str, Any]:
        run: LetterRun = self.object
        own = run.kind == LetterKind.MESSAGE
        return {
            "run": run,
            **self.shown,
            "against": self.against,
            "failure": failure_of(job_of(run)),
            "sends": FileKind.MAIL in dict(self.ways),
            "preview": self.preview,
            "placeholders": [written(each, "de") for each in OF_KIND[LetterKind.MESSAGE]]
            if own
            else [],
        }

    def perform(self, form: WishesForm) -> str:
        make_letters(run=self.object, wishes=form.wishes(), by=self.actor, at=self.now)
        return reverse("letters:run", args=[self.object.pk])


def ways_for(kind: LetterKind, count: int, reached: int) -> list[tuple[str, str]]:
    """How so many letters can be had, of which so many could be e-mails."""
    labels = dict(LetterRun._meta.get_field("file_kind").flatchoices)
    kinds = [FileKind.ONE, FileKind.EACH] if count > 1 else [FileKind.ONE]
    ways = [(each.value, str(labels[each.value])) for each in kinds]
    if kind in BY_MAIL and reached:
        label = ngettext(
            "by e-mail (%(reached)d of %(count)d has an address)",
            "by e-mail (%(reached)d of %(count)d have an address)",
            reached,
        )
        ways.append((FileKind.MAIL.value, label % {"reached": reached, "count": count}))
    return ways


class Mailing(AboutRun):
    """The buttons that hold e-mails back and let them go on."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        do = {"stop": stop_mailing, "go_on": go_on_mailing}.get(request.POST.get("do", ""))
        if do is None:
            raise Http404
        try:
            do(run=self.object, by=self.actor, at=self.now)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect("letters:run", pk)


class Progress(AboutRun):
    """The part of the page that asks for itself; when the work is over it calls the page anew."""

    template = "letters/_progress.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run: LetterRun = self.object
        job, here = job_of(run), reverse("letters:run", args=[pk])
        if job is not None and job.state in OPEN and run.state != RunState.STOPPED:
            mailing = run.state == RunState.MAILING
            return self.page(
                {"run": run, "progress": mails_of(run) if mailing else progress_of(job)}
            )
        if getattr(request, "htmx", False):
            return HttpResponse(headers={"HX-Redirect": here})
        return redirect(here)


class RunFile(AboutRun):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run: LetterRun = self.object
        data = file_of(run)
        if data is None:
            raise Http404
        name = f"{slugify(run.get_kind_display())}-{run.pk}.{run.file_kind}"
        return file_answer(data, name, MEDIA_TYPES[run.file_kind])


def names_of(letter: Letter) -> str:
    """Who a letter is about."""
    if letter.person is not None:
        return letter.person.full_name
    assert letter.tandem is not None  # noqa: S101 - a letter is about somebody
    there = at_the_end(letter.tandem, letter.tandem.participants.all())
    people = [each.person.full_name for each in there]
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


def mails_of(run: LetterRun) -> dict[str, Any]:
    """How far the e-mails are, in words."""
    done, total = mailed_count(run)
    return {"done": done, "total": total, "text": _("E-mails that have left")}


def failure_of(job: Job | None) -> str:
    """Why no letters came of it, or nothing."""
    if job is None or job.state not in {JobState.FAILED, JobState.CANCELLED}:
        return ""
    if job.problem == "not_allowed":
        return _("No letters were made: your role does not allow it any more.")
    return _("No letters were made, because something went wrong. Please try once more.")
