"""Two people at the same letters, the same e-mails, the same text at once: one wins, aloud."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import transaction

from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Refusal
from patenwerk.jobs.domain.run import run as do_job
from patenwerk.letters.domain.mailing import go_on_mailing, mail_some, stop_mailing
from patenwerk.letters.domain.run import Wishes, make_letters
from patenwerk.letters.domain.text import write_text
from patenwerk.letters.enums import FileKind, LetterKind, RunState
from patenwerk.letters.kernel.defaults import Wording
from patenwerk.letters.models import LetterFile, LetterRun, LetterText
from patenwerk.mail.models import OutboxMail
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Carrier, Site
from tests.factories.letters import run_for
from tests.factories.organisations import SiteFactory, actor, coordinator
from tests.factories.people import MenteeFactory
from tests.races.threads import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ROUNDS = 3


@pytest.fixture
def site() -> Site:
    return SiteFactory.create(phone="030 1")


def make(run: LetterRun, by: Actor, wishes: Wishes) -> Callable[[], object]:
    def do() -> object:
        with transaction.atomic():
            return make_letters(run=LetterRun.objects.get(pk=run.pk), wishes=wishes, by=by, at=AT)

    return do


def codes(refused: list[Refusal]) -> set[str]:
    return {reason.code for each in refused for reason in each.reasons}


def test_letters_that_two_make_at_once_are_made_once(site: Site) -> None:
    by = actor(coordinator(site))
    for _again in range(ROUNDS):
        run = run_for(MenteeFactory.create(site=site))
        press = make(run, by, Wishes(appointment="Montag"))
        done, refused = split(at_once(press, press))
        assert (len(done), codes(refused)) == (1, {"gone"})
        assert LetterFile.objects.filter(run=run).count() == 1


def test_a_mail_that_two_workers_have_in_hand_leaves_once(site: Site) -> None:
    by = actor(coordinator(site))
    for again in range(ROUNDS):
        run = run_for(MenteeFactory.create(site=site, email=f"n{again}@example.org"))
        with transaction.atomic():
            job = make_letters(
                run=run, wishes=Wishes(file_kind=FileKind.MAIL, appointment="Montag"), by=by, at=AT
            )
        assert job is not None
        pks = (run.pk, job.pk)

        def send(pks: tuple[int, int] = pks) -> object:
            with transaction.atomic():
                return mail_some(run_id=pks[0], job_id=pks[1], by=by, at=AT)

        done, refused = split(at_once(send, send))
        assert (sorted(one["mailed"] for one in done), refused) == ([0, 1], [])
        assert OutboxMail.objects.filter(to=f"n{again}@example.org").count() == 1


def test_stopping_while_mails_leave_ends_one_way_or_the_other(site: Site) -> None:
    by = actor(coordinator(site))
    for _again in range(ROUNDS):
        before = OutboxMail.objects.count()
        run = run_for(MenteeFactory.create(site=site, email="a@example.org"))
        with transaction.atomic():
            job = make_letters(
                run=run, wishes=Wishes(file_kind=FileKind.MAIL, appointment="Montag"), by=by, at=AT
            )
        assert job is not None
        pk = job.pk
        _done, refused = split(
            at_once(
                lambda pk=pk: do_job(job_id=pk, clock=lambda: AT),
                lambda run=run: stop_mailing(run=run, by=by, at=AT),
            )
        )
        run.refresh_from_db()
        left = OutboxMail.objects.count() - before
        if refused:
            assert (run.state, left) == (RunState.MADE, 1)
        else:
            assert (run.state, left) == (RunState.STOPPED, 0)
            go_on_mailing(run=run, by=by, at=AT)


def test_of_two_writers_one_is_told(site: Site) -> None:
    carrier: Carrier = site.carrier

    def write(words: str) -> Callable[[], object]:
        return lambda: write_text(
            carrier=carrier,
            kind=LetterKind.INVITATION,
            language=Language.GERMAN,
            wording=Wording(words, words),
            seen_version=0,
            by=Actor(user_id=None),
            at=AT,
        )

    done, refused = split(at_once(write("Eins"), write("Zwei")))
    assert (len(done), codes(refused)) == (1, {"changed"})
    assert LetterText.objects.count() == 1
