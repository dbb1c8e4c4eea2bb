"""The shape of what is said about coming to a gathering."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from patenwerk.gatherings.domain.questions import LONGEST, Asked
from patenwerk.gatherings.domain.registration import Coming
from patenwerk.gatherings.enums import Need, Seat
from patenwerk.gatherings.models import Question, Registration
from patenwerk.gatherings.models.registration import NEEDS, SEATS
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Carrier

ROWS, MOST_ROWS = 6, 30
"""People in one form: so many at first, and at most."""
MOST_SEATS = 99
LISTED = _("The other participants may read the name on the list.")


class OfCarrier(forms.Form):
    """Said for one of the carriers somebody manages; with a single one nothing is to be chosen."""

    carrier = forms.ModelChoiceField(
        label=_("Carrier"), queryset=Carrier.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, carriers: QuerySet[Carrier], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(carriers)
        self.only = known[0] if len(known) == 1 else None
        if self.only is not None:
            del self.fields["carrier"]
        else:
            self.fields["carrier"].queryset = carriers  # type: ignore[attr-defined]

    def chosen(self) -> Carrier:
        """The carrier it is said for, once the form is valid."""
        carrier: Carrier = self.only or self.cleaned_data["carrier"]
        return carrier


class CarrierForm(OfCarrier):
    """Several people of a carrier at once, one row each; empty rows are left out."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, rows: int, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})["form_key"] = uuid.uuid4()
        super().__init__(*args, **kwargs)
        self.filled: list[int] = []
        for place in range(rows):
            self.fields |= {
                f"name-{place}": forms.CharField(label=_("Name"), max_length=120, required=False),
                f"email-{place}": forms.EmailField(label=_("E-mail address"), required=False),
                f"seats-{place}": forms.IntegerField(
                    label=_("Seats"),
                    min_value=1,
                    max_value=MOST_SEATS,
                    required=False,
                    initial=1,
                ),
                f"is_substitute-{place}": forms.BooleanField(label=_("Substitute"), required=False),
            }

    def rows(self) -> Iterator[tuple[int, list[forms.BoundField]]]:
        """The fields of each person with its number, from 1."""
        for place in range(len(self.fields) // 4):
            parts = ("name", "email", "seats", "is_substitute")
            yield place + 1, [self[f"{part}-{place}"] for part in parts]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for place, _fields in enumerate(self.rows()):
            nameless = f"name-{place}" not in self.errors
            if said.get(f"name-{place}"):
                self.filled.append(place)
            elif nameless and (said.get(f"email-{place}") or said.get(f"is_substitute-{place}")):
                self.add_error(f"name-{place}", _("Please write the name, too."))
        return said

    def people(self) -> list[Coming]:
        """The rows that name somebody, in order."""
        said = self.cleaned_data
        return [
            Coming(
                name=said[f"name-{place}"],
                email=said.get(f"email-{place}") or "",
                seats=said.get(f"seats-{place}") or 1,
                is_substitute=said.get(f"is_substitute-{place}", False),
            )
            for place in self.filled
        ]


class AccountForm(forms.Form):
    """Oneself: name and address are the account's."""

    is_listed = forms.BooleanField(label=LISTED, required=False)


class PersonForm(forms.Form):
    """Somebody the organisers invite by name."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("The invitation with its link goes there.")
    )
    organisation = forms.CharField(label=_("Organisation"), max_length=120, required=False)
    language = forms.ChoiceField(
        label=_("Language of the mail"),
        choices=Registration._meta.get_field("language").flatchoices,
    )

    def person(self) -> Coming:
        """Who is invited."""
        return Coming(**self.cleaned_data)


class GuestForm(forms.Form):
    """Somebody without an account."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("You get a link there. With it you change or cancel your registration."),
    )
    organisation = forms.CharField(label=_("Organisation"), max_length=120, required=False)
    is_listed = forms.BooleanField(label=LISTED, required=False)
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})["form_key"] = uuid.uuid4()
        super().__init__(*args, **kwargs)

    def guest(self) -> Coming:
        """Who wants to come, to be written to in the language of the page."""
        said = self.cleaned_data
        language = (get_language() or "").partition("-")[0]
        return Coming(
            name=said["name"],
            email=said["email"],
            organisation=said["organisation"],
            language=language if language in set(Language) else Language.GERMAN.value,
            is_listed=said["is_listed"],
        )


class ChangeForm(forms.Form):
    """What can be corrected by the link."""

    name = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(
        label=_("Language of our mails"),
        choices=[(Language.GERMAN.value, "Deutsch"), (Language.ENGLISH.value, "English")],
    )
    seats = forms.IntegerField(
        label=_("Seats"),
        min_value=1,
        help_text=_("Seats you do not need go to somebody who waits."),
    )
    is_listed = forms.BooleanField(label=LISTED, required=False)

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "name": registration.name,
            "language": registration.language,
            "seats": registration.seats,
            "is_listed": registration.listed_at is not None,
        }
        super().__init__(*args, **kwargs)
        if registration.seats == 1:
            del self.fields["seats"]


class NeedsForm(forms.Form):
    """What somebody needs. What was said before is not shown: a link can be passed on."""

    consents = forms.BooleanField(
        label=_(
            "I agree that the organisers read this to prepare the gathering. It is deleted "
            "afterwards. I can take it back at any time by this link."
        ),
        required=False,
    )

    def __init__(
        self, *args: Any, questions: Sequence[Question], answered: Collection[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        hint = _("Answered. What you write here, or an empty field, takes its place.")
        for question in questions:
            options: dict[str, Any] = {
                "label": question.text,
                "required": False,
                "help_text": hint if question.pk in answered else "",
            }
            if question.lines:
                choices = [("", "–"), *((line, line) for line in question.lines)]
                field: forms.Field = forms.ChoiceField(choices=choices, **options)
            else:
                field = forms.CharField(max_length=LONGEST, **options)
            self.fields[f"question-{question.pk}"] = field
        self.order_fields([*(name for name in self.fields if name != "consents"), "consents"])

    def answers(self) -> dict[int, str]:
        """Question's id → what was said."""
        return {
            int(name.removeprefix("question-")): text
            for name, text in self.cleaned_data.items()
            if name != "consents"
        }


class RegretForm(OfCarrier):
    """None of a carrier's people can come."""

    why = forms.CharField(label=_("Why, if you like to say"), max_length=300, required=False)


class DeclineForm(forms.Form):
    """Nobody has to say why."""

    note = forms.CharField(label=_("Why, if you like to say"), max_length=300, required=False)


class SeatsForm(forms.Form):
    """How many seats there are."""

    capacity = forms.IntegerField(
        label=_("Seats"),
        min_value=0,
        max_value=100_000,
        required=False,
        help_text=_("Empty: there is no limit."),
    )
    seats_per_carrier = forms.IntegerField(
        label=_("Seats per carrier"),
        min_value=0,
        max_value=1000,
        required=False,
        help_text=_("Empty: there is no limit. Substitutes do not count."),
    )


class AttendanceForm(forms.Form):
    """Who was there."""

    came = forms.MultipleChoiceField(
        label=_("Who was there?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: Sequence[Registration], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        came: Any = self.fields["came"]
        came.choices = [(str(row.pk), label_of(row)) for row in people]
        came.initial = [str(row.pk) for row in people if row.attended]


class QuestionsForm(forms.Form):
    """All questions of a gathering at once; an empty text removes one."""

    SPARE = 3

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = [*questions, *[None] * self.SPARE]
        self.places: list[int] = []
        for place, question in enumerate(self.questions):
            self.fields |= {
                f"need-{place}": forms.ChoiceField(
                    label=_("About"),
                    choices=NEEDS,
                    initial=question.need if question else Need.FOOD.value,
                ),
                f"text-{place}": forms.CharField(
                    label=_("Question"),
                    max_length=200,
                    required=False,
                    initial=question.text if question else "",
                ),
                f"choices-{place}": forms.CharField(
                    label=_("Answers to choose from, one per line"),
                    required=False,
                    initial=question.choices if question else "",
                    widget=forms.Textarea({"rows": 3}),
                    help_text=_("Empty: people write in their own words."),
                ),
            }

    def rows(self) -> Iterator[tuple[int, list[forms.BoundField]]]:
        """The fields of each question with its number, from 1."""
        for place in range(len(self.questions)):
            yield place + 1, [self[f"{part}-{place}"] for part in ("text", "need", "choices")]

    def asked(self) -> list[Asked]:
        """The questions with a text, in order; ``places`` says in which row each stood."""
        said = self.cleaned_data
        self.places = [n for n in range(len(self.questions)) if said.get(f"text-{n}")]
        return [
            Asked(
                pk=known.pk if (known := self.questions[place]) is not None else None,
                need=Need(said[f"need-{place}"]),
                text=said[f"text-{place}"],
                choices=said[f"choices-{place}"],
            )
            for place in self.places
        ]


class ListFilter(forms.Form):
    """What the organisers' list can be narrowed to."""

    q = forms.CharField(
        label=_("Name, organisation or address"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all who come or wait")), *SEATS, ("all", _("all"))],
    )


def label_of(registration: Registration) -> str:
    """Somebody with their organisation, in one line."""
    place = registration.carrier.name if registration.carrier else registration.organisation
    parts = [registration.name, place]
    if registration.state != Seat.SEATED:
        parts.append(registration.get_state_display())
    return ", ".join(part for part in parts if part)
