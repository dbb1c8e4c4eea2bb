"""What holds while no organisation says otherwise."""

from __future__ import annotations

from collections.abc import Mapping

MONTHS_KEPT_AT_MOST = 6
"""So long at most is a record check kept after the activity ended (§ 72a (5) SGB VIII)."""

DAYS_TO_UNDO = 90
"""So long two merged entries can be taken apart; then the second one is deleted for good."""

RECORD_CHECK_FROM = 14
"""Years; nobody younger can have a record check. Children are not answerable in criminal law
(§ 19 StGB), and a certificate of conduct is issued from this age on (§ 30 (1) BZRG).
"""

DAYS_TO_TAKE_BACK = 30
"""So long what was done for many at once can be taken back; then its old values are deleted."""
DAYS_TO_DO_IT = 3
"""So long chosen people wait for what is to be done with them."""
MOST_AT_ONCE = 2_000
"""People for whom something is done at once, within one request."""

DEFAULTS: Mapping[str, int | bool] = {
    "record_check_years": 5,  # usual practice; some carriers say 3
    "certificate_months": 3,  # usual practice at the inspection
    "months_kept": MONTHS_KEPT_AT_MOST,
    "warning_days": 60,  # a certificate takes some weeks to arrive
    "all_guardians_consent": False,  # who brings the child speaks for both, unless said otherwise
    "minors_need_consent": False,  # many keep it on paper; nobody is held up unasked
}
