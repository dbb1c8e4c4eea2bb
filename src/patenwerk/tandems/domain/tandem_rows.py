"""Tandems as lists name them going out: their number, and both sides as their readers know them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Prefetch
from django.utils.translation import get_language

from patenwerk.core.batches import BATCH
from patenwerk.core.clock import day_of
from patenwerk.organisations.models import Site
from patenwerk.people.domain.template import number_of
from patenwerk.people.enums import Side
from patenwerk.people.kernel.listed import SEVERAL
from patenwerk.people.models import Person
from patenwerk.tandems.enums import Acceptance
from patenwerk.tandems.models import Participant, Tandem
from patenwerk.tandems.queries.participant import at_the_end, is_settled


def tandem_rows(site: Site) -> Iterator[Sequence[object]]:
    """Every tandem of a site in the columns of its template, as the reader understands them."""
    language = get_language() or "de"
    rows = Tandem.objects.filter(site=site).select_related("kind", "focus", "field")
    people = Participant.objects.select_related("person")
    named = rows.prefetch_related(Prefetch("participants", queryset=people)).order_by("pk")
    for tandem in named.iterator(chunk_size=BATCH):
        yield [
            number_in_list(tandem),
            *both_named(tandem),
            *_named(tandem, Side.MENTOR, stands_in=True),
            tandem.name,
            tandem.places if tandem.places > 1 else None,
            *(word.name_in(language) for word in (tandem.kind, tandem.focus, tandem.field)),
            tandem.get_state_display(),
            day_of(tandem.created_at),
            tandem.expected_end_on,
            tandem.ended_on,
            tandem.get_end_reason_display(),
            tandem.why,
        ]


def number_in_list(tandem: Tandem) -> str:
    """The number by which lists of this installation name a tandem."""
    return tandem.file_id or f"T{tandem.pk}"


def both_named(tandem: Tandem) -> Iterator[str]:
    """Names and numbers of mentors and mentees, in the order of the columns.

    Of another site's people a list says as much as a page: a first name until everybody has said
    yes, and never the number they have there.
    """
    yield from _named(tandem, Side.MENTOR, stands_in=False)
    yield from _named(tandem, Side.MENTEE, stands_in=False)


def _named(tandem: Tandem, side: Side, *, stands_in: bool) -> tuple[str, str]:
    everybody = list(tandem.participants.all())
    settled = is_settled(tandem, everybody)
    rows = [
        row
        for row in at_the_end(tandem, everybody)
        if row.side == side and row.is_substitute is stands_in
    ]
    between = f"{SEVERAL} "
    return (
        between.join(name_in_list(tandem, row, settled=settled) for row in rows),
        between.join(number_of_person(tandem, row.person) for row in rows),
    )


def name_in_list(tandem: Tandem, row: Participant, *, settled: bool) -> str:
    is_known = settled and row.acceptance == Acceptance.ACCEPTED
    own = row.site_id == tandem.site_id
    return row.person.full_name if own or is_known else row.person.first_name


def number_of_person(tandem: Tandem, person: Person) -> str:
    return number_of(person) if person.site_id == tandem.site_id else ""
