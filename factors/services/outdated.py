"""Rankings made by rules that no longer hold: another version of the method, or another value in its parameter set."""

from typing import Any

import orjson

from factors.models import RankingDefinition
from factors.services.marks import mark
from factors.services.wishes import METHOD_VERSIONS, CannotRank, named_parameters


def mark_outdated() -> int:
    """Mark the definitions whose newest ranking would be another by today's rules. Called when new code is loaded.

    Returns how many. One query for all of them, and two when there are any.
    """
    rows = RankingDefinition.objects.exclude(newest_snapshot=None).order_by("code")
    made_with = rows.values_list("code", "method", "parameter_set", "newest_snapshot__inputs")
    codes = [code for code, method, name, inputs in made_with if _outdated(method, name, orjson.loads(inputs))]
    return mark(RankingDefinition.objects.filter(code__in=codes), reason="method.changed")


def _outdated(method: str, parameter_set: str, inputs: dict[str, Any]) -> bool:
    try:
        parameters = named_parameters(method, parameter_set)
    except CannotRank:
        return True  # the worker will note it as the definition's problem
    today = {"code": method, "version": METHOD_VERSIONS[method]}, orjson.loads(orjson.dumps(parameters))
    return (inputs["method"], inputs["parameters"]) != today
