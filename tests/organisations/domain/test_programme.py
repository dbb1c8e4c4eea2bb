"""A programme's own words, its logo, its vocabularies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.organisations.domain.programme import (
    LOGO_MAX_BYTES,
    VOCABULARIES,
    CannotSaveProgramme,
    ProgrammeValues,
    change_programme,
    create_programme,
    save_word,
)
from patenwerk.organisations.enums import GenderForm, MentorTitle
from patenwerk.organisations.models import Focus, Phase, Programme, SupportField
from tests.factories.organisations import FocusFactory, ProgrammeFactory, SupportFieldFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BY = Actor(user_id=9)
VALUES = ProgrammeValues(name="Seite an Seite", started_on=date(2016, 1, 1))
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def reasons(call: Any, **arguments: Any) -> list[tuple[str, str | None]]:
    with pytest.raises(CannotSaveProgramme) as refused:
        call(by=BY, at=AT, **arguments)
    return [(reason.code, reason.field) for reason in refused.value.reasons]


# --- the programme itself -------------------------------------------------------------------


def test_a_programme_is_created_once_per_short_name() -> None:
    programme = create_programme(slug="seite", values=VALUES, by=BY, at=AT)
    programme.refresh_from_db()
    assert (programme.name, programme.gender_form, programme.mentor_title, programme.is_demo) == (
        "Seite an Seite",
        "star",
        "pate",
        False,
    )
    assert AuditEntry.objects.get().action == "organisations.create_programme"
    taken = reasons(create_programme, slug="seite", values=VALUES)
    assert taken == [("slug_taken", "slug")]
    assert Programme.objects.count() == 1
    assert create_programme(slug="demo", values=VALUES, by=BY, at=AT, is_demo=True).is_demo


def test_all_it_says_of_itself_can_change_and_the_short_name_stays() -> None:
    programme = ProgrammeFactory.create()
    slug = programme.slug
    values = replace(
        VALUES,
        funder="Ministerium",
        motto="Zu zweit",
        lead="Wir bringen zusammen.",
        gender_form=GenderForm.COLON,
        mentor_title=MentorTitle.LOTSE,
    )
    change_programme(programme=programme, values=values, logo=None, by=BY, at=AT)
    programme.refresh_from_db()
    assert (programme.slug, programme.name, programme.funder) == (
        slug,
        "Seite an Seite",
        "Ministerium",
    )
    assert (programme.motto, programme.lead) == ("Zu zweit", "Wir bringen zusammen.")
    assert programme.mentor_words.plural == "Lots:innen"
    assert AuditEntry.objects.get().action == "organisations.change_programme"


@pytest.mark.parametrize(
    ("name", "body", "stored"),
    [("logo.png", PNG + b"1", "png"), ("foto.exe", JPEG, "jpg"), ("x", PNG, "png")],
)
def test_a_logo_is_known_by_its_content(media: Path, name: str, body: bytes, stored: str) -> None:
    programme = ProgrammeFactory.create(slug="seite")
    logo = SimpleUploadedFile(name, body)
    change_programme(programme=programme, values=VALUES, logo=logo, by=BY, at=AT)
    programme.refresh_from_db()
    assert programme.logo.name == f"logos/seite.{stored}"
    assert (media / programme.logo.name).read_bytes() == body


@pytest.mark.parametrize(
    "body",
    [b"<svg onload=alert(1)>", b"GIF89a", b"x" + PNG, b"<!--" + JPEG, b"%PDF-1.7", b"\x89PN"],
)
def test_anything_else_is_no_logo(media: Path, body: bytes) -> None:
    programme = ProgrammeFactory.create(name="Vorher")
    logo = SimpleUploadedFile("logo.png", body, content_type="image/png")
    found = reasons(change_programme, programme=programme, values=VALUES, logo=logo)
    assert found == [("logo", "logo")]
    programme.refresh_from_db()
    assert (programme.name, programme.logo.name) == ("Vorher", "")
    assert not list(media.iterdir())


def test_a_logo_has_at_most_500_kilobytes() -> None:
    programme = ProgrammeFactory.create()
    just = SimpleUploadedFile("a.png", PNG + b"x" * (LOGO_MAX_BYTES - len(PNG)))
    change_programme(programme=programme, values=VALUES, logo=just, by=BY, at=AT)
    over = SimpleUploadedFile("a.png", PNG + b"x" * (LOGO_MAX_BYTES - len(PNG) + 1))
    found = reasons(change_programme, programme=programme, values=VALUES, logo=over)
    assert found == [("logo", "logo")]


def test_without_a_new_logo_the_old_one_stays() -> None:
    programme = ProgrammeFactory.create(slug="seite")
    logo = SimpleUploadedFile("a.png", PNG)
    change_programme(programme=programme, values=VALUES, logo=logo, by=BY, at=AT)
    change_programme(programme=programme, values=VALUES, logo=None, by=BY, at=AT)
    programme.refresh_from_db()
    assert programme.logo.name == "logos/seite.png"


# --- vocabularies ---------------------------------------------------------------------------

WORD = {"code": "schule", "name_de": "Schule", "name_en": "School", "position": 3}
DATED = {**WORD, "starts_on": date(2018, 1, 1), "ends_on": date(2020, 12, 31)}


@pytest.mark.parametrize("vocabulary", sorted(VOCABULARIES))
def test_every_vocabulary_takes_words(vocabulary: str) -> None:
    programme = ProgrammeFactory.create()
    model = VOCABULARIES[vocabulary]
    values = DATED if issubclass(model, Focus | Phase) else WORD
    word = save_word(programme=programme, vocabulary=vocabulary, values=values, by=BY, at=AT)
    word.refresh_from_db()
    assert isinstance(word, model)
    assert {name: getattr(word, name) for name in values} == values
    assert (word.programme, str(word)) == (programme, "Schule")
    assert (word.name_in("de-AT"), word.name_in("tr")) == ("Schule", "School")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id) == ("organisations.save_word", word.pk)


def test_a_code_is_taken_once_per_vocabulary_of_a_programme() -> None:
    taken = SupportFieldFactory.create(code="schule")
    found = reasons(save_word, programme=taken.programme, vocabulary="support_field", values=WORD)
    assert found == [("code_taken", "code")]
    assert SupportField.objects.get() == taken
    for programme, vocabulary in (
        (taken.programme, "tandem_kind"),
        (ProgrammeFactory.create(), "support_field"),
    ):
        save_word(programme=programme, vocabulary=vocabulary, values=WORD, by=BY, at=AT)


def test_a_word_changes_and_its_code_stays() -> None:
    word = SupportFieldFactory.create(code="alt")
    values = {**WORD, "is_active": False}
    again = save_word(
        programme=word.programme,
        vocabulary="support_field",
        values=values,
        word_id=word.pk,
        by=BY,
        at=AT,
    )
    again.refresh_from_db()
    assert (again.pk, again.code, again.name_de, again.is_active) == (
        word.pk,
        "alt",
        "Schule",
        False,
    )
    assert SupportField.objects.count() == 1


def test_a_word_of_another_programme_is_not_there() -> None:
    foreign = SupportFieldFactory.create()
    with pytest.raises(SupportField.DoesNotExist):
        save_word(
            programme=ProgrammeFactory.create(),
            vocabulary="support_field",
            values=WORD,
            word_id=foreign.pk,
            by=BY,
            at=AT,
        )
    foreign.refresh_from_db()
    assert foreign.name_de != "Schule"


@pytest.mark.parametrize("is_new", [True, False])
def test_an_end_lies_not_before_its_start(*, is_new: bool) -> None:
    focus = FocusFactory.create(code="alt")
    values = {**DATED, "ends_on": date(2017, 12, 31)}
    found = reasons(
        save_word,
        programme=focus.programme,
        vocabulary="focus",
        values=values,
        word_id=None if is_new else focus.pk,
    )
    assert found == [("dates", "ends_on")]
    assert Focus.objects.get().name_de == focus.name_de
    for ends_on in (DATED["starts_on"], None):
        focus = FocusFactory.create()
        save_word(
            programme=focus.programme,
            vocabulary="focus",
            values={**DATED, "ends_on": ends_on},
            word_id=focus.pk,
            by=BY,
            at=AT,
        )
