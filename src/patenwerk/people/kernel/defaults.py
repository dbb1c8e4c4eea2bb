"""What holds while no organisation says otherwise."""

from __future__ import annotations

from collections.abc import Mapping

MONTHS_KEPT_AT_MOST = 6
"""So long at most is a record check kept after the activity ended (§ 72a (5) SGB VIII)."""

DAYS_TO_UNDO = 90
"""So long two merged entries can be taken apart; then the second one is deleted for good."""

DEFAULTS: Mapping[str, int] = {
    "record_check_years": 5,  # usual practice; some carriers say 3
    "certificate_months": 3,  # usual practice at the inspection
    "months_kept": MONTHS_KEPT_AT_MOST,
    "warning_days": 60,  # a certificate takes some weeks to arrive
}
