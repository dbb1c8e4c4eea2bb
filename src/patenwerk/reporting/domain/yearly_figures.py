"""Importing the yearly figures from before the installation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.core.sheets.messages import refusal_sentence
from patenwerk.core.sheets.model import Row, Sheet, SheetRefused, Value
from patenwerk.core.sheets.reading import read_sheet
from patenwerk.core.sheets.words import fold, header_key
from patenwerk.organisations.models import Carrier, Focus, Programme
from patenwerk.places.kernel.laender import land_of
from patenwerk.reporting.enums import Dimension
from patenwerk.reporting.models import YearlyFigure

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "year": ("Jahr", "Year"),
    "carrier": ("Träger", "Carrier"),
    "dimension": ("Merkmal", "Aufteilung", "Dimension"),
    "code": ("Wert", "Code", "Ausprägung", "Value"),
    "count": ("Anzahl", "Zahl", "Count", "Number"),
}
REQUIRED = ("year", "dimension", "count")
DIMENSIONS: Mapping[str, Dimension] = {
    fold(word): dimension
    for dimension, words in {
        Dimension.TOTAL: ("total", "gesamt", "insgesamt", "summe"),
        Dimension.LAND: ("land", "bundesland", "länder"),
        Dimension.FOCUS: ("focus", "schwerpunkt"),
    }.items()
    for word in words
}
#: A file that says a carrier's total as »carrier; its name; count« is understood as well.
CARRIER_WORDS = frozenset({fold("carrier"), fold("träger")})
MOST = 10_000_000
REASONS_SHOWN = 20

_KEYS = {header_key(word): column for column, words in COLUMNS.items() for word in words}


class CannotImportFigures(Refusal):
    """Nothing was taken over; each reason names row and column."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure as understood. ``carrier`` None: of carriers not known any more."""

    year: int
    carrier: Carrier | None
    dimension: Dimension
    code: str
    count: int
    row: int = field(default=0, compare=False)

    @property
    def key(self) -> tuple[int, int, str, str]:
        """What may be said once."""
        return (self.year, self.carrier.pk if self.carrier else 0, self.dimension, self.code)


def read_yearly_figures(*, programme: Programme, data: bytes, at: datetime) -> list[FigureRow]:
    """The figures a CSV, XLSX or ODS file holds, all of them understood.

    Columns: year, carrier (may be missing or empty), dimension (total, Land, focus), code, count.
    Each year and carrier needs a total that its parts fit into. Raises
    :class:`CannotImportFigures` with up to 20 reasons, each naming row and column.
    """
    try:
        sheet = read_sheet(data, known_headers=_KEYS.keys())
    except SheetRefused as refusal:
        reason = Reason(refusal.code.value, refusal_sentence(refusal), "file")
        raise CannotImportFigures(reason) from refusal
    reader = _Reader(programme, sheet, day_of(at).year)
    rows = reader.rows()
    reasons = reader.reasons or _contradictions(rows)
    if not rows and not reasons:
        reasons = [Reason("empty", _("The file holds no rows."), "file")]
    if reasons:
        raise CannotImportFigures(reasons[:REASONS_SHOWN])
    return rows


def import_yearly_figures(
    *, programme: Programme, data: bytes, by: Actor, at: datetime
) -> list[FigureRow]:
    """Take a file's figures over. Years the file names are replaced as a whole.

    So the same file twice changes nothing. From the year after the last imported one tandems are
    counted here. Raises :class:`CannotImportFigures`; nothing is half written.
    """
    rows = read_yearly_figures(programme=programme, data=data, at=at)
    years = sorted({row.year for row in rows})
    Programme.objects.select_for_update().get(pk=programme.pk)
    known = YearlyFigure.objects.filter(programme=programme).values_list("year", flat=True)
    _refuse_gap({*years, *known})
    YearlyFigure.objects.filter(programme=programme, year__in=years).delete()
    YearlyFigure.objects.bulk_create(
        YearlyFigure(
            programme=programme,
            year=row.year,
            reported_by=row.carrier,
            dimension=row.dimension.value,
            code=row.code,
            count=row.count,
            imported_at=at,
        )
        for row in rows
    )
    record(
        by=by,
        at=at,
        action="reporting.import_figures",
        things=[programme],
        details={"years": years, "rows": len(rows)},
    )
    return rows


def remove_yearly_figures(*, programme: Programme, year: int, by: Actor, at: datetime) -> None:
    """Take back the last imported year, so that its tandems are counted here.

    Raises :class:`CannotImportFigures` for any other year: a gap between imported years would
    be counted as if nobody had met.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)
    figures = YearlyFigure.objects.filter(programme=programme)
    last = figures.order_by("-year").values_list("year", flat=True).first()
    if year != last:
        sentence = _("Only the last imported year can be taken back.")
        raise CannotImportFigures(Reason("not_last", sentence))
    figures.filter(year=year).delete()
    record(
        by=by,
        at=at,
        action="reporting.remove_figures",
        things=[programme],
        details={"year": year},
    )


def _refuse_gap(years: set[int]) -> None:
    """Imported years follow one another, or a year would read as if nobody had met in it."""
    gaps = [str(year) for year in range(min(years), max(years)) if year not in years]
    if gaps:
        sentence = _("Between the imported years these are missing: %(years)s.") % {
            "years": ", ".join(gaps)
        }
        raise CannotImportFigures(Reason("gap", sentence, "file"))


class _Reader:
    """Understands the rows of one sheet and collects what it does not."""

    def __init__(self, programme: Programme, sheet: Sheet, this_year: int) -> None:
        self.sheet = sheet
        self.first_year = programme.started_on.year
        self.this_year = this_year
        self.reasons: list[Reason] = []
        self.carriers = {fold(one.name): one for one in Carrier.objects.filter(programme=programme)}
        self.focuses: dict[str, str] = {}
        for word in Focus.objects.filter(programme=programme):
            for said in (word.code, word.name_de, word.name_en):
                self.focuses.setdefault(fold(said), word.code)
        self.column: dict[str, int] = {}
        for index, header in enumerate(sheet.headers):
            known = _KEYS.get(header_key(header))
            if known is not None:
                self.column.setdefault(known, index)

    def rows(self) -> list[FigureRow]:
        for column in REQUIRED:
            if column not in self.column:
                sentence = _("The column “%(column)s” is missing.") % {"column": COLUMNS[column][0]}
                self.reasons.append(Reason("column_missing", sentence, "file"))
        if self.reasons:
            return []
        found: dict[tuple[int, int, str, str], FigureRow] = {}
        for row in self.sheet.rows:
            figure = self._figure(row)
            if figure is None:
                continue
            first = found.setdefault(figure.key, figure)
            if first is not figure:
                self._wrong(row, "year", _("says the same as row %(row)s") % {"row": first.row})
        return list(found.values())

    def _figure(self, row: Row) -> FigureRow | None:
        before = len(self.reasons)
        year = self._whole(row, "year", self.first_year, self.this_year - 1)
        count = self._whole(row, "count", 0, MOST)
        word = fold(_text(self._cell(row, "dimension")))
        if word in CARRIER_WORDS:
            carrier = self._carrier(row, "code")
            dimension: Dimension | None = Dimension.TOTAL
            code = ""
        else:
            carrier = self._carrier(row, "carrier")
            dimension = DIMENSIONS.get(word)
            code = self._code(row, dimension)
        if len(self.reasons) > before or year is None or count is None or dimension is None:
            return None
        return FigureRow(year, carrier, dimension, code, count, row.number)

    def _code(self, row: Row, dimension: Dimension | None) -> str:
        said = _text(self._cell(row, "code"))
        if dimension is None:
            self._wrong(row, "dimension", _("expected: total, Land or focus"))
        elif dimension is Dimension.TOTAL and said:
            self._wrong(row, "code", _("stays empty beside a total"))
        elif dimension is Dimension.LAND:
            land = land_of(said)
            if land is not None:
                return land.value
            self._wrong(row, "code", _("expected: one of the 16 Länder, such as NW"))
        elif dimension is Dimension.FOCUS:
            if fold(said) in self.focuses:
                return self.focuses[fold(said)]
            self._wrong(row, "code", _("expected: a focus of the programme"))
        return ""

    def _carrier(self, row: Row, column: str) -> Carrier | None:
        said = _text(self._cell(row, column))
        if not said and column == "carrier":
            return None
        carrier = self.carriers.get(fold(said))
        if carrier is None:
            self._wrong(row, column, _("expected: the name of a carrier of the programme"))
        return carrier

    def _whole(self, row: Row, column: str, least: int, most: int) -> int | None:
        value = self._cell(row, column)
        text = _text(value).replace(".", "") if isinstance(value, str) else _text(value)
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None
        if isinstance(value, float) and value.is_integer():
            number = int(value)
        if number is None or not least <= number <= most:
            sentence = _("expected: a whole number from %(least)s to %(most)s") % {
                "least": least,
                "most": most,
            }
            self._wrong(row, column, sentence)
            return None
        return number

    def _cell(self, row: Row, column: str) -> Value:
        index = self.column.get(column)
        return None if index is None else row.cells[index]

    def _wrong(self, row: Row, column: str, expected: str) -> None:
        index = self.column.get(column)
        name = COLUMNS[column][0] if index is None else self.sheet.headers[index]
        self.reasons.append(_reason(row.number, name, expected))


def _reason(row: int, column: str, what: str) -> Reason:
    sentence = _("Row %(row)s, column “%(column)s”: %(what)s.") % {
        "row": row,
        "column": column,
        "what": what,
    }
    return Reason("row", sentence, "file")


def _contradictions(rows: Iterable[FigureRow]) -> list[Reason]:
    """Parts without a total or above it, per year and carrier."""
    totals: dict[tuple[int, int], FigureRow] = {}
    parts: dict[tuple[int, int, str], list[FigureRow]] = defaultdict(list)
    for row in rows:
        year, carrier, dimension, _code = row.key
        if row.dimension is Dimension.TOTAL:
            totals[year, carrier] = row
        else:
            parts[year, carrier, dimension].append(row)
    reasons = []
    for (year, carrier, _dimension), found in sorted(parts.items()):
        total, last = totals.get((year, carrier)), found[-1]
        if total is None:
            what = _("there is no total of this year and carrier")
            reasons.append(_reason(found[0].row, COLUMNS["dimension"][0], what))
        elif sum(row.count for row in found) > total.count:
            what = _("the parts are more than the total %(total)s in row %(row)s") % {
                "total": total.count,
                "row": total.row,
            }
            reasons.append(_reason(last.row, COLUMNS["count"][0], what))
    return reasons


def _text(value: Value) -> str:
    return "" if value is None else str(value).strip()
