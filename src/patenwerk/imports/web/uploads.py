"""One list: its preview, the work on it, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.refusal import Refusal
from patenwerk.core.sheets.messages import notice_sentence
from patenwerk.core.sheets.model import Notice, Noticed
from patenwerk.core.web.files import XLSX, file_answer
from patenwerk.core.web.lists import ROWS_PER_PAGE
from patenwerk.core.web.views import ObjectView
from patenwerk.imports.domain.files import bad_rows_file
from patenwerk.imports.domain.kinds import kind_named
from patenwerk.imports.domain.taking import STEPS, start_taking
from patenwerk.imports.domain.upload import choose_all_rows, choose_rows
from patenwerk.imports.enums import Standing, UploadState
from patenwerk.imports.models import Upload
from patenwerk.imports.policy import IMPORT
from patenwerk.imports.queries.upload import chosen_changes, job_of, rows_of
from patenwerk.imports.web.listing import title_of
from patenwerk.imports.web.questions import next_page
from patenwerk.jobs.enums import JobState
from patenwerk.jobs.models import Job
from patenwerk.jobs.models.job import OPEN


def progress_of(job: Job) -> dict[str, Any]:
    """How far the work is, in words."""
    words = {
        "reading": _("The file is read"),
        "understanding": _("Every row is understood"),
        "writing": _("The rows are taken over"),
    }
    return {
        "done": job.progress_done,
        "total": job.progress_total or len(STEPS),
        "text": words.get(job.progress_text, _("Waiting for its turn")),
    }


def failure_of(job: Job | None) -> str:
    """Why the rows were not taken, or nothing."""
    if job is None or job.state not in {JobState.FAILED, JobState.CANCELLED}:
        return ""
    if job.problem == "not_allowed":
        return _("Nothing was taken over: your role does not allow it any more.")
    return _("Nothing was taken over, because something went wrong. Please try once more.")


class AboutUpload(ObjectView, abstract=True):
    model = Upload
    see = do = IMPORT

    def rows(self) -> Any:
        return Upload.objects.select_related("site", "programme", "uploaded_by", "book")


class UploadPage(AboutUpload):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload: Upload = self.object
        job = job_of(upload)
        self.context = {"upload": upload, "title": title_of(upload)}
        if upload.state == UploadState.READ:
            return redirect(next_page(upload))
        if upload.state != UploadState.COMPARED:
            return self.result(upload)
        if job is not None and job.state in OPEN:
            return self.show("imports/running.html", {"progress": progress_of(job)})
        return self.preview(upload, failure_of(job))

    def show(self, template: str, context: Mapping[str, Any]) -> HttpResponse:
        self.template = template  # type: ignore[misc]
        return self.page({**self.context, **context})

    def result(self, upload: Upload) -> HttpResponse:
        taken = upload.state == UploadState.TAKEN
        return self.show(
            "imports/result.html",
            {
                "taken": taken,
                "taken_url": kind_named(upload.kind).taken_url(upload.site) if taken else "",
                "has_bad_rows": upload.files.exists(),
            },
        )

    def preview(self, upload: Upload, failure: str) -> HttpResponse:
        show = self.wanted(upload)
        page = Paginator(rows_of(upload, show), ROWS_PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        columns = [
            (column.name, column.title)
            for column in kind_named(upload.kind).columns()
            if column.name in upload.mapping
        ]
        rows = [
            (row, [(title, row.cells.get(name, "")) for name, title in columns]) for row in page
        ]
        chosen = chosen_changes(upload)
        return self.show(
            "imports/preview.html",
            {
                "failure": failure,
                "show": show.value,
                "counts": {standing.value: n for standing, n in upload.counts.items()},
                "page": page,
                "rows": rows,
                "columns": [title for _name, title in columns],
                "chosen": chosen,
                "taking": upload.rows_new + chosen,
                "notices": [
                    notice_sentence(Notice(Noticed(code), values))
                    for code, values in upload.notices
                ],
            },
        )

    def wanted(self, upload: Upload) -> Standing:
        """The rows asked for; else the first that there are, those to be looked at before."""
        asked = self.request.GET.get("show", "")
        if asked in set(Standing):
            return Standing(asked)
        order = (Standing.CHANGED, Standing.NEW, Standing.BAD, Standing.UNCHANGED)
        return next((each for each in order if upload.counts[each]), Standing.NEW)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            return self.act(request.POST)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("imports:upload", pk)

    def act(self, said: QueryDict) -> HttpResponse:
        upload, do = self.object, said.get("do", "")
        here = reverse("imports:upload", args=[upload.pk])
        chosen = chosen_rows(said)
        if do == "take":
            start_taking(upload=upload, chosen=chosen, by=self.actor, at=self.now)
            return redirect(here)
        if do in {"all", "none"}:
            choose_all_rows(upload=upload, chosen=do == "all", by=self.actor, at=self.now)
        elif chosen:
            choose_rows(upload=upload, chosen=chosen, by=self.actor, at=self.now)
        if do == "book" and upload.book_id is not None:
            return redirect("imports:book", upload.book_id)
        page = do.removeprefix("page-")
        return redirect(f"{here}?show={Standing.CHANGED}&page={page if page.isdecimal() else 1}")


def chosen_rows(said: QueryDict) -> dict[int, bool]:
    """Of the rows that were shown, which are ticked; anything else is no row."""
    ticked = set(said.getlist("row"))
    return {
        int(number): number in ticked
        for number in said.getlist("shown")
        if number.isascii() and number.isdecimal() and len(number) <= 9
    }


class Progress(AboutUpload):
    """The part of the page that asks for itself; when the work is over it calls the page anew."""

    template = "imports/_progress.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job, here = job_of(self.object), reverse("imports:upload", args=[pk])
        if job is not None and job.state in OPEN:
            return self.page({"upload": self.object, "progress": progress_of(job)})
        if getattr(request, "htmx", False):
            return HttpResponse(headers={"HX-Redirect": here})
        return redirect(here)


class BadRows(AboutUpload):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        data = bad_rows_file(self.object)
        if data is None:
            raise Http404
        return file_answer(data, "offene-zeilen.xlsx", XLSX)
