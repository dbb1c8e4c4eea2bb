"""Letters from the button to the file, and their texts, as pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.core import clock
from patenwerk.jobs.domain.enqueue import cancel
from patenwerk.jobs.domain.run import run as do_job
from patenwerk.jobs.enums import JobState
from patenwerk.jobs.models import Job
from patenwerk.letters.domain import mailing
from patenwerk.letters.enums import LetterKind, RunState
from patenwerk.letters.models import LetterRun, LetterText
from patenwerk.mail.models import OutboxMail
from patenwerk.organisations.models import Account, Carrier, RoleGrant, Site
from patenwerk.people.models import Person
from tests.factories.jobs import do_open_jobs
from tests.factories.letters import LetterTextFactory, made, run_for
from tests.factories.organisations import SiteFactory, actor, coordinator, manager, office
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import tandem_of
from tests.letters.structure import structure_of

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23 10:00", tick=False)]


def page(name: str, *args: object) -> str:
    return reverse(f"letters:{name}", args=args)


@pytest.fixture
def site() -> Site:
    return SiteFactory.create(street="Markt 1")


@pytest.fixture
def maker(client: Client, site: Site) -> Account:
    account = coordinator(site)
    client.force_login(account)
    return account


def words(answer: Any) -> str:
    return str(answer.content.decode())


# --- one letter -----------------------------------------------------------------------------


def test_an_agreement_from_the_tandems_page_to_the_pdf(
    client: Client, site: Site, maker: Account
) -> None:
    tandem = tandem_of(site=site)
    here = reverse("tandems:tandem", args=[tandem.pk])
    assert f'action="{page("of_tandem", tandem.pk)}"' in words(client.get(here))
    begun = client.post(page("of_tandem", tandem.pk), {"kind": "agreement"})
    run = LetterRun.objects.get()
    assert begun.headers["Location"] == page("run", run.pk)
    asked = client.get(page("run", run.pk))
    assert list(asked.context["form"].fields) == ["language"]
    assert "Brief machen" in words(asked)
    sent = client.post(page("run", run.pk), {"language": "de"})
    assert sent.headers["Location"] == page("run", run.pk)
    shown = words(client.get(page("run", run.pk)))
    assert f'href="{page("file", run.pk)}"' in shown
    file = client.get(page("file", run.pk))
    assert file.headers["Content-Type"] == "application/pdf"
    assert (
        file.headers["Content-Disposition"] == f'attachment; filename="vereinbarung-{run.pk}.pdf"'
    )
    assert file.headers["Cache-Control"] == "no-store"
    assert structure_of(file.content).title.startswith("Vereinbarung für Vorname")
    assert page("run", run.pk) in words(client.get(here))


def test_a_request_asks_whether_minors_are_met(client: Client, site: Site, maker: Account) -> None:
    mentor = MentorFactory.create(site=site)
    here = words(client.get(reverse("people:person", args=[mentor.pk])))
    assert f'action="{page("of_person", mentor.pk)}"' in here
    client.post(page("of_person", mentor.pk), {"kind": "record_check"})
    run = LetterRun.objects.get()
    missing = client.post(page("run", run.pk), {"language": "de"})
    assert missing.status_code == 422
    assert list(missing.context["form"].errors) == ["meets_minors"]
    client.post(page("run", run.pk), {"language": "de", "meets_minors": "on"})
    run.refresh_from_db()
    assert run.state == RunState.MADE


def test_what_is_missing_at_the_site_is_said_before(
    client: Client, site: Site, maker: Account
) -> None:
    Site.objects.update(street="")
    run = run_for(MentorFactory.create(site=site), kind=LetterKind.RECORD_CHECK.value)
    assert "seine Straße ist noch nicht bekannt" in words(client.get(page("run", run.pk)))
    refused = client.post(page("run", run.pk), {"language": "de", "meets_minors": "on"})
    assert refused.status_code == 422


def test_an_invitation_asks_when_and_where(client: Client, site: Site, maker: Account) -> None:
    run = run_for(MenteeFactory.create(site=site))
    form = client.get(page("run", run.pk)).context["form"]
    assert list(form.fields) == ["language", "appointment"]
    missing = client.post(page("run", run.pk), {"language": "de"})
    assert missing.status_code == 422
    assert list(missing.context["form"].errors) == ["appointment"]
    LetterTextFactory.create(carrier=site.carrier)
    LetterTextFactory.create(carrier=site.carrier, language="en")
    form = client.get(page("run", run.pk)).context["form"]
    assert list(form.fields) == ["language"]


def test_who_gets_none_is_said_with_the_reason(client: Client, site: Site, maker: Account) -> None:
    proposed = tandem_of(site=site, meetings=())
    run = run_for(tandem_of(site=site), proposed, kind=LetterKind.AGREEMENT.value)
    type(proposed).objects.filter(pk=proposed.pk).update(state="proposed")
    shown = words(client.get(page("run", run.pk)))
    assert "Noch fehlt eine Zusage." in shown
    client.post(page("run", run.pk), {"language": "de"})
    shown = words(client.get(page("run", run.pk)))
    assert "1 ohne Brief" in shown
    assert "Noch fehlt eine Zusage." in shown
    assert "1 Brief" in shown


def test_where_none_can_be_made_there_is_no_button(
    client: Client, site: Site, maker: Account
) -> None:
    run = run_for(MenteeFactory.create(site=site), kind=LetterKind.RECORD_CHECK.value)
    shown = words(client.get(page("run", run.pk)))
    assert "Keiner dieser Briefe lässt sich machen. Die Gründe stehen darunter." in shown
    assert "Brief machen" not in shown


def test_a_button_knows_its_own_letters(client: Client, site: Site, maker: Account) -> None:
    person, tandem = MenteeFactory.create(site=site), tandem_of(site=site)
    assert client.post(page("of_person", person.pk), {"kind": "agreement"}).status_code == 404
    assert client.post(page("of_tandem", tandem.pk), {"kind": "invitation"}).status_code == 404
    assert client.post(page("of_person", person.pk)).status_code == 404
    assert client.get(page("of_person", person.pk)).status_code == 405


def test_a_refusal_is_said_where_the_button_is(
    client: Client, site: Site, maker: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("patenwerk.letters.domain.run.MOST", 0)
    person = MenteeFactory.create(site=site)
    answer = client.post(page("of_person", person.pk), {"kind": "invitation"}, follow=True)
    assert answer.redirect_chain[0][0] == reverse("people:person", args=[person.pk])
    assert "höchstens 0 Briefe" in words(answer)


# --- many -----------------------------------------------------------------------------------


def people(site: Site, count: int) -> list[Person]:
    return [MenteeFactory.create(site=site) for _ in range(count)]


def test_chosen_rows_of_a_list_become_letters(client: Client, site: Site, maker: Account) -> None:
    first, second, _third = people(site, 3)
    foreign = MenteeFactory.create(site__carrier=site.carrier)
    here = reverse("people:people")
    shown = words(client.get(here))
    assert f'name="row" value="{first.pk}" form="chosen"' in shown
    assert 'name="do" value="letters.invitation"' in shown
    answer = client.post(
        here,
        {
            "do": "letters.invitation",
            "row": [str(first.pk), str(second.pk), str(foreign.pk), "x", "9" * 30],
        },
    )
    run = LetterRun.objects.get()
    assert answer.headers["Location"] == page("run", run.pk)
    assert {letter.person for letter in run.letters.all()} == {first, second}


def test_all_that_the_filter_found_become_letters(
    client: Client, site: Site, maker: Account
) -> None:
    mentor = MentorFactory.create(site=site)
    people(site, 2)
    client.post(
        reverse("people:people") + "?side=mentor", {"do": "letters.record_check", "all": "1"}
    )
    run = LetterRun.objects.get()
    assert (run.kind, [letter.person for letter in run.letters.all()]) == ("record_check", [mentor])


def test_nothing_chosen_is_said_on_the_list(client: Client, site: Site, maker: Account) -> None:
    people(site, 1)
    here = reverse("people:people") + "?side=mentee"
    answer = client.post(here, {"do": "letters.invitation"}, follow=True)
    assert answer.redirect_chain[0][0] == here
    assert "Bitte wählen Sie, für wen die Briefe sind." in words(answer)


def test_chosen_tandems_become_letters_and_who_may_not_chooses_nothing(
    client: Client, site: Site, maker: Account
) -> None:
    tandem = tandem_of(site=site)
    here = reverse("tandems:list")
    client.post(here, {"do": "letters.certificate", "row": str(tandem.pk)})
    assert LetterRun.objects.get().letters.get().tandem == tandem
    assert client.post(here, {"do": "letters.invitation", "all": "1"}).status_code == 405
    client.force_login(manager(site.carrier))
    shown = words(client.get(here))
    assert 'name="row"' not in shown
    assert client.post(here, {"do": "letters.certificate", "all": "1"}).status_code == 405
    assert LetterRun.objects.count() == 1


def test_many_show_how_far_they_are_and_then_the_file(
    client: Client, site: Site, maker: Account
) -> None:
    run = run_for(*people(site, 6))
    form = client.get(page("run", run.pk)).context["form"]
    assert list(form.fields) == ["language", "appointment", "file_kind"]
    said = {"language": "de", "appointment": "Montag", "file_kind": "zip"}
    client.post(page("run", run.pk), said)
    assert "Wartet, bis es losgeht" in words(client.get(page("run", run.pk)))
    part = words(client.get(page("progress", run.pk), headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert page("progress", run.pk) in part
    assert run in client.get(page("runs")).context["rows"]
    do_open_jobs(clock.now)
    over = client.get(page("progress", run.pk), headers={"HX-Request": "true"})
    assert over.headers["HX-Redirect"] == page("run", run.pk)
    assert client.get(page("progress", run.pk)).headers["Location"] == page("run", run.pk)
    shown = words(client.get(page("run", run.pk)))
    assert "ZIP holen" in shown
    file = client.get(page("file", run.pk))
    assert file.headers["Content-Type"] == "application/zip"
    assert file.headers["Content-Disposition"] == f'attachment; filename="einladung-{run.pk}.zip"'


def test_a_job_that_failed_says_so_and_can_be_tried_again(
    client: Client, site: Site, maker: Account
) -> None:
    run = run_for(*people(site, 6))
    said = {"language": "de", "appointment": "Montag", "file_kind": "pdf"}
    client.post(page("run", run.pk), said)
    RoleGrant.objects.filter(account=maker).update(valid_to="2026-11-22")
    do_open_jobs(clock.now)
    RoleGrant.objects.filter(account=maker).update(valid_to=None)
    shown = words(client.get(page("run", run.pk)))
    assert "Ihre Rolle erlaubt es nicht mehr" in shown
    assert "6 Briefe machen" in shown
    client.post(page("run", run.pk), said)
    job = Job.objects.exclude(state=JobState.FAILED).get()
    cancel(job=job, by=actor(maker), at=clock.now())
    assert "weil etwas schiefging" in words(client.get(page("run", run.pk)))


def test_a_file_that_was_erased_is_gone(client: Client, site: Site, maker: Account) -> None:
    run = made(run_for(*people(site, 1)))
    assert client.get(page("file", run.pk)).content == b"%PDF-1.7 letters"
    run.file.delete()
    LetterRun.objects.update(state=RunState.EXPIRED)
    assert client.get(page("file", run.pk)).status_code == 404
    assert "nach 14 Tagen gelöscht" in words(client.get(page("run", run.pk)))


def test_the_list_shows_exactly_the_own_runs(client: Client, site: Site, maker: Account) -> None:
    assert "Noch kein Brief" in words(client.get(page("runs")))
    own = made(run_for(*people(site, 1)))
    sibling = SiteFactory.create(carrier=site.carrier)
    made(run_for(*people(sibling, 1)))
    assert set(client.get(page("runs")).context["rows"]) == {own}
    assert set(client.get(page("runs"), {"site": sibling.pk}).context["rows"]) == {own}
    assert set(client.get(page("runs"), {"site": site.pk}).context["rows"]) == {own}
    sheet = words(client.get(page("runs"), {"format": "csv"}))
    assert "Einladung" in sheet
    for account in (manager(site.carrier), office(site.programme)):
        client.force_login(account)
        assert client.get(page("runs")).status_code == 404
        assert client.get(page("run", own.pk)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("kind", ["", "csv"])
def test_the_list_costs_the_same_for_few_and_many(
    client: Client,
    site: Site,
    maker: Account,
    count: int,
    kind: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        made(run_for(*people(site, 1)))
    with django_assert_num_queries(4 if kind else 6):
        client.get(page("runs"), {"format": kind})


@pytest.mark.parametrize("count", [1, 3])
def test_a_run_costs_the_same_for_few_and_many(
    client: Client,
    site: Site,
    maker: Account,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    tandems = [tandem_of(site=site) for _ in range(count)]
    chosen = run_for(*tandems, kind=LetterKind.AGREEMENT.value)
    with django_assert_num_queries(9):
        client.get(page("run", chosen.pk))
    made(chosen)
    with django_assert_num_queries(7):
        client.get(page("run", chosen.pk))


# --- e-mails --------------------------------------------------------------------------------


def test_a_message_is_written_looked_at_sent_stopped_and_gone_on_with(
    client: Client, site: Site, maker: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "AT_A_TIME", 1)
    for name in ("Ada", "Ben", "Cem"):
        email = "" if name == "Cem" else f"{name}@example.org"
        MenteeFactory.create(site=site, first_name=name, last_name="A", email=email)
    client.post(reverse("people:people"), {"do": "letters.message", "all": "1"})
    here = page("run", LetterRun.objects.get().pk)
    form = client.get(here).context["form"]
    assert list(form.fields) == ["language", "file_kind", "title", "body"]
    assert "als E-Mail (2 von 3 haben eine Adresse)" in words(client.get(here))
    said = {"language": "de", "file_kind": "mail", "title": "Fest", "body": "Hallo {Vorname}"}
    looked = client.post(here, {**said, "preview": "1"})
    assert looked.status_code == 200
    assert "Hallo Ada" in words(looked)
    wrong = client.post(here, {**said, "body": "{xyz}", "preview": "1"})
    assert list(wrong.context["form"].errors) == ["body"]
    assert client.post(here, {"preview": "1"}).status_code == 422
    assert OutboxMail.objects.count() == 0
    client.post(here, said)
    run = LetterRun.objects.get()
    do_job(job_id=run.job_id or 0, clock=clock.now)
    shown = words(client.get(here))
    assert "1 von 2" in shown
    assert "Es gibt keine E-Mail-Adresse." in shown
    assert 'value="stop"' in shown
    part = words(client.get(page("progress", run.pk), headers={"HX-Request": "true"}))
    assert "E-Mails, die hinausgegangen sind" in part
    client.post(page("mailing", run.pk), {"do": "stop"})
    over = client.get(page("progress", run.pk), headers={"HX-Request": "true"})
    assert over.headers["HX-Redirect"] == here
    assert 'value="go_on"' in words(client.get(here))
    client.post(page("mailing", run.pk), {"do": "go_on"})
    do_open_jobs(clock.now)
    assert sorted(OutboxMail.objects.values_list("to", flat=True)) == [
        "Ada@example.org",
        "Ben@example.org",
    ]
    assert "Alle E-Mails sind hinausgegangen." in words(client.get(here))
    assert client.get(page("file", run.pk)).status_code == 404


def test_e_mails_that_do_not_leave_say_so_and_can_go_on(
    client: Client, site: Site, maker: Account
) -> None:
    Site.objects.update(phone="030 1")
    run = run_for(MenteeFactory.create(site=site, email="a@b.de"))
    client.post(
        page("run", run.pk), {"language": "de", "file_kind": "mail", "appointment": "Montag"}
    )
    cancel(job=Job.objects.get(), by=actor(maker), at=clock.now())
    shown = words(client.get(page("run", run.pk)))
    assert "Im Moment gehen keine E-Mails hinaus." in shown
    assert 'value="go_on"' in shown


def test_there_is_nothing_else_to_do_with_e_mails(
    client: Client, site: Site, maker: Account
) -> None:
    run = run_for(MenteeFactory.create(site=site))
    assert client.post(page("mailing", run.pk), {"do": "xyz"}).status_code == 404
    assert client.get(page("mailing", run.pk)).status_code == 405
    refused = client.post(page("mailing", run.pk), {"do": "stop"}, follow=True)
    assert "ihre Zeit ist vorbei" in words(refused)


# --- texts ----------------------------------------------------------------------------------


@pytest.fixture
def writer(client: Client, site: Site) -> Carrier:
    client.force_login(manager(site.carrier))
    return site.carrier


def text(carrier: Carrier, kind: str = "invitation", language: str = "de") -> str:
    return f"{page('text', carrier.pk)}?kind={kind}&language={language}"


OWN = {"title": "Komm vorbei", "body": "Hallo **{Vorname}**\r\n\r\n- eins", "version": "0"}


def test_a_carrier_changes_a_text_and_takes_it_back(client: Client, writer: Carrier) -> None:
    carrier_page = words(client.get(reverse("organisations:carrier", args=[writer.pk])))
    assert page("texts", writer.pk) in carrier_page
    assert "Alle Texte sind die üblichen." in carrier_page
    listed = words(client.get(page("texts", writer.pk)))
    assert text(writer).replace("&", "&amp;") in listed
    assert "Ihr eigener" not in listed
    shown = words(client.get(text(writer)))
    assert "Das ist der übliche Text." in shown
    assert "<strong>Wann und wo:</strong> Donnerstag, 17 Uhr, Marktplatz 1" in shown
    assert client.post(text(writer), OWN).headers["Location"] == text(writer)
    written = LetterText.objects.get()
    assert (written.title, written.body) == ("Komm vorbei", "Hallo **{Vorname}**\n\n- eins")
    shown = words(client.get(text(writer)))
    assert "Das ist Ihr eigener Text." in shown
    assert "Hallo <strong>Robin</strong>" in shown
    assert "<li>eins</li>" in shown
    assert "Ihr eigener" in words(client.get(page("texts", writer.pk)))
    back = f"{page('default', writer.pk)}?kind=invitation&amp;language=de"
    assert back in shown
    assert client.get(back.replace("&amp;", "&")).status_code == 200
    client.post(back.replace("&amp;", "&"))
    shown = words(client.get(text(writer)))
    assert "Das ist der übliche Text." in shown
    assert "Komm vorbei" in shown  # among the earlier versions
    again = client.post(back.replace("&amp;", "&"))
    assert again.status_code == 422
    assert "Der übliche Text gilt schon." in words(again)


def test_a_text_is_looked_at_before_it_is_saved(client: Client, writer: Carrier) -> None:
    looked = client.post(text(writer), {**OWN, "preview": "1"})
    assert looked.status_code == 200
    assert "Noch nicht gespeichert." in words(looked)
    assert "Hallo <strong>Robin</strong>" in words(looked)
    paper = client.post(text(writer), {**OWN, "paper": "1"})
    assert paper.headers["Content-Type"] == "application/pdf"
    assert structure_of(paper.content).title == "Komm vorbei"
    wrong = client.post(text(writer), {**OWN, "body": "{Vornamen}", "preview": "1"})
    assert wrong.status_code == 422
    assert "{Vornamen} ist nicht bekannt. Meinten Sie {Vorname}?" in words(wrong)
    empty = client.post(text(writer), {"preview": "1"})
    assert empty.status_code == 422
    assert not LetterText.objects.exists()


def test_a_wrong_placeholder_is_said_beside_the_field(client: Client, writer: Carrier) -> None:
    for more in ({}, {"paper": "1"}):
        answer = client.post(text(writer), {**OWN, "title": "{xyz}", **more})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["title"]
    assert not LetterText.objects.exists()


def test_two_writers_do_not_overwrite_each_other(client: Client, writer: Carrier) -> None:
    client.post(text(writer), OWN)
    late = client.post(text(writer), {**OWN, "title": "Zu spät"})
    assert late.status_code == 422
    assert "Inzwischen hat jemand diesen Text geändert." in words(late)
    assert LetterText.objects.count() == 1


def test_the_example_speaks_the_language_of_the_text(client: Client, writer: Carrier) -> None:
    shown = words(client.get(text(writer, "agreement", "en")))
    assert "Robin Example" in shown
    assert "{first meeting}" in shown
    assert 'lang="en"' in shown
    request = words(client.get(text(writer, "record_check")))
    assert "Dieser Teil ist überall gleich." in request


def test_there_are_no_other_texts(client: Client, writer: Carrier) -> None:
    assert client.get(text(writer, "xyz")).status_code == 404
    assert client.get(text(writer, "invitation", "fr")).status_code == 404
    assert client.get(page("text", writer.pk)).status_code == 200


def test_what_a_carrier_typed_is_no_page(client: Client, writer: Carrier) -> None:
    nasty = "<script>alert(1)</script>"
    client.post(text(writer), {**OWN, "title": nasty, "body": nasty})
    shown = words(client.get(text(writer)))
    assert nasty not in shown
    assert "&lt;script&gt;" in shown


@pytest.mark.parametrize("count", [1, 3])
def test_texts_cost_the_same_for_few_and_many_versions(
    client: Client,
    writer: Carrier,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for version in range(1, count + 1):
        LetterTextFactory.create(carrier=writer, version=version)
    with django_assert_num_queries(6):
        client.get(text(writer))
    with django_assert_num_queries(5):
        client.get(page("texts", writer.pk))


def test_only_the_own_management_reads_and_changes_texts(
    client: Client, site: Site, maker: Account
) -> None:
    for name in ("texts", "text", "default"):
        assert client.get(page(name, site.carrier_id)).status_code == 404
    client.force_login(manager(SiteFactory.create().carrier))
    for name in ("texts", "text", "default"):
        assert client.get(page(name, site.carrier_id)).status_code == 404
