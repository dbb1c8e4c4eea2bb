"""Every refusal and every finding has its sentence."""

from __future__ import annotations

import pytest
from django.utils import translation

from patenwerk.core.sheets.messages import notice_sentence, refusal_sentence
from patenwerk.core.sheets.model import Notice, Noticed, Refused, SheetRefused

VALUES: dict[str, str | int] = {
    "count": 2,
    "column": "PLZ",
    "row": 7,
    "value": "03/04/2010",
    "sheet": "Mai",
    "sheets": "Juni",
    "where": "A1:B2",
    "forms": "iso",
}


@pytest.mark.parametrize("code", Refused)
def test_each_refusal_has_a_sentence(code: Refused) -> None:
    with translation.override("en"):
        sentence = refusal_sentence(SheetRefused(code, limit=20 * 1024 * 1024, **VALUES))
    assert sentence.endswith(".")
    assert "%" not in sentence


def test_limits_are_said_in_their_unit() -> None:
    with translation.override("en"):
        assert "20 MB" in refusal_sentence(SheetRefused(Refused.TOO_LARGE, limit=20 * 1024 * 1024))
        assert "300 char" in refusal_sentence(SheetRefused(Refused.TOO_LARGE, limit=300))


@pytest.mark.parametrize("code", Noticed)
@pytest.mark.parametrize("count", [1, 2])
def test_each_finding_has_a_sentence(code: Noticed, count: int) -> None:
    with translation.override("en"):
        sentence = notice_sentence(Notice(code, {**VALUES, "count": count}))
    assert sentence.endswith(".")
    assert "%" not in sentence
