"""High-ranked factors that nobody works on, for every area of one, several or all municipalities at once."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import public as accounts
from config.api.access import Public
from config.api.fields import Codes, Day
from config.api.query import Query
from config.api.resources import Resource
from config.days import today
from config.errors import Fault, Refusal
from interventions.api.coverage_serializers import RankingBriefSerializer
from interventions.api.explaining import areas_absent, explanation
from interventions.services.coverage.cities import LEVELS
from interventions.services.coverage.kept import area_gaps
from interventions.services.coverage.questions import Question, ranked_needs


class AreaGapsQuery(Query):
    municipalityCode = serializers.ListField(
        child=serializers.CharField(), default=list, max_length=400, help_text="Gemeente; mag vaker. Leeg: alle."
    )
    areaCode = serializers.ListField(
        child=serializers.CharField(), default=list, max_length=400, help_text="Gebied; mag vaker. Leeg: alle."
    )
    areaLevel = serializers.ChoiceField(
        choices=("municipality", *LEVELS), default="neighbourhood", help_text="Soort gebied, als er geen is genoemd."
    )
    activeOn = Day(default=None, help_text="Peildag; leeg: vandaag.")
    minimumLevel = serializers.IntegerField(
        min_value=0, max_value=4, default=2, allow_null=True, help_text="Laagste trede die telt. Leeg: 2."
    )
    definitionCode = serializers.CharField(
        default="public-five-elements-2023", help_text="Rangschikking waarvan de nieuwste stand geldt."
    )
    top = serializers.IntegerField(
        min_value=1, max_value=1000, default=20, help_text="Tot en met deze plaats (met gelijke plaatsen samen)."
    )


class LookedAtFactorSerializer(serializers.Serializer):
    factorCode = serializers.CharField(source="factor_code")
    name = serializers.CharField()
    denseRank = serializers.IntegerField(source="dense_rank")


class AreaGapSerializer(serializers.Serializer):
    municipalityCode = serializers.CharField()
    areaCode = serializers.CharField()
    factorCodes = Codes(help_text="Factoren zonder aanbod dat telt, in de volgorde van de rangschikking.")


class AreaGapsSerializer(serializers.Serializer):
    activeOn = serializers.DateField()
    minimumLevel = serializers.IntegerField()
    ranking = RankingBriefSerializer()
    top = serializers.IntegerField()
    explanation = serializers.ListField(child=serializers.CharField())
    absent = Codes(help_text="Onderdelen die nu niet bereikbaar zijn: `monitoring`.")
    factors = LookedAtFactorSerializer(many=True, help_text="Waarnaar is gekeken.")
    areas = AreaGapSerializer(many=True)


class CoverageAreaGapsView(Resource):
    """Witte vlekken van alle gebieden tegelijk, ook van alle gemeenten: hoge factoren zonder aanbod dat telt."""

    access = {"GET": Public("coverage.read")}
    query = AreaGapsQuery
    item = AreaGapsSerializer
    bodies = {"GET": (None, {200: AreaGapsSerializer})}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.params
        day = asked["activeOn"] or today()
        ranking, needs = ranked_needs(question=Question("", day), definition_code=asked["definitionCode"])
        high = sorted(
            (one for one in needs if one.dense_rank is not None and one.dense_rank <= asked["top"]),
            key=lambda one: (one.dense_rank, one.factor_code),
        )
        gaps, away = area_gaps(
            municipality_codes=self._cities(), day=day, minimum_level=asked["minimumLevel"],
            factor_codes=[one.factor_code for one in high], area_level=asked["areaLevel"],
            area_codes=frozenset(asked["areaCode"]),
        )  # fmt: skip
        self._all_found(asked["areaCode"], {one.area_code for one in gaps})
        return Response({
            "activeOn": day,
            "minimumLevel": asked["minimumLevel"],
            "ranking": RankingBriefSerializer(ranking).data,
            "top": asked["top"],
            "explanation": explanation(absent=areas_absent() if away else "", parts=False),
            "absent": ["monitoring"] if away else [],
            "factors": LookedAtFactorSerializer(high, many=True).data,
            "areas": [
                {"municipalityCode": one.municipality_code, "areaCode": one.area_code, "factorCodes": one.factor_codes}
                for one in gaps
            ],
        })  # fmt: skip

    def _cities(self) -> list[str]:
        known = accounts.municipality_codes()
        asked = sorted(set(self.params["municipalityCode"]))
        detail = _("Deze gemeente kennen wij niet.")
        faults = [Fault("municipalityCode", "unknown-municipality", detail, place="query", value=code)
                  for code in asked if code not in known]  # fmt: skip
        if faults:
            raise Refusal("", faults)
        return asked or list(known)

    def _all_found(self, asked: list[str], found: set[str]) -> None:
        detail = _("Dit gebied had deze gemeente in dat jaar niet.")
        faults = [Fault("areaCode", "unknown-area", detail, place="query", value=code)
                  for code in asked if code not in found]  # fmt: skip
        if faults:
            raise Refusal("", faults)
