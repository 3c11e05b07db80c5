"""Agreeing on a societal result and changing it (DOMAIN.md §5)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.errors import Fault, NotFound, Refusal
from config.ledger import records
from config.stores import StoreAway
from factors import public as factors
from interventions import public as interventions
from monitoring.models import Area, Indicator, ResultIndicator, SocietalResult
from monitoring.periods import Period
from monitoring.results import SIGNS, Rule, Target, UnfitRule, check_rule

STORE = "monitoring"
UNFIT = {
    "no-indicator": gettext_lazy("Een resultaat heeft ten minste één indicator nodig."),
    "needs-combined-indicator": gettext_lazy(
        "Deze regel vraagt precies één indicator: het aandeel voor wie alles tegelijk geldt."
    ),
    "mixed-directions": gettext_lazy("Een gemiddelde van stijgen en dalen zegt niets. Kies de regel 'each'."),
    "mixed-units": gettext_lazy("Een gemiddelde over verschillende eenheden zegt niets. Kies de regel 'each'."),
}


@dataclass(frozen=True)
class ChosenIndicator:
    """direction: higher-better or lower-better; None takes what the indicator itself says."""

    code: str
    condition: str = ""
    direction: str | None = None


@dataclass(frozen=True)
class Wish:
    """A result as its makers state it."""

    area_code: str
    ambition_code: str
    statement: str
    motivation: str
    kind: str
    rule: Rule
    target: Target
    benchmark_code: str
    indicators: tuple[ChosenIndicator, ...]
    partner_codes: tuple[str, ...]


def create_result(*, wish: Wish, municipality_code: str, actor: str, demo: bool = False) -> SocietalResult:
    """Agree on a result. Raises Refusal with every fault."""
    known = _checked(wish, municipality_code)
    with transaction.atomic(using=STORE):
        result = SocietalResult(municipality_code=municipality_code, demo=demo)
        _fill(result, wish)
        result.save(force_insert=True)
        _choose(result, wish, known)
        _audit(result, "created", actor, None)
    return result


def change_result(
    *, result_id: UUID, own: Q, seen: Callable[[SocietalResult], None], wish: Wish, actor: str
) -> SocietalResult:
    """Replace a result. own: which rows the actor may change; seen: raises if the actor saw an older state.

    Raises NotFound, and Refusal with every fault. The row is held from reading to writing: no update is lost.
    """
    with transaction.atomic(using=STORE):
        result = SocietalResult.objects.select_for_update().filter(own, id=result_id).first()
        if result is None:
            raise NotFound()
        seen(result)
        known, before = _checked(wish, result.municipality_code), _plain(result)
        _fill(result, wish)
        result.version += 1
        result.updated_at = Now()
        result.save()
        result.indicators.all().delete()
        _choose(result, wish, known)
        result.refresh_from_db()
        _audit(result, "updated", actor, before)
    return result


def _fill(result: SocietalResult, wish: Wish) -> None:
    target = wish.target
    result.area_code, result.ambition_code, result.kind = wish.area_code, wish.ambition_code, wish.kind
    result.statement_nl, result.motivation_nl = wish.statement, wish.motivation
    result.rule, result.target_kind, result.target_amount = wish.rule, target.kind, target.amount
    result.benchmark_code, result.partner_codes = wish.benchmark_code, list(wish.partner_codes)
    result.baseline_kind, result.baseline_start, result.baseline_end = _columns(target.baseline)
    result.target_period_kind, result.target_start, result.target_end = _columns(target.period)


def _columns(period: Period) -> tuple[str, Any, Any]:
    return period.kind, period.start, period.end


def _choose(result: SocietalResult, wish: Wish, known: dict[str, Indicator]) -> None:
    ResultIndicator.objects.bulk_create(
        ResultIndicator(result=result, place=place, indicator_code=one.code, condition_nl=one.condition,
                        direction=one.direction or known[one.code].direction)
        for place, one in enumerate(wish.indicators)
    )  # fmt: skip


def _plain(result: SocietalResult) -> dict[str, Any]:
    fields = [field.attname for field in result._meta.concrete_fields if not field.attname.endswith("_at")]
    row = {name: getattr(result, name) for name in fields}
    said = {name: value if isinstance(value, int | float | list | None) else str(value) for name, value in row.items()}
    chosen = result.indicators.order_by("place").values_list("indicator_code", "condition_nl", "direction")
    return said | {"indicators": [list(one) for one in chosen]}


def _audit(result: SocietalResult, action: str, actor: str, before: Any) -> None:
    records.audit(store=STORE, actor=actor, action=action, resource="societal-results", resource_code=str(result.id),
                  municipality_code=result.municipality_code, before=before, after=_plain(result))  # fmt: skip


def _checked(wish: Wish, municipality_code: str) -> dict[str, Indicator]:
    """The indicators by code. Raises Refusal with every fault."""
    ours = Indicator.objects.filter(municipality_code__in=["", municipality_code])
    known = {one.code: one for one in ours.filter(code__in=[one.code for one in wish.indicators])}
    faults = [*_faults_of_place(wish, municipality_code), *_faults_of_indicators(wish, known), *_unknown_codes(wish)]
    if faults:
        raise Refusal("", faults)
    directions = [one.direction or known[one.code].direction for one in wish.indicators]
    try:
        check_rule(rule=wish.rule, directions=directions, units=[known[one.code].unit for one in wish.indicators])
    except UnfitRule as problem:
        place = "#/indicators" if problem.code == "no-indicator" else "#/rule"
        raise Refusal("", [Fault(place, problem.code, str(UNFIT[problem.code]))]) from None
    return known


def _faults_of_place(wish: Wish, municipality_code: str) -> Iterator[Fault]:
    area = Area.objects.vintages_of(wish.area_code).first()
    if area is None or area.municipality_code != municipality_code:
        yield Fault(
            "#/areaCode", "unknown-area", _("Dit gebied kennen wij niet in deze gemeente."), value=wish.area_code
        )
    if wish.benchmark_code and not Area.objects.filter(code=wish.benchmark_code).exists():
        yield Fault("#/benchmarkAreaCode", "unknown-area", _("Dit gebied kennen wij niet."), value=wish.benchmark_code)
    if wish.target.period.start < wish.target.baseline.end:
        yield Fault("#/targetPeriod", "target-before-baseline", _("De doelperiode ligt na de beginperiode."))


def _faults_of_indicators(wish: Wish, known: dict[str, Indicator]) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, one in enumerate(wish.indicators):
        where = f"#/indicators/{place}"
        if one.code not in known:
            yield Fault(f"{where}/indicatorCode", "unknown-indicator", _("Deze indicator kennen wij niet."),
                        value=one.code)  # fmt: skip
        elif (one.direction or known[one.code].direction) not in SIGNS:
            yield Fault(f"{where}/direction", "direction-needed", _("Zeg erbij of hoger of juist lager beter is."))
        if one.code in seen:
            yield Fault(f"{where}/indicatorCode", "twice", _("Deze indicator staat er al."), value=one.code)
        seen.add(one.code)


def _unknown_codes(wish: Wish) -> Iterator[Fault]:
    """Codes of the other store; when it is away they are taken as they are."""
    try:
        if wish.ambition_code not in factors.ambition_labels(codes=[wish.ambition_code]):
            yield Fault(
                "#/ambitionCode", "unknown-ambition", _("Deze ambitie kennen wij niet."), value=wish.ambition_code
            )
        known = interventions.organisation_labels(codes=wish.partner_codes)
        for place, code in enumerate(wish.partner_codes):
            if code not in known:
                yield Fault(f"#/partnerCodes/{place}", "unknown-organisation", _("Deze organisatie kennen wij niet."),
                            value=code)  # fmt: skip
    except StoreAway:
        return
