"""A vocabulary's words are chosen in the reader's language."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import translation

from patenwerk.core.web.words import WordChoice
from patenwerk.organisations.models import Focus

WORD = SimpleNamespace(name_in=lambda language: "Schule" if language == "de" else "School")


@pytest.mark.parametrize(("language", "shown"), [("de", "Schule"), ("en", "School")])
def test_the_readers_language(language: str, shown: str) -> None:
    with translation.override(language):
        assert WordChoice(Focus.objects.none()).label_from_instance(WORD) == shown


def test_german_where_no_language_is_active() -> None:
    with translation.override(None):
        assert WordChoice(Focus.objects.none()).label_from_instance(WORD) == "Schule"
