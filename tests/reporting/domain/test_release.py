"""From draft to public: what is in a release, what refuses, what never comes out."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from patenwerk.audit.models import AuditEntry
from patenwerk.core.disclosure.protection import Unprotected
from patenwerk.jobs.domain.run import run
from patenwerk.jobs.enums import JobState
from patenwerk.jobs.models import Job
from patenwerk.organisations.models import Programme, Site
from patenwerk.reporting.domain.release import (
    CannotRelease,
    calculated_tables,
    discard_draft,
    draft_release,
    publish_release,
    store_draft,
)
from patenwerk.reporting.domain.rule import set_minimum_cell
from patenwerk.reporting.models import Release, ReleaseLedger
from patenwerk.reporting.queries.published import file_json, file_rows, shown
from patenwerk.reporting.queries.release import draft_problem, latest_release
from tests.factories.organisations import (
    CarrierFactory,
    FocusFactory,
    ProgrammeFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
)
from tests.factories.reporting import (
    AT,
    NOBODY,
    YearlyFigureFactory,
    drafted,
    published,
    tandems_at,
)
from tests.factories.tandems import TandemFactory

pytestmark = pytest.mark.django_db

OCTOBER = date(2026, 10, 31)


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


def begin(programme: Programme, as_of: date = OCTOBER, **said: Any) -> Release:
    return draft_release(programme=programme, as_of=as_of, by=NOBODY, at=AT, **said)


def codes(refusal: Any) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def work(release: Release) -> Job:
    assert release.job_id is not None
    run(job_id=release.job_id, clock=lambda: AT)
    return Job.objects.get(pk=release.job_id)


def test_the_job_fills_in_a_draft_s_tables(site: Site) -> None:
    tandems_at(site, 12, founded_on=date(2025, 5, 1))
    release = begin(site.programme, notes="Vorläufig")
    assert (release.published, release.state, release.settled_through) == (None, "draft", 2025)
    assert draft_problem(release) == ""
    job = work(release)
    release.refresh_from_db()
    assert (job.state, job.result) == (JobState.DONE, {"release": release.pk})
    found = shown(release)
    assert found is not None
    assert [(each.year, each.value, each.imported) for each in found.years] == [("2025", 12, False)]
    assert draft_problem(release) == ""
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["reporting.draft_release"]


def test_a_second_run_changes_nothing(site: Site) -> None:
    release = drafted(site.programme)
    first = release.published
    tandems_at(site, 12, founded_on=date(2025, 5, 1))
    protected, number = calculated_tables(release=release, progress=lambda *_told: None)
    store_draft(release=release, protected=protected, rule_number=number)
    release.refresh_from_db()
    assert release.published == first


def test_a_draft_thrown_away_ends_its_job_quietly(site: Site) -> None:
    release = begin(site.programme)
    discard_draft(release=release, by=NOBODY, at=AT)
    job = Job.objects.get()
    run(job_id=job.pk, clock=lambda: AT)
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.DONE, {"gone": True})
    assert not Release.objects.exists()
    discard_draft(release=release, by=NOBODY, at=AT)


def test_a_draft_thrown_away_while_it_is_calculated_stays_away(site: Site) -> None:
    release = begin(site.programme)
    protected, number = calculated_tables(release=release, progress=lambda *_told: None)
    discard_draft(release=release, by=NOBODY, at=AT)
    store_draft(release=release, protected=protected, rule_number=number)
    assert not Release.objects.exists()
    assert not ReleaseLedger.objects.exists()


def test_figures_that_cannot_be_protected_fail_with_words(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unprotected(*_figures: object, **_said: object) -> None:
        raise Unprotected("land")

    monkeypatch.setattr("patenwerk.reporting.domain.release.publish", unprotected)
    release = begin(site.programme)
    job = work(release)
    assert (job.state, job.problem) == (JobState.FAILED, "unprotected")
    release.refresh_from_db()
    assert release.published is None
    assert "ausrechnen" in draft_problem(release)
    assert not ReleaseLedger.objects.exists()


def test_a_job_that_crashed_is_said(site: Site) -> None:
    release = begin(site.programme)
    Job.objects.all().delete()
    assert "noch einmal" in draft_problem(release)


@pytest.mark.parametrize(
    ("as_of", "settled", "expected"),
    [
        (date(2026, 11, 24), 2025, ["ahead"]),
        (date(2026, 11, 23), 2026, ["not_over"]),
        (date(2025, 12, 31), 2026, ["not_over"]),
        (date(2026, 9, 30), 2025, ["not_later"]),
        (date(2026, 6, 30), 2026, ["not_later", "not_over"]),
    ],
)
def test_what_no_draft_is_begun_for(
    site: Site, as_of: date, settled: int, expected: list[str]
) -> None:
    if "not_later" in expected:
        published(site.programme, as_of=date(2026, 9, 30))
    with pytest.raises(CannotRelease) as refusal:
        begin(site.programme, as_of, settled_through=settled)
    assert codes(refusal) == expected


def test_a_year_is_over_on_its_last_day(site: Site) -> None:
    assert begin(site.programme, date(2025, 12, 31)).settled_through == 2025


def test_one_draft_at_a_time_in_each_programme(site: Site) -> None:
    begin(site.programme)
    with pytest.raises(CannotRelease) as refusal:
        begin(site.programme)
    assert codes(refusal) == ["draft_open"]
    begin(ProgrammeFactory.create())


def test_publishing_makes_it_the_latest_and_writes_who(site: Site) -> None:
    draft = drafted(site.programme)
    assert latest_release(site.programme_id) is None
    release = publish_release(release=draft, by=NOBODY, at=AT)
    assert (release.state, release.published_at) == ("published", AT)
    assert latest_release(site.programme_id) == release
    assert AuditEntry.objects.filter(action="reporting.publish_release").count() == 1


def test_nothing_is_published_before_its_tables_are_there(site: Site) -> None:
    release = begin(site.programme)
    with pytest.raises(CannotRelease) as refusal:
        publish_release(release=release, by=NOBODY, at=AT)
    assert codes(refusal) == ["not_ready"]


def test_what_is_public_stays(site: Site) -> None:
    release = published(site.programme)
    with pytest.raises(CannotRelease) as refusal:
        publish_release(release=release, by=NOBODY, at=AT)
    assert codes(refusal) == ["published"]
    with pytest.raises(CannotRelease) as refusal:
        discard_draft(release=release, by=NOBODY, at=AT)
    assert codes(refusal) == ["published"]
    assert Release.objects.get().state == "published"


def test_a_draft_that_was_overtaken_is_drafted_anew(site: Site) -> None:
    draft = drafted(site.programme)
    Release.objects.filter(pk=draft.pk).update(state="published", published_at=AT)
    late = drafted(site.programme, as_of=date(2026, 11, 1))
    Release.objects.filter(pk=late.pk).update(follows=None)
    with pytest.raises(CannotRelease) as refusal:
        publish_release(release=late, by=NOBODY, at=AT)
    assert codes(refusal) == ["overtaken"]


def test_a_draft_that_is_gone_cannot_be_published(site: Site) -> None:
    draft = drafted(site.programme)
    discard_draft(release=draft, by=NOBODY, at=AT)
    with pytest.raises(CannotRelease) as refusal:
        publish_release(release=draft, by=NOBODY, at=AT)
    assert codes(refusal) == ["gone"]


def test_a_programme_s_figures_are_its_own_and_imported_years_are_not_counted_again(
    site: Site,
) -> None:
    programme = site.programme
    focus = FocusFactory.create(programme=programme, code="sprache", name_de="Sprache")
    tandems_at(site, 30, founded_on=date(2023, 3, 1), focus=focus)
    tandems_at(site, 20, founded_on=date(2025, 3, 1), focus=focus)
    tandems_at(site, 9, founded_on=date(2026, 3, 1), focus=focus)
    tandems_at(site, 8, founded_on=date(2026, 11, 1), focus=focus)
    tandems_at(SiteFactory.create(), 50, founded_on=date(2025, 3, 1))
    for year, count in ((2022, 100), (2023, 110), (2024, 120)):
        YearlyFigureFactory.create(
            programme=programme, year=year, count=count, reported_by=site.carrier
        )
    YearlyFigureFactory.create(year=2024, count=999)
    release = published(programme)
    found = shown(release)
    assert found is not None
    assert [(each.year, each.value, each.imported) for each in found.years] == [
        ("2022", 100, True),
        ("2023", 110, True),
        ("2024", 120, True),
        ("2025", 20, False),
        ("2026", 9, False),
    ]
    assert found.grand_total == 359
    assert (found.since, found.imported) == ("2022", ("2022", "2024"))
    carriers = found.tables["carrier"]
    assert carriers.years == ("2022", "2023", "2024", "2025")
    assert [(row.name, row.values, row.total) for row in carriers.rows] == [
        (site.carrier.name, (100, 110, 120, 20), 350)
    ]
    # What nobody divided, or only one group has, is not shown in groups.
    assert found.tables["focus"].waiting == ("2022", "2023", "2024", "2025")
    assert found.tables["focus"].years == ()


def test_names_stay_as_they_were(site: Site) -> None:
    tandems_at(site, 12, founded_on=date(2025, 5, 1))
    name = site.carrier.name
    release = published(site.programme)
    site.carrier.name = "Neuer Name"
    site.carrier.save()
    found = shown(Release.objects.get(pk=release.pk))
    assert found is not None
    assert [row.name for row in found.tables["carrier"].rows] == [name]


def test_an_empty_programme_can_be_released(site: Site) -> None:
    found = shown(published(site.programme))
    assert found is not None
    assert (found.years, found.grand_total, found.since, found.imported) == ([], 0, "", None)
    assert list(file_rows(found)) == []


def test_the_minimum_of_the_day_of_drafting_holds(site: Site) -> None:
    set_minimum_cell(programme=site.programme, minimum=10, by=NOBODY, at=AT)
    tandems_at(site, 9, founded_on=date(2025, 5, 1))
    found = shown(published(site.programme))
    assert found is not None
    assert [each.value for each in found.years] == [None]
    assert found.holds_back
    assert found.hidden_count == 1


@pytest.fixture
def crowd() -> tuple[Programme, Counter[tuple[str, str, str]]]:
    """A programme with many small corners, and its true counts: table, year, code."""
    chance = random.Random(7)
    programme = ProgrammeFactory.create()
    kind = TandemKindFactory.create(programme=programme)
    field = SupportFieldFactory.create(programme=programme)
    focuses = [FocusFactory.create(programme=programme) for _ in range(4)]
    lands = ["BE", "NW", "BY", "HB", "SL", "HH"]
    sites = [
        SiteFactory.create(carrier=carrier, land=chance.choice(lands))
        for carrier in CarrierFactory.create_batch(4, programme=programme)
        for _ in range(3)
    ]
    truth: Counter[tuple[str, str, str]] = Counter()
    rows = []
    for year, number in ((2023, 60), (2024, 90), (2025, 75), (2026, 3)):
        for _one in range(number):
            site, focus = chance.choice(sites), chance.choice(focuses[: chance.randint(1, 4)])
            day = date(year, chance.randint(1, 9), 3)
            words = {"kind": kind, "field": field, "focus": focus}
            rows.append(
                TandemFactory.build(
                    site=site,
                    carrier=site.carrier,
                    programme=programme,
                    state="active",
                    founded_on=day,
                    last_meeting_on=day,
                    meeting_count=1,
                    **words,
                )
            )
            truth["land", str(year), site.land] += 1
            truth["focus", str(year), focus.code] += 1
            truth["carrier", str(year), str(site.carrier_id)] += 1
            truth["total", str(year), ""] += 1
    _store(rows)
    return programme, truth


def _store(rows: list[Any]) -> None:
    from patenwerk.tandems.models import Meeting, Tandem
    from tests.factories.tandems import MeetingFactory

    Tandem.objects.bulk_create(rows)
    Meeting.objects.bulk_create(
        MeetingFactory.build(
            tandem=row,
            site=row.site,
            carrier=row.carrier,
            programme=row.programme,
            held_on=row.founded_on,
        )
        for row in rows
    )


def test_no_published_number_is_a_true_small_one(
    crowd: tuple[Programme, Counter[tuple[str, str, str]]],
) -> None:
    programme, truth = crowd
    release = published(programme)
    found = shown(release)
    assert found is not None
    told = {(table, year, code): value for table, year, code, _n, value, _h, _s in file_rows(found)}
    small = {key for key, count in truth.items() if 0 < count < 5}
    assert ("total", "2026", "") in small
    assert len(small) > 5, "the programme has small corners"
    for key, value in told.items():
        if key[1] and value is not None:
            assert value == truth[key]
            assert not 0 < value < 5, key
    # Column totals and sums are kept to the same rule.
    assert not any(value is not None and 0 < value < 5 for value in told.values())
    hidden = {key for key, value in told.items() if key[1] and value is None}
    shown_small = small - hidden - {key for key in small if key not in told}
    assert shown_small == set()
    assert 0 < found.hidden_count < len(told)


def test_the_true_counts_are_in_no_file_and_no_page(
    crowd: tuple[Programme, Counter[tuple[str, str, str]]],
) -> None:
    programme, _truth = crowd
    release = published(programme)
    assert release.publication is not None
    text = json.dumps(file_json(release, release.publication))
    assert "ledger" not in text
    assert "shares" not in text
    assert "ledger" in json.dumps({"ledger": ReleaseLedger.objects.get(release=release).content})


def test_the_next_release_knows_what_was_said_before(
    crowd: tuple[Programme, Counter[tuple[str, str, str]]],
) -> None:
    programme, truth = crowd
    first = published(programme)
    site = Site.objects.filter(programme=programme).first()
    assert site is not None
    # One tandem more in a year that was divided already: the difference must not show.
    tandems_at(site, 1, founded_on=date(2024, 5, 5))
    second = published(programme, as_of=date(2026, 11, 15))
    assert second.follows == first
    before, now = shown(first), shown(second)
    assert before is not None
    assert now is not None
    values = {each.year: each.value for each in now.years}
    assert values["2024"] == truth["total", "2024", ""]
    assert [row.values for row in now.tables["land"].rows] == [
        row.values for row in before.tables["land"].rows
    ]
    assert {each.as_of for each in now.years if each.year == "2024"} <= {"2026-10-31", "2026-11-15"}


def test_the_database_holds_a_published_release_whole(site: Site) -> None:
    said = {
        "programme": site.programme,
        "as_of": OCTOBER,
        "settled_through": 2025,
        "minimum_cell": 5,
        "created_at": AT,
    }
    for broken in (
        {"state": "published"},
        {"state": "published", "published_at": AT},
        {"published_at": AT},
        {"minimum_cell": 2},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Release.objects.create(**{**said, **broken})
    published(site.programme)
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(**said, state="published", published_at=AT, published={})
    drafted(site.programme, as_of=date(2026, 11, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(**said)
