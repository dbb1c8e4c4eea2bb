"""Choosing from a programme's vocabularies, and writing their words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class WordChoice(forms.ModelChoiceField[Any]):
    """A word of a vocabulary (anything with ``name_in``), in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name_in(get_language() or "de"))


class WordChoices(forms.ModelMultipleChoiceField[Any]):
    """Several words of a vocabulary to tick, in the reader's language."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name_in(get_language() or "de"))


class WordForm(forms.Form):
    """One word: its code stays as it is once it is there."""

    code = forms.SlugField(
        label=_("code"),
        max_length=40,
        help_text=_("Small letters and hyphens. Files and figures name it; it stays as it is."),
    )
    name_de = forms.CharField(label=_("German name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80)
    position = forms.IntegerField(label=_("order"), min_value=0, max_value=999, initial=10)
    is_active = forms.BooleanField(label=_("in use"), required=False, initial=True)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            self.fields["code"].disabled = True
