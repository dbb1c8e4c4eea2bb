"""Everything out again: a site's lists as one file, a carrier's sites as one archive.

The lists have the columns of the template, so that what goes out can be read in elsewhere.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import IO

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor
from patenwerk.core.sheets.model import Sheet
from patenwerk.core.sheets.templates import TemplateTable
from patenwerk.core.sheets.writing import (
    Table,
    csv_lines,
    json_rows,
    plain_title,
    write_book_to,
)
from patenwerk.imports.domain.kinds import kinds
from patenwerk.organisations.models import Carrier, Site

FORMATS = ("xlsx", "csv", "json")
"""A workbook, an archive of text tables, one text of all."""


def export_site(*, site: Site, form: str, out: IO[bytes], by: Actor, at: datetime) -> None:
    """Write all lists of a site, with a description of their columns, into an open file.

    ``form`` is one of ``FORMATS`` (``LookupError`` else). Few rows are in memory at a time. The
    record says who took them out.
    """
    write = {"xlsx": _write_workbook, "csv": _write_tables, "json": _write_json}[form]
    with transaction.atomic():
        record(by=by, at=at, action="imports.export", things=[site])
    write(site, out)


def export_carrier(*, carrier: Carrier, out: IO[bytes], by: Actor, at: datetime) -> None:
    """Write an archive with one workbook for every site of a carrier that is not archived."""
    with transaction.atomic():
        record(by=by, at=at, action="imports.export", things=[carrier])
    sites = Site.objects.filter(carrier=carrier, archived_at__isnull=True)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for site in sites.select_related("programme").order_by("pk"):
            with archive.open(f"{site.pk}-{file_name(site.name)}.xlsx", "w") as file:
                _write_workbook(site, file)


def file_name(text: str) -> str:
    """A site or list as files are called: no sign that a file system minds, no space."""
    return plain_title(text).replace(" ", "-")


def _write_workbook(site: Site, out: IO[bytes]) -> None:
    write_book_to(out, [*_lists(site), _description(site)])


def _write_tables(site: Site, out: IO[bytes]) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in (*_lists(site), _description(site)):
            with archive.open(f"{file_name(table.title)}.csv", "w") as file:
                for line in csv_lines(table.columns, table.rows):
                    file.write(line)


def _write_json(site: Site, out: IO[bytes]) -> None:
    described = {
        table.title: [{"column": c.title, "hint": c.hint} for c in table.columns]
        for table in _templates(site)
    }
    head = json.dumps({"site": site.name, "columns": described}, ensure_ascii=False)
    out.write(head[:-1].encode())
    out.write(b', "lists": {')
    for number, table in enumerate(_lists(site)):
        begin = f"{', ' if number else ''}{json.dumps(table.title, ensure_ascii=False)}: "
        out.write(begin.encode())
        for piece in json_rows(table.columns, table.rows):
            out.write(piece)
    out.write(b"}}\n")


def _templates(site: Site) -> list[TemplateTable]:
    return [kind.template(site) for kind in kinds.all()]


def _lists(site: Site) -> Iterator[Table]:
    for kind in kinds.all():
        template = kind.template(site)
        yield Table(template.title, [c.title for c in template.columns], kind.export(site))


def _description(site: Site) -> Table:
    """A table of all columns: where they stand, what they hold."""
    rows: Iterable[Sequence[object]] = (
        (table.title, column.title, column.hint, ", ".join(column.words))
        for table in _templates(site)
        for column in table.columns
    )
    return Table(_("Description"), _titles(), rows)


def _titles() -> tuple[str, ...]:
    return _("List"), _("Column"), _("What it holds"), _("Words")


def is_description(sheet: Sheet) -> bool:
    """Whether a sheet is our own description, in whichever language it went out."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            if sheet.headers == _titles():
                return True
    return False
