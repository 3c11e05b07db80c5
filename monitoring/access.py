"""Who may see and write what of monitoring: from a principal to a filter (DOMAIN.md §10). A foreign object is a 404."""

from django.db.models import Q
from django.utils.translation import gettext as _

from config.api.access import Principal
from config.errors import Fault, NotFound, Refusal
from monitoring.services.delivery.known import Sender

INSIDE_ROLES = frozenset({"account-holder", "area-adviser", "data-steward"})
REVIEWERS = frozenset({"account-holder", "area-adviser"})
PLANNERS = frozenset({"account-holder", "data-steward"})
NOTHING = Q(pk__in=())


def own(principal: Principal) -> Q:
    """Rows of the organisations a partner speaks for, at the municipality where it does."""
    found = NOTHING
    for grant in principal.grants:
        if grant.role == "partner" and grant.organisation_code:
            found |= Q(municipality_code=grant.municipality_code, organisation_code=grant.organisation_code)
    return found


def inside(principal: Principal) -> Q:
    """Rows of the municipalities where the principal works with partners' figures."""
    return Q(municipality_code__in=principal.municipalities(INSIDE_ROLES))


def reports(principal: Principal) -> Q:
    """Plans, reports, receipts and working cells: a partner its own, a municipality its own."""
    return own(principal) | inside(principal)


def reviewed(principal: Principal) -> Q:
    """Reports that the principal may accept or return."""
    return Q(municipality_code__in=principal.municipalities(REVIEWERS))


def planning(principal: Principal) -> frozenset[str]:
    """Municipalities whose measurement plans the principal may write."""
    return principal.municipalities(PLANNERS)


def figures(principal: Principal) -> Q:
    """Observations: those shared by all, and those of the municipalities where the principal works with figures."""
    return Q(municipality_code="") | inside(principal)


def has_figures_of_its_own(principal: Principal) -> bool:
    """Whether it may see observations that others may not."""
    return bool(principal.municipalities(INSIDE_ROLES))


def sender(principal: Principal) -> Sender:
    """Whom the principal delivers for."""
    grants = (grant for grant in principal.grants if grant.role == "partner" and grant.organisation_code)
    return Sender(principal.id, frozenset((g.municipality_code, g.organisation_code) for g in grants))


def loading(principal: Principal) -> frozenset[str]:
    """Municipalities for whose own figures the principal may load; official figures any data steward may."""
    return principal.municipalities({"data-steward"})


RELEASING = frozenset({"data-steward"})
"""Roles that make releases and decide how small a count they may show."""

RESULT_ROLES = frozenset({"account-holder", "area-adviser"})
"""Roles that agree on results with partners."""


def results_to_change(principal: Principal) -> Q:
    """Results of the municipalities where the principal agrees on them."""
    return Q(municipality_code__in=principal.municipalities(RESULT_ROLES))


def municipality_for(principal: Principal, asked: str | None, roles: frozenset[str]) -> str:
    """The municipality that is written for: the one asked, or the only one. Raises NotFound, Refusal."""
    allowed = principal.municipalities(roles)
    if asked is None and len(allowed) == 1:
        return next(iter(allowed))
    if asked is None:
        detail = _("Noem de gemeente waarvoor u dit doet.")
        raise Refusal(detail, [Fault("#/municipalityCode", "required", detail, expected=sorted(allowed))])
    if asked not in allowed:
        raise NotFound()
    return asked
