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
from factors.ranking.drawing import DoubtParameters
from factors.ranking.model import KINDS
from factors.services.local_figures import WEIGHT, local_of
from factors.services.wishes import CannotRank, Wish, named_parameters, selection_from

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
    goals: Any = serializers.ListSerializer(  # with many=True each goal could be null too
        child=GoalWishSerializer(), required=False, allow_null=True, help_text="Leeg gelaten: elk doel even zwaar."
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


def above_zero(value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        raise ValidationError(_("Dit is een getal boven nul; leeg laat deze invoer zoals hij is."), "not-above-zero")


def share(**kwargs: Any) -> serializers.FloatField:
    return serializers.FloatField(required=False, min_value=0, max_value=1, **kwargs)


class DoubtWishSerializer(Strict):
    """Hoe ver elke invoer van zijn waarde kan liggen; weggelaten: parameterset doubt/1."""

    effectSe = serializers.FloatField(
        source="effect_se", required=False, min_value=0, help_text="Standaardfout (Fisher z) zonder interval; 0,10."
    )
    effectTimes = serializers.FloatField(
        source="effect_times", required=False, min_value=0, help_text="Alle standaardfouten maal dit getal; 1."
    )
    missingEffect = serializers.BooleanField(
        source="missing_effect", required=False, help_text="Onbekende effecten trekken; true."
    )
    prevalenceWeight = serializers.FloatField(
        source="prevalence_weight", required=False, allow_null=True, validators=[above_zero], help_text="s in Beta; 50."
    )
    missingPrevalenceHigh = share(
        source="missing_prevalence_high", allow_null=True, help_text="Onbekende prevalentie: 0 tot dit; 0,3."
    )
    unknownFlags = share(source="unknown_flags", allow_null=True, help_text="Kans dat onbekend ja is; leeg: vast.")
    weights = serializers.FloatField(
        required=False, allow_null=True, validators=[above_zero], help_text="s in Dirichlet; leeg: gewichten vast."
    )
    interval = share(help_text="Aandeel van de trekkingen tussen rankLow en rankHigh; 0,90.")
    certainFrom = share(source="certain_from", help_text="Vanaf welk aandeel twee factoren te scheiden zijn; 0,95.")


class LocalDataWishSerializer(Strict):
    form = serializers.ChoiceField(
        ["prevalence", "gap"], default="prevalence", help_text="gap: achterstand op de gemeente (five-elements-2023)."
    )
    partnerWeight = serializers.FloatField(
        source="partner_weight", default=0.0, validators=[weight],
        help_text="Van het zevende element, het gemiddelde van de vrijgegeven scores van partners; 0: telt niet mee.",
    )  # fmt: skip
    weight = serializers.FloatField(
        default=WEIGHT, validators=[weight], help_text="Van het zesde element; telt niet in rip-2019."
    )
    year = serializers.IntegerField(
        required=False, allow_null=True, min_value=1900, max_value=2200, help_text="Cijfers tot en met dit jaar."
    )


class RankingRequestSerializer(Strict):
    modelCode = serializers.CharField(help_text="Code van het factorenmodel.")
    modelVersion = serializers.CharField(default="latest", help_text="Versienummer, of latest.")
    method = serializers.ChoiceField(METHODS)
    parameterSet = serializers.ChoiceField(SETS, default="published")
    selection = SelectionWishSerializer(required=False)
    areaCode = serializers.CharField(
        required=False, allow_null=True, help_text="Met de cijfers van dit gebied; leeg: zonder lokale cijfers."
    )
    localData = LocalDataWishSerializer(required=False, allow_null=True)
    draws = serializers.IntegerField(
        default=0, min_value=0, help_text="Trekkingen voor de onzekerheid; boven nul volgt 202 met een taak."
    )
    seed = serializers.IntegerField(default=0, min_value=0, max_value=2**63 - 1)
    doubt = DoubtWishSerializer(required=False, allow_null=True)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        faults: dict[str, Any] = {}
        local = asked.get("localData")
        if local and not asked.get("areaCode"):
            faults["areaCode"] = [ErrorDetail(_("Noem het gebied van de lokale cijfers."), "required")]
        if local and local["form"] == "gap" and asked["method"] == "rip-2019":
            said = ErrorDetail(_("De achterstand (gap) telt alleen mee in five-elements-2023."), "gap-not-in-method")
            faults["localData"] = {"form": [said]}
        if local and local["partner_weight"] > 0 and asked["method"] == "rip-2019":
            detail = _("Cijfers van partners tellen alleen mee in five-elements-2023.")
            faults.setdefault("localData", {})["partnerWeight"] = [ErrorDetail(detail, "partners-not-in-method")]
        if asked.get("doubt") and not asked["draws"]:
            faults["draws"] = [ErrorDetail(_("Onzekerheid vraagt minstens één trekking."), "too-few-draws")]
        if faults:
            raise ValidationError(faults)
        return asked


def wish_of(data: Any, principal: Principal) -> Wish:
    """The ranking asked for. Raises CannotRank with every fault: of form, and codes that the model does not have."""
    asked, version = checked(RankingRequestSerializer(data=data), data, principal)
    return Wish(
        version=version,
        parameters=named_parameters(asked["method"], asked["parameterSet"]),
        selection=selection_from(asked.get("selection", {})),
        draws=asked["draws"],
        seed=asked["seed"],
        doubts=DoubtParameters(**asked.get("doubt") or {}),
        local=local_of(version=version, area_code=asked["areaCode"], **asked.get("localData") or {})
        if asked.get("areaCode")
        else None,
    )


def checked(body: serializers.Serializer, data: Any, principal: Principal) -> tuple[dict[str, Any], ModelVersion]:
    """The body as values and the frozen version it names. Raises CannotRank with every fault."""
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
    return dict(body.validated_data), version


def _version(given: dict[str, Any], principal: Principal) -> ModelVersion | Fault:
    """The frozen version named, or the fault of naming another."""
    try:
        version = find_version(principal, str(given["modelCode"]), str(given.get("modelVersion") or "latest"))
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
