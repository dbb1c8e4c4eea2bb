"""What has changed, in one sentence for each person, as far as the reader may know."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from patenwerk.matching.kernel.codes import Changed, Limit
from patenwerk.matching.models import SuggestionChange
from patenwerk.matching.queries.changes import change_in_words, changes
from patenwerk.people.models import Person
from tests.factories.matching import SuggestionChangeFactory
from tests.factories.organisations import SiteFactory, actor, coordinator, office

AMIRA, RUTH, OMAR = (Person(first_name=name) for name in ("Amira", "Ruth", "Omar"))


def said(why: Changed, language: str = "en", **more: Any) -> str:
    change = SuggestionChange(mentee=AMIRA, why=why.value, **more)
    with translation.override(language):
        return change_in_words(change, lambda person: person.first_name)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    ("why", "before", "now"),
    [
        (Changed.NEW, None, OMAR),
        (Changed.MENTEE_GONE, RUTH, None),
        (Changed.BETTER, RUTH, OMAR),
        *(
            (why, RUTH, now)
            for why in (Changed.MENTOR_GONE, Changed.FITS_NO_MORE, Changed.FOR_OTHERS)
            for now in (OMAR, None)
        ),
    ],
)
def test_each_reason_is_a_sentence_with_its_names(
    language: str, why: Changed, before: Person | None, now: Person | None
) -> None:
    sentence = said(why, language, before=before, now=now)
    named = {name for name in ("Amira", "Ruth", "Omar") if name in sentence}
    expected = {person.first_name for person in (AMIRA, before, now) if person is not None}
    assert named == (expected if why is not Changed.MENTEE_GONE else {"Amira"})
    assert "%" not in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("limit", list(Limit))
def test_each_limit_says_why_two_do_not_fit_any_more(limit: Limit) -> None:
    plain = said(Changed.FITS_NO_MORE, before=RUTH)
    sentence = said(Changed.FITS_NO_MORE, before=RUTH, limits=[limit.value])
    assert sentence.startswith(f"{plain} ")
    assert len(sentence) > len(plain) + 10


@pytest.mark.django_db
def test_changes_are_seen_where_the_mentee_is() -> None:
    own = SuggestionChangeFactory.create()
    SuggestionChangeFactory.create(mentee__site=SiteFactory.create(carrier=own.carrier))
    SuggestionChangeFactory.create()
    assert list(changes(actor(coordinator(own.site)))) == [own]
    assert not changes(actor(office(own.programme))).exists()
