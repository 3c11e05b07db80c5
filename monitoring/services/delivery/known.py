"""What checking a delivery needs: who sends, what the store knows of what it names, and what a right report is."""

# ruff: noqa: S608 - only names of our own columns are put into statements; values are parameters
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

import orjson
from django.db.models import Q

from config.stores import ask
from monitoring.measures import Counts, Measure, fits
from monitoring.models import Area, OfferingFact
from monitoring.models.area import AreaLevel
from monitoring.nearest import nearest
from monitoring.periods import Period, overlap
from monitoring.received import Filled
from monitoring.services.delivery import overlaps
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


class Fact(NamedTuple):
    """What is known of an offering (OfferingFact); a model would cost more than looking it up."""

    offering_code: str
    municipality_code: str
    organisation_code: str
    service_type: str
    starts_on: date
    ends_on: date | None = None
    demo: bool = False


class Plan(NamedTuple):
    """What a plan asks of an offering (MeasurementPlan)."""

    offering_code: str
    measure: str
    period_kind: str
    valid_from: date
    valid_until: date | None = None

    def overlaps(self, start: date, end: date) -> bool:
        return overlap(self.valid_from, self.valid_until, start, end)


@dataclass(frozen=True, eq=False)
class Series:
    """What reports of a delivery may have in common. Of equal ones a delivery knows one, so they are alike by being
    the same object."""

    fact: Fact
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

    facts: Mapping[str, Fact]
    plans: Mapping[str, Sequence[Plan]]
    areas: Mapping[str, str]  # area code → municipality code
    sender: Sender
    day: date
    counted: overlaps.Counted = field(default_factory=dict)  # over periods of other kinds than those delivered
    suggested: dict[tuple[str, bool], list[str]] = field(default_factory=dict)
    series: dict[tuple[Any, ...], Series] = field(default_factory=dict)

    def one_series(self, fact: Fact, measure: Measure, period: Period) -> Series:
        made = Series(fact, measure, period)
        return self.series.setdefault(made.key, made)

    def beside(self, fact: Fact, measure: Measure, period: Period) -> list[tuple[Period, frozenset[str]]]:
        """What counts already over days of this period, in another kind of it: the periods with their areas."""
        counted = self.counted.get((fact.offering_code, measure.code), {})
        return [(one, areas) for one, areas in counted.items() if one in overlaps.others(period)]

    def unplanned(self, measures: Sequence[str]) -> bool:
        """Is one of these measures asked of an offering by no plan? Then any kind of period may come."""
        return any(
            {fit.measure for fit in fits().get(fact.service_type, ())}.intersection(measures)
            - {plan.measure for plan in self.plans.get(code, ())}
            for code, fact in self.facts.items()
        )

    @cached_property
    def own_codes(self) -> list[str]:
        """Codes of the sender's offerings, to choose from where one is unknown. One query, only then."""
        own = Q(pk__in=())
        for municipality, organisation in self.sender.speaks_for:
            own |= Q(municipality_code=municipality, organisation_code=organisation)
        codes = OfferingFact.objects.filter(own, current=True).order_by("offering_code")
        return list(codes.values_list("offering_code", flat=True))

    @cached_property
    def home_areas(self) -> dict[str, str]:
        """Codes and names of the areas where participants may live. One query, only where one is unknown."""
        cities = {municipality for municipality, _organisation in self.sender.speaks_for}
        inside = Q(municipality_code__in=cities) | Q(code__in=cities)
        areas = Area.objects.filter(inside, level__in=LIVED_IN).order_by("valid_from", "code")
        return dict(areas.values_list("code", "name_nl"))

    @cached_property
    def areas_by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code, name in self.home_areas.items():
            found.setdefault(_plain(name), []).append(code)
        return found

    def areas_called(self, name: str) -> list[str]:
        """The areas with exactly this name: a district and a neighbourhood may share one."""
        return sorted(self.areas_by_name.get(_plain(name), ()))

    def near(self, value: str, codes: Collection[str]) -> list[str]:
        """The codes most like a wrong one, best first; after many different wrong ones simply the first.

        codes: with their names, if people may write those instead.
        """
        names = codes if isinstance(codes, Mapping) else {}
        asked = value, bool(names)
        if asked not in self.suggested and len(self.suggested) < SUGGESTED_AT_MOST:
            self.suggested[asked] = nearest(value, codes, NAMED_AT_MOST, names)
        return self.suggested.get(asked, sorted(codes)[:NAMED_AT_MOST])


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _named(name: str) -> str:
    """The texts under a name of what is asked, as an array."""
    return f"ARRAY(SELECT json_array_elements_text(%(asked)s::json -> '{name}'))"


COUNTED_BESIDE = overlaps.ASKED.format(
    offerings=_named("offerings"), measures=_named("measures"), others="%(asked)s::json -> 'others'"
)
KNOWN = f"""
    SELECT (SELECT json_agg(json_build_array({", ".join(Fact._fields)}))::text FROM monitoring_offeringfact
            WHERE current AND offering_code = ANY({_named("offerings")})),
           (SELECT json_agg(json_build_array({", ".join(Plan._fields)}) ORDER BY valid_from, id)::text
            FROM monitoring_measurementplan
            WHERE offering_code = ANY({_named("offerings")}) AND measure = ANY({_named("measures")})),
           (SELECT json_object_agg(code, coalesce(nullif(municipality_code, ''), code))::text FROM monitoring_area
            WHERE code = ANY({_named("areas")}) AND level IN {tuple(map(str, LIVED_IN))}),
           ({COUNTED_BESIDE}),
           {HOLDING.format("%(asked)s::json -> 'locks'")}
"""
"""What is asked and what is told travels as JSON, which both sides read and write fastest."""


def known_for(raws: Sequence[Any], sender: Sender, day: date) -> Known:
    """One query, whatever the number of reports. Only offerings of the sender's own organisations.

    From here on the transaction holds these organisations: their other deliveries, and changes of their plans, wait
    until it ends. Where no plan says which kind of period may come it is asked once more: while this waited for
    another delivery, that one may have brought another kind.
    """
    measures = _texts(raws, "measure")
    asked = {"offerings": _texts(raws, "offeringCode"), "measures": measures,
             "areas": _texts(raws, "areaCode"), "others": overlaps.others_of(_texts(raws, "period"), day),
             "locks": in_order("delivery", (organisation for _city, organisation in sender.speaks_for))}  # fmt: skip
    known = _known(asked, sender, day)
    return _known(asked, sender, day) if known.unplanned(measures) else known


def _known(asked: Mapping[str, Any], sender: Sender, day: date) -> Known:
    [(facts, plans, areas, counted, _held)] = ask(STORE, KNOWN, {"asked": orjson.dumps(asked).decode()})
    own: dict[str, Fact] = {}
    for code, city, organisation, service, first, until, demo in orjson.loads(facts or "[]"):
        if (city, organisation) in sender.speaks_for:
            own[code] = Fact(code, city, organisation, service, date.fromisoformat(first), _day(until), demo)
    found: dict[str, list[Plan]] = {}
    for code, measure, kind, first, until in orjson.loads(plans or "[]"):
        found.setdefault(code, []).append(Plan(code, measure, kind, date.fromisoformat(first), _day(until)))
    told = overlaps.counted_of(orjson.loads(counted or "[]"))
    return Known(own, found, orjson.loads(areas or "{}"), sender, day, told)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _texts(raws: Sequence[Any], name: str) -> list[str]:
    try:
        values = set(raws.values(name) if isinstance(raws, Filled) else map(itemgetter(name), raws))
    except (KeyError, TypeError):  # not all of the shape that reports have
        values = {value for raw in raws if isinstance(raw, dict) and isinstance(value := raw.get(name), str)}
    return [value for value in values if isinstance(value, str) and is_code(value)]


def is_code(value: str) -> bool:
    return 0 < len(value) <= CODE_LENGTH and value.isprintable()
