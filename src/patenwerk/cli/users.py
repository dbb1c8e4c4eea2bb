"""``patenwerk users``: the first programme and its office, who there is, a new password."""

from __future__ import annotations

import getpass
import secrets
import sys
from argparse import ArgumentParser, Namespace
from datetime import date

from django.utils.translation import gettext as _

from patenwerk.cli.installation import in_words
from patenwerk.cli.problem import CannotDo
from patenwerk.core.refusal import Refusal

NAME = "users"
NEEDS_INSTALLATION = True
MADE_UP_BYTES = 12


def about() -> str:
    return _("Create the first account of a programme, list accounts, set a new password.")


def configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    create = actions.add_parser(
        "create", help=_("create a programme with an account of its office")
    )
    create.add_argument("email", metavar="EMAIL")
    create.add_argument("--first-name", metavar="NAME", required=True)
    create.add_argument("--last-name", metavar="NAME", required=True)
    create.add_argument("--programme", metavar="NAME", required=True, help=_("its name"))
    create.add_argument(
        "--short-name", metavar="WORD", required=True, help=_("the name in addresses")
    )
    create.add_argument(
        "--started-on",
        metavar="DAY",
        type=date.fromisoformat,
        help=_("first day of the programme, such as 2016-01-01; without it today"),
    )
    actions.add_parser("list", help=_("list accounts with their roles"))
    reset = actions.add_parser("reset", help=_("set a new password for an account"))
    reset.add_argument("email", metavar="EMAIL")
    for action in (create, reset):
        action.add_argument(
            "--password-stdin", action="store_true", help=_("read the password from standard input")
        )


def run(given: Namespace) -> int:
    with in_words():
        try:
            {"create": _create, "list": _list, "reset": _reset}[given.action](given)
        except Refusal as refusal:
            raise CannotDo(str(refusal)) from refusal
    return 0


def _password(given: Namespace) -> tuple[str, bool]:
    """The password, and whether it was made up here."""
    if given.password_stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    if sys.stdin.isatty():
        said = getpass.getpass(_("Password (empty: one is made up): "))
        if said:
            return said, False
    return secrets.token_urlsafe(MADE_UP_BYTES), True


def _tell(password: str, *, made_up: bool) -> None:
    if made_up:
        print(_("Password: %(password)s") % {"password": password})


def _create(given: Namespace) -> None:
    # Models exist only after the installation was opened.
    from patenwerk.core.clock import now, today
    from patenwerk.organisations.domain.account import set_up_office
    from patenwerk.organisations.domain.invitation import Invited
    from patenwerk.organisations.domain.programme import ProgrammeValues

    password, made_up = _password(given)
    values = ProgrammeValues(name=given.programme, started_on=given.started_on or today())
    set_up_office(
        invited=Invited(email=given.email, first_name=given.first_name, last_name=given.last_name),
        password=password,
        values=values,
        slug=given.short_name,
        at=now(),
    )
    sentence = _("%(email)s can log in as the office of “%(programme)s”.")
    print(sentence % {"email": given.email, "programme": given.programme})
    _tell(password, made_up=made_up)


def _list(_given: Namespace) -> None:
    from patenwerk.organisations.models import Account

    for account in Account.objects.prefetch_related(
        "grants__programme", "grants__carrier", "grants__site"
    ):
        roles = [
            f"{grant.get_role_display()} {grant.organisation_name}"
            for grant in account.grants.all()
        ]
        print("\t".join([account.email, account.full_name, "; ".join(roles)]))


def _reset(given: Namespace) -> None:
    from patenwerk.core.clock import now
    from patenwerk.core.policy import Actor
    from patenwerk.organisations.domain.account import set_password
    from patenwerk.organisations.models import Account

    account = Account.objects.filter(email__iexact=given.email).first()
    if account is None:
        raise CannotDo(_("There is no account “%(email)s”.") % {"email": given.email})
    password, made_up = _password(given)
    set_password(account=account, password=password, by=Actor(user_id=None), at=now())
    print(_("%(email)s has a new password.") % {"email": account.email})
    _tell(password, made_up=made_up)
