"""Killed with -9 at any moment: nothing is half, nothing twice, and it goes on.

In full: ``dev.py soak -k test_killed``.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Count

from patenwerk.core.clock import now
from patenwerk.core.policy import Actor
from patenwerk.imports.domain.book import receive_book, start_taking_book
from patenwerk.imports.enums import UploadState
from patenwerk.imports.models import Book, StoredFile, UploadRow
from patenwerk.jobs.enums import JobState
from patenwerk.jobs.models import Job
from patenwerk.organisations.models import Site
from patenwerk.people.models import Person
from patenwerk.tandems.models import Meeting, Participant, Tandem, TandemStep
from tests.factories.imports import LEA, a_book
from tests.factories.jobs import do_open_jobs
from tests.factories.organisations import (
    FocusFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
    actor,
    coordinator,
)

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
EACH, MEETINGS = 60, 600


def workbook() -> bytes:
    """Two lists of people, their tandems, and meetings of these."""
    plain = {key: value for key, value in LEA.items() if key != "Nr."}
    mentors, mentees, tandems, held = [], [], [], []
    for number in range(EACH):
        mentors.append({**plain, "Nr.": f"M{number}", "Vorname": f"Vera{number}"})
        mentees.append({**plain, "Nr.": f"K{number}", "Vorname": f"Ali{number}"})
        who = {"Nr.": f"T{number}", "Mentor-Nr.": f"M{number}", "Mentee-Nr.": f"K{number}"}
        tandems.append({**who, "Beginn": date(2026, 1, 1)})
    for number in range(MEETINGS):
        day = date(2026, 1, 2) + timedelta(days=number // EACH)
        held.append({"Tandem": f"T{number % EACH}", "Datum": day, "Dauer": 60})
    return a_book(Mentoren=mentors, Mentees=mentees, Tandems=tandems, Treffen=held)


@pytest.fixture
def process() -> Iterator[list[subprocess.Popen[bytes]]]:
    """The process that works; it is gone in the end, whatever happened."""
    running: list[subprocess.Popen[bytes]] = []
    yield running
    for each in running:
        end(each)


def end(worker: subprocess.Popen[bytes]) -> None:
    """No signal that could be heard; what it said is not read any more."""
    worker.kill()
    worker.wait()
    if worker.stdout is not None:
        worker.stdout.close()


def begin(running: list[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    """Start it; answers as soon as a job begins."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.imports.killed", settings.DATABASES["default"]["NAME"]],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        },
        stdout=subprocess.PIPE,
    )
    running.append(worker)
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"begins\n"
    return worker


def done(book: Book) -> JobState:
    book.refresh_from_db()
    return JobState(Job.objects.get(pk=book.job_id).state)


def killed_once_and_done(
    book: Book, running: list[subprocess.Popen[bytes]], seconds: float
) -> bool:
    """Kill the work after some time, let it go on; answers whether it was under way.

    A job that was killed before it was taken up waits still: it is not under way, and not done.
    """
    worker = begin(running)
    time.sleep(seconds)
    end(worker)
    left = done(book)
    if left is JobState.RUNNING:
        Job.objects.filter(pk=book.job_id).update(lease_until=now() - timedelta(seconds=1))
    if left is not JobState.DONE:
        assert begin(running).wait(timeout=120) == 0
    assert done(book) is JobState.DONE
    return left is JobState.RUNNING


@pytest.mark.soak
def test_an_import_killed_at_any_moment_is_neither_half_nor_twice(
    process: list[subprocess.Popen[bytes]], *, soak: bool
) -> None:
    draw, data = random.Random(9), workbook()
    interrupted = 0
    for number in range(100 if soak else 5):
        site: Site = SiteFactory.create()
        TandemKindFactory.create(programme=site.programme)
        FocusFactory.create(programme=site.programme)
        SupportFieldFactory.create(programme=site.programme)
        by: Actor = actor(coordinator(site))
        book = receive_book(site=site, name="Standort.xlsx", data=data, by=by, at=now())
        seconds = draw.uniform(0, 1.2)
        if number % 2:
            interrupted += killed_once_and_done(book, process, seconds)
        do_open_jobs(now)
        book.refresh_from_db()
        assert book.state == UploadState.COMPARED
        assert UploadRow.objects.filter(upload__book=book, chosen=True).count() == (
            3 * EACH + MEETINGS
        )
        start_taking_book(book=book, by=by, at=now())
        if number % 2 == 0:
            interrupted += killed_once_and_done(book, process, seconds)
        do_open_jobs(now)
        all_is_there_once(book, site)
    assert interrupted > 0


def all_is_there_once(book: Book, site: Site) -> None:
    book.refresh_from_db()
    assert book.state == UploadState.TAKEN
    assert {upload.taken_new for upload in book.lists.all()} == {EACH, MEETINGS}
    assert {upload.rows_bad for upload in book.lists.all()} == {0}
    assert Person.objects.filter(site=site).count() == 2 * EACH
    tandems = Tandem.objects.filter(site=site)
    assert tandems.count() == EACH
    assert TandemStep.objects.filter(site=site).count() == EACH
    assert Participant.objects.filter(site=site).count() == 2 * EACH
    assert Meeting.objects.filter(site=site).count() == MEETINGS
    counted = tandems.annotate(held=Count("meetings")).values_list("meeting_count", "held")
    assert set(counted) == {(MEETINGS // EACH, MEETINGS // EACH)}
    assert not StoredFile.objects.filter(book=book).exists()
    assert not UploadRow.objects.filter(upload__book=book).exists()
