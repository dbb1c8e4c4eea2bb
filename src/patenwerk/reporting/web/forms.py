from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from patenwerk.organisations.models import Site, TandemKind
from patenwerk.reporting.domain.rule import MOST, KindValues
from patenwerk.reporting.kernel.defaults import FIRST_YEAR, LOWEST_MINIMUM_CELL

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FILE_BYTES = 4_000_000
TEXT_BYTES = 400_000


class TablesFilter(forms.Form):
    year = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False)
    site = forms.ModelChoiceField(
        Site.objects.none(), label=_("Site"), required=False, empty_label=_("all sites")
    )

    def __init__(self, *data: Any, sites: QuerySet[Site], this_year: int) -> None:
        super().__init__(*data)
        years = range(this_year, FIRST_YEAR - 1, -1)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]


class DraftForm(forms.Form):
    as_of = forms.DateField(label=_("As of"), widget=forms.DateInput(attrs={"type": "date"}))
    settled_through = forms.IntegerField(
        label=_("Last year shown in groups"),
        help_text=_(
            "All carriers have reported it. A year is divided by Land, focus and carrier once and "
            "then stays as it is; later years show their total only."
        ),
        min_value=FIRST_YEAR - 1,
        max_value=9999,
    )
    notes = forms.CharField(
        label=_("Note for readers"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=1000,
    )

    def __init__(self, *data: Any, today: date) -> None:
        super().__init__(*data)
        self.fields["as_of"].initial = today
        self.fields["settled_through"].initial = today.year - 1


class MinimumForm(forms.Form):
    minimum_cell = forms.IntegerField(
        label=_("Smallest number that is published"),
        help_text=_(
            "Smaller numbers are hidden, and others with them. It holds from the next draft on."
        ),
        min_value=LOWEST_MINIMUM_CELL,
        max_value=MOST,
    )

    def __init__(self, *data: Any, minimum: int) -> None:
        super().__init__(*data)
        self.fields["minimum_cell"].initial = minimum


class FiguresFileForm(forms.Form):
    file = forms.FileField(
        label=_("File with yearly figures"),
        help_text=_("CSV, XLSX or ODS. Columns: »Jahr, Träger, Merkmal, Wert, Anzahl«."),
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > FILE_BYTES:
            raise forms.ValidationError(_("The file is larger than 4 MB."))
        return bytes(file.read())


class FiguresTextForm(forms.Form):
    """What the preview understood, sent back to be taken over; it is read anew."""

    text = forms.CharField(widget=forms.HiddenInput, max_length=TEXT_BYTES)


class RuleForm(forms.Form):
    """A day, and a handful of numbers per kind of tandem."""

    valid_from = forms.DateField(
        label=_("Valid from"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("It holds for tandems that begin, or begin a new year, on this day or later."),
    )

    def __init__(self, *data: Any, kinds: list[TandemKind], before: dict[int, KindValues]) -> None:
        super().__init__(*data)
        self.kinds = kinds
        language = get_language() or "de"
        for kind in kinds:
            values = before.get(kind.pk, KindValues())
            for name, label, least in NUMBERS:
                self.fields[f"{name}_{kind.pk}"] = forms.IntegerField(
                    label=f"{kind.name_in(language)}: {label}",
                    min_value=least,
                    max_value=MOST,
                    initial=getattr(values, name),
                )
            for name, question in self.questions(kind).items():
                self.fields[f"{name}_{kind.pk}"] = forms.BooleanField(
                    label=f"{kind.name_in(language)}: {question}",
                    required=False,
                    initial=getattr(values, name),
                )

    @staticmethod
    def questions(kind: TandemKind) -> dict[str, StrOrPromise]:
        """What is asked of a kind with yes or no; how a group counts only where there are any."""
        asked = dict(QUESTIONS)
        if kind.most_mentees == 1:
            del asked["each_mentee"]
        return asked

    def said(self) -> dict[TandemKind, KindValues]:
        """The values of each kind."""
        return {
            kind: KindValues(
                **{
                    name: self.cleaned_data[f"{name}_{kind.pk}"] for name, _label, _least in NUMBERS
                },
                **{name: self.cleaned_data[f"{name}_{kind.pk}"] for name in self.questions(kind)},
            )
            for kind in self.kinds
        }


NUMBERS = (
    ("meetings", _("meetings in the first year"), 1),
    ("continued_meetings", _("meetings in each later year"), 1),
    ("minutes", _("shortest meeting that counts, in minutes"), 0),
    ("days", _("shortest length in days"), 0),
    ("grace_days", _("days of grace after the first year"), 0),
)
QUESTIONS: dict[str, StrOrPromise] = {
    "continues": _("counts again in later years"),
    "each_mentee": _("a group counts once for each who is accompanied"),
}
