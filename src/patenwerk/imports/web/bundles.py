"""A carrier's archive: read in, looked at site by site, taken over at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.refusal import Refusal
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.views import ObjectFormPage, ObjectView
from patenwerk.imports.domain.bundle import (
    choose_changes,
    discard_bundle,
    receive_bundle,
    start_taking_bundle,
)
from patenwerk.imports.domain.kinds import kind_named
from patenwerk.imports.enums import Standing, UploadState
from patenwerk.imports.models import Book, Bundle
from patenwerk.imports.policy import IMPORT_BUNDLE
from patenwerk.imports.queries.bundle import books_of, rows_to_look_at, worked_on
from patenwerk.imports.queries.upload import lists_of
from patenwerk.imports.web.forms import BundleForm
from patenwerk.imports.web.listing import title_of
from patenwerk.organisations.models import Carrier


class NewBundle(ObjectFormPage):
    model = Carrier
    see = do = IMPORT_BUNDLE
    form_class = BundleForm
    template = "imports/new_bundle.html"

    def rows(self) -> Any:
        return Carrier.objects.filter(archived_at__isnull=True)

    def context(self) -> dict[str, Any]:
        return {"carrier": self.object}

    def perform(self, form: Any) -> str:
        bundle = receive_bundle(
            carrier=self.object,
            name=form.cleaned_data["file"].name,
            data=form.content(),
            by=self.actor,
            at=self.now,
        )
        return reverse("imports:bundle", args=[bundle.pk])


class AboutBundle(ObjectView, abstract=True):
    model = Bundle
    see = do = IMPORT_BUNDLE

    def rows(self) -> Any:
        return Bundle.objects.select_related("carrier", "uploaded_by")


class BundlePage(AboutBundle):
    template = "imports/bundle.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        books = books_of(self.object)
        states = {book.state for book in books}
        return self.page(
            {
                "bundle": self.object,
                "books": books,
                "progress": worked_on(books),
                "ready": any(book.new or book.chosen for book in books if book.is_ready),
                "changed": sum(book.changed - book.chosen for book in books if book.is_ready),
                "begun": UploadState.TAKEN in states,
            }
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            if request.POST.get("do") == "choose":
                choose_changes(bundle=self.object, by=self.actor, at=self.now)
            else:
                start_taking_bundle(bundle=self.object, by=self.actor, at=self.now)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect("imports:bundle", pk)


class BundleSite(ObjectView):
    """The preview of one site: what each list brings, and the rows to be looked at."""

    model = Book
    see = do = IMPORT_BUNDLE
    template = "imports/bundle_site.html"

    def rows(self) -> Any:
        return Book.objects.filter(bundle__isnull=False).select_related(
            "site", "programme", "bundle"
        )

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        lists = sorted(lists_of(self.object), key=lambda row: (kind_named(row.kind).order, row.pk))
        for row in lists:
            row.title = title_of(row)  # type: ignore[attr-defined]
            row.looked_at = rows_to_look_at(row)  # type: ignore[attr-defined]
        return self.page({"book": self.object, "lists": lists, "changed": Standing.CHANGED.value})


class DiscardBundle(ObjectFormPage):
    model = Bundle
    see = do = IMPORT_BUNDLE
    form_class = ConfirmForm
    template = "imports/discard_bundle.html"

    def context(self) -> dict[str, Any]:
        return {"bundle": self.object}

    def perform(self, form: Any) -> str:
        carrier = self.object.carrier_id
        discard_bundle(bundle=self.object, by=self.actor, at=self.now)
        self.said(_("The files are deleted. Nothing was taken over."))
        return reverse("organisations:carrier", args=[carrier])
