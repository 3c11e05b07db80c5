"""From rows to the values that coverage reckons with."""

from interventions.coverage import Listing, Span, Supply
from interventions.models import Intervention, Offering


def supply_of(offering: Offering) -> Supply:
    """An offering read with `with_facts`. Its life phases are its own if it states them, else its intervention's."""
    intervention = offering.intervention
    return Supply(
        offering_code=offering.code,
        intervention_code=offering.intervention_id,
        organisation_code=offering.organisation_id,
        span=Span(offering.starts_on, offering.ends_on),
        area_codes=frozenset(offering.area_codes),
        city_wide=offering.city_wide,
        agreements=tuple(Span(one.valid_from, one.valid_until) for one in offering.agreements.all()),
        listings=listings_of(intervention),
        factor_codes=frozenset(link.factor_code for link in intervention.factors.all()),
        domain_codes=frozenset(intervention.domain_codes),
        life_phases=frozenset(offering.life_phases or intervention.life_phases),
        life_domains=frozenset(intervention.life_domains),
        prevention_levels=frozenset(intervention.prevention_levels),
        duration=intervention.duration,
        intended_reach=offering.intended_reach,
    )


def listings_of(intervention: Intervention) -> tuple[Listing, ...]:
    """The ladder levels an intervention held, with their dates."""
    return tuple(
        Listing(one.level_id, Span(one.valid_from, one.valid_until)) for one in intervention.recognitions.all()
    )
