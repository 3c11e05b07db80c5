"""A combination asked for: which areas, which period, and reading their figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from config.errors import Conflict, Fault, NotFound, Refusal
from monitoring.models import Area, AreaMembership, Indicator, Observation
from monitoring.models.area import AreaLevel
from monitoring.periods import MONTHS, Kind, Period
from monitoring.roll_up import RollUp, Rules, roll_ups
from monitoring.series import Value
from monitoring.services.figures.values import FIELDS
from monitoring.services.geography.vintages import area_in

MOST_AREAS = 20_000


class OverlappingAreas(Conflict):
    """Some areas lie in others of the set: their people would count twice."""

    code = "overlapping-areas"


@dataclass(frozen=True)
class Wanted:
    """What to combine: areas by name, or all of a level within one area or group. of: periods to combine.

    year: in which the areas lie in each other; without it the last year of the period. visible: rows one may see.
    """

    indicator: Indicator
    period: Period
    visible: Q
    area_codes: Sequence[str] = ()
    within: str | None = None
    level: str | None = None
    of: Kind | None = None
    year: int | None = None

    @property
    def in_year(self) -> int:
        return self.year or self.period.last.year


def combined_figures(wanted: Wanted) -> tuple[tuple[str, ...], tuple[RollUp, ...]]:
    """The areas, and one roll-up per definition, statistic, population and source. At most six queries.

    Raises Refusal for unknown areas or a period that has no such parts, NotCombinable, OverlappingAreas.
    """
    _check_parts(wanted)
    areas = _areas(wanted)
    _check_overlap(areas, wanted.in_year)
    rows = Observation.objects.filter(wanted.visible, indicator_code=wanted.indicator.code, area_code__in=areas)
    rows = rows.measured_within(wanted.period, wanted.period).filter(period_kind=wanted.of or wanted.period.kind)
    values = [Value(indicator, area, year, Period(kind, start, end), *rest)
              for indicator, area, year, kind, start, end, *rest in rows.values_list(*FIELDS)]  # fmt: skip
    rules = Rules(wanted.indicator.combine_areas, wanted.indicator.combine_periods)  # type: ignore[arg-type]
    return areas, roll_ups(values, areas=areas, period=wanted.period, of=wanted.of, rules=rules)


def _check_parts(wanted: Wanted) -> None:
    of, whole = wanted.of, wanted.period.kind
    if of is None:
        return
    smaller = whole in MONTHS and of in MONTHS and MONTHS[of] < MONTHS[whole]
    if not smaller or (whole == "school-year" and of != "month"):
        text = _("De gevraagde periode bestaat niet uit zulke perioden.")
        raise Refusal(text, [Fault("partKind", "no-such-parts", text, "query", value=of)])


def _areas(wanted: Wanted) -> tuple[str, ...]:
    if wanted.within is None:
        return _named(wanted)
    area_in(wanted.within, None)
    codes = AreaMembership.objects.below(wanted.within, wanted.in_year)
    found = Area.objects.in_year(wanted.in_year).filter(code__in=codes)
    if wanted.level:
        found = found.filter(level=wanted.level)
    else:
        direct = AreaMembership.objects.in_year(wanted.in_year).filter(parent_code=wanted.within)
        found = found.filter(code__in=direct.values("child_code"))
    areas = tuple(sorted(set(found.values_list("code", flat=True))))
    if not areas:
        text = _("In dit gebied liggen in %(year)d geen gebieden van dit niveau.") % {"year": wanted.in_year}
        raise Refusal(text, [Fault("level", "no-areas", text, "query", expected=list(AreaLevel.values))])
    return areas


def _named(wanted: Wanted) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(wanted.area_codes))
    faults = []
    known = set(Area.objects.in_year(wanted.in_year).filter(code__in=codes).values_list("code", flat=True))
    for code in codes:
        if code not in known:
            try:
                area_in(code, wanted.in_year)
            except NotFound as problem:
                faults.append(Fault("areaCode", problem.code, problem.detail, "query", value=code[:40]))
    if faults:
        raise Refusal(_("Niet alle gebieden zijn bekend."), faults)
    return codes


def _check_overlap(areas: Sequence[str], year: int) -> None:
    """Raises OverlappingAreas naming up to ten of those that lie in another."""
    if len(areas) < 2:
        return
    inside = AreaMembership.objects.within_each_other(areas, year)
    if inside:
        text = _("Deze gebieden liggen in andere van de verzameling en zouden dubbel tellen: %(codes)s.")
        raise OverlappingAreas(text % {"codes": ", ".join(inside[:10])})
