"""The demo's circle: ten years of meetings, congresses and workshops, in their order."""

from __future__ import annotations

import heapq
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import count

from patenwerk.core.clock import BERLIN
from patenwerk.core.policy import Actor
from patenwerk.demo.domain.organisations import STARTED_ON, Stage
from patenwerk.demo.kernel.circle import (
    CONGRESSES,
    EXPERTS,
    FOCUS_GROUPS,
    VENUES,
    WORKSHOPS,
    ExpertScene,
    Topic,
    congress_days,
    network_days,
    topics_of,
)
from patenwerk.demo.kernel.dice import Dice
from patenwerk.demo.kernel.logins import manager_of
from patenwerk.gatherings.domain.agenda import ItemValues, add_item, propose_item
from patenwerk.gatherings.domain.contact import ContactValues, add_contact
from patenwerk.gatherings.domain.contribution import Invitation, answer_invitation, invite_expert
from patenwerk.gatherings.domain.expert import Asking, ExpertValues, add_expert
from patenwerk.gatherings.domain.feedback import ask_for_feedback, give_feedback
from patenwerk.gatherings.domain.gathering import (
    GatheringValues,
    cancel_gathering,
    create_gathering,
    take_step,
)
from patenwerk.gatherings.domain.minutes import (
    approve_minutes,
    begin_minutes,
    lock_minutes,
    send_minutes,
    write_section,
)
from patenwerk.gatherings.domain.objection import answer_objection, raise_objection
from patenwerk.gatherings.domain.promise import (
    CommitmentValues,
    move_decision,
    record_commitment,
    record_decision,
    settle_commitment,
    tell_progress,
)
from patenwerk.gatherings.domain.registration import (
    Coming,
    decline,
    register_carrier,
    register_guest,
    send_regrets,
    tick_attendance,
)
from patenwerk.gatherings.enums import (
    AnswerKind,
    Audience,
    CommitmentKind,
    Mode,
    ObjectionState,
    Seat,
    Sector,
)
from patenwerk.gatherings.models import (
    Commitment,
    Decision,
    Expert,
    Gathering,
    GatheringKind,
    Minutes,
    Objection,
    Section,
    Series,
)
from patenwerk.mail.domain.send import without_mail

LINK = "http://127.0.0.1:8000/treffen/link/{token}/"
TERM = timedelta(days=14)
LATEST_OPEN = timedelta(days=150)
"""Promises of the last months are still open, older ones are settled."""

AGAIN = (
    ("Es bleibt dabei:", "Die Erfahrung seit dem ersten Beschluss ist gut."),
    ("Für alle Standorte verbindlich:", "Wo es freiwillig war, geriet es in Vergessenheit."),
)
"""How a decision is taken again, with its grounds."""

SAID = (
    ("Drei Ideen für den Abschied.", "Mehr Pausen."),
    ("Dass andere dieselben Fragen haben.", "Weniger Vorträge am Stück."),
    ("Kontakte zu zwei Standorten.", "Ein ruhigerer Raum für Gespräche."),
    ("Mut, neu anzufangen.", "Nichts, danke."),
)
"""What people take home, and what should be different."""

Deed = Callable[[datetime], None]


@dataclass(slots=True)
class Circle:
    """Everything that happens between the carriers from a year on, in order, up to ``on``."""

    stage: Stage
    on: date
    since: int = STARTED_ON.year
    dice: Dice = field(default_factory=lambda: Dice("circle"))
    kinds: dict[str, GatheringKind] = field(default_factory=dict)
    series: Series | None = None
    experts: list[Expert] = field(default_factory=list)
    _decided: dict[str, Decision] = field(default_factory=dict)
    _due: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    _number: count[int] = field(default_factory=count)

    @property
    def by(self) -> Actor:
        """The network office: it organises everything here."""
        return self.stage.network_office

    def play(self) -> None:
        """Everything up to the morning of the day ``on``. Nobody is mailed about the past."""
        with without_mail():
            self._begin()
            until = _at(self.on)
            while self._due and self._due[0][0] < until:
                at, _order, deed = heapq.heappop(self._due)
                deed(at)

    def later(self, at: datetime, deed: Deed) -> None:
        """Put something down for its time."""
        heapq.heappush(self._due, (at, next(self._number), deed))

    def _begin(self) -> None:
        at = _at(STARTED_ON)
        kinds = GatheringKind.objects.filter(programme=self.stage.programme)
        self.kinds = {kind.code: kind for kind in kinds}
        for place, carrier in enumerate(self.stage.carriers):
            colleague = manager_of(place)
            values = ContactValues(
                name=_manager_name(place), email=colleague.email, task="spricht im Trägerkreis"
            )
            add_contact(carrier=carrier, values=values, by=self.stage.managers[place], at=at)
        for scene in EXPERTS:
            self.experts.append(self._expert(scene, at))
        for number, day in enumerate(network_days(self.since, self.on)):
            self.later(_at(day, -80), partial(self._network_meeting, number, day))
        for number, day in enumerate(congress_days(self.since, self.on)):
            self.later(_at(day, -150), partial(self._congress, number, day))
        for back in range(1, 2 * (self.on.year - self.since)):
            day = self.on - timedelta(days=80 * back + 11)
            self.later(_at(day, -40), partial(self._workshop, back, day))
        for back in range(1, min(self.on.year - self.since, 7)):
            day = self.on - timedelta(days=210 * back + 5)
            self.later(_at(day, -40), partial(self._focus_group, back, day))
        self.later(_at(self.on, -9), self._workshop_ahead)
        self.later(_at(self.on, -6), self._cancelled)
        self.later(_at(self.on, -1), self._draft)

    # ------------------------------------------------------------------ network meetings

    def _network_meeting(self, number: int, day: date, at: datetime) -> None:
        venue, address = VENUES[number % len(VENUES)]
        gathering = self._gathering(
            "network",
            f"{number + 1}. Vernetzungstreffen",
            _at(day, hour=10),
            _at(day, hour=16),
            at,
            place_name=venue,
            address=address,
            audience=Audience.CIRCLE,
            about="Der Trägerkreis spricht über fachliche Fragen und plant, was gemeinsam geht.",
            in_series=True,
            proposals_until=day - timedelta(days=14),
        )
        self._open(gathering, at)
        topics = topics_of(number)
        self._agenda(gathering, topics, at + timedelta(days=3))
        self.later(_at(day, -30), lambda at: self._send_people(gathering, number, at))
        self.later(_at(day, hour=17), lambda at: self._hold(gathering, at))
        self.later(_at(day, hour=18), lambda at: self._minutes(gathering, number, topics, at))
        if day >= self.on:
            carrier = self.stage.carriers[1]
            propose_item(
                gathering=gathering,
                of_carrier=carrier,
                values=ItemValues(title="Räume für Gruppen", text="Wer teilt, wer sucht?"),
                by=self.stage.managers[1],
                at=_at(self.on, -20),
            )

    def _agenda(
        self, gathering: Gathering, topics: Sequence[tuple[int, Topic]], at: datetime
    ) -> None:
        entries = [("Begrüßung und offene Punkte", "", 30)]
        entries += [(topic.title, "", 75) for _before, topic in topics]
        entries.append(("Ausblick und Termine", "", 20))
        for title, text, minutes in entries:
            values = ItemValues(title=title, text=text, minutes=minutes)
            add_item(gathering=gathering, values=values, by=self.by, at=at)

    def _send_people(self, gathering: Gathering, number: int, at: datetime) -> None:
        for place, carrier in enumerate(self.stage.carriers):
            by = self.stage.managers[place]
            if (number + place) % 7 == 0:
                send_regrets(
                    gathering=gathering,
                    carrier=carrier,
                    why="An diesem Tag sind wir selbst Gastgeber.",
                    link=LINK,
                    by=by,
                    at=at,
                )
                continue
            if (number + 2 * place) % 11 == 0:
                continue
            people = [_manager(place, is_listed=True)]
            if (number + place) % 3 == 0:
                people.append(_colleague(place, carrier.name))
            self._register(gathering, place, people, at)

    def _hold(self, gathering: Gathering, at: datetime) -> None:
        take_step(gathering=gathering, step="hold", by=self.by, at=at)
        came = gathering.registrations.filter(state=Seat.SEATED).values_list("pk", flat=True)
        there = [pk for place, pk in enumerate(came) if place % 9 != 8]
        tick_attendance(gathering=gathering, came=there, by=self.by, at=at)

    def _minutes(
        self,
        gathering: Gathering,
        number: int,
        topics: Sequence[tuple[int, Topic]],
        at: datetime,
    ) -> None:
        minutes = begin_minutes(gathering=gathering, by=self.by, at=at)
        sections = {section.heading: section for section in minutes.sections.all()}
        for place, (before, topic) in enumerate(topics):
            section = sections[topic.title]
            words = topic.said if not before else f"Erneut beraten. {topic.said}"
            write_section(section=section, text=words, base_version=0, by=self.by, at=at)
            decision = self._decide(gathering, section, before, topic, at)
            self._promise(gathering, section, decision, topic, number + place, at)
        closing = sections["Ausblick und Termine"]
        text = "Das nächste Treffen ist verabredet. Vorschläge nimmt die Netzwerkstelle entgegen."
        write_section(section=closing, text=text, base_version=0, by=self.by, at=at)
        self.later(at + timedelta(days=5), lambda at: self._send(minutes, number, at))

    def _decide(
        self, gathering: Gathering, section: Section, before: int, topic: Topic, at: datetime
    ) -> Decision | None:
        """Decided first, confirmed at the third time, worded anew at the fifth."""
        if not topic.decision or before % 2:
            return self._decided.get(topic.title)
        text, grounds = topic.decision, topic.grounds
        if before:
            opening, grounds = AGAIN[min(before // 2, len(AGAIN)) - 1]
            text = f"{opening} {text}"
        decision = record_decision(
            gathering=gathering, section=section, text=text, grounds=grounds, by=self.by, at=at
        )
        earlier = self._decided.get(topic.title)
        if earlier is not None:
            move_decision(
                decision=earlier,
                step="replace",
                note="",
                replaced_by=decision,
                by=self.by,
                at=at,
            )
        self._decided[topic.title] = decision
        return decision

    def _promise(
        self,
        gathering: Gathering,
        section: Section,
        decision: Decision | None,
        topic: Topic,
        turn: int,
        at: datetime,
    ) -> None:
        if not topic.promise:
            return
        place = turn % len(self.stage.carriers)
        kind = CommitmentKind.ACTIVITY if topic.is_joint else CommitmentKind.TASK
        partners = self.stage.carriers[: 3 if topic.is_joint else 0]
        due_on = at.date() + timedelta(days=30 * topic.months)
        commitment = record_commitment(
            gathering=gathering,
            section=section,
            values=CommitmentValues(
                kind=kind,
                text=topic.promise,
                decision=decision,
                owner=_manager_name(place),
                of_carrier=self.stage.carriers[place],
                partners=[carrier for carrier in partners if carrier != self.stage.carriers[place]],
                due_on=due_on,
            ),
            by=self.by,
            at=at,
        )
        by = self.stage.managers[place]
        if turn % 2 == 0:
            told = at + timedelta(days=25)
            self.later(told, lambda at: self._tell(commitment, by, at))
        settled = _at(due_on, self.dice.whole(-12, 25))
        if settled.date() < self.on - LATEST_OPEN:
            self.later(settled, lambda at: self._settle(commitment, turn, by, at))

    def _tell(self, commitment: Commitment, by: Actor, at: datetime) -> None:
        text = "Wir haben angefangen; ein erster Entwurf liegt beim Team."
        tell_progress(commitment=commitment, text=text, by=by, at=at)

    def _settle(self, commitment: Commitment, turn: int, by: Actor, at: datetime) -> None:
        step, note = ("finish", "Erledigt und an alle verschickt.")
        if turn % 9 == 4:
            step, note = "drop", "Der Kreis hat andere Wege gefunden."
        settle_commitment(commitment=commitment, step=step, note=note, by=by, at=at)

    def _send(self, minutes: Minutes, number: int, at: datetime) -> None:
        until = (at + TERM).date()
        send_minutes(minutes=minutes, objections_until=until, link=LINK, by=self.by, at=at)
        is_latest = at + TERM + timedelta(days=1) >= _at(self.on)
        if number % 4 == 1 or is_latest:
            self.later(at + timedelta(days=3), lambda at: self._object(minutes, at))
        self.later(at + TERM + timedelta(days=1), lambda at: self._approve(minutes, at))

    def _object(self, minutes: Minutes, at: datetime) -> None:
        section = minutes.sections.exclude(item=None).order_by("position")[1]
        objection = raise_objection(
            minutes=minutes,
            section=section,
            of_carrier=self.stage.carriers[2],
            text="Unser Hinweis zu den Kosten fehlt an dieser Stelle.",
            by=self.stage.managers[2],
            at=at,
        )

        self.later(at + timedelta(days=6), partial(self._answer, objection))

    def _answer(self, objection: Objection, at: datetime) -> None:
        answer_objection(
            objection=objection,
            state=ObjectionState.ACCEPTED,
            answer="Ergänzt, danke.",
            by=self.by,
            at=at,
        )

    def _approve(self, minutes: Minutes, at: datetime) -> None:
        approve_minutes(minutes=minutes, approved_in=None, by=self.by, at=at)
        lock_minutes(minutes=minutes, by=self.by, at=at)
        take_step(gathering=minutes.gathering, step="document", by=self.by, at=at)

    # ------------------------------------------------------------------ congresses, workshops

    def _congress(self, number: int, day: date, at: datetime) -> None:
        venue, address = VENUES[(number + 1) % len(VENUES)]
        gathering = self._gathering(
            "congress",
            CONGRESSES[number % len(CONGRESSES)],
            _at(day, hour=9),
            _at(day, 1, hour=15),
            at,
            place_name=venue,
            address=address,
            audience=Audience.PUBLIC,
            capacity=260,
            seats_per_carrier=40,
            about="Zwei Tage für alle, die Tandems begleiten, steuern oder erforschen.",
            access="stufenlos, Ruheraum, Kinderbetreuung",
            languages="Deutsch, Deutsche Gebärdensprache",
            costs="keine, Fahrt wird erstattet",
        )
        self._open(gathering, at)
        opening = ItemValues(title="Begrüßung und Auftakt", minutes=60)
        add_item(gathering=gathering, values=opening, by=self.by, at=at)
        for title, topic in WORKSHOPS[:4]:
            scene = next((one for one in EXPERTS if topic in one.topics), EXPERTS[0])
            values = ItemValues(title=title, minutes=75, speaker=scene.name)
            add_item(gathering=gathering, values=values, by=self.by, at=at)
        self.later(_at(day, -60), lambda at: self._fill_congress(gathering, number, at))
        self.later(_at(day, 1, hour=17), lambda at: self._hold(gathering, at))
        self.later(_at(day, 3), partial(self._ask_for_feedback, gathering))
        self._document(gathering, _at(day, 40), "Die Dokumentation ist erschienen.")

    def _fill_congress(self, gathering: Gathering, number: int, at: datetime) -> None:
        for place, carrier in enumerate(self.stage.carriers):
            seats = 6 + (number * 3 + place * 5) % 17
            group = _colleague(place, carrier.name, seats=seats)
            self._register(gathering, place, [_manager(place, is_listed=True), group], at)
        for place, scene in enumerate(EXPERTS):
            register_guest(
                gathering=gathering,
                guest=Coming(
                    name=scene.name,
                    email=_address(scene),
                    organisation=scene.organisation,
                    seats=1 + (number + place) % 4,
                ),
                form_key=uuid.uuid5(gathering.uid, scene.name),
                link=LINK,
                at=at,
            )

    def _ask_for_feedback(self, gathering: Gathering, at: datetime) -> None:
        ask_for_feedback(gathering=gathering, link=LINK, by=self.by, at=at)
        questions = list(gathering.feedbackquestions.all())
        there = gathering.registrations.filter(attended=True).order_by("pk")
        for place, registration in enumerate(there[:10]):
            scales = {
                question.pk: min(5, 3 + (place + turn) % 3)
                for turn, question in enumerate(questions)
                if question.kind == AnswerKind.SCALE
            }
            words = {
                question.pk: said
                for question, said in zip(questions[-2:], SAID[place % len(SAID)], strict=True)
            }
            give_feedback(
                registration=registration, answers={**scales, **words}, is_anonymous=True, at=at
            )

    def _workshop(self, back: int, day: date, at: datetime) -> None:
        title, topic = WORKSHOPS[back % len(WORKSHOPS)]
        gathering = self._gathering(
            "workshop",
            f"Fachworkshop: {title}",
            _at(day, hour=10),
            _at(day, hour=15),
            at,
            place_name=VENUES[back % len(VENUES)][0],
            audience=Audience.CIRCLE,
            capacity=24,
            seats_per_carrier=4,
        )
        self._open(gathering, at)
        self._invite_expert(gathering, topic, title, at)
        self.later(_at(day, -20), lambda at: self._send_people(gathering, back, at))
        self.later(_at(day, hour=16), lambda at: self._hold(gathering, at))
        if back > 1:
            self._document(gathering, _at(day, 20), "Die Unterlagen sind verschickt.")

    def _focus_group(self, back: int, day: date, at: datetime) -> None:
        gathering = self._gathering(
            "focus_group",
            f"Fokusgruppe: {FOCUS_GROUPS[back % len(FOCUS_GROUPS)]}",
            _at(day, hour=13),
            _at(day, hour=16),
            at,
            mode=Mode.ONLINE,
            join_link="https://konferenz.example.org/fokusgruppe",
            audience=Audience.CIRCLE,
            capacity=10,
            seats_per_carrier=2,
        )
        self._open(gathering, at)
        self.later(_at(day, -20), lambda at: self._send_people(gathering, back + 1, at))
        self.later(_at(day, hour=17), lambda at: self._hold(gathering, at))
        self._document(gathering, _at(day, 30), "Die Ergebnisse stehen in der Kurzpublikation.")

    def _workshop_ahead(self, at: datetime) -> None:
        """Small and full: somebody waits, and one who cannot come has just let a seat free."""
        title, topic = WORKSHOPS[2]
        gathering = self._gathering(
            "workshop",
            f"Fachworkshop: {title}",
            _at(self.on, 24, hour=10),
            _at(self.on, 24, hour=15),
            at,
            place_name=VENUES[0][0],
            address=VENUES[0][1],
            audience=Audience.CIRCLE,
            capacity=6,
            seats_per_carrier=3,
        )
        self._open(gathering, at)
        self._invite_expert(gathering, topic, title, at)
        for place in (1, 2, 3):
            people = [_manager(place), _colleague(place, self.stage.carriers[place].name)]
            self._register(gathering, place, people, at + timedelta(days=place))
        for place in (4, 5, 0):
            self._register(gathering, place, [_manager(place)], at + timedelta(days=5))
        left = gathering.registrations.filter(state=Seat.SEATED).order_by("pk").first()
        if left is not None:
            decline(
                registration=left,
                note="",
                link=LINK,
                by=self.stage.managers[1],
                at=_at(self.on, -1),
            )

    def _cancelled(self, at: datetime) -> None:
        gathering = self._gathering(
            "training",
            "Schulung: Erste Hilfe im Tandem",
            _at(self.on, 12, hour=9),
            _at(self.on, 12, hour=12),
            at - timedelta(days=30),
            place_name=VENUES[2][0],
            audience=Audience.CIRCLE,
        )
        self._open(gathering, at - timedelta(days=30))
        reason = "Die Referentin ist erkrankt. Wir suchen einen neuen Termin."
        cancel_gathering(gathering=gathering, reason=reason, link=LINK, by=self.by, at=at)

    def _draft(self, at: datetime) -> None:
        self._gathering(
            "action_day",
            f"Aktionstag {self.on.year + 1}",
            _at(date(self.on.year + 1, 6, 12), hour=11),
            _at(date(self.on.year + 1, 6, 12), hour=17),
            at,
            audience=Audience.PUBLIC,
        )

    # ------------------------------------------------------------------ shared

    def _gathering(
        self,
        kind: str,
        title: str,
        starts_at: datetime,
        ends_at: datetime,
        at: datetime,
        *,
        in_series: bool = False,
        mode: str = Mode.IN_PERSON,
        **more: object,
    ) -> Gathering:
        begins = in_series and self.series is None
        values = GatheringValues(
            kind=self.kinds[kind],
            title=title,
            starts_at=starts_at,
            ends_at=ends_at,
            mode=mode,
            series=self.series if in_series else None,
            **more,  # type: ignore[arg-type]
        )
        gathering = create_gathering(
            programme=self.stage.programme,
            carrier=None,
            values=values,
            new_series="Trägerkreis" if begins else "",
            by=self.by,
            at=at,
        )
        if begins:
            self.series = gathering.series
        return gathering

    def _open(self, gathering: Gathering, at: datetime) -> None:
        for step in ("announce", "open"):
            self._step(gathering, step, "", at)

    def _document(self, gathering: Gathering, at: datetime, note: str) -> None:
        self.later(at, partial(self._step, gathering, "document", note))

    def _step(self, gathering: Gathering, step: str, note: str, at: datetime) -> None:
        take_step(gathering=gathering, step=step, note=note, by=self.by, at=at)

    def _register(
        self, gathering: Gathering, place: int, people: Sequence[Coming], at: datetime
    ) -> None:
        register_carrier(
            gathering=gathering,
            carrier=self.stage.carriers[place],
            people=people,
            form_key=uuid.uuid5(gathering.uid, f"{place}-{at}"),
            link=LINK,
            by=self.stage.managers[place],
            at=at,
        )

    def _expert(self, scene: ExpertScene, at: datetime) -> Expert:
        return add_expert(
            programme=self.stage.programme,
            values=ExpertValues(
                name=scene.name,
                email=_address(scene),
                organisation=scene.organisation,
                sector=Sector(scene.sector),
                about=scene.about,
                topics=scene.topics,
            ),
            consented_on=at.date(),
            asking=Asking(name="Hanne Lichtfurt", organisation="Netzwerkstelle", link=LINK),
            by=self.by,
            at=at,
        )

    def _invite_expert(self, gathering: Gathering, topic: str, title: str, at: datetime) -> None:
        fitting = [expert for expert in self.experts if topic in expert.topics]
        if not fitting:
            return
        contribution = invite_expert(
            expert=fitting[0],
            gathering=gathering,
            invitation=Invitation(title=title, words="", inviter="Hanne Lichtfurt", link=LINK),
            by=self.by,
            at=at,
        )
        answer_invitation(contribution=contribution, accepts=True, by=self.by, at=at)


def _at(day: date, later: int = 0, *, hour: int = 9) -> datetime:
    return datetime.combine(day + timedelta(days=later), time(hour), BERLIN)


def _manager_name(place: int) -> str:
    colleague = manager_of(place)
    return f"{colleague.first_name} {colleague.last_name}"


def _manager(place: int, *, is_listed: bool = False) -> Coming:
    colleague = manager_of(place)
    return Coming(name=_manager_name(place), email=colleague.email, is_listed=is_listed)


def _colleague(place: int, carrier: str, *, seats: int = 1) -> Coming:
    return Coming(name=f"Team {carrier}", email=f"team{place + 1:02}@example.org", seats=seats)


def _address(scene: ExpertScene) -> str:
    return f"{scene.name.rpartition(' ')[2].lower()}@example.org"
