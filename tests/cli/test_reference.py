"""The reference says what the parsers say."""

from pathlib import Path

import pytest

from patenwerk.cli.language import speaking
from patenwerk.cli.main import COMMANDS, main
from patenwerk.cli.reference import commands_in_markdown

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "command-line.md"
BEGIN, END = "<!-- made from the code; a test compares -->\n", "<!-- end -->"


def test_the_page_lists_every_command_and_option() -> None:
    with speaking("en"):
        made = commands_in_markdown()
    said = PAGE.read_text(encoding="utf-8")
    assert said.partition(BEGIN)[2].partition(END)[0] == f"\n{made}\n"


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert all(f"    {command.NAME} " in said for command in COMMANDS)


@pytest.mark.parametrize("arguments", [[], ["fly"], ["match"], ["match", "a", "b", "--date", "x"]])
def test_wrong_arguments_are_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "usage: patenwerk" in capsys.readouterr().err
