from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.policy import may_in
from patenwerk.core.web.views import ObjectFormPage, ObjectView, PublicView
from patenwerk.core.web.words import WordForm
from patenwerk.organisations.domain.programme import (
    VOCABULARIES,
    ProgrammeValues,
    change_programme,
    save_word,
)
from patenwerk.organisations.models import Focus, Phase, Programme, SupportField, TandemKind
from patenwerk.organisations.policy import (
    EDIT_PROGRAMME,
    INVITE_NETWORK,
    INVITE_OFFICE,
    SEE_GRANTS,
    SEE_PROGRAMME,
)
from patenwerk.organisations.queries.organisation import grants, open_invitations
from patenwerk.organisations.web.forms import (
    DatedWordForm,
    PhaseForm,
    ProgrammeForm,
    TandemKindForm,
)


class ProgrammePage(ObjectView):
    model = Programme
    see = do = SEE_PROGRAMME
    template = "organisations/programme.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        programme = self.object
        at_the_office = {"carrier__isnull": True, "programme": programme}
        return self.page(
            {
                "programme": programme,
                "vocabularies": [
                    (vocabulary, model.objects.filter(programme=programme))
                    for vocabulary, model in VOCABULARIES.items()
                ],
                "grants": grants(self.actor, self.today).filter(**at_the_office),
                "invitations": open_invitations(self.actor).filter(**at_the_office),
                "may_edit": may_in(self.actor, EDIT_PROGRAMME, programme),
                "sees_grants": may_in(self.actor, SEE_GRANTS, programme),
                "may_invite": may_in(self.actor, INVITE_OFFICE, programme),
                "may_invite_network": may_in(self.actor, INVITE_NETWORK, programme),
            }
        )


class ChangeProgramme(ObjectFormPage):
    model = Programme
    see, do = SEE_PROGRAMME, EDIT_PROGRAMME
    form_class = ProgrammeForm
    template = "organisations/change_programme.html"

    def form_options(self) -> dict[str, Any]:
        return {"instance": self.object}

    def perform(self, form: Any) -> str:
        values = dict(form.cleaned_data)
        logo = values.pop("logo_file")
        change_programme(
            programme=self.object,
            values=ProgrammeValues(**values),
            logo=logo or None,
            by=self.actor,
            at=self.now,
        )
        self.said(_("Saved."))
        return reverse("organisations:programme", args=[self.object.pk])


class Logo(PublicView):
    """The logo for public pages. Only PNG and JPEG are ever stored."""

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        programme = Programme.objects.filter(pk=pk).exclude(logo="").first()
        if programme is None:
            raise Http404
        kind = "image/png" if programme.logo.name.endswith(".png") else "image/jpeg"
        return FileResponse(programme.logo.open(), content_type=kind)


class AddWord(ObjectFormPage, abstract=True):
    model = Programme
    see, do = SEE_PROGRAMME, EDIT_PROGRAMME
    vocabulary: ClassVar[str]
    template = "organisations/word.html"

    def form_options(self) -> dict[str, Any]:
        return {"is_new": True}

    def context(self) -> dict[str, Any]:
        return {"vocabulary": self.vocabulary, "back": self.back()}

    def back(self) -> str:
        return reverse("organisations:programme", args=[self.object.pk])

    def perform(self, form: Any) -> str:
        save_word(
            programme=self.object,
            vocabulary=self.vocabulary,
            values=form.cleaned_data,
            by=self.actor,
            at=self.now,
        )
        self.said(_("Saved."))
        return self.back()


class ChangeWord(ObjectFormPage, abstract=True):
    see, do = SEE_PROGRAMME, EDIT_PROGRAMME
    vocabulary: ClassVar[str]
    template = "organisations/word.html"

    def rows(self) -> Any:
        return self.model._default_manager.select_related("programme")

    def form_options(self) -> dict[str, Any]:
        fields: dict[str, forms.Field] = self.form_class.base_fields  # type: ignore[attr-defined]
        said = {name: getattr(self.object, name) for name in fields}
        return {"is_new": False, "initial": said}

    def context(self) -> dict[str, Any]:
        return {"vocabulary": self.vocabulary, "back": self.back()}

    def back(self) -> str:
        return reverse("organisations:programme", args=[self.object.programme_id])

    def perform(self, form: Any) -> str:
        save_word(
            programme=self.object.programme,
            vocabulary=self.vocabulary,
            values=form.cleaned_data,
            word_id=self.object.pk,
            by=self.actor,
            at=self.now,
        )
        self.said(_("Saved."))
        return self.back()


class AddSupportField(AddWord):
    vocabulary, form_class = "support_field", WordForm


class ChangeSupportField(ChangeWord):
    model, vocabulary, form_class = SupportField, "support_field", WordForm


class AddFocus(AddWord):
    vocabulary, form_class = "focus", DatedWordForm


class ChangeFocus(ChangeWord):
    model, vocabulary, form_class = Focus, "focus", DatedWordForm


class AddTandemKind(AddWord):
    vocabulary, form_class = "tandem_kind", TandemKindForm


class ChangeTandemKind(ChangeWord):
    model, vocabulary, form_class = TandemKind, "tandem_kind", TandemKindForm


class AddPhase(AddWord):
    vocabulary, form_class = "phase", PhaseForm


class ChangePhase(ChangeWord):
    model, vocabulary, form_class = Phase, "phase", PhaseForm
