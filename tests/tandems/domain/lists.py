"""Rows of lists about tandems, read and taken as uploads are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from patenwerk.core.policy import Actor
from patenwerk.imports.domain.kinds import Beside, Line
from patenwerk.imports.enums import Standing
from patenwerk.organisations.models import Site
from patenwerk.tandems.domain.tandem_list import TANDEMS
from tests.sheets import sheet_of

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ON = date(2026, 11, 23)
PAIR = {"mentor": "Birke, Lea", "mentee": "Sara Linde", "began_on": date(2026, 3, 1)}
MET = {
    "mentor_id": "M-1",
    "mentee": "Sara Linde",
    "held_on": date(2026, 3, 8),
    "minutes": 60,
}


def read(kind: Any, site: Site, *rows: Mapping[str, Any], beside: Beside | None = None) -> Any:
    sheet = sheet_of(*rows)
    mapping = dict(enumerate(sheet.headers))
    understood = kind.understand(sheet, mapping, site=site, on=ON, date_order=None)
    return kind.compare(understood, site=site, on=ON, beside=beside or {})


def standings(lines: list[Line]) -> list[Standing]:
    return [line.standing for line in lines]


def problems(lines: list[Line]) -> list[str]:
    return [problem.sentence for line in lines for problem in line.problems]


def taken(site: Site, by: Actor, *rows: Mapping[str, Any], kind: Any = TANDEMS) -> None:
    lines = read(kind, site, *rows)
    good = [line for line in lines if line.standing in {Standing.NEW, Standing.CHANGED}]
    kind.take(good, site=site, by=by, at=AT)
