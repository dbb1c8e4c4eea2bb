from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    name = "patenwerk.letters"
    label = "letters"
    verbose_name = _("Letters")

    def ready(self) -> None:
        from functools import partial

        from patenwerk.core.registrations import (
            NavigationItem,
            Panel,
            RowAction,
            navigation,
            panels,
            row_actions,
        )
        from patenwerk.letters.domain.merging import LetterMover
        from patenwerk.letters.domain.selection import begin
        from patenwerk.letters.enums import LetterKind
        from patenwerk.letters.models.text import KINDS
        from patenwerk.letters.policy import EDIT_TEXTS, MAKE_LETTERS
        from patenwerk.letters.queries import panels as shown
        from patenwerk.people.domain.merging import add_mover

        add_mover(LetterMover())
        navigation.add(
            NavigationItem(
                name="letters.runs",
                order=65,
                permission=MAKE_LETTERS,
                label=_("Letters"),
                icon="printer",
                url_name="letters:runs",
            )
        )
        for page, name, permission, query, template in (
            ("people:person", "of_person", MAKE_LETTERS, shown.person_panel, "_panel"),
            ("tandems:tandem", "of_tandem", MAKE_LETTERS, shown.tandem_panel, "_panel"),
            ("organisations:carrier", "texts", EDIT_TEXTS, shown.texts_panel, "_texts_panel"),
        ):
            panels.add(
                Panel(page, f"letters.{name}", 60, permission, query, f"letters/{template}.html")
            )
        labels = dict(KINDS)
        for page, kind, order in (
            ("people:people", LetterKind.INVITATION, 10),
            ("people:people", LetterKind.RECORD_CHECK, 20),
            ("people:people", LetterKind.MESSAGE, 30),
            ("tandems:list", LetterKind.AGREEMENT, 10),
            ("tandems:list", LetterKind.CERTIFICATE, 20),
        ):
            row_actions.add(
                RowAction(
                    page=page,
                    name=f"letters.{kind}",
                    order=order,
                    permission=MAKE_LETTERS,
                    label=labels[kind.value],
                    icon="printer",
                    start=partial(begin, kind),
                )
            )
