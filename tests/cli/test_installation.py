"""Commands that work on an installation."""

import io
from pathlib import Path

import pytest
from django.contrib.auth import authenticate

from patenwerk.cli.main import main
from patenwerk.organisations.models import Account, Programme, RoleGrant
from patenwerk.people.models import Person
from tests.factories.imports import LEA, a_book
from tests.factories.organisations import SiteFactory, SupportFieldFactory, coordinator, manager
from tests.imports.domain.test_bundle import archive

EXAMPLES = Path(__file__).parents[2] / "docs" / "reference" / "examples"
FIELDS = {
    "sprache": "Sprache",
    "schule": "Schule",
    "ausbildung": "Ausbildung und Beruf",
    "alltag": "Alltag",
    "behoerden": "Behörden",
    "freizeit": "Freizeit",
}
CREATE = [
    *["--lang", "en", "users", "create", "wanda@example.org", "--password-stdin"],
    *["--first-name", "Wanda", "--last-name", "Uferlos"],
    *["--programme", "Zu zweit", "--short-name", "zu-zweit", "--started-on", "2016-01-01"],
]

pytestmark = pytest.mark.django_db


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_the_first_account_is_made_listed_and_reset(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "Regenbogen-2026\n")
    assert main(CREATE) == 0
    assert authenticate(email="wanda@example.org", password="Regenbogen-2026")
    assert Programme.objects.get().slug == "zu-zweit"
    assert RoleGrant.objects.get().role == "programme_office"
    capsys.readouterr()
    assert main(["users", "list"]) == 0
    said = capsys.readouterr().out
    assert said == "wanda@example.org\tWanda Uferlos\tProgrammbüro Zu zweit\n"
    typed(monkeypatch, "")
    assert main(["--lang=en", "users", "reset", "WANDA@example.org"]) == 0
    password = capsys.readouterr().out.splitlines()[1].removeprefix("Password: ")
    assert authenticate(email="wanda@example.org", password=password)


@pytest.mark.parametrize(
    ("arguments", "password", "word"),
    [
        (CREATE, "Regenbogen-2026", "already"),
        (["--lang=en", "users", "reset", "no@example.org", "--password-stdin"], "x", "no account"),
        (["--lang=en", "users", "reset", "wanda@example.org", "--password-stdin"], "short", "10"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    password: str,
    word: str,
) -> None:
    typed(monkeypatch, "Regenbogen-2026\n")
    main(CREATE)
    before = Account.objects.values_list("password", flat=True).get()
    capsys.readouterr()
    typed(monkeypatch, password)
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1)
    assert word in said.err
    assert Account.objects.values_list("password", flat=True).get() == before


def test_a_list_is_taken_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = SiteFactory.create(name="Leipzig-Ost")
    for code, name in FIELDS.items():
        SupportFieldFactory.create(programme=site.programme, code=code, name_de=name, name_en=name)
    jutta = coordinator(site, email="jutta@example.org")
    bad = tmp_path / "bad.xlsx"
    who = ["--site", "Leipzig-Ost", "--as", jutta.email, "--bad-rows", str(bad)]
    call = ["--lang=en", "import", "mentees", str(EXAMPLES / "mentees.csv"), *who]
    assert main(call) == 0
    assert capsys.readouterr().err == "New: 32. Changed: 0. Not taken: 0.\n"
    assert Person.objects.filter(site=site, side="mentee").count() == 32
    assert not bad.exists()
    # Changed rows stay as they are until somebody says so.
    Person.objects.filter(file_id="K-001").update(first_name="Rahel")
    main(call)
    assert Person.objects.get(file_id="K-001").first_name == "Rahel"
    assert main([*call, "--changes"]) == 0
    assert Person.objects.get(file_id="K-001").first_name == "Amira"
    assert Person.objects.count() == 32


def test_nobody_takes_over_where_they_may_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = SiteFactory.create(name="Leipzig-Ost")
    other = SiteFactory.create(name="Halle")
    call = ["--lang=en", "import", "mentees", str(EXAMPLES / "mentees.csv"), "--site", "Halle"]
    for account in (coordinator(site), manager(other.carrier)):
        main([*call, "--as", account.email])
    main([*call, "--as", "nobody@example.org"])
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    own = coordinator(other)
    assert main([*call[:3], str(broken), "--site", "Halle", "--as", own.email]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 4
    assert not Person.objects.exists()


def test_a_carrier_s_archive_is_taken_over_at_every_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = SiteFactory.create(name="Nord", carrier__name="Eins")
    SiteFactory.create(name="Süd", carrier=site.carrier)
    SiteFactory.create(name="West", carrier=site.carrier)
    anna = manager(site.carrier, email="anna@example.org")
    file = tmp_path / "alles.zip"
    file.write_bytes(
        archive(
            **{
                "Nord.xlsx": a_book(Ehrenamtliche=[LEA]),
                "Süd.xlsx": b"no workbook",
                "West.xlsx": a_book(Ehrenamtliche=[{"Wer": "Lea", "Nr.": 1, "PLZ": "04109"}]),
            }
        )
    )
    call = ["--lang=en", "import", "archive", str(file), "--as", anna.email]
    assert main([*call, "--carrier", "Eins"]) == 0
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "Nord: new: 1, changed: 0, not taken: 0."
    assert told[1].startswith("Süd: No header row was found.")
    assert told[2] == "West: somebody of the site has to answer questions first."
    assert Person.objects.get().site == site
    file.write_bytes(archive(**{"Nord.xlsx": a_book(Ehrenamtliche=[{**LEA, "PLZ": "04315"}])}))
    assert main([*call, "--carrier", "Eins"]) == 0
    assert Person.objects.get().postcode == "04109"
    assert main([*call, "--carrier", "Eins", "--changes"]) == 0
    assert Person.objects.get().postcode == "04315"
    capsys.readouterr()
    for wrong in ([], ["--site", "Nord"], ["--carrier", "Zwei"]):
        assert main([*call, *wrong]) == 2
    file.write_bytes(b"x")
    assert main([*call, "--carrier", "Eins"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 4


def test_demo_and_places_pass_their_arguments_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--people", "5"]) == 2
    assert main(["demo", "--logins"]) == 0
    assert main(["places", str(tmp_path / "nothing.txt")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 2
