from __future__ import annotations

from allauth.core.internal.ratelimit import consume
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from patenwerk.core.refusal import Reason, Refusal

#: How often the form for everybody is taken, counted as tries to log in are: from one connection
#: as often as a school behind a single address needs, to one address as often as links get lost.
RATES = {"register_guest": "20/m/ip,5/h/key"}


class TooManyRegistrations(Refusal):
    """The form for everybody was sent too often: every time it writes a mail to somebody."""


def count_registration(request: HttpRequest, email: str) -> None:
    """Count one sent form. Raises :class:`TooManyRegistrations`."""
    if not consume(
        request, app="gatherings", action="register_guest", config=RATES, key=email.lower()
    ):
        sentence = _("This form was sent too often. Please try again in an hour, or write to us.")
        raise TooManyRegistrations(Reason("too_often", sentence))
