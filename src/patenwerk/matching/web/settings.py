from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.policy import visible
from patenwerk.core.web.views import ObjectFormPage, PolicedView
from patenwerk.matching.domain.settings import set_matching_settings
from patenwerk.matching.models import MatchingSettings
from patenwerk.matching.policy import SETTINGS
from patenwerk.matching.queries.settings import inherited_settings, own_settings
from patenwerk.matching.web.forms import SettingsForm
from patenwerk.organisations.models import Carrier, Site


class SettingsList(PolicedView):
    see = do = SETTINGS
    template = "matching/settings_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        said = MatchingSettings.objects.filter(visible(self.actor, SETTINGS, MatchingSettings))
        own = {(row.carrier_id, row.site_id) for row in said}
        carriers = Carrier.objects.filter(visible(self.actor, SETTINGS, Carrier))
        sites = Site.objects.filter(
            visible(self.actor, SETTINGS, Site), archived_at__isnull=True
        ).select_related("carrier")
        return self.page(
            {
                "carriers": [(one, (one.pk, None) in own) for one in carriers],
                "sites": [(one, (one.carrier_id, one.pk) in own) for one in sites],
            }
        )


class ChangeSettings(ObjectFormPage, abstract=True):
    see = do = SETTINGS
    form_class = SettingsForm
    template = "matching/settings.html"

    def form_options(self) -> dict[str, Any]:
        return {
            "own": own_settings(self.object),
            "inherited": inherited_settings(self.object),
        }

    def perform(self, form: Any) -> str:
        set_matching_settings(
            organisation=self.object, values=form.cleaned_data, by=self.actor, at=self.now
        )
        self.said(_("Saved. The next round uses it."))
        return reverse("matching:settings")


class CarrierSettings(ChangeSettings):
    model = Carrier


class SiteSettings(ChangeSettings):
    model = Site
