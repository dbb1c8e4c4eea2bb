"""Forms and inputs that every app asks with."""

from __future__ import annotations

from typing import Any

from django import forms


class ConfirmForm(forms.Form):
    """Nothing to fill in: pressing the button is the answer."""


class DayInput(forms.DateInput):
    """The device's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")
