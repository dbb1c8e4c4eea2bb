"""Networks, the first account, and passwords set by a command."""

from datetime import UTC, date, datetime

import pytest

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.organisations.domain.account import CannotSetUp, set_password, set_up_office
from patenwerk.organisations.domain.invitation import Invited
from patenwerk.organisations.domain.network import CannotSaveNetwork, create_network
from patenwerk.organisations.domain.programme import CannotSaveProgramme, ProgrammeValues
from patenwerk.organisations.models import Account, Network, Programme
from tests.factories.organisations import AccountFactory, ProgrammeFactory

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
BY = Actor(user_id=None)
WANDA = Invited(email="wanda@example.org", first_name="Wanda", last_name="Uferlos")
VALUES = ProgrammeValues(name="Zu zweit", started_on=date(2016, 1, 1))

pytestmark = pytest.mark.django_db


def test_a_network_has_a_name_of_its_own_within_the_programme() -> None:
    programme, other = ProgrammeFactory.create_batch(2)
    create_network(programme=programme, name="Verbund", by=BY, at=AT)
    create_network(programme=other, name="Verbund", by=BY, at=AT)
    with pytest.raises(CannotSaveNetwork):
        create_network(programme=programme, name="Verbund", by=BY, at=AT)
    assert Network.objects.count() == 2
    assert AuditEntry.objects.filter(action="organisations.create_network").count() == 2


@pytest.mark.parametrize(
    ("password", "slug", "email"),
    [
        ("short", "new", "wanda@example.org"),
        ("Regenbogen-2026", "taken", "wanda@example.org"),
        ("Regenbogen-2026", "new", "JUTTA@example.org"),
    ],
)
def test_an_office_is_set_up_whole_or_not_at_all(password: str, slug: str, email: str) -> None:
    ProgrammeFactory.create(slug="taken")
    AccountFactory.create(email="jutta@example.org")
    invited = Invited(email=email, first_name="Wanda", last_name="Uferlos")
    with pytest.raises((CannotSetUp, CannotSaveProgramme)):
        set_up_office(invited=invited, password=password, slug=slug, values=VALUES, at=AT)
    assert (Account.objects.count(), Programme.objects.count()) == (1, 1)


def test_a_password_is_set_and_recorded() -> None:
    account = AccountFactory.create()
    set_password(account=account, password="Regenbogen-2026", by=BY, at=AT)
    assert Account.objects.get().check_password("Regenbogen-2026")
    assert AuditEntry.objects.get(action="organisations.set_password").object_id == account.pk
    with pytest.raises(CannotSetUp):
        set_password(account=account, password="kurz", by=BY, at=AT)
    assert Account.objects.get().check_password("Regenbogen-2026")
