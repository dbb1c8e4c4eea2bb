"""The part of the reference that lists commands and options, made from the parsers themselves."""

from __future__ import annotations

from argparse import Action, ArgumentParser, _HelpAction, _SubParsersAction
from collections.abc import Iterator

from patenwerk.cli.main import parser_of


def commands_in_markdown() -> str:
    """Every command with its arguments, in the active language."""
    lines: list[str] = []
    for name, parser in _commands(parser_of()):
        lines += [f"### `patenwerk {name}`", ""]
        if parser.description:
            lines += [parser.description, ""]
        rows = [_row(action) for action in _actions(parser) if _is_told(action)]
        if rows:
            lines += ["| argument | means |", "|---|---|", *rows, ""]
    return "\n".join(lines)


def _commands(parser: ArgumentParser, before: str = "") -> Iterator[tuple[str, ArgumentParser]]:
    for action in _actions(parser):
        if isinstance(action, _SubParsersAction):
            for name, own in action.choices.items():
                yield before + name, own
                yield from _commands(own, f"{before}{name} ")


def _actions(parser: ArgumentParser) -> list[Action]:
    return parser._actions  # noqa: SLF001  argparse shows its arguments nowhere else


def _is_told(action: Action) -> bool:
    return not isinstance(action, (_HelpAction, _SubParsersAction)) and action.dest != "lang"


def _row(action: Action) -> str:
    said = ", ".join(action.option_strings) or str(action.metavar)
    if action.option_strings and action.nargs != 0:
        choices = "|".join(map(str, action.choices or ()))
        said += f" {action.metavar or choices}"
    needed = " (required)" if action.required and action.option_strings else ""
    said = said.replace("|", "\\|")
    return f"| `{said}`{needed} | {action.help or ''} |"
