"""The shape of what is said about gatherings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from patenwerk.core.clock import BERLIN
from patenwerk.core.policy import Actor
from patenwerk.core.web.forms import DayInput
from patenwerk.core.web.words import WordChoice
from patenwerk.gatherings.domain.gathering import GatheringValues
from patenwerk.gatherings.kernel.moments import Standing, in_berlin, standing
from patenwerk.gatherings.models import Gathering, GatheringKind, Series
from patenwerk.gatherings.models.gathering import AUDIENCES, MODES
from patenwerk.gatherings.queries.gathering import (
    kinds_of_gatherings,
    kinds_to_choose,
    organising_carriers,
    organising_programmes,
    series_to_choose,
    years_of_gatherings,
)
from patenwerk.organisations.models import Carrier, Programme

MISSING = _("This time does not exist: clocks go forward in this hour. Please choose another.")
TWICE = _("This time is there twice: clocks go back in this hour. Please choose another.")


class MomentInput(forms.DateTimeInput):
    """The device's own calendar and clock."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class BerlinMoment(forms.DateTimeField):
    """A moment by the clock in Europe/Berlin; what that clock never or twice shows is refused."""

    widget = MomentInput

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value.astimezone(BERLIN).replace(tzinfo=None)
        return value

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        written = forms.Field.to_python(self, value)
        for form in ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"):
            try:
                found = datetime.strptime(str(written).strip(), form)  # noqa: DTZ007 - by the clock
            except ValueError:
                continue
            return self.placed(found)
        raise ValidationError(_("Please write day and time, such as 12.11.2026 09:00."))

    def placed(self, written: datetime) -> datetime:
        """The moment, unless the clock change of that day stands in the way."""
        try:
            there = standing(written)
        except OverflowError as error:
            raise ValidationError(_("Please write a day in our time.")) from error
        if there is Standing.MISSING:
            raise ValidationError(MISSING)
        if there is Standing.TWICE:
            raise ValidationError(TWICE)
        return in_berlin(written)


class GatheringFilterForm(forms.Form):
    text = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )
    when = forms.ChoiceField(
        label=_("When"),
        required=False,
        choices=[("", _("coming")), ("past", _("past")), ("all", _("all"))],
    )
    kind = WordChoice(
        label=_("Kind"), required=False, queryset=GatheringKind.objects.none(), empty_label=_("all")
    )
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    mine = forms.BooleanField(label=_("only mine"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["kind"].queryset = kinds_of_gatherings(actor)
        years = [(year, str(year)) for year in years_of_gatherings(actor)]
        fields["year"].choices = [("", _("all years")), *years]


class GatheringForm(forms.Form):
    """Everything about a gathering. Fields follow the order in which one thinks of it."""

    title = forms.CharField(label=_("Title"), max_length=160)
    kind = WordChoice(label=_("Kind"), queryset=GatheringKind.objects.none(), empty_label=None)
    about = forms.CharField(
        label=_("What is it about?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
    )
    starts_at = BerlinMoment(label=_("Begins"))
    ends_at = BerlinMoment(label=_("Ends"))
    audience = forms.ChoiceField(label=_("For whom"), choices=AUDIENCES, initial="circle")
    mode = forms.ChoiceField(label=_("Where people meet"), choices=MODES)
    place_name = forms.CharField(label=_("Place"), required=False, max_length=120)
    address = forms.CharField(label=_("Address"), required=False, max_length=200)
    join_link = forms.URLField(
        label=_("Link to join online"),
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text=_("Only those who have a seat see it."),
    )
    access = forms.CharField(
        label=_("Access and support on site"),
        required=False,
        max_length=200,
        help_text=_("For example: step-free, quiet room, child care."),
    )
    languages = forms.CharField(label=_("Languages"), required=False, max_length=120)
    costs = forms.CharField(label=_("Costs"), required=False, max_length=120)
    capacity = forms.IntegerField(
        label=_("Seats"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("Empty: there is room for everybody."),
    )
    seats_per_carrier = forms.IntegerField(
        label=_("Seats per carrier"), required=False, min_value=1, max_value=10_000
    )
    offer_hours = forms.IntegerField(
        label=_("Hours to accept an offered seat"), min_value=1, max_value=720, initial=48
    )
    closes_at = BerlinMoment(label=_("Registration until"), required=False)
    proposals_until = forms.DateField(
        label=_("Proposals for the agenda until"), required=False, widget=DayInput
    )
    answers_until = forms.DateField(
        label=_("Answers about needs are deleted after"), required=False, widget=DayInput
    )
    feedback_anonymous = forms.BooleanField(
        label=_("Feedback is anonymous"), required=False, initial=True
    )
    series = forms.ModelChoiceField(
        label=_("Series"),
        required=False,
        queryset=Series.objects.none(),
        empty_label=_("none"),
        help_text=_("What stays open in a gathering stands on the agenda of the series' next one."),
    )
    new_series = forms.CharField(label=_("Or begin a series"), required=False, max_length=120)

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        programmes: list[int],
        gathering: Gathering | None = None,
        **kwargs: Any,
    ) -> None:
        if gathering is not None:
            names = [name for name in self.base_fields if hasattr(gathering, name)]
            kwargs["initial"] = {name: getattr(gathering, name) for name in names}
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        kinds = kinds_to_choose(programmes)
        series = series_to_choose(actor)
        if gathering is not None:
            kinds |= GatheringKind.objects.filter(pk=gathering.kind_id)
            series = series.filter(**gathering.organiser_columns)
        fields["kind"].queryset = kinds
        fields["series"].queryset = series

    def values(self) -> GatheringValues:
        """What was said, for the domain."""
        said = dict(self.cleaned_data)
        for name in ("new_series", "organiser"):
            said.pop(name, None)
        return GatheringValues(**said)


class NewGatheringForm(GatheringForm):
    """A gathering, and who organises it; asked only where somebody works for several."""

    organiser = forms.ChoiceField(label=_("Organised by"))
    field_order = ("organiser",)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        self.organisers: dict[str, tuple[Programme, Carrier | None]] = {}
        for programme in organising_programmes(actor):
            self.organisers[f"p{programme.pk}"] = (programme, None)
        for carrier in organising_carriers(actor):
            self.organisers[f"c{carrier.pk}"] = (carrier.programme, carrier)
        programmes = [programme.pk for programme, _carrier in self.organisers.values()]
        super().__init__(*args, actor=actor, programmes=programmes, **kwargs)
        organiser: Any = self.fields["organiser"]
        organiser.choices = [
            (key, carrier.name if carrier else programme.name)
            for key, (programme, carrier) in self.organisers.items()
        ]
        if len(self.organisers) == 1:
            organiser.initial, organiser.disabled = next(iter(self.organisers)), True
            organiser.widget = forms.HiddenInput()

    def chosen(self) -> tuple[Programme, Carrier | None]:
        """The programme, and the carrier where it is not the network office."""
        return self.organisers[self.cleaned_data["organiser"]]


class StepForm(forms.Form):
    step = forms.ChoiceField(
        choices=[(name, name) for name in ("announce", "open", "close", "hold", "document")]
    )
    note = forms.CharField(required=False, max_length=500)


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does it not take place?"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Everybody who is registered reads it."),
    )


class InviteForm(forms.Form):
    """One line per carrier: whether it is invited, and with how many seats."""

    def __init__(
        self,
        *args: Any,
        carriers: list[Carrier],
        invited: dict[int, int | None],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.carriers = carriers
        for carrier in carriers:
            self.fields[f"invited-{carrier.pk}"] = forms.BooleanField(
                label=carrier.name, required=False, initial=carrier.pk in invited
            )
            self.fields[f"seats-{carrier.pk}"] = forms.IntegerField(
                label=_("Seats"),
                required=False,
                min_value=1,
                max_value=10_000,
                initial=invited.get(carrier.pk),
                widget=forms.NumberInput({"aria-label": f"{_('Seats')}: {carrier.name}"}),
            )

    def lines(self) -> list[tuple[Carrier, forms.BoundField, forms.BoundField]]:
        """Carrier, whether it is invited, and its seats, for the page."""
        return [
            (carrier, self[f"invited-{carrier.pk}"], self[f"seats-{carrier.pk}"])
            for carrier in self.carriers
        ]

    def chosen(self) -> dict[Carrier, int | None]:
        """The invited carriers with their seats."""
        said = self.cleaned_data
        return {
            carrier: said[f"seats-{carrier.pk}"]
            for carrier in self.carriers
            if said[f"invited-{carrier.pk}"]
        }
