"""Writing a mail with the work that causes it, and sending it afterwards."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db import router, transaction
from django.db.models import F, Q
from django.template import Context
from django.template.backends.django import Template
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.jobs.domain.enqueue import enqueue
from patenwerk.jobs.domain.handlers import job_name
from patenwerk.mail.enums import MailProblem
from patenwerk.mail.models import MailAttachment, OutboxMail

SEND = job_name("mail.send")
KEEP_WORDS = timedelta(days=30)
_written_afterwards: ContextVar[bool] = ContextVar("written_afterwards", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A small file that leaves with a mail. ``media_type`` may carry parameters."""

    name: str
    media_type: str
    content: bytes


class CannotMail(Refusal):
    """The mail cannot be written to this address."""


class MailNotSent(Exception):
    """The mail did not leave now; trying again later may help."""


class MailRefused(Refusal):
    """The server will not take this mail, now or later."""


@contextmanager
def without_mail() -> Iterator[None]:
    """Write down what happened long ago: inside the block mails are neither written nor sent."""
    before = _written_afterwards.set(True)
    try:
        yield
    finally:
        _written_afterwards.reset(before)


def queue_mail(
    *,
    to: str,
    template: str,
    context: Mapping[str, Any],
    language: str,
    by: Actor,
    at: datetime,
    is_secret: bool = False,
    attachments: Sequence[Attachment] = (),
) -> OutboxMail:
    """Render a mail in the receiver's ``language`` and have it sent after the commit.

    ``template`` names ``mail/<template>.subject.txt``, ``.txt`` and ``.html`` of any app. Row and
    job are written in the open transaction, so that a mail leaves only for what really happened;
    the caller's record says why. ``is_secret`` is for codes and links that let somebody in: their
    words and files are erased when the mail has left. Raises :class:`CannotMail` for an address
    that is none, ``RuntimeError`` outside a transaction. Inside :func:`without_mail` the answer is
    not stored.
    """
    if not transaction.get_connection(router.db_for_write(OutboxMail)).in_atomic_block:
        raise RuntimeError("A mail is written inside the transaction that causes it.")
    try:
        validate_email(to)
    except ValidationError as error:
        reason = Reason("address", _("This is not an e-mail address."), field="email")
        raise CannotMail(reason) from error
    if _written_afterwards.get():
        return OutboxMail(to=to, kind=template, language=language, created_at=at)
    with translation.override(language):
        subject = " ".join(_rendered_text(f"mail/{template}.subject.txt", context).split())
        text = _rendered_text(f"mail/{template}.txt", context).strip() + "\n"
        html = get_template(f"mail/{template}.html").render(
            {**context, "subject": subject, "language": language}
        )
    mail = OutboxMail(
        to=to,
        subject=subject,
        body_text=text,
        body_html=html,
        language=language,
        kind=template,
        created_at=at,
        is_secret=is_secret,
    )
    mail.save(force_insert=True)
    for file in attachments:
        MailAttachment.objects.create(
            mail=mail,
            to=to,
            name=file.name,
            media_type=file.media_type,
            content=file.content,
        )
    enqueue(name=SEND, payload={"mail": mail.pk}, by=by, at=at)
    return mail


def send_mail(*, mail_id: int, at: datetime, once: AbstractContextManager[Any]) -> None:
    """Send one mail of the outbox, if it has not been sent.

    No transaction is open while the server is spoken to; ``once`` is entered afterwards and
    writes »sent« together with the end of the job. Between the server's yes and that commit a
    crash sends the mail twice, with the same Message-ID, by which mail programs show it once.
    Raises :class:`MailRefused` for good, :class:`MailNotSent` where another try may help.
    """
    mail = OutboxMail.objects.filter(pk=mail_id, sent_at=None, erased_at=None).first()
    if mail is None:
        return
    problem = _deliver(mail)
    if problem is None:
        with once:
            OutboxMail.objects.filter(pk=mail.pk).update(
                sent_at=at,
                attempts=F("attempts") + 1,
                problem="",
                **(_without_words(at) if mail.is_secret else {}),
            )
            if mail.is_secret:
                MailAttachment.objects.filter(mail=mail).delete()
        return
    OutboxMail.objects.filter(pk=mail.pk).update(attempts=F("attempts") + 1, problem=problem.value)
    if problem is MailProblem.REFUSED:
        raise MailRefused(Reason(problem.value, _("The mail server refuses this receiver.")))
    raise MailNotSent(problem.value)


def erase_words(*, at: datetime) -> int:
    """Empty receiver, subject and words of mails sent or given up 30 days ago; answer how many."""
    over = Q(sent_at__lt=at - KEEP_WORDS) | Q(sent_at=None, created_at__lt=at - KEEP_WORDS)
    old = OutboxMail.objects.filter(over, erased_at=None)
    MailAttachment.objects.filter(mail__in=old.values("pk")).delete()
    return old.update(**_without_words(at))


def _without_words(at: datetime) -> dict[str, Any]:
    """The columns of a mail whose receiver, subject and words are gone."""
    return {"to": "", "subject": "", "body_text": "", "body_html": "", "erased_at": at}


def _rendered_text(name: str, context: Mapping[str, Any]) -> str:
    """Plain text, in which an ampersand stays one."""
    template = get_template(name)
    assert isinstance(template, Template)  # noqa: S101 - the settings know one engine
    return template.template.render(Context(dict(context), autoescape=False))


def _as_part(file: MailAttachment) -> MIMEBase:
    """The file with all its parameters: calendars say by theirs what is to be done."""
    kind, _semicolon, said = file.media_type.partition(";")
    major, _slash, minor = kind.strip().partition("/")
    content = bytes(file.content)
    part: MIMEBase
    if major == "text":
        part = MIMEText(content.decode(), minor, "utf-8")
    else:
        part = MIMEBase(major, minor)
        part.set_payload(content)
        encode_base64(part)
    for each in filter(None, (one.strip() for one in said.split(";"))):
        name, _equals, value = each.partition("=")
        if name != "charset":
            part.set_param(name, value)
    part.add_header("Content-Disposition", "attachment", filename=file.name)
    return part


def _deliver(mail: OutboxMail) -> MailProblem | None:
    """Speak to the server; answer what went wrong, if anything did."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ")
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.body_text,
        to=[mail.to],
        headers={
            "Message-ID": f"<outbox-{mail.pk}-{mail.created_at:%Y%m%d%H%M%S}@{host}>",
            "Content-Language": mail.language,
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(mail.body_html, "text/html")
    for file in MailAttachment.objects.filter(mail=mail):
        message.attach(_as_part(file))
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _answer in error.recipients.values()]
        return MailProblem.REFUSED if min(codes) >= 500 else MailProblem.UNREACHABLE
    except smtplib.SMTPResponseException as error:
        return MailProblem.REFUSED if error.smtp_code >= 550 else MailProblem.UNREACHABLE
    except (smtplib.SMTPException, OSError):
        return MailProblem.UNREACHABLE
    return None
