"""Documents: what is taken, under which name it lies, and that it really goes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.gatherings.domain import material as domain
from patenwerk.gatherings.domain.material import (
    CannotSaveMaterial,
    MaterialValues,
    SentFile,
    add_material,
    change_material,
    remove_material,
)
from patenwerk.gatherings.enums import Access, Licence
from patenwerk.gatherings.kernel.documents import MAX_BYTES, Problem
from patenwerk.gatherings.models import Gathering, Material
from tests.factories.gatherings import AgendaItemFactory, GatheringFactory
from tests.factories.organisations import CarrierFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BY = Actor(user_id=7)
FILE = SentFile("../../Notizen.html", "Grüße aus dem Kreis".encode())
SAID = MaterialValues(title="Notizen", licence=Licence.CC_BY, access=Access.CIRCLE)


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def gathering() -> Gathering:
    carrier = CarrierFactory.create()
    return GatheringFactory.create(programme=carrier.programme, carrier=carrier)


def stored() -> list[str]:
    return default_storage.listdir("materials")[1] if default_storage.exists("materials") else []


def test_a_file_lies_under_a_name_of_chance(gathering: Gathering) -> None:
    item = AgendaItemFactory.create(gathering=gathering)
    said = MaterialValues(
        title="Notizen", licence=Licence.CC_0, access=Access.REGISTERED, item=item
    )
    other, material = (
        add_material(gathering=gathering, values=said, file=FILE, by=BY, at=AT) for _ in range(2)
    )
    names = {str(other.file.name), str(material.file.name)}
    material.refresh_from_db()
    assert len(names) == 2
    assert all(name.startswith("materials/") and name.endswith(".txt") for name in names)
    assert not any("otizen" in name or "html" in name for name in names)
    with material.file.open() as file:
        assert file.read() == FILE.content
    assert (material.title, material.licence, material.access, material.item) == (
        *("Notizen", Licence.CC_0, Access.REGISTERED, item),
    )
    assert (material.media_type, material.size, material.link, material.ending) == (
        *("text/plain; charset=utf-8", len(FILE.content), "", "TXT"),
    )
    assert (material.programme_id, material.carrier_id, material.added_at) == (
        *(gathering.programme_id, gathering.carrier_id, AT),
    )
    entry = AuditEntry.objects.filter(object_id=material.pk).get()
    assert (entry.action, entry.details) == ("gatherings.add_material", {"access": "registered"})


def test_a_link_needs_no_file(gathering: Gathering) -> None:
    link = "https://example.org/folien"
    material = add_material(gathering=gathering, values=SAID, link=link, by=BY, at=AT)
    assert (material.link, material.size, material.ending) == (link, 0, "")
    assert stored() == []


def refused(gathering: Gathering, file: SentFile | None, link: str = "") -> tuple[str, str | None]:
    with pytest.raises(CannotSaveMaterial) as refusal:
        add_material(gathering=gathering, values=SAID, file=file, link=link, by=BY, at=AT)
    assert not Material.objects.exists()
    assert stored() == []
    [reason] = refusal.value.reasons
    assert str(reason.sentence)
    return reason.code, reason.field


def test_it_is_a_file_or_a_link(gathering: Gathering) -> None:
    assert refused(gathering, None) == ("file_or_link", "file")
    assert refused(gathering, FILE, "https://example.org/") == ("file_or_link", "file")
    with pytest.raises(IntegrityError), transaction.atomic():
        Material.objects.create(**gathering.organiser_columns, gathering=gathering, added_at=AT)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://example.org/", "data:text/html,x"])
def test_a_link_leads_to_the_web(gathering: Gathering, link: str) -> None:
    assert refused(gathering, None, link) == ("link", "link")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", Problem.EMPTY),
        (b"x" * (MAX_BYTES + 1), Problem.TOO_LARGE),
        (b"<html>", Problem.UNKNOWN),
        (b"%PDF-1.4 /Launch %%EOF", Problem.ACTIVE),
        (b"%PDF-1.4 /Encrypt %%EOF", Problem.PROTECTED),
        (b"%PDF-1.4", Problem.DAMAGED),
    ],
)
def test_each_problem_has_its_sentence(
    gathering: Gathering, content: bytes, problem: Problem
) -> None:
    assert refused(gathering, SentFile("a.pdf", content)) == (problem.value, "file")


def test_the_item_is_one_of_this_agenda(gathering: Gathering) -> None:
    foreign = AgendaItemFactory.create(gathering=GatheringFactory.create())
    said = MaterialValues(title="A", licence=Licence.CC_0, access=Access.CIRCLE, item=foreign)
    with pytest.raises(CannotSaveMaterial) as refusal:
        add_material(gathering=gathering, values=said, file=FILE, by=BY, at=AT)
    assert refusal.value.reasons[0].field == "item"
    material = add_material(gathering=gathering, values=SAID, file=FILE, by=BY, at=AT)
    with pytest.raises(CannotSaveMaterial):
        change_material(material=material, values=said, by=BY, at=AT)


def test_what_is_said_can_change_and_the_file_stays(gathering: Gathering) -> None:
    material = add_material(gathering=gathering, values=SAID, file=FILE, by=BY, at=AT)
    item = AgendaItemFactory.create(gathering=gathering)
    said = MaterialValues(
        title="Neu", licence=Licence.ALL_RIGHTS, access=Access.ORGANISERS, item=item
    )
    change_material(material=material, values=said, by=BY, at=AT)
    material.refresh_from_db()
    assert (material.title, material.licence, material.access, material.item) == (
        *("Neu", Licence.ALL_RIGHTS, Access.ORGANISERS, item),
    )
    with material.file.open() as file:
        assert file.read() == FILE.content


def test_a_removed_file_is_gone_once_that_is_certain(
    gathering: Gathering, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    material = add_material(gathering=gathering, values=SAID, file=FILE, by=BY, at=AT)
    link = add_material(gathering=gathering, values=SAID, link="https://example.org", by=BY, at=AT)
    with django_capture_on_commit_callbacks(execute=True):
        remove_material(material=material, by=BY, at=AT)
        remove_material(material=link, by=BY, at=AT)
        assert len(stored()) == 1
    assert stored() == []
    assert not Material.objects.exists()


def test_a_row_that_fails_leaves_no_file(
    gathering: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_said: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(domain, "record", fail)
    with pytest.raises(RuntimeError):
        add_material(gathering=gathering, values=SAID, file=FILE, by=BY, at=AT)
    with pytest.raises(RuntimeError):
        add_material(gathering=gathering, values=SAID, link="https://example.org", by=BY, at=AT)
    assert stored() == []
    assert not Material.objects.exists()
