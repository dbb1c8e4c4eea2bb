"""A person moves to another site: what it takes, what goes along, what stays."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.organisations.models import Site
from patenwerk.people.domain.batch import CannotDo, do_batch
from patenwerk.people.domain.consent import give_consent, withdraw_consent
from patenwerk.people.domain.duplicate import (
    CannotDecide as CannotTell,
)
from patenwerk.people.domain.duplicate import (
    CannotMerge,
    CannotUndo,
    find_duplicates,
    merge_people,
    say_not_the_same,
    seen_of,
    undo_merge,
)
from patenwerk.people.domain.fingerprint import write_fingerprints
from patenwerk.people.domain.move import (
    CannotDecide,
    CannotPropose,
    accept_move,
    decline_move,
    propose_move,
    withdraw_move,
)
from patenwerk.people.domain.person import (
    CannotArchive,
    HasMoved,
    archive_person,
    change_person,
    values_of,
)
from patenwerk.people.domain.record_check import inspect_record_check
from patenwerk.people.enums import (
    BatchKind,
    BatchState,
    ConsentPurpose,
    GivenBy,
    MoveState,
    PairState,
    RowState,
)
from patenwerk.people.models import (
    BatchRow,
    Consent,
    Merge,
    Move,
    Person,
    PersonFingerprint,
    PossibleDuplicate,
    RecordCheck,
)
from patenwerk.people.queries.move import usable_consent
from tests.factories.organisations import SiteFactory
from tests.factories.people import (
    BatchFactory,
    BatchRowFactory,
    ConsentFactory,
    MenteeFactory,
    MentorFactory,
    MergeFactory,
    MoveFactory,
    PossibleDuplicateFactory,
    RecordCheckFactory,
    site_beside,
)
from tests.people.refusals import said

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
BY = Actor(user_id=7)
THERE = Actor(user_id=8)
MOVE_SITE = ConsentPurpose.MOVE_SITE


@pytest.fixture
def person() -> Person:
    return MenteeFactory.create(first_name="Amina", capacity=5)


@pytest.fixture
def there(person: Person) -> Site:
    return site_beside(person.site)


def consent(person: Person) -> Consent:
    return ConsentFactory.create(person=person, purpose=MOVE_SITE)


def proposed(person: Person, there: Site, why: str = "zieht nach Leipzig") -> Move:
    return propose_move(person=person, to_site=there, why=why, by=BY, at=AT)


def moved(person: Person, there: Site) -> Person:
    """The person after having moved."""
    consent(person)
    return accept_move(move=proposed(person, there), answer="", by=THERE, at=AT)


def scopes(model: Any) -> list[int]:
    return list(model.objects.order_by("pk").values_list("site_id", flat=True))


# --- proposing ------------------------------------------------------------------------------


def test_a_proposal_rests_on_a_consent_and_changes_nothing_yet(person: Person, there: Site) -> None:
    given = consent(person)
    move = proposed(person, there, "  zieht nach Leipzig ")
    assert (move.person, move.site, move.carrier, move.programme) == (
        person,
        person.site,
        person.carrier,
        person.programme,
    )
    assert (move.to_site, move.to_carrier, move.consent) == (there, there.carrier, given)
    assert (move.state, move.why, move.proposed_by_id) == ("proposed", "zieht nach Leipzig", 7)
    assert Person.objects.get().site == person.site
    entry = AuditEntry.objects.get(action="people.propose_move")
    assert (entry.object_id, entry.site_id) == (move.pk, person.site_id)
    assert entry.details == {"person": person.pk, "to_site": there.pk}


def test_all_reasons_against_a_proposal_come_together(person: Person) -> None:
    person.archived_at = AT
    person.save()
    abroad = SiteFactory.create(archived_at=AT)
    with pytest.raises(
        CannotPropose,
        check=said("archived", "other_programme", "site_archived", "no_consent", "unsaid"),
    ):
        proposed(person, abroad, "  ")
    assert not Move.objects.exists()


def test_nobody_moves_to_where_it_is_or_twice(person: Person, there: Site) -> None:
    consent(person)
    with pytest.raises(CannotPropose, check=said("same_site")):
        proposed(person, person.site)
    proposed(person, there)
    with pytest.raises(CannotPropose, check=said("open")):
        proposed(person, there)
    with pytest.raises(IntegrityError), transaction.atomic():
        MoveFactory.create(person=person, consent=None)


def test_a_carrier_that_has_left_takes_nobody_in(person: Person, there: Site) -> None:
    consent(person)
    there.carrier.archived_at = AT
    there.carrier.save()
    with pytest.raises(CannotPropose, check=said("site_archived")):
        proposed(person, there)


def test_an_entry_that_was_merged_does_not_move(there: Site) -> None:
    merge = MergeFactory.create(kept__site__carrier=there.carrier)
    consent(merge.dropped)
    with pytest.raises(CannotPropose, check=said("merged")):
        proposed(merge.dropped, there)


def test_a_consent_taken_back_is_none(person: Person, there: Site) -> None:
    consent(person)
    withdraw_consent(person=person, purpose=MOVE_SITE, by=BY, at=AT)
    with pytest.raises(CannotPropose, check=said("no_consent")):
        proposed(person, there)


def test_a_consent_holds_for_one_move(person: Person, there: Site) -> None:
    came = moved(person, there)
    back = Site.objects.get(pk=person.site_id)
    assert usable_consent(came) is None
    with pytest.raises(CannotPropose, check=said("consent_used")):
        proposed(came, back)
    withdraw_consent(person=came, purpose=MOVE_SITE, by=BY, at=AT)
    give_consent(
        person=came, purpose=MOVE_SITE, given_by=GivenBy.SELF, given_on=TODAY, by=BY, at=AT
    )
    assert proposed(came, back).state == MoveState.PROPOSED


def test_a_consent_holds_for_one_site_that_may_be_asked_again(person: Person, there: Site) -> None:
    consent(person)
    decline_move(move=proposed(person, there), answer="Wir sind voll.", by=THERE, at=AT)
    other = site_beside(person.site)
    with pytest.raises(CannotPropose, check=said("consent_used")):
        proposed(person, other)
    withdraw_move(move=proposed(person, there), by=BY, at=AT)
    assert usable_consent(person, there) is not None


# --- answering ------------------------------------------------------------------------------


def test_whoever_does_not_take_somebody_in_says_why(person: Person, there: Site) -> None:
    consent(person)
    move = proposed(person, there)
    with pytest.raises(CannotDecide, check=said("unsaid")):
        decline_move(move=move, answer=" ", by=THERE, at=AT)
    decline_move(move=move, answer=" Wir sind voll. ", by=THERE, at=AT)
    move.refresh_from_db()
    assert (move.state, move.answer, move.decided_by_id) == ("declined", "Wir sind voll.", 8)
    assert move.decided_at == AT
    assert Person.objects.get().site == person.site
    assert AuditEntry.objects.get(action="people.decline_move").object_id == move.pk


@pytest.mark.parametrize("state", ["accepted", "declined", "withdrawn"])
def test_what_is_decided_is_decided(person: Person, there: Site, state: str) -> None:
    move = MoveFactory.create(person=person, to_site=there, state=state)
    for decide in (
        lambda: accept_move(move=move, answer="", by=THERE, at=AT),
        lambda: decline_move(move=move, answer="Nein.", by=THERE, at=AT),
        lambda: withdraw_move(move=move, by=BY, at=AT),
    ):
        with pytest.raises(CannotDecide, check=said(state)):
            decide()
    assert Person.objects.get().site == person.site


def test_a_site_archived_meanwhile_takes_nobody_in(person: Person, there: Site) -> None:
    move = MoveFactory.create(person=person, to_site=there)
    there.archived_at = AT
    there.save()
    with pytest.raises(CannotDecide, check=said("site_archived")):
        accept_move(move=move, answer="", by=THERE, at=AT)


def test_taking_the_consent_back_takes_the_proposal_back(person: Person, there: Site) -> None:
    ConsentFactory.create(person=person)
    given = consent(person)
    move = proposed(person, there)
    other = MoveFactory.create()
    withdraw_consent(person=person, purpose=ConsentPurpose.OTHER_CARRIERS, by=BY, at=AT)
    assert Move.objects.filter(state=MoveState.PROPOSED).count() == 2
    withdraw_consent(person=person, purpose=MOVE_SITE, by=BY, at=AT)
    move.refresh_from_db()
    assert (move.state, move.decided_at, move.consent) == ("withdrawn", AT, given)
    other.refresh_from_db()
    assert other.state == MoveState.PROPOSED
    assert AuditEntry.objects.get(action="people.withdraw_move").object_id == move.pk


def test_what_was_done_for_many_is_not_taken_back_for_who_has_moved(
    person: Person, there: Site
) -> None:
    row = BatchRowFactory.create(batch__site=person.site, person=person)
    other = BatchRowFactory.create(batch=row.batch, person__furthest_km=15)
    chosen = BatchFactory.create(
        site=person.site, kind=BatchKind.ARCHIVE, state=BatchState.CHOSEN, done_at=None
    )
    BatchRowFactory.create(batch=chosen, person=person, state=RowState.TO_DO)
    came = moved(person, there)
    assert list(BatchRow.objects.all()) == [other]
    # Chosen at the old site's page a moment too late: nothing is done with it either.
    BatchRowFactory.create(
        batch=chosen, person=came, state=RowState.TO_DO, before={"archived_at": None}
    )
    with pytest.raises(CannotDo, check=said("nobody")):
        do_batch(batch=chosen, version=chosen.version, by=BY, at=AT)
    assert Person.objects.get(pk=person.pk).archived_at is None


def test_whoever_is_to_move_is_not_archived(person: Person, there: Site) -> None:
    move = MoveFactory.create(person=person, to_site=there)
    with pytest.raises(CannotArchive, check=said("move_open")):
        archive_person(person=person, by=BY, at=AT)
    withdraw_move(move=move, by=BY, at=AT)
    archive_person(person=person, by=BY, at=AT)
    assert Person.objects.get().archived_at == AT


# --- what goes along ------------------------------------------------------------------------


def test_the_person_belongs_to_the_other_site_and_drops_its_number(
    person: Person, there: Site
) -> None:
    person.file_id, person.note, person.postcode = "K-7", "mag Schach", "04109"
    person.save()
    MenteeFactory.create(site=there, file_id="K-7")
    came = moved(person, there)
    stored = Person.objects.get(pk=person.pk)
    assert (stored.site, stored.carrier, stored.programme) == (
        there,
        there.carrier,
        person.programme,
    )
    assert (stored.file_id, stored.note, stored.waiting_since) == (
        "",
        "mag Schach",
        person.waiting_since,
    )
    assert stored.search_text == f" amina {stored.last_name.lower()} 04109"
    assert came == stored
    entry = AuditEntry.objects.get(action="people.accept_move")
    assert entry.details == {"person": person.pk, "to_site": there.pk}


def test_consents_and_the_record_check_go_along(there: Site) -> None:
    mentor = MentorFactory.create(site__carrier__programme=there.programme)
    RecordCheckFactory.create(person=mentor)
    staying = RecordCheckFactory.create(person__site=mentor.site)
    ConsentFactory.create(person=staying.person)
    moved(mentor, there)
    assert scopes(RecordCheck) == [there.pk, mentor.site_id]
    assert scopes(Consent) == [mentor.site_id, there.pk]
    assert {check.carrier_id for check in RecordCheck.objects.filter(site=there)} == {
        there.carrier_id
    }


def test_pairs_with_people_who_stay_are_forgotten_and_entries_of_one_person_go_along(
    person: Person, there: Site
) -> None:
    site, other = person.site, MenteeFactory.create(site=person.site)
    inner = MergeFactory.create(kept__site=site, dropped__file_id="K-8")
    consent(person)  # before: what is said since speaks against taking the two apart again
    outer = merge_people(
        keep=person, drop=inner.kept, taken=(), seen=seen_of(person, inner.kept), by=BY, at=AT
    )
    PossibleDuplicateFactory.create(
        first=person, second=other, state=PairState.NOT_THE_SAME, decided_at=AT
    )
    stays = PossibleDuplicateFactory.create(first__site=site, second__site=site)
    write_fingerprints(site=site)
    accept_move(move=proposed(person, there), answer="", by=THERE, at=AT)
    pairs = PossibleDuplicate.objects.order_by("pk").values_list("state", "site_id")
    assert list(pairs) == [(PairState.MERGED, there.pk), (PairState.OPEN, site.pk)]
    assert PossibleDuplicate.objects.latest("pk") == stays
    assert scopes(Merge) == [there.pk, there.pk]
    entries = Person.objects.filter(pk__in=[person.pk, inner.kept_id, inner.dropped_id])
    assert {(entry.site_id, entry.file_id) for entry in entries} == {(there.pk, "")}
    kept = PersonFingerprint.objects.filter(site=there).values_list("person_id", flat=True)
    assert set(kept) == {person.pk}
    undo_merge(merge=Merge.objects.get(pk=outer.pk), by=THERE, at=AT)
    assert Person.objects.get(pk=inner.kept_id).site == there


def test_the_nightly_search_finds_at_the_new_site_whom_it_knew_already(
    person: Person, there: Site
) -> None:
    twin = MenteeFactory.create(
        site=there, first_name=person.first_name, last_name=person.last_name
    )
    moved(person, there)
    assert find_duplicates(site=there, by=BY, at=AT).new == 1
    pair = PossibleDuplicate.objects.get()
    assert {pair.first_id, pair.second_id} == {person.pk, twin.pk}
    assert find_duplicates(site=person.site, by=BY, at=AT).new == 0


# --- merging and moving ---------------------------------------------------------------------


def test_an_entry_that_is_to_move_is_not_merged_away_and_one_that_stays_takes_moves_over(
    person: Person, there: Site
) -> None:
    drop = MenteeFactory.create(site=person.site)
    came = MoveFactory.create(
        person=drop, site=there, carrier=there.carrier, to_site=person.site, state="accepted"
    )
    waiting = MoveFactory.create(person=drop, to_site=there, consent=None)

    def merge() -> Merge:
        return merge_people(
            keep=person, drop=drop, taken=(), seen=seen_of(person, drop), by=BY, at=AT
        )

    with pytest.raises(CannotMerge, check=said("move_open")):
        merge()
    withdraw_move(move=waiting, by=BY, at=AT)
    made = merge()
    assert set(person.moves.all()) == {came, waiting}
    undo_merge(merge=made, by=BY, at=AT)
    assert set(drop.moves.all()) == {came, waiting}


# --- whoever still looks at the old site's page ---------------------------------------------


def test_nobody_decides_about_somebody_who_has_just_moved(person: Person, there: Site) -> None:
    old = Person.objects.get(pk=person.pk)
    other = MenteeFactory.create(site=person.site)
    merge = MergeFactory.create(kept=other)
    pair = PossibleDuplicateFactory.create(first=old, second=other)
    stale_merge = Merge.objects.select_related("kept").get(pk=merge.pk)
    moved(person, there)
    with pytest.raises(HasMoved, check=said("moved")):
        archive_person(person=old, by=BY, at=AT)
    with pytest.raises(HasMoved, check=said("moved")):
        change_person(person=old, values=values_of(old), by=BY, at=AT)
    with pytest.raises(HasMoved, check=said("moved")):
        withdraw_consent(person=old, purpose=MOVE_SITE, by=BY, at=AT)
    with pytest.raises(HasMoved, check=said("moved")):
        inspect_record_check(
            person=old, certificate_date=TODAY, conviction_found=False, by=BY, at=AT
        )
    with pytest.raises(HasMoved, check=said("moved")):
        proposed(old, there)
    with pytest.raises(CannotTell, check=said("moved")):
        say_not_the_same(pair=pair, by=BY, at=AT)
    for keep, drop in ((old, other), (other, old)):
        with pytest.raises(CannotMerge, check=said("moved")):
            merge_people(keep=keep, drop=drop, taken=(), seen="", by=BY, at=AT)
    moved(Person.objects.get(pk=other.pk), there)
    with pytest.raises(CannotUndo, check=said("moved")):
        undo_merge(merge=stale_merge, by=BY, at=AT)
