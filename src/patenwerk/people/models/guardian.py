"""Who has custody of a child, or speaks for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData
from patenwerk.organisations.models import SiteScoped
from patenwerk.people.enums import Relation
from patenwerk.people.models.person import Person

_WHO = Entry(
    _("asking whoever has custody, and proving their consent (Art. 7 (1), Art. 8 GDPR)"),
    Basis.LEGAL_DUTY,
    Erasure.DELETE_ROW,
    1095,
)
_REACH = Entry(
    _("getting in touch with whoever has custody"), Basis.CONTRACT, Erasure.DELETE_ROW, 365
)

RELATIONS = [
    (Relation.MOTHER.value, _("mother")),
    (Relation.FATHER.value, _("father")),
    (Relation.COURT.value, _("guardian appointed by a court")),
    (Relation.YOUTH_OFFICE.value, _("youth welfare office")),
    (Relation.OTHER.value, _("other relation")),
]


class Guardian(SiteScoped):
    """A guardian of one child; of several children one row each, which may say the same.

    ``decides`` says that the guardian has custody, so that their consent is asked. ``language``
    is an ISO code, or empty. ``position`` is their order on the page. ``removed_on`` is set for
    one who is not here any more but has consented: the name stays as proof, nothing else does.
    """

    personal_data = PersonalData(
        subject="person",
        fields={
            "first_name": _WHO,
            "last_name": _WHO,
            "relation": _WHO,
            "decides": _WHO,
            "phone": _REACH,
            "email": _REACH,
            "language": _REACH,
            "position": _REACH,
            "removed_on": _WHO,
        },
    )

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="guardians")
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    relation = models.CharField(
        _("relation to the child"),
        max_length=12,
        choices=RELATIONS,
    )
    decides = models.BooleanField(_("has custody"), default=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language they read"), max_length=3, blank=True)
    position = models.PositiveSmallIntegerField(editable=False)
    removed_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(first_name="", last_name=""), name="guardian_has_a_name"
            ),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True) | Q(phone="", email="", language=""),
                name="guardian_removed_is_a_name_only",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()
