from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from patenwerk.core.web.views import ObjectFormPage
from patenwerk.organisations.models import Carrier
from patenwerk.people.domain.settings import set_people_settings
from patenwerk.people.kernel.defaults import DEFAULTS
from patenwerk.people.models import PeopleSettings
from patenwerk.people.policy import SET_RULES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


#: What no and yes mean for the rules that are one of two.
ANSWERS: Mapping[str, tuple[StrOrPromise, StrOrPromise]] = {
    "all_guardians_consent": (
        _lazy("the consent of one guardian is enough"),
        _lazy("everybody with custody consents"),
    ),
    "minors_need_consent": (
        _lazy("no, you keep it elsewhere"),
        _lazy("yes, without it no tandem begins or takes its next step"),
    ),
}


class RulesForm(forms.Form):
    """An empty field leaves the rule to the programme, or to what is usual."""

    def __init__(self, *args: Any, own: PeopleSettings | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, usual in DEFAULTS.items():
            said = getattr(own, name, None)
            self.fields[name] = (
                _one_of_two(name, said=said, usual=usual)
                if isinstance(usual, bool)
                else _number(name, said, usual)
            )


def _number(name: str, said: int | None, usual: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=_label(name),
        required=False,
        min_value=0,
        initial=said,
        help_text=_("Usual: %(number)s. Empty: as usual.") % {"number": usual},
    )


def _one_of_two(name: str, *, said: bool | None, usual: bool) -> forms.TypedChoiceField:
    words = {"no": str(ANSWERS[name][0]), "yes": str(ANSWERS[name][1])}
    as_usual = _("as usual (%(words)s)") % {"words": words["yes" if usual else "no"]}
    return forms.TypedChoiceField(
        label=_label(name),
        required=False,
        choices=[("", as_usual), *words.items()],
        initial=None if said is None else "yes" if said else "no",
        coerce=lambda answer: answer == "yes",
        empty_value=None,
    )


def _label(name: str) -> str:
    return str(getattr(PeopleSettings._meta.get_field(name), "verbose_name", name))


class CarrierRules(ObjectFormPage):
    """What holds for record checks and consents at a carrier's sites."""

    model = Carrier
    see = do = SET_RULES
    form_class = RulesForm
    template = "people/rules.html"

    def form_options(self) -> dict[str, Any]:
        own = PeopleSettings.objects.filter(carrier=self.object, site__isnull=True).first()
        return {"own": own}

    def perform(self, form: Any) -> str:
        set_people_settings(
            organisation=self.object, **form.cleaned_data, by=self.actor, at=self.now
        )
        self.said(_("Saved."))
        return reverse("organisations:carrier", args=[self.object.pk])
