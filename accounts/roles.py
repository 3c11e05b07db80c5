"""Roles and the scopes they give (DOMAIN.md §10). Pure.

A scope names what may be done; *on what* is decided per object (each app's access.py).
"""

from collections.abc import Iterable

PUBLIC = frozenset(
    {
        "start.read", "models.read", "rankings.read", "indicators.read", "interventions.read", "coverage.read",
        "released.read", "results.read", "analyses.read", "changes.read",
    }
)  # fmt: skip

INSIDE = frozenset({"outcomes.read", "working.read", "agreements.read", "jobs.read", "plans.read"})
MAKERS = frozenset({"results.write", "analyses.write", "plans.write"})

SUPPLY = frozenset({"offerings.write", "interventions.write", "measurement-plans.write"})
FIGURES = frozenset({"observations.write", "indicators.write"})

ROLES: dict[str, frozenset[str]] = {
    "partner": PUBLIC | {"outcomes.write", "outcomes.read", "working.read", "jobs.read"},
    "dashboard": PUBLIC,
    "account-holder": PUBLIC | INSIDE | MAKERS | SUPPLY | {"outcomes.review", "rankings.write"},
    "area-adviser": PUBLIC | INSIDE | MAKERS | {"outcomes.review", "rankings.write"},
    "data-steward": PUBLIC | INSIDE | SUPPLY | FIGURES | {"releases.write", "rankings.write"},
    "model-editor": PUBLIC | {"models.write", "rankings.write", "jobs.read"},
    "administrator": PUBLIC | {"accounts.read", "accounts.write", "audit.read", "jobs.read"},
}
"""Scopes per role code."""
CODES = sorted(ROLES)

NAMES = {
    "partner": "partner", "dashboard": "dashboard", "account-holder": "accounthouder",
    "area-adviser": "gebiedsadviseur", "data-steward": "gegevensbeheerder", "model-editor": "modelredacteur",
    "administrator": "beheerder",
}  # fmt: skip
"""What people call each role."""


def scopes_of(roles: Iterable[str]) -> frozenset[str]:
    """All scopes that the roles give together; an unknown role gives none."""
    return PUBLIC.union(*(ROLES.get(role, frozenset()) for role in roles))
