from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext as _

from patenwerk.core.web.views import ObjectFormPage
from patenwerk.people.domain.consent import give_consent, withdraw_consent
from patenwerk.people.enums import ConsentPurpose, GivenBy
from patenwerk.people.kernel.consents import text_in_force
from patenwerk.people.policy import CONSENT
from patenwerk.people.web.forms import ConsentForm
from patenwerk.people.web.persons import AboutPerson, Confirm


class GiveConsent(AboutPerson, ObjectFormPage, abstract=True):
    """The text that is read out or signed, and who said yes to it when."""

    do = CONSENT
    form_class = ConsentForm
    template = "people/give_consent.html"
    purpose: ClassVar[ConsentPurpose]

    def form_options(self) -> dict[str, Any]:
        return {"initial": {"given_on": self.today}}

    def context(self) -> dict[str, Any]:
        text = text_in_force(self.purpose)
        return {
            "person": self.object,
            "purpose": self.purpose,
            "version": text.version,
            "text": text.said_in(self.request.LANGUAGE_CODE),
        }

    def perform(self, form: Any) -> str:
        give_consent(
            person=self.object,
            purpose=self.purpose,
            given_by=GivenBy(form.cleaned_data["given_by"]),
            given_on=form.cleaned_data["given_on"],
            by=self.actor,
            at=self.now,
        )
        self.said(_("The consent is recorded."))
        return self.address


class WithdrawConsent(Confirm, abstract=True):
    do = CONSENT
    question = "withdraw_consent"
    purpose: ClassVar[ConsentPurpose]

    def perform(self, form: Any) -> str:
        withdraw_consent(person=self.object, purpose=self.purpose, by=self.actor, at=self.now)
        self.said(_("The consent is taken back."))
        return self.address


class ConsentToCarriers(GiveConsent):
    purpose = ConsentPurpose.OTHER_CARRIERS


class WithdrawFromCarriers(WithdrawConsent):
    purpose = ConsentPurpose.OTHER_CARRIERS


class ConsentToMove(GiveConsent):
    purpose = ConsentPurpose.MOVE_SITE


class WithdrawFromMove(WithdrawConsent):
    purpose = ConsentPurpose.MOVE_SITE
    question = "withdraw_from_move"
