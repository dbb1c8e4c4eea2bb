"""What is kept about a person, for that person: Art. 15 and 20 GDPR."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from patenwerk.audit.domain.record import record
from patenwerk.core.personal_data import told_about
from patenwerk.core.policy import Actor
from patenwerk.people.models import Person


def export_subject(*, person: Person, by: Actor, at: datetime) -> dict[str, Any]:
    """Everything kept about a mentor or a mentee, over all apps, as plain JSON values.

    ``data`` maps each table to ``why`` (purpose, legal basis and days kept per field) and
    ``rows``. It is run from the personal-data register, so a new table is in it as soon as it is
    registered. Other people's data are left out (Art. 15 (4) GDPR).
    """
    found = {"person": person.pk, "at": at.isoformat(), "data": told_about(person)}
    record(by=by, at=at, action="people.export_subject", things=[person])
    return found
