from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patenwerk.core.policy import may_in
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.lists import ListPage, SheetColumn
from patenwerk.core.web.views import ObjectFormPage
from patenwerk.gatherings.domain.contact import (
    ContactValues,
    add_contact,
    change_contact,
    remove_contact,
)
from patenwerk.gatherings.models import Contact
from patenwerk.gatherings.policy import EDIT_CONTACT, SEE_CONTACT
from patenwerk.gatherings.queries.contact import carriers_without_contact, contacts
from patenwerk.organisations.models import Carrier


class ContactFilter(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Name, carrier or task"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )


class ContactForm(forms.ModelForm[Contact]):
    class Meta:
        model = Contact
        fields = ["name", "email", "phone", "task"]
        help_texts: ClassVar[dict[str, Any]] = {
            "task": gettext_lazy("What this person does in the circle, in a few words.")
        }


class ContactList(ListPage):
    see = do = SEE_CONTACT
    template = "gatherings/contacts.html"
    filter_form = ContactFilter
    sheet_name = "kontakte"
    sheet_columns: ClassVar[list[SheetColumn]] = [
        SheetColumn(gettext_lazy("Carrier"), lambda contact: contact.carrier.name),
        SheetColumn(gettext_lazy("Name"), lambda contact: contact.name),
        SheetColumn(gettext_lazy("Task"), lambda contact: contact.task),
        SheetColumn(gettext_lazy("E-mail address"), lambda contact: contact.email),
        SheetColumn(gettext_lazy("Telephone"), lambda contact: contact.phone),
    ]

    def listed(self, said: dict[str, Any]) -> QuerySet[Contact]:
        return contacts(self.actor, said.get("text") or "")

    def context(self, page: Any) -> dict[str, Any]:
        may_edit = [
            contact.pk
            for contact in page.object_list
            if may_in(self.actor, EDIT_CONTACT, contact.carrier)
        ]
        return {
            "may_edit": may_edit,
            "is_narrowed": bool(self.request.GET.get("text")),
            "unnamed": carriers_without_contact(self.actor),
        }


class AddContact(ObjectFormPage):
    model = Carrier
    see, do = SEE_CONTACT, EDIT_CONTACT
    form_class = ContactForm
    template = "gatherings/contact_form.html"

    def context(self) -> dict[str, Any]:
        return {"carrier": self.object, "contact": None}

    def perform(self, form: Any) -> str:
        values = ContactValues(**form.cleaned_data)
        add_contact(carrier=self.object, values=values, by=self.actor, at=self.now)
        self.said(_("Saved. Invitations of the circle go to this person from now on."))
        return reverse("organisations:carrier", args=[self.object.pk])


class AboutContact(ObjectFormPage, abstract=True):
    model = Contact
    see, do = SEE_CONTACT, EDIT_CONTACT

    def rows(self) -> QuerySet[Contact]:
        return Contact.objects.select_related("carrier")

    def context(self) -> dict[str, Any]:
        return {"carrier": self.object.carrier, "contact": self.object}


class ChangeContact(AboutContact):
    form_class = ContactForm
    template = "gatherings/contact_form.html"

    def form_options(self) -> dict[str, Any]:
        return {"instance": self.object}

    def perform(self, form: Any) -> str:
        values = ContactValues(**form.cleaned_data)
        change_contact(contact=self.object, values=values, by=self.actor, at=self.now)
        self.said(_("Saved."))
        return reverse("organisations:carrier", args=[self.object.carrier_id])


class RemoveContact(AboutContact):
    form_class = ConfirmForm
    template = "gatherings/remove_contact.html"

    def perform(self, form: Any) -> str:
        carrier_id = self.object.carrier_id
        remove_contact(contact=self.object, by=self.actor, at=self.now)
        self.said(_("Removed."))
        return reverse("organisations:carrier", args=[carrier_id])
