from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from patenwerk.places.models import Place

pytestmark = pytest.mark.django_db
LINE = "DE\t{:05}\tOrt\tSaxony\tSN\t\t\t\t\t51.06\t13.71\t6\n"


def run(file: Path, verbosity: int = 1) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    with translation.override("en"):
        call_command("places", str(file), verbosity=verbosity, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_replaces_the_places_and_tells_how_far_it_is(tmp_path: Path) -> None:
    file = tmp_path / "DE.txt"
    file.write_text("".join(LINE.format(number) for number in range(1, 1501)), encoding="utf-8")
    assert run(file) == ("1500 places stored.\n", "1000 lines read\n")
    assert Place.objects.count() == 1500


def test_quiet(tmp_path: Path) -> None:
    file = tmp_path / "DE.txt"
    file.write_text("".join(LINE.format(number) for number in range(1, 1501)), encoding="utf-8")
    assert run(file, verbosity=0) == ("", "")


def test_bad_input_ends_with_two_and_one_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.txt"
    file.write_text(LINE.format(1).replace("00001", "1"), encoding="utf-8")
    count = Place.objects.count()
    with pytest.raises(CommandError) as caught:
        run(file)
    assert caught.value.returncode == 2
    assert str(caught.value) == (
        "bad.txt, line 1, column 2: a postcode of five digits was expected. Found: “1”"
    )
    assert Place.objects.count() == count


@pytest.mark.parametrize("name", ["missing.txt", "."])
def test_unreadable_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError) as caught:
        run(tmp_path / name)
    assert caught.value.returncode == 2
    assert str(caught.value).endswith("cannot be read.")
