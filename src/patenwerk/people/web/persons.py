from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.policy import may_in
from patenwerk.core.registrations import panels_for
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.views import ObjectFormPage, ObjectView, PolicedView
from patenwerk.organisations.models import Site, SupportField
from patenwerk.organisations.queries.organisation import sites
from patenwerk.people.domain.duplicate import MayBeKnown, add_unless_known
from patenwerk.people.domain.person import (
    archive_person,
    archiving_refusals,
    change_person,
    restore_person,
    values_of,
)
from patenwerk.people.domain.row_problems import level_in_words
from patenwerk.people.enums import ConsentPurpose, Level, MoveState, Side
from patenwerk.people.kernel.defaults import RECORD_CHECK_FROM
from patenwerk.people.kernel.languages import language_name
from patenwerk.people.kernel.validity import age_on
from patenwerk.people.models import Consent, Person
from patenwerk.people.policy import CONSENT, EDIT_PERSON, MERGE, MOVE, RECORD_CHECK, SEE_PERSON
from patenwerk.people.queries.consent import consents_of
from patenwerk.people.queries.duplicate import (
    LookAlike,
    duplicates_of,
    is_known_elsewhere,
    merges_into,
)
from patenwerk.people.queries.guardian import guardians_of, of_age_since
from patenwerk.people.queries.move import move_standing
from patenwerk.people.queries.record_check import is_too_young_for_check, standing_of
from patenwerk.people.queries.search import side_in_words
from patenwerk.people.queries.settings import rules_at
from patenwerk.people.web.consent_words import WORDS
from patenwerk.people.web.duplicates import alike_context, ids_of
from patenwerk.people.web.forms import PersonForm

PAGE = "people:person"


class AboutPerson(ObjectView, abstract=True):
    """A page about one person."""

    model = Person
    see = SEE_PERSON

    def rows(self) -> Any:
        return Person.objects.select_related("site", "programme", "record_check")

    @property
    def address(self) -> str:
        return reverse("people:person", args=[self.object.pk])


class PersonPage(AboutPerson):
    do = SEE_PERSON
    template = "people/person.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        person: Person = self.object
        if person.merged_into_id is not None:
            return redirect(PAGE, person.merged_into_id)
        display = request.LANGUAGE_CODE
        born = person.birth_date
        said = list(consents_of(person))
        return self.page(
            {
                "person": person,
                "role": side_in_words(person),
                "age": age_on(born, self.today) if born else None,
                "days": (self.today - person.waiting_since).days,
                "languages": [
                    (language_name(code, display), level_in_words(Level(level)))
                    for code, level in person.languages.items()
                ],
                "minimum_level": level_in_words(Level(person.minimum_level))
                if person.minimum_level
                else None,
                "fields": ", ".join(field.name_in(display) for field in person.fields.all()),
                "wishes": self.wishes(person),
                "panels": panels_for(PAGE, self.actor, [person.pk], self.today)[person.pk],
                **self.check(person),
                **self.guardians(person),
                **self.consent(person, said),
                **self.move(person, said),
                **self.actions(person),
                **self.entries(person),
            }
        )

    def wishes(self, person: Person) -> str:
        genders = dict(PersonForm.base_fields["wished_genders"].choices)  # type: ignore[attr-defined]
        return ", ".join(str(genders[code]) for code in person.wished_genders)

    def check(self, person: Person) -> dict[str, Any]:
        if person.side != Side.MENTOR or not may_in(self.actor, RECORD_CHECK, person):
            return {}
        stored = getattr(person, "record_check", None)
        if stored is None and is_too_young_for_check(person, self.today):
            return {"too_young_for_check": RECORD_CHECK_FROM}
        return {"check": standing_of(stored, rules_at(person), self.today), "stored": stored}

    def consent(self, person: Person, said: Sequence[Consent]) -> dict[str, Any]:
        found = []
        for purpose, words in WORDS.items():
            if purpose is ConsentPurpose.MOVE_SITE:
                continue  # asked for one move only: stands in the card of the move
            here = [consent for consent in said if consent.purpose == purpose]
            now = next((consent for consent in here if consent.withdrawn_on is None), None)
            found.append(
                {
                    "purpose": purpose,
                    "words": words,
                    "now": now,
                    "last": here[0] if here else None,
                    "give_url": reverse(f"people:consent_{purpose}", args=[person.pk]),
                    "withdraw_url": reverse(f"people:withdraw_{purpose}", args=[person.pk]),
                }
            )
        return {"consents": found, "may_consent": may_in(self.actor, CONSENT, person)}

    def guardians(self, person: Person) -> dict[str, Any]:
        """Shown for minors; else where somebody is entered."""
        entered = list(guardians_of(person))
        since = of_age_since(person, self.today)
        is_minor = person.birth_date is not None and since is None
        if not (is_minor or entered):
            return {}
        display = self.request.LANGUAGE_CODE
        shown = [
            (one, language_name(one.language, display) if one.language else "") for one in entered
        ]
        return {"guardians": {"shown": shown, "of_age_since": since}}

    def move(self, person: Person, said: Sequence[Consent]) -> dict[str, Any]:
        """Where the person came from, and whether it is to go elsewhere."""
        standing = move_standing(self.actor, person, said)
        found: dict[str, Any] = {"came_from": standing.came_from}
        if not may_in(self.actor, MOVE, person):
            return found
        last = standing.last
        return found | {
            "may_move": True,
            "open_move": last if last and last.state == MoveState.PROPOSED else None,
            "declined": last if last and last.state == MoveState.DECLINED else None,
            "move_consent": standing.consent if standing.is_usable else None,
            "used_consent": standing.consent,
        }

    def actions(self, person: Person) -> dict[str, Any]:
        if not may_in(self.actor, EDIT_PERSON, person):
            return {}
        if person.archived_at is not None:
            return {"may_edit": True}
        return {"may_edit": True, "against_archiving": archiving_refusals([person])[person.pk]}

    def entries(self, person: Person) -> dict[str, Any]:
        """Other entries that may be this person, or have become one with it."""
        if not may_in(self.actor, MERGE, person):
            return {}
        return {
            "duplicates": list(duplicates_of(self.actor, person)),
            "merges": list(merges_into(self.actor, person)),
            "known_elsewhere": is_known_elsewhere(person),
        }


class SayPerson(ObjectFormPage, abstract=True):
    """The form with everything about a person; »add a row« only shows it again."""

    form_class = PersonForm
    template = "people/person_form.html"
    side: Side

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "add_language" not in request.POST:
            return super().post(request, **kwargs)
        form = self.form(request.POST)
        form.errors.clear()
        return self.page({"form": form, **self.context()})

    def form_options(self) -> dict[str, Any]:
        known = SupportField.objects.filter(programme=self.object.programme_id)
        return {"side": self.side, "support_fields": list(known)}


class ChooseSite(PolicedView):
    """Where somebody with several sites says at which one; with one there is nothing to ask."""

    see = SEE_PERSON
    do = EDIT_PERSON
    template = "people/choose_site.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        own = list(sites(self.actor, EDIT_PERSON).filter(archived_at__isnull=True))
        side = Side.MENTOR if request.GET.get("side") == Side.MENTOR else Side.MENTEE
        if len(own) == 1:
            return redirect(f"people:add_{side}", own[0].pk)
        return self.page({"sites": own})


class AddPerson(SayPerson, abstract=True):
    model = Site
    see = SEE_PERSON
    do = EDIT_PERSON

    def rows(self) -> Any:
        return Site.objects.select_related("programme")

    #: Who was found to be there already when the form was sent.
    found: tuple[LookAlike, ...] = ()

    def context(self) -> dict[str, Any]:
        return {
            "site": self.object,
            "words": self.object.programme.mentor_words,
            "alike_url": reverse(f"people:{self.side}s_like", args=[self.object.pk]),
            **alike_context(self.found, self.request.POST),
        }

    def perform(self, form: Any) -> str:
        try:
            person = add_unless_known(
                site=self.object,
                side=self.side,
                values=form.values(),
                apart_from=ids_of(self.request.POST.get("apart", "")),
                by=self.actor,
                at=self.now,
            )
        except MayBeKnown as refusal:
            self.found = refusal.look_alikes
            raise
        self.said(_("%(name)s is there.") % {"name": person.full_name})
        return reverse("people:person", args=[person.pk])


class AddMentee(AddPerson):
    side = Side.MENTEE


class AddMentor(AddPerson):
    side = Side.MENTOR


class ChangePerson(AboutPerson, SayPerson):
    do = EDIT_PERSON

    @property
    def side(self) -> Side:  # type: ignore[override]
        return Side(self.object.side)

    def form_options(self) -> dict[str, Any]:
        return {**super().form_options(), "values": values_of(self.object)}

    def context(self) -> dict[str, Any]:
        return {"person": self.object, "site": self.object.site}

    def perform(self, form: Any) -> str:
        changed = change_person(
            person=self.object, values=form.values(), by=self.actor, at=self.now
        )
        self.said(_("Saved.") if changed else _("Nothing was different, so nothing was changed."))
        return self.address


class Confirm(AboutPerson, ObjectFormPage, abstract=True):
    """One question with one button."""

    do = EDIT_PERSON
    form_class = ConfirmForm
    template = "people/confirm.html"
    question: ClassVar[str]

    def context(self) -> dict[str, Any]:
        return {"person": self.object, "question": self.question}


class ArchivePerson(Confirm):
    question = "archive"

    def perform(self, form: Any) -> str:
        archive_person(person=self.object, by=self.actor, at=self.now)
        self.said(_("%(name)s is archived.") % {"name": self.object.full_name})
        return self.address


class RestorePerson(Confirm):
    question = "restore"

    def perform(self, form: Any) -> str:
        restore_person(person=self.object, by=self.actor, at=self.now)
        self.said(_("%(name)s is back.") % {"name": self.object.full_name})
        return self.address
