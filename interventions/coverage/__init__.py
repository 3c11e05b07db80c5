"""Coverage: which offerings reach an area on a day, what they work on, and what is missing (DOMAIN.md §6).

Pure: frozen values in, frozen values out; no Django and no clock. `supply` says what is active where and how well
founded; `answers` says what that covers.
"""

from interventions.coverage.answers import (
    NOT_STATED,
    Cell,
    Covered,
    Diversity,
    FactorCoverage,
    Gap,
    RankedNeed,
    diversity,
    empty_cells,
    factor_coverage,
    gaps,
    matrix,
    uncovered_domains,
)
from interventions.coverage.supply import (
    Active,
    Choice,
    Listing,
    Place,
    Span,
    Supply,
    Via,
    at_least,
    is_active,
    level_on,
    select,
    way_to,
)

__all__ = [
    "NOT_STATED",
    "Active",
    "Cell",
    "Choice",
    "Covered",
    "Diversity",
    "FactorCoverage",
    "Gap",
    "Listing",
    "Place",
    "RankedNeed",
    "Span",
    "Supply",
    "Via",
    "at_least",
    "diversity",
    "empty_cells",
    "factor_coverage",
    "gaps",
    "is_active",
    "level_on",
    "matrix",
    "select",
    "uncovered_domains",
    "way_to",
]
