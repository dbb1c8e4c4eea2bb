"""Following suggestions, departing from them, and who reads why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Refusal
from patenwerk.matching.domain.decision import (
    choose_partner,
    decline_suggestion,
    nobody_fits,
    take_all,
    take_suggestion,
)
from patenwerk.matching.models import Suggestion
from patenwerk.people.models import Person
from patenwerk.tandems.domain.tandem import propose_tandem
from patenwerk.tandems.models import Tandem
from tests.factories.matching import AT, NeverAgainFactory, SuggestionFactory, decision, pair_at
from tests.factories.organisations import CarrierFactory, NetworkFactory, SiteFactory
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import group_of, tandem_of

pytestmark = pytest.mark.django_db

BY = Actor(user_id=5)


@pytest.fixture
def suggestion() -> Suggestion:
    return SuggestionFactory.create()


def reasons(work: Callable[[], object]) -> list[str]:
    with pytest.raises(Refusal) as refused:
        work()
    return [reason.code for reason in refused.value.reasons]


def states() -> dict[int, str]:
    return dict(Suggestion.objects.values_list("pk", "state"))


def test_following_needs_no_words_and_says_who_decided(suggestion: Suggestion) -> None:
    tandem = take_suggestion(suggestion=suggestion, values=decision(suggestion.site), by=BY, at=AT)
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.tandem, suggestion.decided_at) == ("taken", tandem, AT)
    assert (suggestion.decided_by_id, suggestion.why) == (5, "")
    assert tandem.site == suggestion.mentee.site


def test_whoever_has_no_place_left_loses_the_other_suggestions(suggestion: Suggestion) -> None:
    same_mentor = SuggestionFactory.create(mentor=suggestion.mentor)
    same_mentee = SuggestionFactory.create(mentee=suggestion.mentee)
    other = SuggestionFactory.create()
    take_suggestion(suggestion=suggestion, values=decision(suggestion.site), by=BY, at=AT)
    assert states() == {
        suggestion.pk: "taken",
        same_mentor.pk: "withdrawn",
        same_mentee.pk: "withdrawn",
        other.pk: "open",
    }
    same_mentor.round.refresh_from_db()
    assert same_mentor.round.state == "closed"
    assert reasons(
        lambda: take_suggestion(
            suggestion=same_mentor, values=decision(same_mentor.site), by=BY, at=AT
        )
    ) == ["withdrawn"]


def test_a_mentor_with_another_place_keeps_the_other_suggestion(suggestion: Suggestion) -> None:
    Person.objects.filter(pk=suggestion.mentor_id).update(capacity=2)
    second = SuggestionFactory.create(
        mentor=suggestion.mentor, mentee__site=suggestion.site, round=suggestion.round
    )
    take_suggestion(suggestion=suggestion, values=decision(suggestion.site), by=BY, at=AT)
    suggestion.round.refresh_from_db()
    assert (states()[second.pk], suggestion.round.state) == ("open", "ready")


@pytest.mark.parametrize(
    ("state", "why"), [("taken", ""), ("declined", "Nein."), ("withdrawn", "")]
)
def test_what_was_decided_is_not_decided_again(
    suggestion: Suggestion, state: str, why: str
) -> None:
    Suggestion.objects.update(state=state, why=why, decided_at=AT)
    values = decision(suggestion.site)
    assert reasons(lambda: take_suggestion(suggestion=suggestion, values=values, by=BY, at=AT)) == [
        state
    ]
    assert reasons(
        lambda: decline_suggestion(suggestion=suggestion, why="Weil.", by=BY, at=AT)
    ) == [state]
    assert not Tandem.objects.exists()


def test_who_left_or_was_taken_is_refused_without_a_name(suggestion: Suggestion) -> None:
    values = decision(suggestion.site)
    mentor, mentee = suggestion.mentor, suggestion.mentee

    def take() -> object:
        return take_suggestion(suggestion=suggestion, values=values, by=BY, at=AT)

    Person.objects.filter(pk__in=[mentor.pk, mentee.pk]).update(archived_at=AT)
    assert reasons(take) == ["archived", "archived"]
    Person.objects.update(archived_at=None)
    tandem_of(mentor, MenteeFactory.create(site=mentor.site))
    assert reasons(take) == ["no_place"]
    tandem_of(MentorFactory.create(site=mentor.site), mentee)
    with pytest.raises(Refusal) as refused:
        take()
    assert len(refused.value.reasons) == 2
    assert mentor.last_name not in str(refused.value)
    assert mentee.last_name not in str(refused.value)


def test_in_bulk_what_is_lost_is_named_and_the_rest_is_taken(suggestion: Suggestion) -> None:
    site = suggestion.site
    lost = SuggestionFactory.create(mentor=suggestion.mentor, mentee__site=site)
    fine = SuggestionFactory.create(mentee__site=site)
    outcome = take_all(suggestions=[suggestion, lost, fine], values=decision(site), by=BY, at=AT)
    assert len(outcome.tandems) == 2
    ((not_taken, why),) = [(one.suggestion, one.reasons) for one in outcome.not_taken]
    assert (not_taken, [reason.code for reason in why]) == (lost, ["withdrawn"])
    assert states() == {suggestion.pk: "taken", lost.pk: "withdrawn", fine.pk: "taken"}
    (entry,) = AuditEntry.objects.filter(action="matching.take")
    assert entry.object_ids == [suggestion.pk, fine.pk]


def test_in_bulk_nothing_possible_writes_nothing(suggestion: Suggestion) -> None:
    Suggestion.objects.update(state="withdrawn", decided_at=AT)
    outcome = take_all(suggestions=[suggestion], values=decision(suggestion.site), by=BY, at=AT)
    assert (outcome.tandems, len(outcome.not_taken)) == ([], 1)
    assert not AuditEntry.objects.exists()


def test_leaving_aside_needs_words(suggestion: Suggestion) -> None:
    assert reasons(lambda: decline_suggestion(suggestion=suggestion, why="  ", by=BY, at=AT)) == [
        "why"
    ]
    decline_suggestion(suggestion=suggestion, why=" Zu weit. ", by=BY, at=AT)
    assert (suggestion.state, suggestion.why, suggestion.decided_by_id) == (
        "declined",
        "Zu weit.",
        5,
    )
    suggestion.round.refresh_from_db()
    assert suggestion.round.state == "closed"


def test_nobody_fits_leaves_all_suggestions_for_the_mentee_aside(suggestion: Suggestion) -> None:
    second = SuggestionFactory.create(mentee=suggestion.mentee)
    other = SuggestionFactory.create()
    mentee = suggestion.mentee
    assert reasons(lambda: nobody_fits(mentee=mentee, why="", by=BY, at=AT)) == ["why"]
    nobody_fits(mentee=mentee, why="Sie ist verreist.", by=BY, at=AT)
    assert states() == {suggestion.pk: "declined", second.pk: "declined", other.pk: "open"}
    assert reasons(lambda: nobody_fits(mentee=mentee, why="Doch.", by=BY, at=AT)) == [
        "nothing_open"
    ]


def test_choosing_the_suggested_is_following(suggestion: Suggestion) -> None:
    tandem = choose_partner(
        mentee=suggestion.mentee,
        mentor=suggestion.mentor,
        values=decision(suggestion.site),
        by=BY,
        at=AT,
    )
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.tandem) == ("taken", tandem)


def test_choosing_otherwise_needs_words_and_declines_the_suggestion(
    suggestion: Suggestion,
) -> None:
    mentee, other = suggestion.mentee, MentorFactory.create(site=suggestion.site)
    lost = SuggestionFactory.create(mentor=other)
    assert reasons(
        lambda: choose_partner(
            mentee=mentee, mentor=other, values=decision(mentee.site), by=BY, at=AT
        )
    ) == ["why"]
    tandem = choose_partner(
        mentee=mentee,
        mentor=other,
        values=decision(mentee.site, why=" Kennen sich aus dem Chor. "),
        by=BY,
        at=AT,
    )
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.why) == ("declined", "Kennen sich aus dem Chor.")
    assert tandem.why == "Kennen sich aus dem Chor."
    assert states()[lost.pk] == "withdrawn"


def test_choosing_is_for_people_who_are_there_and_free() -> None:
    mentor, mentee = pair_at(SiteFactory.create())
    values = decision(mentor.site, why="Passt.")

    def refusal() -> Refusal:
        with pytest.raises(Refusal) as refused:
            choose_partner(mentee=mentee, mentor=mentor, values=values, by=BY, at=AT)
        return refused.value

    Person.objects.filter(pk=mentor.pk).update(archived_at=AT)
    left = refusal()
    Person.objects.update(archived_at=None)
    tandem_of(mentor, MenteeFactory.create(site=mentor.site))
    taken = refusal()
    assert (left.args, taken.args) == (("archived",), ("no_place",))
    # People of another site are known by their first name until both have said yes.
    assert mentor.last_name not in f"{left} {taken}"


def test_choosing_stays_within_the_network() -> None:
    network = NetworkFactory.create()
    carrier = CarrierFactory.create(programme=network.programme)
    site = SiteFactory.create(carrier=carrier, network=network)
    near = MentorFactory.create(site=SiteFactory.create(carrier=carrier, network=network))
    far = MentorFactory.create(site=SiteFactory.create(carrier=carrier))
    mentee = MenteeFactory.create(site=site)
    values = decision(site, why="Passt.")
    assert reasons(
        lambda: choose_partner(mentee=mentee, mentor=far, values=values, by=BY, at=AT)
    ) == ["network"]
    tandem = choose_partner(mentee=mentee, mentor=near, values=values, by=BY, at=AT)
    assert tandem.site == site


def test_two_kept_apart_are_no_tandem_whoever_proposes(suggestion: Suggestion) -> None:
    NeverAgainFactory.create(mentor=suggestion.mentor, mentee=suggestion.mentee)
    values = decision(suggestion.site, why="Passt.")
    mentor, mentee = suggestion.mentor, suggestion.mentee
    assert reasons(
        lambda: propose_tandem(
            site=mentee.site, mentors=[mentor], mentees=[mentee], values=values, by=BY, at=AT
        )
    ) == ["never_again"]
    assert reasons(lambda: take_suggestion(suggestion=suggestion, values=values, by=BY, at=AT)) == [
        "never_again"
    ]
    other = MenteeFactory.create(site=suggestion.site)
    propose_tandem(
        site=suggestion.site,
        mentors=[suggestion.mentor],
        mentees=[other],
        values=values,
        by=BY,
        at=AT,
    )


def test_a_place_in_a_running_group_is_filled_first(suggestion: Suggestion) -> None:
    mentor, site = suggestion.mentor, suggestion.site
    group = group_of(site, 2, places=3, mentor=mentor)
    other = SuggestionFactory.create(mentor=mentor)
    values = replace(decision(site), why=" Liest gern. ")
    tandem = take_suggestion(suggestion=suggestion, values=values, by=BY, at=AT)
    assert tandem == group
    joined = group.participants.get(person=suggestion.mentee)
    assert (joined.acceptance, joined.is_substitute, joined.why) == ("open", False, "Liest gern.")
    group.refresh_from_db()
    assert (group.state, group.kind.most_mentees) == ("active", 5)
    # The group is full now and the mentor's own place is the group's: nobody else is suggested.
    assert states() == {suggestion.pk: "taken", other.pk: "withdrawn"}


def test_without_a_free_place_in_the_group_the_two_become_a_tandem(suggestion: Suggestion) -> None:
    Person.objects.filter(pk=suggestion.mentor_id).update(capacity=2)
    group = group_of(suggestion.site, 2, mentor=suggestion.mentor)
    tandem = take_suggestion(suggestion=suggestion, values=decision(suggestion.site), by=BY, at=AT)
    assert tandem != group
    assert set(tandem.participants.values_list("person_id", flat=True)) == {
        suggestion.mentor_id,
        suggestion.mentee_id,
    }
