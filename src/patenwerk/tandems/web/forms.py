"""The shape of what is said about tandems."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from patenwerk.core.policy import Actor, visible
from patenwerk.core.web.forms import DayInput
from patenwerk.core.web.words import WordChoice
from patenwerk.organisations.kernel.groups import LARGEST_GROUP
from patenwerk.organisations.models import Focus, Site, SupportField, TandemKind
from patenwerk.organisations.policy import SEE_SITE
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.people.policy import EDIT_PERSON
from patenwerk.tandems.enums import Acceptance, MeetingPlace
from patenwerk.tandems.models import Participant, Tandem
from patenwerk.tandems.models.tandem import END_REASONS, STATES
from patenwerk.tandems.queries.everybody import everybody_in
from patenwerk.tandems.queries.participant import there_now


class TandemFilter(forms.Form):
    q = forms.CharField(label=_("name"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("state"),
        required=False,
        choices=[("", _("all running")), ("silent", _("silent")), *STATES, ("all", _("all"))],
    )
    site = forms.ModelChoiceField(
        label=_("site"), required=False, queryset=Site.objects.none(), empty_label=_("all sites")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = (  # type: ignore[attr-defined]
            Site.objects.filter(visible(actor, SEE_SITE, Site))
        )


class DecisionForm(forms.Form):
    """What is decided besides the two people."""

    kind = WordChoice(label=_("kind"), queryset=TandemKind.objects.none(), empty_label=None)
    focus = WordChoice(label=_("focus"), queryset=Focus.objects.none(), empty_label=None)
    field = WordChoice(
        label=_("field of support"), queryset=SupportField.objects.none(), empty_label=None
    )
    why = forms.CharField(
        label=_("Why these people?"),
        max_length=500,
        help_text=_("One sentence is enough. Your team reads it later."),
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, programme_id: int, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"programme_id": programme_id, "is_active": True}
        in_force = Focus.objects.filter(**words, starts_on__lte=on).exclude(ends_on__lt=on)
        self._offer("kind", TandemKind.objects.filter(**words))
        self._offer("focus", in_force)
        self._offer("field", SupportField.objects.filter(**words))

    def _offer(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]


class PersonChoice(forms.ModelChoiceField[Person]):
    """A person by name."""

    def label_from_instance(self, obj: Person) -> str:
        return obj.full_name


class PeopleChoice(forms.ModelMultipleChoiceField[Person]):
    """People by name, to tick."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Person) -> str:
        return obj.full_name


class GroupForm(forms.Form):
    """What a group is called and how many it takes."""

    name = forms.CharField(
        label=_("Name of the group"),
        max_length=80,
        required=False,
        help_text=_("For a family, a class or a group: so it is found again."),
    )
    places = forms.IntegerField(
        label=_("Places for who is accompanied"),
        min_value=1,
        max_value=LARGEST_GROUP,
        help_text=_("Free places are offered in matching. Without a free one nobody is added."),
    )


class ProposalForm(DecisionForm):
    """People the coordinator has in mind, without a matching round: two, or a whole group."""

    mentee = PersonChoice(
        label=_("who is accompanied"), queryset=Person.objects.none(), empty_label="–"
    )
    mentor = PersonChoice(
        label=_("who accompanies"), queryset=Person.objects.none(), empty_label="–"
    )
    more_mentees = PeopleChoice(
        label=_("who else is accompanied"), queryset=Person.objects.none(), required=False
    )
    more_mentors = PeopleChoice(
        label=_("who else accompanies"), queryset=Person.objects.none(), required=False
    )
    substitutes = PeopleChoice(
        label=_("who stands in when nobody else can"),
        queryset=Person.objects.none(),
        required=False,
    )
    name = forms.CharField(
        label=_("name of the group"), max_length=80, required=False, help_text=_("Optional.")
    )
    places = forms.IntegerField(
        label=_("places for who is accompanied"),
        required=False,
        min_value=1,
        max_value=LARGEST_GROUP,
        help_text=_(
            "More than you choose here: the free places are offered in matching. Empty: nobody is "
            "added."
        ),
    )
    field_order = ("mentee", "mentor", "kind", "focus", "field", "why")
    GROUP = ("name", "places", "more_mentees", "more_mentors", "substitutes")

    def __init__(self, *args: Any, actor: Actor, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, programme_id=site.programme_id, **kwargs)
        people = Person.objects.filter(
            visible(actor, EDIT_PERSON, Person), site=site, archived_at__isnull=True
        )
        for name in ("mentee", "more_mentees"):
            self._offer(name, people.filter(side=Side.MENTEE))
        for name in ("mentor", "more_mentors", "substitutes"):
            self._offer(name, people.filter(side=Side.MENTOR))

    def of_two(self) -> list[forms.BoundField]:
        """The fields that every proposal has."""
        return [field for field in self if field.name not in self.GROUP]

    def of_a_group(self) -> list[forms.BoundField]:
        """The fields of a family, a class, a group."""
        return [self[name] for name in self.GROUP]

    def is_group(self) -> bool:
        """Whether anything of a group was said, or said wrongly: then that part stands open."""
        return any(self[name].value() or name in self.errors for name in self.GROUP)


class JoinForm(forms.Form):
    """Who is asked to join."""

    person = PersonChoice(label=_("Who?"), queryset=Person.objects.none(), empty_label="–")
    is_substitute = forms.BooleanField(
        label=_("only stands in when nobody else can"),
        required=False,
        help_text=_("For who accompanies. Takes no place, and is asked like everybody."),
    )

    def __init__(self, *args: Any, actor: Actor, tandem: Tandem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = there_now(tandem).values("person_id")
        self.fields["person"].queryset = (  # type: ignore[attr-defined]
            Person.objects.filter(
                visible(actor, EDIT_PERSON, Person),
                programme_id=tandem.programme_id,
                archived_at__isnull=True,
            ).exclude(pk__in=here)
        )


class LeaveForm(forms.Form):
    left_on = forms.DateField(label=_("Last day"), widget=DayInput())


class AnswerForm(forms.Form):
    acceptance = forms.ChoiceField(
        choices=[
            (Acceptance.ACCEPTED.value, _("said yes")),
            (Acceptance.DECLINED.value, _("said no")),
        ]
    )


class StepForm(forms.Form):
    step = forms.ChoiceField(
        choices=[(name, name) for name in ("start_trial", "activate", "pause", "resume")]
    )
    note = forms.CharField(required=False, max_length=500)


class EndForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why does it end?"), choices=[("", "–"), *END_REASONS])
    ended_on = forms.DateField(label=_("Last day"), widget=DayInput())
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        help_text=_("What would help the next coordinator to know?"),
        widget=forms.Textarea({"rows": 3}),
    )


class MeetingForm(forms.Form):
    """Logged on a phone in less than a minute: everything likely is chosen already."""

    TODAY, YESTERDAY, OTHER = "today", "yesterday", "other"
    LENGTHS = ("30", "60", "120")

    when = forms.ChoiceField(
        label=_("When?"),
        choices=[(TODAY, _("today")), (YESTERDAY, _("yesterday")), (OTHER, _("another day"))],
        initial=TODAY,
        widget=forms.RadioSelect,
    )
    held_on = forms.DateField(
        label=_("Which day?"),
        required=False,
        help_text=_("Only for »another day«."),
        widget=DayInput(),
    )
    length = forms.ChoiceField(
        label=_("How long?"),
        choices=[
            ("30", _("30 min.")),
            ("60", _("1 hour")),
            ("120", _("2 hours")),
            (OTHER, _("other")),
        ],
        initial="120",
        widget=forms.RadioSelect,
    )
    minutes = forms.IntegerField(
        label=_("How many minutes?"),
        required=False,
        min_value=5,
        max_value=1440,
        help_text=_("Only for »other«."),
    )
    place = forms.ChoiceField(
        label=_("Where?"),
        choices=[
            (MeetingPlace.IN_PERSON.value, _("in person")),
            (MeetingPlace.ONLINE.value, _("online")),
            (MeetingPlace.PHONE.value, _("by phone")),
        ],
        initial=MeetingPlace.IN_PERSON.value,
        widget=forms.RadioSelect,
    )
    came = forms.ModelMultipleChoiceField[Participant](
        label=_("Who came?"), queryset=None, widget=forms.CheckboxSelectMultiple
    )
    topic = forms.CharField(
        required=False,
        max_length=200,
        help_text=_("A few words, if you like."),
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, tandem: Tandem, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})["form_key"] = uuid.uuid4()
        super().__init__(*args, **kwargs)
        self.today = today
        came: Any = self.fields["came"]
        self.fields["topic"].label = everybody_in(tandem).what_they_did
        takes_part = there_now(tandem).filter(acceptance=Acceptance.ACCEPTED)
        came.queryset = takes_part.select_related("person")
        came.label_from_instance = lambda row: row.person.first_name
        came.initial = [
            row.pk
            for row in tandem.participants.all()
            if row.left_on is None
            and row.acceptance == Acceptance.ACCEPTED
            and not row.is_substitute
        ]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        days = {self.TODAY: self.today, self.YESTERDAY: self.today - timedelta(days=1)}
        day = days.get(said.get("when", ""), said.get("held_on"))
        if day is None and "held_on" not in self.errors:
            self.add_error("held_on", _("Please say which day."))
        minutes = said.get("minutes")
        if said.get("length") in self.LENGTHS:
            minutes = int(said["length"])
        elif minutes is None and "minutes" not in self.errors:
            self.add_error("minutes", _("Please say how many minutes."))
        return {**said, "held_on": day, "minutes": minutes}
