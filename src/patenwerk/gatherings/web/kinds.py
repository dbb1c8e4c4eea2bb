from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.policy import Level, visible
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.views import FormPage, ObjectFormPage, PolicedView
from patenwerk.core.web.words import WordForm
from patenwerk.gatherings.domain.kind import add_default_kinds, save_kind
from patenwerk.gatherings.models import GatheringKind
from patenwerk.gatherings.policy import EDIT_KIND
from patenwerk.organisations.models import Programme


class KindList(FormPage):
    """The kinds, and a button that adds the usual ones where some are missing."""

    see = do = EDIT_KIND
    form_class = ConfirmForm
    template = "gatherings/kinds.html"

    def context(self) -> dict[str, Any]:
        rows = GatheringKind.objects.filter(visible(self.actor, EDIT_KIND, GatheringKind))
        return {"kinds": list(rows)}

    def perform(self, form: Any) -> str:
        for programme in own_programmes(self):
            add_default_kinds(programme=programme, by=self.actor, at=self.now)
        self.said(_("Saved."))
        return reverse("gatherings:kinds")


class AddKind(FormPage):
    form_class = WordForm
    template = "gatherings/kind_form.html"
    see = do = EDIT_KIND

    def form_options(self) -> dict[str, Any]:
        return {"is_new": True}

    def perform(self, form: Any) -> str:
        save_kind(
            programme=own_programmes(self)[0],
            values=form.cleaned_data,
            by=self.actor,
            at=self.now,
        )
        self.said(_("Saved."))
        return reverse("gatherings:kinds")


class ChangeKind(ObjectFormPage):
    model = GatheringKind
    see = do = EDIT_KIND
    form_class = WordForm
    template = "gatherings/kind_form.html"

    def form_options(self) -> dict[str, Any]:
        names = ("code", "name_de", "name_en", "position", "is_active")
        return {
            "is_new": False,
            "initial": {name: getattr(self.object, name) for name in names},
        }

    def perform(self, form: Any) -> str:
        save_kind(
            programme=self.object.programme,
            values=form.cleaned_data,
            kind=self.object,
            by=self.actor,
            at=self.now,
        )
        self.said(_("Saved."))
        return reverse("gatherings:kinds")


def own_programmes(view: PolicedView) -> list[Programme]:
    """The programmes whose kinds the reader edits, by name."""
    ids = view.actor.organisations(EDIT_KIND, Level.PROGRAMME)
    return list(Programme.objects.filter(pk__in=ids))
