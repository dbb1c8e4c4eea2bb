"""Places and the lists they came in. Public facts: they belong to nobody and need no policy."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import NoPersonalData
from patenwerk.places.enums import Land, Source
from patenwerk.places.kernel.laender import NAMES


class PlaceList(models.Model):
    """One loading of all places: where they came from and when. The newest one is in use."""

    scope_free = "Says which public list of places the whole installation uses."
    personal_data = NoPersonalData(reason="Where public place names came from, and when.")

    source = models.CharField(
        _("source"),
        max_length=10,
        choices=[
            (Source.DEFAULT.value, _("table of larger towns")),
            (Source.GEONAMES.value, _("GeoNames postcode file")),
        ],
    )
    digest = models.CharField(_("fingerprint"), max_length=64)
    rows = models.PositiveIntegerField(_("places"))
    loaded_at = models.DateTimeField(_("loaded at"))

    class Meta:
        verbose_name = _("list of places")
        verbose_name_plural = _("lists of places")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(source__in=[source.value for source in Source]),
                name="place_list_source_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} ({self.rows})"


class Place(models.Model):
    """A place with one postcode, or with the range from ``postcode`` to ``last_postcode``.

    ``words`` are the folded name for the search; ``population`` orders what is found and is 0
    where it is not known.
    """

    scope_free = "Public facts about towns, the same for every programme."
    personal_data = NoPersonalData(reason="Public names and positions of towns.")

    postcode = models.CharField(_("postcode"), max_length=5)
    last_postcode = models.CharField(_("last postcode"), max_length=5)
    name = models.CharField(_("name"), max_length=200)
    words = models.CharField(max_length=200, db_index=True)
    land = models.CharField(
        _("Land"),
        max_length=2,
        # Proper names: given as data, not translated by files.
        choices=[(land.value, NAMES[land].german) for land in Land],
    )
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    population = models.PositiveIntegerField(_("inhabitants"), default=0)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["postcode", "name"]
        constraints = [
            models.UniqueConstraint(fields=["postcode", "name"], name="place_once_per_postcode"),
            models.CheckConstraint(
                condition=models.Q(postcode__regex=r"^[0-9]{5}$")
                & models.Q(last_postcode__regex=r"^[0-9]{5}$")
                & models.Q(postcode__lte=models.F("last_postcode")),
                name="place_postcodes_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(land__in=[land.value for land in Land]),
                name="place_land_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.postcode} {self.name}"
