"""Who may see which agreements and working figures (DOMAIN.md §10): from a principal to a filter or a yes."""

from django.db.models import Q
from django.utils.translation import gettext as _

from config.api.access import Principal
from config.errors import Fault, NotFound, Refusal

INSIDE = frozenset({"account-holder", "area-adviser", "data-steward"})
"""Roles that work for the municipality. A partner is not among them: it sees its own working figures only."""


def agreements_for(principal: Principal) -> Q:
    """Agreements of the municipalities the principal works for; whose they are does not matter."""
    return Q(municipality_code__in=principal.municipalities(INSIDE))


def works_for(principal: Principal, municipality_code: str) -> bool:
    """Does it work for this municipality? Another's agreements do not exist for it."""
    return municipality_code in principal.municipalities(INSIDE)


def sees_working_figures(principal: Principal, *, municipality_code: str, organisation_code: str) -> bool:
    """May it see the working figures of an offering of this organisation in this municipality?"""
    if not principal.may("working.read"):
        return False
    inside = municipality_code in principal.municipalities(INSIDE)
    return inside or organisation_code in principal.organisations(municipality_code)


def knows_working_figures(principal: Principal, municipality_code: str) -> bool:
    """May it see working figures of any offering in this municipality?"""
    return works_for(principal, municipality_code) or bool(principal.organisations(municipality_code))


MAKERS = frozenset({"account-holder", "area-adviser"})
"""Roles that write analyses, plans and improvement actions."""


def documents_inside(principal: Principal) -> Q:
    """Documents of the municipalities the principal works for, drafts included."""
    return Q(municipality_code__in=principal.municipalities(INSIDE))


def documents_to_change(principal: Principal) -> Q:
    """Documents of the municipalities where the principal writes them."""
    return Q(municipality_code__in=principal.municipalities(MAKERS))


def municipality_for(principal: Principal, asked: str | None) -> str:
    """The municipality that is written for: the one asked, or the only one. Raises NotFound, Refusal."""
    allowed = principal.municipalities(MAKERS)
    if asked is None and len(allowed) == 1:
        return next(iter(allowed))
    if asked is None:
        detail = _("Noem de gemeente waarvoor u dit doet.")
        raise Refusal(detail, [Fault("#/municipalityCode", "required", detail, expected=sorted(allowed))])
    if asked not in allowed:
        raise NotFound()
    return asked
