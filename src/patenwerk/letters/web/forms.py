"""The shape of wishes for letters, and of their texts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from patenwerk.letters.domain.run import Wishes
from patenwerk.letters.enums import FileKind, LetterKind
from patenwerk.letters.kernel.defaults import Wording
from patenwerk.letters.models import LetterRun
from patenwerk.letters.models.text import LANGUAGES
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Site


class RunFilter(forms.Form):
    site = forms.ModelChoiceField(
        queryset=Site.objects.none(), label=_("Site"), required=False, empty_label=_("all")
    )

    def __init__(self, *data: Any, own_sites: Any) -> None:
        super().__init__(*data)
        self.fields["site"].queryset = own_sites  # type: ignore[attr-defined]


class WishesForm(forms.Form):
    """How letters are to be: only what their kind and number leave open is asked."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, widget=forms.RadioSelect)
    appointment = forms.CharField(
        label=_("When and where"),
        max_length=200,
        help_text=_("Stands in every one of these letters: Tuesday, 3 March, 5 pm, Town Hall."),
    )
    file_kind = forms.ChoiceField(label=_("File"), widget=forms.RadioSelect)
    meets_minors = forms.BooleanField(
        label=_("Minors are to be accompanied"),
        help_text=_(
            "The law allows a request only then (§ 30a BZRG). With it the carrier confirms that "
            "it is so."
        ),
    )

    def __init__(self, *data: Any, run: LetterRun, count: int, asks_when: bool) -> None:
        super().__init__(*data)
        for name in ("language", "file_kind", "appointment"):
            self.fields[name].initial = getattr(run, name)
        kinds = LetterRun._meta.get_field("file_kind").flatchoices
        self.fields["file_kind"].choices = kinds  # type: ignore[attr-defined]
        if count < 2:
            del self.fields["file_kind"]
        if not asks_when:
            del self.fields["appointment"]
        if run.kind != LetterKind.RECORD_CHECK:
            del self.fields["meets_minors"]

    def wishes(self) -> Wishes:
        """What was said; what was not asked is as usual."""
        said = self.cleaned_data
        return Wishes(
            language=Language(said["language"]),
            file_kind=FileKind(said.get("file_kind", FileKind.ONE)),
            appointment=said.get("appointment", ""),
            meets_minors=said.get("meets_minors", False),
        )


class TextForm(forms.Form):
    """Title and text of a letter, and the version the writer has in view."""

    title = forms.CharField(label=_("Title"), max_length=150)
    body = forms.CharField(
        label=_("Text"),
        strip=False,
        help_text=_(
            "An empty line begins a paragraph, »- « at the beginning of a line makes a list, "
            "**two stars** around words make them bold."
        ),
        widget=forms.Textarea({"rows": 18}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def wording(self) -> Wording:
        """What was typed."""
        return Wording(self.cleaned_data["title"], self.cleaned_data["body"].replace("\r", ""))
