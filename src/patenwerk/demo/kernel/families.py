"""The parents and guardians of the demo's children."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from patenwerk.demo.kernel.dice import Dice
from patenwerk.demo.kernel.words import BACKGROUNDS, NATIVE
from patenwerk.people.enums import Relation


def family_of(dice: Dice, last_name: str, languages: Mapping[str, int]) -> list[dict[str, Any]]:
    """One or two guardians of a child, each as values of GuardianValues.

    They have the child's name and read its first language; the first one has custody. Some
    children came alone: the youth welfare office speaks for them.
    """
    if dice.happens(6):
        return [
            {
                "relation": Relation.YOUTH_OFFICE,
                "last_name": "Jugendamt",
                "phone": _phone(dice),
                "language": "de",
            }
        ]
    native = {code for code, level in languages.items() if level == NATIVE}
    background = next((one for one in BACKGROUNDS if one.languages[0][0] in native), BACKGROUNDS[0])
    reads = background.languages[0][0]
    mother = {
        "relation": Relation.MOTHER,
        "first_name": dice.one(background.female),
        "last_name": last_name,
        "phone": _phone(dice),
        "language": reads,
    }
    father = {
        "relation": Relation.FATHER,
        "first_name": dice.one(background.male),
        "last_name": last_name,
        "phone": _phone(dice) if dice.happens(60) else "",
        "language": reads,
        "decides": dice.happens(80),
    }
    return [mother, father] if dice.happens(55) else [mother]


def _phone(dice: Dice) -> str:
    return f"0000 {dice.whole(100000, 999999)}"
