"""Replacing all places at once: by the product's own table or by a postcode file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import BinaryIO

from django.db import DEFAULT_DB_ALIAS, transaction
from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.places.enums import Source
from patenwerk.places.kernel.geonames import (
    LONGEST_LINE,
    Expected,
    MalformedLine,
    PostcodePlace,
    read_postcodes,
)
from patenwerk.places.kernel.names import place_words
from patenwerk.places.kernel.towns import digest, towns
from patenwerk.places.models import Place, PlaceList

LINES_PER_STEP = 1_000
"""After how many lines the progress is told again."""
BATCH = 2_000
LONGEST_FOUND = 40
"""So much of a wrong cell is repeated in the refusal."""

Progress = Callable[[int], None]


class CannotImportPlaces(Refusal):
    """The file holds no usable places; the stored ones stay as they were."""


def load_default_places(*, at: datetime, using: str = DEFAULT_DB_ALIAS) -> PlaceList | None:
    """Make the product's own table of towns the stored places; None when nothing was to do.

    Nothing is done where this table is already stored or a fuller file was imported. Part of
    migrating, done by nobody: the new ``PlaceList`` row tells of it, no audit row.
    """
    with transaction.atomic(using=using):
        current = PlaceList.objects.using(using).select_for_update().first()
        if current and (current.source == Source.GEONAMES or current.digest == digest()):
            return None
        places = [
            Place(
                postcode=first,
                last_postcode=last,
                name=town.name,
                words=place_words(town.name),
                land=town.land.value,
                lat=town.point.lat,
                lon=town.point.lon,
                population=town.population,
            )
            for town in towns()
            for first, last in town.postcodes
        ]
        return _replace(places, source=Source.DEFAULT, fingerprint=digest(), at=at, using=using)


def import_places(
    *,
    file: BinaryIO,
    name: str,
    by: Actor,
    at: datetime,
    progress: Progress | None = None,
) -> PlaceList:
    """Replace all places by those of a postcode file in GeoNames format.

    ``file`` is opened for reading bytes, ``name`` is what the refusals call it, ``progress`` is
    told the number of lines read. Other countries' lines are passed over; of rows with the same
    postcode and name the first counts. Inhabitants are taken over from the product's own table.

    Raises ``CannotImportPlaces`` naming file, line and column; then nothing has changed.
    """
    fingerprint = hashlib.sha256()

    def lines() -> Iterator[bytes]:
        # A file without line breaks is cut off before it fills the memory.
        while line := file.readline(LONGEST_LINE + 1):
            fingerprint.update(line)
            yield line

    found: dict[tuple[str, str], PostcodePlace] = {}
    try:
        for number, place in enumerate(read_postcodes(lines()), start=1):
            if place is not None:
                found.setdefault((place.postcode, place.name), place)
            if progress and number % LINES_PER_STEP == 0:
                progress(number)
    except MalformedLine as error:
        raise CannotImportPlaces(_reason(name, error)) from error
    if not found:
        raise CannotImportPlaces(
            Reason("no_places", _("%(file)s: no German place found in it.") % {"file": name})
        )
    inhabitants = {(place_words(town.name), town.land): town.population for town in towns()}
    places = []
    for read in found.values():
        words = place_words(read.name)
        places.append(
            Place(
                postcode=read.postcode,
                last_postcode=read.postcode,
                name=read.name,
                words=words,
                land=read.land.value,
                lat=read.point.lat,
                lon=read.point.lon,
                population=inhabitants.get((words, read.land), 0),
            )
        )
    with transaction.atomic():
        # Two imports at once wait for each other here, so that the later one replaces both.
        list(PlaceList.objects.select_for_update().values_list("pk"))
        loaded = _replace(
            places,
            source=Source.GEONAMES,
            fingerprint=fingerprint.hexdigest(),
            at=at,
            using=DEFAULT_DB_ALIAS,
        )
        record(
            by=by,
            at=at,
            action="places.import",
            things=[loaded],
            details={"rows": loaded.rows, "digest": loaded.digest},
        )
    return loaded


def _replace(
    places: list[Place], *, source: Source, fingerprint: str, at: datetime, using: str
) -> PlaceList:
    Place.objects.using(using).all().delete()
    Place.objects.using(using).bulk_create(places, batch_size=BATCH)
    return PlaceList.objects.using(using).create(
        source=source.value, digest=fingerprint, rows=len(places), loaded_at=at
    )


def _reason(name: str, error: MalformedLine) -> Reason:
    expected = {
        Expected.TEXT: _("text was expected; is the file still packed?"),
        Expected.UTF8: _("text in UTF-8 was expected."),
        Expected.COLUMNS: _("at least 11 columns separated by tabs were expected."),
        Expected.POSTCODE: _("a postcode of five digits was expected."),
        Expected.NAME: _("the name of a place was expected."),
        Expected.LAND: _("the name of a German Land was expected."),
        Expected.LATITUDE: _("a latitude within Germany was expected, such as 52.52."),
        Expected.LONGITUDE: _("a longitude within Germany was expected, such as 13.41."),
    }[error.expected]
    where = {"file": name, "line": error.line, "column": error.column, "expected": expected}
    if not error.found:
        return Reason(
            error.expected.value,
            _("%(file)s, line %(line)s, column %(column)s: %(expected)s") % where,
        )
    return Reason(
        error.expected.value,
        _("%(file)s, line %(line)s, column %(column)s: %(expected)s Found: “%(found)s”")
        % (where | {"found": _printable(error.found)}),
    )


def _printable(text: str) -> str:
    """A cell as it may be repeated: cut, and without signs that move the cursor."""
    return "".join(sign for sign in text[:LONGEST_FOUND] if sign.isprintable())
