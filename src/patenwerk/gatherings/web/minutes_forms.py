"""The shape of what is said about minutes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from patenwerk.core.policy import Actor
from patenwerk.core.web.forms import DayInput
from patenwerk.gatherings.enums import ObjectionState
from patenwerk.gatherings.models import Gathering, Minutes, Section
from patenwerk.gatherings.models.minutes import MINUTES_STATES
from patenwerk.gatherings.queries.minutes import years_of_minutes
from patenwerk.organisations.models import Carrier

LONGEST_TEXT = 50_000


class MinutesFilterForm(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all states")), *MINUTES_STATES]
    )
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year: Any = self.fields["year"]
        years = [(year, str(year)) for year in years_of_minutes(actor)]
        year.choices = [("", _("all years")), *years]


class TextForm(forms.Form):
    """A section's words, with the version the writer began from."""

    text = forms.CharField(
        label=_("What was said"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 14}),
    )
    base_version = forms.IntegerField(
        min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput
    )


class VersionForm(forms.Form):
    """The earlier version whose sentences are taken back."""

    number = forms.IntegerField(min_value=1, max_value=2_000_000_000, widget=forms.HiddenInput)


class HeadingForm(forms.Form):
    heading = forms.CharField(label=_("Heading of a further section"), max_length=160)


class DecisionForm(forms.Form):
    text = forms.CharField(
        label=_("What was decided?"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    grounds = forms.CharField(
        label=_("Why?"),
        required=False,
        max_length=2000,
        help_text=_("Whoever reads it in five years understands it by this."),
        widget=forms.Textarea({"rows": 3}),
    )


class SendForm(forms.Form):
    objections_until = forms.DateField(label=_("Objections until"), widget=DayInput())


class ApproveForm(forms.Form):
    approved_in = forms.ModelChoiceField(
        label=_("Approved in"),
        required=False,
        queryset=Gathering.objects.none(),
        empty_label=_("no gathering: the term is over"),
    )

    def __init__(self, *args: Any, later: QuerySet[Gathering], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["approved_in"]
        chosen.queryset = later


class ObjectionForm(forms.Form):
    section = forms.ModelChoiceField(
        label=_("Where?"),
        required=False,
        queryset=Section.objects.none(),
        empty_label=_("the minutes as a whole"),
    )
    of_carrier = forms.ModelChoiceField(label=_("Carrier"), queryset=Carrier.objects.none())
    text = forms.CharField(
        label=_("What should be different?"),
        max_length=4000,
        help_text=_("Best with the words that should stand there."),
        widget=forms.Textarea({"rows": 5}),
    )

    def __init__(
        self, *args: Any, minutes: Minutes, carriers: QuerySet[Carrier], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["section"].queryset = minutes.sections.order_by("position", "pk")
        fields["of_carrier"].queryset = carriers
        if len(carriers) == 1:
            fields["of_carrier"].initial = carriers[0]
            fields["of_carrier"].widget = fields["of_carrier"].hidden_widget()


class AnswerForm(forms.Form):
    state = forms.ChoiceField(
        label=_("What becomes of it?"),
        choices=[
            (ObjectionState.ACCEPTED.value, _("accepted: the text is changed")),
            (ObjectionState.REJECTED.value, _("not accepted: the text stays")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Why?"),
        max_length=4000,
        help_text=_("Everybody who reads the minutes reads your answer, too."),
        widget=forms.Textarea({"rows": 4}),
    )


class CorrectionForm(forms.Form):
    text = forms.CharField(
        label=_("What is corrected?"),
        max_length=4000,
        help_text=_("The approved text stays as it is. Your note stands below it with its date."),
        widget=forms.Textarea({"rows": 4}),
    )
