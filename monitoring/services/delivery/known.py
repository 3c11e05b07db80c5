"""What checking a delivery needs: who sends, what the store knows of what it names, and what a right report is."""

# ruff: noqa: S608 - only names of our own columns are put into statements; values are parameters
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Q

from config.stores import ask
from monitoring.measures import Counts, Measure
from monitoring.models import Area, MeasurementPlan, OfferingFact
from monitoring.models.area import AreaLevel
from monitoring.nearest import nearest
from monitoring.periods import Period
from monitoring.services.locks import HOLDING, in_order

STORE = "monitoring"
CODE_LENGTH = 100
NAMED_AT_MOST, SUGGESTED_AT_MOST = 5, 100
LIVED_IN = (AreaLevel.MUNICIPALITY, AreaLevel.DISTRICT, AreaLevel.NEIGHBOURHOOD, AreaLevel.SUB_NEIGHBOURHOOD)


@dataclass(frozen=True)
class Sender:
    """Who delivers (an id) and for which (municipality, organisation) it speaks."""

    id: str
    speaks_for: frozenset[tuple[str, str]]


@dataclass(frozen=True, eq=False)
class Series:
    """What reports of a delivery may have in common. Of equal ones a delivery knows one, so they are alike by being
    the same object."""

    fact: OfferingFact
    measure: Measure
    period: Period

    @property
    def key(self) -> tuple[Any, ...]:
        return self.fact.offering_code, self.measure.code, self.period.start, self.period.kind


class Checked(NamedTuple):
    """A report without faults. Series and area say which report it is, as the unique constraint has it."""

    series: Series
    area_code: str
    counts: Counts
    external_id: str = ""
    explanation: str = ""


@dataclass(frozen=True)
class Known:
    """What the checks need of the store, for all reports of one delivery. day: today."""

    facts: Mapping[str, OfferingFact]
    plans: Mapping[str, Sequence[MeasurementPlan]]
    areas: Mapping[str, str]  # area code → municipality code
    sender: Sender
    day: date
    suggested: dict[str, list[str]] = field(default_factory=dict)
    series: dict[tuple[Any, ...], Series] = field(default_factory=dict)

    def one_series(self, fact: OfferingFact, measure: Measure, period: Period) -> Series:
        made = Series(fact, measure, period)
        return self.series.setdefault(made.key, made)

    @cached_property
    def own_codes(self) -> list[str]:
        """Codes of the sender's offerings, to choose from where one is unknown. One query, only then."""
        own = Q(pk__in=())
        for municipality, organisation in self.sender.speaks_for:
            own |= Q(municipality_code=municipality, organisation_code=organisation)
        codes = OfferingFact.objects.filter(own, current=True).order_by("offering_code")
        return list(codes.values_list("offering_code", flat=True))

    @cached_property
    def home_areas(self) -> list[str]:
        """Codes of the areas where participants may live. One query, only where one is unknown."""
        cities = {municipality for municipality, _organisation in self.sender.speaks_for}
        inside = Q(municipality_code__in=cities) | Q(code__in=cities)
        return list(Area.objects.filter(inside, level__in=LIVED_IN).values_list("code", flat=True).distinct())

    def near(self, value: str, codes: Sequence[str]) -> list[str]:
        """The codes most like a wrong one, best first; after many different wrong ones simply the first."""
        if value not in self.suggested and len(self.suggested) < SUGGESTED_AT_MOST:
            self.suggested[value] = nearest(value, codes, NAMED_AT_MOST)
        return self.suggested.get(value, sorted(codes)[:NAMED_AT_MOST])


FACT = ("offering_code", "municipality_code", "organisation_code", "service_type", "starts_on", "ends_on", "demo")
PLAN = ("offering_code", "measure", "period_kind", "valid_from", "valid_until")
KNOWN = f"""
    SELECT (SELECT array_agg(ROW({", ".join(FACT)})) FROM monitoring_offeringfact
            WHERE current AND offering_code = ANY(%s)),
           (SELECT array_agg(ROW({", ".join(PLAN)}) ORDER BY valid_from, id) FROM monitoring_measurementplan
            WHERE offering_code = ANY(%s) AND measure = ANY(%s)),
           (SELECT array_agg(ROW(code, municipality_code)) FROM monitoring_area
            WHERE code = ANY(%s) AND level = ANY(%s)),
           {HOLDING}
"""


def known_for(raws: Sequence[Any], sender: Sender, day: date) -> Known:
    """One query, whatever the number of reports. Only offerings of the sender's own organisations.

    From here on the transaction holds these organisations: their other deliveries wait until it ends.
    """
    offerings, measures, areas = (_texts(raws, name) for name in ("offeringCode", "measure", "areaCode"))
    held = in_order("delivery", (organisation for _city, organisation in sender.speaks_for))
    asked = [offerings, offerings, measures, areas, [str(level) for level in LIVED_IN], held]
    [(fact_rows, plan_rows, area_rows, _held)] = ask(STORE, KNOWN, asked)
    facts = (OfferingFact(**dict(zip(FACT, row, strict=True))) for row in fact_rows or ())
    own = {f.offering_code: f for f in facts if (f.municipality_code, f.organisation_code) in sender.speaks_for}
    plans: dict[str, list[MeasurementPlan]] = {}
    for row in plan_rows or ():
        plan = MeasurementPlan(**dict(zip(PLAN, row, strict=True)))
        plans.setdefault(plan.offering_code, []).append(plan)
    return Known(own, plans, {code: city or code for code, city in area_rows or ()}, sender, day)


def _texts(raws: Sequence[Any], name: str) -> list[str]:
    try:
        values = set(map(itemgetter(name), raws))
    except (KeyError, TypeError):  # not all of the shape that reports have
        values = {value for raw in raws if isinstance(raw, dict) and isinstance(value := raw.get(name), str)}
    return [value for value in values if isinstance(value, str) and is_code(value)]


def is_code(value: str) -> bool:
    return 0 < len(value) <= CODE_LENGTH and value.isprintable()
