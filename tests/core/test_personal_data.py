"""The register: what it finds, what it tells a person, what it tells the authority."""

from __future__ import annotations

import json
from datetime import date, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.core.management import call_command
from django.utils import translation

from patenwerk.core import personal_data
from patenwerk.core.personal_data import (
    Basis,
    Entry,
    Erasure,
    NoPersonalData,
    PersonalData,
    field_names,
    kept,
    leads_to,
    record_of_processing,
    register_of,
    registered_models,
    told_about,
    unnamed_fields,
)
from patenwerk.imports.models import StoredFile
from patenwerk.organisations.models import Account, Focus, Programme
from patenwerk.people.models import Person
from patenwerk.tandems.models import Meeting, Participant, Tandem
from tests.factories.organisations import AccountFactory, ProgrammeFactory
from tests.factories.tandems import tandem_of

ENTRY = Entry("knowing", Basis.CONSENT, Erasure.EMPTY, 30)


def registered(monkeypatch: pytest.MonkeyPatch, *pairs: tuple[type[Any], PersonalData]) -> None:
    monkeypatch.setattr(personal_data, "registered_models", lambda: list(pairs))


def test_models_say_it_themselves() -> None:
    class Silent:
        pass

    assert isinstance(register_of(Person), PersonalData)
    assert isinstance(register_of(Focus), NoPersonalData)
    assert register_of(Silent) is None  # type: ignore[arg-type]
    found = [model._meta.label for model, _said in registered_models()]
    assert found == sorted(found)
    assert "people.Person" in found
    assert "organisations.Focus" not in found


def test_what_could_tell_something_and_is_not_named() -> None:
    said = PersonalData("self", {"email": ENTRY, "created_at": ENTRY}, {"theme": "the screen's"})
    left = {"first_name", "last_name", "password", "last_login", "language"}
    assert set(unnamed_fields(Account, said)) == left
    assert "is_active" not in unnamed_fields(Account, PersonalData("self", {}))


def test_numbers_and_keys_are_no_telling_kinds_and_all_others_are() -> None:
    assert set(unnamed_fields(Person, PersonalData("self", {}))) == {
        *("side", "file_id", "first_name", "last_name", "search_text", "birth_date", "gender"),
        *("email", "phone", "postcode", "languages", "interests", "dislikes", "wished_genders"),
        *("waiting_since", "note", "archived_at", "created_at"),
    }
    assert set(unnamed_fields(StoredFile, PersonalData("upload", {}))) == {"purpose", "data"}
    assert "logo" in unnamed_fields(Programme, PersonalData("self", {}))


def test_names_a_field_may_have() -> None:
    assert {"person", "person_id", "acceptance"} <= field_names(Participant)
    assert {"came", "tandem"} <= field_names(Meeting)
    assert "participants" not in field_names(Tandem)


def test_paths_to_people() -> None:
    assert leads_to(Person, "self") is Person
    assert leads_to(Meeting, "tandem__participants__person") is Person
    assert leads_to(Participant, "person") is Person
    assert leads_to(Person, "email") is None
    with pytest.raises(FieldDoesNotExist):
        leads_to(Person, "friend__person")
    with pytest.raises(LookupError, match="goes on behind a plain column"):
        leads_to(Person, "email__host")


def test_one_subject_or_several() -> None:
    assert PersonalData("person", {}).subjects == ("person",)
    assert PersonalData(("mentor", "mentee"), {}).subjects == ("mentor", "mentee")


# --- what a person is told ------------------------------------------------------------------


@pytest.mark.django_db
def test_only_rows_that_lead_to_the_one_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    mine, other = AccountFactory.create(), AccountFactory.create()
    fields = {"email": ENTRY, "password": Entry("login", Basis.CONTRACT, Erasure.EMPTY, 0, False)}
    registered(monkeypatch, (Account, PersonalData("self", fields)))
    assert told_about(mine) == {
        "organisations.Account": {
            "why": {"email": {"purpose": "knowing", "basis": "consent", "retention_days": 30}},
            "rows": [{"email": mine.email}],
        }
    }
    assert other.email not in json.dumps(told_about(mine))


@pytest.mark.django_db
def test_an_account_of_the_same_number_is_somebody_else() -> None:
    person = tandem_of().participants.get(side="mentor").person
    account = AccountFactory.create(pk=person.pk)
    assert "organisations.Account" not in told_about(person)
    assert set(told_about(account)) == {"organisations.Account"}


@pytest.mark.django_db
def test_what_is_exported_nowhere_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = Entry("login", Basis.CONTRACT, Erasure.EMPTY, exported=False)
    registered(monkeypatch, (Account, PersonalData("self", {"password": hidden})))
    assert told_about(AccountFactory.create()) == {}
    assert told_about(ProgrammeFactory.create()) == {}


@pytest.mark.django_db
def test_several_paths_and_joins_give_each_row_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tandem = tandem_of(meetings=(date(2026, 10, 10), date(2026, 10, 17)))
    tandem_of()
    person = tandem.participants.get(side="mentor").person
    path = "participants__person"
    said = PersonalData((path, path), {"founded_on": ENTRY, "state": ENTRY, "kind": ENTRY})
    registered(monkeypatch, (Tandem, said))
    assert told_about(person)["tandems.Tandem"]["rows"] == [
        {"founded_on": "2026-10-10", "state": "active", "kind": tandem.kind_id}
    ]


@pytest.mark.django_db
def test_what_a_row_says_about_others_stays_out(monkeypatch: pytest.MonkeyPatch) -> None:
    tandem = tandem_of()
    meeting = tandem.meetings.get()
    meeting.came.set(tandem.participants.all())
    mentor = tandem.participants.get(side="mentor")
    said = PersonalData("tandem__participants__person", {"came": ENTRY})
    about = PersonalData("person", {"joined_on": ENTRY})
    registered(monkeypatch, (Meeting, said), (Participant, about))
    with translation.override("en"):
        rows = told_about(mentor.person)["tandems.Meeting"]["rows"]
        assert rows == [{"came": [str(mentor)]}]


@pytest.mark.django_db
def test_words_of_a_vocabulary_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    tandem = tandem_of()
    person = tandem.participants.get(side="mentee").person
    person.fields.add(tandem.field)
    registered(monkeypatch, (Person, PersonalData("self", {"fields": ENTRY, "languages": ENTRY})))
    assert told_about(person)["people.Person"]["rows"] == [
        {"fields": [tandem.field.name_de], "languages": {"de": 5}}
    ]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, 4), "2026-01-02T03:04:00"),  # noqa: DTZ001 - only its writing
        (b"\x00x", "AHg="),
        (memoryview(b"\x00x"), "AHg="),
        (None, None),
        ({"de": 5}, {"de": 5}),
    ],
)
def test_values_are_plain(value: object, told: object) -> None:
    account = Account()
    account.theme = value  # type: ignore[assignment]
    assert personal_data._value(account, "theme", account) == told


@pytest.mark.django_db
def test_a_key_is_told_as_its_number() -> None:
    tandem = tandem_of()
    assert personal_data._value(tandem, "site", tandem) == tandem.site_id


def test_everything_told_can_be_written_as_json(db: None) -> None:
    tandem = tandem_of()
    for participant in tandem.participants.all():
        found = json.loads(json.dumps(told_about(participant.person)))
        assert {"people.Person", "tandems.Tandem", "tandems.Participant"} <= set(found)


# --- the record of processing ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (None, "as long as the row"),
        (0, "until the matter ends"),
        (180, "180 days after the matter ended"),
    ],
)
def test_retention_in_words(days: int | None, words: str) -> None:
    assert kept(Entry("x", Basis.CONSENT, Erasure.KEEP, days)) == words


def test_every_basis_and_every_erasure_has_its_words() -> None:
    assert set(personal_data.BASES) == set(Basis)
    assert set(personal_data.ERASURES) == set(Erasure)


def test_the_record_lists_every_field(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = Entry("Login.", Basis.LEGAL_DUTY, Erasure.DELETE_ROW, 0, exported=False)
    said = PersonalData(
        ("self", "grants__account"),
        {"email": ENTRY, "password": silent},
        {"theme": "the screen's", "language": "of pages"},
    )
    registered(monkeypatch, (Account, said), (Person, PersonalData("self", {"email": ENTRY})))
    text = record_of_processing()
    assert (
        "## organisations.Account\n"
        "\n"
        "About whom: `self`, `grants__account`.\n"
        "\n"
        "| field | purpose | legal basis | kept | erasure | in the export |\n"
        "|---|---|---|---|---|---|\n"
        "| `email` | knowing | consent, Art. 6 (1) a | 30 days after the matter ended "
        "| emptied | yes |\n"
        "| `password` | Login | legal duty, Art. 6 (1) c | until the matter ends "
        "| the row is deleted | no |\n"
        "\n"
        "Not about a person: `theme` (the screen's), `language` (of pages).\n"
        "\n"
        "## people.Person\n"
    ) in text
    assert text.count("Not about a person") == 1
    assert f"| organisations.Programme | {register_of(Programme).reason} |" in text  # type: ignore[union-attr]
    assert "| people.Person |" not in text


def test_the_command_prints_the_record_whatever_the_language() -> None:
    out = StringIO()
    with translation.override("de"):
        call_command("record_of_processing", stdout=out)
    assert out.getvalue() == record_of_processing()
    assert "addressing and telling apart" in out.getvalue()
