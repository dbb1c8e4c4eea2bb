"""``DATABASE``: hand lost jobs over, do the open ones, say when each begins and ends."""

from __future__ import annotations

import sys

import django

django.setup()

from patenwerk.core.clock import now  # noqa: E402 - models need the set-up
from patenwerk.jobs.domain.run import run  # noqa: E402
from patenwerk.jobs.domain.sweep import sweep  # noqa: E402
from patenwerk.jobs.models import Job  # noqa: E402
from patenwerk.jobs.models.job import OPEN  # noqa: E402
from tests.template_database import use  # noqa: E402

use(sys.argv[1])
sweep(at=now())
for pk in Job.objects.filter(state__in=OPEN).order_by("pk").values_list("pk", flat=True):
    print("begins", flush=True)  # noqa: T201 - the test reads it
    run(job_id=pk, clock=now)
