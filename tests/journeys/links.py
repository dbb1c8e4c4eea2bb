"""A real address for every public page that needs more than its name, and for pages that want a
record in a state of its own.

Signed links name real rows in the state in which the page has most to show; where a page is
different in kind from state to state, there is an address for each.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse

from patenwerk.core import clock
from patenwerk.gatherings.domain.registration import Coming, invite_person
from patenwerk.gatherings.enums import (
    Access,
    AnswerKind,
    Audience,
    ContributionState,
    Licence,
    Need,
    Seat,
    State,
)
from patenwerk.gatherings.models import (
    Contribution,
    FeedbackQuestion,
    Gathering,
    Material,
    Minutes,
    Question,
    Registration,
)
from patenwerk.gatherings.queries.calendar import calendar_token
from patenwerk.gatherings.queries.expert import contribution_token, expert_token
from patenwerk.gatherings.queries.feedback import feedback_token
from patenwerk.gatherings.queries.minutes import minutes_token
from patenwerk.gatherings.queries.registration import token_of
from patenwerk.jobs.domain.enqueue import enqueue
from patenwerk.letters.domain.run import MAKE
from patenwerk.letters.enums import LetterKind, RunState
from patenwerk.letters.models import LetterRun
from patenwerk.organisations.domain.invitation import role_columns, token_hash
from patenwerk.organisations.enums import Role
from patenwerk.organisations.models import Account, Carrier, Invitation, Programme, Site
from patenwerk.people.enums import BatchKind, BatchState, RowState
from patenwerk.reporting.domain.release import publish_release
from patenwerk.reporting.models import Release
from patenwerk.tandems.enums import State as TandemState
from tests.factories.gatherings import (
    AgendaItemFactory,
    ExpertFactory,
    GatheringFactory,
    RegistrationFactory,
)
from tests.factories.imports import LEA, upload_of
from tests.factories.letters import made, run_for
from tests.factories.people import (
    BatchFactory,
    BatchRowFactory,
    MenteeFactory,
    MentorFactory,
)
from tests.factories.reporting import NOBODY
from tests.factories.tandems import tandem_of
from tests.isolation.world import Place, World

#: The smallest picture there is.
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)

#: The values in an address, for each address of a route.
Values = list[list[Any]]


def real_addresses(world: World) -> dict[str, list[str]]:
    """Addresses by the name of their route. Writes the rows they name into the world."""
    own = world.records[Place.OWN].by_model
    programme: Programme = own[Programme]
    carrier: Carrier = own[Carrier]
    values: dict[str, Values] = {
        **_of_programme(programme),
        **_of_accounts(programme, world.accounts["office"]),
        **_ahead(programme, carrier),
        **_over(programme, carrier),
        **_of_experts(programme),
        **_of_a_site(own[Site], world.records[Place.SIBLING].by_model[Site]),
        "gatherings:read_minutes": [[minutes_token(own[Minutes])]],
        "gatherings:read_minutes_paper": [[minutes_token(own[Minutes])]],
    }
    calendar, kind = calendar_token(world.accounts["manager"]), own[Gathering].kind_id
    values["gatherings:own_calendar"] = [[calendar]]
    values["gatherings:own_kind_calendar"] = [[calendar, kind]]
    return {
        name: [reverse(name, args=args) for args in addresses] for name, addresses in values.items()
    }


def _of_programme(programme: Programme) -> dict[str, Values]:
    """The programme's own pages; its draft is published, for everybody."""
    programme.logo.save("logo.png", ContentFile(DOT))
    draft = Release.objects.get(programme=programme)
    with transaction.atomic():
        release = publish_release(release=draft, by=NOBODY, at=clock.now())
    of_slug: Values = [[programme.slug]]
    return {
        "desk:programme": of_slug,
        "gatherings:public_list": of_slug,
        "gatherings:programme_calendar": of_slug,
        "gatherings:atom": of_slug,
        "organisations:logo": [[programme.pk]],
        "reporting:release": [[release.pk]],
        "reporting:release_file": [[release.pk, kind] for kind in ("json", "csv", "xlsx")],
    }


def _of_accounts(programme: Programme, member: Account) -> dict[str, Values]:
    """Links of invitations and forgotten passwords: good ones, and ones good no more."""
    now = clock.now()
    Invitation.objects.create(
        **role_columns(programme),
        role=Role.PROGRAMME_OFFICE,
        email="neu@example.org",
        first_name="Nela",
        last_name="Neuland",
        token_hash=token_hash("ein-neuer-link"),
        invited_by=member,
        created_at=now,
        expires_at=now + timedelta(days=7),
    )
    return {
        "organisations:accept": [["ein-neuer-link"], ["ein-alter-link"]],
        "account_reset_password_from_key": [
            [user_pk_to_url_str(member), default_token_generator.make_token(member)],
            ["x", "y"],
        ],
    }


def _ahead(programme: Programme, carrier: Carrier) -> dict[str, Values]:
    """A gathering for everybody that is still to come, and people in every state."""
    now = clock.now()
    gathering: Gathering = GatheringFactory.create(
        programme=programme,
        audience=Audience.PUBLIC,
        title="Tag der offenen Patenschaft",
        about="Für alle, die es kennenlernen wollen.",
        starts_at=now + timedelta(days=40),
        place_name="Haus der Begegnung",
        capacity=5,
        seats_taken=2,
    )
    AgendaItemFactory.create(gathering=gathering, title="Begrüßung")
    Question.objects.create(
        **gathering.organiser_columns, gathering=gathering, need=Need.ACCESS, text="Was hilft?"
    )
    of = {"gathering": gathering, "carrier": carrier}
    waits = {"waiting_since": now - timedelta(days=2)}
    offer = {**waits, "offered_until": now + timedelta(days=2)}
    seated = RegistrationFactory.create(**of, listed_at=now, email="da@example.org")
    offered = RegistrationFactory.create(**of, **offer, state=Seat.OFFERED)
    with transaction.atomic():
        invited = invite_person(
            gathering=gathering,
            person=Coming(name="Gast Gastmann", email="gast@example.org"),
            link="https://example.org/{token}",
            by=NOBODY,
            at=now,
        )
    others = [
        RegistrationFactory.create(**of, **waits, state=Seat.WAITING),
        RegistrationFactory.create(**of, state=Seat.SUBSTITUTE),
        RegistrationFactory.create(**of, state=Seat.DECLINED),
    ]
    material = _material(gathering)
    of_seated: Values = [[token_of(seated)]]
    return {
        "gatherings:kind_calendar": [[programme.slug, gathering.kind.code]],
        "gatherings:public": [[gathering.pk]],
        "gatherings:public_calendar": [[gathering.pk]],
        "gatherings:public_material": [[material.pk]],
        "gatherings:register_guest": [[gathering.pk]],
        "gatherings:registered_material": [[token_of(seated), material.pk]],
        "gatherings:registration": [[token_of(one)] for one in (seated, offered, invited, *others)],
        "gatherings:registration_accept": [[token_of(one)] for one in (offered, invited)],
        "gatherings:registration_change": of_seated,
        "gatherings:registration_decline": of_seated,
        "gatherings:registration_needs": of_seated,
    }


def _material(gathering: Gathering) -> Material:
    material = Material(
        **gathering.organiser_columns,
        gathering=gathering,
        title="Handreichung",
        licence=Licence.CC_BY,
        access=Access.EVERYBODY,
        media_type="text/plain",
        size=9,
        added_at=clock.now(),
    )
    material.file.save("handreichung.txt", ContentFile(b"Anleitung"), save=True)
    return material


def _over(programme: Programme, carrier: Carrier) -> dict[str, Values]:
    """A gathering that took place the day before yesterday, and somebody who was there."""
    now = clock.now()
    gathering = GatheringFactory.create(
        programme=programme,
        state=State.HELD,
        starts_at=now - timedelta(days=2),
        feedback_asked_at=now - timedelta(days=1),
    )
    for kind, text in ((AnswerKind.SCALE, "Hat es sich gelohnt?"), (AnswerKind.TEXT, "Was noch?")):
        FeedbackQuestion.objects.create(
            **gathering.organiser_columns, gathering=gathering, kind=kind, text=text
        )
    asked, given = (
        RegistrationFactory.create(
            gathering=gathering, carrier=carrier, attended=True, feedback_given_on=day
        )
        for day in (None, clock.today())
    )
    rows: tuple[Registration, Registration] = (asked, given)
    return {
        "gatherings:give_feedback": [[feedback_token(row)] for row in rows],
        "gatherings:certificate_by_link": [[token_of(asked)]],
    }


def _of_experts(programme: Programme) -> dict[str, Values]:
    """Experts who were asked, and who are in the directory; an invitation and an answer."""
    now = clock.now()
    expert, asked = (
        ExpertFactory.create(programme=programme, consented_on=day) for day in (clock.today(), None)
    )
    gathering = GatheringFactory.create(programme=programme, starts_at=now + timedelta(days=30))
    contributions = [
        Contribution.objects.create(
            programme=programme,
            expert=expert,
            gathering=gathering,
            title=title,
            held_on=gathering.starts_at.date(),
            state=state,
        )
        for title, state in (
            ("Vortrag", ContributionState.INVITED),
            ("Gespräch", ContributionState.ACCEPTED),
        )
    ]
    material = _material(gathering)
    return {
        "gatherings:expert_material": [[contribution_token(contributions[0]), material.pk]],
        "gatherings:note_held": [[contributions[0].pk]],
        "gatherings:expert_self": [[expert_token(expert)], [expert_token(asked)]],
        "gatherings:answer_contribution": [[contribution_token(one)] for one in contributions],
    }


def _of_a_site(site: Site, other: Site) -> dict[str, Values]:
    """A person whom another site would like to bring together with one of its own; bad rows."""
    mentor, mentee = MentorFactory.create(site=other), MenteeFactory.create(site=site)
    tandem = tandem_of(mentor, mentee, state=TandemState.PROPOSED, meetings=())
    return {
        "matching:answer": [[tandem.participants.get(person=mentee).pk]],
        "imports:bad_rows": [[upload_of(site, {**LEA, "PLZ": "1"}).pk]],
        "letters:run": [[run.pk] for run in _letters(site)],
        **_at_once(site),
    }


def _at_once(site: Site) -> dict[str, Values]:
    """For several people: to be archived, to be changed, done, taken back; each with somebody
    left out, or of whom something stays.
    """
    not_done = {"site": site, "state": BatchState.CHOSEN, "done_at": None}
    archive, change = (
        BatchFactory.create(**not_done, kind=kind, version=version)
        for kind, version in ((BatchKind.ARCHIVE, 0), (BatchKind.CHANGE, 1))
    )
    done = BatchFactory.create(site=site, done_at=clock.now())
    undone = BatchFactory.create(
        site=site, done_at=clock.now(), undone_at=clock.now(), state=BatchState.UNDONE
    )
    person = MentorFactory.create(site=site)
    for batch, one, other in (
        (archive, RowState.TO_DO, RowState.LEFT_OUT),
        (change, RowState.TO_DO, RowState.SAME),
        (done, RowState.DONE, RowState.DONE),
        (undone, RowState.UNDONE, RowState.STAYS),
    ):
        BatchRowFactory.create(batch=batch, state=one, person=person)
        BatchRowFactory.create(
            batch=batch, state=other, reasons=["changed"], person__furthest_km=12
        )
    return {
        "people:batch": [[batch.pk] for batch in (archive, change, done, undone)],
        "people:plan_batch": [[change.pk]],
        "people:take_batch_back": [[done.pk]],
    }


def _letters(site: Site) -> list[LetterRun]:
    """Letters that were made, that are chosen (with somebody left out; in one's own words), that
    are being made, that leave as e-mails, do not any more, or were stopped.
    """
    mentors = [
        MentorFactory.create(site=site, email="a@example.org"),
        MentorFactory.create(site=site, birth_date=None),
    ]
    check = LetterKind.RECORD_CHECK.value
    ready, chosen = (run_for(*mentors, kind=check) for _ in range(2))
    ready.letters.filter(person=mentors[1]).update(left_out="birth_date")
    working = run_for(*mentors)
    with transaction.atomic():
        job = enqueue(name=MAKE, payload={"run": working.pk}, by=NOBODY, at=clock.now(), scope=site)
    message = run_for(*mentors, kind=LetterKind.MESSAGE.value)
    mailing, stuck, stopped = (
        run_for(*mentors, state=state.value)
        for state in (RunState.MAILING, RunState.MAILING, RunState.STOPPED)
    )
    busy = [working.pk, mailing.pk]
    LetterRun.objects.filter(pk__in=busy).update(job_id=job.pk)
    return [made(ready), chosen, working, message, mailing, stuck, stopped]
