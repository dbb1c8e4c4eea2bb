from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "patenwerk.matching"
    label = "matching"
    verbose_name = _("Matching")

    def ready(self) -> None:
        from patenwerk.matching.domain.decision import never_together
        from patenwerk.tandems.domain.tandem import add_pair_guard

        add_pair_guard(never_together)
