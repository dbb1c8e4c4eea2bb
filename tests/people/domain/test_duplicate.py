"""One person, once: what is found, what is remembered, what a merge moves and what undoing brings
back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.organisations.models import Site
from patenwerk.people.domain.duplicate import (
    CannotDecide,
    CannotMerge,
    CannotUndo,
    Found,
    MayBeKnown,
    add_unless_known,
    decide_again,
    differing_columns,
    find_duplicates,
    forget_merged,
    merge_people,
    merging_refusals,
    say_not_the_same,
    seen_of,
    undo_merge,
)
from patenwerk.people.domain.person import (
    CannotArchive,
    CannotRestore,
    CannotTakePerson,
    archive_person,
    change_person,
    restore_person,
    values_of,
)
from patenwerk.people.domain.person_values import PersonValues
from patenwerk.people.enums import PairState, Side
from patenwerk.people.kernel.defaults import DAYS_TO_UNDO
from patenwerk.people.models import Merge, Person, PossibleDuplicate
from tests.factories.organisations import SiteFactory, SupportFieldFactory
from tests.factories.people import (
    MenteeFactory,
    MentorFactory,
    MergeFactory,
    PossibleDuplicateFactory,
)
from tests.people.refusals import said

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATER = AT + timedelta(days=1)
BY = Actor(user_id=7)
BORN = date(2001, 5, 17)


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


def twice(site: Site, **second: object) -> tuple[Person, Person]:
    """One person under two entries."""
    said = {"first_name": "Mohammed", "last_name": "Haddad", "birth_date": BORN, "phone": "0341 1"}
    return (
        MenteeFactory.create(site=site, **said),
        MenteeFactory.create(site=site, **{**said, "first_name": "Muhammad", **second}),
    )


def merged(keep: Person, drop: Person, *taken: str, at: datetime = AT) -> Merge:
    return merge_people(keep=keep, drop=drop, taken=taken, seen=seen_of(keep, drop), by=BY, at=at)


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


# --- finding --------------------------------------------------------------------------------


def test_a_pair_is_found_once_and_stands_in_the_record(site: Site) -> None:
    first, second = twice(site)
    MenteeFactory.create(site=site, first_name="Olena", last_name="Haddad")
    MentorFactory.create(site=site, first_name="Mohammed", last_name="Haddad", birth_date=BORN)
    MenteeFactory.create(first_name="Mohammed", last_name="Haddad", birth_date=BORN)
    assert find_duplicates(site=site, by=BY, at=AT) == Found(new=1, gone=0)
    assert find_duplicates(site=site, by=BY, at=LATER) == Found(new=0, gone=0)
    pair = PossibleDuplicate.objects.get()
    assert (pair.first, pair.second, pair.state) == (first, second, PairState.OPEN)
    assert (pair.site, pair.found_at) == (site, AT)
    assert pair.score >= 0
    assert actions() == ["people.find_duplicates"]
    assert AuditEntry.objects.get().object_ids == [pair.pk]


def test_an_open_pair_goes_when_the_two_no_longer_agree(site: Site) -> None:
    _first, second = twice(site)
    find_duplicates(site=site, by=BY, at=AT)
    Person.objects.filter(pk=second.pk).update(phone="0341 2")
    find_duplicates(site=site, by=BY, at=AT)
    assert PossibleDuplicate.objects.count() == 1
    Person.objects.filter(pk=second.pk).update(first_name="Layla")
    assert find_duplicates(site=site, by=BY, at=AT) == Found(new=0, gone=1)
    assert not PossibleDuplicate.objects.exists()


def test_the_score_follows_what_the_two_say(site: Site) -> None:
    _first, second = twice(site)
    find_duplicates(site=site, by=BY, at=AT)
    before = PossibleDuplicate.objects.get().score
    Person.objects.filter(pk=second.pk).update(birth_date=None)
    find_duplicates(site=site, by=BY, at=AT)
    assert PossibleDuplicate.objects.get().score < before


def test_two_archived_entries_are_left_alone_and_one_is_not(site: Site) -> None:
    first, second = twice(site)
    Person.objects.filter(pk=first.pk).update(archived_at=AT)
    assert find_duplicates(site=site, by=BY, at=AT).new == 1
    PossibleDuplicate.objects.all().delete()
    Person.objects.filter(pk=second.pk).update(archived_at=AT)
    assert find_duplicates(site=site, by=BY, at=AT).new == 0


def test_what_was_decided_is_not_asked_again(site: Site) -> None:
    twice(site)
    find_duplicates(site=site, by=BY, at=AT)
    pair = PossibleDuplicate.objects.get()
    say_not_the_same(pair=pair, by=BY, at=AT)
    assert find_duplicates(site=site, by=BY, at=LATER) == Found(new=0, gone=0)
    pair.refresh_from_db()
    assert (pair.state, pair.decided_at, pair.decided_by_id) == (PairState.NOT_THE_SAME, AT, 7)


def test_who_is_not_the_same_as_one_entry_is_not_the_same_as_the_one_it_went_into(
    site: Site,
) -> None:
    first, second = twice(site)
    third = MenteeFactory.create(
        site=site, first_name="Mohamed", last_name="Haddad", birth_date=BORN
    )
    find_duplicates(site=site, by=BY, at=AT)
    pair = PossibleDuplicate.objects.get(first=second, second=third)
    say_not_the_same(pair=pair, by=BY, at=AT)
    merged(first, second)
    find_duplicates(site=site, by=BY, at=AT)
    open_ones = PossibleDuplicate.objects.filter(state=PairState.OPEN)
    assert not open_ones.exists()


def test_the_search_asks_the_same_whatever_it_finds(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for names in (["Olena"], ["Taras", "Iryna", "Vasyl"]):
        site = SiteFactory.create()
        for name in names:
            MenteeFactory.create_batch(2, site=site, first_name=name, last_name="Melnyk")
        with django_assert_num_queries(11):
            assert find_duplicates(site=site, by=BY, at=AT).new == len(names)


# --- taking somebody in ---------------------------------------------------------------------

NEW = PersonValues(
    first_name="محمد", last_name="Hadad", birth_date=BORN, postcode="10115", gender="female"
)


def test_somebody_who_may_be_known_is_shown_and_taken_in_once_it_is_said_that_it_is_another(
    site: Site,
) -> None:
    known = MenteeFactory.create(
        site=site, first_name="Mohammed", last_name="Haddad", birth_date=BORN
    )

    def add(*apart_from: int) -> Person:
        return add_unless_known(
            site=site, side=Side.MENTEE, values=NEW, apart_from=apart_from, by=BY, at=AT
        )

    with pytest.raises(MayBeKnown) as refused:
        add()
    assert [each.person for each in refused.value.look_alikes] == [known]
    assert [reason.code for reason in refused.value.reasons] == ["may_be_known"]
    with pytest.raises(MayBeKnown):
        add(known.pk + 1)
    assert Person.objects.count() == 1
    another = add(known.pk)
    pair = PossibleDuplicate.objects.get()
    assert (pair.first, pair.second, pair.state) == (known, another, PairState.NOT_THE_SAME)
    assert find_duplicates(site=site, by=BY, at=AT).new == 0


def test_somebody_new_is_taken_in_at_once(site: Site) -> None:
    MenteeFactory.create(site=site, first_name="Layla", last_name="Haddad", birth_date=BORN)
    MentorFactory.create(site=site, first_name="Mohammed", last_name="Haddad", birth_date=BORN)
    person = add_unless_known(site=site, side=Side.MENTEE, values=NEW, apart_from=(), by=BY, at=AT)
    assert person.first_name == "محمد"
    assert not PossibleDuplicate.objects.exists()
    assert actions() == ["people.add"]


# --- deciding -------------------------------------------------------------------------------


def test_two_people_are_told_apart_and_that_can_be_taken_back(site: Site) -> None:
    pair = PossibleDuplicateFactory.create(first__site=site)
    say_not_the_same(pair=pair, by=BY, at=AT)
    with pytest.raises(CannotDecide, check=said("not_the_same")):
        say_not_the_same(pair=pair, by=BY, at=AT)
    decide_again(pair=pair, by=BY, at=LATER)
    pair.refresh_from_db()
    assert (pair.state, pair.decided_at, pair.decided_by_id) == (PairState.OPEN, None, None)
    with pytest.raises(CannotDecide, check=said("not_said")):
        decide_again(pair=pair, by=BY, at=LATER)
    assert actions() == ["people.not_the_same", "people.decide_again"]


def test_a_merged_pair_is_not_told_apart(site: Site) -> None:
    first, second = twice(site)
    merged(first, second)
    with pytest.raises(CannotDecide, check=said("merged_already")):
        say_not_the_same(pair=PossibleDuplicate.objects.get(), by=BY, at=AT)


# --- merging --------------------------------------------------------------------------------


def test_chosen_values_go_along_and_the_second_entry_leaves(site: Site) -> None:
    school = SupportFieldFactory.create(programme=site.programme, code="schule")
    keep, drop = twice(
        site,
        file_id="93",
        email="m@example.org",
        languages={"ar": 7},
        interests=["Schach"],
        wished_genders=["male"],
        waiting_since=date(2026, 3, 1),
        birth_date=date(2001, 5, 18),
        note="Ruft abends an.",
    )
    drop.fields.add(school)
    taken = (
        *("file_id", "email", "languages", "interests", "wished_genders", "waiting_since"),
        *("birth_date", "fields"),
    )
    merge = merged(keep, drop, *taken)
    keep, drop = fresh(keep), fresh(drop)
    assert (keep.first_name, keep.note, keep.file_id) == ("Mohammed", "", "93")
    assert (keep.email, keep.languages, keep.interests) == ("m@example.org", {"ar": 7}, ["Schach"])
    assert (keep.wished_genders, keep.waiting_since) == (["male"], date(2026, 3, 1))
    assert [field.code for field in keep.fields.all()] == ["schule"]
    assert "93" in keep.search_text
    assert keep.archived_at is None
    assert (drop.merged_into, drop.archived_at) == (keep, AT)
    pair = PossibleDuplicate.objects.get()
    assert (pair.state, pair.decided_at) == (PairState.MERGED, AT)
    assert (merge.kept, merge.dropped, merge.merged_at, merge.merged_by_id) == (keep, drop, AT, 7)
    entry = AuditEntry.objects.get()
    assert (entry.action, sorted(entry.object_ids)) == ("people.merge", [keep.pk, drop.pk])
    assert entry.details == {"kept": keep.pk, "dropped": drop.pk, "fields": sorted(taken)}


def test_undoing_brings_back_what_nobody_changed_since(site: Site) -> None:
    school = SupportFieldFactory.create(programme=site.programme, code="schule")
    keep, drop = twice(
        site,
        file_id="93",
        phone="0341 2",
        birth_date=None,
        languages={"ar": 7},
        interests=["Schach"],
        wished_genders=["male"],
        waiting_since=date(2026, 3, 1),
    )
    drop.fields.add(school)
    before = values_of(fresh(keep)), values_of(fresh(drop))
    taken = [name for name in differing_columns(keep, drop) if name != "birth_date"]
    merge = merged(keep, drop, *taken)
    undo_merge(merge=merge, by=BY, at=LATER)
    keep, drop = fresh(keep), fresh(drop)
    assert (values_of(keep), values_of(drop)) == before
    assert (drop.merged_into, drop.archived_at, keep.archived_at) == (None, None, None)
    merge.refresh_from_db()
    assert (merge.undone_at, merge.undone_by_id) == (LATER, 7)
    assert (merge.values, merge.moved, merge.presence) == ({}, {}, {})
    assert PossibleDuplicate.objects.get().state == PairState.OPEN
    assert actions() == ["people.merge", "people.undo_merge"]


def test_what_was_changed_since_stays(site: Site) -> None:
    keep, drop = twice(site, phone="0341 2", email="m@example.org")
    merge = merged(keep, drop, "phone", "email")
    keep = fresh(keep)
    change_person(person=keep, values=replace(values_of(keep), phone="0341 3"), by=BY, at=AT)
    undo_merge(merge=merge, by=BY, at=LATER)
    keep = fresh(keep)
    assert (keep.phone, keep.email) == ("0341 3", "")


def test_nothing_taken_nothing_to_bring_back(site: Site) -> None:
    keep, drop = twice(site)
    merge = merged(keep, drop)
    assert merge.values == {}
    undo_merge(merge=merge, by=BY, at=LATER)
    assert fresh(keep).first_name == "Mohammed"


def test_a_pair_that_was_merged_and_taken_apart_can_be_merged_again(site: Site) -> None:
    keep, drop = twice(site)
    undo_merge(merge=merged(keep, drop), by=BY, at=LATER)
    again = merged(drop, keep, at=LATER)
    assert fresh(keep).merged_into == drop
    assert Merge.objects.filter(undone_at__isnull=True).get() == again


@pytest.mark.parametrize(
    ("kept_at", "dropped_at", "then"), [(AT, None, None), (None, AT, None), (AT, AT, AT)]
)
def test_one_person_is_here_if_one_of_the_entries_was(
    site: Site, kept_at: datetime | None, dropped_at: datetime | None, then: datetime | None
) -> None:
    keep, drop = twice(site, archived_at=dropped_at)
    Person.objects.filter(pk=keep.pk).update(archived_at=kept_at)
    merge = merged(fresh(keep), drop)
    assert fresh(keep).archived_at == then
    undo_merge(merge=merge, by=BY, at=LATER)
    assert (fresh(keep).archived_at, fresh(drop).archived_at) == (kept_at, dropped_at)


def test_only_two_entries_of_one_list_are_merged(site: Site) -> None:
    keep, drop = twice(site)
    for other in (
        keep,
        MenteeFactory.create(),
        MentorFactory.create(site=site),
    ):
        with pytest.raises(CannotMerge, check=said("not_two_entries")):
            merged(keep, other)
    assert merging_refusals(keep=keep, drop=drop) == []


def test_what_was_decided_in_the_meantime_is_said(site: Site) -> None:
    keep, drop = twice(site)
    find_duplicates(site=site, by=BY, at=AT)
    pair = PossibleDuplicate.objects.get()
    say_not_the_same(pair=pair, by=BY, at=AT)
    with pytest.raises(CannotMerge, check=said("not_the_same")):
        merged(keep, drop)
    decide_again(pair=pair, by=BY, at=AT)
    merged(keep, drop)
    for one, other in ((keep, drop), (drop, keep)):
        with pytest.raises(CannotMerge, check=said("merged_already")):
            merged(one, other)


def test_an_entry_that_went_into_another_is_not_merged_once_more(site: Site) -> None:
    keep, drop = twice(site)
    third = MenteeFactory.create(site=site)
    merged(keep, drop)
    for one, other in ((third, drop), (drop, third)):
        with pytest.raises(CannotMerge, check=said("merged")):
            merged(one, fresh(other))


def test_whoever_chose_from_old_values_looks_again(site: Site) -> None:
    keep, drop = twice(site)
    seen = seen_of(keep, drop)
    assert seen == seen_of(drop, keep)
    Person.objects.filter(pk=drop.pk).update(phone="0341 9")
    with pytest.raises(CannotMerge, check=said("changed")):
        merge_people(keep=keep, drop=drop, taken=["phone"], seen=seen, by=BY, at=AT)
    assert fresh(drop).merged_into is None


def test_values_that_do_not_hold_together_are_refused(site: Site) -> None:
    keep, drop = twice(site, wished_age_from=60)
    Person.objects.filter(pk=keep.pk).update(wished_age_to=30)
    keep = fresh(keep)
    with pytest.raises(CannotTakePerson, check=said("age_order")):
        merged(keep, drop, "wished_age_from")
    assert fresh(drop).merged_into is None


def test_nothing_is_done_any_more_with_an_entry_that_went(site: Site) -> None:
    keep, drop = twice(site)
    values = values_of(drop)
    merged(keep, drop)
    with pytest.raises(CannotTakePerson, check=said("merged")):
        change_person(person=drop, values=values, by=BY, at=AT)
    with pytest.raises(CannotArchive, check=said("merged")):
        archive_person(person=drop, by=BY, at=AT)
    with pytest.raises(CannotRestore, check=said("merged")):
        restore_person(person=drop, by=BY, at=AT)


def test_the_number_of_an_entry_that_went_is_free(site: Site) -> None:
    keep, drop = twice(site, file_id="93")
    merge = merged(keep, drop)
    other = MenteeFactory.create(site=site)
    change_person(person=other, values=replace(values_of(other), file_id="93"), by=BY, at=AT)
    with pytest.raises(CannotUndo, check=said("file_id_taken")):
        undo_merge(merge=merge, by=BY, at=LATER)
    assert fresh(drop).merged_into == keep
    change_person(person=other, values=replace(values_of(other), file_id=""), by=BY, at=AT)
    undo_merge(merge=merge, by=BY, at=LATER)
    assert fresh(drop).file_id == "93"


def test_merges_are_undone_from_the_last_to_the_first_and_once(site: Site) -> None:
    first, second = twice(site)
    third = MenteeFactory.create(site=site)
    inner = merged(second, first)
    outer = merged(third, fresh(second))
    with pytest.raises(CannotUndo, check=said("merged_since")):
        undo_merge(merge=inner, by=BY, at=LATER)
    undo_merge(merge=outer, by=BY, at=LATER)
    undo_merge(merge=inner, by=BY, at=LATER)
    with pytest.raises(CannotUndo, check=said("undone")):
        undo_merge(merge=inner, by=BY, at=LATER)


def test_an_app_that_came_later_has_moved_nothing(site: Site) -> None:
    merge = MergeFactory.create(kept__site=site)
    assert merge.moved == {}
    undo_merge(merge=merge, by=BY, at=LATER)
    assert fresh(merge.dropped).merged_into is None


# --- forgetting -----------------------------------------------------------------------------


def test_after_its_time_the_second_entry_is_deleted_for_good(site: Site) -> None:
    keep, drop = twice(site)
    merged(keep, drop)
    over = AT + timedelta(days=DAYS_TO_UNDO, seconds=1)
    assert forget_merged(by=BY, at=over - timedelta(seconds=1)) == 0
    assert forget_merged(by=BY, at=over) == 1
    assert forget_merged(by=BY, at=over) == 0
    assert list(Person.objects.all()) == [keep]
    assert not Merge.objects.exists()
    assert actions() == ["people.merge", "people.forget_merged"]
    assert AuditEntry.objects.latest("pk").object_ids == [drop.pk]


def test_a_merge_that_was_undone_is_forgotten_and_nobody_deleted(site: Site) -> None:
    keep, drop = twice(site)
    undo_merge(merge=merged(keep, drop), by=BY, at=AT)
    assert forget_merged(by=BY, at=AT + timedelta(days=DAYS_TO_UNDO + 1)) == 0
    assert not Merge.objects.exists()
    assert Person.objects.count() == 2
