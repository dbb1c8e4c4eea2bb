"""``patenwerk import``: take a list of people or a carrier's archive over, as the pages do."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from patenwerk.cli.files import read_whole, write_whole
from patenwerk.cli.import_archive import KIND as ARCHIVE
from patenwerk.cli.import_archive import import_archive
from patenwerk.cli.installation import in_words
from patenwerk.cli.problem import CannotDo
from patenwerk.core.refusal import Refusal
from patenwerk.core.sheets.dates import DateOrder

if TYPE_CHECKING:
    from datetime import datetime

    from patenwerk.core.policy import Actor
    from patenwerk.imports.models import Upload
    from patenwerk.organisations.models import Account, Site

NAME = "import"
NEEDS_INSTALLATION = True
SIDES = {"mentors": "mentor", "mentees": "mentee"}


def about() -> str:
    return _(
        "Take a list of people over at a site, or a carrier’s archive at all of its sites: new "
        "rows, and changed ones where wished."
    )


def configure(parser: ArgumentParser) -> None:
    kinds = (*SIDES, ARCHIVE)
    parser.add_argument(
        "kind", metavar="KIND", choices=kinds, help=_("mentors, mentees or archive")
    )
    parser.add_argument(
        "file", metavar="FILE", type=Path, help=_("list: CSV, XLSX or ODS; archive: ZIP")
    )
    parser.add_argument("--site", metavar="NAME", help=_("name of the site, for a list"))
    parser.add_argument("--carrier", metavar="NAME", help=_("name of the carrier, for an archive"))
    parser.add_argument(
        "--as", metavar="EMAIL", dest="account", required=True, help=_("for whom it is done")
    )
    parser.add_argument(
        "--changes", action="store_true", help=_("take changed rows, too; else they stay")
    )
    parser.add_argument(
        "--date-order",
        choices=("day-first", "month-first"),
        help=_("what comes first in dates such as 03/04/2010"),
    )
    parser.add_argument(
        "--bad-rows", metavar="FILE", type=Path, help=_("write rows that cannot be taken here")
    )


def run(given: Namespace) -> int:
    data = read_whole(given.file)
    with in_words():
        try:
            _import(given, data)
        except Refusal as refusal:
            raise CannotDo(f"{given.file.name}: {refusal}") from refusal
    return 0


def _import(given: Namespace, data: bytes) -> None:
    # Models exist only after the installation was opened.
    from patenwerk.core.clock import now

    at = now()
    account = _account(given.account)
    wanted = given.carrier if given.kind == ARCHIVE else given.site
    if not wanted:
        raise CannotDo(_("Please say --site for a list, --carrier for an archive."))
    if given.kind == ARCHIVE:
        import_archive(given, data, account, at)
        return
    site, by = _site(given.site, account, at)
    upload = _received(given, data, site, by, at)
    _take(given, upload, by, at)


def _account(email: str) -> Account:
    from patenwerk.organisations.models import Account

    found = Account.objects.filter(email__iexact=email, is_active=True).first()
    if found is None:
        raise CannotDo(_("There is no account “%(email)s”.") % {"email": email})
    return found


def _site(name: str, account: Account, at: datetime) -> tuple[Site, Actor]:
    """The site among those where the account may import, and the account as an actor."""
    from patenwerk.core.clock import day_of
    from patenwerk.imports.policy import IMPORT
    from patenwerk.organisations.queries.actors import actor_for
    from patenwerk.organisations.queries.organisation import sites

    by = actor_for(account, day_of(at))
    found = list(sites(by, IMPORT).filter(name=name, archived_at__isnull=True)[:2])
    if len(found) != 1:
        sentence = _("%(email)s takes no lists over at a site “%(site)s”.")
        raise CannotDo(sentence % {"email": account.email, "site": name})
    return found[0], by


def _received(given: Namespace, data: bytes, site: Site, by: Actor, at: datetime) -> Upload:
    """The list, compared with what is stored. What is still open is asked for as an option."""
    from django.db import transaction

    from patenwerk.imports.domain.upload import (
        answer_dates,
        asks_dates,
        choose_all_rows,
        choose_mapping,
        missing_columns,
        receive_file,
    )
    from patenwerk.imports.enums import UploadState

    with transaction.atomic():
        upload = receive_file(
            site=site, kind=SIDES[given.kind], name=given.file.name, data=data, by=by, at=at
        )
        missing = missing_columns(upload)
        if missing:
            sentence = _("%(file)s: a column “%(column)s” was expected in the header.")
            raise CannotDo(sentence % {"file": given.file.name, "column": missing[0]})
        if upload.state == UploadState.READ and not asks_dates(upload):
            choose_mapping(upload=upload, columns=upload.mapping, by=by, at=at)
        if asks_dates(upload):
            if not given.date_order:
                sentence = _("%(file)s: “%(date)s” can be two dates; please say --date-order.")
                values = {"file": given.file.name, "date": upload.asked_dates[0]}
                raise CannotDo(sentence % values)
            order = DateOrder(given.date_order.replace("-", "_"))
            answer_dates(upload=upload, order=order, by=by, at=at)
        choose_all_rows(upload=upload, chosen=given.changes, by=by, at=at)
    return upload


def _take(given: Namespace, upload: Upload, by: Actor, at: datetime) -> None:
    from django.db import transaction

    from patenwerk.imports.domain.taking import read_for_taking, take_understood
    from patenwerk.imports.enums import Purpose
    from patenwerk.imports.queries.upload import stored_bytes

    understood = read_for_taking(upload_id=upload.pk, by=by, at=at, tell=lambda *_told: None)
    with transaction.atomic():
        taken = take_understood(understood=understood, by=by, at=at)
    bad = stored_bytes(upload, Purpose.BAD_ROWS)
    if bad is not None and given.bad_rows:
        write_whole(bad, given.bad_rows)
    sentence = _("New: %(new)s. Changed: %(changed)s. Not taken: %(bad)s.")
    print(sentence % taken, file=sys.stderr)
