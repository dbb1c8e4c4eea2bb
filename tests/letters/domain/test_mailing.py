"""Letters as e-mails: a few at a time, each once, stopped and gone on with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.jobs.domain.enqueue import cancel
from patenwerk.jobs.domain.run import run as do_job
from patenwerk.jobs.enums import JobState
from patenwerk.jobs.models import Job
from patenwerk.letters.domain import mailing
from patenwerk.letters.domain.mailing import (
    MAIL,
    PAUSE,
    go_on_mailing,
    mail_some,
    stop_mailing,
)
from patenwerk.letters.domain.preview import first_letter
from patenwerk.letters.domain.refusals import CannotMake
from patenwerk.letters.domain.run import Wishes, erase_overdue, make_letters
from patenwerk.letters.domain.text import CannotWrite
from patenwerk.letters.enums import FileKind, LetterKind, RunState
from patenwerk.letters.kernel.defaults import Wording
from patenwerk.letters.models import Letter, LetterFile, LetterRun
from patenwerk.letters.queries.run import mailed_count
from patenwerk.mail.models import OutboxMail
from patenwerk.organisations.models import RoleGrant, Site
from patenwerk.people.models import Person
from tests.factories.jobs import do_open_jobs
from tests.factories.letters import LetterTextFactory, run_for
from tests.factories.organisations import SiteFactory, actor, coordinator
from tests.factories.people import GuardianFactory, MenteeFactory, MentorFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BY_MAIL = Wishes(file_kind=FileKind.MAIL, appointment="Montag um 17 Uhr")
OWN = Wording("Für {Vorname}", "Guten Tag **{Name}**\n\n- <b>eins</b> & {Rolle}")


@pytest.fixture
def site() -> Site:
    return SiteFactory.create(street="Markt 1", phone="030 1")


@pytest.fixture
def maker(site: Site) -> Actor:
    return actor(coordinator(site))


@pytest.fixture
def two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailing, "AT_A_TIME", 2)


def person(site: Site, name: str, **fields: object) -> Person:
    said = {"email": f"{name.lower()}@example.org", "first_name": name, **fields}
    return MenteeFactory.create(site=site, **said)


def people(site: Site, count: int) -> list[Person]:
    return [person(site, f"N{number}") for number in range(count)]


def start(run: LetterRun, by: Actor, wishes: Wishes = BY_MAIL) -> Job:
    job = make_letters(run=run, wishes=wishes, by=by, at=AT)
    assert job is not None
    run.refresh_from_db()
    return job


def work(job: Job) -> Job:
    do_job(job_id=job.pk, clock=lambda: AT)
    job.refresh_from_db()
    return job


def receivers() -> list[str]:
    return list(OutboxMail.objects.order_by("pk").values_list("to", flat=True))


def codes(refused: pytest.ExceptionInfo[CannotMake]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_everybody_with_an_address_gets_one_mail(site: Site, maker: Actor) -> None:
    run = run_for(person(site, "Ada"), person(site, "Ben", email=""), person(site, "Cem"))
    start(run, maker)
    assert run.state == RunState.MAILING
    do_open_jobs(lambda: AT)
    assert receivers() == ["ada@example.org", "cem@example.org"]
    run.refresh_from_db()
    assert (run.state, run.made_at, run.made_count, run.left_out_count) == (
        RunState.MADE,
        AT,
        2,
        1,
    )
    assert set(run.letters.values_list("left_out", "mailed_at")) == {("", AT), ("address", None)}
    assert not LetterFile.objects.exists()
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {
        "letters.start_mailing",
        "letters.mail",
    }
    entry = AuditEntry.objects.get(action="letters.mail")
    assert entry.details == {"kind": "invitation", "letters": 2, "left_out": 0}


def test_a_mail_says_the_words_and_who_writes(site: Site, maker: Actor) -> None:
    run = run_for(
        MentorFactory.create(site=site, first_name="Ada", last_name="**Ulme**", email="a@b.de"),
        kind=LetterKind.MESSAGE.value,
    )
    start(run, maker, Wishes(file_kind=FileKind.MAIL, wording=OWN))
    do_open_jobs(lambda: AT)
    mail = OutboxMail.objects.get()
    assert (mail.subject, mail.kind, mail.language) == ("Für Ada", "letter", "de")
    assert mail.body_text == (
        "Guten Tag Ada **Ulme**\n\n- <b>eins</b> & Pat*in\n\n"
        f"-- \n{site.carrier.name}, {site.name}\nMarkt 1, 10115 Berlin\n030 1\n"
    )
    assert "<p>Guten Tag <strong>Ada **Ulme**</strong></p>" in mail.body_html
    assert "<li>&lt;b&gt;eins&lt;/b&gt; &amp; Pat*in</li>" in mail.body_html


def test_a_few_leave_and_the_others_wait_a_minute(
    site: Site, maker: Actor, two_at_a_time: None
) -> None:
    run = run_for(*people(site, 5))
    first = work(start(run, maker))
    assert (first.state, first.result) == (JobState.DONE, {"mailed": 2})
    assert len(receivers()) == 2
    assert mailed_count(run) == (2, 5)
    second = Job.objects.filter(name=MAIL).exclude(pk=first.pk).get()
    assert (second.state, second.lease_until) == (JobState.QUEUED, AT + PAUSE)
    run.refresh_from_db()
    assert (run.state, run.job_id) == (RunState.MAILING, second.pk)
    do_open_jobs(lambda: AT)
    assert sorted(receivers()) == [f"n{number}@example.org" for number in range(5)]


def test_what_was_stopped_leaves_when_it_goes_on_and_nothing_twice(
    site: Site, maker: Actor, two_at_a_time: None
) -> None:
    run = run_for(*people(site, 5))
    work(start(run, maker))
    stop_mailing(run=run, by=maker, at=AT)
    do_open_jobs(lambda: AT)
    assert len(receivers()) == 2
    run.refresh_from_db()
    assert run.state == RunState.STOPPED
    with pytest.raises(CannotMake) as refused:
        stop_mailing(run=run, by=maker, at=AT)
    assert codes(refused) == ["gone"]
    go_on_mailing(run=run, by=maker, at=AT)
    with pytest.raises(CannotMake) as refused:
        go_on_mailing(run=run, by=maker, at=AT)
    assert codes(refused) == ["busy"]
    do_open_jobs(lambda: AT)
    assert sorted(receivers()) == [f"n{number}@example.org" for number in range(5)]
    with pytest.raises(CannotMake) as refused:
        go_on_mailing(run=run, by=maker, at=AT)
    assert codes(refused) == ["gone"]
    actions = AuditEntry.objects.filter(
        action__in=["letters.stop_mailing", "letters.go_on_mailing"]
    )
    assert actions.count() == 2


def test_a_job_that_the_run_does_not_name_any_more_does_nothing(
    site: Site, maker: Actor, two_at_a_time: None
) -> None:
    run = run_for(*people(site, 5))
    first = work(start(run, maker))
    waiting = Job.objects.filter(name=MAIL).exclude(pk=first.pk).get()
    stop_mailing(run=run, by=maker, at=AT)
    again = go_on_mailing(run=run, by=maker, at=AT)
    assert work(waiting).result == {"mailed": 0}
    assert len(receivers()) == 2
    assert work(again).result == {"mailed": 2}
    assert mail_some(run_id=10**9, job_id=1, by=maker, at=AT) == {"mailed": 0}


def test_after_a_job_that_failed_it_can_go_on(
    site: Site, maker: Actor, two_at_a_time: None
) -> None:
    run = run_for(*people(site, 3))
    work(start(run, maker))
    waiting = Job.objects.filter(name=MAIL, state=JobState.QUEUED).get()
    cancel(job=waiting, by=maker, at=AT)
    go_on_mailing(run=run, by=maker, at=AT)
    do_open_jobs(lambda: AT)
    assert len(receivers()) == 3


def test_who_may_not_any_more_mails_nothing(site: Site) -> None:
    account = coordinator(site)
    run = run_for(*people(site, 2))
    job = start(run, actor(account))
    RoleGrant.objects.filter(account=account).update(valid_to=date(2026, 11, 1))
    assert (work(job).state, job.problem) == (JobState.FAILED, "not_allowed")
    assert receivers() == []


def test_who_is_archived_or_without_a_good_address_meanwhile_gets_none(
    site: Site, maker: Actor
) -> None:
    gone, wrong, good = people(site, 3)
    run = run_for(gone, wrong, good)
    job = start(run, maker)
    Person.objects.filter(pk=gone.pk).update(archived_at=AT)
    Person.objects.filter(pk=wrong.pk).update(email="keine Adresse")
    assert work(job).result == {"mailed": 1}
    assert receivers() == ["n2@example.org"]
    assert dict(run.letters.values_list("person_id", "left_out")) == {
        gone.pk: "archived",
        wrong.pk: "address",
        good.pk: "",
    }
    run.refresh_from_db()
    assert (run.state, run.made_count, run.left_out_count) == (RunState.MADE, 1, 2)
    entry = AuditEntry.objects.get(action="letters.mail")
    assert entry.details == {"kind": "invitation", "letters": 1, "left_out": 2}


def test_all_get_the_same_words_even_if_the_carrier_changes_its_text(
    site: Site, maker: Actor, two_at_a_time: None
) -> None:
    run = run_for(*people(site, 3))
    work(start(run, maker))
    LetterTextFactory.create(carrier=site.carrier, title="Ganz anders", body="Anders.")
    do_open_jobs(lambda: AT)
    assert set(OutboxMail.objects.values_list("subject", flat=True)) == {"Einladung zum Gespräch"}
    run.refresh_from_db()
    later = AT + timedelta(days=15)
    erase_overdue(by=maker, at=later)
    run.refresh_from_db()
    assert (run.state, run.title, run.body) == (RunState.EXPIRED, "", "")


@pytest.mark.parametrize("kind", [LetterKind.RECORD_CHECK, LetterKind.AGREEMENT])
def test_what_is_signed_does_not_leave_as_a_mail(
    site: Site, maker: Actor, kind: LetterKind
) -> None:
    run = run_for(MentorFactory.create(site=site, email="a@b.de"), kind=kind.value)
    wishes = Wishes(file_kind=FileKind.MAIL, meets_minors=True)
    with pytest.raises(CannotMake) as refused:
        make_letters(run=run, wishes=wishes, by=maker, at=AT)
    assert [(each.code, each.field) for each in refused.value.reasons] == [("signed", "file_kind")]


def test_without_any_address_none_leaves(site: Site, maker: Actor) -> None:
    run = run_for(person(site, "Ada", email=""))
    with pytest.raises(CannotMake) as refused:
        make_letters(run=run, wishes=BY_MAIL, by=maker, at=AT)
    assert codes(refused) == ["address"]


def test_the_guardians_of_an_invited_child_get_the_mail(site: Site, maker: Actor) -> None:
    child = person(site, "Lea", birth_date=date(2015, 3, 4))
    for name in ("maria", "jonas"):
        GuardianFactory.create(person=child, first_name=name, email=f"{name}@example.org")
    run = run_for(child)
    start(run, maker)
    child.guardians.filter(first_name="jonas").update(email="no address")
    do_open_jobs(lambda: AT)
    assert receivers() == ["maria@example.org"]
    mail = OutboxMail.objects.get()
    assert mail.body_text.startswith(f"Guten Tag maria {child.last_name} und jonas")
    run.refresh_from_db()
    assert (run.made_count, run.left_out_count) == (1, 0), "one letter, whoever else reads it"
    start(again := run_for(child), maker)
    child.guardians.update(email="no address")
    do_open_jobs(lambda: AT)
    assert again.letters.get().left_out == "address"
    assert OutboxMail.objects.count() == 1


@pytest.mark.parametrize("wording", [None, Wording("", "Text"), Wording("Titel", "{xyz}")])
def test_ones_own_words_have_to_be_there_and_right(
    site: Site, maker: Actor, wording: Wording | None
) -> None:
    run = run_for(person(site, "Ada"), kind=LetterKind.MESSAGE.value)
    with pytest.raises(CannotWrite):
        make_letters(run=run, wishes=Wishes(wording=wording), by=maker, at=AT)


def test_ones_own_words_can_be_a_paper(site: Site, maker: Actor) -> None:
    run = run_for(person(site, "Ada"), kind=LetterKind.MESSAGE.value)
    make_letters(run=run, wishes=Wishes(wording=OWN), by=maker, at=AT)
    run.refresh_from_db()
    assert (run.title, run.body) == (OWN.title, OWN.body)
    assert "Für Ada</rdf:li>".encode() in bytes(LetterFile.objects.get(run=run).data)


def test_the_first_letter_is_looked_at_and_nothing_is_written(site: Site, maker: Actor) -> None:
    archived = person(site, "Weg", archived_at=AT)
    run = run_for(archived, person(site, "Ada"), kind=LetterKind.MESSAGE.value)
    words = first_letter(run=run, wishes=Wishes(wording=OWN), at=AT)
    assert words.title == "Für Ada"
    with pytest.raises(CannotMake):
        first_letter(run=run_for(archived), wishes=BY_MAIL, at=AT)
    run.refresh_from_db()
    assert (run.title, run.state) == ("", RunState.CHOSEN)
    assert not Letter.objects.exclude(left_out="").exists()


@pytest.mark.parametrize("count", [1, 3])
def test_each_mail_costs_the_same(
    site: Site, maker: Actor, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run = run_for(*people(site, count))
    job = start(run, maker)
    run.refresh_from_db()
    with django_assert_num_queries(9 + 2 * count):
        mail_some(run_id=run.pk, job_id=job.pk, by=maker, at=AT)
