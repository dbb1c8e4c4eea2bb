"""What a list of people says about itself to the app that reads lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation

from patenwerk.core.policy import Actor
from patenwerk.imports.domain.kinds import Line
from patenwerk.imports.enums import Standing
from patenwerk.organisations.models import Site
from patenwerk.people.domain.importing import MENTEES, MENTORS
from patenwerk.people.models import Person
from tests.factories.organisations import SiteFactory
from tests.factories.people import MentorFactory, RecordCheckFactory
from tests.sheets import sheet_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def test_a_list_is_named_in_the_programme_s_words() -> None:
    programme = SiteFactory.create().programme
    with translation.override("de"):
        assert MENTORS.title(programme) == programme.mentor_words.plural
        assert MENTEES.title(programme) == "Mentees"


def test_what_was_taken_is_shown_at_its_site_and_side() -> None:
    site = SiteFactory.create()
    assert MENTORS.taken_url(site).endswith(f"?side=mentor&site={site.pk}")
    assert MENTEES.taken_url(site).endswith(f"?side=mentee&site={site.pk}")


# --- rows about somebody who is there already -----------------------------------------------

ON = date(2026, 11, 23)
ROW = {
    "file_id": "M-9",
    "first_name": "Mohamed",
    "last_name": "Hadad",
    "birth_date": date(2001, 5, 17),
    "postcode": "10115",
    "languages": "Arabisch C1",
}


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


@pytest.fixture
def known(site: Site) -> Person:
    return MentorFactory.create(
        site=site,
        first_name="Muhammad",
        last_name="Haddad",
        birth_date=date(2001, 5, 17),
        file_id="M-1",
    )


def compared(site: Site, *rows: Mapping[str, Any]) -> list[Line]:
    """The rows as the preview has them."""
    sheet = sheet_of(*rows)
    mapping = dict(enumerate(sheet.headers))
    understood = MENTORS.understand(sheet, mapping, site=site, on=ON, date_order=None)
    return MENTORS.compare(understood, site=site, on=ON, beside={})


def test_a_new_row_says_whom_it_probably_means_and_is_taken_all_the_same(
    site: Site, known: Person
) -> None:
    with translation.override("en"):
        line, other = compared(site, ROW, {**ROW, "file_id": "M-10", "first_name": "Layla"})
    assert (line.standing, other.standing) == (Standing.NEW, Standing.NEW)
    with translation.override("en"):
        assert line.hint() == "probably Muhammad Haddad, who is there already"
    assert other.hint() == ""
    taken = MENTORS.take([line], site=site, by=Actor(user_id=1), at=AT)
    assert (taken.new, taken.changed) == (1, 0)


def test_a_row_about_somebody_known_needs_no_hint(site: Site, known: Person) -> None:
    (line,) = compared(site, {**ROW, "file_id": "M-1"})
    assert (line.standing, line.hint()) == (Standing.CHANGED, "")


def test_the_number_and_the_name_of_a_merged_entry_mean_the_one_it_went_into(
    site: Site, known: Person
) -> None:
    gone = {"site": site, "archived_at": AT}
    second = MentorFactory.create(
        **gone, first_name="Mohamad", last_name="Hadad", file_id="M-2", merged_into=known
    )
    MentorFactory.create(
        **gone, first_name="Mohammed", last_name="Haddad", file_id="M-3", merged_into=second
    )
    for number in ("M-2", "M-3"):
        (line,) = compared(site, {**ROW, "file_id": number})
        assert line.standing is Standing.CHANGED
        assert line.entry.person_id == known.pk
    (unnumbered,) = compared(site, {**ROW, "first_name": "Mohamad", "file_id": ""})
    assert unnumbered.entry.person_id == known.pk
    twice = compared(site, {**ROW, "file_id": "M-1"}, {**ROW, "file_id": "M-2"})
    assert [line.standing for line in twice] == [Standing.BAD, Standing.BAD]


def test_a_merged_entry_of_the_same_name_and_without_a_number_is_no_second_person(
    site: Site, known: Person
) -> None:
    same = {"first_name": "Muhammad", "last_name": "Haddad", "birth_date": known.birth_date}
    MentorFactory.create(site=site, archived_at=AT, merged_into=known, **same)
    (line,) = compared(site, {**ROW, **same, "file_id": ""})
    assert line.entry.person_id == known.pk


def test_a_number_given_anew_means_whoever_has_it_now(site: Site, known: Person) -> None:
    MentorFactory.create(site=site, file_id="M-2", archived_at=AT, merged_into=known)
    now = MentorFactory.create(site=site, file_id="M-2")
    (line,) = compared(site, {**ROW, "file_id": "M-2"})
    assert line.entry.person_id == now.pk


# --- record checks ----------------------------------------------------------------------------


def test_that_an_entry_was_found_is_a_difference_and_stays(site: Site, known: Person) -> None:
    RecordCheckFactory.create(person=known, certificate_date=date(2026, 2, 1))
    row = {
        "file_id": "M-1",
        "first_name": "Muhammad",
        "last_name": "Haddad",
        "postcode": known.postcode,
        "languages": "Deutsch C1",
        "record_check_date": date(2026, 2, 1),
        "record_check_entry": "ja",
    }
    lines = compared(site, row)
    assert [(each.title, each.before, each.after) for each in lines[0].differences] == [
        ("Eintrag im Führungszeugnis", "nein", "ja")
    ]
    later = {**row, "record_check_date": date(2026, 3, 1)}
    assert [each.title for each in compared(site, later)[0].differences] == [
        "Führungszeugnis vom",
        "Eintrag im Führungszeugnis",
    ]
    MENTORS.take(lines, site=site, by=Actor(user_id=1), at=AT)
    known.refresh_from_db()
    assert known.record_check.conviction_found
    clean = {**later, "record_check_entry": "nein"}
    assert [line.standing for line in compared(site, row, clean)] == [Standing.BAD, Standing.BAD]
    assert [line.standing for line in compared(site, clean)] == [Standing.UNCHANGED]
    (undated,) = compared(site, {**row, "record_check_date": None})
    assert (undated.standing, len(undated.problems)) == (Standing.BAD, 1)
