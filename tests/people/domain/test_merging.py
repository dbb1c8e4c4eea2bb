"""Consents and record checks go along when two entries become one, and back again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import ForeignObjectRel

from patenwerk.core.policy import Actor
from patenwerk.people.domain.consent import give_consent, withdraw_consent
from patenwerk.people.domain.duplicate import CannotMerge, CannotUndo, merge_people, seen_of
from patenwerk.people.domain.duplicate import undo_merge as undo
from patenwerk.people.domain.merging import add_mover, movers
from patenwerk.people.domain.record_check import inspect_record_check
from patenwerk.people.enums import ConsentPurpose, GivenBy
from patenwerk.people.models import Consent, Guardian, Merge, Person, RecordCheck
from tests.factories.people import (
    ConsentFactory,
    GuardianFactory,
    MentorFactory,
    RecordCheckFactory,
)
from tests.people.refusals import said

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATER = AT + timedelta(days=1)
BY = Actor(user_id=7)
PURPOSE = ConsentPurpose.OTHER_CARRIERS
EARLY, MIDDLE, LATE = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)


@pytest.fixture
def keep() -> Person:
    return MentorFactory.create()


@pytest.fixture
def drop(keep: Person) -> Person:
    return MentorFactory.create(site=keep.site)


def merged(keep: Person, drop: Person) -> Merge:
    keep, drop = (Person.objects.get(pk=one.pk) for one in (keep, drop))
    return merge_people(keep=keep, drop=drop, taken=(), seen=seen_of(keep, drop), by=BY, at=AT)


def owners(model: type[Consent | Guardian | RecordCheck]) -> list[int]:
    return list(model.objects.order_by("pk").values_list("person_id", flat=True))


def test_a_mover_added_twice_moves_once() -> None:
    before = list(movers())
    add_mover(before[-1])
    assert list(movers()) == before
    names = [mover.name for mover in before]
    # Matching asks how many places are taken, so tandems have moved before.
    own = [f"people.{name}" for name in ("consents", "guardians", "record_checks", "moves")]
    assert names[:5] == [*own, "tandems"]
    assert "matching" in names[5:]


def test_whatever_names_a_person_is_known_to_somebody_who_moves_it() -> None:
    """A new table with a person in it: does it go along, and who moves it?"""
    relations = {
        f"{field.related_model._meta.label}.{field.field.name}"
        for field in Person._meta.get_fields(include_hidden=True)
        if isinstance(field, ForeignObjectRel)
    }
    stays = {
        # What an entry says is chosen on the page; what it is compared by is made every night.
        *("people.Person_fields.person", "people.PersonFingerprint.person"),
        # The memory of decisions is about entries, not about people.
        *("people.Person.merged_into", "people.Merge.kept", "people.Merge.dropped"),
        *("people.PossibleDuplicate.first", "people.PossibleDuplicate.second"),
        # What was done for an entry among many is taken back for that entry alone.
        "people.BatchRow.person",
    }
    moved = {
        *("people.Consent.person", "people.RecordCheck.person", "tandems.Participant.person"),
        "people.Move.person",
        "people.Guardian.person",
        *("letters.Letter.person", "matching.NeverAgain.mentor", "matching.NeverAgain.mentee"),
        *("matching.Suggestion.mentor", "matching.Suggestion.mentee"),
        *("matching.SuggestionChange.mentee", "matching.SuggestionChange.before"),
        *("matching.SuggestionChange.now", "matching.LeftOverPerson.person"),
    }
    assert relations == stays | moved


# --- consents -------------------------------------------------------------------------------


def test_a_consent_goes_along_and_back(keep: Person, drop: Person) -> None:
    ConsentFactory.create(person=drop)
    merge = merged(keep, drop)
    assert owners(Consent) == [keep.pk]
    undo(merge=merge, by=BY, at=LATER)
    assert owners(Consent) == [drop.pk]


def test_of_two_consents_each_keeps_its_own(keep: Person, drop: Person) -> None:
    ConsentFactory.create(person=keep)
    ConsentFactory.create(person=drop)
    ConsentFactory.create(person=drop, given_on=EARLY, withdrawn_on=MIDDLE)
    merge = merged(keep, drop)
    assert owners(Consent) == [keep.pk, drop.pk, keep.pk]
    undo(merge=merge, by=BY, at=LATER)
    assert owners(Consent) == [keep.pk, drop.pk, drop.pk]


@pytest.mark.parametrize("taken_back_by_the_kept", [True, False])
def test_a_consent_taken_back_in_one_entry_does_not_come_back_by_the_other(
    keep: Person, drop: Person, *, taken_back_by_the_kept: bool
) -> None:
    one, other = (keep, drop) if taken_back_by_the_kept else (drop, keep)
    ConsentFactory.create(person=one, given_on=EARLY, withdrawn_on=LATE)
    held = ConsentFactory.create(person=other, given_on=MIDDLE)
    with pytest.raises(CannotMerge, check=said("consent_differs")):
        merged(keep, drop)
    held.given_on = LATE + timedelta(days=1)
    held.save()
    merged(keep, drop)
    assert owners(Consent) == [keep.pk, keep.pk]


def test_a_consent_that_was_taken_back_before_it_was_given_anew_speaks_against_nothing(
    keep: Person, drop: Person
) -> None:
    ConsentFactory.create(person=keep, given_on=EARLY, withdrawn_on=LATE)
    ConsentFactory.create(person=keep, given_on=LATE)
    ConsentFactory.create(person=drop, given_on=MIDDLE)
    merged(keep, drop)
    assert owners(Consent) == [keep.pk, keep.pk, drop.pk]


def test_what_was_said_to_a_consent_since_belongs_to_nobody_who_could_be_named(
    keep: Person, drop: Person
) -> None:
    merge = merged(keep, drop)
    give_consent(person=keep, purpose=PURPOSE, given_by=GivenBy.SELF, given_on=LATE, by=BY, at=AT)
    with pytest.raises(CannotUndo, check=said("consent_since")):
        undo(merge=merge, by=BY, at=LATER)
    withdraw_consent(person=keep, purpose=PURPOSE, by=BY, at=AT)
    with pytest.raises(CannotUndo, check=said("consent_since")):
        undo(merge=merge, by=BY, at=LATER)


# --- guardians ------------------------------------------------------------------------------


def who_said_so(consent: Consent) -> set[Guardian]:
    return set(Consent.objects.get(pk=consent.pk).guardians.all())


def test_guardians_go_along_and_back(keep: Person, drop: Person) -> None:
    GuardianFactory.create(person=keep, first_name="Anna")
    GuardianFactory.create(person=drop, first_name="Bela")
    merge = merged(keep, drop)
    assert owners(Guardian) == [keep.pk, keep.pk]
    undo(merge=merge, by=BY, at=LATER)
    assert owners(Guardian) == [keep.pk, drop.pk]


def test_of_one_guardian_entered_with_both_one_is_left_and_consents_name_that_one(
    keep: Person, drop: Person
) -> None:
    same = {"first_name": "Zoë", "last_name": "Müller"}
    ours = GuardianFactory.create(person=keep, **same)
    theirs = GuardianFactory.create(person=drop, first_name="ZOE", last_name="Mueller")
    father = GuardianFactory.create(person=drop, first_name="Bela")
    said = ConsentFactory.create(person=drop, given_by=GivenBy.GUARDIAN)
    said.guardians.set([theirs, father])
    merge = merged(keep, drop)
    assert owners(Guardian) == [keep.pk, drop.pk, keep.pk]
    assert who_said_so(said) == {ours, father}
    undo(merge=merge, by=BY, at=LATER)
    assert owners(Guardian) == [keep.pk, drop.pk, drop.pk]
    assert who_said_so(said) == {theirs, father}


def test_a_consent_that_stays_with_its_entry_keeps_its_guardian(keep: Person, drop: Person) -> None:
    same = {"first_name": "Anna", "last_name": "Aue"}
    ours, theirs = (GuardianFactory.create(person=one, **same) for one in (keep, drop))
    for person, guardian in ((keep, ours), (drop, theirs)):
        ConsentFactory.create(person=person, given_by=GivenBy.GUARDIAN).guardians.add(guardian)
    merged(keep, drop)
    first, second = Consent.objects.order_by("pk")
    assert (who_said_so(first), who_said_so(second)) == ({ours}, {theirs})


def test_a_guardian_who_was_removed_goes_along_as_proof(keep: Person, drop: Person) -> None:
    gone = GuardianFactory.create(person=drop, first_name="Anna", removed_on=LATE)
    here = GuardianFactory.create(person=keep, first_name="Anna", last_name=gone.last_name)
    said = ConsentFactory.create(person=drop, given_by=GivenBy.GUARDIAN)
    said.guardians.add(gone)
    merged(keep, drop)
    assert owners(Guardian) == [keep.pk, keep.pk]
    assert who_said_so(said) == {gone} != {here}


# --- record checks --------------------------------------------------------------------------


def test_the_only_record_check_goes_along_and_back(keep: Person, drop: Person) -> None:
    RecordCheckFactory.create(person=drop)
    merge = merged(keep, drop)
    assert owners(RecordCheck) == [keep.pk]
    undo(merge=merge, by=BY, at=LATER)
    assert owners(RecordCheck) == [drop.pk]


def test_a_check_of_the_entry_that_stays_stays(keep: Person, drop: Person) -> None:
    RecordCheckFactory.create(person=keep)
    undo(merge=merged(keep, drop), by=BY, at=LATER)
    assert owners(RecordCheck) == [keep.pk]


@pytest.mark.parametrize(
    ("kept_says", "dropped_says", "stays"),
    [
        ((EARLY, False), (LATE, False), "dropped"),
        ((LATE, False), (EARLY, False), "kept"),
        ((LATE, False), (EARLY, True), "dropped"),
        ((EARLY, True), (LATE, False), "kept"),
    ],
)
def test_of_two_checks_one_stays_and_nothing_of_the_other(
    keep: Person,
    drop: Person,
    kept_says: tuple[date, bool],
    dropped_says: tuple[date, bool],
    stays: str,
) -> None:
    for person, (day, conviction) in ((keep, kept_says), (drop, dropped_says)):
        RecordCheckFactory.create(person=person, certificate_date=day, conviction_found=conviction)
    merge = merged(keep, drop)
    check = RecordCheck.objects.get()
    expected = dropped_says if stays == "dropped" else kept_says
    assert (check.person, check.certificate_date, check.conviction_found) == (keep, *expected)
    undo(merge=merge, by=BY, at=LATER)
    assert owners(RecordCheck) == [(drop if stays == "dropped" else keep).pk]


def test_a_check_inspected_since_stays_where_it_was_inspected(keep: Person, drop: Person) -> None:
    RecordCheckFactory.create(person=drop, certificate_date=EARLY)
    merge = merged(keep, drop)
    inspect_record_check(
        person=Person.objects.get(pk=keep.pk),
        certificate_date=date(2026, 11, 1),
        conviction_found=False,
        by=BY,
        at=AT,
    )
    undo(merge=merge, by=BY, at=LATER)
    assert owners(RecordCheck) == [keep.pk]


def test_a_check_that_the_law_has_cleared_since_is_nowhere(keep: Person, drop: Person) -> None:
    RecordCheckFactory.create(person=drop)
    merge = merged(keep, drop)
    RecordCheck.objects.all().delete()
    undo(merge=merge, by=BY, at=LATER)
    assert not RecordCheck.objects.exists()
