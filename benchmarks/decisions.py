"""How long the register of decisions and its neighbours take to answer, on the server.

    python benchmarks/decisions.py [--years N] [--requests N] [--database postgres://…/postgres]

A circle of 30 carriers: five gatherings a year with eight decisions and eight promises each,
minutes approved. Each page is asked for through the whole of Django (middleware, policy, database,
template), logged in as the network office and as the management of one carrier, every time with
other words; »processor« leaves out what other work on the machine takes, »database« is what
PostgreSQL's own process used beside it for each request, where it runs on the same machine. Without
``--database`` in a fresh SQLite file; with it in a database of its own, made and dropped beside the
one named.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

CARRIERS, GATHERINGS, DECISIONS = 30, 5, 8
TODAY = date(2026, 11, 23)
BEGINNINGS = (
    *("Bildungs", "Sprach", "Paten", "Netzwerk", "Jugend", "Ehrenamts", "Förder", "Fach", "Träger"),
    *("Öffentlichkeits", "Qualitäts", "Schulungs", "Kinderschutz", "Hochschul", "Übergangs"),
)
ENDINGS = (
    *("arbeit", "gruppe", "tag", "kreis", "bericht", "konzept", "mittel", "stelle", "plan"),
    *("austausch", "beratung", "material", "woche", "begleitung"),
)
NOUNS = [f"{beginning}{ending}" for beginning, ending in product(BEGINNINGS, ENDINGS)]
VERBS = ("wird vorbereitet", "wird fortgeführt", "bekommt mehr Zeit", "beginnt im Frühjahr")


def sentence(draw: random.Random) -> str:
    parts = [f"{draw.choice(NOUNS)} {draw.choice(VERBS)}" for _part in range(draw.randint(2, 5))]
    return ", ".join(parts) + "."


def fill(years: int) -> dict[str, Any]:
    """The circle with all its rows; answers who asks."""
    from patenwerk.gatherings.domain.promise import words_of
    from patenwerk.gatherings.models import Commitment, Decision, Gathering, Minutes, Progress
    from tests.factories.gatherings import GatheringKindFactory, SeriesFactory
    from tests.factories.organisations import (
        CarrierFactory,
        ProgrammeFactory,
        manager,
        network_office,
    )

    draw = random.Random(11)
    programme = ProgrammeFactory.create()
    carriers = [CarrierFactory.create(programme=programme) for _carrier in range(CARRIERS)]
    kinds = [GatheringKindFactory.create(programme=programme) for _kind in range(4)]
    series = [SeriesFactory.create(programme=programme) for _series in range(3)]
    for number in range(years * GATHERINGS):
        starts = datetime(2026, 11, 1, 9, tzinfo=UTC) - timedelta(days=73 * number)
        gathering = Gathering.objects.create(
            programme=programme,
            kind=draw.choice(kinds),
            series=draw.choice(series),
            title=f"{draw.choice(NOUNS)} {starts.year}",
            state="documented",
            mode="in_person",
            audience="circle",
            starts_at=starts,
            ends_at=starts + timedelta(hours=6),
            announced_at=starts - timedelta(days=60),
            changed_at=starts,
            created_at=starts,
        )
        Minutes.objects.create(
            programme=programme,
            gathering=gathering,
            state="locked",
            sent_at=starts,
            objections_until=starts.date() + timedelta(days=14),
            approved_at=starts + timedelta(days=20),
            created_at=starts,
        )
        for place in range(1, DECISIONS + 1):
            text, grounds, promised = sentence(draw), sentence(draw), sentence(draw)[:300]
            decision = Decision.objects.create(
                programme=programme,
                gathering=gathering,
                number=place,
                text=text,
                grounds=grounds,
                decided_on=starts.date(),
                words=words_of(text, grounds),
            )
            is_open = number < 2 * GATHERINGS and draw.random() < 0.4
            commitment = Commitment.objects.create(
                programme=programme,
                gathering=gathering,
                series=gathering.series,
                decision=decision,
                kind="activity",
                text=promised,
                owner="Nadja Beispiel",
                of_carrier=draw.choice(carriers),
                due_on=starts.date() + timedelta(days=90),
                state="open" if is_open else "done",
                settled_on=None if is_open else starts.date() + timedelta(days=80),
                words=words_of(promised),
                created_at=starts,
            )
            commitment.partners.set(draw.sample(carriers, 2))
            Progress.objects.create(
                programme=programme, commitment=commitment, text=sentence(draw)[:500], at=starts
            )
    coming = Gathering.objects.create(
        programme=programme,
        kind=kinds[0],
        series=series[0],
        title="Das nächste Treffen",
        state="open",
        mode="in_person",
        audience="circle",
        starts_at=datetime(2026, 12, 10, 9, tzinfo=UTC),
        ends_at=datetime(2026, 12, 10, 15, tzinfo=UTC),
        announced_at=datetime(2026, 10, 1, tzinfo=UTC),
        changed_at=datetime(2026, 10, 1, tzinfo=UTC),
        created_at=datetime(2026, 10, 1, tzinfo=UTC),
    )
    return {
        "network office": network_office(programme),
        "carrier": manager(carriers[0]),
        "coming": coming,
        "of": carriers[0],
    }


def asked(client: Any, url: Callable[[], str], times: int) -> list[float]:
    """Milliseconds: median and 95th of a hundred of what an answer takes, the same of this
    process's processor in it, and the mean of the database's own.
    """
    client.get(url(), headers={"host": "localhost"})
    taken, worked = [], []
    served = database_processor()
    for _time in range(times):
        address = url()
        begun, began = time.perf_counter(), time.process_time()
        answer = client.get(address, headers={"host": "localhost"})
        taken.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - began) * 1000)
        assert answer.status_code == 200, (address, answer.status_code)
    served = (database_processor() - served) / times
    return [
        *(
            found
            for each in (taken, worked)
            for found in (statistics.median(each), sorted(each)[int(times * 0.95)])
        ),
        served,
    ]


def database_processor() -> float:
    """Milliseconds of processor the database's own process has used for this connection.

    0 where it has none of its own (SQLite), or where it cannot be read (another machine).
    """
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return 1000 * (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def run(years: int, times: int) -> None:
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from patenwerk.gatherings.models import Commitment, Decision

    who = fill(years)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    print(
        f"{connection.vendor}: {CARRIERS} carriers, {years} years, "
        f"{Decision.objects.count()} decisions, {Commitment.objects.count()} promises"
    )
    print("| page | asked by | median ms | 95 of 100 | processor, median | 95 of 100 | database |")
    print("|---|---|---|---|---|---|---|")
    draw = random.Random(5)
    register, promises = reverse("gatherings:decisions"), reverse("gatherings:promises")
    pages: list[tuple[str, Callable[[], str]]] = [
        ("register, one word", lambda: f"{register}?text={draw.choice(NOUNS)[:8]}"),
        (
            "register, two words",
            lambda: f"{register}?text={draw.choice(BEGINNINGS)}+{draw.choice(NOUNS)[:12]}",
        ),
        (
            "register, a word in a year",
            lambda: f"{register}?text=wird&year={TODAY.year - draw.randrange(years)}",
        ),
        ("register, everything", lambda: register),
        ("promises, a word", lambda: f"{promises}?standing=all&text={draw.choice(NOUNS)[:8]}"),
        (
            "a carrier's promises",
            lambda: reverse("gatherings:carrier_promises", args=[who["of"].pk]),
        ),
        ("the next agenda", lambda: reverse("gatherings:agenda", args=[who["coming"].pk])),
    ]
    for name, url in pages:
        for role in ("network office", "carrier"):
            client = Client()
            client.force_login(who[role])
            figures = " | ".join(f"{figure:.0f}" for figure in asked(client, url, times))
            print(f"| {name} | {role} | {figures} |", flush=True)


@contextmanager
def database(beside: str) -> Iterator[str]:
    """The address of a database of its own beside the one named; dropped afterwards."""
    if not beside:
        yield ""
        return
    import psycopg

    name = f"patenwerk_bench_{os.getpid()}"
    with psycopg.connect(beside, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{beside.rsplit('/', 1)[0]}/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--requests", type=int, default=100)
    parser.add_argument("--database", default="")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, database(said.database) as url:
        os.environ |= {"PATENWERK_DATA": folder, "PATENWERK_DEBUG": "0"}
        os.environ |= {"PATENWERK_DATABASE_URL": url, "PATENWERK_SECURE": "0"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "patenwerk.config.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        run(said.years, said.requests)


if __name__ == "__main__":
    main()
