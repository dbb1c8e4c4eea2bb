import pytest

from patenwerk.cli.language import chosen_language


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "de"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "de_AT.UTF-8"}, "de"),
        ([], {"LANG": "C.UTF-8"}, "de"),
        ([], {"LANG": "fr_FR"}, "de"),
        ([], {"LANG": "en_GB", "LC_ALL": "de_DE"}, "de"),
        (["--lang", "en", "match"], {"LANG": "de_DE"}, "en"),
        (["match", "--lang=en"], {}, "en"),
        (["--lang"], {"LANG": "en"}, "en"),
        (["--lang", "fr"], {}, "de"),
    ],
)
def test_what_is_asked_for_beats_the_environment(
    arguments: list[str], environment: dict[str, str], language: str
) -> None:
    assert chosen_language(arguments, environment) == language
