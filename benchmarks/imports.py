"""How long a list of 5,000 rows takes from the uploaded file to the stored people.

    python benchmarks/imports.py [--rows N] [--file xlsx|csv] [--whole]

A fresh SQLite database in a folder of its own. The whole way, as pages and worker go it: the file
is read and compared (the preview), its rows are taken by the job, the same file comes again
(nothing changes), and once more with every tenth row changed (all taken). Each part is a line:
seconds, seconds of the processor alone (other work beside does not count), and the peak of the
whole process so far, with interpreter and framework.

``--whole``: N rows are a whole site in one workbook instead, in the parts of a site that has run
for years: mentors, mentees, tandems and meetings (10, 10, 12 and 68 of 100 rows). It is read and
compared by one job and taken by another; then the same workbook comes again.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

HEADERS = (
    *("Nr.", "Vorname", "Nachname", "Geburtsdatum", "Geschlecht", "E-Mail", "Telefon", "PLZ"),
    *("Entfernung km", "Sprachen", "Freie Zeiten", "Lebensbereiche", "Interessen", "Abneigungen"),
    *("Wunsch Geschlecht", "Wunsch Alter", "Dauer Monate", "Plätze", "Wartet seit"),
    *("Führungszeugnis vom", "Notiz"),
)
MENTEE_HEADERS = (*HEADERS[:17], HEADERS[18])
FIELDS = ("Schule", "Sprache", "Beruf", "Freizeit")
LANGUAGES = ("Arabisch", "Ukrainisch", "Türkisch", "Russisch", "Persisch", "Englisch", "Polnisch")
LEVELS = ("A2", "B1", "B2", "C1", "Muttersprache")
TIMES = ("Mo nachmittags", "Di 18-20 Uhr", "Mi abends", "Sa", "Do 15-18 Uhr", "werktags vormittags")
WORDS = tuple(f"Wort{number}" for number in range(40))


def rows_of(count: int, *, changed: bool = False) -> Iterator[list[object]]:
    """People that differ in everything; with ``changed`` every tenth has another phone."""
    draw = random.Random(7)
    for number in range(count):
        other = draw.choice(LANGUAGES)
        yield [
            f"M-{number:05}",
            f"Vorname{number % 311}",
            f"Nachname{number}",
            date(1950, 1, 1) + timedelta(days=draw.randrange(19_000)),
            draw.choice(("weiblich", "männlich", "divers")),
            f"person{number}@beispiel.example",
            "0341 99" if changed and number % 10 == 0 else f"0341 {number:06}",
            f"{draw.randrange(1067, 99998):05}",
            f"{draw.randrange(3, 40)} km",
            f"Deutsch {draw.choice(LEVELS)}, {other} {draw.choice(LEVELS)}",
            ", ".join(draw.sample(TIMES, 2)),
            ", ".join(draw.sample(FIELDS, 2)),
            ", ".join(draw.sample(WORDS, 3)),
            draw.choice(WORDS),
            draw.choice(("", "weiblich", "egal")),
            draw.choice(("", "25-60", "ab 18")),
            draw.choice((6, 12, 24)),
            draw.choice((1, 1, 2)),
            date(2026, 1, 1) + timedelta(days=draw.randrange(300)),
            date(2025, 1, 1) + timedelta(days=draw.randrange(600)),
            "kommt mit dem Rad",
        ]


def memory() -> int:
    """The peak of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@contextmanager
def measured(name: str) -> Iterator[None]:
    begun, worked = time.perf_counter(), time.process_time()
    yield
    seconds, alone = time.perf_counter() - begun, time.process_time() - worked
    print(f"| {name} | {seconds:.1f} | {alone:.1f} | {memory()} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--file", choices=("xlsx", "csv"), default="xlsx")
    parser.add_argument("--whole", action="store_true")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PATENWERK_DATA": folder, "PATENWERK_DEBUG": "0"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "patenwerk.config.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        if said.whole:
            run_whole(said.rows)
        else:
            run(said.rows, said.file)


def run(count: int, kind_of_file: str) -> None:
    from patenwerk.core.sheets.writing import write_csv, write_xlsx
    from patenwerk.imports.domain.taking import start_taking
    from patenwerk.imports.domain.upload import choose_all_rows, receive_file
    from patenwerk.imports.enums import Standing
    from tests.factories.jobs import do_open_jobs
    from tests.factories.organisations import SiteFactory, SupportFieldFactory, actor, coordinator

    at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    site = SiteFactory.create()
    by = actor(coordinator(site))
    for word in FIELDS:
        SupportFieldFactory.create(programme=site.programme, code=word.lower(), name_de=word)
    write = write_xlsx if kind_of_file == "xlsx" else write_csv
    first = write(HEADERS, rows_of(count))
    second = write(HEADERS, rows_of(count, changed=True))
    said = {"site": site, "kind": "mentor", "name": f"liste.{kind_of_file}", "by": by, "at": at}
    print(f"{count} rows, {len(HEADERS)} columns, {kind_of_file}, {len(first) // 1024} kB")
    print("| part | seconds | processor | memory MB |\n|---|---|---|---|")
    print(f"| before | – | – | {memory()} |")
    with measured("reading, comparing, preview"):
        upload = receive_file(data=first, **said)
    assert upload.counts[Standing.NEW] == count, upload.counts
    with measured("taking all"):
        start_taking(upload=upload, by=by, at=at)
        (job,) = do_open_jobs(lambda: at)
    assert job.result == {"new": count, "changed": 0, "bad": 0}, (job.state, job.problem)
    with measured("the same file again"):
        upload = receive_file(data=first, **said)
    assert upload.counts[Standing.UNCHANGED] == count
    with measured("every tenth row changed: preview"):
        upload = receive_file(data=second, **said)
    with measured("every tenth row changed: taking"):
        choose_all_rows(upload=upload, chosen=True, by=by, at=at)
        start_taking(upload=upload, by=by, at=at)
        job = do_open_jobs(lambda: at)[-1]
    assert job.result["changed"] == len(range(0, count, 10)), job.result


def whole(count: int) -> bytes:
    """A site's workbook: people, who of them is a tandem, when these met."""
    from patenwerk.core.sheets.writing import Table, write_book

    draw = random.Random(11)
    each, tandems, meetings = count * 10 // 100, count * 12 // 100, count * 68 // 100
    began = [date(2023, 1, 1) + timedelta(days=draw.randrange(900)) for _ in range(tandems)]
    pairs = [(number % each, (number * 7 + number // each) % each) for number in range(tandems)]
    return write_book(
        [
            Table("Mentoren", HEADERS, rows_of(each)),
            Table(
                "Mentees",
                MENTEE_HEADERS,
                ([f"K{row[0]}", *row[1:17], *row[18:19]] for row in rows_of(each)),
            ),
            Table(
                "Tandems",
                ("Nr.", "Mentor-Nr.", "Mentee-Nr.", "Bereich", "Beginn"),
                (
                    (f"T-{number}", f"M-{mentor:05}", f"KM-{mentee:05}", draw.choice(FIELDS), day)
                    for number, ((mentor, mentee), day) in enumerate(zip(pairs, began, strict=True))
                ),
            ),
            Table(
                "Treffen",
                ("Tandem", "Datum", "Dauer", "Was gemacht"),
                (
                    (
                        f"T-{number % tandems}",
                        began[number % tandems] + timedelta(days=number // tandems * 9 + 3),
                        draw.choice((60, 90, "1,5 h")),
                        f"{draw.choice(WORDS)} und {draw.choice(WORDS)}",
                    )
                    for number in range(meetings)
                ),
            ),
        ]
    )


def run_whole(count: int) -> None:
    from patenwerk.imports.domain.book import receive_book, start_taking_book
    from tests.factories.jobs import do_open_jobs
    from tests.factories.organisations import (
        FocusFactory,
        SiteFactory,
        SupportFieldFactory,
        TandemKindFactory,
        actor,
        coordinator,
    )

    at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    site = SiteFactory.create()
    by = actor(coordinator(site))
    TandemKindFactory.create(programme=site.programme)
    FocusFactory.create(programme=site.programme, starts_on=date(2016, 1, 1))
    for word in FIELDS:
        SupportFieldFactory.create(programme=site.programme, code=word.lower(), name_de=word)
    data = whole(count)
    said = {"site": site, "name": "standort.xlsx", "data": data, "by": by, "at": at}
    print(f"{count} rows on four sheets, xlsx, {len(data) // 1024} kB")
    print("| part | seconds | processor | memory MB |\n|---|---|---|---|")
    print(f"| before | – | – | {memory()} |")
    with measured("reading, comparing, preview"):
        book = receive_book(**said)
        do_open_jobs(lambda: at)
    lists = {each.kind: each.counts for each in book.lists.all()}
    rows = sum(each["new"] for each in lists.values())
    assert sum(sum(each.values()) for each in lists.values()) == rows, lists
    with measured("taking all"):
        book.refresh_from_db()
        start_taking_book(book=book, by=by, at=at)
        job = do_open_jobs(lambda: at)[-1]
    assert job.result == {"new": rows, "changed": 0, "bad": 0}, (job.state, job.problem, lists)
    with measured("the same file again"):
        again = receive_book(**said)
        do_open_jobs(lambda: at)
    assert sum(each.rows_unchanged for each in again.lists.all()) == rows


if __name__ == "__main__":
    main()
