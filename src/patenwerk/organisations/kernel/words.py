"""The German words for those who accompany, by title and gender form."""

from __future__ import annotations

from dataclasses import dataclass

from patenwerk.organisations.enums import GenderForm, MentorTitle

_STEMS = {
    MentorTitle.PATE: ("Pat", "Pate", "Patin", "Paten", "Patinnen"),
    MentorTitle.MENTOR: ("Mentor", "Mentor", "Mentorin", "Mentoren", "Mentorinnen"),
    MentorTitle.LOTSE: ("Lots", "Lotse", "Lotsin", "Lotsen", "Lotsinnen"),
}
_SIGNS = {GenderForm.STAR: "*", GenderForm.COLON: ":", GenderForm.UNDERSCORE: "_"}


@dataclass(frozen=True, slots=True)
class MentorWords:
    """One person and several, as the programme writes them: »Pat*in«, »Pat*innen«."""

    singular: str
    plural: str


def mentor_words(title: MentorTitle, form: GenderForm) -> MentorWords:
    """The words for one and several people who accompany."""
    stem, man, woman, men, women = _STEMS[title]
    if form is GenderForm.PAIR:
        return MentorWords(f"{woman} oder {man}", f"{women} und {men}")
    sign = _SIGNS[form]
    return MentorWords(f"{stem}{sign}in", f"{stem}{sign}innen")
