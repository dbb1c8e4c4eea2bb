from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from patenwerk.core.papers.writing import write_pdf_with_logo
from patenwerk.core.web.files import file_answer
from patenwerk.core.web.views import ObjectView, PublicView
from patenwerk.gatherings.models import Gathering, Registration
from patenwerk.gatherings.policy import ORGANISE
from patenwerk.gatherings.queries.participation_paper import (
    badge_data,
    badged,
    certificate_data,
    certified,
    has_certificate,
)
from patenwerk.gatherings.queries.registration import registration_of

NOT_PRESENT = gettext_noop("Certificates are for those who were ticked as present.")


def paper_file(template: str, data: Mapping[str, Any], name: str, at: datetime) -> HttpResponse:
    """A paper as a file to keep."""
    paper = write_pdf_with_logo(f"gatherings/{template}", data, at=at)
    return file_answer(paper, f"{name}.pdf", "application/pdf")


class MaybePaper(ObjectView, abstract=True):
    see = do = ORGANISE
    template = "gatherings/no_paper.html"

    def none(self, gathering: Gathering, sentence: str) -> HttpResponse:
        return self.page({"gathering": gathering, "sentence": sentence}, status=404)


class Certificate(MaybePaper):
    model = Registration

    def rows(self) -> QuerySet[Any]:
        return Registration.objects.select_related(
            "carrier", "gathering__kind", "gathering__programme", "gathering__carrier"
        )

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        registration = self.object
        if not has_certificate(registration):
            return self.none(registration.gathering, _(NOT_PRESENT))
        data = certificate_data(registration.gathering, [registration], self.today)
        return paper_file("certificate", data, f"bescheinigung-{registration.pk}", self.now)


class CertificateByLink(PublicView):
    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        registration = registration_of(token)
        if registration is None or not has_certificate(registration):
            raise Http404
        with translation.override(registration.language):
            data = certificate_data(registration.gathering, [registration], self.today)
        return paper_file("certificate", data, "bescheinigung", self.now)


class OfEverybody(MaybePaper, abstract=True):
    model = Gathering

    def rows(self) -> QuerySet[Any]:
        return Gathering.objects.select_related("kind", "programme", "carrier")


class Certificates(OfEverybody):
    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        people = certified(self.object)
        if not people:
            return self.none(self.object, _(NOT_PRESENT))
        data = certificate_data(self.object, people, self.today)
        return paper_file("certificate", data, f"bescheinigungen-{self.object.pk}", self.now)


class Badges(OfEverybody):
    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        people = badged(self.object)
        if not people:
            return self.none(self.object, _("Nobody has a seat yet."))
        data = badge_data(self.object, people)
        return paper_file("badges", data, f"namensschilder-{self.object.pk}", self.now)
