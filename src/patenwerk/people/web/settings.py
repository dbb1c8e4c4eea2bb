from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.web.views import ObjectFormPage
from patenwerk.organisations.models import Carrier
from patenwerk.people.domain.settings import set_people_settings
from patenwerk.people.kernel.defaults import DEFAULTS
from patenwerk.people.models import PeopleSettings
from patenwerk.people.policy import SET_RULES


class RulesForm(forms.Form):
    """An empty field leaves the rule to the programme, or to what is usual."""

    def __init__(self, *args: Any, own: PeopleSettings | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, usual in DEFAULTS.items():
            self.fields[name] = forms.IntegerField(
                label=_label(name),
                required=False,
                min_value=0,
                initial=getattr(own, name, None),
                help_text=_("Usual: %(number)s. Empty: as usual.") % {"number": usual},
            )


def _label(name: str) -> str:
    return str(getattr(PeopleSettings._meta.get_field(name), "verbose_name", name))


class CarrierRules(ObjectFormPage):
    """What holds for record checks at a carrier's sites."""

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
