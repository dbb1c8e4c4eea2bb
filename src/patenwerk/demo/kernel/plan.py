"""Everything that happens in the demo, in its order: people come, tandems begin, meet and end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import cast

from patenwerk.demo.kernel.crowd import SITES, Crowd, PersonPlan
from patenwerk.demo.kernel.dice import Dice
from patenwerk.demo.kernel.stories import Course, Story, stories
from patenwerk.demo.kernel.words import TOPICS, WHY
from patenwerk.people.enums import Gender, Side
from patenwerk.people.kernel.validity import years_after
from patenwerk.tandems.enums import EndReason, MeetingPlace

TANDEMS_PER_PERSON = 800 / 1500
YEARS_OF_A_CHECK = 5
SEED = "patenwerk 1"
GROWN_UP = 18
HALF_OF_A_MONTH = 15
FIRST_PER_RESTART = 39
"""One in forty tandems is a second episode."""
SHORT_WAIT, LONG_WAIT, LONG_PERCENT = (10, 190), (190, 400), 12
"""Days for which somebody who is free again has been waiting at most, and how many wait long."""


@dataclass(slots=True, kw_only=True)
class MeetingPlan:
    """A meeting to be logged."""

    held_on: date
    minutes: int
    place: MeetingPlace
    topic: str


@dataclass(slots=True, kw_only=True)
class TandemPlan:
    """A tandem: its story and the two people of it. ``before`` is the one it begins again."""

    key: int
    site: int
    story: Story
    mentor: PersonPlan
    mentee: PersonPlan
    focus: str
    field: str
    why: str
    before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeIn:
    """People of one side of a site are taken in together."""

    day: date
    site: int
    side: Side
    people: tuple[PersonPlan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspect:
    """A mentor's record check is inspected; ``taken_over`` from an earlier list."""

    day: date
    person: PersonPlan
    certificate: date
    taken_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose:
    day: date
    tandem: TandemPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    day: date
    tandem: TandemPlan
    side: Side
    yes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    day: date
    tandem: TandemPlan
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    day: date
    tandem: TandemPlan
    meetings: tuple[MeetingPlan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    day: date
    tandem: TandemPlan
    ended_on: date
    reason: EndReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """A person goes to the archive after the last tandem."""

    day: date
    person: PersonPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitAgain:
    """A person has a free place again, or comes back after a break, and asks for somebody new."""

    day: date
    person: PersonPlan


Event = TakeIn | Inspect | Propose | Answer | Move | Log | End | Leave | WaitAgain


@dataclass(slots=True)
class Plan:
    """All people, all tandems, and what happens when, by day."""

    people: list[PersonPlan]
    tandems: list[TandemPlan]
    events: list[Event] = field(default_factory=list)


def plan_of(today: date, people: int) -> Plan:
    """The demo programme as of a day: the same for the same day and number of people.

    About eight tandems for fifteen people, all between three years ago and yesterday.
    """
    return _Planner(today, people).plan()


class _Planner:
    def __init__(self, today: date, people: int) -> None:
        self.today = today
        self.wanted = people
        self.dice = Dice(f"{SEED} {people}")
        self.crowd = Crowd(self.dice, today)
        self.tandems: list[TandemPlan] = []

    def plan(self) -> Plan:
        self._bring_together()
        self._begin_again()
        self._let_others_wait()
        self._wish()
        self._check_records()
        events = sorted(self._events(), key=lambda event: event.day)
        return Plan(self.crowd.people, self.tandems, events)

    # --- who with whom ----------------------------------------------------------------------

    def _bring_together(self) -> None:
        told = stories(self.dice, self.today, self._first_episodes())
        weights = [site.weight for site in SITES]
        places = self.dice.deal(range(len(SITES)), weights, len(told))
        self._show_the_first_site_everything(told, places)
        for story, site in zip(told, places, strict=True):
            minor = self.dice.happens(45)
            mentee = self._mentee(site, story, minor=minor)
            mentor = self._mentor(site, story)
            self._together(site, story, mentor, mentee)

    def _first_episodes(self) -> int:
        tandems = round(self.wanted * TANDEMS_PER_PERSON)
        return tandems - self._second_episodes()

    def _second_episodes(self) -> int:
        return max(1, round(self.wanted * TANDEMS_PER_PERSON) // (FIRST_PER_RESTART + 1))

    def _show_the_first_site_everything(self, told: list[Story], places: list[int]) -> None:
        """One of each kind of tandem happens where the demo's first coordinator works."""
        kinds: dict[tuple[object, ...], int] = {}
        for at, story in enumerate(told):
            paused = bool(story.pauses) and story.pauses[-1][1] is None
            kinds.setdefault((story.course, story.silent, paused, story.is_active()), at)
            if story.silent or (story.course is Course.TRIAL and len(kinds) % 2):
                kinds.setdefault((story.course, story.silent, "second"), at)
        free = [at for at, site in enumerate(places) if site == 0 and at not in kinds.values()]
        for at, there in zip(sorted(set(kinds.values())), free, strict=False):
            places[at], places[there] = places[there], places[at]

    def _mentee(self, site: int, story: Story, *, minor: bool) -> PersonPlan:
        """Somebody new, or now and then somebody whose last tandem did not come about."""
        end = story.taken_until(self.today)
        if self.dice.happens(9):
            again = [
                tandem.mentee
                for tandem in self.tandems
                if tandem.site == site
                and tandem.story.course in {Course.DECLINED, Course.NEVER_MET}
                and tandem.mentee.has_place(story.proposed_on, end)
                and tandem.story.proposed_on < story.proposed_on
            ]
            if again:
                return again[-1]
        return self.crowd.join(site, Side.MENTEE, before=story.proposed_on, minor=minor)

    def _mentor(self, site: int, story: Story) -> PersonPlan:
        """Somebody of the site who has a place, or somebody new."""
        if self.dice.happens(38):
            end = story.taken_until(self.today)
            free = [
                person
                for person in self.crowd.people
                if person.site == site
                and person.side is Side.MENTOR
                and person.taken_on < story.proposed_on
                and person.has_place(story.proposed_on, end)
            ]
            if free:
                return self.dice.one(free)
        return self.crowd.join(site, Side.MENTOR, before=story.proposed_on)

    def _together(
        self,
        site: int,
        story: Story,
        mentor: PersonPlan,
        mentee: PersonPlan,
        before: int | None = None,
    ) -> None:
        taken = (story.proposed_on, story.taken_until(self.today))
        mentor.busy.append(taken)
        mentee.busy.append(taken)
        mentor.values["expected_months"] = mentee.values["expected_months"] = story.months
        needs = sorted(cast("frozenset[str]", mentee.values["fields"]))
        common = int(str(mentor.values["free_times"])) & int(str(mentee.values["free_times"]))
        if not common:
            # They found a time together: it is one of the mentee's.
            mentor.values["free_times"] = int(str(mentor.values["free_times"])) | int(
                str(mentee.values["free_times"])
            )
        self.tandems.append(
            TandemPlan(
                key=len(self.tandems),
                site=site,
                story=story,
                mentor=mentor,
                mentee=mentee,
                focus=mentee.background.focus,
                field=self.dice.one(needs),
                why=self.dice.one(WHY),
                before=before,
            )
        )

    def _begin_again(self) -> None:
        """One in forty begins again with the same two after a while; the last day is not over."""
        wanted = self._second_episodes()
        for tandem in list(self.tandems):
            if not wanted:
                return
            story, ended = tandem.story, tandem.story.closed_on
            fits = story.reason in {EndReason.TIME_OVER, EndReason.NO_TIME, EndReason.MOVED_AWAY}
            if story.course is not Course.MET or not fits or ended is None:
                continue
            again = self._again(ended)
            taken = (again.proposed_on, again.taken_until(self.today))
            both = (tandem.mentor, tandem.mentee)
            if again.proposed_on < self.today - timedelta(days=80) and all(
                person.has_place(*taken) for person in both
            ):
                self._together(tandem.site, again, *both, before=tandem.key)
                wanted -= 1

    def _again(self, ended: date) -> Story:
        """The story of a second episode; it goes on from a day after the first one's end."""
        dice = self.dice
        proposed = dice.days_after(ended, 45, 120)
        told = stories(dice, proposed + timedelta(days=1096 + 40), 30)
        chosen = next(story for story in told if story.course is Course.MET)
        shift = proposed - chosen.proposed_on
        return _shifted(chosen, shift, self.today)

    def _let_others_wait(self) -> None:
        """Whoever is still missing has no tandem yet; three of them have a story."""
        self._three_who_wait()
        weights = [site.weight for site in SITES]
        missing = max(0, self.wanted - len(self.crowd.people))
        sides = self.dice.deal((Side.MENTEE, Side.MENTOR), (58, 42), missing)
        for side in sides:
            site = self.dice.weighted(range(len(SITES)), weights)
            self.crowd.join(site, side, before=self.today - timedelta(days=1))

    def _three_who_wait(self) -> None:
        stories_of = (
            ("Samira", "Morgenstern", 19, 47, Gender.FEMALE, ("ausbildung",), {"ar": 7, "de": 3}),
            ("Yusuf", "Morgentau", 11, 31, Gender.MALE, ("freizeit", "schule"), {"tr": 7, "de": 4}),
            ("Leyla", "Abendrot", 34, 6, Gender.FEMALE, ("sprache", "alltag"), {"fa": 7, "en": 2}),
        )
        for first, last, age, days, gender, fields, languages in stories_of:
            person = self.crowd.join(0, Side.MENTEE, before=self.today, minor=age < GROWN_UP)
            person.since = self.today - timedelta(days=days)
            person.taken_on = person.since + timedelta(days=1)
            person.age = age
            birthday = self.today - timedelta(days=age * 365 + age // 4 + 100)
            person.values |= {
                "first_name": first,
                "last_name": last,
                "gender": gender.value,
                "birth_date": birthday,
                "fields": frozenset(fields),
                "languages": languages,
                "waiting_since": person.since,
            }

    def _wish(self) -> None:
        """Wishes that the partners so far keep; who has had none wishes freely."""
        met: dict[int, list[PersonPlan]] = {}
        for tandem in self.tandems:
            met.setdefault(tandem.mentor.key, []).append(tandem.mentee)
            met.setdefault(tandem.mentee.key, []).append(tandem.mentor)
        for person in self.crowd.people:
            partners = met.get(person.key, [])
            genders = {str(partner.values["gender"]) for partner in partners}
            if not genders and self.dice.happens(22):
                genders = {str(person.values["gender"])}
            if len(genders) == 1 and genders <= {"female", "male"} and self.dice.happens(30):
                person.values["wished_genders"] = frozenset(genders)
            if not partners and self.dice.happens(18):
                self._wish_an_age(person)

    def _wish_an_age(self, person: PersonPlan) -> None:
        if person.side is Side.MENTEE:
            person.values["wished_age_from"] = self.dice.one((20, 25, 30, 40))
        elif self.dice.happens(50):
            person.values["wished_age_to"] = self.dice.one((14, 18, 25))
        else:
            person.values["wished_age_from"] = self.dice.one((12, 16, 18))

    # --- record checks ----------------------------------------------------------------------

    def _check_records(self) -> None:
        """Whoever meets a minor has one; some run out soon, a few have just run out."""
        long_there = []
        for tandem in self.tandems:
            if tandem.mentee.age < GROWN_UP + 4 and tandem.story.agreed_on is not None:
                mentor = tandem.mentor
                if mentor.certificate is None:
                    mentor.certificate = self.dice.days_after(mentor.taken_on, -70, -10)
                if tandem.story.is_active() and tandem.mentee.age < GROWN_UP:
                    long_there.append(tandem)
        for person in self.crowd.people:
            alone = person.side is Side.MENTOR and not person.busy
            if alone and self.dice.happens(45):
                person.certificate = self.dice.days_after(person.taken_on, -70, -10)
        self._run_out(long_there)

    def _run_out(self, tandems: list[TandemPlan]) -> None:
        first = sorted(tandems, key=lambda tandem: tandem.site)
        few = max(2, len(tandems) // 12)
        begun = years_after(self.today, -YEARS_OF_A_CHECK)
        for place, tandem in enumerate(first[: 2 * few]):
            mentor = tandem.mentor
            if mentor.old_check:
                continue
            mentor.old_check = True
            over = place % 3 == 0 and len(mentor.busy) == 1 and not tandem.story.pauses
            days = -self.dice.whole(3, 13) if over else self.dice.whole(6, 48)
            mentor.certificate = begun + timedelta(days=days)
            last = self.today + timedelta(days=days - 1)
            if over and (tandem.story.active_on or last) < last:
                tandem.story.meetings = [day for day in tandem.story.meetings if day < last]

    # --- what happens when ------------------------------------------------------------------

    def _events(self) -> Iterator[Event]:
        yield from self._arrivals()
        for person in self.crowd.people:
            if person.certificate is not None:
                day = person.taken_on + timedelta(days=1)
                yield Inspect(
                    day=max(day, person.certificate),
                    person=person,
                    certificate=person.certificate,
                    taken_over=person.old_check,
                )
        for tandem in self.tandems:
            yield from self._life(tandem)
        yield from self._farewells()

    def _arrivals(self) -> Iterator[TakeIn]:
        """People of one half of a month are taken in together, on the first one's day.

        Nobody is taken in before they asked, so who asked later begins another group.
        """
        groups: list[list[PersonPlan]] = []
        open_groups: dict[tuple[int, Side, int, int, bool], list[PersonPlan]] = {}
        for person in sorted(self.crowd.people, key=lambda one: (one.taken_on, one.key)):
            day = person.taken_on
            key = (person.site, person.side, day.year, day.month, day.day > HALF_OF_A_MONTH)
            group = open_groups.get(key)
            if group is None or person.since > group[0].taken_on:
                group = open_groups[key] = []
                groups.append(group)
            group.append(person)
        for people in groups:
            first = people[0]
            yield TakeIn(day=first.taken_on, site=first.site, side=first.side, people=tuple(people))

    def _life(self, tandem: TandemPlan) -> Iterator[Event]:
        story = tandem.story
        yield Propose(day=story.proposed_on, tandem=tandem)
        if story.course is Course.PROPOSED and self.dice.happens(50):
            day = story.proposed_on + timedelta(days=1)
            yield Answer(day=day, tandem=tandem, side=Side.MENTEE, yes=True)
        if story.course is Course.DECLINED and story.ended_on:
            side = self.dice.weighted((Side.MENTEE, Side.MENTOR), (45, 55))
            yield Answer(day=story.ended_on, tandem=tandem, side=side, yes=False)
            return
        if story.agreed_on is not None:
            earlier = story.agreed_on - timedelta(days=1)
            yield Answer(day=earlier, tandem=tandem, side=Side.MENTEE, yes=True)
            yield Answer(day=story.agreed_on, tandem=tandem, side=Side.MENTOR, yes=True)
        if story.trial_on is not None:
            yield from self._from_the_trial_on(tandem, story.trial_on)
        if story.closed_on and story.ended_on and story.reason:
            yield End(
                day=story.closed_on, tandem=tandem, ended_on=story.ended_on, reason=story.reason
            )

    def _from_the_trial_on(self, tandem: TandemPlan, begin: date) -> Iterator[Event]:
        story = tandem.story
        yield Move(day=begin, tandem=tandem, step="start_trial")
        steps: list[tuple[date, str]] = []
        if story.active_on is not None:
            steps.append((story.active_on, "activate"))
        for paused, resumed in story.pauses:
            steps.append((paused, "pause"))
            if resumed is not None:
                steps.append((resumed, "resume"))
        left = sorted(story.meetings)
        for day, step in steps:
            before = [held for held in left if held <= day]
            yield from self._logs(tandem, before, day)
            left = left[len(before) :]
            yield Move(day=day, tandem=tandem, step=step)
        yield from self._logs(tandem, left, story.closed_on or self.today - timedelta(days=1))

    def _logs(self, tandem: TandemPlan, days: list[date], by: date) -> Iterator[Log]:
        """Meetings are written down a few at a time, a day after the last of them at the latest."""
        while days:
            often = self.dice.whole(4, 8)
            together, days = days[:often], days[often:]
            day = min(together[-1] + timedelta(days=1), by)
            yield Log(
                day=day, tandem=tandem, meetings=tuple(self._meeting(held) for held in together)
            )

    def _meeting(self, held_on: date) -> MeetingPlan:
        dice = self.dice
        return MeetingPlan(
            held_on=held_on,
            minutes=dice.weighted((30, 45, 60, 90, 120, 180), (6, 10, 26, 26, 24, 8)),
            place=dice.weighted(tuple(MeetingPlace), (84, 8, 8)),
            topic=dice.one(TOPICS) if dice.happens(80) else "",
        )

    def _farewells(self) -> Iterator[Event]:
        """Who has no tandem any more leaves or asks again; so does who has another place."""
        for person in self.crowd.people:
            if not person.busy:
                continue
            over = [end for _begin, end in person.busy if end < self.today]
            if len(over) < len(person.busy):
                if person.has_place(self.today, self.today):
                    freed = max([*over, *(begin for begin, _end in person.busy)])
                    yield WaitAgain(day=self._asks_again(freed), person=person)
            elif self.dice.happens(52 if person.side is Side.MENTOR else 9):
                yield WaitAgain(day=self._asks_again(max(over)), person=person)
            else:
                yield Leave(day=self._soon_after(max(over)), person=person)

    def _soon_after(self, day: date) -> date:
        return min(self.dice.days_after(day, 1, 20), self.today - timedelta(days=1))

    def _asks_again(self, freed: date) -> date:
        """Soon after a place is free; where that is long ago, only after a break."""
        waits = self.dice.whole(*(LONG_WAIT if self.dice.happens(LONG_PERCENT) else SHORT_WAIT))
        return max(self._soon_after(freed), self.today - timedelta(days=waits))


def _shifted(story: Story, by: timedelta, today: date) -> Story:
    """The same story on later days; what would lie after today has not happened."""

    def later(day: date | None) -> date | None:
        return None if day is None or day + by >= today else day + by

    story.meetings = [day + by for day in story.meetings if day + by < today]
    story.proposed_on += by
    story.agreed_on, story.trial_on = later(story.agreed_on), later(story.trial_on)
    story.active_on, story.closed_on = later(story.active_on), later(story.closed_on)
    story.ended_on = later(story.ended_on) if story.closed_on else None
    story.reason = story.reason if story.closed_on else None
    story.pauses = [(begin + by, later(end)) for begin, end in story.pauses if begin + by < today]
    return story
