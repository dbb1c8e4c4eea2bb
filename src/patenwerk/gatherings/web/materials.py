from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.views import ObjectFormPage, ObjectView, PublicView
from patenwerk.gatherings.domain.material import (
    MaterialValues,
    SentFile,
    add_material,
    change_material,
    remove_material,
)
from patenwerk.gatherings.enums import Access, ItemState, Licence
from patenwerk.gatherings.kernel.documents import MAX_BYTES
from patenwerk.gatherings.models import AgendaItem, Gathering, Material
from patenwerk.gatherings.policy import ORGANISE, SEE_GATHERING
from patenwerk.gatherings.queries.expert import contribution_of
from patenwerk.gatherings.queries.material import (
    materials,
    materials_for,
    materials_for_expert,
    public_materials,
)
from patenwerk.gatherings.queries.registration import registration_of


class DescriptionForm(forms.ModelForm[Material]):
    class Meta:
        model = Material
        fields = ["title", "item", "licence", "access"]
        labels = {"item": gettext_lazy("belongs to")}

    def __init__(self, *args: Any, gathering: Gathering, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = AgendaItem.objects.filter(gathering=gathering, state=ItemState.ACCEPTED)
        item: Any = self.fields["item"]
        item.queryset, item.empty_label = items, _("the whole gathering")

    def values(self) -> MaterialValues:
        said = self.cleaned_data
        return MaterialValues(
            title=said["title"],
            item=said["item"],
            licence=Licence(said["licence"]),
            access=Access(said["access"]),
        )


class MaterialForm(DescriptionForm):
    """One file or one link. More than the limit is not read into memory."""

    file = forms.FileField(
        label=gettext_lazy("file"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy(
            "PDF, pictures, office files or plain text, at most 25 MB. Nothing with macros."
        ),
        widget=forms.FileInput(
            {"accept": ".pdf,.png,.jpg,.jpeg,.odt,.odp,.ods,.docx,.pptx,.xlsx,.txt,.csv"}
        ),
    )
    link = forms.URLField(
        label=gettext_lazy("or a link"), required=False, assume_scheme="https", max_length=200
    )
    field_order = ("title", "file", "link", "item", "licence", "access")

    def sent(self) -> SentFile | None:
        """The file, one byte more than may be at most: then the domain says so."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is None:
            return None
        return SentFile(file.name or "", bytes(file.read(MAX_BYTES + 1)))


class AddMaterial(ObjectFormPage):
    model = Gathering
    see, do = SEE_GATHERING, ORGANISE
    form_class = MaterialForm
    template = "gatherings/material_form.html"

    def form_options(self) -> dict[str, Any]:
        return {"gathering": self.object}

    def context(self) -> dict[str, Any]:
        return {"gathering": self.object, "material": None}

    def perform(self, form: Any) -> str:
        add_material(
            gathering=self.object,
            values=form.values(),
            file=form.sent(),
            link=form.cleaned_data["link"],
            by=self.actor,
            at=self.now,
        )
        self.said(_("Saved. Those who may open it find it on the gathering's page."))
        return reverse("gatherings:gathering", args=[self.object.pk])


class AboutMaterial(ObjectFormPage, abstract=True):
    model = Material
    see, do = SEE_GATHERING, ORGANISE

    def rows(self) -> QuerySet[Material]:
        return materials(self.actor)

    def context(self) -> dict[str, Any]:
        return {"gathering": self.object.gathering, "material": self.object}


class ChangeMaterial(AboutMaterial):
    form_class = DescriptionForm
    template = "gatherings/material_form.html"

    def form_options(self) -> dict[str, Any]:
        return {"gathering": self.object.gathering, "instance": self.object}

    def perform(self, form: Any) -> str:
        change_material(material=self.object, values=form.values(), by=self.actor, at=self.now)
        self.said(_("Saved."))
        return reverse("gatherings:gathering", args=[self.object.gathering_id])


class RemoveMaterial(AboutMaterial):
    form_class = ConfirmForm
    template = "gatherings/remove_material.html"

    def perform(self, form: Any) -> str:
        remove_material(material=self.object, by=self.actor, at=self.now)
        self.said(_("Removed."))
        return reverse("gatherings:gathering", args=[self.object.gathering_id])


class MaterialFile(ObjectView):
    model = Material
    see = do = SEE_GATHERING

    def rows(self) -> QuerySet[Material]:
        return materials(self.actor).exclude(file="")

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        return file_answer(self.object, "private, no-store")


class PublicMaterial(PublicView):
    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        return file_answer(one_file(public_materials(), pk), "public, max-age=3600")


class RegisteredMaterial(PublicView):
    """For those who have a seat, by the link they got: nobody needs an account."""

    def get(self, request: HttpRequest, token: str, pk: int) -> FileResponse:
        registration = registration_of(token)
        if registration is None:
            raise Http404
        return file_answer(one_file(materials_for(registration), pk), "private, no-store")


class ExpertMaterial(PublicView):
    """For an expert who is invited, by the link of the invitation."""

    def get(self, request: HttpRequest, token: str, pk: int) -> FileResponse:
        contribution = contribution_of(token)
        if contribution is None:
            raise Http404
        return file_answer(one_file(materials_for_expert(contribution), pk), "private, no-store")


def one_file(rows: QuerySet[Material], pk: int) -> Material:
    """The document, if it is a file and one of these."""
    found = rows.exclude(file="").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def file_answer(material: Material, keep: str) -> FileResponse:
    """A stored file to be saved: never shown within our pages, whatever a browser makes of it."""
    try:
        content = material.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        content,
        as_attachment=True,
        filename=f"{slugify(material.title) or 'unterlage'}.{material.ending.lower()}",
        content_type=material.media_type,
        headers={
            "Cache-Control": keep,
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )
