"""A whole file: what its sheets hold, the previews of its lists, taking all of them over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.policy import may_in
from patenwerk.core.refusal import Refusal
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.views import ObjectFormPage, ObjectView
from patenwerk.imports.domain.book import choose_kinds, discard_book, start_taking_book
from patenwerk.imports.domain.kinds import kind_named, kinds
from patenwerk.imports.domain.upload import is_answered
from patenwerk.imports.enums import UploadState
from patenwerk.imports.models import Book
from patenwerk.imports.policy import IMPORT
from patenwerk.imports.queries.upload import job_of, lists_of, to_be_taken
from patenwerk.imports.web.listing import title_of
from patenwerk.imports.web.uploads import failure_of
from patenwerk.jobs.models import Job
from patenwerk.jobs.models.job import OPEN
from patenwerk.organisations.models import Programme


def progress_of(job: Job, programme: Programme) -> dict[str, Any]:
    """How far the work at a file is, in words."""
    words = {
        "reading": _("The file is read"),
        "understanding": _("Every row is understood"),
        "comparing": _("Every row is compared with what is stored"),
    }
    for kind in kinds.all():
        title = kind.title(programme)
        words[f"taking_{kind.name}"] = _("Being taken over: %(list)s") % {"list": title}
    return {
        "done": job.progress_done,
        "total": job.progress_total or 1,
        "text": words.get(job.progress_text, _("Waiting for its turn")),
    }


class AboutBook(ObjectView, abstract=True):
    model = Book
    see = do = IMPORT

    def rows(self) -> Any:
        return Book.objects.select_related("site", "programme", "uploaded_by")


class BookPage(AboutBook):
    template = "imports/book.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        book: Book = self.object
        job = job_of(book)
        if job is not None and job.state in OPEN:
            self.template = "imports/book_running.html"  # type: ignore[misc]
            return self.page({"book": book, "progress": progress_of(job, self.object.programme)})
        rows = sorted(lists_of(book), key=lambda row: (kind_named(row.kind).order, row.pk))
        for row in rows:
            row.title, row.is_open = title_of(row), not is_answered(row)  # type: ignore[attr-defined]
        return self.page(
            {
                "book": book,
                "lists": rows,
                "failure": failure_of(job),
                "open": [row for row in rows if row.is_open],  # type: ignore[attr-defined]
                "choices": [(kind.name, kind.title(book.programme)) for kind in self.allowed()],
                "taking": to_be_taken(book),
                "begun": any(row.state == UploadState.TAKEN for row in rows),
                "compared": book.state == UploadState.COMPARED,
            }
        )

    def allowed(self) -> list[Any]:
        return [kind for kind in kinds.all() if may_in(self.actor, kind.permission, self.object)]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            self.act(request.POST)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect("imports:book", pk)

    def act(self, said: QueryDict) -> None:
        if said.get("do") == "take":
            start_taking_book(book=self.object, by=self.actor, at=self.now)
            return
        chosen = {
            name: said.get(f"sheet_{index}", "") for index, name in enumerate(self.object.left_out)
        }
        choose_kinds(book=self.object, said=chosen, by=self.actor, at=self.now)


class BookProgress(AboutBook):
    """The part of the page that asks for itself; when the work is over it calls the page anew."""

    template = "imports/_book_progress.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job, here = job_of(self.object), reverse("imports:book", args=[pk])
        if job is not None and job.state in OPEN:
            return self.page(
                {"book": self.object, "progress": progress_of(job, self.object.programme)}
            )
        if getattr(request, "htmx", False):
            return HttpResponse(headers={"HX-Redirect": here})
        return redirect(here)


class DiscardBook(ObjectFormPage):
    model = Book
    see = do = IMPORT
    form_class = ConfirmForm
    template = "imports/discard_book.html"

    def rows(self) -> Any:
        return Book.objects.select_related("site")

    def context(self) -> dict[str, Any]:
        return {"book": self.object}

    def perform(self, form: Any) -> str:
        discard_book(book=self.object, by=self.actor, at=self.now)
        self.said(_("The file is deleted. Nothing was taken over."))
        return reverse("imports:uploads")
