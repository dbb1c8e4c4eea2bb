"""Choosing from a programme's vocabularies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language


class WordChoice(forms.ModelChoiceField[Any]):
    """A word of a vocabulary (anything with ``name_in``), in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name_in(get_language() or "de"))


class WordChoices(forms.ModelMultipleChoiceField):
    """Several words of a vocabulary to tick, in the reader's language."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name_in(get_language() or "de"))
