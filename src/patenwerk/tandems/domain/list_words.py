"""The words lists of tandems and meetings use: a programme's own, and the titles of columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from patenwerk.core.sheets.dates import DateOrder
from patenwerk.core.sheets.words import fold
from patenwerk.imports.domain.list_kind import title_in_words
from patenwerk.organisations.models import Focus, Site, SupportField, TandemKind
from patenwerk.organisations.models.programme import Word
from patenwerk.tandems.enums import MemberRole
from patenwerk.tandems.kernel.columns import (
    CLOSING_COLUMNS,
    MEETING_COLUMNS,
    MEMBER_COLUMNS,
    TANDEM_COLUMNS,
)
from patenwerk.tandems.kernel.rows import (
    Reading,
)
from patenwerk.tandems.models import Participant
from patenwerk.tandems.models.meeting import PLACES
from patenwerk.tandems.models.tandem import END_REASONS, STATES

W = TypeVar("W", bound=Word)

ANSWERS = list(Participant._meta.get_field("acceptance").flatchoices)
ROLES = [
    (MemberRole.MENTOR.value, _("accompanies")),
    (MemberRole.MENTEE.value, _("is accompanied")),
    (MemberRole.SUBSTITUTE.value, _("stands in")),
]
"""What somebody is in a tandem, in the words of lists."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a programme: by code, and by what lists may call them."""

    kinds: Mapping[str, TandemKind]
    focuses: Mapping[str, Focus]
    fields: Mapping[str, SupportField]

    @classmethod
    def of(cls, site: Site) -> Vocabulary:
        """Three queries."""
        return cls(_coded(TandemKind, site), _coded(Focus, site), _coded(SupportField, site))

    @property
    def labels(self) -> dict[str, str]:
        """Codes to the words people know, with those of states, reasons and places."""
        language = get_language() or "de"
        own = {
            word.code: word.name_in(language)
            for words in (self.kinds, self.focuses, self.fields)
            for word in words.values()
        }
        return own | {code: str(word) for code, word in (*STATES, *END_REASONS, *PLACES)}

    def reading(self, on: date, date_order: DateOrder | None) -> Reading:
        """How a list is read on a day, with these words."""
        return Reading(
            on=on,
            date_order=date_order,
            kinds=_called(self.kinds),
            focuses=_called(self.focuses),
            fields=_called(self.fields),
        )


def _coded(model: type[W], site: Site) -> dict[str, W]:
    rows = model._default_manager.filter(programme=site.programme_id, is_active=True)
    return {word.code: word for word in rows}


def _called(words: Mapping[str, Word]) -> dict[str, str]:
    return {
        fold(name): word.code
        for word in words.values()
        for name in (word.code, word.name_de, word.name_en)
    }


_EVERY_COLUMN = (*MEMBER_COLUMNS, *CLOSING_COLUMNS, *MEETING_COLUMNS, *TANDEM_COLUMNS)
_TITLES = {column.code: column for column in _EVERY_COLUMN}


def title_of(column: str) -> str:
    """The column's usual header in the active language."""
    return title_in_words(_TITLES[column])
