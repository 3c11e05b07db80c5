"""The front door of interventions: labels by code, in the language of the request. Unknown codes are left out."""

from collections.abc import Collection
from dataclasses import dataclass

from config.languages import label
from config.stores import front_door
from interventions.models import Intervention, InterventionFactor, Offering, Organisation, PlanOfAction, PlanVersion


@dataclass(frozen=True)
class ResultOfPlan:
    """A societal result that a plan of action ties an offering to."""

    result_id: str
    plan_id: str
    offering_code: str


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


@front_door("default")
def results_of_offerings(*, municipality_code: str, offering_codes: Collection[str]) -> tuple[ResultOfPlan, ...]:
    """Results that the newest so-that statements tie these offerings to. Two queries."""
    plans = dict(PlanOfAction.objects.filter(municipality_code=municipality_code).values_list("id", "version"))
    versions = PlanVersion.objects.filter(document_id__in=plans, number__in=set(plans.values()))
    found = {
        ResultOfPlan(one["resultId"], str(version.document_id), one["offeringCode"])
        for version in versions
        if version.number == plans[version.document_id]
        for one in version.content.get("soThats", ())
        if one.get("resultId") and one.get("offeringCode") in offering_codes
    }
    return tuple(sorted(found, key=lambda one: (one.result_id, one.plan_id, one.offering_code)))
