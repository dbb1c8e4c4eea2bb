"""The shape of what is decided and set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from patenwerk.core.web.words import WordChoice
from patenwerk.matching.domain.settings import range_of
from patenwerk.matching.models import MatchingSettings, Suggestion
from patenwerk.matching.models.never_again import NEVER_REASONS
from patenwerk.matching.models.settings import NUMBERS
from patenwerk.matching.queries.round import Startable
from patenwerk.organisations.models import Carrier, Focus, Site, SupportField, TandemKind
from patenwerk.people.enums import Level, Side
from patenwerk.people.models import Person


class WaitingFilter(forms.Form):
    side = forms.ChoiceField(
        label=pgettext_lazy("matching", "who"),
        required=False,
        choices=[(Side.MENTEE.value, _("is accompanied")), (Side.MENTOR.value, _("accompanies"))],
    )
    site = forms.ModelChoiceField(
        label=_("site"), required=False, queryset=Site.objects.none(), empty_label=_("all sites")
    )

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]


class StartForm(forms.Form):
    """For whom a round is started: a site or a whole carrier."""

    organisation = forms.ChoiceField(label=_("For whom?"))

    def __init__(self, *args: Any, startable: Startable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known: dict[str, Carrier | Site] = {
            **{f"carrier-{one.pk}": one for one in startable.carriers},
            **{f"site-{one.pk}": one for one in startable.sites},
        }
        self.fields["organisation"].choices = [  # type: ignore[attr-defined]
            (key, one.name) for key, one in self.known.items()
        ]

    @property
    def chosen(self) -> Carrier | Site:
        """The organisation that was chosen."""
        return self.known[self.cleaned_data["organisation"]]


class DecisionForm(forms.Form):
    """What is decided besides the two people."""

    kind = WordChoice(
        label=pgettext_lazy("matching", "kind"),
        queryset=TandemKind.objects.none(),
        empty_label=None,
    )
    focus = WordChoice(
        label=pgettext_lazy("matching", "focus"), queryset=Focus.objects.none(), empty_label=None
    )
    field = WordChoice(
        label=_("field of support"), queryset=SupportField.objects.none(), empty_label=None
    )
    why = forms.CharField(
        label=_("Why these two?"),
        required=False,
        max_length=500,
        help_text=_("One sentence is enough. Needed where you decide otherwise than suggested."),
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, programme_id: int, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"programme_id": programme_id, "is_active": True}
        self.offer("kind", TandemKind.objects.filter(**words))
        self.offer(
            "focus", Focus.objects.filter(**words, starts_on__lte=on).exclude(ends_on__lt=on)
        )
        self.offer("field", SupportField.objects.filter(**words))

    def offer(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]


class PartnerForm(DecisionForm):
    """One partner out of those who fit, or nobody today."""

    partner = forms.ModelChoiceField(
        label=_("partner"),
        required=False,
        queryset=Person.objects.none(),
        error_messages={"invalid_choice": _("Please choose one of those shown.")},
    )
    nobody = forms.BooleanField(required=False)

    def __init__(self, *args: Any, offered: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("partner", Person.objects.filter(pk__in=offered).select_related("site"))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("nobody") and said.get("partner") is None and "partner" not in self.errors:
            self.add_error("partner", gettext("Please choose somebody first."))
        return said


class BulkForm(DecisionForm):
    """Several suggestions of one round at once."""

    suggestions = forms.ModelMultipleChoiceField(
        label=_("suggestions"),
        queryset=Suggestion.objects.none(),
        error_messages={
            "required": _("Please tick at least one suggestion."),
            "invalid_choice": _("Please choose from those shown."),
            "invalid_pk_value": _("Please choose from those shown."),
        },
    )

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("suggestions", offered)


class AnswerForm(forms.Form):
    acceptance = forms.ChoiceField(
        choices=[("accepted", _("said yes")), ("declined", _("said no"))]
    )


class NamedPerson(forms.ModelChoiceField[Person]):
    """A person as far as the reader may see them."""

    naming: Callable[[Person], str] = staticmethod(str)

    def label_from_instance(self, obj: Any) -> str:
        return self.naming(obj)


class NeverAgainForm(forms.Form):
    partner = NamedPerson(
        label=pgettext_lazy("matching", "with whom"),
        queryset=Person.objects.none(),
        empty_label="–",
    )
    reason = forms.ChoiceField(label=_("reason"), choices=NEVER_REASONS)

    def __init__(
        self, *args: Any, partners: Any, naming: Callable[[Person], str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        partner: Any = self.fields["partner"]
        partner.queryset, partner.naming = partners, naming


class SettingsForm(forms.Form):
    """A number for each part of the score. Left empty, the wider organisation's holds."""

    def __init__(
        self,
        *args: Any,
        own: MatchingSettings | None,
        inherited: Mapping[str, int],
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {name: getattr(own, name, None) for name in (*NUMBERS, "minimum_level")}
        super().__init__(*args, **kwargs)
        for name in NUMBERS:
            lowest, highest = range_of(name)
            self.fields[name] = forms.IntegerField(
                label=_label(name),
                required=False,
                min_value=lowest,
                max_value=highest,
                help_text=gettext(
                    "%(lowest)s to %(highest)s. Empty: %(inherited)s, as said more widely."
                )
                % {"lowest": lowest, "highest": highest, "inherited": inherited[name]},
            )
        unsaid = gettext("as said more widely: %(level)s") % {
            "level": _level(inherited["minimum_level"])
        }
        self.fields["minimum_level"] = forms.TypedChoiceField(
            label=_label("minimum_level"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", unsaid), *((int(level), _level(level)) for level in Level)],
        )


def _label(name: str) -> str:
    column: Any = MatchingSettings._meta.get_field(name)
    return str(column.verbose_name)


def _level(level: int) -> str:
    found = Level(level)
    return gettext("first language") if found is Level.NATIVE else found.name
