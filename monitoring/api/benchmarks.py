"""One indicator of one area set beside others: each figure, what can be said of the difference, and on what ground."""

from functools import partial
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from config.api.access import Access, Public
from config.api.fields import Codes
from config.api.resources import SingleResource
from config.errors import NotFound
from config.languages import label, language
from monitoring import charts
from monitoring.api.exports import FormatQuery, InAnyFormat, labels_for, row_of
from monitoring.api.fields import AskedPeriod, Text
from monitoring.api.profile_shapes import (
    ProfileBenchmarkSerializer,
    ProfileComparisonSerializer,
    ProfileLatestSerializer,
    ProfileTrendSerializer,
)
from monitoring.api.profiles import WORDS, AgainstQuery, benchmarks, names_of, source_name, with_unit
from monitoring.api.why_empty import WhyEmptySerializer
from monitoring.models import Indicator
from monitoring.profile import Peer
from monitoring.services.figures.why_empty import OFFICIAL, Asked, why_empty
from monitoring.services.geography.vintages import area_in
from monitoring.services.profiles.company import COMMON
from monitoring.services.profiles.positions import positions
from monitoring.services.profiles.reading import AreaProfile, profile_of
from monitoring.why_empty import Cause

READ: dict[str, Access] = {"GET": Public("indicators.read")}


class BenchmarksQuery(AgainstQuery, FormatQuery):
    indicatorCode = serializers.CharField(max_length=100, help_text="De indicator die vergeleken wordt.")
    period = AskedPeriod(required=False, help_text="Het cijfer over deze periode; zonder deze sleutel het nieuwste.")


class PositionSerializer(serializers.Serializer):
    """De plaats tussen de gebieden van hetzelfde niveau binnen een gebied."""

    withinCode = serializers.CharField(source="within_code")
    withinName = serializers.CharField(source="within_name")
    rank = serializers.IntegerField(
        help_text="1 is het gunstigst, of het hoogst als geen kant beter is; gelijken delen."
    )
    withFigureCount = serializers.IntegerField(source="with_figure", help_text="Zoveel gebieden hebben dit cijfer.")
    siblingCount = serializers.IntegerField(source="siblings", help_text="Zoveel zijn er, met dit gebied zelf.")
    equalCount = serializers.IntegerField(source="equals", help_text="Zoveel andere hebben dezelfde waarde.")
    order = serializers.CharField(help_text="lowest-first of highest-first.")


class NearSerializer(serializers.Serializer):
    areaCode = serializers.CharField(source="code")
    areaName = serializers.CharField(source="name")
    distance = serializers.FloatField(help_text="In standaardafwijkingen.")
    sharedCount = serializers.IntegerField(source="shared", help_text="Over zoveel indicatoren.")


class SimilarSerializer(serializers.Serializer):
    """Hoe de meest gelijkende gebieden gevonden zijn.

    De afstand is de wortel van het gemiddelde kwadraat van de verschillen, elk gedeeld door de standaardafwijking over
    alle gebieden van dit niveau; alleen over indicatoren waarvan beide een cijfer hebben.
    """

    indicatorCodes = Codes(source="indicators")
    candidateCount = serializers.IntegerField(source="candidates", help_text="Uit zoveel gebieden van dit niveau.")
    areas = NearSerializer(many=True)


class AbsentBenchmarkSerializer(serializers.Serializer):
    kind = serializers.CharField()
    areaCode = serializers.CharField(source="code", allow_null=True)
    whyEmpty = WhyEmptySerializer(source="why")


class AreaBenchmarksSerializer(serializers.Serializer):
    areaCode = serializers.CharField()
    indicatorCode = serializers.CharField()
    name = serializers.CharField()
    unit = Text()
    decimals = serializers.IntegerField()
    direction = Text()
    relevantDifference = serializers.FloatField(allow_null=True, help_text="Beslist waar geen aantallen bekend zijn.")
    relevantDifferenceBasis = Text()
    latest = ProfileLatestSerializer(allow_null=True)
    trend = ProfileTrendSerializer(allow_null=True)
    benchmarks = ProfileBenchmarkSerializer(many=True)
    absent = AbsentBenchmarkSerializer(many=True, help_text="Waar het niet naast gezet kan worden, en waarom.")
    positions = PositionSerializer(many=True)
    comparison = ProfileComparisonSerializer(allow_null=True)
    similar = SimilarSerializer(allow_null=True)
    whyEmpty = WhyEmptySerializer(allow_null=True)


class AreaBenchmarksView(InAnyFormat, SingleResource):
    """Eén indicator van een gebied naast gebieden waarin het ligt, het land, een gekozen gebied of groep, de meest
    gelijkende gebieden en het eigen vorige cijfer, met oordeel, plaats en de vergelijkingsregel van de gebiedsadviseur.

    Ook als CSV, XLSX, JSON-stat 2.0 (`format=json-stat2`) en GeoJSON: het cijfer en de cijfers waar het naast staat;
    als SVG: die cijfers met het verschil en het oordeel.
    """

    access = READ
    query = BenchmarksQuery
    item = AreaBenchmarksSerializer
    cache = "no-cache"
    open_data = True

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs) if self.asked_form == "json" else self._file()

    def _read(self) -> tuple[Indicator, AreaProfile]:
        asked = self.params
        area = area_in(self.kwargs["areaCode"], asked.get("year"))
        indicator = Indicator.objects.filter(code=asked["indicatorCode"], municipality_code="").first()
        if indicator is None:
            raise NotFound()
        return indicator, profile_of(
            area, year=asked.get("year"), against=asked.get("against", COMMON), on=asked.get("similarOn", ()),
            indicator=indicator.code, period=asked.get("period"),
        )  # fmt: skip

    def _file(self) -> HttpResponseBase:
        indicator, profile = self._read()
        title = _("%(indicator)s: %(area)s naast andere cijfers") % {
            "indicator": label(indicator), "area": label(profile.area)}  # fmt: skip
        if self.asked_form == "svg":
            return self.picture(_picture(indicator, profile, title))
        rows = [row_of(value) for one in profile.profiles for value in (one.latest, *(b.value for b in one.benchmarks))]
        labels = labels_for(title=title, indicators=[indicator.code], areas={row["area_code"] for row in rows},
                            geometry=self.asked_form == "geojson")  # fmt: skip
        return self.exported(rows, labels)

    def thing(self) -> dict[str, Any]:
        indicator, profile = self._read()
        about = {
            "areaCode": profile.area.code, "indicatorCode": indicator.code, "name": label(indicator),
            "unit": indicator.unit, "decimals": indicator.decimals, "direction": indicator.direction,
            "relevantDifference": indicator.relevant_difference,
            "relevantDifferenceBasis": indicator.relevant_difference_basis, "similar": _similar(profile),
        }  # fmt: skip
        return about | (self._figures(profile, indicator) if profile.profiles else self._nothing(profile, indicator))

    def _figures(self, profile: AreaProfile, indicator: Indicator) -> dict[str, Any]:
        (one,) = profile.profiles
        shown = list(benchmarks(profile, one, names_of(profile)))
        lower = indicator.direction == "lower-better"
        found = positions(profile.area, one.latest, within=[area.code for area in profile.above], lower_first=lower,
                          year=self.params.get("year"))  # fmt: skip
        places = [{**vars(place), "within_name": profile.names[place.within_code],
                   "order": "lowest-first" if lower else "highest-first"} for place in found]  # fmt: skip
        beside = {(other.kind, other.area_code) for other in one.benchmarks}
        lacking = [peer for peer in profile.peers if (peer.kind, peer.code) not in beside]
        why = None
        if one.latest.value is None:
            lacking = []  # nothing can stand beside nothing
            why = why_empty(self._asked(indicator, profile.area.code), statuses=frozenset({one.latest.status}))
        return {
            "latest": one.latest, "trend": one.trend, "benchmarks": shown, "positions": places,
            "comparison": one.comparison, "whyEmpty": why,
            "absent": [self._absent(peer, indicator, one.latest.period) for peer in lacking],
        }  # fmt: skip

    def _nothing(self, profile: AreaProfile, indicator: Indicator) -> dict[str, Any]:
        why = why_empty(self._asked(indicator, profile.area.code))
        return {"latest": None, "trend": None, "benchmarks": [], "positions": [], "comparison": None, "absent": [],
                "whyEmpty": why}  # fmt: skip

    def _asked(self, indicator: Indicator, area_code: str, period: Any = None) -> Asked:
        wanted = period or self.params.get("period")
        return Asked(OFFICIAL, indicator.code, area_code, wanted, wanted)

    def _absent(self, peer: Peer, indicator: Indicator, period: Any) -> dict[str, Any]:
        cause: Cause | None = "no-earlier-figure" if peer.kind == "own-earlier" else None
        if peer.members and peer.kind != "similar" and indicator.combine_areas == "none":
            cause = "not-combinable"
        code = self.kwargs["areaCode"] if peer.kind == "similar" else peer.code
        why = why_empty(self._asked(indicator, code, period), cause=cause)
        return {"kind": peer.kind, "code": None if peer.kind == "similar" else code, "why": why}


def _picture(indicator: Indicator, profile: AreaProfile, title: str) -> str:
    """A row per figure that it is set beside, and one for the figure itself."""
    names, told = names_of(profile), partial(with_unit, decimals=indicator.decimals, language=language())
    rows, sources = [], set()
    for one in profile.profiles:
        sources.add(source_name(profile, one.latest.source_code))
        rows.append(charts.Bar(label(profile.area), told(one.latest), "", ""))
        for beside in one.benchmarks:
            sources.add(source_name(profile, beside.value.source_code))
            difference = charts.number(beside.difference, indicator.decimals, language())
            rows.append(charts.Bar(names[beside.area_code], told(beside.value), difference,
                                   str(WORDS[beside.verdict.word])))  # fmt: skip
    heads = (_("Gebied"), _("Cijfer"), _("Verschil"), _("Oordeel"))
    return charts.profile_chart(title=title, heads=heads, rows=rows,
                                source=_("Bron: %(names)s") % {"names": ", ".join(sorted(sources))})  # fmt: skip


def _similar(profile: AreaProfile) -> dict[str, Any] | None:
    found = profile.chosen.similar if profile.chosen else None
    if found is None:
        return None
    near = [{**vars(one), "name": profile.names.get(one.code, one.code)} for one in found.areas]
    return {**vars(found), "areas": near}
