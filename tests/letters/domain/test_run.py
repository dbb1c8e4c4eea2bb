"""Letters from the choice to the file: who gets one, made once, kept for a time."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.jobs.domain.run import run as do_job
from patenwerk.jobs.enums import JobState
from patenwerk.jobs.models import Job
from patenwerk.letters.domain import run as domain
from patenwerk.letters.domain.run import (
    CannotChoose,
    CannotMake,
    Wishes,
    choose_letters,
    erase_overdue,
    make_letters,
    set_letters,
    store_letters,
)
from patenwerk.letters.domain.selection import begin
from patenwerk.letters.enums import FileKind, LetterKind, RunState
from patenwerk.letters.models import Letter, LetterFile, LetterRun
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import RoleGrant, Site
from patenwerk.tandems.enums import EndReason, State
from tests.factories.jobs import do_open_jobs
from tests.factories.letters import LetterFactory, made, run_for
from tests.factories.organisations import SiteFactory, actor, coordinator, manager
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import ParticipantFactory, tandem_of
from tests.letters.structure import structure_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NOBODY = Actor(user_id=None)
INVITED = Wishes(appointment="Montag um 17 Uhr im Rathaus")


@pytest.fixture
def site() -> Site:
    return SiteFactory.create(street="Markt 1")


@pytest.fixture
def maker(site: Site) -> Actor:
    return actor(coordinator(site))


def codes(
    refused: pytest.ExceptionInfo[CannotMake] | pytest.ExceptionInfo[CannotChoose],
) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def choose(kind: LetterKind, by: Actor, *ids: int) -> LetterRun:
    return choose_letters(kind=kind, ids=ids, by=by, at=AT)


# --- choosing -------------------------------------------------------------------------------


def test_only_people_in_reach_get_a_letter(site: Site, maker: Actor) -> None:
    second = MentorFactory.create(site=site, last_name="Birke")
    first = MenteeFactory.create(site=site, last_name="Ahorn")
    foreign = MenteeFactory.create(site__carrier=site.carrier)
    run = choose(LetterKind.INVITATION, maker, second.pk, foreign.pk, first.pk)
    assert [letter.person for letter in run.letters.all()] == [first, second]
    assert (run.site, run.carrier, run.programme) == (site, site.carrier, site.programme)
    assert (run.state, run.asked_by_id, run.asked_at) == (RunState.CHOSEN, maker.user_id, AT)
    entry = AuditEntry.objects.get(action="letters.choose")
    assert (entry.object_id, entry.site_id) == (run.pk, site.pk)
    assert entry.details == {"kind": "invitation", "letters": 2}


def test_nobody_of_another_site_is_nobody(site: Site, maker: Actor) -> None:
    foreign = MenteeFactory.create()
    for ids in ([], [foreign.pk], [10**9]):
        with pytest.raises(CannotChoose) as refused:
            choose(LetterKind.INVITATION, maker, *ids)
        assert codes(refused) == ["nobody"]
    with pytest.raises(CannotChoose) as refused:
        choose(LetterKind.AGREEMENT, maker, tandem_of().pk)
    assert codes(refused) == ["nobody"]
    assert not LetterRun.objects.exists()


def test_management_reads_and_makes_no_letter(site: Site) -> None:
    person = MenteeFactory.create(site=site)
    with pytest.raises(CannotChoose):
        choose(LetterKind.INVITATION, actor(manager(site.carrier)), person.pk)


def test_a_letter_has_one_sender(site: Site, maker: Actor) -> None:
    other = MenteeFactory.create(site__carrier=site.carrier)
    both = Actor(user_id=None, grants=maker.grants | actor(coordinator(other.site)).grants)
    with pytest.raises(CannotChoose) as refused:
        choose(LetterKind.INVITATION, both, MenteeFactory.create(site=site).pk, other.pk)
    assert codes(refused) == ["sites"]


def test_there_is_a_most(site: Site, maker: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domain, "MOST", 2)
    people = [MenteeFactory.create(site=site).pk for _ in range(3)]
    choose(LetterKind.INVITATION, maker, *people[:2])
    with pytest.raises(CannotChoose) as refused:
        choose(LetterKind.INVITATION, maker, *people)
    assert codes(refused) == ["many"]
    tandem = tandem_of(site=site)
    choose(LetterKind.CERTIFICATE, maker, tandem.pk)
    for _ in range(2):
        ParticipantFactory.create(tandem=tandem, person=MentorFactory.create(site=site))
    with pytest.raises(CannotChoose) as refused:
        choose(LetterKind.CERTIFICATE, maker, tandem.pk)
    assert codes(refused) == ["many"]


def test_too_many_rows_are_not_even_looked_for(
    maker: Actor,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(domain, "MOST", 2)
    with django_assert_num_queries(3), pytest.raises(CannotChoose) as refused:  # of a savepoint
        choose(LetterKind.INVITATION, maker, 1, 2, 3)
    assert codes(refused) == ["many"]


def test_a_tandem_gets_one_agreement_and_each_of_its_mentors_a_certificate(
    site: Site, maker: Actor
) -> None:
    tandem = tandem_of(MentorFactory.create(site=site, last_name="Birke"))
    substitute = MentorFactory.create(site=site, last_name="Ahorn")
    ParticipantFactory.create(tandem=tandem, person=substitute, left_on=date(2026, 10, 20))
    agreement = choose(LetterKind.AGREEMENT, maker, tandem.pk)
    assert [(each.tandem, each.person) for each in agreement.letters.all()] == [(tandem, None)]
    certificate = choose(LetterKind.CERTIFICATE, maker, tandem.pk)
    assert [(each.tandem, str(each.person)[-5:]) for each in certificate.letters.all()] == [
        (tandem, "Ahorn"),
        (tandem, "Birke"),
    ]


def test_a_button_leads_to_the_letters(site: Site, maker: Actor) -> None:
    person = MenteeFactory.create(site=site)
    address = begin(LetterKind.INVITATION, maker, [person.pk], AT)
    assert address == f"/briefe/{LetterRun.objects.get().pk}/"


def test_a_letter_is_about_somebody_and_there_once(site: Site) -> None:
    person = MenteeFactory.create(site=site)
    run = run_for(person)
    with pytest.raises(IntegrityError), transaction.atomic():
        LetterFactory.create(run=run, person=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        LetterFactory.create(run=run)


# --- making ---------------------------------------------------------------------------------


def test_a_few_are_made_at_once(site: Site, maker: Actor) -> None:
    archived = MenteeFactory.create(site=site, archived_at=AT)
    run = run_for(MenteeFactory.create(site=site, first_name="Lea"), archived)
    assert make_letters(run=run, wishes=INVITED, by=maker, at=AT) is None
    run.refresh_from_db()
    assert (run.state, run.made_at, run.made_count, run.left_out_count) == (
        RunState.MADE,
        AT,
        1,
        1,
    )
    assert run.appointment == INVITED.appointment
    assert set(run.letters.values_list("person_id", "left_out")) == {
        (archived.pk, "archived"),
        (run.letters.exclude(person=archived).get().person_id, ""),
    }
    paper = bytes(LetterFile.objects.get(run=run).data)
    assert structure_of(paper).title == "Einladung zum Gespräch"
    assert not Job.objects.exists()
    entry = AuditEntry.objects.get(action="letters.make")
    assert entry.details == {"kind": "invitation", "letters": 1, "left_out": 1}
    assert (entry.object_id, entry.site_id, entry.actor_id) == (run.pk, site.pk, maker.user_id)


def test_many_are_made_by_a_job_once(site: Site, maker: Actor) -> None:
    run = run_for(*(MenteeFactory.create(site=site) for _ in range(6)))
    job = make_letters(run=run, wishes=INVITED, by=maker, at=AT)
    assert job is not None
    run.refresh_from_db()
    assert (run.state, run.job_id) == (RunState.CHOSEN, job.pk)
    with pytest.raises(CannotMake) as refused:
        make_letters(run=run, wishes=INVITED, by=maker, at=AT)
    assert codes(refused) == ["busy"]
    do_open_jobs(lambda: AT)
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.DONE, {"letters": 6, "left_out": 0})
    run.refresh_from_db()
    assert (run.state, run.made_count) == (RunState.MADE, 6)
    paper = structure_of(bytes(LetterFile.objects.get(run=run).data))
    assert paper.pages == 6
    assert paper.title == "Einladung zum Gespräch (6 Briefe)"
    with pytest.raises(CannotMake) as refused:
        make_letters(run=run, wishes=INVITED, by=maker, at=AT)
    assert codes(refused) == ["gone"]
    do_job(job_id=job.pk, clock=lambda: AT)
    assert LetterFile.objects.count() == 1


def test_a_zip_has_a_file_for_each_with_its_name(site: Site, maker: Actor) -> None:
    run = run_for(
        MentorFactory.create(site=site, first_name="Jörg", last_name="Möwe"),
        MentorFactory.create(site=site, first_name="ليلى", last_name="حسن"),
        kind=LetterKind.RECORD_CHECK.value,
    )
    wishes = Wishes(file_kind=FileKind.EACH, meets_minors=True)
    make_letters(run=run, wishes=wishes, by=maker, at=AT)
    with zipfile.ZipFile(io.BytesIO(bytes(LetterFile.objects.get(run=run).data))) as files:
        assert files.namelist() == ["001-jorg-mowe.pdf", "002-brief.pdf"]
        assert files.infolist()[0].date_time == (2026, 11, 23, 10, 0, 0)
        for name in files.namelist():
            paper = structure_of(files.read(name))
            assert paper.pages == 1
            assert paper.title == "Bitte um ein erweitertes Führungszeugnis"


def test_the_way_is_told(site: Site, maker: Actor) -> None:
    run = run_for(*(MenteeFactory.create(site=site) for _ in range(3)), appointment="Montag")
    run.file_kind = FileKind.EACH.value
    run.save()
    told: list[tuple[int, int, str]] = []
    set_letters(run_id=run.pk, by=maker, at=AT, tell=lambda *said: told.append(said))
    assert told == [
        (0, 3, "reading"),
        (0, 3, "setting"),
        (1, 3, "setting"),
        (2, 3, "setting"),
    ]


def test_the_language_is_the_wished_one(site: Site, maker: Actor) -> None:
    run = run_for(MenteeFactory.create(site=site))
    wishes = Wishes(language=Language.ENGLISH, appointment="Monday")
    make_letters(run=run, wishes=wishes, by=maker, at=AT)
    paper = structure_of(bytes(LetterFile.objects.get(run=run).data))
    assert (paper.title, set(paper.languages)) == ("Invitation to a first talk", {"en"})


def test_a_record_check_is_asked_for_only_where_minors_are_met(site: Site, maker: Actor) -> None:
    run = run_for(MentorFactory.create(site=site), kind=LetterKind.RECORD_CHECK.value)
    with pytest.raises(CannotMake) as refused:
        make_letters(run=run, wishes=Wishes(), by=maker, at=AT)
    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [
        ("minors", "meets_minors")
    ]
    make_letters(run=run, wishes=Wishes(meets_minors=True), by=maker, at=AT)
    assert LetterFile.objects.filter(run=run).exists()


def test_without_what_all_of_them_say_none_is_made(site: Site, maker: Actor) -> None:
    Site.objects.filter(pk=site.pk).update(street="")
    check = run_for(MentorFactory.create(site=site), kind=LetterKind.RECORD_CHECK.value)
    with pytest.raises(CannotMake) as refused:
        make_letters(run=check, wishes=Wishes(meets_minors=True), by=maker, at=AT)
    assert codes(refused) == ["street"]
    invitation = run_for(MenteeFactory.create(site=site))
    with pytest.raises(CannotMake) as refused:
        make_letters(run=invitation, wishes=Wishes(appointment="  "), by=maker, at=AT)
    assert codes(refused) == ["appointment"]
    assert not LetterFile.objects.exists()


def test_one_file_holds_no_more_than_can_be_set_at_once(
    site: Site, maker: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain, "MOST_IN_ONE", 1)
    archived = MenteeFactory.create(site=site, archived_at=AT)
    people = [MenteeFactory.create(site=site) for _ in range(2)]
    run = run_for(*people, archived)
    with pytest.raises(CannotMake) as refused:
        make_letters(run=run, wishes=INVITED, by=maker, at=AT)
    assert [(each.code, each.field) for each in refused.value.reasons] == [
        ("one_file", "file_kind")
    ]
    make_letters(run=run_for(people[0], archived), wishes=INVITED, by=maker, at=AT)
    wishes = Wishes(file_kind=FileKind.EACH, appointment="Montag")
    make_letters(run=run, wishes=wishes, by=maker, at=AT)
    assert LetterFile.objects.count() == 2


def test_where_nobody_is_left_nothing_is_made(site: Site, maker: Actor) -> None:
    gone = [MenteeFactory.create(site=site, archived_at=AT) for _ in range(2)]
    with pytest.raises(CannotMake) as refused:
        make_letters(run=run_for(*gone), wishes=INVITED, by=maker, at=AT)
    assert codes(refused) == ["none_left"]
    with pytest.raises(CannotMake) as alone:
        make_letters(run=run_for(gone[0]), wishes=INVITED, by=maker, at=AT)
    assert codes(alone) == ["archived"]


def test_nobody_below_fourteen_is_asked_for_a_record_check(site: Site, maker: Actor) -> None:
    born = {"child": date(2012, 11, 24), "youth": date(2012, 11, 23)}
    site.street = "Markt 1"
    site.save()
    child, youth = (MentorFactory.create(site=site, birth_date=day) for day in born.values())
    kind, wishes = LetterKind.RECORD_CHECK.value, Wishes(meets_minors=True)
    with pytest.raises(CannotMake) as refused:
        make_letters(run=run_for(child, kind=kind), wishes=wishes, by=maker, at=AT)
    with translation.override("de"):
        assert str(refused.value) == (
            "Unter 14 Jahren gibt es kein Führungszeugnis. Darum wird keins angefordert."
        )
    assert not LetterFile.objects.exists()
    run = run_for(child, youth, kind=kind)
    make_letters(run=run, wishes=wishes, by=maker, at=AT)
    assert set(run.letters.values_list("person", "left_out")) == {
        (child.pk, "too_young"),
        (youth.pk, ""),
    }


def test_what_changed_before_the_job_counts(site: Site, maker: Actor) -> None:
    tandems = [tandem_of(site=site) for _ in range(6)]
    run = run_for(*tandems, kind=LetterKind.AGREEMENT.value)
    make_letters(run=run, wishes=Wishes(), by=maker, at=AT)
    ended = tandems[0]
    ended.state, ended.ended_on = State.ENDED.value, date(2026, 11, 1)
    ended.end_reason = EndReason.NO_TIME.value
    ended.save()
    do_open_jobs(lambda: AT)
    run.refresh_from_db()
    assert (run.made_count, run.left_out_count) == (5, 1)
    assert Letter.objects.get(run=run, tandem=ended).left_out == "over"


def test_a_job_of_somebody_who_may_not_any_more_makes_nothing(site: Site) -> None:
    account = coordinator(site)
    run = run_for(*(MenteeFactory.create(site=site) for _ in range(6)))
    job = make_letters(run=run, wishes=INVITED, by=actor(account), at=AT)
    assert job is not None
    RoleGrant.objects.filter(account=account).update(valid_to=date(2026, 11, 1))
    do_open_jobs(lambda: AT)
    job.refresh_from_db()
    assert (job.state, job.problem) == (JobState.FAILED, "not_allowed")
    assert not LetterFile.objects.exists()


def test_of_two_who_have_set_the_letters_one_keeps_them(site: Site, maker: Actor) -> None:
    run = run_for(MenteeFactory.create(site=site), appointment="Montag")
    twice = [set_letters(run_id=run.pk, by=maker, at=AT) for _ in range(2)]
    store_letters(made=twice[0], by=maker, at=AT)
    with pytest.raises(CannotMake) as refused:
        store_letters(made=twice[1], by=maker, at=AT)
    assert codes(refused) == ["gone"]
    with pytest.raises(CannotMake) as refused:
        set_letters(run_id=run.pk, by=maker, at=AT)
    assert codes(refused) == ["gone"]
    assert LetterFile.objects.count() == 1


# --- going ----------------------------------------------------------------------------------


def test_files_go_after_14_days_and_runs_after_a_year(site: Site) -> None:
    def run(asked: timedelta, ready: timedelta | None = None) -> LetterRun:
        found = run_for(MenteeFactory.create(site=site), asked_at=AT - asked)
        return made(found, made_at=AT - ready) if ready is not None else found

    day = timedelta(days=1)
    fresh, waiting = run(14 * day), run(20 * day, 14 * day)
    forgotten, ready, ancient = run(15 * day), run(20 * day, 15 * day), run(400 * day, 366 * day)
    assert erase_overdue(by=NOBODY, at=AT) == 3
    assert set(LetterRun.objects.values_list("pk", "state")) == {
        (fresh.pk, RunState.CHOSEN),
        (waiting.pk, RunState.MADE),
        (ready.pk, RunState.EXPIRED),
    }
    assert list(LetterFile.objects.values_list("run_id", flat=True)) == [waiting.pk]
    assert ready.letters.count() == 1
    entry = AuditEntry.objects.get(action="letters.erase_overdue")
    assert set(entry.object_ids) == {forgotten.pk, ready.pk, ancient.pk}
    assert erase_overdue(by=NOBODY, at=AT) == 0
    assert AuditEntry.objects.filter(action="letters.erase_overdue").count() == 1
