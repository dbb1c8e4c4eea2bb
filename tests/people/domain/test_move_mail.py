"""Mails about moves: to whom, in which language, and that they say nothing of anybody."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from patenwerk.core.policy import Actor
from patenwerk.mail.models import OutboxMail
from patenwerk.organisations.enums import Language, Role
from patenwerk.organisations.models import Account, Site
from patenwerk.people.domain.consent import withdraw_consent
from patenwerk.people.domain.move import (
    CannotDecide,
    CannotPropose,
    accept_move,
    decline_move,
    propose_move,
    withdraw_move,
)
from patenwerk.people.enums import ConsentPurpose
from patenwerk.people.models import Move, Person
from tests.factories.organisations import RoleGrantFactory, coordinator, manager
from tests.factories.people import ConsentFactory, MenteeFactory, site_beside

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
STRANGER = Actor(user_id=None)


@pytest.fixture
def here() -> Site:
    return MenteeFactory.create(site__name="Brücke Leipzig").site


@pytest.fixture
def there(here: Site) -> Site:
    return site_beside(here, name="Hafen Kiel")


@pytest.fixture
def person(here: Site) -> Person:
    person = MenteeFactory.create(
        site=here, first_name="Geheimname", last_name="Verborgen", postcode="04109"
    )
    ConsentFactory.create(person=person, purpose=ConsentPurpose.MOVE_SITE)
    return person


def proposed(person: Person, there: Site, by: Actor = STRANGER) -> Move:
    return propose_move(person=person, to_site=there, why="zieht nach Kiel", by=by, at=AT)


def coordinates_too(account: Account, site: Site) -> None:
    RoleGrantFactory.create(
        account=account,
        role=Role.COORDINATOR,
        programme=site.programme,
        carrier=site.carrier,
        site=site,
        valid_from=date(2026, 11, 1),
        valid_to=date(2026, 11, 23),
    )


def mailed() -> list[tuple[str, str]]:
    """To whom which mails have left since somebody last asked."""
    found = list(OutboxMail.objects.order_by("pk").values_list("to", "kind"))
    OutboxMail.objects.all().delete()
    return found


def test_a_proposal_is_mailed_to_those_who_answer_it(
    person: Person, here: Site, there: Site
) -> None:
    first, second = coordinator(there), coordinator(there)
    coordinates_too(second, there)
    closed, later, former = (coordinator(there) for _ in range(3))
    closed.is_active = False
    closed.save()
    later.grants.update(valid_from=date(2026, 11, 24))
    former.grants.update(valid_from=date(2026, 1, 1), valid_to=date(2026, 11, 22))
    coordinator(here)
    coordinator(site_beside(here))
    manager(there.carrier)
    proposed(person, there)
    assert sorted(mailed()) == sorted(
        [(first.email, "move_proposed"), (second.email, "move_proposed")]
    )


def test_an_answer_is_mailed_to_those_who_asked(person: Person, here: Site, there: Site) -> None:
    asking = coordinator(here)
    coordinator(there)
    move = proposed(person, there)
    mailed()
    decline_move(move=move, answer="Wir sind voll.", by=STRANGER, at=AT)
    assert mailed() == [(asking.email, "move_answered")]
    move = proposed(person, there)
    mailed()
    accept_move(move=move, answer="Gern.", by=STRANGER, at=AT)
    assert mailed() == [(asking.email, "move_answered")]


def test_what_is_taken_back_is_mailed_to_both(person: Person, here: Site, there: Site) -> None:
    colleague, receiver = coordinator(here), coordinator(there)
    move = proposed(person, there)
    mailed()
    withdraw_move(move=move, by=STRANGER, at=AT)
    both = [(receiver.email, "move_withdrawn"), (colleague.email, "move_withdrawn")]
    assert mailed() == both
    proposed(person, there)
    mailed()
    withdraw_consent(person=person, purpose=ConsentPurpose.MOVE_SITE, by=STRANGER, at=AT)
    assert mailed() == both, "the move ends with the consent it rests on"


def test_nobody_is_mailed_what_they_have_just_done(person: Person, here: Site, there: Site) -> None:
    here_too = coordinator(here)
    coordinates_too(here_too, there)
    by = Actor(user_id=here_too.pk)
    withdraw_move(move=proposed(person, there, by), by=by, at=AT)
    assert mailed() == []


def test_what_was_refused_is_not_mailed(person: Person, there: Site) -> None:
    coordinator(there)
    coordinator(person.site)
    with pytest.raises(CannotPropose):
        propose_move(person=person, to_site=there, why="", by=STRANGER, at=AT)
    assert mailed() == []
    move = proposed(person, there)
    mailed()
    with pytest.raises(CannotDecide):
        decline_move(move=move, answer="", by=STRANGER, at=AT)
    assert mailed() == []


def test_each_reads_it_in_the_own_language_and_nothing_of_the_person(
    person: Person, here: Site, there: Site
) -> None:
    german, english = coordinator(there), coordinator(there)
    english.language = Language.ENGLISH.value
    english.save()
    move = proposed(person, there)
    mails = {mail.to: mail for mail in OutboxMail.objects.all()}
    assert mails[german.email].subject == "Jemand möchte an Ihren Standort wechseln"
    assert mails[english.email].subject == "Somebody asks to come to your site"
    assert "Der Standort Brücke Leipzig fragt, ob Hafen Kiel" in mails[german.email].body_text
    address = f"/personen/wechsel/{move.pk}/antworten/"
    assert all(address in mail.body_text and address in mail.body_html for mail in mails.values())
    coordinator(here)
    decline_move(move=move, answer="Keine Plätze frei.", by=STRANGER, at=AT)
    withdraw_move(move=proposed(person, there), by=STRANGER, at=AT)
    everything = [
        f"{mail.subject} {mail.body_text} {mail.body_html}" for mail in OutboxMail.objects.all()
    ]
    assert len(everything) == 8
    for word in ("Geheimname", "Verborgen", "04109", "zieht nach Kiel", "Keine Plätze"):
        assert not any(word in said for said in everything)


def test_a_yes_reads_otherwise_than_a_no(person: Person, here: Site, there: Site) -> None:
    coordinator(here)
    decline_move(move=proposed(person, there), answer="voll", by=STRANGER, at=AT)
    accept_move(move=proposed(person, there), answer="", by=STRANGER, at=AT)
    no, yes = OutboxMail.objects.order_by("pk")
    assert "Hafen Kiel nimmt die Person nicht auf" in no.body_text
    assert "Hafen Kiel hat jemanden von Brücke Leipzig aufgenommen" in yes.body_text
    assert "/personen/wechsel/" in no.body_text
