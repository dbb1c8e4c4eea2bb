"""The pages of minutes: written by two at once, objected to, approved, read without a login."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.core.policy import Actor
from patenwerk.gatherings.domain.minutes import lock_minutes, send_minutes
from patenwerk.gatherings.enums import CommitmentKind, MinutesState, State
from patenwerk.gatherings.models import (
    Commitment,
    Decision,
    Gathering,
    Minutes,
    Objection,
    Section,
)
from patenwerk.gatherings.queries.minutes import minutes_token
from patenwerk.mail.models import OutboxMail
from patenwerk.organisations.models import Account, Carrier, Programme
from tests.factories.gatherings import (
    AgendaItemFactory,
    CommitmentFactory,
    ContactFactory,
    DecisionFactory,
    GatheringFactory,
    MinutesFactory,
    SectionFactory,
    SeriesFactory,
)
from tests.factories.organisations import (
    CarrierFactory,
    ProgrammeFactory,
    SiteFactory,
    coordinator,
    manager,
    network_office,
    office,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 12, 11, 0, tzinfo=UTC)
BY = Actor(user_id=None)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def programme() -> Programme:
    found: Programme = ProgrammeFactory.create()
    return found


@pytest.fixture
def organiser(programme: Programme) -> Account:
    return network_office(programme)


@pytest.fixture
def carrier(programme: Programme) -> Carrier:
    found: Carrier = CarrierFactory.create(programme=programme, name="Brückenbogen e. V.")
    return found


@pytest.fixture
def gathering(programme: Programme) -> Gathering:
    found: Gathering = GatheringFactory.create(
        programme=programme, state=State.HELD.value, title="Vernetzungstreffen"
    )
    return found


@pytest.fixture
def minutes(gathering: Gathering) -> Minutes:
    found: Minutes = MinutesFactory.create(gathering=gathering)
    SectionFactory.create(minutes=found, heading="Begrüßung", text="")
    return found


@pytest.fixture
def section(minutes: Minutes) -> Section:
    return minutes.sections.get()


def page(name: str, *args: object) -> str:
    return reverse(f"gatherings:{name}", args=args)


def body(answer: Any) -> str:
    return str(answer.content.decode())


def base_in(html: str) -> str:
    found = re.search(r'name="base_version" value="(\d+)"', html)
    assert found is not None
    return found[1]


def sent(minutes: Minutes) -> Minutes:
    minutes.sections.update(text="Alle sind da.")
    send_minutes(
        minutes=minutes,
        objections_until=AT.date() + timedelta(days=14),
        link="https://example.org/{token}/",
        by=BY,
        at=AT,
    )
    return minutes


# --- writing ----------------------------------------------------------------------------------


def test_minutes_are_begun_from_the_agenda(
    client: Client, organiser: Account, gathering: Gathering
) -> None:
    AgendaItemFactory.create(gathering=gathering, title="Haushalt")
    client.force_login(organiser)
    assert "Protokoll beginnen" in body(client.get(page("begin_minutes", gathering.pk)))
    answer = client.post(page("begin_minutes", gathering.pk))
    minutes = Minutes.objects.get()
    assert answer.headers["Location"] == page("minutes", minutes.pk)
    shown = body(client.get(page("minutes", minutes.pk)))
    assert "Haushalt" in shown
    again = client.get(page("begin_minutes", gathering.pk))
    assert "Das Protokoll ist schon begonnen." in body(again)
    assert client.post(page("begin_minutes", gathering.pk)).status_code == 422


def test_two_editors_at_once_without_scripts(
    programme: Programme, organiser: Account, section: Section
) -> None:
    anna, bert = Client(), Client()
    anna.force_login(organiser)
    bert.force_login(network_office(programme, first_name="Bert"))
    url = page("section", section.pk)
    anna_base, bert_base = (base_in(body(each.get(url))) for each in (anna, bert))
    saved = anna.post(url, {"text": "Es sind alle da.", "base_version": anna_base})
    assert saved.headers["Location"] == url
    answer = bert.post(url, {"text": "Die Sitzung beginnt.", "base_version": bert_base})
    assert answer.status_code == 302
    section.refresh_from_db()
    assert section.text == "Es sind alle da. Die Sitzung beginnt."
    shown = body(anna.get(url))
    assert "Es sind alle da. Die Sitzung beginnt." in shown
    # Now both change the same sentence: nothing is lost, and the second one sees both.
    base = base_in(shown)
    anna.post(url, {"text": section.text.replace("alle", "fast alle"), "base_version": base})
    answer = bert.post(url, {"text": section.text.replace("alle", "drei"), "base_version": base})
    assert answer.status_code == 200
    shown = body(answer)
    assert "Sie haben beide diesen Satz geändert" in shown
    for wording in ("Es sind fast alle da.", "Es sind drei da."):
        assert wording in shown
    section.refresh_from_db()
    assert section.text == "Es sind fast alle da. Es sind drei da. Die Sitzung beginnt."
    assert base_in(shown) == str(section.version)


def test_what_somebody_took_away_is_found_and_taken_back(
    client: Client, organiser: Account, section: Section
) -> None:
    client.force_login(organiser)
    url, versions = page("section", section.pk), page("section_versions", section.pk)
    assert versions not in body(client.get(url))
    assert "Es gibt keine frühere Fassung" in body(client.get(versions))
    for base, text in enumerate(("Alle <b>sind</b> da. Es zieht.", "Es zieht.")):
        client.post(url, {"text": text, "base_version": base})
    assert versions in body(client.get(url))
    shown = body(client.get(versions))
    assert organiser.full_name in shown
    assert "1 Satz steht nicht mehr im Text." in shown
    assert "<mark>Alle &lt;b&gt;sind&lt;/b&gt; da." in shown
    answer = client.post(versions, {"number": "1"})
    assert answer.headers["Location"] == url
    section.refresh_from_db()
    assert section.text == "Alle <b>sind</b> da. Es zieht."
    again = client.post(versions, {"number": "1"})
    assert (again.status_code, "Alles daraus steht im Text." in body(again)) == (422, True)
    assert client.post(versions, {"number": "x"}).status_code == 422


def test_earlier_versions_are_their_organisers_and_stay_readable(
    client: Client, organiser: Account, carrier: Carrier, minutes: Minutes, section: Section
) -> None:
    client.force_login(organiser)
    url = page("section_versions", section.pk)
    for base, text in enumerate(("Noch geheim. Gut.", "Gut.")):
        client.post(page("section", section.pk), {"text": text, "base_version": base})
    sent(minutes)
    shown = body(client.get(url))
    assert ("Noch geheim." in shown, "Diese Sätze zurückholen" in shown) == (True, False)
    client.force_login(manager(carrier))
    assert client.get(url).status_code == 403
    client.force_login(manager(CarrierFactory.create()))
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_versions_takes_the_same_queries(
    client: Client,
    organiser: Account,
    section: Section,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client.force_login(organiser)
    for base in range(rows + 1):
        said = {"text": f"Nummer {base} kommt.", "base_version": base}
        client.post(page("section", section.pk), said)
    url = page("section_versions", section.pk)
    client.get(url)
    with django_assert_num_queries(7):
        shown = body(client.get(url))
    assert shown.count("<mark>") == rows


def test_two_editors_at_once_with_scripts(
    programme: Programme, organiser: Account, section: Section
) -> None:
    anna, bert = Client(), Client()
    anna.force_login(organiser)
    bert.force_login(network_office(programme, first_name="Bert", last_name="Blau"))
    url, standing = page("section", section.pk), page("section_standing", section.pk)

    def save(client: Client, text: str, base: str) -> str:
        answer = client.post(url, {"text": text, "base_version": base}, headers=HTMX)
        assert answer.status_code == 200
        assert "<html" not in body(answer)
        return body(answer)

    anna_base = base_in(save(anna, "Anna schreibt.", "0"))
    # Bert sees it without loading the page anew; the own field stays as it is.
    seen = body(bert.get(standing, {"base_version": "0"}, headers=HTMX))
    assert "Anna schreibt." in seen
    assert "Auch andere haben geschrieben" in seen
    bert_saved = save(bert, "Bert schreibt.", "0")
    assert "Anna schreibt. Bert schreibt." in bert_saved
    bert_base = base_in(bert_saved)
    # Both go on from their own words; the other's words are not in their fields.
    anna_base = base_in(save(anna, "Anna schreibt. Anna schreibt weiter.", anna_base))
    bert_saved = save(bert, "Bert schreibt. Bert hört auf.", bert_base)
    section.refresh_from_db()
    for sentence in (
        "Anna schreibt.",
        "Anna schreibt weiter.",
        "Bert schreibt.",
        "Bert hört auf.",
    ):
        assert section.text.count(sentence) == 1
    assert "Bert Blau" in body(anna.get(standing, {"base_version": anna_base}, headers=HTMX))
    quiet = body(anna.get(standing, {"base_version": str(section.version)}, headers=HTMX))
    assert "Auch andere haben geschrieben" not in quiet
    # A conflict is appended to the page with both wordings.
    base = str(section.version)
    save(anna, section.text.replace("hört auf", "hört nicht auf"), base)
    conflict = save(bert, section.text.replace("hört auf", "hört gern auf"), base)
    assert 'hx-swap-oob="beforeend:#conflicts"' in conflict
    assert "Bert hört nicht auf." in conflict
    assert "Bert hört gern auf." in conflict


def test_what_cannot_be_saved_says_so_and_takes_over_no_version(
    client: Client, organiser: Account, minutes: Minutes, section: Section
) -> None:
    client.force_login(organiser)
    url = page("section", section.pk)
    for base in ("99", "x", ""):
        answer = client.post(url, {"text": "Neu.", "base_version": base})
        assert answer.status_code == 422
        part = client.post(url, {"text": "Neu.", "base_version": base}, headers=HTMX)
        assert part.status_code == 200
        assert 'name="base_version"' not in body(part)
    assert "Die Seite ist zu alt" in body(
        client.post(url, {"text": "Neu.", "base_version": "99"}, headers=HTMX)
    )
    sent(minutes)
    part = client.post(url, {"text": "Neu.", "base_version": "0"}, headers=HTMX)
    assert "Das Protokoll ist versandt" in body(part)
    assert "<textarea name" not in body(client.get(url))
    section.refresh_from_db()
    assert section.text == "Alle sind da."


def test_decisions_and_promises_are_written_down_in_their_section(
    client: Client, organiser: Account, carrier: Carrier, section: Section
) -> None:
    client.force_login(organiser)
    here = page("section", section.pk)
    answer = client.post(
        page("add_decision", section.pk), {"text": "Wir treffen uns.", "grounds": "Es hilft."}
    )
    assert answer.headers["Location"] == here
    decision = Decision.objects.get()
    assert (decision.section, decision.grounds) == (section, "Es hilft.")
    assert client.post(page("add_decision", section.pk), {"text": " "}).status_code == 422
    assert client.get(page("add_decision", section.pk)).status_code == 200
    answer = client.post(
        page("add_commitment", section.pk),
        {"kind": CommitmentKind.TASK.value, "text": "Einladen", "of_carrier": carrier.pk},
    )
    assert answer.headers["Location"] == here
    promise = Commitment.objects.get()
    assert (promise.section, promise.of_carrier) == (section, carrier)
    refused = client.post(
        page("add_commitment", section.pk),
        {"kind": CommitmentKind.ACTIVITY.value, "text": "Fest", "of_carrier": carrier.pk},
    )
    assert refused.status_code == 422
    assert "Fest" in body(refused)
    shown = body(client.get(here))
    for words in ("Wir treffen uns.", "Es hilft.", "Einladen", "Brückenbogen e. V."):
        assert words in shown
    client.post(page("change_decision", decision.pk), {"text": "Wir reden.", "grounds": ""})
    decision.refresh_from_db()
    assert decision.text == "Wir reden."
    assert "Wir reden." in body(client.get(page("change_decision", decision.pk)))
    answer = client.post(page("remove_decision", decision.pk))
    assert answer.headers["Location"] == here
    assert client.get(page("remove_commitment", promise.pk)).status_code == 200
    client.post(page("remove_commitment", promise.pk))
    assert not Decision.objects.exists()
    assert not Commitment.objects.exists()


def test_a_free_section_comes_and_goes(
    client: Client, organiser: Account, minutes: Minutes, section: Section
) -> None:
    client.force_login(organiser)
    answer = client.post(page("add_section", minutes.pk), {"heading": "Verschiedenes"})
    new = minutes.sections.get(heading="Verschiedenes")
    assert answer.headers["Location"] == page("section", new.pk)
    shown = body(client.get(page("section", new.pk)))
    assert page("section", section.pk) in shown
    assert 'rel="prev"' in shown
    assert 'rel="next"' in body(client.get(page("section", section.pk)))
    assert client.post(page("add_section", minutes.pk), {"heading": ""}).status_code == 422
    client.post(page("remove_section", new.pk))
    assert minutes.sections.count() == 1
    no_section = DecisionFactory.create(gathering=minutes.gathering)
    answer = client.post(page("remove_decision", no_section.pk))
    assert answer.headers["Location"] == page("minutes", minutes.pk)


# --- from the draft to the record -------------------------------------------------------------


def test_from_sending_to_the_correction(
    client: Client, organiser: Account, carrier: Carrier, minutes: Minutes, section: Section
) -> None:
    ContactFactory.create(carrier=carrier, email="berta@example.org")
    client.force_login(organiser)
    home = page("minutes", minutes.pk)
    assert "Es ist noch nichts geschrieben." in body(client.get(home))
    client.post(page("section", section.pk), {"text": "Alle sind da.", "base_version": "0"})
    asked = body(client.get(page("send_minutes", minutes.pk)))
    assert "2026-03-26" in asked
    assert "1 Person bekommt" in asked
    refused = client.post(page("send_minutes", minutes.pk), {"objections_until": "2026-03-12"})
    assert refused.status_code == 422
    answer = client.post(page("send_minutes", minutes.pk), {"objections_until": "2026-03-26"})
    assert answer.headers["Location"] == home
    mail = OutboxMail.objects.get()
    assert mail.to == "berta@example.org"
    link = re.search(r"http://[^\s]+/link/[^\s]+", mail.body_text)
    assert link is not None
    read = Client().get(link[0].removeprefix("http://localhost:8000"))
    assert "Alle sind da." in body(read)

    speaker = Client()
    speaker.force_login(manager(carrier))
    shown = body(speaker.get(home))
    assert page("object", minutes.pk) in shown
    assert page("section", section.pk) not in shown
    form = page("object", minutes.pk)
    assert f'value="{section.pk}" selected' in body(speaker.get(f"{form}?abschnitt={section.pk}"))
    assert speaker.post(form, {"text": ""}).status_code == 422
    said = {"text": "Wir fehlten.", "section": section.pk, "of_carrier": carrier.pk}
    assert speaker.post(form, said).headers["Location"] == home
    objection = Objection.objects.get()
    assert objection.of_carrier == carrier

    shown = body(client.get(home))
    assert "Wir fehlten." in shown
    assert page("answer_objection", objection.pk) in shown
    assert "Wir fehlten." in body(client.get(page("answer_objection", objection.pk)))
    answers = page("answer_objection", objection.pk)
    client.post(answers, {"state": "accepted", "answer": "Stimmt."})
    again = client.post(answers, {"state": "rejected", "answer": "Oder nicht."})
    assert again.status_code == 422
    said = body(speaker.get(home))
    assert "Stimmt." in said
    assert "(angenommen)" in said
    assert client.post(page("approve_minutes", minutes.pk)).status_code == 422


def test_after_the_term_they_are_approved_and_closed_and_corrected_by_notes(
    client: Client, organiser: Account, carrier: Carrier, minutes: Minutes
) -> None:
    sent(minutes)
    home = page("minutes", minutes.pk)
    with time_machine.travel(AT + timedelta(days=15), tick=False):
        client.force_login(organiser)
        assert page("approve_minutes", minutes.pk) in body(client.get(home))
        client.post(page("approve_minutes", minutes.pk))
        assert client.get(page("lock_minutes", minutes.pk)).status_code == 200
        client.post(page("lock_minutes", minutes.pk))
        client.post(page("correct_minutes", minutes.pk), {"text": "Es war Raum 4."})
        assert client.post(page("correct_minutes", minutes.pk), {"text": ""}).status_code == 422
        client.force_login(manager(carrier))
        shown = body(client.get(home))
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.LOCKED
    assert "Es war Raum 4." in shown
    assert "27. März 2026" in shown


def test_a_later_gathering_of_the_series_can_approve(
    client: Client, organiser: Account, minutes: Minutes
) -> None:
    gathering = minutes.gathering
    gathering.series = SeriesFactory.create(programme=gathering.programme)
    gathering.save(update_fields=["series"])
    later = GatheringFactory.create(
        programme=gathering.programme,
        series=gathering.series,
        starts_at=AT + timedelta(days=2),
        title="Das nächste Treffen",
    )
    sent(minutes)
    client.force_login(organiser)
    home = page("minutes", minutes.pk)
    assert "Die Frist für Einwände läuft noch." in body(client.get(home))
    with time_machine.travel(AT + timedelta(days=3), tick=False):
        assert "Das nächste Treffen" in body(client.get(page("approve_minutes", minutes.pk)))
        client.post(page("approve_minutes", minutes.pk), {"approved_in": later.pk})
        assert "Das nächste Treffen" in body(client.get(home))


def test_a_carrier_objects_for_itself_alone(
    client: Client, carrier: Carrier, minutes: Minutes
) -> None:
    sent(minutes)
    other = CarrierFactory.create(programme=carrier.programme)
    client.force_login(manager(carrier))
    form = page("object", minutes.pk)
    answer = client.post(form, {"text": "Nein.", "of_carrier": other.pk})
    assert answer.status_code == 422
    assert not Objection.objects.exists()
    assert client.get(f"{form}?abschnitt=x").status_code == 200


# --- reading ----------------------------------------------------------------------------------


def test_who_reads_and_who_writes(carrier: Carrier, minutes: Minutes, section: Section) -> None:
    site = SiteFactory.create(carrier=carrier)
    people = {
        "network": network_office(carrier.programme),
        "manager": manager(carrier),
        "coordinator": coordinator(site),
        "office": office(carrier.programme),
        "foreign": network_office(ProgrammeFactory.create()),
    }

    def reached(name: str, *args: object) -> dict[str, int]:
        found = {}
        for who, account in people.items():
            client = Client()
            client.force_login(account)
            found[who] = client.get(page(name, *args)).status_code
        return found

    nobody = dict.fromkeys(people, 404)
    assert reached("minutes", minutes.pk) == {**nobody, "network": 200}
    assert reached("section", section.pk) == {**nobody, "network": 200}
    sent(minutes)
    readers = {**nobody, "network": 200, "manager": 200, "coordinator": 200}
    assert reached("minutes", minutes.pk) == readers
    assert reached("minutes_paper", minutes.pk) == readers
    writers = {**readers, "manager": 403, "coordinator": 403}
    assert reached("section", section.pk) == writers
    assert reached("section_standing", section.pk) == writers
    assert reached("object", minutes.pk) == {**readers, "network": 403, "coordinator": 403}
    assert reached("minutes_list")["office"] == 404


def test_the_link_of_the_mail_opens_sent_minutes_alone(client: Client, minutes: Minutes) -> None:
    token = minutes_token(minutes)
    assert client.get(page("read_minutes", token)).status_code == 404
    assert client.get(page("read_minutes_paper", token)).status_code == 404
    sent(minutes)
    answer = client.get(page("read_minutes", token))
    assert "Alle sind da." in body(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert client.get(page("read_minutes_paper", token)).content.startswith(b"%PDF")
    for wrong in ("x", token[:-1], token + "x"):
        assert client.get(page("read_minutes", wrong)).status_code == 404


def test_the_paper_is_tagged_and_says_what_it_is(
    client: Client, organiser: Account, minutes: Minutes, section: Section
) -> None:
    DecisionFactory.create(gathering=minutes.gathering, section=section, grounds="Darum. #x")
    DecisionFactory.create(gathering=minutes.gathering)
    CommitmentFactory.create(gathering=minutes.gathering, section=section)
    CommitmentFactory.create(gathering=minutes.gathering, of_carrier=None, owner="", due_on=None)
    client.force_login(organiser)
    Gathering.objects.update(ends_at=AT + timedelta(days=1))
    draft = client.get(page("minutes_paper", minutes.pk))
    assert draft.headers["Content-Type"] == "application/pdf"
    assert draft.headers["Content-Disposition"] == 'attachment; filename="protokoll-2026-03-12.pdf"'
    for mark in (
        b"/Lang(de)",
        b"<pdfuaid:part>1</pdfuaid:part>",
        b">Protokoll: Vernetzungstreffen</rdf:li>",
    ):
        assert mark in draft.content
    sent(minutes)
    for state in (None, "x"):
        Objection.objects.create(
            **minutes.organiser_columns,
            minutes=minutes,
            section=section if state else None,
            of_carrier=CarrierFactory.create(programme=minutes.programme) if state else None,
            text="Nein.",
            raised_at=AT,
            **({"state": "rejected", "answer": "Doch.", "answered_at": AT} if state else {}),
        )
    later = GatheringFactory.create(programme=minutes.programme)
    Minutes.objects.filter(pk=minutes.pk).update(
        state=MinutesState.APPROVED.value, approved_at=AT, approved_in=later
    )
    minutes.refresh_from_db()
    lock_minutes(minutes=minutes, by=BY, at=AT)
    client.post(page("correct_minutes", minutes.pk), {"text": "Es war Raum 4."})
    final = client.get(page("minutes_paper", minutes.pk))
    assert b"<pdfuaid:part>1</pdfuaid:part>" in final.content


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_and_its_cost(
    client: Client,
    organiser: Account,
    programme: Programme,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(rows):
        sent_minutes = MinutesFactory.create(
            gathering=GatheringFactory.create(
                programme=programme,
                state=State.HELD.value,
                title=f"Treffen {number}",
                starts_at=AT - timedelta(days=number),
            )
        )
        SectionFactory.create(minutes=sent_minutes, text="Etwas.")
    client.force_login(organiser)
    url = page("minutes_list")
    with django_assert_num_queries(LIST_QUERIES):
        shown = body(client.get(url))
    assert all(f"Treffen {number}" in shown for number in range(rows))
    assert "Treffen 0" not in body(client.get(url, {"state": "locked"}))
    assert "Treffen 0" in body(client.get(url, {"state": "draft", "year": "2026"}))
    assert client.get(url, {"state": "x", "year": "x"}).status_code == 200
    file = client.get(url, {"format": "csv"})
    assert "Treffen 0" in body(file)


def test_an_empty_list_says_how_to_begin(client: Client, organiser: Account) -> None:
    client.force_login(organiser)
    assert "Noch keine Protokolle" in body(client.get(page("minutes_list")))
    assert "Hier sind keine Protokolle" in body(client.get(page("minutes_list"), {"state": "sent"}))


@pytest.mark.parametrize("rows", [1, 3])
def test_minutes_and_sections_cost_the_same_however_long_they_are(
    client: Client,
    organiser: Account,
    minutes: Minutes,
    section: Section,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(rows):
        each = SectionFactory.create(minutes=minutes, text=f"Text {number}.")
        for place in (each, section):
            DecisionFactory.create(gathering=minutes.gathering, section=place)
            promise = CommitmentFactory.create(gathering=minutes.gathering, section=place)
            promise.partners.add(CarrierFactory.create(programme=minutes.programme))
            Objection.objects.create(
                **minutes.organiser_columns,
                minutes=minutes,
                section=place,
                of_carrier=promise.of_carrier,
                text="Nein.",
                raised_at=AT,
            )
    client.force_login(organiser)
    client.post(page("section", section.pk), {"text": "Erstes.", "base_version": "0"})
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(page("minutes", minutes.pk))
    with django_assert_num_queries(SECTION_QUERIES):
        client.get(page("section", section.pk))
    with django_assert_num_queries(STANDING_QUERIES):
        client.get(page("section_standing", section.pk), {"base_version": "0"}, headers=HTMX)


LIST_QUERIES = 6
PAGE_QUERIES = 15
SECTION_QUERIES = 17
STANDING_QUERIES = 8
