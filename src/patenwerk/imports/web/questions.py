"""From the file to the preview: what has to be said about a list, one question per page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from patenwerk.core.policy import may_in
from patenwerk.core.refusal import Refusal
from patenwerk.core.sheets.dates import DateOrder
from patenwerk.core.web.files import XLSX, file_answer
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.views import ObjectFormPage, ObjectView, show_refusal
from patenwerk.imports.domain.book import WHOLE_FILE, receive
from patenwerk.imports.domain.kinds import kind_named, kinds
from patenwerk.imports.domain.template import whole_template
from patenwerk.imports.domain.upload import (
    answer_dates,
    asks_dates,
    choose_mapping,
    choose_sheet,
    discard_upload,
    is_answered,
    missing_columns,
)
from patenwerk.imports.enums import UploadState
from patenwerk.imports.models import Book, Upload
from patenwerk.imports.policy import IMPORT
from patenwerk.imports.web.forms import DatesForm, FileForm, MappingForm, SheetForm
from patenwerk.imports.web.listing import title_of
from patenwerk.organisations.models import Site


def next_page(upload: Upload) -> str:
    """Where the next open question is asked; without one, the list's own page."""
    if upload.book_id is not None and is_answered(upload):
        return reverse("imports:book", args=[upload.book_id])
    if upload.state == UploadState.READ:
        asks = asks_dates(upload) and not missing_columns(upload)
        return reverse("imports:dates" if asks else "imports:mapping", args=[upload.pk])
    return reverse("imports:upload", args=[upload.pk])


class ReadingPage(ObjectFormPage, abstract=True):
    """A form whose answer reads a file: that takes seconds, so no transaction is open meanwhile.

    The domain function opens its own for what it writes.
    """

    see = do = IMPORT

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        if form.is_valid():
            try:
                answer = self.perform(form)
            except Refusal as refusal:
                show_refusal(form, refusal)
            else:
                return redirect(str(answer))
        return self.page({"form": form, **self.context()}, status=422)


class NewUpload(ReadingPage):
    model = Site
    form_class = FileForm
    template = "imports/new.html"

    def rows(self) -> Any:
        return Site.objects.select_related("programme").filter(archived_at__isnull=True)

    def form_options(self) -> dict[str, Any]:
        site = self.object
        allowed = [kind for kind in kinds.all() if may_in(self.actor, kind.permission, site)]
        choices = [
            (
                WHOLE_FILE,
                _("Several lists: people, consents, tandems, meetings, closings, each on a sheet"),
            ),
            *((kind.name, kind.title(site.programme)) for kind in allowed),
        ]
        return {"choices": choices, "chosen": self.request.GET.get("kind", "")}

    def context(self) -> dict[str, Any]:
        return {"site": self.object}

    def perform(self, form: Any) -> str:
        received = receive(
            site=self.object,
            kind=form.cleaned_data["kind"],
            name=form.cleaned_data["file"].name,
            data=form.content(),
            by=self.actor,
            at=self.now,
        )
        if isinstance(received, Book):
            return reverse("imports:book", args=[received.pk])
        return next_page(received)


class Template(ObjectView):
    """An empty workbook to fill in, in the language asked for."""

    model = Site
    see = do = IMPORT

    def rows(self) -> Any:
        return Site.objects.select_related("programme")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        language = "en" if request.GET.get("language") == "en" else "de"
        with translation.override(language):
            name, data = whole_template(self.object)
        return file_answer(data, name, XLSX)


class Question(ReadingPage, abstract=True):
    """A question about a list that waits; asked again, it can be answered anew."""

    model = Upload

    def rows(self) -> Any:
        return Upload.objects.select_related("site", "programme", "book")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.object.state not in {UploadState.READ, UploadState.COMPARED}:
            return redirect("imports:upload", self.object.pk)
        return super().get(request, **kwargs)

    def context(self) -> dict[str, Any]:
        return {"upload": self.object, "title": title_of(self.object)}


class ChooseMapping(Question):
    form_class = MappingForm
    template = "imports/mapping.html"

    def form_options(self) -> dict[str, Any]:
        return {"upload": self.object, "kind": kind_named(self.object.kind)}

    def context(self) -> dict[str, Any]:
        missing = missing_columns(self.object)
        return {**super().context(), "missing": ", ".join(missing)}

    def perform(self, form: Any) -> str:
        choose_mapping(upload=self.object, columns=form.columns(), by=self.actor, at=self.now)
        return next_page(self.object)


class AnswerDates(Question):
    form_class = DatesForm
    template = "imports/dates.html"

    def form_options(self) -> dict[str, Any]:
        return {"asked": self.object.asked_dates, "answered": self.object.date_order}

    def perform(self, form: Any) -> str:
        order = DateOrder(form.cleaned_data["order"])
        answer_dates(upload=self.object, order=order, by=self.actor, at=self.now)
        return next_page(self.object)


class ChooseSheet(Question):
    form_class = SheetForm
    template = "imports/sheet.html"

    def form_options(self) -> dict[str, Any]:
        return {"upload": self.object}

    def perform(self, form: Any) -> str:
        choose_sheet(
            upload=self.object, sheet=form.cleaned_data["sheet"], by=self.actor, at=self.now
        )
        return next_page(self.object)


class Discard(Question):
    form_class = ConfirmForm
    template = "imports/discard.html"

    def perform(self, form: Any) -> str:
        discard_upload(upload=self.object, by=self.actor, at=self.now)
        self.said(_("The list is deleted. Nothing was taken over."))
        if self.object.book_id is not None:
            return reverse("imports:book", args=[self.object.book_id])
        return reverse("imports:uploads")
