"""Yearly figures from before the installation: a file in, or one clear sentence."""

from __future__ import annotations

import contextlib

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patenwerk.audit.models import AuditEntry
from patenwerk.core.sheets.writing import write_xlsx
from patenwerk.organisations.models import Carrier
from patenwerk.reporting.domain.yearly_figures import (
    CannotImportFigures,
    import_yearly_figures,
    read_yearly_figures,
    remove_yearly_figures,
)
from patenwerk.reporting.models import YearlyFigure
from patenwerk.reporting.queries.release import counted_from, imported_figures, imported_years
from tests.factories.organisations import CarrierFactory, FocusFactory
from tests.factories.reporting import AT, NOBODY, YearlyFigureFactory

pytestmark = pytest.mark.django_db

HEADER = "Jahr;Träger;Merkmal;Wert;Anzahl\n"
GOOD = """2023;Brückenbogen;gesamt;;60
2023;Brückenbogen;Land;NW;40
2023;Brückenbogen;Bundesland;Bayern;15
2023;bruckenbogen;Schwerpunkt;Sprache;50
2023;;gesamt;;1.200
2024;Brückenbogen;total;;70
"""


@pytest.fixture
def carrier() -> Carrier:
    carrier = CarrierFactory.create(name="Brückenbogen")
    FocusFactory.create(programme=carrier.programme, code="sprache", name_de="Sprache")
    CarrierFactory.create(name="Fremder Träger")
    FocusFactory.create(code="fremd", name_de="Fremd")
    return carrier


def take(carrier: Carrier, rows: str, header: str = HEADER) -> None:
    import_yearly_figures(
        programme=carrier.programme, data=(header + rows).encode(), by=NOBODY, at=AT
    )


def refused(carrier: Carrier, rows: str, header: str = HEADER) -> list[str]:
    """The sentences, and nothing was written."""
    before = list(YearlyFigure.objects.values_list("year", "count"))
    with pytest.raises(CannotImportFigures) as refusal:
        take(carrier, rows, header)
    assert list(YearlyFigure.objects.values_list("year", "count")) == before
    return [str(reason.sentence) for reason in refusal.value.reasons]


def stored() -> set[tuple[int, str | None, str, str, int]]:
    return set(
        YearlyFigure.objects.values_list("year", "reported_by__name", "dimension", "code", "count")
    )


def test_a_file_is_taken_over_whole(carrier: Carrier) -> None:
    take(carrier, GOOD)
    assert stored() == {
        (2023, "Brückenbogen", "total", "", 60),
        (2023, "Brückenbogen", "land", "NW", 40),
        (2023, "Brückenbogen", "land", "BY", 15),
        (2023, "Brückenbogen", "focus", "sprache", 50),
        (2023, None, "total", "", 1200),
        (2024, "Brückenbogen", "total", "", 70),
    }
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.details) == (
        "reporting.import_figures",
        {"years": [2023, 2024], "rows": 6},
    )
    assert imported_years(carrier.programme) == [(2023, 1260), (2024, 70)]


def test_the_figures_say_of_themselves_that_they_were_imported(carrier: Carrier) -> None:
    take(carrier, GOOD)
    found = {(one.year, one.carrier): one for one in imported_figures(carrier.programme)}
    own = found[2023, str(carrier.pk)]
    assert (own.total, dict(own.lands), dict(own.focuses), own.imported) == (
        60,
        {"NW": 40, "BY": 15},
        {"sprache": 50},
        True,
    )
    assert found[2023, "unknown"].total == 1200
    assert set(found) == {(2023, str(carrier.pk)), (2023, "unknown"), (2024, str(carrier.pk))}


def test_the_same_file_twice_changes_nothing_and_a_year_is_replaced_as_a_whole(
    carrier: Carrier,
) -> None:
    take(carrier, GOOD)
    before = stored()
    take(carrier, GOOD)
    assert stored() == before
    take(carrier, "2023;Brückenbogen;gesamt;;61\n")
    assert stored() == {
        (2023, "Brückenbogen", "total", "", 61),
        (2024, "Brückenbogen", "total", "", 70),
    }


def test_a_carrier_can_be_the_row_s_group(carrier: Carrier) -> None:
    take(carrier, "2023;carrier;Brückenbogen;9\n", "year;dimension;code;count\n")
    assert stored() == {(2023, "Brückenbogen", "total", "", 9)}


def test_a_workbook_is_read_as_well(carrier: Carrier) -> None:
    data = write_xlsx(
        ["Year", "Carrier", "Dimension", "Value", "Count"],
        [[2023, "Brückenbogen", "total", None, 12]],
    )
    import_yearly_figures(programme=carrier.programme, data=data, by=NOBODY, at=AT)
    assert stored() == {(2023, "Brückenbogen", "total", "", 12)}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("2015;Brückenbogen;gesamt;;5", "Jahr"),
        ("2026;Brückenbogen;gesamt;;5", "Jahr"),
        ("bald;Brückenbogen;gesamt;;5", "Jahr"),
        ("2023;Fremder Träger;gesamt;;5", "Träger"),
        ("2023;Brückenbogen;Laune;;5", "Merkmal"),
        ("2023;Brückenbogen;;;5", "Merkmal"),
        ("2023;Brückenbogen;gesamt;NW;5", "Wert"),
        ("2023;Brückenbogen;Land;Atlantis;5", "Wert"),
        ("2023;Brückenbogen;Schwerpunkt;Fremd;5", "Wert"),
        ("2023;Brückenbogen;Träger;Niemand;5", "Wert"),
        ("2023;Brückenbogen;gesamt;;-1", "Anzahl"),
        ("2023;Brückenbogen;gesamt;;2,5", "Anzahl"),
        ("2023;Brückenbogen;gesamt;;", "Anzahl"),
        ("2023;Brückenbogen;gesamt;;99999999999999", "Anzahl"),
    ],
)
def test_what_is_not_understood_is_named_by_row_and_column(
    carrier: Carrier, row: str, column: str
) -> None:
    (sentence,) = refused(carrier, f"2024;Brückenbogen;gesamt;;5\n{row}\n")
    assert "3" in sentence
    assert f"»{column}«" in sentence


def test_what_is_not_understood_does_not_count_as_said_twice(carrier: Carrier) -> None:
    wrong = refused(carrier, "2023;;Land;Atlantis;5\n2023;;Land;Utopia;6\n")
    assert len(wrong) == 2
    assert all("»Wert«" in sentence for sentence in wrong)


def test_all_rows_are_looked_at_but_not_more_than_twenty_are_named(carrier: Carrier) -> None:
    assert len(refused(carrier, "2023;Brückenbogen;gesamt;;x\n" * 30)) == 20


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ("2023;Brückenbogen;gesamt;;5\n2023;Brückenbogen;gesamt;;6\n", "2"),
        ("2023;Brückenbogen;Land;NW;5\n", "»Merkmal«"),
        ("2023;Brückenbogen;gesamt;;5\n2023;;Land;NW;5\n", "3"),
        ("2023;Brückenbogen;gesamt;;5\n2023;Brückenbogen;Land;NW;6\n", "»Anzahl«"),
        (
            "2023;Brückenbogen;gesamt;;5\n"
            "2023;Brückenbogen;Land;NW;3\n2023;Brückenbogen;Land;BY;3\n",
            "»Anzahl«",
        ),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(carrier: Carrier, rows: str, named: str) -> None:
    (sentence,) = refused(carrier, rows)
    assert named in sentence


def test_a_whole_number_with_a_point_is_a_whole_number(carrier: Carrier) -> None:
    data = write_xlsx(
        ["Jahr", "Merkmal", "Anzahl"], [["2023", "gesamt", "1.500"], [2024, "gesamt", 1e16]]
    )
    with pytest.raises(CannotImportFigures) as refusal:
        import_yearly_figures(programme=carrier.programme, data=data, by=NOBODY, at=AT)
    assert [reason.sentence for reason in refusal.value.reasons] == [
        "Zeile 3, Spalte »Anzahl«: erwartet wird eine ganze Zahl von 0 bis 10000000."
    ]


def test_columns_that_are_missing_are_named(carrier: Carrier) -> None:
    sentences = refused(carrier, "2023;5\n", "Jahr;Zeug\n")
    assert len(sentences) == 2
    assert "Merkmal" in sentences[0]
    assert "Anzahl" in sentences[1]


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_no_spreadsheet_is_one_clear_sentence(carrier: Carrier, data: bytes) -> None:
    with pytest.raises(CannotImportFigures) as refusal:
        read_yearly_figures(programme=carrier.programme, data=data, at=AT)
    assert len(refusal.value.reasons) == 1
    assert refusal.value.reasons[0].field == "file"


def test_a_header_alone_is_refused(carrier: Carrier) -> None:
    assert len(refused(carrier, "")) == 1


def test_imported_years_leave_no_gap(carrier: Carrier) -> None:
    take(carrier, "2019;Brückenbogen;gesamt;;5\n")
    (sentence,) = refused(carrier, "2022;Brückenbogen;gesamt;;5\n")
    assert "2020, 2021" in sentence


def test_counting_begins_after_the_last_imported_year(carrier: Carrier) -> None:
    assert counted_from(carrier.programme) == 2016
    take(carrier, "2019;Brückenbogen;gesamt;;5\n2020;Brückenbogen;gesamt;;5\n")
    assert counted_from(carrier.programme) == 2021


def test_only_the_last_year_is_taken_back(carrier: Carrier) -> None:
    take(carrier, "2019;Brückenbogen;gesamt;;5\n2020;Brückenbogen;gesamt;;6\n")
    foreign = YearlyFigureFactory.create(year=2020)
    for year in (2019, 2021):
        with pytest.raises(CannotImportFigures):
            remove_yearly_figures(programme=carrier.programme, year=year, by=NOBODY, at=AT)
    remove_yearly_figures(programme=carrier.programme, year=2020, by=NOBODY, at=AT)
    assert imported_years(carrier.programme) == [(2019, 5)]
    assert YearlyFigure.objects.filter(pk=foreign.pk).exists()
    assert AuditEntry.objects.last() is not None


def test_the_database_knows_each_figure_once(carrier: Carrier) -> None:
    said = {"programme": carrier.programme, "year": 2020, "imported_at": AT, "count": 1}
    YearlyFigure.objects.create(dimension="total", **said)
    for twice in (
        {"dimension": "total"},
        {"dimension": "land"},
        {"dimension": "total", "code": "x"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            YearlyFigure.objects.create(**said, **twice)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_any_file_is_understood_or_refused(carrier: Carrier, data: bytes) -> None:
    for content in (data, HEADER.encode() + data):
        with contextlib.suppress(CannotImportFigures):
            import_yearly_figures(programme=carrier.programme, data=content, by=NOBODY, at=AT)
