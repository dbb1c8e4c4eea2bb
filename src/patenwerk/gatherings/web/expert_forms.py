"""The shape of what is said about experts and their contributions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patenwerk.core.web.words import WordChoices
from patenwerk.gatherings.domain.expert import ExpertValues, topics_in
from patenwerk.gatherings.enums import Sector
from patenwerk.gatherings.models import Contribution, Expert, Gathering
from patenwerk.gatherings.models.expert import SECTORS
from patenwerk.gatherings.queries.expert import ExpertFilter
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Carrier, Programme, SupportField

DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class DirectoryFilter(forms.Form):
    """A filter that is not understood narrows nothing: an address may be old."""

    text = forms.CharField(
        label=_("Name, topic or organisation"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )
    sector = forms.ChoiceField(
        label=_("Comes from"), required=False, choices=[("", _("all")), *SECTORS]
    )
    field = forms.ChoiceField(label=_("Field of support"), required=False)

    def __init__(self, *args: Any, fields: QuerySet[SupportField], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or Language.GERMAN
        words = {field.code: field.name_in(language) for field in fields}
        choice: Any = self.fields["field"]
        choice.choices = [("", _("all")), *words.items()]


def filter_of(said: dict[str, Any]) -> ExpertFilter:
    """What was understood."""
    return ExpertFilter(
        text=said.get("text") or "",
        sector=Sector(said["sector"]) if said.get("sector") else None,
        field=said.get("field") or "",
    )


class ExpertForm(forms.ModelForm[Expert]):
    """What an expert says of themselves, or others of them."""

    topic_line = forms.CharField(
        label=_("topics"),
        required=False,
        max_length=1_300,
        help_text=_("Several with commas: plain language, parents' evenings."),
    )
    fields_of_support = WordChoices(
        label=_("fields"), required=False, queryset=SupportField.objects.none()
    )
    field_order: tuple[str, ...] = (
        *("name", "organisation", "sector", "email", "phone"),
        *("topic_line", "fields_of_support", "about", "language"),
    )

    class Meta:
        model = Expert
        fields = ["name", "organisation", "sector", "email", "phone", "about", "language"]
        widgets = {"about": forms.Textarea({"rows": 4})}
        labels = {"language": _("language of the mails")}

    def __init__(self, *args: Any, programmes: QuerySet[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields["fields_of_support"]
        fields.queryset = SupportField.objects.filter(programme__in=programmes)
        self.fields["sector"].choices = [  # type: ignore[attr-defined]
            ("", _now("not said")),
            *SECTORS,
        ]
        self.fields["name"].required = True
        if self.instance.pk is not None:
            self.initial["topic_line"] = ", ".join(self.instance.topics)
            self.initial["fields_of_support"] = self.instance.fields.all()

    def values(self) -> ExpertValues:
        said = self.cleaned_data
        return ExpertValues(
            **{name: said[name] for name in ("name", "email", "phone", "organisation", "about")},
            sector=Sector(said["sector"]) if said["sector"] else None,
            topics=topics_in(said["topic_line"]),
            fields=tuple(said["fields_of_support"]),
            language=Language(said["language"]),
        )


class RecommendForm(ExpertForm):
    """Whoever is recommended is asked by mail: the address is needed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True


class NewExpertForm(ExpertForm):
    programme = forms.ModelChoiceField(
        label=_("programme"), queryset=Programme.objects.none(), empty_label=None
    )
    recommended_by = forms.ModelChoiceField(
        label=_("recommended by"), required=False, queryset=Carrier.objects.none()
    )
    consented_on = forms.DateField(
        label=_("agreed on"),
        required=False,
        widget=DAY,
        help_text=_(
            "If you have the person's agreement. Empty: we ask by mail, and the person is in the "
            "directory once they agree."
        ),
    )
    field_order: tuple[str, ...] = (
        "programme",
        *ExpertForm.field_order,
        "recommended_by",
        "consented_on",
    )

    def __init__(self, *args: Any, programmes: QuerySet[Programme], **kwargs: Any) -> None:
        super().__init__(*args, programmes=programmes, **kwargs)
        offered: Any = self.fields["programme"]
        offered.queryset = programmes
        offered.initial = programmes.first()
        if len(programmes) < 2:
            offered.widget, offered.disabled = forms.HiddenInput(), True
        carriers: Any = self.fields["recommended_by"]
        carriers.queryset = Carrier.objects.filter(
            programme__in=programmes, archived_at__isnull=True
        )


class GatheringChoice(forms.ModelChoiceField[Gathering]):
    """A gathering by its title and day."""

    def label_from_instance(self, obj: Gathering) -> str:
        return f"{obj.title} ({obj.starts_at:%d.%m.%Y})"


class InviteForm(forms.Form):
    gathering = GatheringChoice(label=_("gathering"), queryset=Gathering.objects.none())
    title = forms.CharField(label=_("what for"), max_length=160)
    words = forms.CharField(
        label=_("a few words of yours"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea({"rows": 5}),
    )

    def __init__(self, *args: Any, gatherings: QuerySet[Gathering], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gathering"].queryset = gatherings  # type: ignore[attr-defined]


class ContributionForm(forms.ModelForm[Contribution]):
    class Meta:
        model = Contribution
        fields = ["title", "held_on"]
        widgets = {"held_on": DAY}


class HeldForm(forms.Form):
    took_place = forms.TypedChoiceField(
        label=_("Did it take place?"),
        choices=[("yes", _("yes")), ("no", _("no"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
