"""What is said about a person when it is taken in or changed, and what can be wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from patenwerk.core.refusal import Reason
from patenwerk.people.enums import Gender, Level
from patenwerk.people.kernel.languages import LANGUAGE_CODES
from patenwerk.people.kernel.profile import DAYS, PARTS_OF_DAY
from patenwerk.people.kernel.rows import KM, WORDS_AT_MOST

POSTCODE = re.compile(r"[0-9]{5}")
CAPACITY = range(1, 10)
AGES = range(121)
EXPECTED_MONTHS = range(1, 121)
FREE_TIMES = range(1 << (DAYS * PARTS_OF_DAY))
EARLIEST_BIRTH = date(1900, 1, 1)
EARLIEST_WAIT = date(2000, 1, 1)
WORD_LENGTH = 60
NOTE_LENGTH = 10_000
_LENGTHS = {"file_id": 60, "first_name": 80, "last_name": 80, "email": 254, "phone": 40}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonValues:
    """Everything that can be said about a person; only first name and postcode have to be.

    ``languages`` maps ISO codes to levels 1 (A1) to 7 (first language); ``free_times`` is the
    week grid of people.kernel.profile; ``fields`` are codes of the programme's fields of support;
    ``interests`` and ``dislikes`` are words as people write them; ``waiting_since`` None means
    from today on. Texts are taken with their spaces tidied.
    """

    first_name: str
    postcode: str
    last_name: str = ""
    file_id: str = ""
    birth_date: date | None = None
    gender: str = Gender.UNSAID
    email: str = ""
    phone: str = ""
    furthest_km: int = 15
    languages: Mapping[str, int] = field(default_factory=dict)
    minimum_level: int | None = None
    free_times: int = 0
    fields: frozenset[str] = frozenset()
    interests: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    wished_genders: frozenset[str] = frozenset()
    wished_age_from: int | None = None
    wished_age_to: int | None = None
    expected_months: int | None = None
    capacity: int = 1
    waiting_since: date | None = None
    note: str = ""

    def tidied(self) -> PersonValues:
        """The same with composed letters, single spaces, and each word once."""
        return replace(
            self,
            first_name=tidy(self.first_name),
            last_name=tidy(self.last_name),
            file_id=tidy(self.file_id),
            email=tidy(self.email),
            phone=tidy(self.phone),
            postcode=tidy(self.postcode),
            note=unicodedata.normalize("NFC", self.note).replace("\r\n", "\n").strip(),
            interests=_each_once(self.interests),
            dislikes=_each_once(self.dislikes),
        )


#: Columns of Person that hold one value each, in the words of PersonValues.
PLAIN_COLUMNS = tuple(
    column.name
    for column in fields(PersonValues)
    if column.name
    not in {"fields", "interests", "dislikes", "wished_genders", "languages", "waiting_since"}
)


def problems(values: PersonValues, *, on: date, known_fields: Collection[str]) -> list[Reason]:
    """Everything that speaks against tidied values on a day, each with the field it belongs to.

    ``known_fields`` are the codes of the programme's fields of support. Whether the number in the
    list is taken already, only the database knows.
    """
    return [
        *_text_problems(values),
        *_date_problems(values, on),
        *_language_problems(values),
        *_range_problems(values),
        *_wish_problems(values),
        *_word_problems(values, known_fields),
    ]


_SETS = frozenset({"fields", "wished_genders"})
_LISTS = frozenset({"interests", "dislikes"})
_DAYS = frozenset({"birth_date", "waiting_since"})


def plain(values: PersonValues, name: str) -> Any:
    """One value as JSON, to be kept and compared."""
    value = getattr(values, name)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(sorted(value.items()))
    return list(value) if isinstance(value, tuple) else value


def from_plain(name: str, value: Any) -> Any:
    """The value that :func:`plain` wrote."""
    if name in _DAYS:
        return None if value is None else date.fromisoformat(value)
    if name in _SETS:
        return frozenset(value)
    return tuple(value) if name in _LISTS else value


def plain_moment(at: datetime | None) -> str | None:
    """A moment as JSON: the same moment is the same text, whatever its zone."""
    return None if at is None else at.astimezone(UTC).isoformat()


def from_plain_moment(said: str | None) -> datetime | None:
    """The moment that :func:`plain_moment` wrote."""
    return None if said is None else datetime.fromisoformat(said)


def tidy(text: str) -> str:
    """Composed letters and single spaces: what looks the same is the same."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _each_once(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tidied for word in words if (tidied := tidy(word))))


def _text_problems(values: PersonValues) -> Iterator[Reason]:
    if not values.first_name:
        yield Reason("first_name_missing", _("Please say the first name."), "first_name")
    if not POSTCODE.fullmatch(values.postcode):
        yield Reason("postcode_form", _("A postcode has five digits, such as 04109."), "postcode")
    for name, length in _LENGTHS.items():
        if len(getattr(values, name)) > length:
            yield Reason("too_long", too_long(length), name)
    if len(values.note) > NOTE_LENGTH:
        yield Reason("too_long", too_long(NOTE_LENGTH), "note")
    for name in ("first_name", "last_name", "file_id", "email", "phone", "note"):
        if "\0" in getattr(values, name):
            yield Reason("no_text", _("This holds a sign that is no text."), name)
    if values.email and not is_email(values.email):
        yield Reason(
            "email_form", _("This is no e-mail address, such as name@example.org."), "email"
        )
    if values.gender not in set(Gender):
        yield Reason("gender_unknown", _("This gender is not on the list."), "gender")


def is_email(text: str) -> bool:
    """Whether mail could be sent there."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def too_long(length: int) -> str:
    """What to say where more was written than fits."""
    return _("This is too long: at most %(count)s letters fit.") % {"count": length}


def _date_problems(values: PersonValues, on: date) -> Iterator[Reason]:
    born = values.birth_date
    if born is not None and born > on:
        yield Reason("born_later", _("The date of birth lies in the future."), "birth_date")
    if born is not None and born < EARLIEST_BIRTH:
        yield Reason("born_long_ago", _("The date of birth lies before 1900."), "birth_date")
    since = values.waiting_since
    if since is not None and since > on:
        yield Reason("waits_later", _("Nobody can wait from a future day on."), "waiting_since")
    if since is not None and since < EARLIEST_WAIT:
        yield Reason("waits_long", _("The first day of waiting lies before 2000."), "waiting_since")


def _language_problems(values: PersonValues) -> Iterator[Reason]:
    for code, level in values.languages.items():
        if code not in LANGUAGE_CODES:
            yield Reason(
                "language_unknown",
                _("»%(language)s« is no language we know.") % {"language": code},
                "languages",
            )
        if not _is_level(level):
            yield Reason("level_unknown", _levels(), "languages")
    if values.minimum_level is not None and not _is_level(values.minimum_level):
        yield Reason("level_unknown", _levels(), "minimum_level")


def _levels() -> str:
    return _("A language level is one from A1 to C2, or first language.")


def _is_level(level: object) -> bool:
    return isinstance(level, int) and level in set(Level)


def _range_problems(values: PersonValues) -> Iterator[Reason]:
    if not KM[0] <= values.furthest_km <= KM[1]:
        yield Reason(
            "furthest_range",
            _("The furthest distance is from %(low)s to %(high)s km.")
            % {"low": KM[0], "high": KM[1]},
            "furthest_km",
        )
    if values.capacity not in CAPACITY:
        yield Reason("capacity_range", _("One to nine partners at a time."), "capacity")
    if values.free_times not in FREE_TIMES:
        yield Reason("free_times_form", _("These free times are no week."), "free_times")
    if values.expected_months is not None and values.expected_months not in EXPECTED_MONTHS:
        yield Reason(
            "months_range", _("The expected length is from 1 to 120 months."), "expected_months"
        )


def _wish_problems(values: PersonValues) -> Iterator[Reason]:
    youngest, oldest = values.wished_age_from, values.wished_age_to
    for name in ("wished_age_from", "wished_age_to"):
        age = getattr(values, name)
        if age is not None and age not in AGES:
            yield Reason("age_range", _("An age is from 0 to 120 years."), name)
    if youngest is not None and oldest is not None and youngest > oldest:
        yield Reason(
            "age_order",
            _("The wished age ends before it begins. Please swap the two numbers."),
            "wished_age_to",
        )
    if not values.wished_genders <= {Gender.FEMALE, Gender.MALE, Gender.DIVERSE}:
        yield Reason("gender_unknown", _("This gender is not on the list."), "wished_genders")


def _word_problems(values: PersonValues, known_fields: Collection[str]) -> Iterator[Reason]:
    for name in ("interests", "dislikes"):
        words: tuple[str, ...] = getattr(values, name)
        if len(words) > WORDS_AT_MOST:
            yield Reason(
                "too_many_words",
                _("Please name at most %(limit)s.") % {"limit": WORDS_AT_MOST},
                name,
            )
        if any(len(word) > WORD_LENGTH for word in words):
            yield Reason(
                "word_too_long",
                _("Please separate by commas: one entry has at most %(count)s letters.")
                % {"count": WORD_LENGTH},
                name,
            )
        if any("\0" in word for word in words):
            yield Reason("no_text", _("This holds a sign that is no text."), name)
    for code in sorted(values.fields - set(known_fields)):
        yield Reason(
            "field_unknown",
            _("»%(field)s« is no field of support of your programme.") % {"field": code},
            "fields",
        )
