"""Letters as papers: the data their template sets, and their words for a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from patenwerk.letters.enums import LetterKind
from patenwerk.letters.kernel.defaults import Wording
from patenwerk.letters.kernel.markup import Block, changed, parsed
from patenwerk.letters.kernel.placeholders import Placeholder, filled
from patenwerk.letters.queries.facts import Facts, Sender
from patenwerk.organisations.enums import Language
from patenwerk.organisations.queries.look import logo_of

OFFICE_LANGUAGE = Language.GERMAN
"""What the registration office reads, whatever language the letter around it is in."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter's words with everything filled in."""

    title: str
    blocks: tuple[Block, ...]


def shown(wording: Wording, facts: Facts) -> Shown:
    """The words of one letter. What is filled in stays as it is, whatever signs it holds."""
    fill = partial(filled, values=facts.values)
    return Shown(fill(wording.title), changed(parsed(wording.body), fill))


def paper_data(
    *,
    kind: LetterKind,
    wording: Wording,
    sender: Sender,
    letters: Sequence[Facts],
    on: date,
    language: str,
) -> dict[str, Any]:
    """What ``papers/letter.typ`` is given: one document with a letter for each of ``letters``.

    Asks for the words of ``language``, so it has to be the one in force.
    """
    made = [_letter(kind, wording, sender, each) for each in letters]
    return {
        "title": made[0]["title"] if len(made) == 1 else _title_of_many(wording, len(made)),
        "language": language,
        "programme": sender.programme.name,
        "funder": sender.programme.funder,
        "logo": logo_of(sender.programme),
        "carrier": sender.carrier,
        "sender": " · ".join(dict.fromkeys((sender.carrier, sender.site, sender.address))),
        "contact": sender.contact,
        "dated": _("%(town)s, %(day)s") % {"town": sender.town, "day": date_format(on)},
        "letters": made,
    }


def _title_of_many(wording: Wording, count: int) -> str:
    """What a file with many letters is called: as they are, without names."""
    title = " ".join(filled(wording.title, {}).replace("_", " ").split())
    return _("%(title)s (%(count)d letters)") % {"title": title, "count": count}


def _letter(kind: LetterKind, wording: Wording, sender: Sender, facts: Facts) -> dict[str, Any]:
    words = shown(wording, facts)
    return {
        "title": words.title,
        "festive": kind is LetterKind.CERTIFICATE,
        "to": list(facts.to),
        "blocks": [
            {
                "list": block.is_list,
                "lines": [[[run.words, run.bold] for run in line] for line in block.lines],
            }
            for block in words.blocks
        ],
        "confirmed": _confirmed(sender, facts) if kind is LetterKind.RECORD_CHECK else None,
        "signatures": list(facts.signatures),
    }


def _confirmed(sender: Sender, facts: Facts) -> dict[str, Any]:
    """What the law wants of a request, for the office and in its language. No text replaces it.

    § 30a (2) BZRG: in writing, whoever asks for the certificate confirms that the requirements of
    (1) are met; (1) no. 2 names the activities. The annex to § 4 (1) JVKostG, preliminary remark
    1.1.3, lets the fee go where the certificate is for voluntary work for a non-profit
    organisation or an authority, which has to be shown.
    """
    with translation.override(OFFICE_LANGUAGE):
        work = _(
            "voluntary and unpaid: accompanies children and young people in the programme "
            "%(programme)s"
        ) % {"programme": sender.programme.name}
        return {
            "language": OFFICE_LANGUAGE.value,
            "heading": _("Confirmation for the registration office (§ 30a (2) BZRG)"),
            "facts": [
                [_("Name"), facts.values[Placeholder.NAME]],
                [_("Date of birth"), facts.values[Placeholder.BIRTH_DATE]],
                [_("Activity"), work],
                [_("Asked for by"), f"{sender.carrier}, {sender.site}, {sender.address}"],
            ],
            "sentences": [
                _(
                    "We ask the person named here to present an extended certificate of conduct. "
                    "We confirm that the requirements of § 30a (1) BZRG are met: it is needed for "
                    "a voluntary activity in which minors are supervised, looked after, brought "
                    "up or taught, or which brings contact with minors in a comparable way."
                ),
                _(
                    "The activity is voluntary, for a non-profit organisation or an authority. "
                    "We therefore ask for the certificate to be issued free of charge (annex to "
                    "§ 4 (1) JVKostG, preliminary remark 1.1.3)."
                ),
            ],
        }
