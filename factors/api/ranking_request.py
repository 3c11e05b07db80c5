"""What one asks when asking for a ranking, and every fault in it at once."""

import math
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from config.api.access import Principal
from config.api.problems import faults_of
from config.errors import Fault, NotFound
from factors.api.models import find_version
from factors.models import LifeDomain, LifePhase, ModelVersion
from factors.ranking import PARAMETER_SETS
from factors.ranking.model import KINDS
from factors.services.rankings import CannotRank, Wish, named_parameters, selection_from

METHODS = sorted({parameters.method for parameters in PARAMETER_SETS})
SETS = sorted({parameters.name for parameters in PARAMETER_SETS})


class Strict(serializers.Serializer):
    # knows all its keys: a misspelt one would otherwise quietly change what is ranked

    def to_internal_value(self, data: Any) -> Any:
        faults: dict[str, Any] = {}
        if isinstance(data, dict):
            faults = {
                key: [ErrorDetail(_("Dit veld kennen wij niet."), "unknown-key")]
                for key in set(data) - set(self.fields)
            }
        try:
            values = super().to_internal_value(data)
        except ValidationError as problem:
            raise ValidationError({**problem.detail, **faults}) from problem  # type: ignore[dict-item]
        if faults:
            raise ValidationError(faults)
        return values


def known_phase(code: str) -> None:
    if code not in LifePhase.objects.values_list("code", flat=True):
        raise ValidationError(_("Deze levensfase kennen wij niet."), "unknown-code")


def known_life_domain(code: str) -> None:
    if code not in LifeDomain.objects.values_list("code", flat=True):
        raise ValidationError(_("Dit leefgebied kennen wij niet."), "unknown-code")


def weight(value: float) -> None:
    if not (math.isfinite(value) and value >= 0):
        raise ValidationError(_("Een gewicht is een getal van nul of hoger."), "invalid-weight")


class GoalWishSerializer(Strict):
    code = serializers.CharField()
    weight = serializers.FloatField(default=1.0, validators=[weight], help_text="Alleen de verhouding telt.")


class SelectionWishSerializer(Strict):
    goals = GoalWishSerializer(
        many=True, required=False, allow_null=True, help_text="Leeg gelaten: elk doel even zwaar."
    )
    mode = serializers.ChoiceField(["view", "induced"], default="view")
    lifePhase = serializers.CharField(required=False, allow_null=True, validators=[known_phase])
    lifeDomain = serializers.CharField(required=False, allow_null=True, validators=[known_life_domain])
    kind = serializers.ChoiceField(KINDS, required=False, allow_null=True)

    def validate_goals(self, goals: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
        if goals is None:
            return None
        if not goals:
            raise ValidationError(_("Kies minstens één doel, of laat de doelen weg."), "empty-selection")
        if len({goal["code"] for goal in goals}) < len(goals):
            raise ValidationError(_("Elk doel mag één keer voorkomen."), "duplicate-goal")
        if not any(goal["weight"] for goal in goals):
            raise ValidationError(_("Minstens één doel moet een gewicht boven nul hebben."), "all-weights-zero")
        return goals


class RankingRequestSerializer(Strict):
    modelCode = serializers.CharField(help_text="Code van het factorenmodel.")
    modelVersion = serializers.CharField(default="latest", help_text="Versienummer, of latest.")
    method = serializers.ChoiceField(METHODS)
    parameterSet = serializers.ChoiceField(SETS, default="published")
    selection = SelectionWishSerializer(required=False)


def wish_of(data: Any, principal: Principal) -> Wish:
    """The ranking asked for. Raises CannotRank with every fault: of form, and codes that the model does not have."""
    body = RankingRequestSerializer(data=data)
    faults = [] if body.is_valid() else list(faults_of(body.errors))
    given = data if isinstance(data, dict) else {}
    version = (
        None
        if {"#", "#/modelCode", "#/modelVersion"} & {fault.location for fault in faults}
        else _version(given, principal)
    )
    if isinstance(version, Fault):
        faults.append(version)
    faults += _unknown_goals(given, version)
    if faults or not isinstance(version, ModelVersion):
        raise CannotRank("", faults)
    asked = body.validated_data
    parameters = named_parameters(asked["method"], asked["parameterSet"])
    return Wish(version, parameters, selection_from(asked.get("selection", {})))


def _version(given: dict[str, Any], principal: Principal) -> ModelVersion | Fault:
    """The frozen version named, or the fault of naming another."""
    try:
        version = find_version(principal, str(given["modelCode"]), str(given.get("modelVersion", "latest")))
    except NotFound:
        version = None
    if version is not None and version.status != "draft":
        return version
    place = "modelVersion" if "modelVersion" in given else "modelCode"
    return Fault(f"#/{place}", "unknown-model", _("Er is geen gepubliceerde versie van dit model."))


def _unknown_goals(given: dict[str, Any], version: ModelVersion | Fault | None) -> list[Fault]:
    selection = given.get("selection")
    goals = selection.get("goals") if isinstance(selection, dict) else None
    if not isinstance(version, ModelVersion) or not isinstance(goals, list):
        return []
    known = list(version.goals.order_by("code").values_list("code", flat=True))
    codes = [goal.get("code") if isinstance(goal, dict) else None for goal in goals]
    detail = _("Dit doel staat niet in het model.")
    return [
        Fault(f"#/selection/goals/{place}/code", "unknown-goal", detail, value=code, expected=known)
        for place, code in enumerate(codes)
        if isinstance(code, str) and code not in known
    ]
