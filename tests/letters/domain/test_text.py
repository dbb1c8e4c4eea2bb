"""Texts: refused in one sentence, kept version by version, taken back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.letters.domain.preview import preview_paper
from patenwerk.letters.domain.text import (
    LONGEST_BODY,
    CannotWrite,
    check_wording,
    return_to_default,
    write_text,
)
from patenwerk.letters.enums import LetterKind
from patenwerk.letters.kernel.defaults import TEXTS, Wording
from patenwerk.letters.models import LetterText
from patenwerk.letters.queries.text import text_in_force
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Carrier
from tests.factories.letters import LetterTextFactory
from tests.factories.organisations import CarrierFactory, manager

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KIND, GERMAN = LetterKind.INVITATION, Language.GERMAN
OWN = Wording(" Komm\n vorbei ", "\n Hallo {Vorname}\n\n")


@pytest.fixture
def carrier() -> Carrier:
    return CarrierFactory.create()


@pytest.fixture
def writer(carrier: Carrier) -> Actor:
    return Actor(user_id=manager(carrier).pk)


def write(carrier: Carrier, by: Actor, wording: Wording = OWN, seen: int = 0) -> LetterText:
    return write_text(
        carrier=carrier,
        kind=KIND,
        language=GERMAN,
        wording=wording,
        seen_version=seen,
        by=by,
        at=AT,
    )


def back(carrier: Carrier, by: Actor, seen: int) -> LetterText:
    return return_to_default(
        carrier=carrier, kind=KIND, language=GERMAN, seen_version=seen, by=by, at=AT
    )


def test_a_carriers_own_text_is_in_force_for_itself_alone(carrier: Carrier, writer: Actor) -> None:
    sibling = CarrierFactory.create(programme=carrier.programme)
    text = write(carrier, writer)
    assert (text.version, text.written_by_id, text.written_at) == (1, writer.user_id, AT)
    found = text_in_force(carrier.pk, KIND, GERMAN)
    assert found.wording == Wording("Komm vorbei", "Hallo {Vorname}")
    assert (found.version, found.is_default) == (1, False)
    for other in (
        text_in_force(sibling.pk, KIND, GERMAN),
        text_in_force(carrier.pk, KIND, Language.ENGLISH),
        text_in_force(carrier.pk, LetterKind.AGREEMENT, GERMAN),
    ):
        assert (other.version, other.is_default) == (0, True)
    entry = AuditEntry.objects.get(action="letters.write_text")
    assert (entry.object_id, entry.actor_id, entry.carrier_id) == (
        text.pk,
        writer.user_id,
        carrier.pk,
    )
    assert entry.details == {"kind": "invitation", "language": "de", "version": 1}


def test_the_usual_text_comes_back_and_earlier_versions_stay(
    carrier: Carrier, writer: Actor
) -> None:
    write(carrier, writer)
    back(carrier, writer, 1)
    found = text_in_force(carrier.pk, KIND, GERMAN)
    assert found.wording == TEXTS[KIND, GERMAN]
    assert (found.version, found.is_default) == (2, True)
    write(carrier, writer, Wording("Neu", "Neuer Text"), 2)
    versions = LetterText.objects.filter(carrier=carrier)
    assert [(each.version, each.title, each.is_default) for each in versions] == [
        (3, "Neu", False),
        (2, "", True),
        (1, "Komm vorbei", False),
    ]


def test_what_is_usual_already_cannot_be_taken_back(carrier: Carrier, writer: Actor) -> None:
    with pytest.raises(CannotWrite) as refused:
        back(carrier, writer, 0)
    assert [reason.code for reason in refused.value.reasons] == ["default"]
    assert not LetterText.objects.exists()


def test_the_second_writer_is_told_and_overwrites_nothing(carrier: Carrier, writer: Actor) -> None:
    write(carrier, writer)
    for late in (lambda: write(carrier, writer), lambda: back(carrier, writer, 0)):
        with pytest.raises(CannotWrite) as refused:
            late()
        assert [reason.code for reason in refused.value.reasons] == ["changed"]
    assert LetterText.objects.count() == 1


def test_a_version_is_there_once_and_whole(carrier: Carrier) -> None:
    LetterTextFactory.create(carrier=carrier)
    with pytest.raises(IntegrityError), transaction.atomic():
        LetterTextFactory.create(carrier=carrier)
    with pytest.raises(IntegrityError), transaction.atomic():
        LetterTextFactory.create(carrier=carrier, version=2, title="")


@pytest.mark.parametrize(
    ("title", "body", "sentences"),
    [
        ("Gut", "Hallo {Vorname}", []),
        (
            "{Vornamen}",
            "Hallo",
            [("title", "{Vornamen} ist nicht bekannt. Meinten Sie {Vorname}?")],
        ),
        ("Gut", "{Mentee}", [("body", "{Mentee} lässt sich in diesem Brief nicht ausfüllen.")]),
        (
            "Gut",
            "Hallo {Name",
            [("body", "Bei »Hallo {Name« steht eine geschweifte Klammer allein.")],
        ),
        (
            " ",
            "\n",
            [("title", "Hier muss etwas stehen."), ("body", "Hier muss etwas stehen.")],
        ),
        (
            "Gut",
            "x" * (LONGEST_BODY + 1),
            [("body", "Der Text darf höchstens 8000 Zeichen lang sein.")],
        ),
    ],
)
def test_what_cannot_be_filled_in_is_refused_in_one_sentence(
    title: str, body: str, sentences: list[tuple[str, str]]
) -> None:
    found = []
    with translation.override("de"):
        try:
            check_wording(kind=KIND, language=GERMAN, wording=Wording(title, body))
        except CannotWrite as refused:
            found = [(reason.field, str(reason.sentence)) for reason in refused.reasons]
    assert found == sentences


def test_without_a_near_one_all_that_are_possible_are_named() -> None:
    with translation.override("de"), pytest.raises(CannotWrite) as refused:
        check_wording(kind=KIND, language=GERMAN, wording=Wording("{xyz}", "Text"))
    sentence = str(refused.value.reasons[0].sentence)
    assert sentence.startswith(
        "{xyz} ist nicht bekannt. Möglich sind: {Angeschriebene}, {Name}, {Vorname}, "
    )


def test_a_wrong_text_is_neither_written_nor_looked_at(carrier: Carrier, writer: Actor) -> None:
    wrong = Wording("{xyz}", "Text")
    with pytest.raises(CannotWrite):
        write(carrier, writer, wrong)
    with pytest.raises(CannotWrite):
        preview_paper(carrier=carrier, kind=KIND, language=GERMAN, wording=wrong, at=AT)
    assert not LetterText.objects.exists()


@pytest.mark.parametrize("kind", LetterKind)
@pytest.mark.parametrize("language", Language)
def test_every_text_can_be_looked_at_with_people_who_do_not_exist(
    carrier: Carrier, kind: LetterKind, language: Language
) -> None:
    paper = preview_paper(
        carrier=carrier, kind=kind, language=language, wording=TEXTS[kind, language], at=AT
    )
    assert b"<pdfuaid:part>1</pdfuaid:part>" in paper
    assert f"/Lang({language})".encode() in paper
