from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.views import ObjectFormPage
from patenwerk.people.domain.guardian import (
    add_guardian,
    change_guardian,
    remove_guardian,
    values_of,
)
from patenwerk.people.models import Guardian
from patenwerk.people.policy import EDIT_PERSON, SEE_PERSON
from patenwerk.people.queries.guardian import guardians_of_siblings
from patenwerk.people.web.forms import GuardianForm
from patenwerk.people.web.persons import AboutPerson


class AddGuardian(AboutPerson, ObjectFormPage):
    """Who is entered with a sibling can be copied: the form is shown filled in."""

    do = EDIT_PERSON
    form_class = GuardianForm
    template = "people/guardian_form.html"

    def form_options(self) -> dict[str, Any]:
        chosen = self.request.GET.get("wie", "")
        for guardian in self.offered():
            if str(guardian.pk) == chosen:
                return {"values": values_of(guardian)}
        return {"values": None}

    def offered(self) -> list[Guardian]:
        return guardians_of_siblings(self.actor, self.object)

    def context(self) -> dict[str, Any]:
        return {"person": self.object, "offered": self.offered()}

    def perform(self, form: Any) -> str:
        guardian = add_guardian(
            person=self.object, values=form.values(), by=self.actor, at=self.now
        )
        self.said(_("%(name)s is entered.") % {"name": guardian.full_name})
        return self.address


class AboutGuardian(ObjectFormPage, abstract=True):
    """A page about one guardian of a child."""

    model = Guardian
    see = SEE_PERSON
    do = EDIT_PERSON

    def rows(self) -> Any:
        return Guardian.objects.filter(removed_on__isnull=True).select_related("person")

    def context(self) -> dict[str, Any]:
        return {"guardian": self.object, "person": self.object.person}

    @property
    def address(self) -> str:
        return reverse("people:person", args=[self.object.person_id])


class ChangeGuardian(AboutGuardian):
    form_class = GuardianForm
    template = "people/guardian_form.html"

    def form_options(self) -> dict[str, Any]:
        return {"values": values_of(self.object)}

    def perform(self, form: Any) -> str:
        changed = change_guardian(
            guardian=self.object, values=form.values(), by=self.actor, at=self.now
        )
        self.said(_("Saved.") if changed else _("Nothing was different, so nothing was changed."))
        return self.address


class RemoveGuardian(AboutGuardian):
    form_class = ConfirmForm
    template = "people/remove_guardian.html"

    def perform(self, form: Any) -> str:
        remove_guardian(guardian=self.object, by=self.actor, at=self.now)
        self.said(_("%(name)s is removed.") % {"name": self.object.full_name})
        return self.address
