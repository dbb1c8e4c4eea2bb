"""A signed link says what was put into it, to nobody but its purpose."""

from __future__ import annotations

import pytest

from patenwerk.core.links import said_by, signed_token


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
