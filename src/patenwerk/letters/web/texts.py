"""What a carrier's letters say: seen with a fictional person, changed, taken back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from patenwerk.core.refusal import Refusal
from patenwerk.core.web.files import file_answer
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.views import ObjectFormPage, ObjectView, show_refusal
from patenwerk.letters.domain.preview import preview_paper
from patenwerk.letters.domain.text import check_wording, return_to_default, write_text
from patenwerk.letters.enums import LetterKind
from patenwerk.letters.kernel.defaults import Wording
from patenwerk.letters.kernel.placeholders import OF_KIND, written
from patenwerk.letters.models.text import KINDS, LANGUAGES
from patenwerk.letters.policy import EDIT_TEXTS
from patenwerk.letters.queries.facts import example_facts
from patenwerk.letters.queries.paper import Shown, shown
from patenwerk.letters.queries.text import own_texts, text_in_force, versions_of
from patenwerk.letters.web.forms import TextForm
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Carrier


class AboutTexts(ObjectView, abstract=True):
    model = Carrier
    see = do = EDIT_TEXTS

    def rows(self) -> Any:
        return Carrier.objects.select_related("programme")


class TextList(AboutTexts):
    template = "letters/texts.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        own = own_texts(pk)
        rows = [
            (kind, label, [(code, word, (kind, code) in own) for code, word in LANGUAGES])
            for kind, label in KINDS
        ]
        return self.page({"carrier": self.object, "rows": rows})


class AboutText(AboutTexts, ObjectFormPage, abstract=True):
    """One text: the address says of which letter in which language, ``?kind=…&language=…``."""

    def load(self) -> None:
        super().load()
        asked = self.request.GET
        kind, language = asked.get("kind", LetterKind.AGREEMENT), asked.get("language", "de")
        if kind not in set(LetterKind) or language not in set(Language):
            raise Http404
        self.kind, self.language = LetterKind(kind), Language(language)
        self.current = text_in_force(self.object.pk, self.kind, self.language)

    def about(self) -> dict[str, Any]:
        """What every page about one text shows."""
        return {
            "carrier": self.object,
            "kind": self.kind.value,
            "language": self.language.value,
            "letter": dict(KINDS)[self.kind.value],
            "language_word": dict(LANGUAGES)[self.language.value],
            "current": self.current,
        }

    def here(self, name: str = "letters:text") -> str:
        address = reverse(name, args=[self.object.pk])
        return f"{address}?kind={self.kind}&language={self.language}"


class EditText(AboutText):
    form_class = TextForm
    template = "letters/text.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """»Look at it« shows the words as they would be filled in, and saves nothing."""
        if "preview" not in request.POST:
            return super().post(request, **kwargs)
        form = self.form(request.POST)
        if form.is_valid():
            try:
                check_wording(kind=self.kind, language=self.language, wording=form.wording())
            except Refusal as refusal:
                show_refusal(form, refusal)
        status = 422 if form.errors else 200
        return self.page({"form": form, **self.context(form)}, status=status)

    def form_options(self) -> dict[str, Any]:
        wording = self.current.wording
        return {
            "initial": {
                "title": wording.title,
                "body": wording.body,
                "version": self.current.version,
            }
        }

    def context(self, form: TextForm | None = None) -> dict[str, Any]:
        looked_at = form is not None and form.is_bound and not form.errors
        wording = form.wording() if form is not None and looked_at else self.current.wording
        return {
            **self.about(),
            "placeholders": self.placeholders(),
            "versions": versions_of(self.object.pk, self.kind, self.language),
            "preview": self.preview(wording),
            "looked_at": looked_at,
            "default_url": self.here("letters:default"),
        }

    def placeholders(self) -> list[tuple[str, str]]:
        """How each is written, and what stands there for people who do not exist."""
        with translation.override(self.language):
            values = example_facts(self.object, self.kind, self.today).values
        return [(written(each, self.language), values[each]) for each in OF_KIND[self.kind]]

    def preview(self, wording: Wording) -> Shown:
        with translation.override(self.language):
            return shown(wording, example_facts(self.object, self.kind, self.today))

    def perform(self, form: TextForm) -> str | HttpResponse:
        if "paper" in self.request.POST:
            return self.paper(form.wording())
        write_text(
            carrier=self.object,
            kind=self.kind,
            language=self.language,
            wording=form.wording(),
            seen_version=form.cleaned_data["version"],
            by=self.actor,
            at=self.now,
        )
        self.said(_("Saved. Letters that are made from now on say this."))
        return self.here()

    def paper(self, wording: Wording) -> HttpResponse:
        data = preview_paper(
            carrier=self.object,
            kind=self.kind,
            language=self.language,
            wording=wording,
            at=self.now,
        )
        return file_answer(data, f"ansicht-{self.kind}-{self.language}.pdf", "application/pdf")


class ReturnToDefault(AboutText):
    form_class = ConfirmForm
    template = "letters/default.html"

    def context(self) -> dict[str, Any]:
        return {**self.about(), "back": self.here()}

    def perform(self, form: ConfirmForm) -> str:
        return_to_default(
            carrier=self.object,
            kind=self.kind,
            language=self.language,
            seen_version=self.current.version,
            by=self.actor,
            at=self.now,
        )
        self.said(_("The usual text is in use again."))
        return self.here()
