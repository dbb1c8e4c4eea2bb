"""The shape of what is said about decisions and promises."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from patenwerk.core.policy import Actor
from patenwerk.core.web.forms import DayInput
from patenwerk.core.web.words import WordChoice
from patenwerk.gatherings.domain.promise import CommitmentValues
from patenwerk.gatherings.enums import CommitmentKind
from patenwerk.gatherings.models import Commitment, Decision, Gathering, GatheringKind, Series
from patenwerk.gatherings.models.promise import COMMITMENT_KINDS, DECISION_STATES
from patenwerk.gatherings.queries.decision import (
    kinds_with_decisions,
    series_with_decisions,
    years_of_decisions,
)
from patenwerk.gatherings.queries.promise import (
    Standing,
    carriers_for,
    carriers_with_promises,
)
from patenwerk.organisations.enums import Role
from patenwerk.organisations.models import Account, Carrier, RoleGrant


def _search(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )


class DecisionFilterForm(forms.Form):
    text = _search(_("Words"))
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all states")), *DECISION_STATES]
    )
    series = forms.ModelChoiceField(
        label=_("Series"), required=False, queryset=Series.objects.none(), empty_label=_("all")
    )
    kind = WordChoice(
        label=_("Kind"), required=False, queryset=GatheringKind.objects.none(), empty_label=_("all")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        years = [(year, str(year)) for year in years_of_decisions(actor)]
        fields["year"].choices = [("", _("all years")), *years]
        fields["series"].queryset = series_with_decisions(actor)
        fields["kind"].queryset = kinds_with_decisions(actor)


class PromiseFilterForm(forms.Form):
    text = _search(_("Words"))
    standing = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            (Standing.OPEN.value, _("open")),
            (Standing.OVERDUE.value, _("overdue")),
            (Standing.DONE.value, _("done")),
            (Standing.DROPPED.value, _("dropped")),
            (Standing.ALL.value, _("all")),
        ],
    )
    carrier = forms.ModelChoiceField(
        label=_("Carrier"),
        required=False,
        queryset=Carrier.objects.none(),
        empty_label=_("all carriers"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        carrier: Any = self.fields["carrier"]
        carrier.queryset = carriers_with_promises(actor)


class NoteForm(forms.Form):
    """A step that may be explained."""

    note = forms.CharField(
        label=_("What came of it?"),
        required=False,
        max_length=1000,
        help_text=_("One sentence helps everybody who reads it later."),
        widget=forms.Textarea({"rows": 3}),
    )


class WhyForm(forms.Form):
    """A step that has to be explained."""

    note = forms.CharField(label=_("Why?"), max_length=1000, widget=forms.Textarea({"rows": 3}))


class ReplaceForm(NoteForm):
    """Which decision takes over."""

    replaced_by = forms.ModelChoiceField(
        label=_("Which decision replaces it?"), queryset=Decision.objects.none()
    )
    field_order = ("replaced_by", "note")

    def __init__(self, *args: Any, successors: QuerySet[Decision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["replaced_by"]
        chosen.queryset = successors
        chosen.label_from_instance = lambda row: f"{row.decided_on:%d.%m.%Y}: {row.text[:80]}"


class ProgressForm(forms.Form):
    text = forms.CharField(
        label=_("What happened since?"),
        max_length=500,
        help_text=_("It stands beside the promise on the next agenda."),
        widget=forms.Textarea({"rows": 3}),
    )


class PromiseForm(forms.Form):
    """A promise of a gathering, for its organisers."""

    kind = forms.ChoiceField(label=_("Kind"), choices=COMMITMENT_KINDS)
    text = forms.CharField(label=_("What?"), max_length=300)
    of_carrier = forms.ModelChoiceField(
        label=_("Carrier"),
        required=False,
        queryset=Carrier.objects.none(),
        empty_label=_("the organisers themselves"),
    )
    partners = forms.ModelMultipleChoiceField(
        label=_("With"),
        required=False,
        queryset=Carrier.objects.none(),
        help_text=_("For a joint activity."),
        widget=forms.CheckboxSelectMultiple,
    )
    owner = forms.CharField(label=_("Who?"), required=False, max_length=120)
    account = forms.ModelChoiceField(
        label=_("Reminders go to"),
        required=False,
        queryset=Account.objects.none(),
        empty_label=_("the carrier's contacts"),
    )
    due_on = forms.DateField(label=_("Until"), required=False, widget=DayInput())
    decision = forms.ModelChoiceField(
        label=_("Carries out"),
        required=False,
        queryset=Decision.objects.none(),
        empty_label=_("no decision"),
    )

    def __init__(self, *args: Any, gathering: Gathering, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        carriers = carriers_for(gathering)
        fields: dict[str, Any] = self.fields
        fields["of_carrier"].queryset = carriers
        fields["partners"].queryset = carriers
        fields["account"].queryset = _reminded(gathering)
        fields["decision"].queryset = Decision.objects.filter(gathering=gathering)
        fields["decision"].label_from_instance = lambda row: f"{row.number}: {row.text[:80]}"

    def values(self) -> CommitmentValues:
        """What was said, for the domain."""
        said = self.cleaned_data
        return CommitmentValues(
            **{**said, "kind": CommitmentKind(said["kind"]), "partners": list(said["partners"])}
        )

    @staticmethod
    def said_of(commitment: Commitment) -> dict[str, Any]:
        """What a promise says now, to begin with."""
        return {
            "kind": commitment.kind,
            "text": commitment.text,
            "of_carrier": commitment.of_carrier_id,
            "partners": [carrier.pk for carrier in commitment.partners.all()],
            "owner": commitment.owner,
            "account": commitment.account_id,
            "due_on": commitment.due_on,
            "decision": commitment.decision_id,
        }


def _reminded(gathering: Gathering) -> QuerySet[Account]:
    """Accounts a promise can name: those of the network office, and the managers of carriers."""
    works = Q(role=Role.NETWORK_OFFICE) | Q(role=Role.CARRIER_MANAGER)
    if gathering.carrier_id is not None:
        works = Q(role=Role.CARRIER_MANAGER, carrier=gathering.carrier_id)
    grants = RoleGrant.objects.filter(
        works, programme=gathering.programme_id, valid_to__isnull=True
    )
    return Account.objects.filter(pk__in=grants.values("account_id"), is_active=True)
