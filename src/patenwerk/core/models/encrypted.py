"""Text that the database keeps but cannot read (Art. 9 and 32 GDPR)."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models


class UndecryptableError(Exception):
    """A stored text was written with a key that is not there, or was tampered with."""


def encrypted(text: str) -> str:
    """The text under the newest key, with that key's id in front."""
    name, key = next(iter(settings.FIELD_KEYS.items()))
    return f"{name}:{Fernet(key).encrypt(text.encode()).decode()}"


def decrypted(stored: str) -> str:
    """The text behind a stored value. Raises :class:`UndecryptableError`; never passes through."""
    name, _, token = stored.partition(":")
    key = settings.FIELD_KEYS.get(name)
    if key is None:
        raise UndecryptableError(f"There is no key {name!r}.")
    try:
        return Fernet(key).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise UndecryptableError(f"The text was not written with the key {name!r}.") from error


class EncryptedTextField(models.TextField[str, str]):
    """A text, encrypted on its way into the database; it can be read, never searched.

    The empty text is encrypted as well: that somebody said nothing is hidden, too.
    """

    def get_prep_value(self, value: Any) -> Any:
        said = super().get_prep_value(value)
        return None if said is None else encrypted(str(said))

    def from_db_value(self, value: str | None, *_more: Any) -> str | None:
        return None if value is None else decrypted(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Equal texts are stored differently, so that only »is empty« can be asked."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None
