"""Two people save the same section at the same time."""

from __future__ import annotations

import pytest
from django.db import transaction

from patenwerk.core.policy import Actor
from patenwerk.gatherings.domain.minutes import CannotBegin, Written, begin_minutes, write_section
from patenwerk.gatherings.enums import State
from patenwerk.gatherings.kernel.merging import pieces_of
from patenwerk.gatherings.models import Gathering, Minutes, Section
from tests.factories.gatherings import STARTS, GatheringFactory, SectionFactory
from tests.races.threads import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5
SENTENCES = 4


def test_every_sentence_of_both_stands_there_once() -> None:
    for _again in range(ROUNDS):
        section = SectionFactory.create()
        texts = {
            number: [f"Person {number} sagt Satz {place} hier." for place in range(SENTENCES)]
            for number in (1, 2)
        }

        @transaction.atomic
        def save(number: int, upto: int, base: int, pk: int = section.pk) -> Written:
            return write_section(
                section=Section.objects.get(pk=pk),
                text=" ".join(texts[number][:upto]),  # noqa: B023 - called within the round
                base_version=base,
                by=Actor(user_id=number),
                at=STARTS,
            )

        bases = {1: 0, 2: 0}
        for upto in range(1, SENTENCES + 1):
            won, refused = split(
                at_once(
                    lambda upto=upto: (1, save(1, upto, bases[1])),  # type: ignore[misc] # noqa: B023
                    lambda upto=upto: (2, save(2, upto, bases[2])),  # type: ignore[misc] # noqa: B023
                )
            )
            assert refused == []
            bases = {number: written.version for number, written in won}
        section.refresh_from_db()
        stands = [piece.words for piece in pieces_of(section.text)]
        assert sorted(stands) == sorted([*texts[1], *texts[2]])
        numbers = list(section.versions.values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))


def test_of_two_who_begin_the_minutes_one_does() -> None:
    for _again in range(ROUNDS):
        gathering = GatheringFactory.create(state=State.HELD.value)

        @transaction.atomic
        def begin(number: int, pk: int = gathering.pk) -> Minutes:
            return begin_minutes(
                gathering=Gathering.objects.get(pk=pk), by=Actor(user_id=number), at=STARTS
            )

        won, refused = split(at_once(lambda: begin(1), lambda: begin(2)))
        assert len(won) == 1
        assert isinstance(refused[0], CannotBegin)
        assert Minutes.objects.filter(gathering=gathering).count() == 1
