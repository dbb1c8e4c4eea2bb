"""What a list of people can be narrowed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from patenwerk.organisations.models import Site, SupportField
from patenwerk.people.enums import Side
from patenwerk.people.queries.person import CheckFilter, Order, PeopleFilter, Presence
from patenwerk.people.web.choices import language_choices

SIDES = [
    ("", _("all")),
    (Side.MENTEE.value, _("are accompanied")),
    (Side.MENTOR.value, _("accompany")),
]
PRESENCES = [
    (Presence.HERE.value, _("all who are here")),
    (Presence.WAITING.value, _("who wait for somebody")),
    (Presence.ARCHIVED.value, _("archived")),
]
CHECKS = [
    ("", _("any")),
    (CheckFilter.MISSING.value, _("missing")),
    (CheckFilter.ENDING.value, _("runs out or has run out")),
]
ORDERS = [(Order.WAITING.value, _("longest waiting first")), (Order.NAME.value, _("by name"))]

FIRST = ("text", "side", "presence")


class FilterForm(forms.Form):
    """A filter that is not understood narrows nothing: an address may be old."""

    text = forms.CharField(
        label=_("Name, number or postcode"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )
    side = forms.ChoiceField(label=_("Who"), required=False, choices=SIDES)
    presence = forms.ChoiceField(label=_("State"), required=False, choices=PRESENCES)
    site = forms.ChoiceField(label=_("Site"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    field = forms.ChoiceField(label=_("Field of support"), required=False)
    check = forms.ChoiceField(label=_("Record check"), required=False, choices=CHECKS)
    order = forms.ChoiceField(label=_("Sorted"), required=False, choices=ORDERS)

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        sites: Sequence[Site],
        fields: Sequence[SupportField],
        sees_checks: bool,
    ) -> None:
        super().__init__(data, auto_id="filter_%s")
        language = get_language() or "de"
        words = {field.code: field.name_in(language) for field in fields}
        self._choose("site", [(str(site.pk), site.name) for site in sites])
        self._choose("language", language_choices())
        self._choose("field", list(words.items()))
        if len(sites) < 2:
            del self.fields["site"]
        if not sees_checks:
            del self.fields["check"]

    def first_fields(self) -> list[forms.BoundField]:
        """What is asked most."""
        return [self[name] for name in FIRST]

    def further_fields(self) -> list[forms.BoundField]:
        """The rest: on a phone it would push the list out of sight."""
        return [bound for bound in self if bound.name not in FIRST]

    def is_further(self) -> bool:
        """Whether one of the rest narrows the list or sorts it."""
        unsaid = {None, "", Order.WAITING.value}
        return any(bound.value() not in unsaid for bound in self.further_fields())

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", _("all")), *choices]  # type: ignore[attr-defined]


def filter_of(said: Mapping[str, Any]) -> PeopleFilter:
    """What was understood."""
    return PeopleFilter(
        text=said.get("text") or "",
        side=Side(said["side"]) if said.get("side") else None,
        site_id=int(said["site"]) if said.get("site") else None,
        language=said.get("language") or "",
        field=said.get("field") or "",
        presence=Presence(said.get("presence") or Presence.HERE),
        check=CheckFilter(said["check"]) if said.get("check") else None,
        order=Order(said.get("order") or Order.WAITING),
    )
