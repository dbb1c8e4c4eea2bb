from __future__ import annotations

from functools import cached_property
from operator import itemgetter
from typing import Any, ClassVar

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.lists import SheetColumn, sheet_answer
from patenwerk.core.web.views import FormHandling, ObjectFormPage, ObjectView, PublicView
from patenwerk.gatherings.domain.feedback import (
    LONGEST_ANSWER,
    MOST_QUESTIONS,
    Asked,
    ask_for_feedback,
    change_questionnaire,
    default_questionnaire,
    give_feedback,
)
from patenwerk.gatherings.enums import AnswerKind
from patenwerk.gatherings.models import FeedbackQuestion, Gathering, Registration
from patenwerk.gatherings.models.feedback import ANSWER_KINDS
from patenwerk.gatherings.policy import ORGANISE
from patenwerk.gatherings.queries.feedback import (
    SCALE,
    FeedbackResults,
    feedback_link,
    feedback_results,
    last_day,
    registration_by_feedback_token,
)
from patenwerk.gatherings.queries.presence import was_present

BLANK_ROWS = 2


class AnswersForm(forms.Form):
    """One field per question; ``is_anonymous`` repeats what the page promised."""

    is_anonymous = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *data: Any, questions: list[FeedbackQuestion], is_anonymous: bool) -> None:
        super().__init__(*data)
        self.fields["is_anonymous"].initial = is_anonymous
        for question in questions:
            self.fields[f"answer_{question.pk}"] = (
                self._scale(question) if question.kind == AnswerKind.SCALE else self._text(question)
            )

    def _scale(self, question: FeedbackQuestion) -> forms.Field:
        return forms.TypedChoiceField(
            label=question.text,
            choices=[(value, _SCALE_WORDS.get(value, value)) for value in SCALE],
            coerce=int,
            empty_value="",
            required=False,
            widget=forms.RadioSelect,
        )

    def _text(self, question: FeedbackQuestion) -> forms.Field:
        return forms.CharField(
            label=question.text,
            max_length=LONGEST_ANSWER,
            required=False,
            widget=forms.Textarea({"rows": 4}),
        )

    @property
    def answers(self) -> dict[int, int | str]:
        """What was said, by the question's id."""
        return {
            int(name.removeprefix("answer_")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("answer_")
        }


_SCALE_WORDS = {1: gettext_lazy("1: not at all"), 5: gettext_lazy("5: fully")}


class GiveFeedback(FormHandling, PublicView):
    form_class = AnswersForm
    template = "gatherings/give_feedback.html"

    @cached_property
    def registration(self) -> Registration:
        found = registration_by_feedback_token(self.kwargs["token"])
        if found is None:
            raise Http404
        return found

    @cached_property
    def questions(self) -> list[FeedbackQuestion]:
        return list(self.registration.gathering.feedbackquestions.all())

    def form_options(self) -> dict[str, Any]:
        gathering = self.registration.gathering
        return {"questions": self.questions, "is_anonymous": gathering.feedback_anonymous}

    def context(self) -> dict[str, Any]:
        registration, gathering = self.registration, self.registration.gathering
        is_asked = gathering.feedback_asked_at is not None and was_present(registration)
        return {
            "registration": registration,
            "gathering": gathering,
            "programme": gathering.programme,
            "until": last_day(gathering),
            "is_given": registration.feedback_given_on is not None,
            "is_open": is_asked and self.today <= last_day(gathering),
        }

    def perform(self, form: Any) -> str:
        give_feedback(
            registration=self.registration,
            answers=form.answers,
            is_anonymous=form.cleaned_data["is_anonymous"],
            at=self.now,
        )
        return reverse("gatherings:give_feedback", args=[self.kwargs["token"]])


class Feedback(ObjectView):
    model = Gathering
    see = do = ORGANISE
    template = "gatherings/feedback.html"
    sheet_columns: ClassVar[list[SheetColumn]] = [
        SheetColumn(gettext_lazy("Question"), itemgetter("question")),
        *[SheetColumn(str(value), itemgetter(value)) for value in SCALE],
        SheetColumn(gettext_lazy("Mean"), itemgetter("mean")),
        SheetColumn(gettext_lazy("In words"), itemgetter("text")),
        SheetColumn(gettext_lazy("Name"), itemgetter("name")),
    ]

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        results = feedback_results(self.object, self.today)
        kind = request.GET.get("format", "")
        if kind in {"xlsx", "csv"}:
            name = f"rueckmeldungen-{self.object.pk}-{self.today.isoformat()}"
            return sheet_answer(kind, name, self.sheet_columns, _rows(results))
        return self.page(
            {
                "gathering": self.object,
                "results": results,
                "until": last_day(self.object),
                "is_over": self.today > last_day(self.object),
                "downloads": [("XLSX", "?format=xlsx"), ("CSV", "?format=csv")],
            }
        )


_BLANK: dict[Any, Any] = dict.fromkeys([*SCALE, "mean", "text", "name"])


def _rows(results: FeedbackResults) -> list[dict[Any, Any]]:
    """The results as rows of a sheet; numbers first, then words."""
    if not results.shown:
        return []
    numbers: list[dict[Any, Any]] = [
        {
            **_BLANK,
            "question": scale.question.text,
            "mean": None if scale.mean is None else round(scale.mean, 2),
            **dict(scale.rows),
        }
        for scale in results.scales
    ]
    words = [
        {**_BLANK, "question": part.question.text, "text": said.text, "name": said.name}
        for part in results.texts
        for said in part.answers
    ]
    return numbers + words


class QuestionnaireForm(forms.Form):
    asks = forms.BooleanField(
        label=gettext_lazy("ask those who were there for feedback on the day after"), required=False
    )
    is_anonymous = forms.BooleanField(
        label=gettext_lazy("answers carry no name"),
        required=False,
        help_text=gettext_lazy(
            "Results are shown from five answers on, in groups of five. Without this the "
            "organisers read each answer with its name."
        ),
    )

    def __init__(self, *data: Any, gathering: Gathering, questions: list[Asked]) -> None:
        super().__init__(*data)
        self.fields["asks"].initial = gathering.asks_feedback
        self.fields["is_anonymous"].initial = gathering.feedback_anonymous
        self.places = range(1, min(len(questions) + BLANK_ROWS, MOST_QUESTIONS) + 1)
        for place in self.places:
            asked = questions[place - 1] if place <= len(questions) else None
            self.fields[f"text_{place}"] = forms.CharField(
                label=_("question {number}").format(number=place),
                max_length=200,
                required=False,
                initial=asked.text if asked else "",
            )
            self.fields[f"kind_{place}"] = forms.ChoiceField(
                label=_("question {number} is answered").format(number=place),
                choices=ANSWER_KINDS,
                required=False,
                initial=asked.kind if asked else AnswerKind.SCALE.value,
            )

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of each question."""
        return [(self[f"text_{place}"], self[f"kind_{place}"]) for place in self.places]

    @property
    def questions(self) -> list[Asked]:
        """The questions that were not left empty, in their order."""
        said = self.cleaned_data
        return [
            Asked(
                kind=AnswerKind(said[f"kind_{place}"] or AnswerKind.SCALE),
                text=said[f"text_{place}"],
            )
            for place in self.places
            if said[f"text_{place}"]
        ]


class ChangeQuestionnaire(ObjectFormPage):
    model = Gathering
    see = do = ORGANISE
    form_class = QuestionnaireForm
    template = "gatherings/feedback_questions.html"

    def form_options(self) -> dict[str, Any]:
        known = [
            Asked(kind=AnswerKind(question.kind), text=question.text)
            for question in self.object.feedbackquestions.all()
        ]
        return {"gathering": self.object, "questions": known or default_questionnaire()}

    def context(self) -> dict[str, Any]:
        return {
            "gathering": self.object,
            "is_answered": self.object.feedbacksheets.exists(),
            "questions": self.object.feedbackquestions.all(),
        }

    def perform(self, form: Any) -> str:
        change_questionnaire(
            gathering=self.object,
            questions=form.questions,
            asks=form.cleaned_data["asks"],
            is_anonymous=form.cleaned_data["is_anonymous"],
            by=self.actor,
            at=self.now,
        )
        self.said(_("Saved."))
        return reverse("gatherings:feedback", args=[self.object.pk])


class AskForFeedback(ObjectFormPage):
    model = Gathering
    see = do = ORGANISE
    form_class = ConfirmForm
    template = "gatherings/ask_for_feedback.html"

    def context(self) -> dict[str, Any]:
        return {"gathering": self.object, "until": last_day(self.object)}

    def perform(self, form: Any) -> str:
        ask_for_feedback(gathering=self.object, link=feedback_link(), by=self.actor, at=self.now)
        self.said(_("The mails are on their way."))
        return reverse("gatherings:feedback", args=[self.object.pk])
