from __future__ import annotations

from collections.abc import Iterator

import pytest

from patenwerk.jobs.apps import check_names
from patenwerk.jobs.domain import handlers
from patenwerk.jobs.domain.handlers import handler_of, job_handler, job_name
from tests.jobs.handled import handled, idle


@pytest.fixture
def registers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(handlers, "_names", set(handlers._names))
    monkeypatch.setattr(handlers, "_handlers", dict(handlers._handlers))
    return


def test_what_is_installed_resolves() -> None:
    assert check_names() == []


def test_a_name_without_a_handler_is_found(registers: None) -> None:
    job_name("tests.forgotten")
    assert [(error.id, error.msg) for error in check_names()] == [
        ("jobs.E001", "The job 'tests.forgotten' has no handler.")
    ]


def test_a_handler_nobody_calls_is_found(registers: None) -> None:
    job_handler("tests.idle")(idle)
    assert [(error.id, error.msg) for error in check_names()] == [
        ("jobs.E002", "The handler 'tests.idle' answers to a name that nobody enqueues.")
    ]


def test_two_handlers_of_one_name_are_refused() -> None:
    with handled("tests.twice", idle):
        with pytest.raises(ValueError, match="two handlers"):
            job_handler("tests.twice")(idle)
        assert handler_of("tests.twice") is not None
    assert handler_of("tests.twice") is None
