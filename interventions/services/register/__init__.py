"""Every write here: one transaction in `default` with the row, its audit entry and what others must hear."""

from interventions.services.register.announcing import announcing
from interventions.services.register.interventions import (
    FactorLink,
    Listing,
    listing_of,
    save_factors,
    save_intervention,
    save_recognitions,
)
from interventions.services.register.offerings import save_agreement, save_offering, save_organisation
from interventions.services.register.writing import Change

__all__ = ["Change", "FactorLink", "Listing", "announcing", "listing_of", "save_agreement", "save_factors",
           "save_intervention", "save_offering", "save_organisation", "save_recognitions"]  # fmt: skip
