from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from patenwerk.core.policy import may_in
from patenwerk.core.web.views import ObjectFormPage, PolicedView
from patenwerk.organisations.models import Programme, TandemKind
from patenwerk.reporting.domain.rule import KindValues, set_counting_rule, set_minimum_cell
from patenwerk.reporting.models import CountingRule
from patenwerk.reporting.policy import EDIT_RULES, SEE_RULES
from patenwerk.reporting.queries.rule import (
    kinds_without_rule,
    minimum_cell,
    programmes_with_rules,
    versions,
)
from patenwerk.reporting.web.forms import NUMBERS, QUESTIONS, MinimumForm, RuleForm


class Rules(PolicedView):
    """When a tandem counts: all versions of the rule, for everybody who works with it."""

    see = do = SEE_RULES
    template = "reporting/rules.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        programmes = list(programmes_with_rules(self.actor).order_by("name", "pk"))
        grouped = groupby(versions(programmes), key=lambda rule: rule.programme_id)
        rules = {pk: list(found) for pk, found in grouped}
        language = get_language() or "de"
        return self.page(
            {
                "programmes": [
                    {
                        "programme": programme,
                        "versions": [
                            (rule, [(row.kind.name_in(language), row) for row in rule.kinds.all()])
                            for rule in rules.get(programme.pk, [])
                        ],
                        "without": [
                            kind.name_in(language) for kind in kinds_without_rule(programme)
                        ],
                        "minimum": minimum_cell(programme),
                        "may_edit": may_in(self.actor, EDIT_RULES, programme),
                    }
                    for programme in programmes
                ]
            }
        )


class SetRule(ObjectFormPage):
    model = Programme
    see = do = EDIT_RULES
    form_class = RuleForm
    template = "reporting/set_rule.html"

    def form_options(self) -> dict[str, Any]:
        kinds = list(TandemKind.objects.filter(programme=self.object, is_active=True))
        newest = CountingRule.objects.filter(programme=self.object).order_by("-number").first()
        rows = newest.kinds.all() if newest else []
        names = [name for name, _label, _least in NUMBERS]
        before = {
            row.kind_id: KindValues(**{name: getattr(row, name) for name in [*names, *QUESTIONS]})
            for row in rows
        }
        return {"kinds": kinds, "before": before}

    def perform(self, form: Any) -> str:
        rule = set_counting_rule(
            programme=self.object,
            valid_from=form.cleaned_data["valid_from"],
            kinds=form.said(),
            by=self.actor,
            at=self.now,
        )
        self.said(_("Version %(number)s is set.") % {"number": rule.number})
        return reverse("reporting:rules")


class SetMinimum(ObjectFormPage):
    model = Programme
    see = do = EDIT_RULES
    form_class = MinimumForm
    template = "reporting/set_minimum.html"

    def form_options(self) -> dict[str, Any]:
        return {"minimum": minimum_cell(self.object)}

    def perform(self, form: Any) -> str:
        set_minimum_cell(
            programme=self.object,
            minimum=form.cleaned_data["minimum_cell"],
            by=self.actor,
            at=self.now,
        )
        self.said(_("Saved."))
        return reverse("reporting:rules")
