"""Names of the codes in a document, kept with the version: what was read stays readable when things are renamed."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.utils import translation

from config.stores import StoreAway
from factors import public as factors
from interventions.models import ImprovementAction, Offering, Organisation
from monitoring import public as monitoring

Json = dict[str, Any]
Names = dict[str, dict[str, str]]


def named_in(plan: Json, key: str) -> Iterator[tuple[str, str]]:
    """Where in a plan (as JSON pointer) a key has which value; each item of a list for itself."""
    for part, items in plan.items():
        for place, item in enumerate(items):
            where, value = f"/{part}/{place}/{key}", item.get(key)
            if isinstance(value, list):
                yield from ((f"{where}/{index}", str(one)) for index, one in enumerate(value))
            elif value:
                yield where, str(value)


def codes_in(plan: Json, key: str) -> set[str]:
    return {value for _where, value in named_in(plan, key)}


def names_in_plan(plan: Json, *, municipality_code: str, area_code: str) -> Names:
    """What the codes in a plan are called, in Dutch; a code without a name is left out.

    With the monitoring store away the names it keeps are left out too.
    """
    offerings, organisations = codes_in(plan, "offeringCode"), codes_in(plan, "organisationCodes")
    with translation.override("nl"):
        return {
            "offerings": dict(Offering.objects.filter(code__in=offerings).values_list("code", "name_nl")),
            "organisations": organisation_names(organisations),
            "factors": factors.factor_labels(codes=codes_in(plan, "factorCodes")),
            **_monitoring_names(plan, municipality_code, area_code),
        }


def _monitoring_names(plan: Json, municipality_code: str, area_code: str) -> Names:
    try:
        area, asked = monitoring.area(code=area_code), codes_in(plan, "resultId")
        results = monitoring.result_statements(municipality_code=municipality_code) if asked else {}
        return {
            "areas": {area.code: area.name} if area else {},
            "measures": monitoring.measure_labels(codes=codes_in(plan, "measure")),
            "results": {code: results[code] for code in sorted(asked) if code in results},
        }
    except StoreAway:
        return {}


def organisation_names(codes: Iterable[str]) -> dict[str, str]:
    return dict(Organisation.objects.filter(code__in=set(codes)).values_list("code", "name"))


def actions_of(plan_id: UUID) -> list[Json]:
    """The improvement actions of a plan as they stand now, by due date."""
    rows = ImprovementAction.objects.filter(plan=plan_id).order_by("due_on", "id")
    return [
        {"id": str(one.id), "description": one.description_nl, "owner": one.owner, "dueDate": one.due_on.isoformat(),
         "status": one.status, "outcome": one.outcome_nl or None}
        for one in rows
    ]  # fmt: skip
