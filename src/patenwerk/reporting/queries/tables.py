"""Unhidden tables for those who may see them: a coordinator's site, a manager's carrier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from patenwerk.core.policy import Actor, visible
from patenwerk.organisations.models import Focus, Site, SupportField, TandemKind
from patenwerk.places.enums import Land
from patenwerk.places.kernel.laender import name_of
from patenwerk.reporting.kernel.counting import Code, Reason
from patenwerk.reporting.kernel.release import UNKNOWN, table
from patenwerk.reporting.policy import SEE_TABLES
from patenwerk.reporting.queries.counting import (
    Counted,
    counted_tandems,
    names_of_mentees,
    reachable,
)
from patenwerk.reporting.queries.wording import reason_in_words
from patenwerk.tandems.queries.tandem import pair_of, tandems, with_people

SITE, LAND, FOCUS, FIELD, KIND = "site", "land", "focus", "field", "kind"


@dataclass(frozen=True, slots=True)
class Group:
    """One row of a table: founded and continued tandems of one year or group."""

    code: str
    name: str
    founded: int
    continued: int

    @property
    def total(self) -> int:
        """Founded and continued together."""
        return self.founded + self.continued


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One table: the year's tandems by one feature."""

    by: str
    groups: list[Group]

    @property
    def most(self) -> int:
        """The longest bar's length."""
        return max((group.total for group in self.groups), default=0)


@dataclass(frozen=True, slots=True)
class Missing:
    """A tandem, or one mentee of a group, that lacks something to count."""

    counted: Counted
    lacks: list[Reason]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything one page of figures shows.

    ``missing`` are the units of the year that do not count for lack of something; ``pks`` the
    tandems that count, ``from_lists`` how much of it was taken over from lists. ``rules`` are the
    numbers of the rules applied.
    """

    years: list[Group]
    year: int
    here: Group
    breakdowns: list[Breakdown]
    missing: list[Missing]
    pks: frozenset[int]
    from_lists: int
    rules: list[int]

    @property
    def most(self) -> int:
        """The longest bar of the years."""
        return max((group.total for group in self.years), default=0)


def sites_with_tables(actor: Actor) -> QuerySet[Site]:
    """The sites whose figures the actor may see."""
    return Site.objects.filter(visible(actor, SEE_TABLES, Site))


def figures_for(
    actor: Actor, *, on: date, year: int, language: str, site: Site | None = None
) -> Figures:
    """The tables of what the actor may see, all of it or one site's, as known on a day.

    Founded and continued are counted apart; a tandem belongs to its lead site. The number of
    queries does not depend on the number of tandems.
    """
    rows = reachable(actor)
    if site is not None:
        rows = rows.filter(site=site)
    counted = counted_tandems(rows, on)
    years = _years(counted, year)
    by_year = table(_as_one(counted), years, [""], by="field")[:, 0, :]
    counting = frozenset(
        one.pk for one in counted for each in one.verdicts if each.year == year and each.counts
    )
    groups = [
        Group(str(each), str(each), int(founded), int(continued))
        for each, (founded, continued) in zip(years, by_year, strict=True)
    ]
    names = _names(actor, counted, language, sites=site is None)
    return Figures(
        years=groups,
        year=year,
        here=next(group for group in groups if group.code == str(year)),
        breakdowns=[_breakdown(counted, year, by, words) for by, words in names.items()],
        missing=_missing(counted, year),
        pks=counting,
        from_lists=sum(one.from_a_list and one.pk in counting for one in counted),
        rules=sorted(
            {
                int(each.version)
                for one in counted
                for each in one.verdicts
                if each.year == year and each.version is not None
            }
        ),
    )


def _years(counted: Iterable[Counted], year: int) -> list[int]:
    """From the first year with a verdict to the last, the one asked for among them."""
    found = {each.year for one in counted for each in one.verdicts} | {year}
    return list(range(min(found), max(found) + 1))


def _as_one(counted: Iterable[Counted]) -> list[Counted]:
    """The same tandems in one column."""
    return [Counted(verdicts=one.verdicts, carrier="", pk=one.pk) for one in counted]


def _names(
    actor: Actor, counted: Sequence[Counted], language: str, *, sites: bool
) -> dict[str, dict[str, str]]:
    """The columns of each table with their words, in the vocabularies' order."""
    names: dict[str, dict[str, str]] = {}
    if sites:
        rows = sites_with_tables(actor).order_by("name", "pk").values_list("pk", "name")
        names[SITE] = {str(pk): name for pk, name in rows}
    lands = {one.land for one in counted}
    names[LAND] = {land.value: name_of(land, language) for land in Land if land.value in lands}
    if UNKNOWN in lands:
        names[LAND][UNKNOWN] = _("not known")
    for by, model in ((FOCUS, Focus), (FIELD, SupportField), (KIND, TandemKind)):
        used = {getattr(one, by) for one in counted}
        words = model.objects.filter(pk__in=[int(pk) for pk in used])
        names[by] = {str(word.pk): word.name_in(language) for word in words}
    return names


def _breakdown(counted: Sequence[Counted], year: int, by: str, names: dict[str, str]) -> Breakdown:
    counts = table(counted, [year], list(names), by=by)[0]
    return Breakdown(
        by,
        [
            Group(code, name, int(founded), int(continued))
            for (code, name), (founded, continued) in zip(names.items(), counts, strict=True)
        ],
    )


def _missing(counted: Iterable[Counted], year: int) -> list[Missing]:
    """Tandems that began or ran in the year and lack meetings, length or a rule; running first.

    What can never count in the year, because it has ended before or its kind counts once, does not
    lack anything.
    """
    found = []
    for one in counted:
        for each in one.verdicts:
            lacks = [reason for reason in each.reasons if not reason.met]
            if each.year == year and lacks and all(reason.code in _LACKS for reason in lacks):
                found.append(Missing(one, lacks))
    return sorted(
        found,
        key=lambda one: (one.counted.ended_on is not None, one.counted.pk, one.counted.mentee or 0),
    )


_LACKS = frozenset({Code.MEETINGS, Code.LENGTH, Code.NO_RULE})


@dataclass(frozen=True, slots=True)
class MissingTandem:
    """A tandem that does not count in the year, with what is missing in words."""

    pk: int
    names: str
    sentences: list[str]


def missing_in_words(actor: Actor, missing: Sequence[Missing]) -> list[MissingTandem]:
    """The tandems that do not count with their names, for those who see the tandem itself."""
    rows = with_people(tandems(actor).filter(pk__in=[one.counted.pk for one in missing]))
    names = {row.pk: pair_of(row, actor).names for row in rows if row.participants.all()}
    mentees = names_of_mentees(actor, [one.counted for one in missing])
    return [
        MissingTandem(
            one.counted.pk,
            ": ".join(filter(None, (names[one.counted.pk], mentees.get(one.counted.mentee or 0)))),
            [reason_in_words(reason) for reason in one.lacks],
        )
        for one in missing
        if one.counted.pk in names
    ]
