"""The shape of wishes for letters, and of their texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

MARKUP = _(
    "An empty line begins a paragraph, »- « at the beginning of a line makes a list, **two stars** "
    "around words make them bold."
)


def wording_of(said: Mapping[str, Any]) -> Wording:
    """Title and text as they were typed."""
    return Wording(said["title"], said["body"].replace("\r", ""))


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
        required=False,  # one language may ask for it and the other may not: the domain knows
        help_text=_("Stands in every one of these letters: Tuesday, 3 March, 5 pm, Town Hall."),
    )
    file_kind = forms.ChoiceField(label=_("How"), widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=150)
    body = forms.CharField(
        label=_("Text"), strip=False, help_text=MARKUP, widget=forms.Textarea({"rows": 14})
    )
    meets_minors = forms.BooleanField(
        label=_("Minors are to be accompanied"),
        help_text=_(
            "The law allows a request only then (§ 30a BZRG). With it the carrier confirms that "
            "it is so."
        ),
    )

    def __init__(
        self,
        *data: Any,
        run: LetterRun,
        ways: Sequence[tuple[str, str]],
        asks_when: bool,
        usual: Wording | None,
    ) -> None:
        super().__init__(*data)
        for name in ("language", "file_kind", "appointment"):
            self.fields[name].initial = getattr(run, name)
        self.fields["file_kind"].choices = ways  # type: ignore[attr-defined]
        if len(ways) < 2:
            del self.fields["file_kind"]
        if run.kind != LetterKind.RECORD_CHECK:
            del self.fields["meets_minors"]
        if not asks_when:
            del self.fields["appointment"]
        if usual is None:
            del self.fields["title"], self.fields["body"]
        else:
            self.fields["title"].initial = run.title or usual.title
            self.fields["body"].initial = run.body or usual.body

    def wishes(self) -> Wishes:
        """What was said; what was not asked is as usual."""
        said = self.cleaned_data
        return Wishes(
            language=Language(said["language"]),
            file_kind=FileKind(said.get("file_kind", FileKind.ONE)),
            appointment=said.get("appointment", ""),
            meets_minors=said.get("meets_minors", False),
            wording=wording_of(said) if "body" in said else None,
        )


class TextForm(forms.Form):
    """Title and text of a letter, and the version the writer has in view."""

    title = forms.CharField(label=_("Title"), max_length=150)
    body = forms.CharField(
        label=_("Text"),
        strip=False,
        help_text=MARKUP,
        widget=forms.Textarea({"rows": 18}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def wording(self) -> Wording:
        """What was typed."""
        return wording_of(self.cleaned_data)
