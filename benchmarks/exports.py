"""How long a whole site takes to go out, and how much memory: the same for many rows as for few.

    python benchmarks/exports.py [--rows N ...]

A fresh SQLite database in a folder of its own for each N. N rows are a site in the parts of one
that has run for years: mentors, mentees, tandems and meetings (10, 10, 12 and 68 of 100). Each form
is written to a file by a process of its own, so that its peak is its own; the first line is a
process that writes nothing.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FORMS = ("nothing", "xlsx", "csv", "json")
BATCH = 2_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[20_000, 200_000])
    parser.add_argument("--form", choices=FORMS, help="write one form of a site that is there")
    said = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "patenwerk.config.settings"
    if said.form is not None:
        write(said.form)
        return
    print("| rows | form | seconds | peak MB | file MB |\n|---|---|---|---|---|", flush=True)
    for rows in said.rows:
        with tempfile.TemporaryDirectory() as folder:
            os.environ |= {"PATENWERK_DATA": folder, "PATENWERK_DEBUG": "0"}
            subprocess.run(  # noqa: S603  this very program
                [sys.executable, "-c", FILL, str(rows)], check=True, cwd=ROOT
            )
            for form in FORMS:
                told = subprocess.run(  # noqa: S603  this very file
                    [sys.executable, __file__, "--form", form],
                    check=True,
                    capture_output=True,
                    text=True,
                )
                print(f"| {rows:,} | {form} | {told.stdout.strip()} |", flush=True)


FILL = """
import sys
sys.path[:0] = ["src", "."]
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from benchmarks import exports
exports.fill(int(sys.argv[1]))
"""


def fill(count: int) -> None:
    """A site with so many rows, as bulk inserts."""
    from patenwerk.people.enums import Side
    from patenwerk.people.models import Person
    from patenwerk.tandems.models import Meeting, Participant, Tandem
    from tests.factories.organisations import (
        FocusFactory,
        SiteFactory,
        SupportFieldFactory,
        TandemKindFactory,
    )

    site = SiteFactory.create()
    scope = {"programme": site.programme, "carrier": site.carrier, "site": site}
    words = {
        "kind": TandemKindFactory.create(programme=site.programme),
        "focus": FocusFactory.create(programme=site.programme),
        "field": SupportFieldFactory.create(programme=site.programme),
    }
    each, tandems, meetings = count * 10 // 100, count * 12 // 100, count * 68 // 100
    people = Person.objects.bulk_create(
        (
            Person(
                **scope,
                side=side,
                file_id=f"{side}-{number}",
                first_name=f"Vorname{number % 311}",
                last_name=f"Nachname{number}",
                birth_date=date(1950, 1, 1) + timedelta(days=number % 19_000),
                email=f"person{number}@beispiel.example",
                phone=f"0341 {number:06}",
                postcode="04109",
                languages={"de": 5, "ar": 7},
                free_times=0b111,
                interests=["Kochen", "Lesen"],
                waiting_since=date(2026, 1, 1),
                note="kommt mit dem Rad",
                created_at=AT,
            )
            for side in Side
            for number in range(each)
        ),
        batch_size=BATCH,
    )
    by_side = {side: [one for one in people if one.side == side] for side in Side}
    made = Tandem.objects.bulk_create(
        (
            Tandem(
                **scope,
                **words,
                state="active",
                meeting_count=1,
                founded_on=date(2026, 2, 1),
                last_meeting_on=date(2026, 2, 1),
                created_at=AT - timedelta(days=300),
            )
            for _number in range(tandems)
        ),
        batch_size=BATCH,
    )
    Participant.objects.bulk_create(
        (
            Participant(
                **scope,
                tandem=tandem,
                person=found[number % len(found)],
                side=side,
                acceptance="accepted",
                answered_on=date(2026, 2, 1),
                joined_on=(AT - timedelta(days=300)).date(),
            )
            for number, tandem in enumerate(made)
            for side, found in by_side.items()
        ),
        batch_size=BATCH,
    )
    Meeting.objects.bulk_create(
        (
            Meeting(
                **scope,
                tandem=made[number % tandems],
                held_on=date(2026, 2, 1) + timedelta(days=number // tandems * 9),
                minutes=90,
                topic="Mathe und Deutsch",
                form_key=uuid.uuid4(),
                created_at=AT,
            )
            for number in range(meetings)
        ),
        batch_size=BATCH,
    )


def write(form: str) -> None:
    """Write one form and tell seconds, the peak of this process in MB, and the file's size."""
    import django

    django.setup()
    from patenwerk.core.policy import Actor
    from patenwerk.imports.domain.export import export_site
    from patenwerk.organisations.models import Site

    site = Site.objects.select_related("programme").get()
    begun, size = time.perf_counter(), 0
    if form != "nothing":
        with tempfile.TemporaryFile() as out:
            export_site(site=site, form=form, out=out, by=Actor(user_id=1), at=AT)
            size = out.tell()
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{seconds:.1f} | {peak} | {size / 1e6:.1f}")


if __name__ == "__main__":
    main()
