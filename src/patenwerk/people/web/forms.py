"""The shape of what is said about a person and about a record check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patenwerk.core.web.forms import DayInput
from patenwerk.organisations.models import SupportField
from patenwerk.people.domain.batch_change import Change
from patenwerk.people.domain.guardian import GuardianValues
from patenwerk.people.domain.person_values import PersonValues
from patenwerk.people.enums import Gender, GivenBy, Side
from patenwerk.people.kernel.likeness import Known
from patenwerk.people.kernel.profile import DAYS, PARTS_OF_DAY, free_time_bit
from patenwerk.people.models import Guardian
from patenwerk.people.models.guardian import RELATIONS
from patenwerk.people.web.choices import days, language_choices, level_choices, parts_of_day

LANGUAGE_ROWS = 3
LANGUAGE_ROWS_AT_MOST = 20
GENDERS = [
    (Gender.FEMALE.value, _("female")),
    (Gender.MALE.value, _("male")),
    (Gender.DIVERSE.value, _("diverse")),
]


@dataclass(frozen=True, slots=True)
class WeekCell:
    """One tick box of the week grid."""

    value: int
    label: str
    is_free: bool


class WholeNumber(forms.IntegerField):
    """A number whose limits the domain knows and says."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "numeric"}
        super().__init__(widget=forms.NumberInput(attrs), **options)


class PersonForm(forms.Form):
    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    birth_date = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    gender = forms.ChoiceField(
        label=_("Gender"), choices=[*GENDERS, (Gender.UNSAID.value, _("not said"))]
    )
    email = forms.CharField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Nobody needs one."),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Phone"), required=False, widget=forms.TextInput({"type": "tel"})
    )
    postcode = forms.CharField(
        label=_("Postcode"), widget=forms.TextInput({"inputmode": "numeric"})
    )
    furthest_km = WholeNumber(label=_("Furthest distance in km"))
    minimum_level = forms.TypedChoiceField(
        label=_("Level the common language needs"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Empty: as your carrier says."),
    )
    free_times = forms.TypedMultipleChoiceField(label=_("Free times"), required=False, coerce=int)
    fields_of_support = forms.MultipleChoiceField(
        label=_("Fields of support"), required=False, widget=forms.CheckboxSelectMultiple
    )
    interests = forms.CharField(
        label=_("Interests"),
        required=False,
        help_text=_("Separated by commas, such as: cycling, chess."),
    )
    dislikes = forms.CharField(
        label=_("Dislikes"),
        required=False,
        help_text=_("What the two had better not share. Separated by commas."),
    )
    wished_genders = forms.MultipleChoiceField(
        label=_("Wished gender"),
        required=False,
        choices=GENDERS,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: no wish."),
    )
    wished_age_from = WholeNumber(label=_("Wished age from"), required=False)
    wished_age_to = WholeNumber(label=_("Wished age to"), required=False)
    expected_months = WholeNumber(label=_("Expected length in months"), required=False)
    capacity = WholeNumber(label=_("Partners at a time"), required=False)
    waiting_since = forms.DateField(
        label=_("Waiting since"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    file_id = forms.CharField(
        label=_("Number in your list"),
        required=False,
        help_text=_("By it an import finds the person again."),
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        side: Side,
        support_fields: Sequence[SupportField],
        values: PersonValues | None = None,
    ) -> None:
        stored = values or PersonValues(first_name="", postcode="")
        super().__init__(data, files, initial=_initial(stored))
        self.side = side
        self._kept = stored
        self._add_languages(data or {}, stored)
        language = get_language() or "de"
        self._choose("fields_of_support", [(f.code, f.name_in(language)) for f in support_fields])
        self._choose(
            "minimum_level", [("", _now("as the carrier says")), *reversed(level_choices()[1:])]
        )
        self._choose(
            "free_times",
            [
                (str(free_time_bit(day, part)), "")
                for day in range(DAYS)
                for part in range(PARTS_OF_DAY)
            ],
        )
        if side == Side.MENTOR:
            del self.fields["minimum_level"]
        else:
            del self.fields["capacity"]

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _add_languages(self, posted: Mapping[str, Any], stored: PersonValues) -> None:
        count = max(LANGUAGE_ROWS, len(stored.languages) + 1)
        while count < LANGUAGE_ROWS_AT_MOST and f"language_{count}" in posted:
            count += 1
        if "add_language" in posted and count < LANGUAGE_ROWS_AT_MOST:
            count += 1
        self.language_count = count
        spoken = list(stored.languages.items())
        languages = [("", "–"), *language_choices()]
        levels = [("", "–"), *level_choices()]
        for index in range(count):
            code, level = spoken[index] if index < len(spoken) else ("", "")
            self.fields[f"language_{index}"] = forms.ChoiceField(
                label=_now("Language %(number)s") % {"number": index + 1},
                choices=languages,
                required=False,
                initial=code,
            )
            self.fields[f"level_{index}"] = forms.ChoiceField(
                label=_now("Level %(number)s") % {"number": index + 1},
                choices=levels,
                required=False,
                initial=level,
            )

    def language_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Language and level side by side."""
        return [
            (self[f"language_{index}"], self[f"level_{index}"])
            for index in range(self.language_count)
        ]

    def week_days(self) -> list[tuple[str, str]]:
        """The heads of the week grid."""
        return days()

    def week_rows(self) -> list[tuple[str, list[WeekCell]]]:
        """The week grid: for each part of the day its name and seven tick boxes."""
        chosen = {str(value) for value in self["free_times"].value() or ()}
        return [
            (
                name,
                [
                    WeekCell(bit, f"{day} {name}", str(bit) in chosen)
                    for bit, day in (
                        (free_time_bit(index, part), long)
                        for index, (_short, long) in enumerate(days())
                    )
                ],
            )
            for part, name in enumerate(parts_of_day())
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        spoken: dict[str, int] = {}
        for index in range(self.language_count):
            code, level = said.get(f"language_{index}"), said.get(f"level_{index}")
            if code and not level:
                self.add_error(f"level_{index}", _now("Please say how well."))
            elif level and not code:
                self.add_error(f"language_{index}", _now("Please say which language."))
            elif code and code in spoken:
                self.add_error(f"language_{index}", _now("This language stands here twice."))
            elif code and level:
                spoken[code] = int(level)
        said["languages"] = spoken
        return said

    def values(self) -> PersonValues:
        """What was said, in the domain's words."""
        said = self.cleaned_data
        return PersonValues(
            **{
                name: said[name]
                for name in (
                    "first_name",
                    "last_name",
                    "birth_date",
                    "gender",
                    "email",
                    "phone",
                    "postcode",
                    "furthest_km",
                    "languages",
                    "wished_age_from",
                    "wished_age_to",
                    "expected_months",
                    "waiting_since",
                    "file_id",
                    "note",
                )
            },
            minimum_level=said.get("minimum_level", self._kept.minimum_level),
            free_times=sum(said["free_times"]),
            fields=frozenset(said["fields_of_support"]),
            interests=tuple(said["interests"].split(",")),
            dislikes=tuple(said["dislikes"].split(",")),
            wished_genders=frozenset(said["wished_genders"]),
            capacity=said.get("capacity", self._kept.capacity) or 1,
        )


def _initial(values: PersonValues) -> dict[str, Any]:
    bits = range(DAYS * PARTS_OF_DAY)
    return {
        "first_name": values.first_name,
        "last_name": values.last_name,
        "birth_date": values.birth_date,
        "gender": values.gender,
        "email": values.email,
        "phone": values.phone,
        "postcode": values.postcode,
        "furthest_km": values.furthest_km,
        "minimum_level": values.minimum_level,
        "free_times": [1 << bit for bit in bits if values.free_times >> bit & 1],
        "fields_of_support": sorted(values.fields),
        "interests": ", ".join(values.interests),
        "dislikes": ", ".join(values.dislikes),
        "wished_genders": sorted(values.wished_genders),
        "wished_age_from": values.wished_age_from,
        "wished_age_to": values.wished_age_to,
        "expected_months": values.expected_months,
        "capacity": values.capacity,
        "waiting_since": values.waiting_since,
        "file_id": values.file_id,
        "note": values.note,
    }


class ChangeForm(forms.Form):
    """What is to be different for many people at once. Nothing is said beforehand."""

    waiting_since = forms.DateField(label=_("Waiting since"), required=False, widget=DayInput())
    furthest_km = WholeNumber(label=_("Furthest distance in km"), required=False)
    expected_months = WholeNumber(label=_("Expected length in months"), required=False)
    capacity = WholeNumber(
        label=_("Partners at a time"),
        required=False,
        help_text=_("Only for those who accompany."),
    )
    added_fields = forms.MultipleChoiceField(
        label=_("Add fields of support"), required=False, widget=forms.CheckboxSelectMultiple
    )
    removed_fields = forms.MultipleChoiceField(
        label=_("Remove fields of support"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        support_fields: Sequence[SupportField],
        asks_capacity: bool,
        change: Change,
    ) -> None:
        names = self.base_fields
        super().__init__(data, files, initial={name: getattr(change, name) for name in names})
        language = get_language() or "de"
        choices = [(field.code, field.name_in(language)) for field in support_fields]
        for name in ("added_fields", "removed_fields"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            if not choices:
                del self.fields[name]
        if not asks_capacity:
            del self.fields["capacity"]

    def change(self) -> Change:
        """What was said; what was not asked stays."""
        said = self.cleaned_data
        return Change(
            waiting_since=said["waiting_since"],
            furthest_km=said["furthest_km"],
            expected_months=said["expected_months"],
            capacity=said.get("capacity"),
            added_fields=frozenset(said.get("added_fields", ())),
            removed_fields=frozenset(said.get("removed_fields", ())),
        )


class AlikeForm(forms.Form):
    """As much of a new person as tells people apart; what is not understood yet says nothing."""

    first_name = forms.CharField(required=False)
    last_name = forms.CharField(required=False)
    birth_date = forms.DateField(required=False)
    gender = forms.CharField(required=False)
    email = forms.CharField(required=False)
    phone = forms.CharField(required=False)
    postcode = forms.CharField(required=False)

    def known(self) -> Known:
        """What is known so far."""
        said = {name: value for name, value in self.cleaned_data.items() if value}
        return Known(id=0, **{"first_name": "", **said})


class InspectionForm(forms.Form):
    """Exactly what § 72a (5) SGB VIII lets us keep: no upload, no free text."""

    certificate_date = forms.DateField(
        label=_("Date of the certificate"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    conviction_found = forms.TypedChoiceField(
        label=_("Does it hold a disqualifying conviction?"),
        choices=[("no", _("no")), ("yes", _("yes"))],
        widget=forms.RadioSelect,
        coerce=lambda answer: answer == "yes",
    )


class GuardianForm(forms.Form):
    first_name = forms.CharField(label=_("First name"), max_length=80, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    relation = forms.ChoiceField(
        label=_("Relation to the child"),
        choices=[("", "–"), *RELATIONS],
        error_messages={"required": _("Please say what they are to the child.")},
    )
    decides = forms.BooleanField(
        label=_("has custody"),
        required=False,
        help_text=_("Whoever has custody is asked for consent."),
    )
    phone = forms.CharField(
        label=_("Phone"), required=False, widget=forms.TextInput({"type": "tel"})
    )
    email = forms.CharField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Nobody needs one."),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language they read"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        values: GuardianValues | None,
    ) -> None:
        stored = values or GuardianValues(relation="")
        super().__init__(data, files, initial=asdict(stored))
        language: Any = self.fields["language"]
        language.choices = [("", "–"), *language_choices()]

    def values(self) -> GuardianValues:
        """What was said, in the domain's words."""
        return GuardianValues(**self.cleaned_data)


class ConsentForm(forms.Form):
    """Who consented, and when. Nothing is chosen beforehand: silence is no consent."""

    given_by = forms.ChoiceField(
        label=_("Who consented?"),
        choices=[
            (GivenBy.SELF.value, pgettext_lazy("consent", "the person")),
            (GivenBy.GUARDIAN.value, pgettext_lazy("consent", "a guardian")),
        ],
        widget=forms.RadioSelect,
        help_text=_("Below 16 years a guardian consents, from 18 years on the person."),
    )
    guardians = forms.ModelMultipleChoiceField[Guardian](
        label=_("Which guardian said so?"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    given_on = forms.DateField(label=_("When?"), widget=DayInput())

    def __init__(
        self, *args: Any, guardians: QuerySet[Guardian], all_of_them: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        said: Any = self.fields["guardians"]
        said.queryset = guardians
        said.label_from_instance = lambda one: f"{one.full_name} ({one.get_relation_display()})"
        said.help_text = (
            _now("Everybody who has custody has to say yes.")
            if all_of_them
            else _now("One is enough. Please tick everybody who said yes.")
        )
        if not guardians.exists():
            del self.fields["guardians"]
