"""What the apps above tandems, and the ones beside, add to the world of the sweep."""

from __future__ import annotations

from datetime import date

from django.db import models

from patenwerk.matching.models import ProgrammeRound
from patenwerk.organisations.models import Site
from patenwerk.people.enums import ConsentPurpose, GivenBy
from patenwerk.people.models import ArrivingMove
from patenwerk.reporting.models import Release
from tests.factories.imports import LEA, bundle_of, compared_book, upload_of
from tests.factories.letters import LetterTextFactory, made, run_for
from tests.factories.matching import (
    LeftOverFactory,
    NeverAgainFactory,
    ProgrammeRoundFactory,
    ReplayFactory,
    RoundFactory,
    SuggestionChangeFactory,
    SuggestionFactory,
)
from tests.factories.organisations import SiteFactory
from tests.factories.people import (
    BatchRowFactory,
    ConsentFactory,
    GuardianFactory,
    MenteeFactory,
    MentorFactory,
    MergeFactory,
    MoveFactory,
    PossibleDuplicateFactory,
)
from tests.factories.reporting import drafted
from tests.isolation.gatherings import gatherings
from tests.isolation.world import Maker, Place, Records


def matching(records: Records, site: Site, canary: str) -> None:
    """A round with a suggestion and somebody left over, and two people kept apart."""
    mentor = MentorFactory.create(site=site, first_name=f"S{canary}", last_name=canary)
    mentee = MenteeFactory.create(site=site, first_name=f"V{canary}", last_name=canary)
    suggestion = SuggestionFactory.create(mentor=mentor, mentee=mentee, why=canary)
    left_over = LeftOverFactory.create(person=mentee, round=suggestion.round)
    suggestion.round.kept = 0
    suggestion.round.save()
    records.add(
        SuggestionChangeFactory.create(mentee=mentee, now=mentor, round=suggestion.round),
        suggestion.round,
        suggestion,
        left_over,
        NeverAgainFactory.create(mentor=mentor, mentee=mentee),
        ReplayFactory.create(site=site),
    )


def entered_twice(records: Records, site: Site, canary: str) -> None:
    """Two who may be one person, and one who was entered twice."""
    said = {"last_name": canary, "note": canary}
    first, second, kept = (
        MenteeFactory.create(site=site, first_name=f"{letter}{canary}", **said) for letter in "DEG"
    )
    records.add(
        PossibleDuplicateFactory.create(first=first, second=second),
        MergeFactory.create(kept=kept, dropped__first_name=f"H{canary}"),
    )


def moves(records: Records, site: Site, canary: str) -> None:
    """Somebody who is to go to a site of the same carrier, and somebody who is to come from it."""
    beside = SiteFactory.create(carrier=site.carrier, name=f"Standort Neben{canary}")
    going, coming = (
        MenteeFactory.create(site=place, first_name=f"{letter}{canary}", last_name=canary)
        for letter, place in (("X", site), ("Y", beside))
    )
    arriving = MoveFactory.create(person=coming, to_site=site, why=canary)
    records.add(
        MoveFactory.create(person=going, to_site=beside, why=canary),
        ArrivingMove.objects.get(pk=arriving.pk),
    )


def families(records: Records, site: Site, canary: str) -> None:
    """Two children of one family with a mother each, and a consent that one of them gave."""
    first, second = (
        MenteeFactory.create(
            site=site,
            first_name=f"{letter}{canary}",
            # One name in all places: what is offered to a sibling comes from the own site only.
            last_name="Familie",
            search_text=f" {letter}{canary} familie".lower(),
            birth_date=date(2015, 5, 1),
            note=canary,
        )
        for letter in "IJ"
    )
    said = {"last_name": canary, "phone": canary, "email": f"{canary}@example.org"}
    mother = GuardianFactory.create(person=first, first_name=f"I{canary}", **said)
    GuardianFactory.create(person=second, first_name=f"J{canary}", **said)
    ConsentFactory.create(
        person=first, purpose=ConsentPurpose.TAKING_PART, given_by=GivenBy.GUARDIAN
    ).guardians.add(mother)
    records.add(mother)


def done_for_many(records: Records, site: Site, canary: str) -> None:
    """Something that was done for several people and can be taken back."""
    row = BatchRowFactory.create(
        batch__site=site, person__first_name=f"N{canary}", person__last_name=canary
    )
    records.add(row.batch)


def programme_rounds(records: Records, site: Site, canary: str) -> None:
    """A round over all carriers: there is one for each programme, and its parts at the sites."""
    found = ProgrammeRound.objects.filter(programme=site.programme).first()
    over_all = found or ProgrammeRoundFactory.create(programme=site.programme)
    records.add(over_all)
    RoundFactory.create(site=site, programme_round=over_all)


def imports(records: Records, site: Site, canary: str) -> None:
    """A list and a whole file that have been read in and wait, the file out of an archive."""
    row = {**LEA, "Vorname": f"L{canary}", "Nachname": canary}
    book = compared_book(site, row, name=f"{canary}.xlsx", left_out=[canary])
    book.bundle = bundle_of(site.carrier, name=f"{canary}.zip")
    book.save(update_fields=["bundle"])
    records.add(upload_of(site, row, name=f"{canary}.xlsx"), book, book.bundle)


def letters(records: Records, site: Site, canary: str) -> None:
    """Letters that were made, and words of the carrier's own."""
    person = MenteeFactory.create(site=site, first_name=f"B{canary}", last_name=canary)
    records.add(made(run_for(person, appointment=canary), canary.encode()))
    if records.place is not Place.SIBLING:  # it is of the same carrier as the own site
        LetterTextFactory.create(carrier=site.carrier, title=canary, body=canary)


def reporting(records: Records, site: Site, canary: str) -> None:
    """A draft of a release: there is one for each programme."""
    word = canary if records.place is Place.ABROAD else "Gemeinsam"
    drafts = Release.objects.filter(programme=site.programme)
    records.add(drafts.first() or drafted(site.programme, notes=word))


MAKERS: list[Maker] = [
    gatherings,
    letters,
    matching,
    families,
    entered_twice,
    moves,
    done_for_many,
    programme_rounds,
    imports,
    reporting,
]
#: Models of these apps that belong to a programme as a whole.
OF_A_PROGRAMME: set[type[models.Model]] = {ProgrammeRound, Release}
