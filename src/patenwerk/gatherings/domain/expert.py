"""The directory of experts: nobody stands in it who has not agreed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.core.sheets.words import fold
from patenwerk.gatherings.domain.answer_mail import tell_inviter_of_expert
from patenwerk.gatherings.domain.promise import words_of
from patenwerk.gatherings.enums import ContributionState, Sector
from patenwerk.gatherings.models import Contribution, Expert
from patenwerk.gatherings.queries.expert import ASKED, IN_DIRECTORY, expert_token
from patenwerk.jobs.domain.handlers import job_name
from patenwerk.mail.domain.send import queue_mail
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Carrier, Programme, SupportField

FORGET_UNANSWERED = job_name("gatherings.forget_unanswered_experts")
KEEP_ASKED = timedelta(days=30)
"""How long somebody who was asked and never answered is kept."""

TOPICS_AT_MOST = 20
TOPIC_LENGTH = 60


class CannotSaveExpert(Refusal):
    """The entry was not written."""


class CannotAnswer(Refusal):
    """The question was answered already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertValues:
    """What is said about an expert. Without ``sector`` it is unknown where they come from."""

    name: str
    email: str = ""
    phone: str = ""
    organisation: str = ""
    sector: Sector | None = None
    about: str = ""
    topics: tuple[str, ...] = ()
    fields: tuple[SupportField, ...] = ()
    language: Language = Language.GERMAN


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks an expert: a person's name and their organisation's, as the mail says it.

    ``link`` is the address of an expert's own entry with ``{token}`` in it.
    """

    name: str
    organisation: str
    link: str


def topics_in(text: str) -> tuple[str, ...]:
    """Topics from a line with commas: each once, whatever its spelling, in their order."""
    found: dict[str, str] = {}
    for part in re.split(r"[,;\n]", text):
        topic = " ".join(part.split())
        found.setdefault(fold(topic) or topic, topic)
    return tuple(topic for topic in found.values() if topic)


@transaction.atomic
def add_expert(
    *,
    programme: Programme,
    values: ExpertValues,
    consented_on: date,
    asking: Asking,
    recommended_by: Carrier | None = None,
    by: Actor,
    at: datetime,
) -> Expert:
    """Enter somebody who agreed on a day, and mail them the link to their own entry.

    Without an address nothing is mailed. Raises :class:`CannotSaveExpert`: a day to come, an
    address that is there already, words of another programme, too many or long topics.
    """
    expert = Expert(programme=programme, created_at=at, recommended_by=recommended_by)
    later = consented_on > day_of(at)
    sentence = _("Please give the day the person agreed, today at the latest.")
    reasons = [Reason("consented_on", sentence, "consented_on")] if later else []
    _write(expert, values, reasons)
    expert.consented_on = consented_on
    _save(expert, values)
    if expert.email:
        _mail(expert, "expert_entered", asking, by=by, at=at)
    record(by=by, at=at, action="gatherings.add_expert", things=[expert])
    return expert


@transaction.atomic
def ask_expert(
    *,
    programme: Programme,
    values: ExpertValues,
    asking: Asking,
    recommended_by: Carrier | None = None,
    by: Actor,
    at: datetime,
) -> Expert:
    """Ask somebody by mail whether they want to stand in the directory.

    Until they agree the network office alone sees who was asked, and after :data:`KEEP_ASKED`
    without an answer the row goes. Raises :class:`CannotSaveExpert` as :func:`add_expert` does,
    and where there is no address to ask at.
    """
    expert = Expert(programme=programme, created_at=at, recommended_by=recommended_by)
    sentence = _("To ask this person we need an e-mail address.")
    reasons = [] if values.email else [Reason("address", sentence, "email")]
    _write(expert, values, reasons)
    _save(expert, values)
    _mail(expert, "expert_asked", asking, by=by, at=at)
    record(by=by, at=at, action="gatherings.ask_expert", things=[expert])
    return expert


@transaction.atomic
def change_expert(*, expert: Expert, values: ExpertValues, by: Actor, at: datetime) -> None:
    """Say anew what the directory says. Raises :class:`CannotSaveExpert`."""
    _lock(expert)
    _write(expert, values, [])
    _save(expert, values)
    record(by=by, at=at, action="gatherings.change_expert", things=[expert])


@transaction.atomic
def agree(*, expert: Expert, values: ExpertValues, by: Actor, at: datetime) -> None:
    """Enter somebody who was asked, with what they say of themselves, from today on.

    Raises :class:`CannotAnswer` where they agreed already, :class:`CannotSaveExpert`.
    """
    _lock(expert)
    if expert.consented_on is not None:
        raise CannotAnswer(Reason("answered", _("You agreed already. Thank you.")))
    _write(expert, values, [])
    expert.consented_on = day_of(at)
    _save(expert, values)
    record(by=by, at=at, action="gatherings.agree_expert", things=[expert])


@transaction.atomic
def withdraw(*, expert: Expert, by: Actor, at: datetime) -> None:
    """Take somebody out: the entry is emptied, what they contributed stays without a name.

    Who was asked and had not agreed leaves no row at all. Open invitations are declined, and those
    who invited are told without the name.
    """
    _lock(expert)
    record(by=by, at=at, action="gatherings.withdraw_expert", things=[expert])
    if expert.consented_on is None:
        expert.delete()
        return
    invited = expert.contributions.filter(state=ContributionState.INVITED)
    asking = [(each, each.gathering) for each in invited.select_related("gathering")]
    invited.update(state=ContributionState.DECLINED.value)
    for column in ("name", "email", "phone", "organisation", "sector", "about", "words"):
        setattr(expert, column, "")
    expert.topics, expert.recommended_by = [], None
    expert.language = Language.GERMAN.value
    expert.withdrawn_on = day_of(at)
    expert.save()
    expert.fields.clear()
    for contribution, gathering in ((each, to) for each, to in asking if to is not None):
        contribution.expert = expert
        tell_inviter_of_expert(contribution, gathering, accepts=False, by=by, at=at)


@transaction.atomic
def forget_unanswered(*, by: Actor, at: datetime) -> int:
    """Delete who was asked :data:`KEEP_ASKED` ago and never answered; answer how many."""
    found = list(Expert.objects.filter(ASKED, created_at__lt=at - KEEP_ASKED))
    if found:
        record(by=by, at=at, action="gatherings.forget_experts", things=found)
        Expert.objects.filter(pk__in=[expert.pk for expert in found]).delete()
    return len(found)


def add_contribution(
    *, expert: Expert, title: str, held_on: date, by: Actor, at: datetime
) -> Contribution:
    """Note what an expert contributed before. Raises :class:`CannotSaveExpert`: a day to come."""
    if held_on > day_of(at):
        sentence = _("Please give a day that is over. For one to come, please invite.")
        raise CannotSaveExpert(Reason("held_on", sentence, "held_on"))
    contribution = Contribution.objects.create(
        programme_id=expert.programme_id,
        expert=expert,
        title=title,
        held_on=held_on,
        state=ContributionState.HELD.value,
    )
    record(by=by, at=at, action="gatherings.add_contribution", things=[contribution])
    return contribution


def _lock(expert: Expert) -> None:
    """Bring the row up to date and keep it. Raises :class:`CannotAnswer` when it is gone."""
    living = Expert.objects.filter(ASKED | IN_DIRECTORY, pk=expert.pk)
    locked = living.select_for_update(of=("self",)).first()
    if locked is None:
        raise CannotAnswer(Reason("gone", _("This entry is not there any more.")))
    for column in Expert._meta.concrete_fields:
        setattr(expert, column.attname, getattr(locked, column.attname))


def _write(expert: Expert, values: ExpertValues, reasons: list[Reason]) -> None:
    refusals = [*reasons, *_refusals(expert, values)]
    if refusals:
        raise CannotSaveExpert(refusals)
    expert.name, expert.email = values.name, values.email.lower()
    expert.phone, expert.organisation = values.phone, values.organisation
    expert.sector = values.sector.value if values.sector is not None else ""
    expert.about, expert.topics = values.about, list(values.topics)
    expert.language = values.language.value
    expert.words = words_of(values.name, values.organisation, *values.topics, values.about)


def _save(expert: Expert, values: ExpertValues) -> None:
    expert.save()
    expert.fields.set(values.fields)


def _refusals(expert: Expert, values: ExpertValues) -> Iterator[Reason]:
    same = Expert.objects.filter(programme=expert.programme_id, email__iexact=values.email)
    if values.email and same.exclude(pk=expert.pk).exists():
        sentence = _("This person is in the directory already, or was asked and has not answered.")
        yield Reason("known", sentence, "email")
    if expert.consented_on is None and not expert._state.adding and not values.email:
        sentence = _("Please leave the address until the person has answered.")
        yield Reason("address", sentence, "email")
    if any(field.programme_id != expert.programme_id for field in values.fields):
        yield Reason("fields", _("Please choose fields of this programme."), "fields")
    many = len(values.topics) > TOPICS_AT_MOST
    if many or any(len(topic) > TOPIC_LENGTH for topic in values.topics):
        sentence = _("Please name 20 topics at most, each with 60 characters at most.")
        yield Reason("topics", sentence, "topics")


def _mail(expert: Expert, template: str, asking: Asking, *, by: Actor, at: datetime) -> None:
    queue_mail(
        to=expert.email,
        template=template,
        context={
            "name": expert.name,
            "programme": str(expert.programme),
            "asker": asking.name,
            "organisation": asking.organisation,
            "link": asking.link.replace("{token}", expert_token(expert)),
            "days": KEEP_ASKED.days,
        },
        language=expert.language,
        by=by,
        at=at,
        is_secret=True,
    )
