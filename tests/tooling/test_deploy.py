"""The production example says every setting there is, and nothing that does not exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
READ = re.compile(r"""\b(?:text|flag|words)\(\s*"([A-Z_]+)\"""")
SAID = re.compile(r"^#?PATENWERK_([A-Z_]+)=", re.MULTILINE)


def test_the_example_names_exactly_the_settings_that_are_read() -> None:
    code = [path.read_text() for path in (ROOT / "src" / "patenwerk" / "config").glob("*.py")]
    read = {name for text in code for name in READ.findall(text)}
    said = set(SAID.findall((ROOT / "deploy" / "patenwerk.env.example").read_text()))
    assert read
    assert said == read


def test_the_units_start_what_the_example_starts() -> None:
    example = (ROOT / "deploy" / "example.sh").read_text()
    web = (ROOT / "deploy" / "patenwerk-web.service").read_text()
    worker = (ROOT / "deploy" / "patenwerk-worker.service").read_text()
    for words in ("-m granian --interface wsgi --no-ws", "patenwerk.config.wsgi:application"):
        assert words in example
        assert words in web
    assert "-m django worker" in example
    assert "-m django worker" in worker
