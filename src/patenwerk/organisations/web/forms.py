"""The shape of what is said about organisations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from patenwerk.core.web.words import WordForm
from patenwerk.organisations.enums import Language, Theme
from patenwerk.organisations.kernel.groups import LARGEST_GROUP
from patenwerk.organisations.models import Account, Carrier, Network, Programme, Site
from patenwerk.places.kernel.laender import Land, name_of


class ProgrammeForm(forms.ModelForm[Programme]):
    logo_file = forms.FileField(
        label=_("new logo"), required=False, help_text=_("PNG or JPEG, at most 500 kB.")
    )

    class Meta:
        model = Programme
        fields = [
            "name",
            "funder",
            "motto",
            "lead",
            "started_on",
            "mentor_title",
            "gender_form",
        ]
        widgets = {"started_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class CarrierForm(forms.ModelForm[Carrier]):
    website = forms.URLField(label=_("website"), required=False, assume_scheme="https")

    class Meta:
        model = Carrier
        fields = ["name", "about", "website"]


class SiteForm(forms.ModelForm[Site]):
    land = forms.ChoiceField(label=_("Land"))

    class Meta:
        model = Site
        fields = ["name", "street", "postcode", "town", "land", "phone", "email", "network"]

    def __init__(self, *args: Any, programme_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or Language.GERMAN
        lands = sorted((name_of(land, language), land.value) for land in Land)
        self.fields["land"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            *((code, name) for name, code in lands),
        ]
        self.fields["network"].queryset = (  # type: ignore[attr-defined]
            Network.objects.filter(programme_id=programme_id)
        )


class InvitationForm(forms.Form):
    first_name = forms.CharField(label=_("first name"), max_length=80)
    last_name = forms.CharField(label=_("last name"), max_length=80)
    email = forms.EmailField(label=_("e-mail address"))
    language = forms.ChoiceField(
        label=_("language of the mail"),
        choices=[(Language.GERMAN.value, "Deutsch"), (Language.ENGLISH.value, "English")],
        initial=Language.GERMAN.value,
    )


class AcceptForm(forms.Form):
    password = forms.CharField(
        label=_("password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = " ".join(password_validators_help_texts())


class AccountForm(forms.ModelForm[Account]):
    class Meta:
        model = Account
        fields = ["first_name", "last_name", "language", "theme"]


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(
        required=False, choices=[(theme.value, theme.value) for theme in Theme]
    )


class TandemKindForm(WordForm):
    most_mentees = forms.IntegerField(
        label=_("most who are accompanied in one tandem"),
        min_value=1,
        max_value=LARGEST_GROUP,
        initial=1,
        help_text=_("1 is for two people. Families and groups need more, a class up to 50."),
    )


class DatedWordForm(WordForm):
    starts_on = forms.DateField(label=_("starts on"), widget=forms.DateInput({"type": "date"}))
    ends_on = forms.DateField(
        label=_("ends on"), required=False, widget=forms.DateInput({"type": "date"})
    )


class PhaseForm(DatedWordForm):
    text_de = forms.CharField(
        label=_("German text"), required=False, widget=forms.Textarea({"rows": 3})
    )
    text_en = forms.CharField(
        label=_("English text"), required=False, widget=forms.Textarea({"rows": 3})
    )
