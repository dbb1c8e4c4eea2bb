"""Encrypted text: readable with its key, never without, and never searched."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import connection

from patenwerk.core.models import EncryptedTextField
from patenwerk.core.models.encrypted import UndecryptableError, decrypted, encrypted
from patenwerk.gatherings.enums import Need
from patenwerk.gatherings.models import Answer, Question
from tests.factories.gatherings import RegistrationFactory
from tests.factories.organisations import CREATED

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def keys(settings: Any) -> None:
    settings.FIELD_KEYS = {"1": OLD}


def answer(text: str) -> Answer:
    registration = RegistrationFactory.create()
    of = {"gathering": registration.gathering, **registration.gathering.organiser_columns}
    question = Question.objects.create(**of, need=Need.FOOD, text="Was essen Sie nicht?")
    return Answer.objects.create(
        **of, registration=registration, question=question, text=text, consented_at=CREATED
    )


def stored(row: Answer) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM gatherings_answer WHERE id = %s", [row.pk])
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize("text", ["Erdnüsse", "", "1:nicht ein Schlüssel", "…" * 400])
def test_a_text_comes_back_as_it_was(text: str) -> None:
    assert decrypted(encrypted(text)) == text
    assert encrypted(text) != encrypted(text)


@pytest.mark.django_db
def test_the_database_does_not_hold_the_text() -> None:
    row = answer("Erdnüsse")
    assert "Erdn" not in stored(row)
    assert stored(row).startswith("1:")
    row.refresh_from_db()
    assert row.text == "Erdnüsse"


@pytest.mark.parametrize("kept", ["Klartext", "", "2:abc", "1:abc", "1:"])
def test_what_no_key_opens_is_refused_and_never_passed_through(kept: str) -> None:
    with pytest.raises(UndecryptableError):
        decrypted(kept)


def test_nothing_said_stays_nothing() -> None:
    field: Any = EncryptedTextField(null=True)
    assert field.get_prep_value(None) is None
    assert field.from_db_value(None) is None


@pytest.mark.django_db
def test_it_cannot_be_searched() -> None:
    answer("Erdnüsse")
    with pytest.raises(FieldError):
        Answer.objects.filter(text="Erdnüsse").exists()
    assert Answer.objects.filter(text__isnull=False).count() == 1


@pytest.mark.django_db
def test_a_new_key_is_used_and_the_old_one_can_go(settings: Any) -> None:
    row = answer("Erdnüsse")
    settings.FIELD_KEYS = {"2": NEW, "1": OLD}
    row.refresh_from_db()
    assert row.text == "Erdnüsse"
    out = StringIO()
    call_command("renew_encryption", stdout=out)
    assert "gatherings.Answer: 1" in out.getvalue()
    settings.FIELD_KEYS = {"2": NEW}
    row.refresh_from_db()
    assert (row.text, stored(row)[:2]) == ("Erdnüsse", "2:")
