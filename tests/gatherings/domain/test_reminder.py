"""Who is mailed about promises, how often, and that nobody is mailed twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from patenwerk.core.policy import Actor
from patenwerk.gatherings.domain.reminder import remind_owners
from patenwerk.gatherings.models import Commitment, Gathering
from patenwerk.mail.models import OutboxMail
from patenwerk.organisations.models import Carrier
from tests.factories.gatherings import CommitmentFactory, ContactFactory, GatheringFactory
from tests.factories.organisations import AccountFactory, CarrierFactory, manager, network_office

pytestmark = pytest.mark.django_db

BY = Actor(user_id=None)
DUE = date(2026, 6, 15)
LINK = "https://example.org/zusage/{pk}/"


def remind(on: date = DUE) -> int:
    at = datetime(on.year, on.month, on.day, 7, 0, tzinfo=UTC)
    return remind_owners(link=LINK, by=BY, at=at)


def receivers() -> list[str]:
    return sorted(OutboxMail.objects.values_list("to", flat=True))


@pytest.fixture
def carrier() -> Carrier:
    return CarrierFactory.create()


@pytest.fixture
def gathering(carrier: Carrier) -> Gathering:
    return GatheringFactory.create(programme=carrier.programme, state="held")


def promise(gathering: Gathering, carrier: Carrier | None, **values: object) -> Commitment:
    row: Commitment = CommitmentFactory.create(
        gathering=gathering, of_carrier=carrier, **{"due_on": DUE, **values}
    )
    return row


def test_a_carriers_contact_gets_one_mail_for_everything_due(
    gathering: Gathering, carrier: Carrier
) -> None:
    ContactFactory.create(carrier=carrier, email="kontakt@example.org")
    first = promise(gathering, carrier, text="Flyer drucken")
    second = promise(gathering, carrier, text="Saal buchen", due_on=DUE - timedelta(days=7))
    assert remind() == 2
    assert receivers() == ["kontakt@example.org"]
    sent = OutboxMail.objects.get()
    for row in (first, second):
        assert row.text in sent.body_text
        assert LINK.format(pk=row.pk) in sent.body_text
        assert LINK.format(pk=row.pk) in sent.body_html
    assert "2 " in sent.subject
    assert remind() == 0
    assert remind(DUE + timedelta(days=6)) == 0
    assert remind(DUE + timedelta(days=7)) == 2
    assert len(mail.outbox) == 0


def test_one_promise_is_named_in_the_subject(gathering: Gathering, carrier: Carrier) -> None:
    ContactFactory.create(carrier=carrier)
    promise(gathering, carrier, text="Flyer & Plakate")
    remind(DUE - timedelta(days=14))
    assert "Flyer & Plakate" in OutboxMail.objects.get().subject


def test_the_account_a_promise_names_comes_first(gathering: Gathering, carrier: Carrier) -> None:
    ContactFactory.create(carrier=carrier)
    account = AccountFactory.create(email="eigen@example.org", language="en")
    promise(gathering, carrier, account=account)
    remind()
    assert receivers() == ["eigen@example.org"]
    assert "is not settled yet" in OutboxMail.objects.get().body_text


def test_an_account_that_is_gone_is_not_written_to(gathering: Gathering, carrier: Carrier) -> None:
    leads = manager(carrier)
    promise(gathering, carrier, account=AccountFactory.create(is_active=False))
    remind()
    assert receivers() == [leads.email]


def test_the_organisers_own_promises_go_to_them(gathering: Gathering, carrier: Carrier) -> None:
    office = network_office(carrier.programme)
    promise(gathering, None)
    remind()
    assert receivers() == [office.email]


def test_a_carriers_own_gathering_reminds_that_carrier(carrier: Carrier) -> None:
    leads = manager(carrier)
    own = GatheringFactory.create(programme=carrier.programme, carrier=carrier, state="held")
    promise(own, None)
    remind()
    assert receivers() == [leads.email]


def test_where_nobody_can_be_written_to_the_promise_waits(
    gathering: Gathering, carrier: Carrier
) -> None:
    row = promise(gathering, carrier)
    nobody = promise(gathering, None)
    assert remind() == 0
    for each in (row, nobody):
        each.refresh_from_db()
        assert each.reminded_at is None
    leads = manager(carrier)
    assert remind(DUE + timedelta(days=1)) == 1
    assert receivers() == [leads.email]


def test_what_is_settled_without_a_day_or_far_away_reminds_nobody(
    gathering: Gathering, carrier: Carrier
) -> None:
    manager(carrier)
    promise(gathering, carrier, state="done", settled_on=DUE)
    promise(gathering, carrier, due_on=None)
    promise(gathering, carrier, due_on=DUE + timedelta(days=15))
    assert remind() == 0
    assert receivers() == []
