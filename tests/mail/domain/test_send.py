from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from patenwerk.core.policy import Actor
from patenwerk.jobs.domain.run import run
from patenwerk.jobs.enums import JobState
from patenwerk.jobs.models import Job
from patenwerk.mail.domain.send import (
    KEEP_WORDS,
    Attachment,
    CannotMail,
    erase_words,
    queue_mail,
    without_mail,
)
from patenwerk.mail.enums import MailProblem
from patenwerk.mail.models import OutboxMail
from tests.mail.sink import Sink, mail_server

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def templates(settings: Settings) -> None:
    own = settings.TEMPLATES[0]
    folder = Path(__file__).parents[1] / "templates"
    settings.TEMPLATES = [{**own, "DIRS": [folder]}]


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = server.port
        settings.DEFAULT_FROM_EMAIL = "Patenwerk <office@patenwerk.example>"
        yield server


def write(**changes: Any) -> OutboxMail:
    said: dict[str, Any] = {
        "to": "anna@example.org",
        "template": "tests_hello",
        "context": {"name": "Anna & <Jörg>"},
        "language": "de",
        "by": Actor(user_id=7),
        "at": AT,
    }
    return queue_mail(**{**said, **changes})


def do(minutes: int = 1) -> Job:
    """Do the mail's job."""
    at = AT + timedelta(minutes=minutes)
    job = Job.objects.get(name="mail.send")
    run(job_id=job.pk, clock=lambda: at)
    job.refresh_from_db()
    return job


@pytest.mark.django_db
def test_a_mail_is_rendered_in_its_receiver_s_language() -> None:
    german = write()
    english = write(language="en")

    assert (german.subject, english.subject) == (
        "Bestätigen Anna & <Jörg>",
        "Confirm Anna & <Jörg>",
    )
    assert (german.body_text, english.body_text) == ("Ja, Anna & <Jörg>\n", "Yes, Anna & <Jörg>\n")
    assert "<p>Ja, Anna &amp; &lt;Jörg&gt;</p>" in german.body_html
    assert '<html lang="de">' in german.body_html
    assert "<title>Bestätigen Anna &amp; &lt;Jörg&gt;</title>" in german.body_html
    assert (german.kind, german.created_at, german.sent_at) == ("tests_hello", AT, None)
    assert [job.payload for job in Job.objects.order_by("pk")] == [
        {"mail": german.pk},
        {"mail": english.pk},
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "anna", "a@b", "anna@example.org\nBcc: x@example.org"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(CannotMail) as refusal:
        write(to=address)

    assert [(reason.code, reason.field) for reason in refusal.value.reasons] == [
        ("address", "email")
    ]
    assert not OutboxMail.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rollback_takes_the_mail_along_and_no_transaction_is_refused() -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    with pytest.raises(RuntimeError, match="transaction"):
        write()

    assert not OutboxMail.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_the_job_sends_it_once_over_smtp(sink: Sink) -> None:
    mail = write()

    job = do()
    Job.objects.update(state="queued", lease_until=AT, finished_at=None)
    again = do(2)

    assert (job.state, again.state) == (JobState.DONE, JobState.DONE)
    assert sink.receivers == ["anna@example.org"]
    (arrived,) = sink.mails
    assert arrived["Subject"] == "Bestätigen Anna & <Jörg>"
    assert arrived["From"] == "Patenwerk <office@patenwerk.example>"
    assert arrived["To"] == "anna@example.org"
    assert arrived["Message-ID"] == f"<outbox-{mail.pk}-20260301093000@patenwerk.example>"
    assert arrived["Content-Language"] == "de"
    text, html = (part.get_content() for part in arrived.iter_parts())  # type: ignore[attr-defined]
    assert text.strip() == "Ja, Anna & <Jörg>"
    assert "<p>Ja, Anna &amp; &lt;Jörg&gt;</p>" in html
    mail.refresh_from_db()
    assert (mail.sent_at, mail.attempts, mail.problem) == (AT + timedelta(minutes=1), 1, "")


@pytest.mark.django_db
def test_a_secret_leaves_with_its_words(sink: Sink) -> None:
    mail = write(is_secret=True)

    do()

    assert sink.receivers == ["anna@example.org"]
    mail.refresh_from_db()
    assert (mail.to, mail.subject, mail.body_text, mail.body_html) == ("", "", "", "")
    assert mail.erased_at == mail.sent_at == AT + timedelta(minutes=1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("command", "answer"),
    [("RCPT", "550 no such user"), ("DATA", "554 no spam"), ("MAIL", "553 not from you")],
)
def test_what_the_server_refuses_for_good_is_not_tried_again(
    sink: Sink, command: str, answer: str
) -> None:
    sink.answers[command] = answer
    mail = write()

    job = do()

    assert (job.state, job.problem) == (JobState.FAILED, MailProblem.REFUSED)
    mail.refresh_from_db()
    assert (mail.sent_at, mail.attempts, mail.problem) == (None, 1, MailProblem.REFUSED)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("RCPT", "450 greylisted"),
        ("DATA", "451 later"),
        ("HELLO", "421 too busy"),
        ("MAIL", "530 log in first"),
    ],
)
def test_what_may_work_later_is_tried_again(
    sink: Sink, command: str, answer: str, caplog: pytest.LogCaptureFixture
) -> None:
    sink.answers[command] = answer
    mail = write()

    job = do()
    mail.refresh_from_db()
    assert (job.state, mail.attempts, mail.problem) == (
        JobState.QUEUED,
        1,
        MailProblem.UNREACHABLE,
    )
    sink.answers.clear()
    job = do(5)

    mail.refresh_from_db()
    assert (job.state, mail.attempts, mail.problem) == (JobState.DONE, 2, "")
    assert len(sink.mails) == 1


@pytest.mark.django_db
def test_a_server_that_is_away_is_tried_again(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with mail_server() as gone:
        settings.EMAIL_PORT = gone.port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    mail = write()

    assert do().state == JobState.QUEUED
    mail.refresh_from_db()
    assert mail.problem == MailProblem.UNREACHABLE


@pytest.mark.django_db
def test_without_a_server_mails_lie_in_a_folder(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    write()

    assert do().state == JobState.DONE
    (file,) = tmp_path.iterdir()
    assert "anna@example.org" in file.read_text()


@pytest.mark.django_db
def test_words_are_erased_thirty_days_after_sending_or_giving_up() -> None:
    over = AT - KEEP_WORDS - SECOND
    just_not = AT - KEEP_WORDS + SECOND
    sent = write(at=over - SECOND)
    OutboxMail.objects.filter(pk=sent.pk).update(sent_at=over)
    given_up = write(at=over)
    kept = {write(at=just_not).pk, write(at=AT).pk}
    late = write(at=over)
    OutboxMail.objects.filter(pk=late.pk).update(sent_at=just_not)

    assert erase_words(at=AT) == 2
    assert erase_words(at=AT) == 0

    rest = OutboxMail.objects.filter(erased_at=None)
    assert set(rest.values_list("pk", flat=True)) == kept | {late.pk}
    for mail in (sent, given_up):
        mail.refresh_from_db()
        said = (mail.to, mail.subject, mail.body_text, mail.body_html)
        assert said == ("", "", "", "")
        assert (mail.erased_at, mail.kind) == (AT, "tests_hello")


@pytest.mark.django_db
def test_an_erased_mail_is_not_sent(sink: Sink) -> None:
    mail = write(at=AT - KEEP_WORDS - SECOND)
    erase_words(at=AT)

    assert do().state == JobState.DONE
    assert sink.mails == []
    mail.refresh_from_db()
    assert (mail.sent_at, mail.attempts) == (None, 0)


CALENDAR = Attachment(
    name="treffen.ics",
    media_type="text/calendar; method=CANCEL; charset=utf-8",
    content="BEGIN:VCALENDAR\r\nNAME:Träger\r\nEND:VCALENDAR\r\n".encode(),
)
PICTURE = Attachment(name="plan.png", media_type="image/png", content=b"\x89PNG\x00\xff")


@pytest.mark.django_db
def test_files_leave_with_the_mail_and_stay_until_its_words_go(sink: Sink) -> None:
    with transaction.atomic():
        mail = write(attachments=[CALENDAR, PICTURE])
    do()

    calendar, picture = sink.mails[0].iter_attachments()
    assert calendar.get_filename() == "treffen.ics"
    assert calendar.get_content_type() == "text/calendar"
    assert calendar.get_param("method") == "CANCEL"
    assert calendar.get_content().splitlines()[1] == "NAME:Träger"
    assert picture.get_content_type() == "image/png"
    assert picture.get_content() == PICTURE.content
    assert mail.attachments.count() == 2
    erase_words(at=AT + KEEP_WORDS + timedelta(days=1))
    assert not mail.attachments.exists()


@pytest.mark.django_db
def test_files_of_a_secret_mail_go_with_the_sending(sink: Sink) -> None:
    with transaction.atomic():
        mail = write(attachments=[CALENDAR], is_secret=True)
    do()
    assert sink.receivers == ["anna@example.org"]
    assert not mail.attachments.exists()


@pytest.mark.django_db
def test_what_is_written_down_afterwards_is_mailed_to_nobody() -> None:
    said = {"template": "invitation", "context": {}, "language": "de", "by": Actor(7), "at": AT}
    with transaction.atomic():
        with without_mail():
            queue_mail(to="ada@example.org", **said)
            with pytest.raises(CannotMail):
                queue_mail(to="niemand", **said)
        assert not OutboxMail.objects.exists()
        queue_mail(to="ada@example.org", **said)
    assert OutboxMail.objects.count() == 1
