"""Guardians in letters: who signs for a child, whom an invitation is addressed to; minors only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from patenwerk.core.papers.writing import write_pdf
from patenwerk.letters.enums import LetterKind
from patenwerk.letters.kernel.defaults import TEXTS
from patenwerk.letters.kernel.placeholders import Placeholder
from patenwerk.letters.queries.facts import Facts, facts_of, sender_of
from patenwerk.letters.queries.family import (
    addresses_of,
    custodians,
    guardians_in_words,
    is_under_custody,
    signing_for,
)
from patenwerk.letters.queries.paper import paper_data
from patenwerk.letters.queries.run import letters_of
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Site
from patenwerk.people.models import PeopleSettings, Person
from patenwerk.tandems.models import Tandem
from tests.factories.letters import run_for
from tests.factories.organisations import SiteFactory
from tests.factories.people import GuardianFactory, MenteeFactory, MentorFactory, site_beside
from tests.factories.tandems import ParticipantFactory, tandem_of
from tests.letters.structure import lines_of, structure_of

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
CHILD = date(2015, 3, 4)


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    with translation.override("de"):
        yield


@pytest.fixture
def site() -> Site:
    return SiteFactory.create(name="Brücke Leipzig", carrier__name="Brücke e. V.")


@pytest.fixture
def lea(site: Site) -> Person:
    """A child with two guardians with custody, one without, and one who was taken off."""
    child = MenteeFactory.create(
        site=site, first_name="Lea", last_name="Birke", birth_date=CHILD, email="kind@example.org"
    )
    for name, said in (
        ("Maria", {"email": "maria@example.org"}),
        ("Jonas", {}),
        ("Oma", {"decides": False, "email": "oma@example.org"}),
        ("Weg", {"removed_on": date(2026, 10, 1)}),
    ):
        GuardianFactory.create(person=child, first_name=name, **said)
    return child


@pytest.fixture
def tandem(site: Site, lea: Person) -> Tandem:
    return tandem_of(MentorFactory.create(site=site, first_name="Ada", last_name="Ulme"), lea)


def everybody_signs(site: Site) -> None:
    PeopleSettings.objects.create(
        programme=site.programme, carrier=site.carrier, all_guardians_consent=True
    )


def told(kind: LetterKind, *about: Person | Tandem, **fields: Any) -> list[Facts]:
    run = run_for(*about, kind=kind.value, **fields)
    return facts_of(run, list(letters_of(run)), ON)


def paper_of(kind: LetterKind, site: Site, letters: list[Facts]) -> bytes:
    data = paper_data(
        kind=kind,
        wording=TEXTS[kind, Language.GERMAN],
        sender=sender_of(site),
        letters=letters,
        on=ON,
        language="de",
    )
    return write_pdf("letters/letter", data, at=AT)


@pytest.mark.parametrize(
    ("factory", "born", "guarded", "expected"),
    [
        (MenteeFactory, date(2008, 11, 24), False, True),
        (MenteeFactory, date(2008, 11, 23), True, False),
        (MenteeFactory, None, False, True),
        (MentorFactory, date(2008, 11, 24), False, True),
        (MentorFactory, date(2008, 11, 23), True, False),
        (MentorFactory, None, False, False),
        (MentorFactory, None, True, True),
    ],
)
def test_minors_are_under_custody(
    factory: Any, born: date | None, guarded: bool, expected: bool
) -> None:
    person = factory.create(birth_date=born)
    if guarded:
        GuardianFactory.create(person=person)
    assert is_under_custody(person, ON) is expected


def test_only_guardians_with_custody_of_a_minor_of_the_own_site_are_named(
    site: Site, lea: Person
) -> None:
    assert [str(one) for one in custodians(lea, site.pk, ON)] == ["Maria Birke", "Jonas Birke"]
    assert custodians(lea, site.pk + 1, ON) == []
    assert custodians(lea, site.pk, date(2033, 3, 4)) == [], "of age"


def test_one_line_is_enough_unless_everybody_signs(site: Site, lea: Person) -> None:
    one = signing_for(lea, site.pk, ON, all_sign=False)
    assert one == ["für Lea Birke: Maria Birke oder Jonas Birke"]
    each = signing_for(lea, site.pk, ON, all_sign=True)
    assert each == ["für Lea Birke: Maria Birke", "für Lea Birke: Jonas Birke"]
    foreign = signing_for(lea, site.pk + 1, ON, all_sign=True)
    assert foreign == ["für Lea Birke: sorgeberechtigte Person"]
    assert signing_for(lea, site.pk, date(2033, 3, 4), all_sign=True) == []


def test_names_in_words(site: Site, lea: Person) -> None:
    brother = MenteeFactory.create(site=site, birth_date=CHILD)
    adult = MentorFactory.create(site=site)
    assert guardians_in_words([adult], site.pk, ON) == "–"
    assert guardians_in_words([adult, brother], site.pk, ON) == "", "a line to write on"
    GuardianFactory.create(person=brother, first_name="Maria", last_name="Birke")
    assert guardians_in_words([lea, brother], site.pk, ON) == "Maria Birke und Jonas Birke"


def test_guardians_sign_the_agreement_of_a_child(site: Site, tandem: Tandem) -> None:
    (facts,) = told(LetterKind.AGREEMENT, tandem)
    assert facts.values[Placeholder.GUARDIANS] == "Maria Birke und Jonas Birke"
    assert facts.signatures == (
        "Lea Birke",
        "für Lea Birke: Maria Birke oder Jonas Birke",
        "Ada Ulme",
        "für Brücke e. V.",
    )
    everybody_signs(site)
    (facts,) = told(LetterKind.AGREEMENT, tandem)
    assert facts.signatures[1:3] == ("für Lea Birke: Maria Birke", "für Lea Birke: Jonas Birke")


def test_a_mentor_who_is_a_child_has_guardians_who_sign_too(site: Site) -> None:
    mentor = MentorFactory.create(site=site, first_name="Ben", last_name="Esche", birth_date=CHILD)
    GuardianFactory.create(person=mentor, first_name="Eva", last_name="Esche")
    adult = MenteeFactory.create(site=site, first_name="Ina", last_name="Linde")
    GuardianFactory.create(person=adult, first_name="Früher", last_name="Linde")
    (facts,) = told(LetterKind.AGREEMENT, tandem_of(mentor, adult))
    assert facts.signatures == (
        *("Ina Linde", "Ben Esche", "für Ben Esche: Eva Esche"),
        "für " + site.carrier.name,
    )
    assert "Früher" not in str(facts)


def test_guardians_of_another_sites_child_stay_unnamed(site: Site, tandem: Tandem) -> None:
    foreign = MenteeFactory.create(site=site_beside(site), first_name="Kim", birth_date=CHILD)
    GuardianFactory.create(person=foreign, first_name="Fremd", last_name="Geheim")
    ParticipantFactory.create(tandem=tandem, person=foreign)
    (facts,) = told(LetterKind.AGREEMENT, tandem)
    assert f"für {foreign.full_name}: sorgeberechtigte Person" in facts.signatures
    assert "Geheim" not in str(facts)


def test_an_invitation_of_a_child_is_addressed_to_its_guardians(site: Site, lea: Person) -> None:
    adult = MenteeFactory.create(site=site, first_name="Ina", last_name="Linde")
    GuardianFactory.create(person=adult, first_name="Früher", last_name="Linde")
    child, grown = told(LetterKind.INVITATION, lea, adult)
    assert child.to == ("Maria Birke", "Jonas Birke", "für Lea Birke")
    assert child.values[Placeholder.ADDRESSEE] == "Maria Birke und Jonas Birke"
    assert child.values[Placeholder.NAME] == child.name == "Lea Birke"
    assert grown.to == ("Ina Linde",)
    assert grown.values[Placeholder.ADDRESSEE] == "Ina Linde"
    assert grown.values[Placeholder.GUARDIANS] == "–"
    (message,) = told(LetterKind.MESSAGE, lea)
    assert message.to == ("Lea Birke",)
    assert message.values[Placeholder.GUARDIANS] == "Maria Birke und Jonas Birke"


def test_without_guardians_the_child_itself_is_invited(site: Site) -> None:
    (facts,) = told(
        LetterKind.INVITATION,
        MenteeFactory.create(site=site, first_name="Lea", last_name="", birth_date=CHILD),
    )
    assert facts.to == ("Lea",)
    assert facts.values[Placeholder.ADDRESSEE] == "Lea"
    assert facts.values[Placeholder.GUARDIANS] == ""


def test_an_invitation_by_mail_goes_to_the_guardians(site: Site, lea: Person) -> None:
    def found(kind: LetterKind, on: date = ON) -> list[str]:
        run = run_for(lea, kind=kind.value)
        return addresses_of(letters_of(run).get(), run, on)

    assert found(LetterKind.INVITATION) == ["maria@example.org"]
    assert found(LetterKind.INVITATION, date(2033, 3, 4)) == ["kind@example.org"]
    assert found(LetterKind.MESSAGE) == ["kind@example.org"]
    lea.guardians.filter(first_name="Jonas").update(email="jonas@example.org")
    assert found(LetterKind.INVITATION) == ["maria@example.org", "jonas@example.org"]
    lea.guardians.update(email="maria@example.org", removed_on=None)
    assert found(LetterKind.INVITATION) == ["maria@example.org"], "each address once"
    lea.guardians.update(email="")
    assert found(LetterKind.INVITATION) == ["kind@example.org"]
    Person.objects.filter(pk=lea.pk).update(email="")
    assert found(LetterKind.INVITATION) == []
    run = run_for(tandem_of(site=site))
    assert addresses_of(run.letters.get(), run, ON) == []


def test_the_paper_says_who_signs_and_can_be_read_aloud(site: Site, tandem: Tandem) -> None:
    everybody_signs(site)
    kind = LetterKind.AGREEMENT
    paper = paper_of(kind, site, told(kind, tandem))
    lines = lines_of(paper)
    at = lines.index("für Lea Birke: Maria Birke") - 1
    assert lines[at : at + 5] == [
        "Lea Birke",
        "für Lea Birke: Maria Birke",
        "für Lea Birke: Jonas Birke",
        "Ada Ulme",
        "für Brücke e. V.",
    ]
    assert not {"Oma", "Weg"} & set(" ".join(lines).split())
    read = structure_of(paper)
    assert (read.is_accessible, read.is_marked, set(read.languages)) == (True, True, {"de"})
    assert read.title == "Vereinbarung für Lea Birke und Ada Ulme"
    assert read.fonts == read.embedded >= 1
    assert (read.roles.count("H1"), read.pages) == (1, 1), "nobody signs on a page of their own"


def test_the_invitation_on_paper_is_addressed_to_the_family(site: Site, lea: Person) -> None:
    kind = LetterKind.INVITATION
    paper = paper_of(kind, site, told(kind, lea, appointment="Montag, 17 Uhr"))
    lines = lines_of(paper)
    at = lines.index("Maria Birke")
    assert lines[at : at + 3] == ["Maria Birke", "Jonas Birke", "für Lea Birke"]
    assert "Guten Tag Maria Birke und Jonas Birke," in lines
    assert structure_of(paper).is_accessible


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("kind", "queries"), [("invitation", 2), ("agreement", 4)])
def test_families_cost_the_same_for_few_and_many(
    site: Site,
    kind: str,
    queries: int,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    children = [MenteeFactory.create(site=site, birth_date=CHILD) for _ in range(count)]
    for child in children:
        GuardianFactory.create(person=child)
    if kind == "invitation":
        run = run_for(*children, kind=kind)
    else:
        run = run_for(*(tandem_of(None, child) for child in children), kind=kind)
    with django_assert_num_queries(queries):
        assert len(facts_of(run, list(letters_of(run)), ON)) == count
