from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from patenwerk.core.policy import may_in
from patenwerk.core.web.views import ObjectFormPage
from patenwerk.people.domain.consent import give_consent, withdraw_consent
from patenwerk.people.enums import ConsentPurpose, GivenBy
from patenwerk.people.kernel.consents import text_in_force
from patenwerk.people.policy import CONSENT, EDIT_PERSON
from patenwerk.people.queries.guardian import of_age_since, with_custody
from patenwerk.people.queries.settings import rules_at
from patenwerk.people.web.consent_words import WORDS
from patenwerk.people.web.forms import ConsentForm
from patenwerk.people.web.persons import AboutPerson, Confirm


class GiveConsent(AboutPerson, ObjectFormPage):
    """The text that is read out or signed, and who said yes to it when."""

    do = CONSENT
    form_class = ConsentForm
    template = "people/give_consent.html"
    #: Which one, says the address.
    purpose = ConsentPurpose.TAKING_PART

    def form_options(self) -> dict[str, Any]:
        return {
            "initial": {"given_on": self.today},
            "guardians": with_custody(self.object),
            "all_of_them": rules_at(self.object).all_guardians_consent,
        }

    def context(self) -> dict[str, Any]:
        text, words = text_in_force(self.purpose), WORDS[self.purpose]
        is_of_age = of_age_since(self.object, self.today) is not None
        return {
            "person": self.object,
            "version": text.version,
            "text": text.said_in(self.request.LANGUAGE_CODE),
            "words": words,
            "asking": str(words.asking) % {"name": self.object.full_name},
            "may_enter_guardian": not is_of_age and may_in(self.actor, EDIT_PERSON, self.object),
        }

    def perform(self, form: Any) -> str:
        give_consent(
            person=self.object,
            purpose=self.purpose,
            given_by=GivenBy(form.cleaned_data["given_by"]),
            guardians=list(form.cleaned_data.get("guardians", ())),
            given_on=form.cleaned_data["given_on"],
            by=self.actor,
            at=self.now,
        )
        self.said(_("The consent is recorded."))
        return self.address


class WithdrawConsent(Confirm):
    do = CONSENT
    question = "withdraw_consent"
    #: Which one, says the address.
    purpose = ConsentPurpose.TAKING_PART

    def context(self) -> dict[str, Any]:
        follows = str(WORDS[self.purpose].withdrawing) % {"name": self.object.full_name}
        return {**super().context(), "follows": follows}

    def perform(self, form: Any) -> str:
        withdraw_consent(person=self.object, purpose=self.purpose, by=self.actor, at=self.now)
        self.said(_("The consent is taken back."))
        return self.address
