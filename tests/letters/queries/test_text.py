"""Whose words a letter says."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.letters.enums import LetterKind
from patenwerk.letters.kernel.defaults import TEXTS, Wording
from patenwerk.letters.queries.text import own_texts, text_in_force, text_of, versions_of
from patenwerk.organisations.enums import Language
from tests.factories.letters import LetterRunFactory, LetterTextFactory
from tests.factories.organisations import CarrierFactory

pytestmark = pytest.mark.django_db
KIND, GERMAN = LetterKind.INVITATION, Language.GERMAN


def test_own_texts_are_those_whose_latest_version_has_words() -> None:
    carrier = CarrierFactory.create()
    LetterTextFactory.create(carrier=carrier)
    LetterTextFactory.create(carrier=carrier, language="en")
    LetterTextFactory.create(carrier=carrier, language="en", version=2, title="", body="")
    LetterTextFactory.create(carrier=carrier, kind=LetterKind.AGREEMENT.value, version=3)
    LetterTextFactory.create(kind=LetterKind.CERTIFICATE.value)
    assert own_texts(carrier.pk) == {("invitation", "de"), ("agreement", "de")}


def test_a_runs_own_words_go_before_the_carriers() -> None:
    run = LetterRunFactory.create(title="Eigener", body="Worte")
    LetterTextFactory.create(carrier=run.carrier, language="en", title="Invitation")
    assert text_of(run).wording == Wording("Eigener", "Worte")
    run.title = run.body = ""
    assert text_of(run).wording == TEXTS[KIND, GERMAN]
    assert text_of(run, Language.ENGLISH).wording.title == "Invitation"


@pytest.mark.parametrize("count", [1, 3])
def test_texts_cost_one_query(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    carrier = CarrierFactory.create()
    for version in range(1, count + 1):
        LetterTextFactory.create(carrier=carrier, version=version, title=f"Fassung {version}")
    with django_assert_num_queries(1):
        assert text_in_force(carrier.pk, KIND, GERMAN).wording.title == f"Fassung {count}"
    with django_assert_num_queries(1):
        own_texts(carrier.pk)
    with django_assert_num_queries(1):
        assert len([text.written_by for text in versions_of(carrier.pk, KIND, GERMAN)]) == count
