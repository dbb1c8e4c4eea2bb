"""Every table says what it keeps about people, and the record of processing says the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

from patenwerk.core.personal_data import (
    NoPersonalData,
    PersonalData,
    field_names,
    leads_to,
    record_of_processing,
    register_of,
    registered_models,
    unnamed_fields,
)

RECORD = Path(__file__).parents[2] / "docs" / "reference" / "record-of-processing.md"
REGISTERED = registered_models()

#: Tables of other packages. They cannot carry our register; what they hold is said here.
FOREIGN = {
    "account": "allauth's addresses: empty here, an account's own address is the only one",
    "auth": "Django's own roles: unused, ours are role grants",
    "contenttypes": "names of tables",
    "django_tasks_database": "the engine's rows: one number each, gone within the hour",
    "sessions": "who is logged in on which device: signed, gone after its days",
}

#: Steering of the work itself: names, states and moments that say nothing about a person.
NOT_ABOUT_A_PERSON = {
    "imports.StoredFile": {"purpose"},
    "imports.Book": {"kind", "state", "left_out", "problem", "taken_at"},
    "imports.Upload": {
        "kind",
        "state",
        "sheet",
        "sheets",
        "mapping",
        "date_order",
        "taken_at",
    },
    "imports.UploadRow": {"standing"},
    "reporting.Release": {"as_of", "created_at", "names", "published", "state"},
}

MODELS = [model for model in apps.get_models() if model._meta.app_label not in FOREIGN]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_table_says_what_it_keeps_about_people(model: type[Model]) -> None:
    said = register_of(model)
    assert said is not None, "say personal_data = PersonalData(…) or NoPersonalData(reason)"
    if isinstance(said, NoPersonalData):
        assert len(said.reason) > 15, "a reason in words"
    else:
        known = NOT_ABOUT_A_PERSON.get(model._meta.label, set())
        assert set(unnamed_fields(model, said)) <= known, "name it in fields, or beside"


def test_foreign_tables_are_exempt_by_app_and_nothing_else_is() -> None:
    without = {model._meta.app_label for model in apps.get_models() if register_of(model) is None}
    assert without <= set(FOREIGN)
    ours = {config.label for config in apps.get_app_configs() if "patenwerk" in config.name}
    assert not ours & set(FOREIGN)


def test_what_is_set_aside_still_exists() -> None:
    known = {model._meta.label: field_names(model) for model, _said in REGISTERED}
    assert {label: names - known[label] for label, names in NOT_ABOUT_A_PERSON.items()} == {
        label: set() for label in NOT_ABOUT_A_PERSON
    }


def test_another_look_at_a_table_is_not_another_table() -> None:
    assert any(model._meta.proxy for model in MODELS)
    assert [model for model, _said in REGISTERED if model._meta.proxy] == []


def labels(pair: object) -> str:
    return pair._meta.label if isinstance(pair, type) and issubclass(pair, Model) else ""


@pytest.mark.parametrize(("model", "said"), REGISTERED, ids=labels)
def test_every_named_field_exists(model: type[Model], said: PersonalData) -> None:
    assert set(said.fields) | set(said.beside) <= field_names(model)
    assert not set(said.fields) & set(said.beside)
    assert said.fields
    assert all(reason for reason in said.beside.values())


@pytest.mark.parametrize(("model", "said"), REGISTERED, ids=labels)
def test_every_subject_can_be_reached(model: type[Model], said: PersonalData) -> None:
    for path in said.subjects:
        end = leads_to(model, path)
        if end is None:
            assert path in field_names(model)
        else:
            assert end._meta.label in {"people.Person", "organisations.Account"}


@pytest.mark.parametrize(("model", "said"), REGISTERED, ids=labels)
def test_every_entry_can_be_kept(model: type[Model], said: PersonalData) -> None:
    for name, entry in said.fields.items():
        assert str(entry.purpose), name
        assert entry.retention_days is None or entry.retention_days >= 0, name


def test_the_record_of_processing_says_the_same() -> None:
    assert RECORD.read_text() == record_of_processing(), (
        "run: manage record_of_processing > docs/reference/record-of-processing.md"
    )
