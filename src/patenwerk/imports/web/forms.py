"""The shape of a file, and of the answers about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from patenwerk.core.sheets.dates import DateOrder
from patenwerk.imports.domain.bundle import LARGEST
from patenwerk.imports.domain.kinds import Kind
from patenwerk.imports.domain.upload import LIMITS, dates_of
from patenwerk.imports.models import Upload
from patenwerk.organisations.models import Site


class UploadFilter(forms.Form):
    site = forms.ModelChoiceField(
        queryset=Site.objects.none(), label=_("Site"), required=False, empty_label=_("all")
    )

    def __init__(self, *data: Any, own_sites: Any) -> None:
        super().__init__(*data)
        self.fields["site"].queryset = own_sites  # type: ignore[attr-defined]


class FileForm(forms.Form):
    """One file and what it holds. More than the limit is not read into memory."""

    kind = forms.ChoiceField(label=_("What does the list hold?"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX, ODS or CSV. One row of headers, below it one entry per row."),
        widget=forms.FileInput({"accept": ".xlsx,.xlsm,.ods,.csv,.txt,.tsv"}),
        allow_empty_file=True,
    )

    def __init__(self, *data: Any, choices: Sequence[tuple[str, str]], chosen: str) -> None:
        super().__init__(*data)
        self.fields["kind"].initial = chosen
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def content(self) -> bytes:
        """The bytes of the file, one more than may be at most: then the reader says so."""
        file: UploadedFile = self.cleaned_data["file"]
        return bytes(file.read(LIMITS.file_bytes + 1))


class BundleForm(forms.Form):
    """A carrier's archive. More than the limit is not read into memory."""

    file = forms.FileField(
        label=pgettext_lazy("file", "Archive"),
        help_text=_("The ZIP with a workbook for each site."),
        widget=forms.FileInput({"accept": ".zip"}),
        allow_empty_file=True,
    )

    def content(self) -> bytes:
        """The bytes of the file, one more than may be at most: then the reader says so."""
        file: UploadedFile = self.cleaned_data["file"]
        return bytes(file.read(LARGEST + 1))


class MappingForm(forms.Form):
    """One choice per column of the file."""

    def __init__(self, *data: Any, upload: Upload, kind: Kind) -> None:
        super().__init__(*data)
        self.upload = upload
        columns = [("", gettext("leave out")), *((c.name, c.title) for c in kind.columns())]
        for index, described in enumerate(upload.columns):
            label = described["header"] or gettext("Column %(number)s") % {"number": index + 1}
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=label, required=False, choices=columns, initial=upload.mapping[index]
            )

    def rows(self) -> Iterator[tuple[forms.BoundField, dict[str, Any]]]:
        """Each choice with what the column holds."""
        for index, described in enumerate(self.upload.columns):
            yield self[f"column_{index}"], described

    def columns(self) -> list[str]:
        """What was chosen, in the order of the columns."""
        return [self.cleaned_data[name] for name in self.fields]


class DatesForm(forms.Form):
    order = forms.ChoiceField(label=_("Which date is meant?"), widget=forms.RadioSelect)

    def __init__(self, *data: Any, asked: Sequence[str], answered: str) -> None:
        super().__init__(*data)
        self.fields["order"].initial = answered
        meant = dates_of(asked[0]) if asked else {}
        self.fields["order"].choices = [  # type: ignore[attr-defined]
            (order.value, date_format(meant[order], "DATE_FORMAT") if meant else order.value)
            for order in DateOrder
        ]


class SheetForm(forms.Form):
    sheet = forms.ChoiceField(label=_("Which sheet holds the list?"), widget=forms.RadioSelect)

    def __init__(self, *data: Any, upload: Upload) -> None:
        super().__init__(*data)
        self.fields["sheet"].initial = upload.sheet
        self.fields["sheet"].choices = [  # type: ignore[attr-defined]
            (name, name) for name in upload.sheets
        ]
