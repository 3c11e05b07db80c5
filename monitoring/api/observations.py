"""Observations: one value per indicator, area and period, or why there is none."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from config.api.access import Access, Public
from config.api.query import ListQuery
from config.api.resources import ListResource
from monitoring import access
from monitoring.api.beside import AREA, INDICATOR
from monitoring.api.exports import FormatQuery, InAnyFormat, labels_of, series_picture
from monitoring.api.fields import AskedPeriod, PeriodKind, PeriodText, Text
from monitoring.api.why_empty import WhyEmptySerializer
from monitoring.models import Observation, ObservationHistory
from monitoring.periods import KINDS
from monitoring.querysets.observations import IN_ORDER
from monitoring.services.figures.values import FIELDS
from monitoring.services.figures.why_empty import Asked, Why, in_words, why_empty

READ: dict[str, Access] = {"GET": Public("indicators.read")}
MOST_POINTS = 2000
STATUSES = ("final", "provisional", "estimated", "missing", "not-applicable", "suppressed")
EQUAL = {
    "indicatorCode": "indicator_code", "areaCode": "area_code", "definitionVersion": "definition_version",
    "population": "population", "statistic": "statistic", "status": "status", "sourceCode": "source_code",
}  # fmt: skip


class ObservationsQuery(ListQuery, FormatQuery):
    indicatorCode = serializers.CharField(required=False, help_text="Alleen deze indicator.")
    areaCode = serializers.CharField(required=False, help_text="Alleen dit gebied.")
    periodFrom = AskedPeriod(required=False, help_text="Vanaf deze periode (ISO 8601, kwartaal of CBS-code).")
    periodUntil = AskedPeriod(required=False, help_text="Tot en met deze periode.")
    definitionVersion = serializers.CharField(
        required=False, allow_blank=True, help_text="Alleen deze definitieversie; leeg: zonder versie."
    )
    population = serializers.CharField(
        required=False, allow_blank=True, help_text="Alleen over deze bevolking; leeg: waar de bron er geen noemt."
    )
    statistic = serializers.CharField(required=False, help_text="Alleen deze maat, bijvoorbeeld share.")
    status = serializers.ChoiceField(STATUSES, required=False, help_text="Alleen deze status.")
    sourceCode = serializers.CharField(required=False, help_text="Alleen van deze bron.")
    asOf = serializers.DateTimeField(required=False, help_text="Wat op dit moment bekend was; tijdstip met tijdzone.")

    updatedAfter = serializers.DateTimeField(
        required=False, help_text="Wat na dit moment is bijgekomen of veranderd; tijdstip met tijdzone."
    )

    def validate_updatedAfter(self, moment: Any) -> Any:
        return self._with_offset("updatedAfter", moment)

    def validate_asOf(self, moment: Any) -> Any:
        return self._with_offset("asOf", moment)

    def _with_offset(self, name: str, moment: Any) -> Any:
        """DRF takes a moment without an offset for UTC; we want it said."""
        clock = str(self.initial_data.get(name, ""))[10:]
        if not clock.endswith(("Z", "z")) and "+" not in clock and "-" not in clock:
            raise serializers.ValidationError(_("Noem de tijdzone, bijvoorbeeld 2026-01-31T12:00:00Z."), "no-offset")
        return moment


class BasisSerializer(serializers.Serializer):
    """Waarop het cijfer rust."""

    text = Text(source="basis")
    areasUsed = serializers.IntegerField(source="areas_used", allow_null=True)
    areasTotal = serializers.IntegerField(source="areas_total", allow_null=True)


class PointSerializer(serializers.Serializer):
    """Eén waarde in de tijd."""

    areaYear = serializers.IntegerField(source="area_year", help_text="Het jaar waarbij de gebiedscode hoort.")
    period = PeriodText(help_text="ISO 8601.")
    periodKind = PeriodKind(help_text=", ".join(KINDS))
    value = serializers.FloatField(allow_null=True)
    unit = Text()
    qualifier = serializers.CharField(help_text="exact, about, almost, less-than, more-than of estimate.")
    status = serializers.CharField(help_text=", ".join(STATUSES))
    basis = BasisSerializer(source="*")
    numerator = serializers.FloatField(allow_null=True)
    denominator = serializers.FloatField(allow_null=True, help_text="Bij een gemiddelde: waarover het gaat.")
    conflict = Text(help_text="Waarom de waarde niet zonder meer te nemen is.")
    note = Text()
    citation = Text(help_text="Vindplaats.")
    origin = serializers.CharField(help_text="published of computed.")
    demo = serializers.BooleanField()


class ObservationSerializer(PointSerializer):
    """Eén waarneming."""

    indicatorCode = serializers.CharField(source="indicator_code")
    areaCode = serializers.CharField(source="area_code")
    definitionVersion = Text(source="definition_version", help_text="Leeg als de bron geen versie noemt.")
    population = Text()
    statistic = serializers.CharField()
    sourceCode = serializers.CharField(source="source_code")
    intervalLow = serializers.FloatField(source="interval_low", allow_null=True)
    intervalHigh = serializers.FloatField(source="interval_high", allow_null=True)
    recordedAt = serializers.DateTimeField(source="recorded_at", help_text="Sinds wanneer dit hier bekend is.")


class ObservationsView(InAnyFormat, ListResource):
    """Waarnemingen van officiële en berekende cijfers.

    Ook als CSV, XLSX, JSON-stat 2.0 (`format=json-stat2`), GeoJSON en, voor één indicator in één gebied, als grafiek
    (SVG): dan alles in één antwoord, zonder bladzijden. Met `definitionVersion`, `population`, `statistic` en
    `sourceCode` blijft één reeks over: één lijn.
    """

    access = READ
    query = ObservationsQuery
    item = ObservationSerializer
    besides: ClassVar[dict[str, Any]] = {"whyEmpty": WhyEmptySerializer(allow_null=True)}
    cache = "no-cache"
    expansions = {"indicator": INDICATOR, "area": AREA}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs) if self.asked_form == "json" else self._file()

    def beside(self, shown: list[Any]) -> dict[str, Any]:
        """Why nothing on this page carries a value; null when something does."""
        why = None if any(row["value"] is not None for row in shown) else self._why({row["status"] for row in shown})
        return {"whyEmpty": WhyEmptySerializer(why).data if why else None}

    def _why(self, statuses: set[str]) -> Why:
        asked = self.params
        question = Asked(access.figures(self.principal), asked.get("indicatorCode"), asked.get("areaCode"),
                         asked.get("periodFrom"), asked.get("periodUntil"))  # fmt: skip
        return why_empty(question, statuses=frozenset(statuses))

    def _file(self) -> HttpResponseBase:
        rows, title = self.rows(), _("Waarnemingen")
        self.open_data = not access.has_figures_of_its_own(self.principal)
        if self.asked_form == "svg":
            found = list(rows[:MOST_POINTS])
            absent = all(row["value"] is None for row in found)
            note = in_words(self._why({row["status"] for row in found})) if absent else ""
            labels = labels_of(self._chosen(Observation.objects.all()), title=title)
            return self.picture(series_picture(found, labels, note=note))
        labels = labels_of(self._chosen(Observation.objects.all()), title=title, geometry=self.asked_form == "geojson")
        return self.exported(rows.iterator(chunk_size=2000), labels)

    def rows(self) -> QuerySet[Any]:
        moment = self.params.get("asOf")
        now = self._chosen(Observation.objects.all())
        if moment is None:
            return now.order_by(*IN_ORDER)
        then = self._chosen(ObservationHistory.objects.replaced_after(moment))
        return now.filter(recorded_at__lte=moment).union(then, all=True).order_by(*IN_ORDER)

    def _chosen(self, rows: Any) -> Any:
        asked = self.params
        wanted = {field: asked.get(key) for key, field in EQUAL.items()}
        rows = (
            rows.filter(access.figures(self.principal))
            .matching(**wanted)
            .measured_within(asked.get("periodFrom"), asked.get("periodUntil"))
        )
        if "updatedAfter" in asked:
            rows = rows.filter(recorded_at__gt=asked["updatedAfter"])
        return rows.values(*FIELDS, "interval_low", "interval_high", "recorded_at")
