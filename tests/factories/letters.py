"""Runs of letters and texts for tests: rows as the domain would have written them."""

from __future__ import annotations

from typing import Any

import factory

from patenwerk.letters.enums import LetterKind, RunState
from patenwerk.letters.models import Letter, LetterFile, LetterRun, LetterText
from patenwerk.people.models import Person
from patenwerk.tandems.models import Tandem
from tests.factories.organisations import CREATED, CarrierFactory, SiteFactory


class LetterRunFactory(factory.django.DjangoModelFactory[LetterRun]):
    """Letters somebody has chosen and not made yet."""

    class Meta:
        model = LetterRun

    site = factory.SubFactory(SiteFactory)
    carrier = factory.SelfAttribute("site.carrier")
    programme = factory.SelfAttribute("site.programme")
    kind = LetterKind.INVITATION.value
    asked_at = CREATED


class LetterFactory(factory.django.DjangoModelFactory[Letter]):
    class Meta:
        model = Letter

    run = factory.SubFactory(LetterRunFactory)
    site = factory.SelfAttribute("run.site")
    carrier = factory.SelfAttribute("run.carrier")
    programme = factory.SelfAttribute("run.programme")


class LetterTextFactory(factory.django.DjangoModelFactory[LetterText]):
    """The first version of a carrier's own text."""

    class Meta:
        model = LetterText

    carrier = factory.SubFactory(CarrierFactory)
    programme = factory.SelfAttribute("carrier.programme")
    kind = LetterKind.INVITATION.value
    language = "de"
    version = 1
    title = "Einladung"
    body = "Guten Tag {Name}"
    written_at = CREATED


def run_for(*about: Person | Tandem, **fields: Any) -> LetterRun:
    """A run with a letter about each of these people or tandems of one site."""
    run = LetterRunFactory.create(site=about[0].site, **fields)
    for one in about:
        LetterFactory.create(run=run, **{"person" if isinstance(one, Person) else "tandem": one})
    return run


def made(run: LetterRun, data: bytes = b"%PDF-1.7 letters", **fields: Any) -> LetterRun:
    """The run as it is when its letters were made."""
    fields = {"made_at": CREATED, "made_count": run.letters.count(), **fields}
    LetterRun.objects.filter(pk=run.pk).update(state=RunState.MADE.value, **fields)
    LetterFile.objects.create(
        run=run, site=run.site, carrier=run.carrier, programme=run.programme, data=data
    )
    run.refresh_from_db()
    return run
