"""Fingerprints under the installation's key: they tell that two sites may know one person.

What is compared is a keyed hash (HMAC-SHA-256, RFC 2104) of names with birth date, phone or
address, as people.kernel.likeness makes them. Without the key nobody can try names against it;
with the database alone it says nothing. Programmes are kept apart by being part of the text.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.crypto import salted_hmac

from patenwerk.core.batches import BATCH, batches
from patenwerk.organisations.models import Site
from patenwerk.people.enums import Side
from patenwerk.people.kernel.likeness import Known, clues_of
from patenwerk.people.models import PersonFingerprint
from patenwerk.people.queries.duplicate import people_to_compare

_SALT = "patenwerk.people.fingerprint"
_LENGTH = 32
"""Half of the hash: among a million people two different texts agree in one of 10^26 worlds."""


def digests_of(known: Known, programme_id: int) -> frozenset[str]:
    """The fingerprints of somebody within a programme."""
    return frozenset(
        salted_hmac(_SALT, f"{programme_id} {clue}", algorithm="sha256").hexdigest()[:_LENGTH]
        for clue in clues_of(known)
    )


def write_fingerprints(*, site: Site) -> int:
    """Bring the fingerprints of a site's people up to date; answers how many were written.

    Part of the nightly search, which stands in the record. Doing it again changes nothing.
    """
    wanted = {
        (known.id, digest)
        for side in Side
        for known in people_to_compare(site, side)
        for digest in digests_of(known, site.programme_id)
    }
    rows = PersonFingerprint.objects.filter(site=site)
    stored = {
        (person, digest): pk for pk, person, digest in rows.values_list("pk", "person_id", "digest")
    }
    missing = sorted(wanted - stored.keys())
    gone = [pk for key, pk in stored.items() if key not in wanted]
    with transaction.atomic():
        for some in batches(gone):
            PersonFingerprint.objects.filter(pk__in=some).delete()
        PersonFingerprint.objects.bulk_create(
            _rows(site, missing), batch_size=BATCH, ignore_conflicts=True
        )
    return len(missing)


def _rows(site: Site, missing: Iterable[tuple[int, str]]) -> list[PersonFingerprint]:
    return [
        PersonFingerprint(
            programme_id=site.programme_id,
            carrier_id=site.carrier_id,
            site_id=site.pk,
            person_id=person_id,
            digest=digest,
        )
        for person_id, digest in missing
    ]
