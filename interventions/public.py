"""The front door of interventions: labels by code, in the language of the request. Unknown codes are left out."""

from collections.abc import Collection

from config.languages import label
from config.stores import front_door
from interventions.models import Intervention, InterventionFactor, Offering, Organisation


@front_door("default")
def offering_labels(*, codes: Collection[str]) -> dict[str, str]:
    """Names of offerings (Dutch only: offerings are named by those who run them). One query."""
    return dict(Offering.objects.filter(code__in=codes).values_list("code", "name_nl"))


@front_door("default")
def intervention_labels(*, codes: Collection[str]) -> dict[str, str]:
    """Names of interventions. One query."""
    found = Intervention.objects.filter(code__in=codes).only("code", "name_nl", "name_en")
    return {one.code: label(one) for one in found}


@front_door("default")
def organisation_labels(*, codes: Collection[str]) -> dict[str, str]:
    """Names of organisations. One query."""
    return dict(Organisation.objects.filter(code__in=codes).values_list("code", "name"))


@front_door("default")
def interventions_on(*, factor_codes: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Factor → codes of the interventions that work on it, sorted; a factor without one is left out. One query."""
    rows = InterventionFactor.objects.filter(factor_code__in=factor_codes).order_by("factor_code", "intervention_id")
    found: dict[str, tuple[str, ...]] = {}
    for factor, intervention in rows.values_list("factor_code", "intervention_id"):
        found[factor] = (*found.get(factor, ()), intervention)
    return found
