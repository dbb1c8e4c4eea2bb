from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from patenwerk.core.policy import may_in, visible
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.lists import ListPage, SheetColumn
from patenwerk.core.web.views import FormPage, ObjectFormPage, ObjectView
from patenwerk.gatherings.domain.contribution import Invitation, invite_expert, note_held
from patenwerk.gatherings.domain.expert import (
    Asking,
    add_contribution,
    add_expert,
    ask_expert,
    change_expert,
    withdraw,
)
from patenwerk.gatherings.models import Contribution, Expert, Gathering
from patenwerk.gatherings.policy import (
    EDIT_EXPERT,
    ORGANISE,
    RECOMMEND_EXPERT,
    SEE_EXPERT,
    SEE_GATHERING,
)
from patenwerk.gatherings.queries.expert import (
    ExpertFilter,
    asked_experts,
    contributions_of,
    directory_fields,
    experts,
    gatherings_to_invite_to,
    known_experts,
)
from patenwerk.gatherings.web.expert_forms import (
    ContributionForm,
    DirectoryFilter,
    ExpertForm,
    HeldForm,
    InviteForm,
    NewExpertForm,
    RecommendForm,
    filter_of,
)
from patenwerk.organisations.models import Carrier, Programme


def link_to(name: str) -> str:
    """The full address of a page that a signed link opens, with ``{token}`` in it."""
    path = reverse(f"gatherings:{name}", args=["TOKEN"])
    return settings.PUBLIC_URL + path.replace("TOKEN", "{token}")


def _fields(expert: Expert) -> str:
    return ", ".join(field.name_in(get_language() or "de") for field in expert.fields.all())


class ExpertList(ListPage):
    see = do = SEE_EXPERT
    template = "gatherings/experts.html"
    filter_form = DirectoryFilter
    sheet_name = "fachleute"
    sheet_columns: ClassVar[list[SheetColumn]] = [
        SheetColumn(gettext_lazy("Name"), lambda expert: expert.name),
        SheetColumn(gettext_lazy("Organisation"), lambda expert: expert.organisation),
        SheetColumn(gettext_lazy("Comes from"), lambda expert: expert.get_sector_display()),
        SheetColumn(gettext_lazy("Topics"), lambda expert: ", ".join(expert.topics)),
        SheetColumn(gettext_lazy("Fields"), _fields),
        SheetColumn(gettext_lazy("E-mail address"), lambda expert: expert.email),
        SheetColumn(gettext_lazy("Telephone"), lambda expert: expert.phone),
        SheetColumn(gettext_lazy("Recommended by"), lambda expert: expert.recommended_by or ""),
        SheetColumn(gettext_lazy("Contributions"), lambda expert: expert.held_count),
        SheetColumn(gettext_lazy("Agreed on"), lambda expert: expert.consented_on),
    ]
    filters: ExpertFilter

    def filter_options(self) -> dict[str, Any]:
        return {"fields": directory_fields(self.actor)}

    def listed(self, said: dict[str, Any]) -> QuerySet[Expert]:
        self.filters = filter_of(said)
        return experts(self.actor, self.filters)

    def context(self, page: Any) -> dict[str, Any]:
        recommends = Carrier.objects.filter(visible(self.actor, RECOMMEND_EXPERT, Carrier))
        return {
            "lines": [(expert, _fields(expert)) for expert in page.object_list],
            "is_narrowed": self.filters != ExpertFilter(),
            "asked": asked_experts(self.actor),
            "may_edit": self.actor.has(EDIT_EXPERT),
            "recommending": recommends,
        }


class AddExpert(FormPage):
    see, do = SEE_EXPERT, EDIT_EXPERT
    form_class = NewExpertForm
    template = "gatherings/expert_form.html"

    def form_options(self) -> dict[str, Any]:
        return {"programmes": Programme.objects.filter(visible(self.actor, self.do, Programme))}

    def context(self) -> dict[str, Any]:
        return {"expert": None, "back": reverse("gatherings:experts")}

    def perform(self, form: Any) -> str:
        said = form.cleaned_data
        asking = Asking(
            name=self.account.full_name,
            organisation=_("the network office"),
            link=link_to("expert_self"),
        )
        about = {"recommended_by": said["recommended_by"], "by": self.actor, "at": self.now}
        programme, values, day = said["programme"], form.values(), said["consented_on"]
        if day is None:
            ask_expert(programme=programme, values=values, asking=asking, **about)
            self.said(_("The question is on its way."))
            return reverse("gatherings:experts")
        expert = add_expert(
            programme=programme, values=values, asking=asking, consented_on=day, **about
        )
        self.said(_("Saved."))
        return reverse("gatherings:expert", args=[expert.pk])


class RecommendExpert(ObjectFormPage):
    """A carrier's management has somebody asked: they are in the directory once they agree."""

    model = Carrier
    see = do = RECOMMEND_EXPERT
    form_class = RecommendForm
    template = "gatherings/expert_form.html"

    def rows(self) -> QuerySet[Carrier]:
        return Carrier.objects.select_related("programme")

    def form_options(self) -> dict[str, Any]:
        return {"programmes": Programme.objects.filter(pk=self.object.programme_id)}

    def context(self) -> dict[str, Any]:
        return {"expert": None, "carrier": self.object, "back": reverse("gatherings:experts")}

    def perform(self, form: Any) -> str:
        ask_expert(
            programme=self.object.programme,
            values=form.values(),
            asking=Asking(
                name=self.account.full_name,
                organisation=self.object.name,
                link=link_to("expert_self"),
            ),
            recommended_by=self.object,
            by=self.actor,
            at=self.now,
        )
        self.said(_("Thank you. We ask this person by mail whether they agree."))
        return reverse("gatherings:experts")


class ExpertPage(ObjectView):
    model = Expert
    see = do = SEE_EXPERT
    template = "gatherings/expert.html"

    def rows(self) -> QuerySet[Expert]:
        return known_experts(self.actor)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contributions = list(contributions_of(self.actor, self.object))
        ids = [each.gathering_id for each in contributions]
        reach = visible(self.actor, SEE_GATHERING, Gathering)
        return self.page(
            {
                "expert": self.object,
                "fields": _fields(self.object),
                "contributions": contributions,
                "linked": set(
                    Gathering.objects.filter(reach, pk__in=ids).values_list("pk", flat=True)
                ),
                "may_edit": may_in(self.actor, EDIT_EXPERT, self.object),
                "may_invite": self.object.consented_on is not None and self.actor.has(ORGANISE),
            }
        )


class AboutExpert(ObjectFormPage, abstract=True):
    model = Expert
    see, do = SEE_EXPERT, EDIT_EXPERT

    def rows(self) -> QuerySet[Expert]:
        return known_experts(self.actor)

    def context(self) -> dict[str, Any]:
        return {"expert": self.object, "back": self.back()}

    def back(self) -> str:
        return reverse("gatherings:expert", args=[self.object.pk])


class ChangeExpert(AboutExpert):
    form_class = ExpertForm
    template = "gatherings/expert_form.html"

    def form_options(self) -> dict[str, Any]:
        programmes = Programme.objects.filter(pk=self.object.programme_id)
        return {"programmes": programmes, "instance": self.object}

    def perform(self, form: Any) -> str:
        change_expert(expert=self.object, values=form.values(), by=self.actor, at=self.now)
        self.said(_("Saved."))
        return self.back()


class WithdrawExpert(AboutExpert):
    form_class = ConfirmForm
    template = "gatherings/withdraw_expert.html"

    def perform(self, form: Any) -> str:
        withdraw(expert=self.object, by=self.actor, at=self.now)
        self.said(_("Taken out of the directory. Contributions stay, without a name."))
        return reverse("gatherings:experts")


class AddContribution(AboutExpert):
    form_class = ContributionForm
    template = "gatherings/contribution_form.html"

    def perform(self, form: Any) -> str:
        add_contribution(expert=self.object, **form.cleaned_data, by=self.actor, at=self.now)
        self.said(_("Saved."))
        return self.back()


class InviteExpert(AboutExpert):
    do = SEE_EXPERT
    form_class = InviteForm
    template = "gatherings/invite_expert.html"

    def form_options(self) -> dict[str, Any]:
        return {"gatherings": gatherings_to_invite_to(self.actor, self.object)}

    def perform(self, form: Any) -> str:
        said = form.cleaned_data
        invite_expert(
            expert=self.object,
            gathering=said["gathering"],
            invitation=Invitation(
                title=said["title"],
                words=said["words"],
                inviter=self.account.full_name,
                link=link_to("answer_contribution"),
            ),
            by=self.actor,
            at=self.now,
        )
        self.said(_("The invitation is on its way."))
        return reverse("gatherings:gathering", args=[said["gathering"].pk])


class NoteHeld(ObjectFormPage):
    model = Contribution
    see, do = SEE_EXPERT, ORGANISE
    form_class = HeldForm
    template = "gatherings/contribution_held.html"

    def rows(self) -> QuerySet[Contribution]:
        return Contribution.objects.select_related("expert", "gathering").filter(
            gathering__isnull=False
        )

    def context(self) -> dict[str, Any]:
        return {"contribution": self.object}

    def perform(self, form: Any) -> str:
        took_place = form.cleaned_data["took_place"]
        note_held(contribution=self.object, took_place=took_place, by=self.actor, at=self.now)
        self.said(_("Saved."))
        return reverse("gatherings:gathering", args=[self.object.gathering_id])
