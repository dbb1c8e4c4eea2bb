from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    name = "patenwerk.organisations"
    label = "organisations"

    def ready(self) -> None:
        from patenwerk.core.registrations import NavigationItem, navigation
        from patenwerk.jobs.domain.handlers import use_actor_source
        from patenwerk.organisations.policy import SEE_CARRIER, SEE_SITE
        from patenwerk.organisations.queries.actors import actor_at

        use_actor_source(actor_at)
        navigation.add(
            NavigationItem(
                name="organisations.carriers",
                order=80,
                permission=SEE_CARRIER,
                label=_("Carriers"),
                icon="building-2",
                url_name="organisations:carriers",
            )
        )
        navigation.add(
            NavigationItem(
                name="organisations.sites",
                order=81,
                permission=SEE_SITE,
                label=_("Sites"),
                icon="map-pin",
                url_name="organisations:sites",
            )
        )
