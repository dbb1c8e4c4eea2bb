"""The published figures of a round over all carriers, ready for a page and its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from patenwerk.matching.models import ProgrammeRound
from patenwerk.organisations.kernel.words import MentorWords
from patenwerk.people.kernel.languages import language_name
from patenwerk.places.enums import Land
from patenwerk.places.kernel.laender import name_of

SHOWN_HELPS = 12
SHOWN_FLOWS = 10
"""So many of the largest stand on the page at once, the others are folded away."""


@dataclass(frozen=True, slots=True)
class LandLine:
    """One Land's row: places looked for and offered, before and after; None is hidden."""

    code: str
    name: str
    sought: int | None
    kept: int | None
    offered: int | None
    free: int | None


@dataclass(frozen=True, slots=True)
class FlowLine:
    """So many pairs go from one Land to another (or stay inside it)."""

    start: str
    end: str
    start_name: str
    end_name: str
    count: int | None

    @property
    def is_inside(self) -> bool:
        """Whether both live in the same Land."""
        return self.start == self.end

    @property
    def words(self) -> str:
        """Where from and where to."""
        return _("from %(start)s to %(end)s") % {"start": self.start_name, "end": self.end_name}


@dataclass(frozen=True, slots=True)
class ProgrammeFigures:
    """Everything the page of a round shows; ``held_back``: nothing can be shown safely."""

    held_back: bool
    totals: Mapping[str, int | None]
    lands: list[LandLine]
    flows: list[FlowLine]
    helps: list[str]
    inside: list[tuple[str, str, int | None]]
    between: list[tuple[str, str, str, int | None]]

    @property
    def nobody(self) -> bool:
        """Whether nobody took part at all."""
        return not self.held_back and not self.lands

    @property
    def largest_flows(self) -> list[FlowLine]:
        """What is read at once."""
        return self.flows[:SHOWN_FLOWS]

    @property
    def further_flows(self) -> list[FlowLine]:
        """What is read when it is asked for."""
        return self.flows[SHOWN_FLOWS:]

    @property
    def hides(self) -> bool:
        """Whether any number is hidden."""
        shown = [
            *self.totals.values(),
            *(flow.count for flow in self.flows),
            *(one for line in self.lands for one in (line.sought, line.kept)),
            *(one for line in self.lands for one in (line.offered, line.free)),
        ]
        return None in shown


def figures_of(found: ProgrammeRound, language: str) -> ProgrammeFigures:
    """What a finished round publishes, in words and in the order it is read. No query."""
    told: Mapping[str, Any] = found.published
    if told.get("held_back", True):
        return ProgrammeFigures(True, {}, [], [], [], [], [])
    names = {code: _land_name(code, language) for code in _codes(told)}
    lands = [LandLine(code, names[code], **numbers) for code, numbers in told["lands"].items()]
    flows = [
        FlowLine(start, end, names[start], names[end], count) for start, end, count in told["flows"]
    ]
    stays = {flow.start: flow.count for flow in flows if flow.is_inside}
    words = found.programme.mentor_words
    return ProgrammeFigures(
        held_back=False,
        totals=told["totals"],
        lands=sorted(lands, key=lambda line: (not line.code, line.name)),
        # Hidden ones come last, by their words: their place tells nothing.
        flows=sorted(flows, key=lambda flow: (-(flow.count or 0), flow.words)),
        helps=[
            _help_in_words(help_, names, words, language) for help_ in told["helps"][:SHOWN_HELPS]
        ],
        inside=[(land, name_of(land, language), stays.get(land, 0)) for land in Land],
        between=[
            (flow.start, flow.end, flow.words, flow.count) for flow in flows if not flow.is_inside
        ],
    )


def _codes(told: Mapping[str, Any]) -> Iterable[str]:
    yield from told["lands"]
    for start, end, _count in told["flows"]:
        yield from (start, end)


def _land_name(code: str, language: str) -> str:
    return name_of(Land(code), language) if code else pgettext("Land", "Land unknown")


def _help_in_words(
    told: Mapping[str, Any], names: Mapping[str, str], words: MentorWords, language: str
) -> str:
    # A group that is told of is never of one.
    return _(
        "%(count)s more %(mentors)s with %(language)s in postcode area %(area)s… (%(land)s)"
    ) % {
        "count": told["count"],
        "mentors": words.plural,
        "language": language_name(told["language"], language),
        "area": told["area"],
        "land": names[told["land"]],
    }
