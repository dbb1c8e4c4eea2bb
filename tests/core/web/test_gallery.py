"""The page of all parts has an address, and every public page leads there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "heading", "button"),
    [("de", "Bausteine", "Vorschlagen"), ("en", "Building blocks", "Propose")],
)
def test_the_gallery_opens_in_both_languages(
    client: Client, language: str, heading: str, button: str
) -> None:
    shown = client.get(reverse("core:gallery"), headers={"accept-language": language})
    assert shown.status_code == 200
    html = shown.content.decode()
    assert f'<html lang="{language}"' in html
    assert f"<h1>{heading}</h1>" in html
    assert f'<button class="button" type="button">{button}</button>' in html


def test_a_public_page_leads_there(client: Client) -> None:
    assert f'href="{reverse("core:gallery")}"' in client.get("/").content.decode()
