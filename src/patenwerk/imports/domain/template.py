"""An empty workbook with a sheet for every list a site can bring."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from patenwerk.core.sheets.templates import write_template
from patenwerk.imports.domain.kinds import kinds
from patenwerk.organisations.models import Site


def whole_template(site: Site) -> tuple[str, bytes]:
    """Name and bytes of the workbook in the active language, with the programme's words."""
    german = (get_language() or "de").startswith("de")
    data = write_template(
        [kind.template(site) for kind in kinds.all()],
        choices="Auswahl" if german else "Choices",
        choose_one=_("Please choose one of the words in the list."),
    )
    return "Patenwerk-Vorlage.xlsx" if german else "Patenwerk-template.xlsx", data
