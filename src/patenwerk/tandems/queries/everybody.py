"""What is said of everybody in a tandem: »both« of two people, »all« of a group.

The one place for such sentences: pages ask ``Pair.everybody``, what knows a tandem only asks
:func:`everybody_in`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from patenwerk.core.lifecycle import Step
from patenwerk.tandems.models import Tandem
from patenwerk.tandems.queries.participant import at_the_end

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PEOPLE_OF_A_PAIR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Everybody:
    """Sentences in the reader's language, each of as many people as take part."""

    said_yes: StrOrPromise
    may_begin: StrOrPromise
    want_to_go_on: StrOrPromise
    went_on: StrOrPromise
    to_ask: StrOrPromise
    are_asked: StrOrPromise
    are_asked_apart: StrOrPromise
    are_asked_again: StrOrPromise
    after_a_break: StrOrPromise
    why_they: StrOrPromise
    what_they_did: StrOrPromise

    def label_of(self, step: Step) -> StrOrPromise:
        """What a step of the life cycle is called."""
        return {"agree": self.said_yes, "activate": self.want_to_go_on}.get(step.name, step.label)


PAIR = Everybody(
    said_yes=_("Both have said yes"),
    may_begin=_("Both have said yes. The trial can start."),
    want_to_go_on=_("Both want to go on"),
    went_on=_("The trial ended, both go on"),
    to_ask=_("Ask both"),
    are_asked=_("The tandem is proposed. Now both are asked."),
    are_asked_apart=_("Both are asked separately and may say no without a reason."),
    are_asked_again=_("A new episode is proposed. Now both are asked."),
    after_a_break=_(
        "After a break two people often find it harder. Ask both openly what shall be different."
    ),
    why_they=_("Why these two"),
    what_they_did=_("What did the two do?"),
)
GROUP = Everybody(
    said_yes=_("Everybody has said yes"),
    may_begin=_("Everybody has said yes. The trial can start."),
    want_to_go_on=_("Everybody wants to go on"),
    went_on=_("The trial ended, all go on"),
    to_ask=_("Ask everybody"),
    are_asked=_("The tandem is proposed. Now everybody is asked."),
    are_asked_apart=_("Everybody is asked separately and may say no without a reason."),
    are_asked_again=_("A new episode is proposed. Now everybody is asked."),
    after_a_break=_(
        "After a break a group often finds it harder. Ask everybody openly what shall be different."
    ),
    why_they=_("Why these people"),
    what_they_did=_("What did the group do?"),
)


def everybody_of(people: int) -> Everybody:
    """What is said of so many people."""
    return GROUP if people > PEOPLE_OF_A_PAIR else PAIR


def everybody_in(tandem: Tandem) -> Everybody:
    """What is said of those who are in a tandem, or were at its end: one query, none where its
    participants are prefetched.
    """
    return everybody_of(len(at_the_end(tandem, tandem.participants.all())))
