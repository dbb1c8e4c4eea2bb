"""The browser and the wall around the tests."""

import socket
from typing import Any

import pytest
from pytest_socket import SocketConnectBlockedError


def test_nothing_but_this_machine_is_reached() -> None:
    # A warning here, and warnings are errors; the blocked connection itself where they are not.
    refused = pytest.raises((SocketConnectBlockedError, UserWarning), match="A test tried to use")
    with socket.socket() as outside, refused:
        outside.connect(("192.0.2.1", 80))


def test_the_browser_shows_the_start_page(page: Any) -> None:
    page.goto("/")
    assert page.locator("html[lang]").count() == 1


def test_the_browser_reaches_nothing_else(browser: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://patenwerk.example/")
    context.close()


@pytest.mark.parametrize("page", ["a name"])
def test_a_parameter_named_page_needs_no_browser(request: pytest.FixtureRequest, page: str) -> None:
    assert request.node.get_closest_marker("browser") is None
