"""A carrier's archive: every workbook to its site, all or none, and out again the same."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.imports.domain import bundle as domain
from patenwerk.imports.domain.book import LIMITS
from patenwerk.imports.domain.bundle import (
    choose_changes,
    discard_bundle,
    receive_bundle,
    start_taking_bundle,
)
from patenwerk.imports.domain.export import export_carrier
from patenwerk.imports.domain.files import erase_overdue
from patenwerk.imports.domain.taking import CannotTake
from patenwerk.imports.domain.upload import CannotPrepare, CannotReceive
from patenwerk.imports.enums import UploadState
from patenwerk.imports.models import Book, Bundle, StoredFile
from patenwerk.imports.queries.bundle import books_of, rows_to_look_at, worked_on
from patenwerk.organisations.models import Carrier, RoleGrant, Site
from patenwerk.people.models import Person
from tests.factories.imports import AT, LEA, a_book
from tests.factories.jobs import do_open_jobs
from tests.factories.organisations import (
    CarrierFactory,
    ProgrammeFactory,
    SiteFactory,
    actor,
    coordinator,
    manager,
)
from tests.imports.domain.test_export import exported, filled, programme_with_words

pytestmark = pytest.mark.django_db
SHEETS = {"Ehrenamtliche": [LEA]}


@pytest.fixture
def carrier() -> Carrier:
    carrier: Carrier = CarrierFactory.create(name="Eins")
    for name in ("Nord", "Süd: 2"):
        SiteFactory.create(carrier=carrier, name=name)
    return carrier


@pytest.fixture
def by(carrier: Carrier) -> Actor:
    return actor(manager(carrier))


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def received(carrier: Carrier, by: Actor, data: bytes) -> Bundle:
    bundle = receive_bundle(carrier=carrier, name="Alles.zip", data=data, by=by, at=AT)
    do_open_jobs(lambda: AT)
    return bundle


def took(bundle: Bundle, by: Actor) -> int:
    jobs = start_taking_bundle(bundle=bundle, by=by, at=AT)
    do_open_jobs(lambda: AT)
    return len(jobs)


def refused(carrier: Carrier, by: Actor, data: bytes) -> list[str]:
    with pytest.raises(CannotReceive) as refusal:
        receive_bundle(carrier=carrier, name="Alles.zip", data=data, by=by, at=AT)
    assert all(reason.sentence and reason.field == "file" for reason in refusal.value.reasons)
    for model in (Bundle, Book, StoredFile, AuditEntry):
        assert not model._default_manager.exists()
    return [reason.code for reason in refusal.value.reasons]


def taken_out(carrier: Carrier) -> bytes:
    out = io.BytesIO()
    export_carrier(carrier=carrier, out=out, by=Actor(user_id=7), at=AT)
    return out.getvalue()


def lists_of_sites(carrier: Carrier) -> dict[str, Any]:
    return {
        site.name: json.loads(exported(site, "json"))["lists"]
        for site in Site.objects.filter(carrier=carrier)
    }


def test_what_a_carrier_takes_out_is_read_in_elsewhere_at_once_and_goes_out_the_same() -> None:
    programme, other = programme_with_words(), programme_with_words()
    site = filled(programme)
    SiteFactory.create(carrier=site.carrier, name="Süd: 2")
    elsewhere = CarrierFactory.create(programme=other)
    for name in ("Süd: 2", "Nord"):
        SiteFactory.create(carrier=elsewhere, name=name)
    by = actor(manager(elsewhere))
    data = taken_out(site.carrier)
    bundle = received(elsewhere, by, data)
    assert not Person.objects.filter(carrier=elsewhere).exists()
    assert [(book.site.name, book.new, book.bad) for book in books_of(bundle)] == [
        ("Nord", 28, 0),
        ("Süd: 2", 0, 0),
    ]
    assert took(bundle, by) == 1  # nothing stands in the other workbook
    assert lists_of_sites(elsewhere) == lists_of_sites(site.carrier)
    # The same archive again: whatever is there is there already.
    again = received(elsewhere, by, data)
    assert [(book.new, book.changed, book.bad) for book in books_of(again)] == [(0, 0, 0)] * 2
    with pytest.raises(CannotTake):
        start_taking_bundle(bundle=again, by=by, at=AT)


def test_each_workbook_goes_to_the_site_of_its_name(carrier: Carrier, by: Actor) -> None:
    stranger = SiteFactory.create(name="Nord")
    data = archive(
        **{
            "7-Nord.xlsx": a_book(**SHEETS),
            "Träger/Süd--2.xlsx": a_book(Ehrenamtliche=[{**LEA, "Vorname": "Uta"}]),
            "__MACOSX/7-Nord.xlsx": b"",
            ".DS_Store": b"",
            "Träger/": b"",
        }
    )
    bundle = received(carrier, by, data)
    assert took(bundle, by) == 2
    people = dict(Person.objects.values_list("site__name", "first_name"))
    assert people == {"Nord": "Lea", "Süd: 2": "Uta"}
    assert not Person.objects.filter(site=stranger).exists()
    assert {book.state for book in books_of(bundle)} == {UploadState.TAKEN}
    assert [(book.new, book.changed) for book in books_of(bundle)] == [(1, 0), (1, 0)]
    assert not StoredFile.objects.exists()
    actions = AuditEntry.objects.filter(action__endswith="_bundle").values_list("action", flat=True)
    assert sorted(actions) == ["imports.receive_bundle", "imports.start_taking_bundle"]


def test_long_names_tell_sites_apart(carrier: Carrier, by: Actor) -> None:
    for name in ("Mehrgenerationenhaus Schönefeld Ost", "Mehrgenerationenhaus Schönefeld West"):
        SiteFactory.create(carrier=carrier, name=name)
    bundle = received(carrier, by, taken_out(carrier))
    assert len(books_of(bundle)) == 4


def test_what_does_not_fit_is_said_and_nothing_is_kept(carrier: Carrier, by: Actor) -> None:
    good = a_book(**SHEETS)
    SiteFactory.create(carrier=carrier, name="Süd; 2")
    SiteFactory.create(carrier=carrier, name="Alt", archived_at=AT)
    data = archive(
        **{
            "1-Nord.xlsx": good,
            "2-Nord.xlsx": good,
            "3-Süd--2.xlsx": good,
            "4-West.xlsx": good,
            "5-Alt.xlsx": good,
            "Nord.csv": b"Name",
        }
    )
    assert refused(carrier, by, data) == [
        *("twice", "twice", "several_sites", "unknown_site", "unknown_site", "no_workbook")
    ]


def locked(data: bytes) -> bytes:
    """The same archive, its files marked as encrypted."""
    marked = bytearray(data)
    marked[marked.index(b"PK\x03\x04") + 6] |= 1
    marked[marked.rindex(b"PK\x01\x02") + 8] |= 1  # a workbook has such a sign inside, too
    return bytes(marked)


def test_what_is_no_archive_is_refused_in_one_sentence(
    carrier: Carrier, by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = archive(**{"Nord.xlsx": a_book(**SHEETS)})
    strange = bytearray(good)
    strange[strange.rindex(b"PK\x01\x02") + 10] = 99
    for data, code in (
        (b"", "no_archive"),
        (b"%PDF-1.7", "no_archive"),
        (good[: len(good) // 2], "no_archive"),
        (bytes(strange), "no_archive"),
        (locked(good), "encrypted"),
        (archive(), "empty"),
        (archive(**{f"{n}.xlsx": b"" for n in range(501)}), "bomb"),
    ):
        assert refused(carrier, by, data) == [code], code
    large = archive(**{"Nord.xlsx": b"0" * (LIMITS.file_bytes + 1)})
    with pytest.raises(CannotReceive, match=r"Nord\.xlsx"):  # it says which file
        receive_bundle(carrier=carrier, name="Alles.zip", data=large, by=by, at=AT)
    assert refused(carrier, by, large) == ["too_large"]
    monkeypatch.setattr(domain, "LARGEST", len(good) - 1)
    assert refused(carrier, by, good) == ["too_large"]
    monkeypatch.setattr(domain, "LARGEST", 1_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("Nord.xlsx", b"0" * 100_000)
    assert refused(carrier, by, out.getvalue()) == ["bomb"]


def test_a_workbook_that_cannot_be_read_says_so_and_the_others_are_taken(
    carrier: Carrier, by: Actor
) -> None:
    data = archive(**{"Nord.xlsx": a_book(**SHEETS), "Süd--2.xlsx": b"no workbook"})
    bundle = received(carrier, by, data)
    nord, south = books_of(bundle)
    assert (nord.is_ready, south.is_ready, bool(south.problem)) == (True, False, True)
    assert took(bundle, by) == 1
    with pytest.raises(CannotPrepare):
        discard_bundle(bundle=bundle, by=by, at=AT)


def test_changed_rows_are_taken_where_they_were_chosen(carrier: Carrier, by: Actor) -> None:
    took(received(carrier, by, archive(**{"Nord.xlsx": a_book(**SHEETS)})), by)
    other = archive(**{"Nord.xlsx": a_book(Ehrenamtliche=[{**LEA, "PLZ": "04315"}])})
    bundle = received(carrier, by, other)
    (nord,) = books_of(bundle)
    assert (nord.changed, nord.chosen) == (1, 0)
    (row,) = rows_to_look_at(nord.lists.get())
    assert row.differences == [["PLZ", "04109", "04315"]]
    with pytest.raises(CannotTake):
        start_taking_bundle(bundle=bundle, by=by, at=AT)
    assert choose_changes(bundle=bundle, by=by, at=AT) == 1
    assert books_of(bundle)[0].chosen == 1
    assert took(bundle, by) == 1
    assert Person.objects.get().postcode == "04315"


def test_while_a_job_is_at_one_site_nothing_else_happens(carrier: Carrier, by: Actor) -> None:
    data = archive(**{"Nord.xlsx": a_book(**SHEETS), "Süd--2.xlsx": a_book(**SHEETS)})
    bundle = receive_bundle(carrier=carrier, name="Alles.zip", data=data, by=by, at=AT)
    assert worked_on(books_of(bundle)) == {"done": 0, "total": 2}
    with pytest.raises(CannotPrepare):
        discard_bundle(bundle=bundle, by=by, at=AT)
    do_open_jobs(lambda: AT)
    assert worked_on(books_of(bundle)) is None
    start_taking_bundle(bundle=bundle, by=by, at=AT)
    for attempt in (start_taking_bundle, discard_bundle):
        with pytest.raises(CannotPrepare) as busy:
            attempt(bundle=bundle, by=by, at=AT)
        assert [reason.code for reason in busy.value.reasons] == ["busy"]


def test_discarded_and_overdue_files_are_gone(carrier: Carrier, by: Actor) -> None:
    data = archive(**{"Nord.xlsx": a_book(**SHEETS), "Süd--2.xlsx": b"no workbook"})
    bundle = received(carrier, by, data)
    discard_bundle(bundle=bundle, by=by, at=AT)
    assert (Bundle.objects.count(), Book.objects.count()) == (0, 1)  # that it could not be read
    received(carrier, by, data)
    erase_overdue(by=by, at=AT + timedelta(days=15))
    assert not StoredFile.objects.exists()


def test_only_the_carrier_s_manager_reads_it_in(carrier: Carrier, by: Actor) -> None:
    data = archive(**{"Nord.xlsx": a_book(**SHEETS)})
    for stranger in (
        actor(coordinator(Site.objects.get(name="Süd: 2"))),
        actor(manager(CarrierFactory.create(programme=ProgrammeFactory.create()))),
    ):
        bundle = received(carrier, stranger, data)
        assert [book.state for book in books_of(bundle)] == [UploadState.READ]
    bundle = received(carrier, by, data)
    start_taking_bundle(bundle=bundle, by=by, at=AT)
    RoleGrant.objects.filter(carrier=carrier, role="carrier_manager").delete()
    do_open_jobs(lambda: AT)
    assert not Person.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_many_sites(
    count: int, by: Actor, carrier: Carrier, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    files = {}
    for number in range(count):
        SiteFactory.create(carrier=carrier, name=f"Ort{number}")
        files[f"Ort{number}.xlsx"] = a_book(**SHEETS)
    bundle = received(carrier, by, archive(**files))
    with django_assert_num_queries(3):
        assert len(books_of(bundle)) == count
