"""Who was there: the filter and the question about one row agree."""

from __future__ import annotations

import pytest

from patenwerk.gatherings.enums import Seat
from patenwerk.gatherings.models import Registration
from patenwerk.gatherings.queries.presence import present, was_present
from tests.factories.gatherings import RegistrationFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "attended", "expected"),
    [
        (Seat.SEATED, None, True),
        (Seat.SEATED, True, True),
        (Seat.SEATED, False, False),
        (Seat.DECLINED, None, False),
        (Seat.DECLINED, True, True),
        (Seat.SUBSTITUTE, None, False),
    ],
)
def test_who_was_there(state: Seat, attended: bool | None, expected: bool) -> None:
    row = RegistrationFactory.create(state=state.value, attended=attended)
    assert was_present(row) is expected
    assert Registration.objects.filter(present()).exists() is expected
