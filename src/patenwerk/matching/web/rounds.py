from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from patenwerk.core.policy import may_in, visible
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.lists import ListPage, SheetColumn, sheet_answer
from patenwerk.core.web.views import FormPage, ObjectFormPage, ObjectView
from patenwerk.matching.domain.decision import Outcome, take_all
from patenwerk.matching.domain.refresh import refresh_round
from patenwerk.matching.domain.round import close_round, start_round
from patenwerk.matching.enums import RoundState, SuggestionState
from patenwerk.matching.models import LeftOverPerson, Round, Suggestion
from patenwerk.matching.policy import DECIDE, SEE_MATCHING, SETTINGS, START_ROUND
from patenwerk.matching.queries.cards import why_not
from patenwerk.matching.queries.changes import change_in_words, changes, since_round
from patenwerk.matching.queries.partners import (
    asked_apart,
    card_of,
    common_times,
    field_names,
    obstacle_of,
    spelling_of,
)
from patenwerk.matching.queries.programme_round import suggestions_from_elsewhere
from patenwerk.matching.queries.round import (
    counterpart_of,
    left_over,
    requests_of_other_sites,
    rounds,
    startable,
    state_of,
    suggestions,
    waiting_people,
)
from patenwerk.matching.queries.wording import (
    Words,
    reasons_in_words,
    step_in_words,
    why_not_in_words,
)
from patenwerk.matching.web.forms import BulkForm, StartForm, WaitingFilter
from patenwerk.organisations.models import Site
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.tandems.domain.tandem import TandemValues
from patenwerk.tandems.enums import State
from patenwerk.tandems.models import Tandem
from patenwerk.tandems.policy import SEE_TANDEM
from patenwerk.tandems.queries.everybody import everybody_in

ROUNDS_SHOWN = 10
OFFERS_PER_PAGE = 20
LEFT_PER_PAGE = 12
CHANGES_SHOWN = 30


def values_of(said: dict[str, Any]) -> TandemValues:
    """What a decision form said, as tandems want it."""
    return TandemValues(
        kind=said["kind"], focus=said["focus"], field=said["field"], why=said["why"]
    )


def told_and_on(view: ObjectFormPage, tandem: Tandem, mentee: Person) -> str:
    """Say what was decided; answers where to go on: who may not see the group stays here."""
    if tandem.state == State.PROPOSED:
        view.said(str(everybody_in(tandem).are_asked))
    else:
        view.said(_("%(name)s is asked to join the group that runs.") % {"name": mentee.first_name})
    if may_in(view.actor, SEE_TANDEM, tandem):
        return reverse("tandems:tandem", args=[tandem.pk])
    return reverse("matching:home")


class MatchingHome(ListPage):
    """Who waits, the latest rounds, and what other sites ask."""

    see = do = SEE_MATCHING
    template = "matching/home.html"
    filter_form = WaitingFilter
    sheet_name = "waiting"
    sheet_columns = (
        SheetColumn(gettext_lazy("Name"), lambda row: row.full_name),
        SheetColumn(gettext_lazy("Site"), lambda row: row.site.name),
        SheetColumn(gettext_lazy("Waiting since"), lambda row: row.waiting_since),
        SheetColumn(gettext_lazy("Postcode"), lambda row: row.postcode),
        SheetColumn(
            gettext_lazy("A suggestion waits"), lambda row: _("yes") if row.has_suggestion else ""
        ),
    )

    def filter_options(self) -> dict[str, Any]:
        return {"sites": Site.objects.filter(visible(self.actor, SEE_MATCHING, Site))}

    def listed(self, said: dict[str, Any]) -> QuerySet[Person]:
        side = Side.MENTOR if said.get("side") == Side.MENTOR else Side.MENTEE
        rows = waiting_people(self.actor, side)
        return rows.filter(site=said["site"]) if said.get("site") else rows

    def context(self, page: Any) -> dict[str, Any]:
        explained = why_not(self.actor, [row.pk for row in page])
        for row in page:
            row.days = max(0, (self.today - row.waiting_since).days)
            row.why_not = explained.get(row.pk)
        shown = list(rounds(self.actor)[:ROUNDS_SHOWN])
        for one in shown:
            one.standing = state_of(one)  # type: ignore[attr-defined]
        begin = startable(self.actor)
        return {
            "rounds": shown,
            "start_form": StartForm(startable=begin) if begin.sites or begin.carriers else None,
            "requests": [
                {
                    "participant": row,
                    "other": card_of(self.actor, counterpart_of(row), self.today),
                    "days": (self.today - row.joined_on).days,
                }
                for row in requests_of_other_sites(self.actor)
            ],
            "elsewhere": [
                {
                    "suggestion": one,
                    "mentor": card_of(self.actor, one.mentor, self.today),
                    "mentee": card_of(self.actor, one.mentee, self.today),
                }
                for one in suggestions_from_elsewhere(self.actor)
            ],
            "may_set": self.actor.has(SETTINGS),
        }


class StartRound(FormPage):
    see, do = SEE_MATCHING, START_ROUND
    form_class = StartForm
    template = "matching/start.html"

    def form_options(self) -> dict[str, Any]:
        return {"startable": startable(self.actor)}

    def perform(self, form: Any) -> str:
        started = start_round(organisation=form.chosen, by=self.actor, at=self.now)
        return reverse("matching:round", args=[started.pk])


class AboutRound(ObjectView, abstract=True):
    model = Round
    see = SEE_MATCHING

    def rows(self) -> Any:
        return Round.objects.select_related("site", "carrier", "job")

    @property
    def address(self) -> str:
        return reverse("matching:round", args=[self.object.pk])


def progress_of(found: Round) -> dict[str, Any]:
    """How far a running round is."""
    job = found.job
    state = state_of(found)
    if state is RoundState.FAILED:
        text = _("The round could not be calculated.")
    elif state is not RoundState.RUNNING or job is None:
        text = _("The round is ready.")
    else:
        text = step_in_words(job.progress_text)
    known = job is not None and job.progress_total > 1
    return {
        "done": job.progress_done if known and job else None,
        "total": job.progress_total if known and job else None,
        "text": text,
        "finished": state is not RoundState.RUNNING,
        "progress_url": reverse("matching:progress", args=[found.pk]),
    }


class RoundProgress(AboutRound):
    do = SEE_MATCHING
    template = "matching/_progress.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        state = progress_of(self.object)
        answer = self.page(state)
        if state["finished"]:
            answer.headers["HX-Refresh"] = "true"
        return answer


class OnTheRound(AboutRound, abstract=True):
    """The page of a round with its suggestions and the people left over."""

    template = "matching/round.html"

    def round_context(self, form: BulkForm | None) -> dict[str, Any]:
        found: Round = self.object
        fell_away = Case(When(state=SuggestionState.WITHDRAWN, then=1), default=0)
        # What is not possible any more stands behind everything else.
        mine = suggestions(self.actor).filter(round=found).order_by(fell_away, "position", "pk")
        left = left_over(self.actor).filter(round=found)
        offers = Paginator(mine, OFFERS_PER_PAGE).get_page(self.request.GET.get("page"))
        left_page = Paginator(left.filter(person__side=Side.MENTEE), LEFT_PER_PAGE).get_page(
            self.request.GET.get("left")
        )
        names = field_names([found.programme_id])[found.programme_id]
        ticked = set(form.data.getlist("suggestions")) if form and form.is_bound else set()  # type: ignore[attr-defined]
        open_count = mine.filter(state=SuggestionState.OPEN).count()
        return {
            "round": found,
            "standing": state_of(found),
            "offers": offers,
            "lines": [self.line(one, names, ticked) for one in offers],
            "open_count": open_count,
            "left": left_page,
            "obstacles": [self.obstacle(one) for one in left_page],
            "left_mentors": left.filter(person__side=Side.MENTOR).count(),
            "form": form if open_count else None,
            "asked_apart": asked_apart(joins=True),
            "may_refresh": self.may_refresh,
            "since": since_round(found) if self.may_refresh else None,
            **self.changed(found),
            "may_close": found.state == RoundState.READY and may_in(self.actor, START_ROUND, found),
            **progress_of(found),
        }

    @property
    def may_refresh(self) -> bool:
        """A part of a round over all carriers changes with that one only."""
        found: Round = self.object
        return (
            found.state == RoundState.READY
            and found.programme_round_id is None
            and may_in(self.actor, START_ROUND, found)
        )

    def changed(self, found: Round) -> dict[str, Any]:
        """What is different from before, as sentences; nothing where there was no round before."""
        if found.kept is None:
            return {}
        mine = changes(self.actor).filter(round=found)
        shown = list(mine[:CHANGES_SHOWN])
        count = mine.count()
        return {
            "changes": [
                change_in_words(one, lambda who: card_of(self.actor, who, self.today).name)
                for one in shown
            ],
            "changes_count": count,
            "changes_hidden": count - len(shown),
        }

    def line(self, one: Suggestion, names: dict[str, str], ticked: set[str]) -> dict[str, Any]:
        mentor = card_of(self.actor, one.mentor, self.today)
        words = Words(fields=names, spelling=spelling_of(one.mentor, one.mentee))
        return {
            "suggestion": one,
            "mentee": card_of(self.actor, one.mentee, self.today),
            "mentor": mentor,
            "days": max(0, (self.today - one.mentee.waiting_since).days),
            "reasons": reasons_in_words(one.reasons, words),
            "mentor_times": common_times(one.mentee.free_times, mentor.free_times, one.reasons),
            "may_take": one.state == SuggestionState.OPEN and may_in(self.actor, DECIDE, one),
            "ticked": str(one.pk) in ticked,
        }

    def obstacle(self, left: LeftOverPerson) -> dict[str, Any]:
        return {
            "card": card_of(self.actor, left.person, self.today),
            "days": max(0, (self.today - left.person.waiting_since).days),
            "why_not": why_not_in_words(obstacle_of(left.person, left)),
        }

    def offered(self) -> QuerySet[Suggestion]:
        """The suggestions the actor may decide about."""
        return (
            suggestions(self.actor)
            .filter(visible(self.actor, DECIDE, Suggestion), round=self.object)
            .select_related("site")
        )

    def bulk_form(self, *data: Any) -> BulkForm:
        return BulkForm(
            *data,
            offered=self.offered(),
            programme_id=self.object.programme_id,
            on=self.today,
        )


class RoundPage(OnTheRound):
    do = SEE_MATCHING

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        kind = request.GET.get("format", "")
        if kind in {"xlsx", "csv"}:
            return self.sheet(kind)
        deciding = self.offered().filter(state=SuggestionState.OPEN).exists()
        return self.page(self.round_context(self.bulk_form() if deciding else None))

    def sheet(self, kind: str) -> HttpResponse:
        names = field_names([self.object.programme_id])[self.object.programme_id]
        if self.request.GET.get("list") == "left":
            left = left_over(self.actor).filter(round=self.object)
            rows = [(one.person, self.obstacle(one)["why_not"]) for one in left]
            return sheet_answer(kind, f"round-{self.object.pk}-left-over", LEFT_COLUMNS, rows)
        lines = [
            self.line(one, names, set())
            for one in suggestions(self.actor).filter(round=self.object)
        ]
        return sheet_answer(kind, f"round-{self.object.pk}", OFFER_COLUMNS, lines)


OFFER_COLUMNS = (
    SheetColumn(gettext_lazy("Who is accompanied"), lambda line: line["mentee"].name),
    SheetColumn(gettext_lazy("Who accompanies"), lambda line: line["mentor"].name),
    SheetColumn(gettext_lazy("Waiting days"), lambda line: line["days"]),
    SheetColumn(gettext_lazy("State"), lambda line: line["suggestion"].get_state_display()),
    SheetColumn(gettext_lazy("Why"), lambda line: line["suggestion"].why),
    SheetColumn(
        gettext_lazy("Reasons"),
        lambda line: "; ".join(f"{said.label}: {said.sentence}" for said in line["reasons"]),
    ),
)
LEFT_COLUMNS = (
    SheetColumn(gettext_lazy("Name"), lambda row: row[0].full_name),
    SheetColumn(gettext_lazy("Role"), lambda row: row[0].get_side_display()),
    SheetColumn(gettext_lazy("Site"), lambda row: row[0].site.name),
    SheetColumn(gettext_lazy("Waiting since"), lambda row: row[0].waiting_since),
    SheetColumn(gettext_lazy("What stands in the way"), lambda row: row[1].headline),
    SheetColumn(gettext_lazy("What would help"), lambda row: row[1].help),
)


class TakeSeveral(OnTheRound, ObjectFormPage):
    do = DECIDE
    form_class = BulkForm

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect(self.address)

    def form(self, *data: Any) -> BulkForm:
        return self.bulk_form(*data)

    def page(self, context: Any, *, status: int = 200) -> HttpResponse:
        return super().page(self.round_context(context["form"]), status=status)

    def perform(self, form: Any) -> str:
        said = form.cleaned_data
        outcome = take_all(
            suggestions=list(said["suggestions"]),
            values=values_of(said),
            by=self.actor,
            at=self.now,
        )
        self.tell(outcome)
        return self.address

    def tell(self, outcome: Outcome) -> None:
        proposed = [one for one in outcome.tandems if one.state == State.PROPOSED]
        count, joining = len(proposed), len(outcome.tandems) - len(proposed)
        if joining:
            self.said(
                ngettext(
                    "%(count)s person is asked to join a group that runs.",
                    "%(count)s people are asked to join groups that run.",
                    joining,
                )
                % {"count": joining}
            )
        if count:
            self.said(
                ngettext(
                    "%(count)s tandem is proposed. Now both are asked.",
                    "%(count)s tandems are proposed. Now both sides are asked.",
                    count,
                )
                % {"count": count}
            )
        for one in outcome.not_taken:
            messages.warning(
                self.request,
                _("%(mentee)s and %(mentor)s: %(reasons)s")
                % {
                    "mentee": card_of(self.actor, one.suggestion.mentee, self.today).name,
                    "mentor": card_of(self.actor, one.suggestion.mentor, self.today).name,
                    "reasons": " ".join(str(reason.sentence) for reason in one.reasons),
                },
            )


class RefreshRound(AboutRound, ObjectFormPage):
    do = START_ROUND
    form_class = ConfirmForm
    template = "matching/refresh.html"

    def context(self) -> dict[str, Any]:
        return {"round": self.object}

    def perform(self, form: Any) -> str:
        done = refresh_round(round=self.object, by=self.actor, at=self.now)
        self.said(
            _("Up to date. New: %(added)s, fell away: %(withdrawn)s, stay: %(kept)s.")
            % {"added": done.added, "withdrawn": done.withdrawn, "kept": done.kept}
        )
        return self.address


class CloseRound(AboutRound, ObjectFormPage):
    do = START_ROUND
    form_class = ConfirmForm
    template = "matching/close.html"

    def context(self) -> dict[str, Any]:
        return {"round": self.object}

    def perform(self, form: Any) -> str:
        close_round(round=self.object, by=self.actor, at=self.now)
        self.said(_("The round is closed."))
        return reverse("matching:home")
