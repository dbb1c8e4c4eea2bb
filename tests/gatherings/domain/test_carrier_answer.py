"""Carriers that have not answered are reminded, not more than once a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.gatherings.domain.carrier_answer import CannotRemind, Reminded, remind_carriers
from patenwerk.gatherings.enums import State
from patenwerk.gatherings.models import CarrierShare, Gathering
from patenwerk.mail.models import OutboxMail
from tests.factories.gatherings import ContactFactory, GatheringFactory, RegistrationFactory
from tests.factories.organisations import CarrierFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
LINK = "https://example.org/treffen/1/"


def remind(gathering: Gathering, at: datetime = AT) -> Reminded:
    return remind_carriers(gathering=gathering, link=LINK, by=Actor(user_id=7), at=at)


def codes(refusal: Any) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def test_contacts_of_silent_carriers_get_a_mail_once_a_day() -> None:
    gathering = GatheringFactory.create(
        title="Netztreffen", closes_at=datetime(2026, 3, 1, 11, tzinfo=UTC)
    )
    programme = gathering.programme
    silent = CarrierFactory.create(programme=programme, name="Brückenbogen")
    for number in (1, 2):
        ContactFactory.create(carrier=silent, email=f"kontakt{number}@example.org")
    CarrierFactory.create(programme=programme, name="Ohne Kontakt")
    RegistrationFactory.create(gathering=gathering)

    assert remind(gathering) == Reminded(carriers=1, without_contact=1)
    mails = OutboxMail.objects.order_by("to")
    assert [mail.to for mail in mails] == ["kontakt1@example.org", "kontakt2@example.org"]
    assert mails[0].subject == "Wer kommt von Brückenbogen? Netztreffen"
    assert "1. März 2026 12:00" in mails[0].body_text
    assert LINK in mails[0].body_text
    share = CarrierShare.objects.get()
    assert (share.of_carrier, share.reminded_at, share.is_invited) == (silent, AT, False)
    assert AuditEntry.objects.get().details == {"carriers": [silent.pk]}

    assert remind(gathering, AT + timedelta(hours=23)) == Reminded(carriers=0, without_contact=1)
    assert remind(gathering, AT + timedelta(hours=24)) == Reminded(carriers=1, without_contact=1)
    share.refresh_from_db()
    assert share.reminded_at == AT + timedelta(hours=24)


def test_nobody_is_reminded_when_everybody_has_answered() -> None:
    gathering = GatheringFactory.create()
    RegistrationFactory.create(gathering=gathering)
    with pytest.raises(CannotRemind) as refused:
        remind(gathering)
    assert codes(refused) == ["nobody"]


@pytest.mark.parametrize("values", [{"state": State.CLOSED.value}, {"starts_at": AT}])
def test_nobody_is_reminded_of_what_is_not_open(values: dict[str, Any]) -> None:
    gathering = GatheringFactory.create(**values)
    ContactFactory.create(carrier__programme=gathering.programme)
    with pytest.raises(CannotRemind) as refused:
        remind(gathering)
    assert codes(refused) == ["not_open"]
    assert not OutboxMail.objects.exists()
