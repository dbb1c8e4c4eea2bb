"""A page has an address for mails. A signed link says what was put into it, to nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from patenwerk.core.links import page_address, said_by, signed_token


def test_a_page_has_a_full_address(settings: Any) -> None:
    settings.PUBLIC_URL = "https://paten.example"
    assert page_address("people:person", 7) == "https://paten.example/personen/7/"
    assert page_address("people:moves") == "https://paten.example/personen/wechsel/"


def test_a_link_says_what_was_put_into_it_and_is_always_the_same() -> None:
    token = signed_token({"registration": 7}, purpose="coming")
    assert said_by(token, purpose="coming") == {"registration": 7}
    assert token == signed_token({"registration": 7}, purpose="coming")


@pytest.mark.parametrize("token", ["", "7", "a:b", "\u2028"])
def test_words_that_were_not_signed_here_say_nothing(token: str) -> None:
    assert said_by(token, purpose="coming") == {}


def test_a_link_opens_nothing_but_its_purpose() -> None:
    token = signed_token({"registration": 7}, purpose="coming")
    assert said_by(token, purpose="feedback") == {}
    assert said_by(token[:-1], purpose="coming") == {}
