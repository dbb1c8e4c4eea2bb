"""Links that leave the pages: the full address of a page, for mails, and signed links, which open
one thing without a login and which nobody can make up.

A signed link does not run out and is always the same: what can be done through it is decided by
the state of the thing it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse


def page_address(url_name: str, *named: int | str) -> str:
    """The full address of a page by its url's name and what stands in it, for mails and feeds."""
    public: str = settings.PUBLIC_URL
    return public + reverse(url_name, args=named)


def signed_token(said: Mapping[str, Any], *, purpose: str) -> str:
    """The end of an address that names something (ids, codes); ``purpose`` is what it is good for.

    A token made for one purpose opens nothing else.
    """
    return signing.Signer(salt=purpose).sign_object(dict(said))


def said_by(token: str, *, purpose: str) -> Mapping[str, Any]:
    """What a token names; empty for words that were not signed here for this purpose."""
    try:
        said: Mapping[str, Any] = signing.Signer(salt=purpose).unsign_object(token)
    except signing.BadSignature:
        return {}
    return said
