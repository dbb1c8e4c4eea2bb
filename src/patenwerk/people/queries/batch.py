"""What was done for many people at once, and for whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Case, Count, Q, QuerySet, Value, When

from patenwerk.core.policy import Actor, visible
from patenwerk.people.enums import BatchKind, BatchState, RowState, Side
from patenwerk.people.kernel.defaults import DAYS_TO_DO_IT, DAYS_TO_TAKE_BACK
from patenwerk.people.models import Batch, BatchRow
from patenwerk.people.policy import EDIT_PERSON
from patenwerk.people.queries.record_check import idle_checks

#: What was done for somebody, whatever became of it since.
DONE_ONCE = (RowState.DONE.value, RowState.UNDONE.value, RowState.STAYS.value)
#: In this order rows are shown: first those of whom somebody should know.
_SHOWN = (RowState.LEFT_OUT, RowState.STAYS, RowState.TO_DO, RowState.DONE, RowState.UNDONE)


def batches_done(actor: Actor) -> QuerySet[Batch]:
    """What was done at the actor's sites and can still be looked at, the latest first.

    ``done_count`` is for how many people it was, ``left_out_count`` for how many it could not be.
    """
    return (
        Batch.objects.filter(visible(actor, EDIT_PERSON, Batch))
        .exclude(state=BatchState.CHOSEN)
        .select_related("site", "done_by")
        .annotate(
            done_count=Count("rows", filter=Q(rows__state__in=DONE_ONCE)),
            left_out_count=Count("rows", filter=Q(rows__state=RowState.LEFT_OUT)),
        )
        .order_by("-done_at", "-pk")
    )


def rows_shown(batch: Batch) -> QuerySet[BatchRow]:
    """The people of a batch: first those left out, then by name."""
    rank = Case(*(When(state=state, then=Value(at)) for at, state in enumerate(_SHOWN)), default=9)
    return (
        BatchRow.objects.filter(batch=batch)
        .select_related("person")
        .order_by(rank, "person__last_name", "person__first_name", "pk")
    )


def counts_of(batch: Batch) -> Mapping[RowState, int]:
    """How many of its people are in each state; one query."""
    counted = BatchRow.objects.filter(batch=batch).values_list("state").annotate(Count("pk"))
    found = dict.fromkeys(RowState, 0)
    found.update((RowState(state), count) for state, count in counted.order_by())
    return found


def has_mentors(batch: Batch) -> bool:
    """Whether some of its people accompany others."""
    return BatchRow.objects.filter(batch=batch, person__side=Side.MENTOR).exists()


def checks_that_go(batch: Batch) -> int:
    """How many record checks are deleted when the people of a batch are archived."""
    if batch.kind != BatchKind.ARCHIVE:
        return 0
    rows = BatchRow.objects.filter(batch=batch, state=RowState.TO_DO)
    return idle_checks(list(rows.values_list("person_id", flat=True))).count()


def last_day(batch: Batch) -> datetime:
    """Until when what was done can be taken back."""
    if batch.done_at is None:
        raise ValueError("Nothing was done yet.")
    return batch.done_at + timedelta(days=DAYS_TO_TAKE_BACK)


def overdue_batches(at: datetime) -> QuerySet[Batch]:
    """Batches nobody can take back any more, and choices nobody used; over all organisations."""
    forgotten = Q(state=BatchState.CHOSEN, chosen_at__lt=at - timedelta(days=DAYS_TO_DO_IT))
    return Batch.objects.filter(forgotten | Q(done_at__lt=at - timedelta(days=DAYS_TO_TAKE_BACK)))
