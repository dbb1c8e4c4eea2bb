"""Mail's background work."""

from __future__ import annotations

from datetime import time, timedelta

from patenwerk.jobs.domain.handlers import JobContext, job_handler
from patenwerk.jobs.kernel.schedule import Daily
from patenwerk.mail.domain.send import SEND, erase_words, send_mail


# Thirty attempts last about a day: a mail server may be away for a night.
@job_handler(SEND, lease=timedelta(minutes=2), attempts=30)
def send_one(job: JobContext) -> None:
    """Send the mail of the payload."""
    send_mail(mail_id=job.payload["mail"], at=job.at, once=job.finish())


@job_handler("mail.erase_words", schedule=Daily(time(3, 10)))
def erase_old(job: JobContext) -> dict[str, int]:
    """Erase what mails said when their time is over; doing it again finds nothing."""
    return {"erased": erase_words(at=job.at)}
