"""The demo at full size: how long it takes, and its figures beside the reported ones."""

import time
from datetime import date
from pathlib import Path

import pytest

from patenwerk.demo.domain.demo import PEOPLE, make_demo
from patenwerk.demo.queries.comparison import comparison, table_in_markdown
from patenwerk.organisations.models import Programme

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "demo.md"
ON = date(2026, 11, 23)


def made(people: int) -> Programme:
    return make_demo(on=ON, people=people, password_of=lambda _: None, watch=lambda *_: None)


@pytest.mark.soak
@pytest.mark.django_db
def test_its_figures_are_plausible_and_in_the_docs(*, soak: bool) -> None:
    # The processor's seconds: the tests share the machine with one another.
    begun = time.process_time()
    lines = comparison(made(PEOPLE if soak else 300), ON)
    seconds = time.process_time() - begun
    if not soak:
        assert len(lines) == 7
        assert [line.says for line in lines if line.found <= 0] == []
        return
    assert [line for line in lines if not line.fits] == []
    assert table_in_markdown(lines) in PAGE.read_text(encoding="utf-8")
    assert seconds < 60
