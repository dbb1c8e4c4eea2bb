from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from patenwerk.core.web.views import ObjectFormPage
from patenwerk.people.domain.record_check import inspect_record_check, remove_record_check
from patenwerk.people.policy import RECORD_CHECK
from patenwerk.people.queries.settings import rules_at
from patenwerk.people.web.forms import InspectionForm
from patenwerk.people.web.persons import AboutPerson, Confirm


class InspectCheck(AboutPerson, ObjectFormPage):
    do = RECORD_CHECK
    form_class = InspectionForm
    template = "people/inspect.html"

    def context(self) -> dict[str, Any]:
        return {"person": self.object, "rules": rules_at(self.object)}

    def perform(self, form: Any) -> str:
        inspect_record_check(
            person=self.object,
            certificate_date=form.cleaned_data["certificate_date"],
            conviction_found=form.cleaned_data["conviction_found"],
            by=self.actor,
            at=self.now,
        )
        self.said(_("The inspection is recorded."))
        return self.address


class RemoveCheck(Confirm):
    do = RECORD_CHECK
    question = "remove_check"

    def perform(self, form: Any) -> str:
        remove_record_check(person=self.object, by=self.actor, at=self.now)
        self.said(_("Nothing is kept of the record check any more."))
        return self.address
