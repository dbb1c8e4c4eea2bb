from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.policy import may_in, visible
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.views import ObjectFormPage, PolicedView
from patenwerk.organisations.models import Programme
from patenwerk.reporting.domain.release import discard_draft, draft_release, publish_release
from patenwerk.reporting.enums import ReleaseState
from patenwerk.reporting.models import Release
from patenwerk.reporting.policy import IMPORT_FIGURES, PUBLISH, SEE_RELEASES
from patenwerk.reporting.queries.published import shown
from patenwerk.reporting.queries.release import draft_problem, job_of, releases
from patenwerk.reporting.web.forms import DraftForm


class Releases(PolicedView):
    """All releases of the programmes one works for."""

    see = do = SEE_RELEASES
    template = "reporting/releases.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        programmes = Programme.objects.filter(visible(self.actor, SEE_RELEASES, Programme))
        rows: dict[int, list[Release]] = {}
        for release in releases(self.actor).defer("published", "names"):
            rows.setdefault(release.programme_id, []).append(release)
        return self.page(
            {
                "programmes": [
                    {
                        "programme": programme,
                        "releases": rows.get(programme.pk, []),
                        "has_draft": any(
                            row.state == ReleaseState.DRAFT for row in rows.get(programme.pk, [])
                        ),
                        "may_publish": may_in(self.actor, PUBLISH, programme),
                        "may_import": may_in(self.actor, IMPORT_FIGURES, programme),
                    }
                    for programme in programmes
                ]
            }
        )


class Draft(ObjectFormPage):
    model = Programme
    see, do = SEE_RELEASES, PUBLISH
    form_class = DraftForm
    template = "reporting/draft.html"

    def form_options(self) -> dict[str, Any]:
        return {"today": self.today}

    def perform(self, form: Any) -> str:
        said = form.cleaned_data
        release = draft_release(
            programme=self.object,
            as_of=said["as_of"],
            settled_through=said["settled_through"],
            notes=said["notes"],
            by=self.actor,
            at=self.now,
        )
        return reverse("reporting:prepared", args=[release.pk])


class Prepared(ObjectFormPage):
    """A release as the office sees it: being calculated, drafted or published."""

    model = Release
    see, do = SEE_RELEASES, PUBLISH
    form_class = ConfirmForm
    template = "reporting/prepared.html"

    def rows(self) -> Any:
        return Release.objects.select_related("programme")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if getattr(request, "htmx", False):
            answer = render(request, "reporting/_progress.html", self.context())
            if self.object.published is not None or draft_problem(self.object):
                answer["HX-Refresh"] = "true"
            return answer
        return super().get(request, **kwargs)

    def context(self) -> dict[str, Any]:
        release: Release = self.object
        waits = release.published is None
        return {
            "release": release,
            "found": shown(release),
            "problem": draft_problem(release) if waits else "",
            "job": job_of(release) if waits else None,
            "is_draft": release.state == ReleaseState.DRAFT,
        }

    def perform(self, form: Any) -> str:
        publish_release(release=self.object, by=self.actor, at=self.now)
        self.said(_("Published. Everybody can read it now."))
        return reverse("reporting:prepared", args=[self.object.pk])


class Discard(ObjectFormPage):
    model = Release
    see, do = SEE_RELEASES, PUBLISH
    form_class = ConfirmForm
    template = "reporting/discard.html"

    def perform(self, form: Any) -> str:
        discard_draft(release=self.object, by=self.actor, at=self.now)
        self.said(_("The draft was thrown away."))
        return reverse("reporting:releases")
