"""Invented values for the page that shows all parts; used by ``core/gallery.html`` alone."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms, template
from django.core.paginator import Page, Paginator
from django.utils.translation import pgettext

register = template.Library()


class SampleForm(forms.Form):
    """One field of each kind; the postcode is too short on purpose."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"] = forms.CharField(
            label=pgettext("gallery", "First name"),
            help_text=pgettext("gallery", "As people call you."),
        )
        self.fields["postcode"] = forms.CharField(label=pgettext("gallery", "Postcode"))
        self.fields["place"] = forms.ChoiceField(
            label=pgettext("gallery", "Place"),
            choices=[("1", "Beerenfurt"), ("2", "Oberlinden")],
            required=False,
        )
        self.fields["reason"] = forms.CharField(
            label=pgettext("gallery", "Why?"), widget=forms.Textarea, required=False
        )
        self.fields["mood"] = forms.ChoiceField(
            label=pgettext("gallery", "How was it?"),
            widget=forms.RadioSelect,
            choices=[
                ("good", pgettext("gallery", "good")),
                ("mixed", pgettext("gallery", "mixed")),
                ("hard", pgettext("gallery", "difficult")),
            ],
            required=False,
        )
        self.fields["by_phone"] = forms.BooleanField(
            label=pgettext("gallery", "By phone"), required=False
        )

    def clean_postcode(self) -> str:
        postcode: str = self.cleaned_data["postcode"]
        if len(postcode) != 5:
            raise forms.ValidationError(
                pgettext("gallery", "A postcode has five digits. Here there are {count}.").format(
                    count=len(postcode)
                )
            )
        return postcode


def _page() -> Page[int]:
    return Paginator(range(161), 25).page(3)


LAENDER = [
    ("SH", "Schleswig-Holstein", 62),
    ("HB", "Bremen", None),
    ("HH", "Hamburg", 88),
    ("MV", "Mecklenburg-Vorpommern", 24),
    ("NW", "Nordrhein-Westfalen", 384),
    ("NI", "Niedersachsen", 203),
    ("ST", "Sachsen-Anhalt", 37),
    ("BE", "Berlin", 214),
    ("BB", "Brandenburg", 29),
    ("RP", "Rheinland-Pfalz", 54),
    ("HE", "Hessen", 141),
    ("TH", "Thüringen", 18),
    ("SN", "Sachsen", 102),
    ("SL", "Saarland", None),
    ("BW", "Baden-Württemberg", 126),
    ("BY", "Bayern", 149),
]
INSIDE = {"BE": 41, "BB": 12, "SN": 29, "HE": 18, "ST": None}
BETWEEN = [("BB", "BE", 23), ("BE", "BB", 8), ("HE", "RP", 9), ("ST", "SN", 15), ("TH", "SN", None)]


def _flows() -> dict[str, Any]:
    """The same invented pairs for the map and for its table."""
    names = {code: name for code, name, _number in LAENDER}
    words = pgettext("gallery", "from {start} to {end}")
    return {
        "inside": [(code, name, INSIDE.get(code, 0)) for code, name in names.items()],
        "flows": [
            (start, end, words.format(start=names[start], end=names[end]), number)
            for start, end, number in BETWEEN
        ],
        "flow_head": [
            pgettext("gallery", "From"),
            pgettext("gallery", "To"),
            (pgettext("gallery", "Pairs"), "number"),
        ],
        "flow_rows": [
            *((names[code], names[code], number) for code, number in INSIDE.items()),
            *((names[start], names[end], number) for start, end, number in BETWEEN),
        ],
    }


@register.simple_tag
def samples() -> dict[str, Any]:
    """Every value the gallery shows."""
    return {
        "marks": [
            ("search", pgettext("gallery", "is looking")),
            ("offer", pgettext("gallery", "is free")),
            ("proposed", pgettext("gallery", "proposed")),
            ("agreed", pgettext("gallery", "agreed")),
            ("trial", pgettext("gallery", "on trial")),
            ("active", pgettext("gallery", "active")),
            ("group", pgettext("gallery", "group")),
            ("paused", pgettext("gallery", "paused")),
            ("silent", pgettext("gallery", "silent")),
            ("closed", pgettext("gallery", "closed")),
            ("none", pgettext("gallery", "nobody yet")),
        ],
        "colours": [
            ("ground", pgettext("gallery", "ground")),
            ("surface", pgettext("gallery", "surface")),
            ("sunken", pgettext("gallery", "sunken")),
            ("text", pgettext("gallery", "text")),
            ("soft", pgettext("gallery", "soft text")),
            ("primary", pgettext("gallery", "action")),
            ("a", pgettext("gallery", "half A, spruce")),
            ("b", pgettext("gallery", "half B, marigold")),
            ("band", pgettext("gallery", "band")),
            ("good", pgettext("gallery", "good")),
            ("warn", pgettext("gallery", "attention")),
            ("alarm", pgettext("gallery", "urgent")),
            ("info", pgettext("gallery", "hint")),
        ],
        "form": SampleForm(
            {"first_name": "Henrike", "postcode": "1234", "mood": "good", "by_phone": "on"}
        ),
        "day": date(2026, 11, 5),
        "step_labels": [
            pgettext("gallery", "About you"),
            pgettext("gallery", "Your aim"),
            pgettext("gallery", "Your time"),
            pgettext("gallery", "Done"),
        ],
        "life": [
            ("proposed", pgettext("gallery", "Proposal"), "28. 5.", "done"),
            ("trial", pgettext("gallery", "Trial"), "11. 6.", "current"),
            ("active", pgettext("gallery", "Active"), "", ""),
            ("closed", pgettext("gallery", "Closing"), "", ""),
        ],
        "head": [
            pgettext("gallery", "Person"),
            pgettext("gallery", "Valid until"),
            (pgettext("gallery", "Visits"), "number"),
        ],
        "rows": [
            ("Ruth Sonnenblick", "3. 11. 2026", 1412),
            ("Henrike Apfelbaum", "14. 3. 2028", None),
        ],
        "bars": [
            (pgettext("gallery", "Language"), 271, 148),
            (pgettext("gallery", "School"), 238, 190),
            (pgettext("gallery", "Leisure"), 97, 82),
            (pgettext("gallery", "Care"), None, None),
        ],
        "years": [
            (2019, 21905),
            (2020, 11420),
            (2021, 13980),
            (2022, 26115),
            (2023, 22430),
            (2024, None),
            (2025, 17604),
            (2026, 12152),
        ],
        "spans": [
            (pgettext("gallery", "Arriving"), 0, 8),
            (pgettext("gallery", "Distance"), 1, 2),
            (pgettext("gallery", "New start"), 3, 5),
        ],
        "thresholds": [25, 75, 150, 250],
        "laender": LAENDER,
        **_flows(),
        "free_a": 0b000_001_010_000_000_010_001,
        "free_b": 0b010_001_010_000_100_011_001,
        "page": _page(),
    }
