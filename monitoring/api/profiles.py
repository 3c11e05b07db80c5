"""The profile of an area in one call: pillars → domains → indicators, each with trend, benchmark and linked factors."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import orjson
from django.http import HttpResponseBase
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.access import Access, Public
from config.api.fields import Codes
from config.api.formats import JsonRenderer
from config.api.resources import SingleResource
from config.api.shaping import Shape, shape_of
from config.languages import label, language
from monitoring import charts
from monitoring.api.areas import AreaQuery, AreaSerializer, parents_of
from monitoring.api.exports import FormatQuery, InAnyFormat, labels_for, row_of
from monitoring.api.kept_profiles import CACHE, answer
from monitoring.api.profile_shapes import ProfileIndicatorSerializer
from monitoring.api.why_empty import WhyEmptySerializer
from monitoring.profile import IndicatorProfile
from monitoring.series import Value
from monitoring.services.figures.meaning import meaning
from monitoring.services.figures.why_empty import OFFICIAL, Asked, Why, why_empty
from monitoring.services.geography.vintages import area_in
from monitoring.services.profiles.company import MOST_WORDS
from monitoring.services.profiles.profile_documents import Document, document, recall
from monitoring.services.profiles.reading import AreaProfile, profile_of
from monitoring.services.profiles.register import Science, science

READ: dict[str, Access] = {"GET": Public("indicators.read")}
WORDS = {
    "better": gettext_lazy("beter"), "worse": gettext_lazy("slechter"), "higher": gettext_lazy("hoger"),
    "lower": gettext_lazy("lager"), "no-clear-difference": gettext_lazy("geen duidelijk verschil"),
    "cannot-tell": gettext_lazy("nog niet te zeggen"),
}  # fmt: skip


class ProfileDomainSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField(help_text="De code als de naam nu niet op te vragen is.")
    indicators = ProfileIndicatorSerializer(many=True)


class ProfilePillarSerializer(serializers.Serializer):
    code = serializers.CharField(allow_null=True, help_text="Leeg als de pijlers nu niet op te vragen zijn.")
    name = serializers.CharField(allow_null=True)
    domains = ProfileDomainSerializer(many=True)


class ProfileRankingSerializer(serializers.Serializer):
    """De rangschikking waaruit de rangen van factoren komen."""

    snapshotId = serializers.CharField(source="snapshot_id")
    modelCode = serializers.CharField(source="model_code")
    modelVersion = serializers.CharField(source="model_version")
    method = serializers.CharField()


class AreaProfileSerializer(serializers.Serializer):
    area = AreaSerializer()
    above = Codes(help_text="Gebieden waarin het ligt, het dichtstbijzijnde eerst.")
    pillars = ProfilePillarSerializer(many=True)
    other = ProfileIndicatorSerializer(many=True, help_text="Indicatoren die bij geen domein horen.")
    ranking = ProfileRankingSerializer(allow_null=True)
    whyEmpty = WhyEmptySerializer(allow_null=True)
    absent = Codes(help_text="Onderdelen die nu niet op te vragen zijn.")


class AgainstQuery(AreaQuery):
    against = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, max_length=MOST_WORDS,
        help_text="Waar de cijfers naast staan: parents (waar het in ligt), country, similar (de meest gelijkende "
        "gebieden), own-trend (het eigen vorige cijfer), of de code van een gebied of groep. Mag vaker.",
    )  # fmt: skip
    similarOn = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, max_length=50,
        help_text="Bij similar: op welke indicatoren gebieden moeten lijken; zonder deze sleutel alle contextcijfers.",
    )  # fmt: skip


class ProfileQuery(AgainstQuery, FormatQuery):
    """The year, what to set the figures beside, and how to write files."""


class AreaProfileView(InAnyFormat, SingleResource):
    """Het profiel van een gebied: alle indicatoren met trend, vergelijking, definitie, basis en bron.

    Ook als CSV, XLSX, JSON-stat 2.0 (`format=json-stat2`) en GeoJSON: alle reeksen van het gebied met de cijfers
    waarmee ze vergeleken zijn; als SVG: de nieuwste cijfers in één beeld.
    """

    access = READ
    query = ProfileQuery
    item = AreaProfileSerializer
    cache = CACHE
    open_data = True

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        if self.asked_form != "json":
            return self._file()
        said, plain = science(language()), set(request.GET) <= {"lang", "format"}
        if "fields" in self.narrowing:  # what was asked is picked from the whole by the resource
            return Response(orjson.loads(self._made(said, plain).content))
        found = recall(self.kwargs["areaCode"], language(), said.mark) if plain and said.mark else None
        return answer(request._request, found or self._made(said, plain))

    def _made(self, said: Science, plain: bool) -> Document:
        """Made afresh, and kept where that may be: the plain profile, with figures, and the register answered."""
        profile = self._profile()
        content = written(profile, said, self.params.get("year"))
        holds = bool(plain and said.mark and profile.profiles)
        return document(profile.area.code, language(), said.mark, profile.stamps, content, keep=holds)

    def _profile(self) -> AreaProfile:
        asked, known = self.params, meaning()
        return profile_of(area_in(self.kwargs["areaCode"], asked.get("year")), year=asked.get("year"), known=known,
                          against=asked.get("against", ()), on=asked.get("similarOn", ()))  # fmt: skip

    def _file(self) -> HttpResponseBase:
        profile = self._profile()
        title = _("Profiel van %(name)s") % {"name": label(profile.area)}
        if self.asked_form == "svg":
            return self.picture(_profile_picture(profile, title))
        rows = [row_of(value) for one in profile.profiles for value in _shown_values(one)]
        labels = labels_for(title=title, indicators=profile.indicators, geometry=self.asked_form == "geojson",
                            areas={row["area_code"] for row in rows})  # fmt: skip
        return self.exported(rows, labels)


def written(profile: AreaProfile, known: Science, year: int | None = None) -> bytes:
    """The profile as JSON, in the language of now. year: in which to see what the area lies in."""
    context = {"parents": parents_of([profile.area], year, known={one.code: one for one in profile.above})}
    area = AreaSerializer(profile.area, context=context).data
    return JsonRenderer().render(_shape()(arranged(profile, known)) | {"area": area})


@cache
def _shape() -> Shape:
    """How profiles are shown; the area itself is put in later, for it needs the year."""
    return shape_of(AreaProfileSerializer(context={"parents": {}}))


def _shown_values(one: IndicatorProfile) -> Iterator[Value]:
    """Every figure of the profile once: its series, and what the newest is set beside."""
    for series in one.series:
        yield from series.values
    yield from (beside.value for beside in one.benchmarks if beside.kind != "own-earlier")


def _profile_picture(profile: AreaProfile, title: str) -> str:
    names, language = names_of(profile), get_language() or "nl"
    rows = []
    for one in profile.profiles:
        facts = profile.indicators[one.code]
        nearest = one.benchmarks[0] if one.benchmarks else None
        other = charts.number(nearest.value.value or 0.0, facts.decimals, language) if nearest else "–"
        rows.append(charts.Bar(label(facts), with_unit(one.latest, facts.decimals, language),
                               f"{other} {names[nearest.area_code]}" if nearest else other,
                               str(WORDS[nearest.verdict.word]) if nearest else "–"))  # fmt: skip
    sources = sorted({source_name(profile, one.latest.source_code) for one in profile.profiles})
    heads = (_("Indicator"), _("Nieuwste"), _("Ernaast"), _("Oordeel"))
    source = _("Bron: %(names)s") % {"names": ", ".join(sources)}
    return charts.profile_chart(title=title, source=source, heads=heads, rows=rows)


def with_unit(value: Value, decimals: int, language: str) -> str:
    if value.value is None:
        return "–"
    sign = "%" if value.unit == "percent" else ""
    return f"{charts.number(value.value, decimals, language)}{sign} ({value.period.iso[:10]})"


def arranged(profile: AreaProfile, known: Science) -> dict[str, Any]:
    """The profile as its serializer wants it. An indicator of two domains stands under both."""
    by_domain: dict[str, list[dict[str, Any]]] = defaultdict(list)
    other, names, said = [], names_of(profile), language()
    places = {domain.code for pillar in known.pillars for domain in pillar.domains}
    for one in profile.profiles:
        shown = entry(profile, one, known, names, said)
        domains = [link.target_code for link in profile.links.get(one.code, ()) if link.target_kind == "domain"]
        fitting = [code for code in domains if code in places or known.absent]
        for code in fitting:
            by_domain[code].append(shown)
        if not fitting:
            other.append(shown)
    pillars = list(_pillars(known, by_domain))
    return {
        "area": profile.area, "above": [area.code for area in profile.above], "pillars": pillars, "other": other,
        "ranking": known.ranking, "whyEmpty": _why_empty(profile), "absent": known.absent,
    }  # fmt: skip


def _pillars(known: Science, by_domain: dict[str, list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """Every pillar and domain, also an empty one; without the register one nameless pillar with the domains in use."""
    if known.absent:
        domains = [{"code": code, "name": code, "indicators": by_domain[code]} for code in sorted(by_domain)]
        yield {"code": None, "name": None, "domains": domains}
    for pillar in known.pillars:
        domains = [{"code": domain.code, "name": domain.name, "indicators": by_domain[domain.code]}
                   for domain in pillar.domains]  # fmt: skip
        yield {"code": pillar.code, "name": pillar.name, "domains": domains}


def entry(profile: AreaProfile, one: IndicatorProfile, known: Science, names: Mapping[str, str], said: str
          ) -> dict[str, Any]:  # fmt: skip
    """One indicator. names: of all that figures are set beside. said: the language."""
    links = [link for link in profile.links.get(one.code, ()) if link.target_kind == "factor"]
    current = {definition.version for definition in profile.definitions.get(one.code, ())[-1:]}
    return {
        "indicator": profile.indicators[one.code], "name": label(profile.indicators[one.code], said=said),
        "latest": one.latest, "trend": one.trend, "comparison": one.comparison,
        "series": [{"series": series, "current": series.definition_version in current} for series in one.series],
        "source_name": source_name(profile, one.latest.source_code, said),
        "benchmarks": list(benchmarks(profile, one, names)),
        "factors": [{"link": link, "name": known.names.get(link.target_code),
                     "rank": known.ranks.get(link.target_code)} for link in links],
    }  # fmt: skip


def benchmarks(profile: AreaProfile, one: IndicatorProfile, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """What its latest figure is set beside. names: as `names_of` gives them."""
    basis = profile.indicators[one.code].relevant_difference_basis
    for beside in one.benchmarks:
        code = None if beside.kind == "similar" else beside.area_code
        yield {
            "kind": beside.kind, "area_code": code, "area_name": names[beside.area_code], "level": beside.level,
            "value": beside.value, "difference": beside.difference, "ratio": beside.ratio, "verdict": beside.verdict,
            "relevant_basis": basis,
        }  # fmt: skip


def names_of(profile: AreaProfile) -> dict[str, str]:
    """Of all that figures are set beside, by code."""
    return profile.names | {"similar": _("De meest gelijkende gebieden")}


def source_name(profile: AreaProfile, code: str, said: str = "") -> str:
    return label(profile.sources[code], said=said) if code in profile.sources else code


def _why_empty(profile: AreaProfile) -> Why | None:
    return None if profile.profiles else why_empty(Asked(OFFICIAL, area_code=profile.area.code))
