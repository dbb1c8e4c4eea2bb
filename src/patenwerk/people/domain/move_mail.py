"""Mails about moves: that something waits or was decided, and never about whom.

They name the two sites and lead to a page behind the login; name, reason and answer stand there.
"""

from __future__ import annotations

from datetime import datetime

from patenwerk.core.clock import day_of
from patenwerk.core.links import page_address
from patenwerk.core.policy import Actor
from patenwerk.mail.domain.send import queue_mail
from patenwerk.organisations.models import Site
from patenwerk.organisations.queries.holders import coordinators_of
from patenwerk.people.enums import MoveState
from patenwerk.people.models import Move


def tell_of_proposal(move: Move, by: Actor, at: datetime) -> None:
    """Write to the coordinators of the receiving site that somebody asks to come.

    In the transaction of the proposal.
    """
    link = page_address("people:answer_move", move.pk)
    _write(move, move.to_site, "move_proposed", link, by, at)


def tell_of_decision(move: Move, by: Actor, at: datetime) -> None:
    """Write to the coordinators of the sending site how a move was decided; where it was taken
    back, to those of the receiving site, too: they have been asked. In the decision's transaction.
    """
    link = page_address("people:moves")
    if move.state == MoveState.WITHDRAWN:
        _write(move, move.to_site, "move_withdrawn", link, by, at)
        _write(move, move.site, "move_withdrawn", link, by, at)
    else:
        _write(move, move.site, "move_answered", link, by, at)


def _write(move: Move, site: Site, template: str, link: str, by: Actor, at: datetime) -> None:
    """Each coordinator of a site but whoever has just done it, in the own language."""
    for account in coordinators_of(site, day_of(at)):
        if account.pk == by.user_id:
            continue
        queue_mail(
            to=account.email,
            template=template,
            context={
                "name": account.full_name,
                "from_site": move.site.name,
                "to_site": move.to_site.name,
                "is_accepted": move.state == MoveState.ACCEPTED,
                "link": link,
            },
            language=account.language,
            by=by,
            at=at,
        )
