"""Which factors to turn within a budget. Nothing is kept."""

import math
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.access import Principal, Public
from config.api.resources import Resource
from factors.access import principal_of
from factors.api.ranking_request import METHODS, SETS, SelectionWishSerializer, Strict, checked
from factors.api.ranking_serializers import Tuple
from factors.services.portfolios import NamedPortfolio, portfolio_of
from factors.services.wishes import Wish, named_parameters, selection_from


def budget(value: float) -> None:
    if not (math.isfinite(value) and value >= 0):
        raise ValidationError(_("Een budget is een getal van nul of hoger."), "invalid-budget")


def cost(value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        raise ValidationError(_("Kosten zijn een getal boven nul."), "invalid-cost")


class FactorCostSerializer(Strict):
    factorCode = serializers.CharField()
    cost = serializers.FloatField(validators=[cost])


class PortfolioRequestSerializer(Strict):
    """Een budget, wat elke factor kost, en welke doelen tellen."""

    modelCode = serializers.CharField(help_text="Code van het factorenmodel.")
    modelVersion = serializers.CharField(default="latest", help_text="Versienummer, of latest.")
    method = serializers.ChoiceField(METHODS, help_text="Bepaalt hoe sterk verbanden en paden tellen.")
    parameterSet = serializers.ChoiceField(SETS, default="published")
    selection = SelectionWishSerializer(required=False, help_text="Alleen deze factoren komen in aanmerking.")
    budget = serializers.FloatField(validators=[budget], help_text="In dezelfde eenheid als de kosten.")
    defaultCost = serializers.FloatField(
        source="default_cost", default=1.0, validators=[cost], help_text="Van elke factor die niet in costs staat."
    )
    costs = FactorCostSerializer(many=True, default=list)

    def validate_costs(self, costs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({row["factorCode"] for row in costs}) < len(costs):
            raise ValidationError(_("Elke factor mag één keer voorkomen."), "duplicate-factor")
        return costs


class PassedSerializer(Tuple):
    fromCode = serializers.CharField()
    toCode = serializers.CharField()


class GoalReachSerializer(serializers.Serializer):
    goalCode = serializers.CharField(source="goal")
    reach = serializers.FloatField(source="value", help_text="Sterkte van de beste weg ernaartoe, 0–1.")
    path = PassedSerializer(source="relations", many=True, help_text="De verbanden op die weg.")


class PickSerializer(serializers.Serializer):
    factorCode = serializers.CharField(source="code")
    name = serializers.SerializerMethodField()
    lever = serializers.CharField(help_text="reduce, strengthen of mixed.")
    cost = serializers.FloatField()
    gain = serializers.FloatField(help_text="Wat deze factor toevoegt aan die ervoor; samen de waarde.")
    reaches = GoalReachSerializer(source="reach", many=True)

    def get_name(self, pick: Any) -> str:
        return str(self.context["names"].get(pick.code, pick.code))


class ReachedGoalSerializer(Tuple):
    goalCode = serializers.CharField()
    weight = serializers.FloatField(help_text="Herschaald: gemiddeld 1.")
    reached = serializers.FloatField(help_text="1 - product over de keuze van (1 - reach), 0–1.")


class PortfolioSerializer(serializers.Serializer):
    """De factoren die binnen het budget de doelen het best bereiken, en hoe dicht dat bij het beste ligt dat kan."""

    modelCode = serializers.CharField(source="wish.version.model_id")
    modelVersion = serializers.CharField(source="wish.version.version")
    method = serializers.CharField(source="wish.parameters.method")
    parameterSet = serializers.CharField(source="wish.parameters.name")
    budget = serializers.FloatField(source="found.budget")
    cost = serializers.FloatField(source="found.cost")
    value = serializers.FloatField(source="found.value", help_text="Som over de doelen van gewicht maal reached.")
    greedyValue = serializers.FloatField(
        source="found.greedy_value", help_text="Van steeds de factor die per kosten het meest toevoegt."
    )
    upperBound = serializers.FloatField(
        source="found.upper_bound", help_text="Geen keuze binnen het budget is meer waard."
    )
    gap = serializers.FloatField(source="found.gap", help_text="upperBound min value.")
    optimal = serializers.BooleanField(source="found.optimal", help_text="Bewezen: niets is meer dan 0,01 % beter.")
    guarantee = serializers.FloatField(
        source="found.guarantee", help_text="Deel van het beste dat greedyValue altijd haalt."
    )
    most = serializers.FloatField(source="found.most", help_text="Waarde van alle factoren samen.")
    goals = ReachedGoalSerializer(source="found.goals", many=True)
    picks = PickSerializer(source="found.picks", many=True, help_text="In volgorde van aanschaf.")


class PortfoliosView(Resource):
    """Welke factoren bereiken binnen een budget de doelen het best? Bewaart niets."""

    access = {"POST": Public("rankings.read")}
    item = PortfolioSerializer
    bodies = {"POST": (PortfolioRequestSerializer, {200: PortfolioSerializer})}

    def post(self, request: Request) -> Response:
        return Response(self.shape(asked_of(request.data, principal_of(request))))

    def shape(self, thing: NamedPortfolio, *, many: bool = False) -> Any:
        return self.item(thing, context={"request": self.request, "names": thing.names}).data


def asked_of(data: Any, principal: Principal) -> NamedPortfolio:
    """The portfolio asked for. Raises CannotRank with every fault."""
    asked, version = checked(PortfolioRequestSerializer(data=data), data, principal)
    wish = Wish(
        version=version,
        parameters=named_parameters(asked["method"], asked["parameterSet"]),
        selection=selection_from(asked.get("selection", {})),
    )
    return portfolio_of(
        wish=wish,
        budget=asked["budget"],
        costs={row["factorCode"]: row["cost"] for row in asked["costs"]},
        default_cost=asked["default_cost"],
    )
