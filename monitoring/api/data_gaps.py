"""What should be measured in an area and is not."""

from datetime import date
from typing import Any, ClassVar

from django.db.models import Max
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from config.api.access import Access, Public
from config.api.fields import Codes
from config.api.query import Query
from config.api.resources import SingleResource
from config.days import today
from config.stores import StoreAway
from factors import public as factors
from monitoring.api.fields import Text
from monitoring.data_gaps import data_gaps
from monitoring.models import IndicatorLink, Observation
from monitoring.services.geography.vintages import area_in

RANKING = "public-five-elements-2023"
SPEAKS = ("prevalence", "measures")
WHY = {
    "no-indicator": gettext_lazy("Geen indicator gaat over deze factor."),
    "no-figure-here": gettext_lazy("Er is een indicator, maar geen cijfer over dit gebied."),
    "not-recent": gettext_lazy("Het nieuwste cijfer over dit gebied is te oud."),
}


class DataGapsQuery(Query):
    top = serializers.IntegerField(
        required=False, default=20, min_value=1, max_value=500, help_text="Tot en met deze plaats in de rangschikking."
    )
    recentYears = serializers.IntegerField(
        required=False,
        default=3,
        min_value=1,
        max_value=50,
        help_text="Een cijfer dat eerder eindigde, telt als te oud.",
    )


class DataGapSerializer(serializers.Serializer):
    factorCode = serializers.CharField(source="gap.factor_code")
    name = serializers.CharField()
    denseRank = serializers.IntegerField(source="rank")
    why = serializers.CharField(source="gap.why", help_text="no-indicator, no-figure-here of not-recent.")
    detail = serializers.SerializerMethodField()
    indicatorCodes = Codes(source="gap.indicator_codes")
    newestUntil = serializers.DateField(
        source="gap.newest", allow_null=True, help_text="Einde van het nieuwste cijfer."
    )

    def get_detail(self, thing: Any) -> str:
        return str(WHY[thing["gap"].why])


class DataGapsSerializer(serializers.Serializer):
    areaCode = serializers.CharField()
    rankingSnapshotId = Text(help_text="De rangschikking waaruit de factoren komen.")
    factorCount = serializers.IntegerField(help_text="Zoveel factoren zijn bekeken.")
    gaps = DataGapSerializer(many=True)
    absent = Codes(help_text="Onderdelen die nu niet op te vragen zijn.")


class DataGapsView(SingleResource):
    """Wat in een gebied niet gemeten is: hoog geplaatste factoren zonder indicator of zonder recent cijfer."""

    access: ClassVar[dict[str, Access]] = {"GET": Public("indicators.read")}
    query = DataGapsQuery
    item = DataGapsSerializer
    cache = "no-cache"

    def thing(self) -> dict[str, Any]:
        area = area_in(self.kwargs["areaCode"], None)
        try:
            ranking = factors.newest_ranking(definition_code=RANKING)
        except StoreAway:
            return _answer(area.code, None, (), ("factors",))
        high = (
            [one for one in ranking.factors if one.dense_rank and one.dense_rank <= self.params["top"]]
            if ranking
            else []
        )
        day = today()
        since = date(day.year - self.params["recentYears"], 1, 1)
        gaps = data_gaps(factors=[one.code for one in high], indicators=_indicators({one.code for one in high}),
                         newest=_newest(area.code), since=since)  # fmt: skip
        by_code = {one.code: one for one in high}
        shown = [{"gap": gap, "name": by_code[gap.factor_code].name, "rank": by_code[gap.factor_code].dense_rank}
                 for gap in gaps]  # fmt: skip
        return _answer(area.code, ranking, shown, (), len(high))


def _answer(code: str, ranking: Any, gaps: Any, absent: tuple[str, ...], count: int = 0) -> dict[str, Any]:
    return {"areaCode": code, "rankingSnapshotId": ranking.snapshot_id if ranking else None, "factorCount": count,
            "gaps": gaps, "absent": absent}  # fmt: skip


def _indicators(codes: set[str]) -> dict[str, list[str]]:
    links = IndicatorLink.objects.filter(
        target_kind="factor", target_code__in=codes, role__in=SPEAKS, indicator__municipality_code=""
    )
    found: dict[str, list[str]] = {}
    for factor, indicator in links.values_list("target_code", "indicator_id").distinct():
        found.setdefault(factor, []).append(indicator)
    return found


def _newest(area_code: str) -> dict[str, date]:
    rows = Observation.objects.official().filter(area_code=area_code, value__isnull=False)
    return dict(rows.values_list("indicator_code").annotate(last=Max("period_end")))
