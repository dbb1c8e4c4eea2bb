"""``ask MOMENT…`` writes one job each; ``show`` prints all jobs and what they left as JSON."""

from __future__ import annotations

import json
import sys

import django
from django.db import transaction

django.setup()

from patenwerk.core.clock import now  # noqa: E402 - models need the set-up
from patenwerk.core.policy import Actor  # noqa: E402
from patenwerk.jobs.domain.enqueue import enqueue  # noqa: E402
from patenwerk.jobs.models import Job, ScheduledJob  # noqa: E402

match sys.argv[1:]:
    case ["ask", *moments]:
        for moment in moments:
            with transaction.atomic():
                enqueue(
                    name="slow.work", payload={"dies": moment}, by=Actor(user_id=None), at=now()
                )
    case ["show"]:
        jobs = Job.objects.order_by("pk").values_list("state", "attempts")
        left = ScheduledJob.objects.order_by("name").values_list("name", flat=True)
        sys.stdout.write(json.dumps({"jobs": [list(job) for job in jobs], "left": list(left)}))
    case other:
        sys.exit(f"What is {other}?")
