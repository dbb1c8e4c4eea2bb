"""How a form is written."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.utils import translation

from patenwerk.core.web.renderer import Renderer


class Sample(forms.Form):
    default_renderer = Renderer

    name = forms.CharField(label="Vorname", help_text="Wie man Sie nennt.")
    postcode = forms.CharField(label="PLZ", required=False, min_length=5)
    mood = forms.ChoiceField(
        label="Wie war es?", choices=[("1", "gut"), ("2", "<so>")], widget=forms.RadioSelect
    )
    days = forms.MultipleChoiceField(
        label="Tage",
        choices=[("1", "Mo"), ("2", "Di")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    when = forms.SplitDateTimeField(label="Wann", required=False, widget=forms.SplitDateTimeWidget)
    agree = forms.BooleanField(label="Einverstanden")
    key = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.fixture(autouse=True)
def german() -> Any:
    with translation.override("de"):
        yield


def test_every_field_has_its_label_and_required_is_a_word() -> None:
    html = str(Sample())
    assert '<label for="id_name">Vorname <small class="required">(Pflichtfeld)</small>' in html
    assert '<label for="id_postcode">PLZ</label>' in html
    assert 'role="alert"' not in html
    assert html.count('type="hidden"') == 1


def test_hint_and_error_are_tied_to_the_input() -> None:
    html = str(Sample({"postcode": "12"}))
    assert 'id="id_name_helptext"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true" aria-describedby="id_postcode_error"' in html
    assert '<p class="error" id="id_postcode_error">' in html


def test_the_summary_leads_to_fields_that_exist() -> None:
    form = Sample({"postcode": "12", "days": ["9"]})
    form.add_error(None, "Beides zusammen geht <nicht>.")
    html = str(form)
    summary = html[: html.index('class="field"')]
    targets = re.findall(r'href="#(\w+)"', summary)
    assert targets == ["id_name", "id_postcode", "id_mood", "id_days", "id_agree"]
    assert all(f'id="{target}"' in html for target in targets)
    assert "<li>Beides zusammen geht &lt;nicht&gt;.</li>" in summary


def test_errors_of_hidden_fields_are_not_lost() -> None:
    form = Sample({})
    form.add_error("key", "Der Schlüssel passt nicht.")
    assert "<li>Der Schlüssel passt nicht.</li>" in str(form)


def test_choices_are_tiles_in_a_fieldset() -> None:
    html = str(Sample({"mood": "1"}))
    assert '<fieldset class="choices" id="id_mood" tabindex="-1">' in html
    assert re.search(
        r'<label class="choice" for="id_mood_0"><input [^>]*checked[^>]*>gut</label>', html
    )
    assert "&lt;so&gt;" in html
    assert html.count('type="checkbox"') == 3


def test_a_field_of_two_inputs_is_a_fieldset() -> None:
    html = str(Sample()["when"].as_field_group())
    assert html.startswith('<fieldset class="choices" id="id_when"')
    assert html.count("<input") == 2


def test_values_stay_after_an_error() -> None:
    assert 'value="12"' in str(Sample({"postcode": "12"}))
