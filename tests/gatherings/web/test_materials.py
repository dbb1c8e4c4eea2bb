"""Documents on pages: added by organisers, given out as files and never shown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from patenwerk.gatherings.enums import Access, Audience, ContributionState, Licence, State
from patenwerk.gatherings.models import Contribution, Gathering, Material
from patenwerk.gatherings.queries.expert import contribution_token
from patenwerk.gatherings.queries.registration import token_of
from tests.factories.gatherings import (
    AgendaItemFactory,
    ExpertFactory,
    GatheringFactory,
    RegistrationFactory,
)
from tests.factories.organisations import (
    CREATED,
    CarrierFactory,
    manager,
    network_office,
    office,
)

pytestmark = pytest.mark.django_db
TEXT = "Grüße aus dem Kreis\n".encode()
SAID = {"title": "Übersicht 2026", "licence": Licence.CC_BY, "access": Access.CIRCLE}


def page(name: str, *args: object) -> str:
    return reverse(f"gatherings:{name}", args=args)


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def gathering() -> Gathering:
    return GatheringFactory.create()


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def stored(gathering: Gathering, access: Access, **said: Any) -> Material:
    material = Material(
        **gathering.organiser_columns,
        gathering=gathering,
        licence=Licence.CC_BY,
        access=access,
        media_type="text/plain; charset=utf-8",
        size=len(TEXT),
        added_at=CREATED,
        **{"title": "Übersicht 2026", **said},
    )
    if not material.link:
        material.file.save("abc.txt", ContentFile(TEXT), save=False)
    material.save()
    return material


def test_organisers_add_change_and_remove(client: Client, gathering: Gathering) -> None:
    client.force_login(network_office(gathering.programme))
    item = AgendaItemFactory.create(gathering=gathering, title="Sprache")
    form = client.get(page("add_material", gathering.pk)).content.decode()
    assert "Sprache" in form
    assert 'enctype="multipart/form-data"' in form
    answer = client.post(
        page("add_material", gathering.pk),
        {**SAID, "item": item.pk, "file": sent("x.html", TEXT)},
    )
    home = page("gathering", gathering.pk)
    assert answer.headers["Location"] == home
    material = Material.objects.get()
    assert (material.title, material.item, material.ending) == ("Übersicht 2026", item, "TXT")
    shown = client.get(home).content.decode()
    for part in ("Übersicht 2026", "TXT", "CC BY 4.0", "zu »Sprache«", "der Trägerkreis"):
        assert part in shown
    assert page("material_file", material.pk) in shown
    client.post(page("change_material", material.pk), {**SAID, "title": "Neu"})
    material.refresh_from_db()
    assert (material.title, material.item) == ("Neu", None)
    assert "Neu" in client.get(page("remove_material", material.pk)).content.decode()
    client.post(page("remove_material", material.pk))
    assert not Material.objects.exists()


def test_a_link_is_shown_as_one(client: Client, gathering: Gathering) -> None:
    client.force_login(network_office(gathering.programme))
    client.post(page("add_material", gathering.pk), {**SAID, "link": "example.org/folien"})
    material = Material.objects.get()
    assert material.link == "https://example.org/folien"
    shown = client.get(page("gathering", gathering.pk)).content.decode()
    assert 'href="https://example.org/folien"' in shown
    assert client.get(page("material_file", material.pk)).status_code == 404
    assert "Der Link" in client.get(page("remove_material", material.pk)).content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "eins von beiden"),
        ({"file": sent("a.pdf", b"<svg onload=x>")}, "Bitte wählen Sie ein PDF"),
        ({"file": sent("a.txt", b"")}, "Diese Datei ist leer"),
        ({"file": sent("a.pdf", b"%PDF-1.4 /Launch %%EOF")}, "enthält Makros"),
        ({"link": "ftp://example.org/"}, "https://"),
    ],
)
def test_refusals_are_one_clear_sentence(
    client: Client, gathering: Gathering, data: dict[str, Any], words: str
) -> None:
    client.force_login(network_office(gathering.programme))
    answer = client.post(page("add_material", gathering.pk), {**SAID, **data})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Material.objects.exists()


def test_others_add_nothing(client: Client, gathering: Gathering) -> None:
    carrier = CarrierFactory.create(programme=gathering.programme)
    material = stored(gathering, Access.CIRCLE)
    secret = stored(gathering, Access.ORGANISERS)
    for account in (manager(carrier), office(gathering.programme)):
        client.force_login(account)
        assert client.post(page("add_material", gathering.pk), SAID).status_code == 403
        assert client.post(page("change_material", material.pk), SAID).status_code == 403
        assert client.get(page("change_material", secret.pk)).status_code == 404
        assert client.get(page("material_file", secret.pk)).status_code == 404
        assert body(client.get(page("material_file", material.pk))) == TEXT
    client.force_login(manager(CarrierFactory.create()))
    assert client.get(page("material_file", material.pk)).status_code == 404


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_file_is_saved_and_never_shown(client: Client, gathering: Gathering) -> None:
    material = stored(gathering, Access.CIRCLE)
    client.force_login(network_office(gathering.programme))
    answer = client.get(page("material_file", material.pk))
    assert body(answer) == TEXT
    headers = answer.headers
    assert headers["Content-Disposition"] == 'attachment; filename="ubersicht-2026.txt"'
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-store"


def test_a_title_without_letters_gives_a_name(client: Client, gathering: Gathering) -> None:
    material = stored(gathering, Access.CIRCLE, title='"; ../\r\n🙂')
    client.force_login(network_office(gathering.programme))
    answer = client.get(page("material_file", material.pk))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="unterlage.txt"'
    assert body(answer) == TEXT


def test_a_lost_file_is_not_found(client: Client, gathering: Gathering) -> None:
    material = stored(gathering, Access.CIRCLE)
    material.file.storage.delete(material.file.name)
    client.force_login(network_office(gathering.programme))
    assert client.get(page("material_file", material.pk)).status_code == 404


def test_everybody_opens_what_is_for_everybody(client: Client) -> None:
    gathering = GatheringFactory.create(audience=Audience.PUBLIC)
    public, circle = stored(gathering, Access.EVERYBODY), stored(gathering, Access.CIRCLE)
    link = stored(gathering, Access.EVERYBODY, link="https://example.org/")
    answer = client.get(page("public_material", public.pk))
    assert body(answer) == TEXT
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "attachment" in answer.headers["Content-Disposition"]
    for material in (circle, link):
        assert client.get(page("public_material", material.pk)).status_code == 404
    Gathering.objects.update(state=State.DRAFT, announced_at=None)
    assert client.get(page("public_material", public.pk)).status_code == 404


def test_whoever_has_a_seat_opens_it_by_their_link(client: Client, gathering: Gathering) -> None:
    registered, circle = stored(gathering, Access.REGISTERED), stored(gathering, Access.CIRCLE)
    foreign = stored(GatheringFactory.create(), Access.EVERYBODY)
    guest = RegistrationFactory.create(gathering=gathering, carrier=None)
    token = token_of(guest)
    shown = client.get(page("registration", token)).content.decode()
    assert page("registered_material", token, registered.pk) in shown
    assert page("registered_material", token, circle.pk) not in shown
    assert body(client.get(page("registered_material", token, registered.pk))) == TEXT
    for material in (circle, foreign):
        assert client.get(page("registered_material", token, material.pk)).status_code == 404
    assert client.get(page("registered_material", "unsigned", registered.pk)).status_code == 404


def test_an_invited_expert_opens_what_is_for_everybody_and_after_a_yes_the_rest(
    client: Client, gathering: Gathering
) -> None:
    everybody, registered = (
        stored(gathering, access) for access in (Access.EVERYBODY, Access.REGISTERED)
    )
    never = (
        stored(gathering, Access.CIRCLE),
        stored(gathering, Access.ORGANISERS),
        stored(GatheringFactory.create(programme=gathering.programme), Access.EVERYBODY),
    )
    Gathering.objects.filter(pk=gathering.pk).update(join_link="https://example.org/raum")
    invitation = Contribution.objects.create(
        programme=gathering.programme,
        expert=ExpertFactory.create(programme=gathering.programme),
        gathering=gathering,
        title="Leichte Sprache",
        held_on=CREATED.date(),
        state=ContributionState.INVITED,
    )
    token = contribution_token(invitation)

    def opened() -> tuple[list[int], bool]:
        shown = client.get(page("answer_contribution", token)).content.decode()
        found = []
        for material in (everybody, registered, *never):
            url = page("expert_material", token, material.pk)
            answer = client.get(url)
            assert (url in shown) == (answer.status_code == 200)
            if url in shown:
                assert body(answer) == TEXT
                found.append(material.pk)
        return found, "https://example.org/raum" in shown

    assert opened() == ([everybody.pk], False)
    for state, certain in (("accepted", True), ("held", True), ("declined", False)):
        Contribution.objects.update(state=state)
        whole = [everybody.pk, registered.pk]
        assert opened() == (whole if certain else whole[:1], state == "accepted")
    assert client.get(page("expert_material", "unsigned", everybody.pk)).status_code == 404
    Gathering.objects.filter(pk=gathering.pk).update(state="draft", announced_at=None)
    assert opened() == ([], False)


def test_nothing_can_be_guessed_from_the_media_folder(client: Client, gathering: Gathering) -> None:
    material = stored(gathering, Access.CIRCLE)
    assert re.search(r"materials/\w+", material.file.name)
    for path in (f"/media/{material.file.name}", f"/{material.file.name}"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_form_costs_the_same_for_any_number(
    client: Client,
    gathering: Gathering,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client.force_login(network_office(gathering.programme))
    for number in range(rows):
        item = AgendaItemFactory.create(gathering=gathering)
        stored(gathering, Access.CIRCLE, item=item, title=f"Blatt {number}")
    client.get(page("add_material", gathering.pk))
    with django_assert_num_queries(6):
        client.get(page("add_material", gathering.pk))
