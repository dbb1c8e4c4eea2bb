"""What the apps above tandems add to the world of the sweep."""

from __future__ import annotations

from django.db import models

from tests.isolation.world import Maker

MAKERS: list[Maker] = []
#: Models of these apps that the programme office sees.
OFFICE_SEES: set[type[models.Model]] = set()
