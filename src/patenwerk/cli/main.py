"""Which command was asked for."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Protocol, cast

from django.utils.translation import gettext as _

from patenwerk.cli import demo, imports, match, places, replay, users, verify
from patenwerk.cli.installation import start
from patenwerk.cli.language import LANGUAGES, environment_language, learn_words, speaking
from patenwerk.cli.problem import CannotDo

WRONG = 2
"""Exit code for what the command cannot do: the same that wrong arguments have."""
INTERRUPTED = 130


class Command(Protocol):
    """What the module of a command has."""

    NAME: str
    NEEDS_INSTALLATION: bool

    def about(self) -> str: ...

    def configure(self, parser: ArgumentParser) -> None: ...

    def run(self, given: Namespace) -> int: ...


COMMANDS = cast("tuple[Command, ...]", (match, verify, replay, demo, imports, users, places))


def parser_of(commands: Sequence[Command] = COMMANDS) -> ArgumentParser:
    """The parser of all commands, its help in the active language."""
    parser = ArgumentParser(prog="patenwerk", description=_("Patenwerk on the command line."))
    parser.add_argument(
        "--lang", choices=LANGUAGES, help=_("language; without it that of the environment")
    )
    parsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in commands:
        own = parsers.add_parser(command.NAME, help=command.about(), description=command.about())
        own.set_defaults(run=command.run)
        own.add_argument("--lang", choices=LANGUAGES, default=None, help=_("language"))
        command.configure(own)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; answers its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if _needs_installation(given):
        start()
    else:
        learn_words()
    with speaking(environment_language(given)):
        parsed = parser_of().parse_args(given)
        try:
            return int(parsed.run(parsed))
        except CannotDo as problem:
            print(problem, file=sys.stderr)
            return WRONG
        except KeyboardInterrupt:
            return INTERRUPTED
        except BrokenPipeError:
            # Whoever read along has gone; nothing more can be said to them.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1


def _needs_installation(given: Sequence[str]) -> bool:
    return any(command.NEEDS_INSTALLATION and command.NAME in given[:3] for command in COMMANDS)
