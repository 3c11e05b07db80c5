"""Why a question about figures has no answer, and where the nearest figure is."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.days import today
from config.languages import label
from monitoring.models import Area, AreaMembership, Indicator, Observation
from monitoring.periods import BadPeriod, Period, parse
from monitoring.services.geography.successions import successors
from monitoring.why_empty import Cause, Known, cause_of

TEXTS: dict[Cause, Any] = {
    "unknown-indicator": gettext_lazy("Deze indicator is hier niet bekend."),
    "unknown-area": gettext_lazy("Dit gebied is hier niet bekend."),
    "area-not-in-year": gettext_lazy("Dit gebied bestond in die periode niet."),
    "suppressed": gettext_lazy("Het cijfer is er wel, maar wordt niet getoond: het gaat om te weinig mensen."),
    "not-applicable": gettext_lazy("Dit cijfer is hier niet van toepassing."),
    "missing": gettext_lazy("Het cijfer ontbreekt: de bron geeft het niet."),
    "not-yet-due": gettext_lazy("Het cijfer over deze periode wordt nog niet verwacht."),
    "not-delivered": gettext_lazy("Hierover zijn geen cijfers geleverd."),
    "no-access": gettext_lazy("Hierover zijn alleen cijfers die u niet mag zien."),
    "other-filter": gettext_lazy("Er zijn cijfers, maar niet met deze definitie, maat, status, bron of tijd."),
    "no-earlier-figure": gettext_lazy("In deze reeks staat geen eerder cijfer."),
    "not-combinable": gettext_lazy("Deze cijfers mogen niet over gebieden worden samengevoegd."),
    "none": gettext_lazy("Er is niets dat hieraan voldoet."),
}


OFFICIAL = Q(municipality_code="")

LEAP = timedelta(days=7)  # years differ in length; of two that are as near, the later one is nearest


@dataclass(frozen=True)
class Asked:
    """A question about figures. visible: which rows the caller may see."""

    visible: Q
    indicator_code: str | None = None
    area_code: str | None = None
    first: Period | None = None
    last: Period | None = None

    @property
    def period(self) -> Period | None:
        return self.first or self.last

    def rows(self, *, where: Q | None = None, in_period: bool = True) -> Any:
        rows = Observation.objects.filter(self.visible if where is None else where)
        rows = rows.matching(indicator_code=self.indicator_code, area_code=self.area_code)
        return rows.measured_within(self.first, self.last) if in_period else rows


@dataclass(frozen=True)
class Why:
    """nearest: a row with a value, as fields; None when there is none near. next_expected: ISO, where it is known."""

    cause: Cause
    detail: str
    nearest: dict[str, Any] | None
    nearest_area: Area | None
    successors: tuple[str, ...]
    next_expected: str | None


def why_empty(asked: Asked, *, statuses: frozenset[str] = frozenset(), cause: Cause | None = None) -> Why:
    """At most nine queries. statuses: of the rows that were found without a value. cause: where it is known already."""
    indicator = _indicator(asked)
    vintages = list(Area.objects.vintages_of(asked.area_code)) if asked.area_code else []
    newest = asked.rows(in_period=False).filter(value__isnull=False).order_by("-period_end").first()
    known = Known(
        indicator=indicator is not None if asked.indicator_code else None,
        area=bool(vintages) if asked.area_code else None,
        held=_held(vintages, asked.period), statuses=statuses,
        other_filter=not statuses and asked.rows().exists(), any_here=newest is not None,
        hidden=asked.rows(where=~asked.visible).exists(), newest=_period(newest),
        next_expected=_expected(indicator),
    )  # fmt: skip
    cause = cause or cause_of(known, asked.period, today())
    nearest = _nearest(asked) if cause not in {"unknown-indicator", "unknown-area"} else None
    return Why(
        cause, str(TEXTS[cause]), nearest,
        Area.objects.vintages_of(nearest["area_code"]).first() if nearest else None,
        _successors(asked, cause), indicator.next_expected or None if indicator else None,
    )  # fmt: skip


def _indicator(asked: Asked) -> Indicator | None:
    """The indicator asked about; one that the caller may not see is as unknown."""
    return Indicator.objects.filter(asked.visible, code=asked.indicator_code).first() if asked.indicator_code else None


def _held(vintages: list[Area], period: Period | None) -> bool:
    if period is None or not vintages:
        return True
    year = period.last.year
    return any(one.valid_from <= year and (one.valid_until is None or year < one.valid_until) for one in vintages)


def _expected(indicator: Indicator | None) -> Period | None:
    try:
        return parse(indicator.next_expected) if indicator and indicator.next_expected else None
    except BadPeriod:
        return None


def _period(row: Observation | None) -> Period | None:
    return Period(row.period_kind, row.period_start, row.period_end) if row else None  # type: ignore[arg-type]


def _nearest(asked: Asked) -> dict[str, Any] | None:
    """The same area in the nearest period; else the nearest area above in that period; else there at any time."""
    if asked.indicator_code is None and asked.area_code is None:
        return None
    here = _closest(asked.rows(in_period=False), asked.period)
    if here or not asked.area_code:
        return here
    above = AreaMembership.objects.above(asked.area_code)
    for code in above:
        other = Asked(asked.visible, asked.indicator_code, code, asked.first, asked.last)
        if found := _closest(other.rows(), asked.period) or _closest(other.rows(in_period=False), asked.period):
            return found
    return None


def _closest(rows: Any, period: Period | None) -> dict[str, Any] | None:
    known = rows.filter(value__isnull=False).values(*NEAR)
    later = known.filter(period_start__gte=period.start).order_by("period_start", "id").first() if period else None
    earlier = known.filter(period_start__lt=period.start) if period else known
    before = earlier.order_by("-period_start", "-id").first()
    if later is None or before is None:
        return later or before
    gaps = (later["period_start"] - period.start, period.start - before["period_start"])  # type: ignore[union-attr]
    return later if gaps[0] <= gaps[1] + LEAP else before


NEAR = ("indicator_code", "area_code", "period_kind", "period_start", "period_end", "definition_version", "statistic",
        "source_code")  # fmt: skip


def _successors(asked: Asked, cause: Cause) -> tuple[str, ...]:
    if not asked.area_code or cause != "area-not-in-year":
        return ()
    return tuple(dict.fromkeys(one.to_code for one in successors([asked.area_code]).get(asked.area_code, ())))


def in_words(why: Why) -> str:
    """One or two sentences: the cause, and where there is a figure."""
    parts = [why.detail]
    if why.successors:
        parts.append(_("Opvolger: %(codes)s.") % {"codes": ", ".join(why.successors)})
    if why.cause == "not-yet-due" and why.next_expected:
        parts.append(_("Verwacht: %(period)s.") % {"period": why.next_expected})
    if why.nearest and why.nearest_area:
        period = Period(why.nearest["period_kind"], why.nearest["period_start"], why.nearest["period_end"])
        parts.append(_("Het dichtstbijzijnde cijfer: %(area)s, %(period)s.") % {
            "area": label(why.nearest_area), "period": period.iso})  # fmt: skip
    return " ".join(parts)
