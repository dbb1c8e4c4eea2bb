"""The empty workbook: what it says is what the reader understands."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.utils import translation

from patenwerk.core.policy import Actor
from patenwerk.core.sheets.model import Noticed, Row, Sheet
from patenwerk.core.sheets.reading import read_sheet
from patenwerk.core.sheets.words import fold
from patenwerk.core.sheets.writing import sheet_title
from patenwerk.imports.domain.kinds import kinds
from patenwerk.imports.domain.template import whole_template
from patenwerk.imports.enums import UploadState
from patenwerk.organisations.models import Site
from patenwerk.people.kernel.problems import Code
from tests.factories.imports import AT, book_of
from tests.factories.organisations import (
    FocusFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
    actor,
    coordinator,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    site: Site = SiteFactory.create()
    TandemKindFactory.create(programme=site.programme, name_de="Chance", name_en="Chance tandem")
    FocusFactory.create(programme=site.programme, name_de="Bildung", name_en="Education")
    SupportFieldFactory.create(programme=site.programme, name_de="Schule", name_en="School")
    return site


@pytest.fixture
def by(site: Site) -> Actor:
    return actor(coordinator(site))


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_header_and_every_word_to_choose_is_understood(site: Site, language: str) -> None:
    chosen = 0
    for kind in kinds.all():
        with translation.override(language):
            table = kind.template(site)
            assert fold(sheet_title(table.title)) in kind.sheet_words()
        headers = tuple(column.title for column in table.columns)
        suggested = kind.suggest(headers, {})
        assert all(each.sure and each.column for each in suggested), headers
        assert kind.missing({each.column for each in suggested}) == []
        for index, column in enumerate(table.columns):
            assert len(column.hint) <= 255
            for word in column.words:
                chosen += 1
                sheet = one_row(headers, index, word)
                mapping = {place: each.column for place, each in enumerate(suggested)}
                (row,) = kind.understand(sheet, mapping, site=site, on=AT.date(), date_order=None)
                # Alone in its row a word has nobody it is about; that says nothing of the word.
                misread = [each for each in row.problems if each.code is not Code.NO_GUARDIAN_NAMED]
                assert suggested[index].column not in {each.column for each in misread}, word
    assert chosen > 30


def one_row(headers: tuple[str, ...], index: int, word: str) -> Sheet:
    return Sheet(
        name="",
        sheet_names=(),
        headers=headers,
        header_row=1,
        rows=(Row(2, tuple(word if at == index else None for at in range(len(headers)))),),
        notices=(),
        asks_date_order=False,
    )


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_file_has_hints_words_and_a_hidden_sheet_nobody_is_told_of(
    site: Site, by: Actor, language: str
) -> None:
    with translation.override(language):
        name, data = whole_template(site)
    assert name == ("Patenwerk-Vorlage.xlsx" if language == "de" else "Patenwerk-template.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(data))
    hidden = [sheet for sheet in book if sheet.sheet_state == "hidden"]
    assert [sheet.title for sheet in hidden] == ["Auswahl" if language == "de" else "Choices"]
    sheets = [sheet for sheet in book if sheet not in hidden]
    assert [len(list(sheet.iter_rows())) for sheet in sheets] == [1] * 7
    rules = [rule for sheet in sheets for rule in sheet.data_validations.dataValidation]
    assert sum(rule.type == "list" for rule in rules) == 23
    assert all(rule.prompt or rule.formula1 for rule in rules)
    listed = {str(rule.formula1) for rule in rules if rule.formula1}
    assert len(listed) == 23
    assert all(place.startswith(f"'{hidden[0].title}'!$") for place in listed)
    sheets[0].append([None, "Lea", "Birke", *[None] * 4, "04109", None, "Deutsch C1"])
    out = io.BytesIO()
    book.save(out)
    assert [notice.code for notice in read_sheet(out.getvalue()).notices] == [Noticed.OTHER_SHEETS]
    compared = book_of(site, out.getvalue(), by)
    assert (compared.state, compared.left_out) == (UploadState.COMPARED, [])
    assert {each.kind: each.rows_new for each in compared.lists.all()} == {
        "mentor": 1,
        "mentee": 0,
        "consents": 0,
        "tandems": 0,
        "members": 0,
        "meetings": 0,
        "closings": 0,
    }
