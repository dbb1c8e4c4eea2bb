"""The words for those who accompany."""

from __future__ import annotations

import pytest

from patenwerk.organisations.enums import GenderForm, MentorTitle
from patenwerk.organisations.kernel.words import mentor_words


@pytest.mark.parametrize(
    ("title", "form", "singular", "plural"),
    [
        (MentorTitle.PATE, GenderForm.STAR, "Pat*in", "Pat*innen"),
        (MentorTitle.PATE, GenderForm.COLON, "Pat:in", "Pat:innen"),
        (MentorTitle.PATE, GenderForm.UNDERSCORE, "Pat_in", "Pat_innen"),
        (MentorTitle.PATE, GenderForm.PAIR, "Patin oder Pate", "Patinnen und Paten"),
        (MentorTitle.MENTOR, GenderForm.STAR, "Mentor*in", "Mentor*innen"),
        (MentorTitle.MENTOR, GenderForm.PAIR, "Mentorin oder Mentor", "Mentorinnen und Mentoren"),
        (MentorTitle.LOTSE, GenderForm.COLON, "Lots:in", "Lots:innen"),
        (MentorTitle.LOTSE, GenderForm.PAIR, "Lotsin oder Lotse", "Lotsinnen und Lotsen"),
    ],
)
def test_title_and_gender_form(
    title: MentorTitle, form: GenderForm, singular: str, plural: str
) -> None:
    words = mentor_words(title, form)
    assert (words.singular, words.plural) == (singular, plural)
