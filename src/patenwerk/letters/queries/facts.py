"""What letters tell: of the organisation that sends them, and of each person or tandem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from patenwerk.letters.enums import BY_MAIL, OF_TANDEM, LetterKind
from patenwerk.letters.kernel.placeholders import Placeholder
from patenwerk.letters.models import Letter, LetterRun
from patenwerk.letters.queries.family import (
    addressed,
    guardians_in_words,
    joined,
    open_line,
    signing_for,
)
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Carrier, Programme, Site
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.people.queries.settings import rules_at
from patenwerk.tandems.models import Meeting, Participant, Tandem
from patenwerk.tandems.queries.participant import at_the_end, took_part_on

Values = Mapping[Placeholder, str]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: names, postal address, how to be reached, the town a letter is dated in."""

    programme: Programme
    carrier: str
    site: str
    address: str
    contact: str
    town: str


@dataclass(frozen=True, slots=True)
class Facts:
    """One letter's own: what is filled in, whom it is addressed to, who signs, its file's name."""

    values: Values
    to: tuple[str, ...]
    signatures: tuple[str, ...]
    name: str


def sender_of(site: Site) -> Sender:
    """A site as it writes letters. Needs its carrier and programme."""
    return Sender(
        programme=site.programme,
        carrier=site.carrier.name,
        site=site.name,
        address=", ".join(filter(None, (site.street, f"{site.postcode} {site.town}"))),
        contact=" · ".join(filter(None, (site.phone, site.email))),
        town=site.town,
    )


def facts_of(run: LetterRun, letters: Collection[Letter], on: date) -> list[Facts]:
    """What each letter of a run tells, in the language in force.

    One query for certificates, and one for agreements: whether all guardians sign.
    """
    kind = LetterKind(run.kind)
    everywhere = _everywhere(sender_of(run.site), on)
    if kind is LetterKind.AGREEMENT:
        all_sign = rules_at(run.site).all_guardians_consent
        tandems = [each.tandem for each in letters if each.tandem]
        return [_of_agreement(one, run, everywhere, on, all_sign=all_sign) for one in tandems]
    if kind is LetterKind.CERTIFICATE:
        meetings = _meetings(letters)
        return [_of_certificate(each, meetings, everywhere) for each in letters]
    appointed = {**everywhere, Placeholder.APPOINTMENT: run.appointment}
    return [_of_person(each.person, run, appointed, on) for each in letters if each.person]


def example_sender(carrier: Carrier) -> Sender:
    """The carrier with a site that does not exist, for looking at a text."""
    return Sender(
        programme=carrier.programme,
        carrier=carrier.name,
        site=_("Example site"),
        address=_("1 Market Square, 12345 Exampleton"),
        contact="030 123456 · beispiel@example.org",
        town=_("Exampleton"),
    )


def example_facts(carrier: Carrier, kind: LetterKind, on: date) -> Facts:
    """What a letter tells of people who do not exist, in the language in force."""
    mentor, mentee = _("Robin Example"), _("Kim Sample")
    guardian = _("Toni Sample")
    month = {"year": on.year - 1, "month": 3, "day": 12}
    values: Values = {
        **_everywhere(example_sender(carrier), on),
        Placeholder.NAME: mentor,
        Placeholder.FIRST_NAME: mentor.split()[0],
        Placeholder.BIRTH_DATE: date_format(date(1990, 5, 17)),
        Placeholder.ADDRESSEE: mentor,
        Placeholder.GUARDIANS: guardian,
        Placeholder.APPOINTMENT: _("Thursday, 5 pm, 1 Market Square"),
        Placeholder.MENTOR: mentor,
        Placeholder.MENTEE: mentee,
        Placeholder.TANDEM_KIND: _("tandem for one year"),
        Placeholder.FIELD: _("School and learning"),
        Placeholder.FOCUS: _("Children and education"),
        Placeholder.FIRST_MEETING: date_format(date(**month)),
        Placeholder.UNTIL: date_format(date(**{**month, "year": on.year + 1})),
        Placeholder.PERIOD: _period(date(**month), on),
        Placeholder.MEETINGS: "24",
        Placeholder.HOURS: "36",
    }
    signing = [mentee, open_line(mentee), mentor]
    return _facts(kind, values, mentor, signing)


def _everywhere(sender: Sender, on: date) -> Values:
    return {
        Placeholder.PROGRAMME: sender.programme.name,
        Placeholder.CARRIER: sender.carrier,
        Placeholder.SITE: sender.site,
        Placeholder.ADDRESS: sender.address,
        Placeholder.CONTACT: sender.contact,
        Placeholder.TODAY: date_format(on),
        Placeholder.ROLE: _role(sender.programme, Side.MENTOR),
    }


def _role(programme: Programme, side: str) -> str:
    """»Pat*in« as the programme says it in German; other languages have one word."""
    if side != Side.MENTOR:
        return _("mentee")
    german = _language() is Language.GERMAN
    return programme.mentor_words.singular if german else _("mentor")


def _facts(
    kind: LetterKind,
    values: Values,
    name: str,
    signing: Iterable[str] = (),
    to: Sequence[str] = (),
) -> Facts:
    """The letter with those who sign it: a request and a certificate are signed by the carrier.

    ``to`` is whom it is addressed to where that is not ``name``, a line each.
    """
    site = _("for %(name)s") % {"name": values[Placeholder.CARRIER]}
    signatures: tuple[str, ...] = (site,)
    if kind is LetterKind.AGREEMENT:
        signatures = (*signing, site)
    elif kind in BY_MAIL:
        signatures = ()
    posted = kind not in OF_TANDEM
    return Facts(values, tuple(to or (name,)) if posted else (), signatures, name)


def _of_person(person: Person, run: LetterRun, everywhere: Values, on: date) -> Facts:
    """An invitation of a minor is addressed to the guardians, and says for whom it is."""
    born, family = person.birth_date, addressed(run, person, on)
    names = [guardian.full_name for guardian in family]
    values = {
        **everywhere,
        **_name(person),
        Placeholder.ROLE: _role(run.site.programme, person.side),
        Placeholder.BIRTH_DATE: date_format(born) if born else "",
        Placeholder.ADDRESSEE: joined(names) or person.full_name,
        Placeholder.GUARDIANS: guardians_in_words([person], run.site_id, on),
    }
    to = [*names, _("for %(name)s") % {"name": person.full_name}] if family else []
    return _facts(LetterKind(run.kind), values, person.full_name, to=to)


def _of_agreement(
    tandem: Tandem, run: LetterRun, everywhere: Values, on: date, *, all_sign: bool
) -> Facts:
    here = at_the_end(tandem, tandem.participants.all())
    mentees = [one.person for one in here if one.side == Side.MENTEE]
    mentors = [one.person for one in here if one.side == Side.MENTOR and not one.is_substitute]
    everybody = [*mentees, *mentors]
    values = {
        **everywhere,
        **_words_of(tandem),
        Placeholder.MENTEE: _joined(mentees),
        Placeholder.MENTOR: _joined(mentors),
        Placeholder.GUARDIANS: guardians_in_words(everybody, run.site_id, on),
        Placeholder.FIRST_MEETING: _day(tandem.founded_on),
        Placeholder.UNTIL: _day(tandem.expected_end_on),
    }
    signing: list[str] = []
    for person in everybody:
        signing.append(person.full_name)
        signing += signing_for(person, run.site_id, on, all_sign=all_sign)
    name = " ".join(person.full_name for person in everybody)
    return _facts(LetterKind.AGREEMENT, values, name, signing)


def _of_certificate(
    letter: Letter, meetings: Mapping[int, Sequence[Meeting]], everywhere: Values
) -> Facts:
    tandem, person = letter.tandem, letter.person
    assert tandem is not None  # noqa: S101 - a certificate is for a mentor of a tandem
    assert person is not None  # noqa: S101 - the same
    parts = _parts_of(tandem, person)
    held = [
        one for one in meetings[tandem.pk] if any(took_part_on(part, one.held_on) for part in parts)
    ]
    begun = held[0].held_on if held else parts[0].joined_on
    hours = round(sum(one.minutes for one in held) / 60, 1)
    values = {
        **everywhere,
        **_name(person),
        **_words_of(tandem),
        Placeholder.PERIOD: _period(begun, parts[-1].left_on or tandem.ended_on),
        Placeholder.MEETINGS: number_format(len(held)),
        Placeholder.HOURS: number_format(hours, decimal_pos=0 if hours.is_integer() else 1),
    }
    return _facts(LetterKind.CERTIFICATE, values, person.full_name)


def _parts_of(tandem: Tandem, person: Person) -> list[Participant]:
    """When somebody took part, earliest first: who left and came back did so more than once."""
    rows = [one for one in tandem.participants.all() if one.person_id == person.pk]
    return sorted(rows, key=lambda one: (one.joined_on, one.pk))


def _meetings(letters: Collection[Letter]) -> dict[int, list[Meeting]]:
    """The meetings of the letters' tandems, earliest first."""
    found: dict[int, list[Meeting]] = defaultdict(list)
    ids = {each.tandem_id for each in letters}
    rows = Meeting.objects.filter(tandem__in=ids).only("tandem_id", "held_on", "minutes")
    for meeting in rows.order_by("held_on", "pk"):
        found[meeting.tandem_id].append(meeting)
    return found


def _name(person: Person) -> Values:
    return {Placeholder.NAME: person.full_name, Placeholder.FIRST_NAME: person.first_name}


def _words_of(tandem: Tandem) -> Values:
    language = _language()
    return {
        Placeholder.TANDEM_KIND: tandem.kind.name_in(language),
        Placeholder.FIELD: tandem.field.name_in(language),
        Placeholder.FOCUS: tandem.focus.name_in(language),
    }


def _period(start: date, end: date | None) -> str:
    if end is None:
        return _("since %(start)s") % {"start": date_format(start)}
    days = {"start": date_format(start), "end": date_format(end)}
    return pgettext("days", "from %(start)s to %(end)s") % days


def _joined(people: Sequence[Person]) -> str:
    return joined([person.full_name for person in people])


def _day(day: date | None) -> str:
    return date_format(day) if day else ""


def _language() -> Language:
    return Language.GERMAN if (get_language() or "de").startswith("de") else Language.ENGLISH
