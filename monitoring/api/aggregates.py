"""Aggregates over HTTP: the working view for those who receive the reports anyway, the released one for everyone."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated, PermissionDenied

from config.api.access import Public
from config.api.query import ListQuery
from config.api.resources import ListResource, Rows
from monitoring import access
from monitoring.api.beside import AREA
from monitoring.api.reports import PeriodField
from monitoring.measures import MEASURES
from monitoring.models import Aggregate, Release, ReleasedCell
from monitoring.outcome_figures import Apart, Figure, Named, figures, left_out, spread
from monitoring.periods import Period
from monitoring.services.aggregation.area_cells import linked_subjects, neighbourhood_cells


class AggregateQuery(ListQuery):
    view = serializers.ChoiceField(
        choices=["released", "working"], default="released", help_text="Vrijgegeven (openbaar) of werkcijfers."
    )
    municipalityCode = serializers.CharField(required=False, max_length=10, help_text="Alleen deze gemeente.")
    measure = serializers.ChoiceField(choices=list(MEASURES), required=False, help_text="Alleen deze maat.")
    offeringCode = serializers.CharField(
        required=False, max_length=100, help_text="Alleen dit aanbod; bestaat alleen in de werkcijfers."
    )
    interventionCode = serializers.CharField(required=False, max_length=100, help_text="Alleen deze interventie.")
    factorCode = serializers.CharField(
        required=False, max_length=100, help_text="De factor, en het aanbod en de interventies die eraan werken."
    )
    goalCode = serializers.CharField(
        required=False, max_length=100, help_text="Als factorCode, voor het domein waar het doel voor staat."
    )
    subjectKind = serializers.ChoiceField(
        choices=["offering", "intervention", "factor", "goal"], required=False, help_text="Alleen dit soort cellen."
    )
    areaCode = serializers.CharField(required=False, max_length=100, help_text="Alleen dit gebied.")
    releaseNumber = serializers.IntegerField(
        required=False, min_value=1, help_text="Een eerdere uitgave, met municipalityCode; anders de nieuwste."
    )
    period = PeriodField(required=False)
    periodKind = serializers.ChoiceField(
        choices=["month", "quarter", "year", "school-year"], required=False, help_text="Alleen deze soort periode."
    )


@dataclass(frozen=True)
class ShownCell:
    """One cell of either view, ready to be shown. suppressed: names of the numbers that are withheld.

    left_out: figures that cannot be told, since their part and whole come from different reports.
    """

    view: str
    municipality_code: str
    subject_kind: str
    subject_code: str
    measure: str
    area_code: str
    period: Period
    counts: dict[str, int | None]
    figures: tuple[Figure, ...]
    left_out: tuple[str, ...]
    lowest: int | None
    highest: int | None
    deliverers: int
    expected: int | None
    suppressed: tuple[str, ...] = ()
    release_number: int | None = None

    @property
    def offering_code(self) -> str | None:
        return self.subject_code if self.subject_kind == "offering" else None

    @property
    def intervention_code(self) -> str | None:
        return self.subject_code if self.subject_kind == "intervention" else None

    @property
    def factor_code(self) -> str | None:
        return self.subject_code if self.subject_kind == "factor" else None

    @property
    def goal_code(self) -> str | None:
        return self.subject_code if self.subject_kind == "goal" else None

    @property
    def status(self) -> str:
        return "suppressed" if self.suppressed else "complete"

    @property
    def reason(self) -> str | None:
        """One code for all that is withheld: which numbers are small themselves is not to be told."""
        return "disclosure-control" if self.suppressed else None

    @property
    def note(self) -> str:
        text = _("Deelnames, geen personen: wie aan twee activiteiten meedoet, telt twee keer.")
        if self.subject_kind in {"factor", "goal"}:
            once = _(
                "Een deelname staat bij elke factor en elk doel waaraan gewerkt wordt: tel die niet bij elkaar op."
            )
            return f"{text} {once}"
        withheld = _("Aantallen over te weinig mensen zijn weggelaten, en andere waaruit ze te berekenen zijn.")
        return f"{text} {withheld}" if self.suppressed else text


class MeanOfAreasSerializer(serializers.Serializer):
    """Het gewone gemiddelde over wijken, elke wijk even zwaar, met de laagste en hoogste wijk."""

    value = serializers.FloatField(source="mean")
    lowest = serializers.FloatField()
    highest = serializers.FloatField()
    areas = serializers.IntegerField(help_text="Over hoeveel wijken.")
    ofAreas = serializers.IntegerField(source="of_areas", help_text="Van hoeveel wijken in dit gebied.")


class OutcomeFigureSerializer(serializers.Serializer):
    """Een aandeel (0–1) of cijfer, met het aantal waar het op rust; `value` deelt opgetelde aantallen op elkaar."""

    code = serializers.CharField()
    value = serializers.FloatField()
    method = serializers.CharField(
        read_only=True, default="pooled-ratio", help_text="Hoe value tot stand komt: som van tellers / som van noemers."
    )
    basis = serializers.IntegerField()
    ownCutOff = serializers.BooleanField(source="ours", help_text="Waar: de grens is onze keuze, niet die van de bron.")
    meanOfAreas = MeanOfAreasSerializer(
        source="spread", allow_null=True, help_text="Van gebieden boven de wijk; null waar geen wijk een cijfer heeft."
    )


class FigureLeftOutSerializer(serializers.Serializer):
    """Een cijfer dat uit deze aantallen niet te maken is, en waarom."""

    code = serializers.CharField(source="*")
    reason = serializers.CharField(read_only=True, default="parts-from-different-reports")
    detail = serializers.SerializerMethodField()

    def get_detail(self, _code: str) -> str:
        return _("Deel en geheel komen uit verschillende rapportages; op elkaar gedeeld geven zij geen aandeel.")


class OutcomeAggregateSerializer(serializers.Serializer):
    """Opgetelde uitkomsten van een aanbod of interventie in een gebied over een periode."""

    view = serializers.CharField()
    municipalityCode = serializers.CharField(source="municipality_code")
    subjectKind = serializers.CharField(source="subject_kind")
    subjectCode = serializers.CharField(source="subject_code")
    offeringCode = serializers.CharField(source="offering_code", allow_null=True)
    interventionCode = serializers.CharField(source="intervention_code", allow_null=True)
    factorCode = serializers.CharField(source="factor_code", allow_null=True)
    goalCode = serializers.CharField(
        source="goal_code", allow_null=True, help_text="Het domein waar het doel voor staat."
    )
    measure = serializers.CharField()
    areaCode = serializers.CharField(source="area_code")
    period = serializers.CharField(source="period.iso")
    periodKind = serializers.CharField(source="period.kind")
    counts = serializers.DictField(
        child=serializers.IntegerField(allow_null=True), help_text="Per onderdeel; null is niet geleverd of weggelaten."
    )
    figures = OutcomeFigureSerializer(
        many=True,
        help_text="Een verhouding rust alleen op wat met deel en geheel is geleverd; haar basis kan dus kleiner zijn "
        "dan het getoonde aantal.",
    )
    figuresLeftOut = FigureLeftOutSerializer(
        source="left_out",
        many=True,
        help_text="Cijfers waarvan deel en geheel niet uit dezelfde rapportages komen: in de werkcijfers nergens, in "
        "de vrijgegeven cijfers niet overal.",
    )
    lowest = serializers.IntegerField(allow_null=True, help_text="Laagste cijfer; alleen in de werkcijfers.")
    highest = serializers.IntegerField(allow_null=True, help_text="Hoogste cijfer; alleen in de werkcijfers.")
    status = serializers.CharField(help_text="complete, of suppressed als er aantallen zijn weggelaten.")
    suppressed = serializers.ListField(child=serializers.CharField(), help_text="De weggelaten onderdelen.")
    suppressionReason = serializers.CharField(
        source="reason", allow_null=True, help_text="Waarom onderdelen zijn weggelaten; dezelfde code voor alle."
    )
    deliverers = serializers.IntegerField(help_text="Aantal keer aanbod dat leverde.")
    expected = serializers.IntegerField(
        allow_null=True, help_text="Aantal keer aanbod waarvan levering te verwachten is."
    )
    releaseNumber = serializers.IntegerField(source="release_number", allow_null=True)
    note = serializers.CharField()


class OutcomeAggregatesView(ListResource):
    """Opgetelde uitkomsten: vrijgegeven cijfers voor iedereen, werkcijfers voor wie de rapportages kent."""

    access = {"GET": Public("released.read")}
    query = AggregateQuery
    item = OutcomeAggregateSerializer
    expansions = {"area": AREA}

    def rows(self) -> Rows:
        asked = self.params
        rows = self._working() if asked["view"] == "working" else self._released()
        columns = {"measure": "measure", "areaCode": "area_code", "periodKind": "period_kind"}
        rows = rows.filter(**{columns[k]: v for k, v in asked.items() if k in columns})
        if period := asked.get("period"):
            rows = rows.filter(period_kind=period.kind, period_start=period.start)
        return rows

    def _working(self) -> QuerySet[Any]:
        user, asked = self.principal, self.params
        if not user.may("working.read"):
            raise PermissionDenied() if user.is_authenticated else NotAuthenticated()
        rows = Aggregate.objects.filter(access.reports(user))
        if wanted := asked.get("subjectKind"):
            rows = rows.filter(subject_kind=wanted)
        for kind in ("factor", "goal"):
            if code := asked.get(f"{kind}Code"):
                linked = linked_subjects(kind, code)
                wanted_cells = Q(subject_kind=kind, subject_code=code)
                for subject_kind, codes in linked.items():
                    wanted_cells |= Q(subject_kind=subject_kind, subject_code__in=codes)
                rows = rows.filter(wanted_cells)
        if city := asked.get("municipalityCode"):
            rows = rows.filter(municipality_code=city)
        for kind in ("offering", "intervention"):
            if code := asked.get(f"{kind}Code"):
                rows = rows.filter(subject_kind=kind, subject_code=code)
        return rows.order_by(
            "-period_start", "period_kind", "measure", "subject_kind", "subject_code", "area_code", "municipality_code"
        )

    def _released(self) -> QuerySet[Any]:
        asked = self.params
        rows = ReleasedCell.objects.select_related("release")
        if number := asked.get("releaseNumber"):
            rows = rows.filter(release__number=number)
        else:
            same = Release.objects.filter(municipality_code=OuterRef("release__municipality_code"))
            rows = rows.filter(release_id=Subquery(same.order_by("-number").values("id")[:1]))
        if city := asked.get("municipalityCode"):
            rows = rows.filter(release__municipality_code=city)
        if code := asked.get("interventionCode"):
            rows = rows.filter(intervention_code=code)
        for kind in ("factor", "goal"):
            if code := asked.get(f"{kind}Code"):
                rows = rows.filter(intervention_code__in=linked_subjects(kind, code)["intervention"])
        if asked.get("offeringCode") or asked.get("subjectKind", "intervention") != "intervention":
            rows = rows.none()  # a release knows interventions only
        return rows.order_by("-period_start", "period_kind", "measure", "intervention_code", "area_code", "id")

    def shape(self, thing: Any, *, many: bool = False) -> Any:
        cells = [shown(row) for row in thing]
        return super().shape(with_spread(cells, thing), many=many)


def with_spread(cells: Sequence[ShownCell], rows: Sequence[Any]) -> list[ShownCell]:
    """The cells with, per figure, its mean over the neighbourhoods below, from what is shown of these."""
    below = neighbourhood_cells(rows)
    found = []
    for cell, row in zip(cells, rows, strict=True):
        inside, of_areas = below.get(row.pk, ((), 0))
        by_code: dict[str, list[float]] = defaultdict(list)
        for one in inside:
            for figure in shown(one).figures:
                by_code[figure.code].append(figure.value)
        wider = tuple(replace(f, spread=spread(by_code[f.code], of_areas)) for f in cell.figures)
        found.append(replace(cell, figures=wider))
    return found


def shown(row: Aggregate | ReleasedCell) -> ShownCell:
    """A stored row as a cell to show; figures come from the shown counts and their pairs only.

    A release tells no sums besides its counts: a ratio that these do not give is left out.
    """
    period = Period(row.period_kind, row.period_start, row.period_end)  # type: ignore[arg-type]
    measure = MEASURES[row.measure]
    if isinstance(row, Aggregate):
        counts = measure.named(row.counts)
        return ShownCell(
            "working", row.municipality_code, row.subject_kind, row.subject_code, row.measure, row.area_code, period,
            counts, *_figures(row.measure, counts, measure.apart(row.paired)), row.lowest, row.highest,
            row.deliverer_count, row.expected_count,
        )  # fmt: skip
    names = [name for name, _parts in measure.shown]
    counts = dict(zip(names, row.counts, strict=True))
    hidden = tuple(name for name, gone in zip(names, row.withheld, strict=True) if gone)
    return ShownCell(
        "released", row.release.municipality_code, "intervention", row.intervention_code, row.measure, row.area_code,
        period, counts, *_figures(row.measure, counts, dict.fromkeys(row.unpaired)), None, None, row.deliverer_count,
        row.expected_count, hidden, row.release.number,
    )  # fmt: skip


def _figures(measure: str, counts: Named, apart: Apart) -> tuple[tuple[Figure, ...], tuple[str, ...]]:
    return figures(measure, counts, apart), left_out(measure, counts, apart)
