"""What gatherings add to the world of the sweep, and the oracle's words about them.

At home the gatherings are a carrier's own; the colleague's and the one abroad are the network
office's, so that both kinds of organisers are looked at from outside.
"""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.db import models

from patenwerk.gatherings.enums import (
    Access,
    AgendaEvent,
    AnswerKind,
    Audience,
    ContributionState,
    Licence,
    MinutesState,
    Need,
)
from patenwerk.gatherings.models import (
    AgendaChange,
    AgendaItem,
    Answer,
    CarrierShare,
    Commitment,
    Contact,
    Contribution,
    Correction,
    Decision,
    Expert,
    FeedbackAnswer,
    FeedbackQuestion,
    FeedbackSheet,
    Gathering,
    GatheringKind,
    Material,
    Minutes,
    Objection,
    Progress,
    Question,
    Registration,
    Section,
    Series,
)
from patenwerk.organisations.models import Site
from tests.factories.gatherings import (
    STARTS,
    AgendaItemFactory,
    CommitmentFactory,
    ContactFactory,
    DecisionFactory,
    ExpertFactory,
    GatheringFactory,
    GatheringKindFactory,
    MinutesFactory,
    RegistrationFactory,
    SectionFactory,
    SeriesFactory,
)
from tests.factories.organisations import CREATED
from tests.isolation.world import Place, Records

#: Known with the gathering they hang on.
SEEN_WITH_GATHERING: set[type[models.Model]] = {
    AgendaChange,
    AgendaItem,
    Gathering,
    Material,
    Series,
}
#: Known once the minutes were sent.
SEEN_WITH_MINUTES: set[type[models.Model]] = {
    Commitment,
    Correction,
    Decision,
    Minutes,
    Objection,
    Progress,
    Section,
}
#: The organisers' alone; a registration is its carrier's, too.
ORGANISERS_ONLY: set[type[models.Model]] = {
    Answer,
    CarrierShare,
    FeedbackAnswer,
    FeedbackQuestion,
    FeedbackSheet,
    Question,
    Registration,
}
PARTS = SEEN_WITH_GATHERING | SEEN_WITH_MINUTES | ORGANISERS_ONLY
#: The whole programme's, for those who work with it.
DIRECTORY: set[type[models.Model]] = {Contribution, Expert, GatheringKind}
ALL = PARTS | DIRECTORY | {Contact}
AT_HOME = {Place.OWN, Place.SIBLING}


def reached(role: str, model: type[models.Model], place: Place) -> bool:
    """Whether a role may learn that this place's record exists."""
    if model in DIRECTORY:
        return role in {"network", "manager"} and place is not Place.ABROAD
    if model is Contact:
        network = role == "network" and place is not Place.ABROAD
        return network or (role == "manager" and place in AT_HOME)
    if role == "manager":
        return place in AT_HOME
    if role == "network":
        return place is Place.COLLEAGUE
    if role == "office":
        return model in SEEN_WITH_GATHERING and place is Place.COLLEAGUE
    return model not in ORGANISERS_ONLY and place in AT_HOME


def gatherings(records: Records, site: Site, canary: str) -> None:
    """One gathering with everything that can hang on it; both places at home share it."""
    earlier = Gathering.objects.filter(carrier=site.carrier).first()
    if earlier is not None:
        _take(records, earlier, site)
        return
    programme = site.programme
    word = canary if records.place is Place.ABROAD else "Gemeinsam"
    of = {"programme": programme, "carrier": site.carrier if records.place is Place.OWN else None}
    kind = GatheringKindFactory.create(
        programme=programme,
        code=f"treffen-{records.place}",
        name_de=f"Treffen {word}",
        name_en=f"Meeting {word}",
    )
    series = SeriesFactory.create(**of, name=f"Reihe {canary}")
    gathering = GatheringFactory.create(
        **of, kind=kind, series=series, audience=Audience.INVITED, title=canary, about=canary
    )
    hangs: dict[str, Any] = {"gathering": gathering, **of}
    item = AgendaItemFactory.create(
        gathering=gathering, title=canary, text=canary, speaker=canary, proposed_by=site.carrier
    )
    AgendaChange.objects.create(**hangs, event=AgendaEvent.ADDED, title=canary, at=CREATED)
    CarrierShare.objects.create(**hangs, of_carrier=site.carrier, is_invited=True, seats=3)
    question = Question.objects.create(**hangs, need=Need.FOOD, text=canary)
    registration = RegistrationFactory.create(
        gathering=gathering, carrier=site.carrier, name=canary, email=f"{canary}@example.org"
    )
    Answer.objects.create(
        **hangs, registration=registration, question=question, text=canary, consented_at=CREATED
    )
    material = Material(
        **hangs,
        item=item,
        title=canary,
        licence=Licence.CC_BY,
        access=Access.CIRCLE,
        media_type="text/plain",
        size=len(canary),
        added_at=CREATED,
    )
    material.file.save(f"{canary}.txt", ContentFile(canary.encode()), save=True)
    _minutes(gathering, site, canary)
    expert = ExpertFactory.create(programme=programme, name=word, about=word, topics=[word])
    Contribution.objects.create(
        programme=programme,
        expert=expert,
        title=word,
        held_on=STARTS.date(),
        state=ContributionState.HELD,
    )
    ContactFactory.create(carrier=site.carrier, name=canary, task=canary)
    asked = FeedbackQuestion.objects.create(**hangs, kind=AnswerKind.TEXT, text=canary)
    sheet = FeedbackSheet.objects.create(**hangs, registration=registration, given_on=STARTS.date())
    FeedbackAnswer.objects.create(**hangs, sheet=sheet, question=asked, text=canary)
    _take(records, gathering, site)


def _minutes(gathering: Gathering, site: Site, canary: str) -> None:
    minutes = MinutesFactory.create(
        gathering=gathering,
        state=MinutesState.OBJECTED,
        sent_at=CREATED,
        objections_until=STARTS.date(),
    )
    section = SectionFactory.create(minutes=minutes, heading=canary, text=canary)
    of = {**gathering.organiser_columns, "minutes": minutes}
    Objection.objects.create(
        **of, section=section, of_carrier=site.carrier, text=canary, raised_at=CREATED
    )
    Correction.objects.create(**of, text=canary, at=CREATED)
    decision = DecisionFactory.create(
        gathering=gathering, section=section, text=canary, grounds=canary
    )
    commitment = CommitmentFactory.create(
        gathering=gathering,
        section=section,
        decision=decision,
        of_carrier=site.carrier,
        text=canary,
        owner=canary,
    )
    Progress.objects.create(
        **gathering.organiser_columns, commitment=commitment, text=canary, at=CREATED
    )


def _take(records: Records, gathering: Gathering, site: Site) -> None:
    """Remember one record of each model around a gathering."""
    minutes = gathering.minutes
    commitment = Commitment.objects.get(gathering=gathering)
    sheet = FeedbackSheet.objects.get(gathering=gathering)
    experts = Expert.objects.filter(programme=site.programme)
    records.add(
        gathering,
        gathering.kind,
        gathering.series,
        minutes,
        commitment,
        sheet,
        Progress.objects.get(commitment=commitment),
        experts.last(),
        Contribution.objects.filter(expert=experts.last()).first(),
        Contact.objects.filter(carrier=site.carrier).first(),
        Section.objects.get(minutes=minutes),
        Objection.objects.get(minutes=minutes),
        Correction.objects.get(minutes=minutes),
        *(
            model._default_manager.get(gathering=gathering)
            for model in (
                AgendaChange,
                AgendaItem,
                Answer,
                CarrierShare,
                Decision,
                FeedbackAnswer,
                FeedbackQuestion,
                Material,
                Question,
                Registration,
            )
        ),
    )
