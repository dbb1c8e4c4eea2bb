"""What became of it is told to whoever asked, and to nobody else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from patenwerk.core.policy import Actor
from patenwerk.gatherings.domain.agenda import (
    CannotPropose,
    ItemValues,
    accept_item,
    add_item,
    decline_item,
    propose_item,
    remove_item,
)
from patenwerk.gatherings.domain.contribution import Invitation, answer_invitation, invite_expert
from patenwerk.gatherings.domain.expert import withdraw
from patenwerk.gatherings.domain.objection import CannotAnswer, answer_objection
from patenwerk.gatherings.domain.registration import (
    Coming,
    accept,
    decline,
    invite_person,
    register_guest,
)
from patenwerk.gatherings.enums import Audience, MinutesState, ObjectionState, Seat
from patenwerk.gatherings.models import AgendaItem, Contribution, Gathering, Objection, Registration
from patenwerk.gatherings.queries.addressee import offices_of
from patenwerk.mail.models import OutboxMail
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Account, Carrier, RoleGrant
from tests.factories.gatherings import (
    ContactFactory,
    ExpertFactory,
    GatheringFactory,
    MinutesFactory,
    SectionFactory,
)
from tests.factories.organisations import (
    AccountFactory,
    CarrierFactory,
    RoleGrantFactory,
    SiteFactory,
    coordinator,
    manager,
    network_office,
    office,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
LINK = "https://example.org/treffen/{token}/"


class Circle:
    """Two carriers with two managers each, two in the network office, and people beside them."""

    def __init__(self) -> None:
        self.gathering = GatheringFactory.create(title="Frühjahrstreffen", capacity=9)
        programme = self.gathering.programme
        self.north, self.south = (
            CarrierFactory.create(programme=programme, name=name) for name in ("Nord", "Süd")
        )
        self.anna = manager(self.north, email="anna@example.org", language=Language.ENGLISH)
        self.bert = manager(self.north, email="bert@example.org")
        self.cora = manager(self.south, email="cora@example.org")
        self.dora = network_office(programme, email="dora@example.org")
        self.emil = network_office(programme, email="emil@example.org")
        office(programme, email="office@example.org")
        coordinator(SiteFactory.create(carrier=self.north), email="site@example.org")
        network_office(CarrierFactory.create().programme, email="abroad@example.org")


@pytest.fixture
def circle() -> Circle:
    return Circle()


def by(account: Account | None) -> Actor:
    return Actor(user_id=None if account is None else account.pk)


def told(kind: str) -> list[str]:
    """Who was written to, in order; what it was read from is gone afterwards."""
    mails = OutboxMail.objects.filter(kind=kind)
    found = sorted(mails.values_list("to", flat=True))
    mails.delete()
    return found


def leaves(account: Account) -> None:
    """The account keeps its login; its role is over since yesterday."""
    RoleGrant.objects.filter(account=account).update(valid_to=date(2026, 1, 31))


# ------------------------------------------------------------------ objections


def objection(circle: Circle, who: Account | None, of_carrier: Carrier | None) -> Objection:
    minutes = MinutesFactory.create(
        gathering=GatheringFactory.create(
            programme=circle.gathering.programme, title="Winter", state="held"
        ),
        state=MinutesState.OBJECTED,
        sent_at=AT,
        objections_until=AT.date(),
    )
    return Objection.objects.create(
        **minutes.organiser_columns,
        minutes=minutes,
        section=SectionFactory.create(minutes=minutes, heading="Finanzen"),
        of_carrier=of_carrier,
        text="Es waren <b>acht</b>.",
        raised_at=AT,
        raised_by_id=None if who is None else who.pk,
    )


def answer(row: Objection, state: ObjectionState = ObjectionState.ACCEPTED) -> None:
    answer_objection(objection=row, state=state, answer="Wir zählen neu.", by=Actor(9), at=AT)


def test_who_objected_reads_the_answer_in_their_language(circle: Circle) -> None:
    row = objection(circle, circle.anna, circle.north)
    answer(row)
    mail = OutboxMail.objects.get()
    assert (mail.to, mail.kind, mail.language, mail.is_secret) == (
        *("anna@example.org", "objection_answered", "en", False),
    )
    assert mail.subject == "Your objection is answered: Winter"
    for words in (
        "The organisers accept your objection to the minutes.",
        *("Finanzen", "Es waren <b>acht</b>.", "Wir zählen neu."),
        f"/treffen/protokoll/{row.minutes_id}/",
    ):
        assert words in mail.body_text
    assert "Es waren &lt;b&gt;acht" in mail.body_html


def test_a_no_is_said_as_one(circle: Circle) -> None:
    answer(objection(circle, circle.bert, circle.north), ObjectionState.REJECTED)
    mail = OutboxMail.objects.get()
    assert (mail.to, mail.language) == ("bert@example.org", "de")
    assert "Ihr Einwand zum Protokoll wurde nicht angenommen." in mail.body_text


def test_an_answer_is_told_once_and_a_refused_one_never(circle: Circle) -> None:
    row = objection(circle, circle.anna, circle.north)
    with pytest.raises(CannotAnswer), transaction.atomic():
        answer(row, ObjectionState.OPEN)
    assert told("objection_answered") == []
    answer(row)
    with pytest.raises(CannotAnswer), transaction.atomic():
        answer(row)
    assert told("objection_answered") == ["anna@example.org"]


def test_what_did_not_happen_is_not_told(circle: Circle) -> None:
    row = objection(circle, circle.anna, circle.north)
    with transaction.atomic():
        answer(row)
        transaction.set_rollback(True)
    assert not OutboxMail.objects.exists()


def test_who_left_the_carrier_reads_nothing_of_it_any_more(circle: Circle) -> None:
    leaves(circle.anna)
    answer(objection(circle, circle.anna, circle.north))
    assert told("objection_answered") == ["bert@example.org"]
    ContactFactory.create(carrier=circle.north, email="kontakt@example.org")
    answer(objection(circle, circle.anna, circle.north))
    assert told("objection_answered") == ["kontakt@example.org"]
    answer(objection(circle, circle.cora, circle.north))
    assert told("objection_answered") == ["kontakt@example.org"]
    answer(objection(circle, None, None))
    assert told("objection_answered") == []


# ------------------------------------------------------------------ proposals


def proposal(circle: Circle, who: Account) -> AgendaItem:
    return propose_item(
        gathering=circle.gathering,
        of_carrier=circle.north,
        values=ItemValues(title="Fahrtkosten & Essen"),
        by=by(who),
        at=AT,
    )


def test_a_carrier_reads_what_became_of_its_proposal(circle: Circle) -> None:
    item = proposal(circle, circle.bert)
    decline_item(item=item, reason="Erst im Herbst.", by=by(circle.dora), at=AT)
    accept_item(item=item, by=by(circle.dora), at=AT)
    remove_item(item=item, by=by(circle.dora), at=AT)
    mails = list(OutboxMail.objects.order_by("pk"))
    assert [(mail.to, mail.kind) for mail in mails] == [
        ("bert@example.org", "proposal_answered")
    ] * 3
    assert [mail.subject for mail in mails] == [
        "Nicht auf der Tagesordnung: Fahrtkosten & Essen",
        "Auf der Tagesordnung: Fahrtkosten & Essen",
        "Nicht auf der Tagesordnung: Fahrtkosten & Essen",
    ]
    assert ["Erst im Herbst." in mail.body_text for mail in mails] == [True, False, False]
    assert ["Erst im Herbst." in mail.body_html for mail in mails] == [True, False, False]
    for mail in mails:
        assert f"/treffen/{circle.gathering.pk}/" in mail.body_text


def test_who_read_a_no_is_not_told_when_the_row_goes(circle: Circle) -> None:
    item = proposal(circle, circle.anna)
    decline_item(item=item, reason="Erst im Herbst.", by=by(circle.dora), at=AT)
    assert told("proposal_answered") == ["anna@example.org"]
    remove_item(item=item, by=by(circle.dora), at=AT)
    assert told("proposal_answered") == []


def test_a_second_answer_is_refused_and_not_told(circle: Circle) -> None:
    item = proposal(circle, circle.anna)
    accept_item(item=item, by=by(circle.dora), at=AT)
    for refused in (
        lambda: accept_item(item=item, by=by(circle.dora), at=AT),
        lambda: decline_item(item=item, reason="Nein", by=by(circle.dora), at=AT),
    ):
        with pytest.raises(CannotPropose), transaction.atomic():
            refused()
    assert told("proposal_answered") == ["anna@example.org"]


def test_what_the_organisers_set_themselves_is_told_nobody(circle: Circle) -> None:
    values = ItemValues(title="Begrüßung")
    item = add_item(gathering=circle.gathering, values=values, by=by(circle.dora), at=AT)
    remove_item(item=item, by=by(circle.dora), at=AT)
    assert told("proposal_answered") == []


def test_nobody_is_told_what_they_did_themselves(circle: Circle) -> None:
    Gathering.objects.filter(pk=circle.gathering.pk).update(carrier=circle.north)
    circle.gathering.refresh_from_db()
    accept_item(item=proposal(circle, circle.anna), by=by(circle.anna), at=AT)
    assert told("proposal_answered") == []
    accept_item(item=proposal(circle, circle.anna), by=by(circle.bert), at=AT)
    assert told("proposal_answered") == ["anna@example.org"]


# ------------------------------------------------------------------ experts


def contribution(circle: Circle, inviter: Account | None) -> Contribution:
    words = Invitation(title="Leichte Sprache", words="", inviter="Dora", link=LINK)
    return invite_expert(
        expert=ExpertFactory.create(programme=circle.gathering.programme, name="Ada Klar"),
        gathering=circle.gathering,
        invitation=words,
        by=by(inviter),
        at=AT,
    )


def say(row: Contribution, *, accepts: bool, who: Account | None = None) -> None:
    answer_invitation(contribution=row, accepts=accepts, by=by(who), at=AT)


def test_who_invited_an_expert_reads_each_new_answer(circle: Circle) -> None:
    row = contribution(circle, circle.dora)
    for accepts in (True, True, False):
        say(row, accepts=accepts)
    mails = OutboxMail.objects.filter(kind="invitation_answered").order_by("pk")
    assert [mail.to for mail in mails] == ["dora@example.org"] * 2
    assert [mail.subject for mail in mails] == [
        "Zusage auf Ihre Einladung: Frühjahrstreffen",
        "Absage auf Ihre Einladung: Frühjahrstreffen",
    ]
    yes, no = (mail.body_text for mail in mails)
    assert "Ada Klar nimmt Ihre Einladung an und trägt bei: Leichte Sprache." in yes
    assert "Ada Klar kann nicht beitragen: Leichte Sprache." in no
    assert f"/treffen/{circle.gathering.pk}/" in no


def test_without_the_inviter_all_organisers_read_it(circle: Circle) -> None:
    say(contribution(circle, None), accepts=True)
    assert told("invitation_answered") == ["dora@example.org", "emil@example.org"]
    leaves(circle.dora)
    say(contribution(circle, circle.dora), accepts=True)
    assert told("invitation_answered") == ["emil@example.org"]


def test_a_carrier_that_organises_reads_its_own_answers(circle: Circle) -> None:
    Gathering.objects.filter(pk=circle.gathering.pk).update(carrier=circle.south)
    circle.gathering.refresh_from_db()
    say(contribution(circle, circle.dora), accepts=True)
    assert told("invitation_answered") == ["cora@example.org"]


def test_an_answer_by_the_inviters_own_hand_is_not_told(circle: Circle) -> None:
    say(contribution(circle, circle.dora), accepts=True, who=circle.dora)
    assert told("invitation_answered") == []


def test_who_leaves_the_directory_is_told_of_without_the_name(circle: Circle) -> None:
    row = contribution(circle, circle.dora)
    accepted = contribution(circle, circle.emil)
    say(accepted, accepts=True)
    assert told("invitation_answered") == ["emil@example.org"]
    withdraw(expert=row.expert, by=by(None), at=AT)
    mail = OutboxMail.objects.get(kind="invitation_answered")
    assert mail.to == "dora@example.org"
    assert "Ada Klar" not in mail.body_text + mail.body_html + mail.subject
    assert "aus dem Verzeichnis austragen lassen" in mail.body_text
    assert "Leichte Sprache" in mail.body_text


# ------------------------------------------------------------------ guests


def guest(circle: Circle, inviter: Account | None) -> Registration:
    return invite_person(
        gathering=circle.gathering,
        person=Coming(name="Ruth", email="ruth@example.org"),
        link=LINK,
        by=by(inviter),
        at=AT,
    )


def test_who_invited_somebody_by_name_reads_yes_and_no(circle: Circle) -> None:
    row = guest(circle, circle.emil)
    accept(registration=row, link=LINK, by=by(None), at=AT)
    decline(registration=row, note="Leider krank.", link=LINK, by=by(None), at=AT)
    mails = OutboxMail.objects.filter(kind="invitation_answered").order_by("pk")
    assert [mail.to for mail in mails] == ["emil@example.org"] * 2
    yes, no = (mail.body_text for mail in mails)
    assert "Ruth nimmt Ihre Einladung an und kommt." in yes
    assert "Ruth kann nicht kommen." in no
    assert ("Leider krank." in yes, "Leider krank." in no) == (False, True)
    assert f"/treffen/{circle.gathering.pk}/anmeldungen/" in no
    # The guest's own mails are the guest's alone.
    assert set(OutboxMail.objects.filter(to="ruth@example.org").values_list("kind", flat=True)) == {
        *("registration_invited", "registration_seated", "registration_declined"),
    }


def test_organisers_who_cancel_for_a_guest_are_not_told_of_it(circle: Circle) -> None:
    row = guest(circle, circle.emil)
    decline(registration=row, link=LINK, by=by(circle.emil), at=AT)
    assert told("invitation_answered") == []


def test_everybody_elses_coming_and_going_is_not_mailed_to_the_organisers(circle: Circle) -> None:
    Gathering.objects.filter(pk=circle.gathering.pk).update(audience=Audience.PUBLIC)
    row = register_guest(
        gathering=circle.gathering,
        guest=Coming(name="Ole", email="ole@example.org"),
        form_key="0" * 32,  # type: ignore[arg-type]
        link=LINK,
        at=AT,
    )
    assert row.state == Seat.SEATED
    decline(registration=row, link=LINK, by=by(None), at=AT + timedelta(hours=1))
    assert {mail.to for mail in OutboxMail.objects.all()} == {"ole@example.org"}


def test_two_grants_of_one_account_are_one_reader(circle: Circle) -> None:
    programme = circle.gathering.programme_id
    closed = AccountFactory.create(is_active=False)
    for account, until in ((circle.dora, date(2026, 12, 31)), (closed, None)):
        RoleGrantFactory.create(
            account=account,
            role="network_office",
            programme=circle.gathering.programme,
            valid_to=until,
        )
    found = offices_of([programme], AT.date())[programme]
    assert sorted(each.email for each in found) == ["dora@example.org", "emil@example.org"]
