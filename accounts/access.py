"""Who may see and change which accounts: an administrator those of the own municipality. The rest is not there."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import RoleGrant
from config.api.access import Principal

ADMINISTRATOR = frozenset({"administrator"})


def administered(principal: Principal) -> frozenset[str]:
    """Codes of the municipalities the principal administers."""
    return principal.municipalities(ADMINISTRATOR)


def clients(principal: Principal) -> Q:
    """Clients with a role at an own municipality."""
    own = RoleGrant.objects.filter(client_id=OuterRef("pk"), municipality_id__in=administered(principal))
    return Q(Exists(own))


def grants(principal: Principal) -> Q:
    """Roles at an own municipality; those elsewhere are not shown."""
    return Q(municipality_id__in=administered(principal))


def audit(principal: Principal) -> Q:
    """What was written down for an own municipality."""
    return Q(municipality_code__in=administered(principal))


def works_elsewhere(principal: Principal, client_code: str) -> bool:
    """A key of such a client would open doors that the principal may not open."""
    return RoleGrant.objects.filter(client_id=client_code).exclude(grants(principal)).exists()
