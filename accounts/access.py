"""Who may see and change which accounts: an administrator those of the own municipality. The rest is not there."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import RoleGrant
from config import exports
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


INSIDE = frozenset({"account-holder", "area-adviser", "data-steward"})
ACCOUNTS = frozenset({"api-clients"})
OPEN = frozenset({"interventions", "offerings", "organisations", "releases", "societal-results"})
"""Resources that anybody may read, with all their changes."""
MODELS = frozenset({"factor-models", "rankings", "ranking-definitions"})
OF_PARTNERS = frozenset({"outcome-reports", "measurement-plans"})


def changes(principal: Principal) -> Q:
    """Changes the principal may know of: what everybody may read, and what its roles open (DOMAIN.md §10).

    Everybody: open resources, published and withdrawn models, editions of analyses, official figures, shared rankings.
    """
    seen = Q(resource__in=OPEN)
    seen |= Q(resource="factor-models", action__in=["publish", "withdraw"])
    seen |= Q(resource="area-analyses", action="frozen")
    seen |= Q(resource="observation-files", action="observations.succeeded", municipality_code="")
    seen |= Q(resource__in=MODELS - {"factor-models"}, municipality_code="")
    inside, editing = principal.municipalities(INSIDE), principal.municipalities({"model-editor"})
    seen |= Q(municipality_code__in=inside) & ~Q(resource__in=ACCOUNTS | {"factor-models"})
    seen |= Q(municipality_code__in=editing, resource__in=MODELS)
    seen |= Q(municipality_code__in=administered(principal), resource__in=ACCOUNTS)
    for grant in principal.grants:
        if grant.role == "partner" and grant.organisation_code:
            own = {"municipality_code": grant.municipality_code, "organisation_code": grant.organisation_code}
            seen |= Q(resource__in=OF_PARTNERS, **own)
    return seen & ~Q(action__startswith="retention.") & ~Q(action=exports.ACTION)
