"""Lists: filtered, paged, given away as a spreadsheet, handed on: same rows, same policy."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from patenwerk.core.refusal import Refusal
from patenwerk.core.registrations import RowAction, row_actions
from patenwerk.core.sheets.writing import write_csv, write_json, write_xlsx
from patenwerk.core.web.files import XLSX, file_answer
from patenwerk.core.web.views import PolicedView

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ROWS_PER_PAGE = 50

_SHEETS: dict[str, tuple[str, Callable[..., bytes]]] = {
    "xlsx": (XLSX, write_xlsx),
    "csv": ("text/csv; charset=utf-8", write_csv),
    "json": ("application/json", write_json),
}


LONGEST_NUMBER = 18
"""Digits of an id; a longer one is no row of any database."""


def _numbers(said: Sequence[str]) -> list[int]:
    """The ids that were sent; anything else is no row."""
    fitting = (one for one in said if one.isascii() and one.isdecimal())
    return [int(one) for one in fitting if len(one) <= LONGEST_NUMBER]


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column of an export: its header and what a row says in it."""

    header: StrOrPromise
    value: Callable[[Any], object]


def sheet_answer(
    kind: str, name: str, columns: Sequence[SheetColumn], rows: Sequence[Any]
) -> HttpResponse:
    """Rows as a file to keep: ``xlsx`` or ``csv``, safe against formulas, or ``json``."""
    media_type, write = _SHEETS[kind]
    body = write(
        [str(column.header) for column in columns],
        [[column.value(row) for column in columns] for row in rows],
    )
    return file_answer(body, f"{name}.{kind}", media_type)


class ListPage(PolicedView, abstract=True):
    """A list with filters from the address. ``?format=xlsx`` gives all its rows as a file.

    ``fragment`` is the part of the page that htmx asks for when a filter changes. ``list_name`` is
    the list's URL name, by which higher apps say what can be done with chosen rows.
    """

    filter_form: ClassVar[type[forms.Form]]
    fragment: ClassVar[str] = ""
    list_name: ClassVar[str] = ""
    sheet_name: ClassVar[str]
    sheet_columns: ClassVar[Sequence[SheetColumn]]

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        form, rows = self.found()
        kind = request.GET.get("format", "")
        if kind in _SHEETS:
            name = f"{self.sheet_name}-{self.today.isoformat()}"
            return sheet_answer(kind, name, self.sheet_columns, self.exported(rows))
        page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "form": form,
            "rows": page,
            "downloads": self.downloads(),
            "row_actions": self.row_actions(),
            **self.context(page),
        }
        if self.fragment and getattr(request, "htmx", False):
            return render(request, self.fragment, context)
        return self.page(context)

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Hand the chosen rows, or all that were found, to what is to be done with them."""
        wished = request.POST.get("do")
        action = next((one for one in self.row_actions() if one.name == wished), None)
        if action is None:
            return self.http_method_not_allowed(request)
        _form, rows = self.found()
        if "all" not in request.POST:
            rows = rows.filter(pk__in=_numbers(request.POST.getlist("row")))
        ids = list(rows.order_by().values_list("pk", flat=True))
        try:
            with transaction.atomic():
                return redirect(action.start(self.actor, ids, self.now))
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())

    def row_actions(self) -> list[RowAction]:
        """What this actor can do with chosen rows."""
        return [one for one in row_actions.allowed(self.actor) if one.page == self.list_name]

    def found(self) -> tuple[forms.Form, QuerySet[Any]]:
        """The filters as the address says them, and their rows."""
        form = self.filter_form(self.request.GET, **self.filter_options())
        form.is_valid()
        return form, self.listed(form.cleaned_data)

    @abstractmethod
    def listed(self, said: dict[str, Any]) -> QuerySet[Any]:
        """The rows for what the filters say; what was not understood is missing and narrows
        nothing, because an address may be old.
        """

    def exported(self, rows: QuerySet[Any]) -> Sequence[Any]:
        """The rows of a file: the place for what only the file needs."""
        return list(rows)

    def filter_options(self) -> dict[str, Any]:
        return {}

    def context(self, page: Any) -> dict[str, Any]:
        return {}

    def downloads(self) -> list[tuple[str, str]]:
        """Kind and address of the same list as a file."""
        said = self.request.GET.copy()
        said.pop("page", None)
        found = []
        for kind in _SHEETS:
            said["format"] = kind
            found.append((kind.upper(), f"?{said.urlencode()}"))
        return found
