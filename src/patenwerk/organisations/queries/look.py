"""How a programme looks on what is printed."""

from __future__ import annotations

from patenwerk.organisations.models import Programme


def logo_of(programme: Programme) -> list[int] | None:
    """The bytes of the programme's logo; None without one, or where its file is gone."""
    if not programme.logo:
        return None
    try:
        with programme.logo.storage.open(programme.logo.name) as picture:
            return list(picture.read())
    except FileNotFoundError:
        return None
