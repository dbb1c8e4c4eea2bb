"""What a site's own headers mean."""

from __future__ import annotations

from django.db import models

from patenwerk.core.personal_data import NoPersonalData
from patenwerk.organisations.models import SiteScoped


class MappingMemory(SiteScoped):
    """A header that somebody gave its column by hand; an empty ``column`` leaves it out.

    ``header_key`` is the header in the form of ``core.sheets.words.header_key``.
    """

    personal_data = NoPersonalData("names of columns, never what stands in them")

    kind = models.CharField(max_length=20)
    header_key = models.CharField(max_length=120)
    column = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "kind", "header_key"], name="mapping_memory_header_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.header_key} → {self.column}"
