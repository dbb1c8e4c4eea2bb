"""The language of the command line, and its words without an installation or a database."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.utils import translation

LANGUAGES = ("de", "en")
DEFAULT = "de"
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def chosen_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """What ``--lang`` says, else the environment, else German.

    Asked before the arguments are parsed, because their help is in that language, too.
    """
    for place, argument in enumerate(arguments):
        said = argument.removeprefix("--lang=") if argument.startswith("--lang=") else ""
        if argument == "--lang":
            said = next(iter(arguments[place + 1 : place + 2]), "")
        if said in LANGUAGES:
            return said
    first = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    code = first.partition("_")[0].partition(".")[0].lower()
    return code if code in LANGUAGES else DEFAULT


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Sentences come in this language inside."""
    with translation.override(language):
        yield


def learn_words() -> None:
    """Make sentences work where no command needs an installation: no apps, no database.

    Settings that are there already stay.
    """
    if settings.configured:
        return
    settings.configure(
        LANGUAGE_CODE=DEFAULT,
        LANGUAGES=[(code, code) for code in LANGUAGES],
        LOCALE_PATHS=sorted(Path(__file__).parents[1].glob("*/locale")),
        TIME_ZONE="Europe/Berlin",
        USE_TZ=True,
        DATABASES={},
        LOGGING_CONFIG=None,
    )
    django.setup()


def environment_language(arguments: Sequence[str]) -> str:
    """The language for this process."""
    return chosen_language(arguments, os.environ)
