"""What the pages say about each purpose of a consent. A new purpose needs its words here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from patenwerk.people.enums import ConsentPurpose

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class PurposeWords:
    """``address`` is its part of an address. ``title`` and ``why`` stand on a person's page;
    ``question`` and ``asking`` before the text that is read out; ``withdrawing`` says what
    follows when it is taken back. The last two name the person as ``%(name)s``.
    """

    address: str
    title: StrOrPromise
    why: StrOrPromise
    question: StrOrPromise
    asking: StrOrPromise
    withdrawing: StrOrPromise


WORDS: Mapping[ConsentPurpose, PurposeWords] = {
    ConsentPurpose.TAKING_PART: PurposeWords(
        address="teilnahme",
        title=_("Taking part in the programme"),
        why=_(
            "A tandem, its meetings and what is written down of them. Your carrier says whether "
            "a tandem with somebody under 18 needs this consent here."
        ),
        question=_("Does this person want to take part?"),
        asking=_(
            "Please read this to %(name)s, or have it signed. For somebody under 16 a guardian "
            "says yes."
        ),
        withdrawing=_(
            "Then %(name)s has not consented to taking part any more. Where your carrier wants "
            "this consent of minors, a tandem that runs goes on until you decide, but it cannot "
            "take its next step."
        ),
    ),
    ConsentPurpose.OTHER_CARRIERS: PurposeWords(
        address="andere-traeger",
        title=_("Found by other carriers, too"),
        why=_(
            "Only whoever has consented takes part in rounds over all carriers. Other sites see "
            "the first name, the postcode region and the reasons until both have said yes."
        ),
        question=_("May other carriers find this person, too?"),
        asking=_(
            "Please read this to %(name)s, or have it signed. A no changes nothing: the search "
            "at your own site goes on."
        ),
        withdrawing=_(
            "Then other carriers do not find %(name)s any more, and suggestions from there that "
            "nobody has decided about are withdrawn. What has been decided stays."
        ),
    ),
    ConsentPurpose.MOVE_SITE: PurposeWords(
        address="wechsel",
        title=_("Move to another site"),
        why=_("Holds for one move to one site."),
        question=_("May another site take this person over?"),
        asking=_(
            "Please tell %(name)s which site it is, and read this out or have it signed. A no "
            "changes nothing."
        ),
        withdrawing=_(
            "Then no other site can take %(name)s over. A proposal that waits for an answer is "
            "taken back with it."
        ),
    ),
}
