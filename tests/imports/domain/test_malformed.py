"""Whatever comes as a file: a preview or one sentence, never an error, nothing half written."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.core.sheets.dates import DateOrder
from patenwerk.core.sheets.writing import write_csv, write_xlsx
from patenwerk.imports.domain.bundle import receive_bundle
from patenwerk.imports.domain.files import bad_rows_file
from patenwerk.imports.domain.kinds import kind_named
from patenwerk.imports.domain.upload import (
    CannotPrepare,
    CannotReceive,
    answer_dates,
    asks_dates,
    choose_mapping,
    receive_file,
)
from patenwerk.imports.enums import UploadState
from patenwerk.imports.models import Bundle, MappingMemory, StoredFile, Upload, UploadRow
from patenwerk.people.domain.importing import MENTEES, MENTORS
from patenwerk.people.models import Person
from tests.factories.imports import AT, EXAMPLES, LEA, a_list, take
from tests.factories.organisations import (
    FocusFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
    actor,
    coordinator,
)
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import tandem_of

GOOD = [
    (EXAMPLES / "mentoren.xlsx").read_bytes(),
    a_list(LEA),
    write_csv(list(LEA), [[1] * 6]),
]
HEADERS = st.sampled_from(
    [
        *(*LEA, "Name", "Freie Zeiten", "Interessen", "Wunsch Alter", "eFZ", "Notiz", "", "?"),
        *("Plätze", "Erziehungsberechtigte", "Telefon Eltern", "Eintrag im Führungszeugnis"),
    ]
)
CELLS = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.sampled_from(
        ["04109", "Deutsch B1", "Mo abends", "03/04/2010", "=A1", "#REF!", "w", "M-1", "\x00", "'="]
    ),
)


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    headers = draw(st.lists(HEADERS, min_size=1, max_size=9))
    rows = draw(
        st.lists(
            st.lists(CELLS, min_size=len(headers), max_size=len(headers)), min_size=1, max_size=6
        )
    )
    return draw(st.sampled_from([write_csv, write_xlsx]))(headers, rows)


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A good file with some bytes changed, cut off, or one of its parts replaced."""
    data = bytearray(draw(st.sampled_from(GOOD)))
    if draw(st.booleans()) and data.startswith(b"PK"):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            names = old.namelist()
            hit = draw(st.sampled_from(names))
            for name in names:
                part = old.read(name)
                new.writestr(name, draw(st.binary(max_size=60)) if name == hit else part)
        return out.getvalue()
    for _each in range(draw(st.integers(0, 8))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data[: draw(st.integers(0, len(data)))])


@pytest.mark.django_db
class MalformedFiles(TestCase):
    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.one_of(tables(), spoiled(), st.binary(max_size=300)),
        st.sampled_from(["mentor", "mentee"]),
    )
    def test_a_preview_or_a_sentence(self, data: bytes, kind: str) -> None:
        site = SiteFactory.create()
        by = actor(coordinator(site))
        try:
            upload = receive_file(site=site, kind=kind, name="x", data=data, by=by, at=AT)
        except CannotReceive as refused:
            self.nothing_stays(refused)
            return
        if upload.state == UploadState.READ:
            self.answer(upload, kind)
        self.check(upload)

    def nothing_stays(self, refused: CannotReceive) -> None:
        assert [bool(reason.sentence) for reason in refused.reasons] == [True]
        for model in (Upload, StoredFile, UploadRow, MappingMemory, Person, AuditEntry):
            assert not model._default_manager.exists()

    def answer(self, upload: Upload, kind: str) -> None:
        """Say everything that is asked, as well as it can be said."""
        wanted = [each.name for each in {"mentor": MENTORS, "mentee": MENTEES}[kind].columns()]
        taken = {column for column in upload.mapping if column}
        left = [
            name for name in ("first_name", "postcode", "languages", *wanted) if name not in taken
        ]
        columns = [column or (left.pop(0) if left else "") for column in upload.mapping]
        by = Actor(user_id=None)
        try:
            choose_mapping(upload=upload, columns=columns, by=by, at=AT)
            if asks_dates(upload):
                answer_dates(upload=upload, order=DateOrder.DAY_FIRST, by=by, at=AT)
        except CannotPrepare:
            assert not UploadRow.objects.exists()

    def check(self, upload: Upload) -> None:
        """The preview is whole, and what is taken is exactly what it promised."""
        upload.refresh_from_db()
        assert not Person.objects.exists()
        if upload.state == UploadState.READ:
            assert not upload.rows.exists()
            return
        counted = upload.counts
        assert sum(counted.values()) == upload.rows.count()
        for row in upload.rows.all():
            assert bool(row.problems) == (row.standing == "bad")
        assert (bad_rows_file(upload) is not None) == bool(counted["bad"])  # type: ignore[index]
        if not upload.rows_new:
            return
        promised = upload.rows_new
        job = take(upload, actor(coordinator(upload.site)))
        assert (job.state, upload.taken_new) == ("done", promised)
        assert Person.objects.count() == promised


def said(refused: CannotReceive) -> None:
    """Every reason is a sentence."""
    assert refused.reasons
    assert all(str(reason.sentence) for reason in refused.reasons)


FURTHER = ("consents", "tandems", "members", "meetings", "closings")
MENTIONED = st.one_of(
    CELLS,
    st.sampled_from(
        [
            *("Lea Birke", "Birke, Lea; Lea Birke", "M-1", "K-1; M-1", "Sara Linde", "T-1", ";"),
            *("01.03.2026", "Umzug", "Ziel erreicht", "beendet", "Pause", "Mentee", "Vertretung"),
            *("Teilnahme", "2026-11", "Eltern", "die Person selbst", "ja", "nein", 90, "1,5 h"),
        ]
    ),
)


@st.composite
def further_tables(draw: st.DrawFn) -> tuple[str, bytes]:
    """A table under the headers of one of the further lists."""
    name = draw(st.sampled_from(FURTHER))
    titles = [column.title for column in kind_named(name).columns()]
    headers = draw(st.lists(st.sampled_from(titles), min_size=2, max_size=9, unique=True))
    row = st.lists(MENTIONED, min_size=len(headers), max_size=len(headers))
    return name, write_xlsx(headers, draw(st.lists(row, min_size=1, max_size=4)))


@pytest.mark.django_db
class MalformedFurtherLists(TestCase):
    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(further_tables())
    def test_a_preview_or_a_sentence_and_what_was_promised(self, drawn: tuple[str, bytes]) -> None:
        name, data = drawn
        site = SiteFactory.create()
        for make in (TandemKindFactory, FocusFactory, SupportFieldFactory):
            make.create(programme=site.programme)
        lea = MentorFactory.create(site=site, first_name="Lea", last_name="Birke", file_id="M-1")
        sara = MenteeFactory.create(site=site, first_name="Sara", last_name="Linde", file_id="K-1")
        tandem = tandem_of(lea, sara, file_id="T-1", meetings=(), created_at=AT)
        by = actor(coordinator(site))
        try:
            upload = receive_file(site=site, kind=name, name="x", data=data, by=by, at=AT)
        except CannotReceive as refused:
            said(refused)
            return
        if upload.state == UploadState.READ:
            return
        for row in upload.rows.all():
            assert bool(row.problems) == (row.standing == "bad")
        promised = upload.rows_new
        if promised:
            job = take(upload, by)
            assert (job.state, upload.taken_new) == ("done", promised)
        tandem.refresh_from_db()
        assert (tandem.ended_on is None) == (tandem.state != "ended")


@pytest.mark.django_db
class MalformedArchives(TestCase):
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(spoiled(), st.binary(max_size=300)))
    def test_nothing_or_one_file_for_each_site(self, data: bytes) -> None:
        carrier = SiteFactory.create(name="Nord").carrier
        try:
            receive_bundle(carrier=carrier, name="x", data=data, by=Actor(user_id=None), at=AT)
        except CannotReceive as refused:
            said(refused)
            self.nothing_stays()
        else:
            self.every_site_has_its_file()

    def nothing_stays(self) -> None:
        assert not Bundle.objects.exists()
        assert not StoredFile.objects.exists()

    def every_site_has_its_file(self) -> None:
        assert Bundle.objects.get().books.count() == StoredFile.objects.count()
