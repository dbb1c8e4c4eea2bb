"""Who belongs to whom: programmes, carriers, sites, accounts and their roles."""

from patenwerk.organisations.models.account import Account
from patenwerk.organisations.models.carrier import Carrier
from patenwerk.organisations.models.grant import Invitation, RoleGrant
from patenwerk.organisations.models.programme import (
    Focus,
    Phase,
    Programme,
    SupportField,
    TandemKind,
    Word,
)
from patenwerk.organisations.models.scope import (
    AnywhereScoped,
    CarrierScoped,
    ProgrammeScoped,
    SiteScoped,
)
from patenwerk.organisations.models.site import Network, Site

__all__ = [
    "Account",
    "AnywhereScoped",
    "Carrier",
    "CarrierScoped",
    "Focus",
    "Invitation",
    "Network",
    "Phase",
    "Programme",
    "ProgrammeScoped",
    "RoleGrant",
    "Site",
    "SiteScoped",
    "SupportField",
    "TandemKind",
    "Word",
]
