"""Writing measurement plans: one per offering and measure at a time, changed from a date on or put right."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from config.errors import Fault, NotFound, Refusal
from config.ledger import records
from config.wake import wake_after_commit
from monitoring.completeness import CALENDAR
from monitoring.free_text import safe, text_fault
from monitoring.measures import fits
from monitoring.models import MeasurementPlan, OfferingFact
from monitoring.periods import DAY
from monitoring.services.aggregation import aggregates
from monitoring.services.locks import hold

STORE = "monitoring"
REFRESH = "monitoring.tasks.refresh_aggregates"
FIELDS = ("monitor_type", "period_kind", "among_nl", "expected_count", "valid_from", "valid_until")

Values = Mapping[str, Any]
Seen = Callable[[MeasurementPlan], None]


def make_plan(*, values: Values, municipalities: Collection[str], actor: str) -> MeasurementPlan:
    """Ask a measure of an offering from a day on; a plan for it that holds then ends that day.

    values: FIELDS, `offering_code`, `measure`. municipalities: where the actor may plan.
    Raises Refusal with every fault.
    """
    with transaction.atomic(using=STORE):
        hold("measurement-plan", [values["offering_code"]])
        fact = _own_fact(values["offering_code"], municipalities)
        hold("delivery", [fact.organisation_code])
        plan = MeasurementPlan(
            offering_code=fact.offering_code, municipality_code=fact.municipality_code,
            organisation_code=fact.organisation_code, measure=values["measure"], demo=fact.demo,
            **{name: values[name] for name in FIELDS},
        )  # fmt: skip
        before = _before(plan)
        _refuse([*_misfits(plan, fact), *_clashes(plan, fact, besides=before)])
        if before is not None:
            end_plan(before, plan.valid_from, actor)
        plan.save(force_insert=True)
        _kept(plan, fact, "created", actor, None)
    return plan


def change_plan(
    *, plan_id: int, changes: Values, municipalities: Collection[str], seen: Seen, actor: str
) -> MeasurementPlan:
    """Put a plan right. changes: some of FIELDS. seen: raises if the actor saw an older state.

    Raises NotFound, and Refusal with every fault. Equal content moves nothing.
    """
    with transaction.atomic(using=STORE):
        plan, fact = _held(plan_id, municipalities)
        seen(plan)
        before = written(plan)
        for name, value in changes.items():
            setattr(plan, name, value)
        if written(plan) == before:
            return plan
        _refuse([*_misfits(plan, fact), *_clashes(plan, fact)])
        plan.version += 1
        plan.save()
        _kept(plan, fact, "updated", actor, before)
    return plan


def remove_plan(*, plan_id: int, municipalities: Collection[str], seen: Seen, actor: str) -> None:
    """Take away a plan that should not have been; what was delivered stays and counts as unasked. Raises NotFound."""
    with transaction.atomic(using=STORE):
        plan, fact = _held(plan_id, municipalities)
        seen(plan)
        forget_plan(plan, actor)
        _expect_anew(fact)


def _own_fact(code: str, municipalities: Collection[str]) -> OfferingFact:
    fact = OfferingFact.objects.filter(current=True, offering_code=code, municipality_code__in=municipalities).first()
    if fact is None:
        detail = _("Wij kennen geen aanbod in uw gemeente met deze code.")
        raise Refusal(detail, [Fault("#/offeringCode", "unknown-offering", detail, value=safe(code))])
    return fact


def _held(plan_id: int, municipalities: Collection[str]) -> tuple[MeasurementPlan, OfferingFact]:
    """The plan and its offering; until the transaction ends nobody else writes plans of that offering, and deliveries
    of its organisation wait: they are judged by one plan or by the other."""
    mine = MeasurementPlan.objects.filter(pk=plan_id, municipality_code__in=municipalities)
    found = mine.first()
    if found is None:
        raise NotFound()
    hold("measurement-plan", [found.offering_code])
    hold("delivery", [found.organisation_code])
    plan = mine.first()
    if plan is None:
        raise NotFound()
    return plan, OfferingFact.objects.get(current=True, offering_code=plan.offering_code)


def _others(plan: MeasurementPlan) -> list[MeasurementPlan]:
    same = MeasurementPlan.objects.filter(offering_code=plan.offering_code, measure=plan.measure)
    return list(same.exclude(pk=plan.pk).order_by("valid_from"))


def _before(plan: MeasurementPlan) -> MeasurementPlan | None:
    """The plan that this one takes over from."""
    holding = (o for o in _others(plan) if o.valid_from < plan.valid_from and o.holds_on(plan.valid_from))
    return next(holding, None)


def _misfits(plan: MeasurementPlan, fact: OfferingFact) -> Iterator[Fault]:
    fitting = [fit.measure for fit in fits().get(fact.service_type, ())]
    if plan.measure not in fitting and not (plan.pk and plan.valid_until):  # one that ends tells of what fitted
        detail = _("Deze maat hoort niet bij dit soort dienst.")
        yield Fault("#/measure", "measure-does-not-fit", detail, value=plan.measure, expected=fitting)
    if plan.valid_until is not None and plan.valid_until <= plan.valid_from:
        detail = _("Een meetplan eindigt na de dag waarop het begint.")
        yield Fault("#/validUntil", "ends-before-start", detail, value=plan.valid_until.isoformat())
    if fact.ends_on is not None and plan.valid_from >= fact.ends_on:
        detail = _("Het aanbod is dan al afgelopen.")
        expected = f"{fact.starts_on}/{fact.ends_on}"
        yield Fault("#/validFrom", "offering-not-active", detail, value=plan.valid_from.isoformat(), expected=expected)
    if fault := text_fault(plan.among_nl, "#/among"):
        yield fault


def _clashes(plan: MeasurementPlan, fact: OfferingFact, besides: MeasurementPlan | None = None) -> Iterator[Fault]:
    """What the plan has against the others for its measure. besides: the one that will end where it begins."""
    others = [other for other in _others(plan) if besides is None or other.pk != besides.pk]
    if clash := next((o for o in others if o.overlaps(plan.valid_from, plan.valid_until)), None):
        detail = _("Voor deze maat geldt dan al een meetplan: van %(start)s tot %(end)s. Pas dat aan of beëindig het.")
        words = {"start": clash.valid_from, "end": clash.valid_until or "…"}
        yield Fault("#/validFrom", "overlaps-plan", detail % words, value=plan.valid_from.isoformat())
        return
    before = [(o, o.valid_until) for o in others if o.valid_until and o.valid_until <= plan.valid_from]
    if besides is not None:
        before.append((besides, plan.valid_from))
    after = [o for o in others if plan.valid_until and plan.valid_until <= o.valid_from]
    if kinds := {other.period_kind for other, end in before if _asks_twice(other, end, plan)}:
        detail = _("Begin op de eerste dag van een periode: anders wordt een dag twee keer gevraagd.")
        yield _halfway("#/validFrom", detail, plan.valid_from, {plan.period_kind, *kinds})
    if plan.valid_until and any(_asks_twice(plan, plan.valid_until, other) for other in after):
        detail = _("Eindig waar een periode eindigt: anders wordt een dag twee keer gevraagd.")
        yield _halfway("#/validUntil", detail, plan.valid_until, {plan.period_kind})


def _asks_twice(earlier: MeasurementPlan, end: date, later: MeasurementPlan) -> bool:
    """Whether a plan that ends on a day asks for a day that a later one asks for too, in another kind of period."""
    last, first = CALENDAR[earlier.period_kind](end - DAY), CALENDAR[later.period_kind](later.valid_from)
    return earlier.period_kind != later.period_kind and first.start < last.end


def _halfway(at: str, detail: str, day: date, kinds: Collection[str]) -> Fault:
    """A plan that begins or ends in the middle of a period of these kinds; expected: the days round it that do not."""
    longest = max((CALENDAR[kind](day) for kind in kinds), key=lambda period: period.end - period.start)
    expected = [longest.start.isoformat(), longest.end.isoformat()]
    return Fault(at, "not-a-period-start", detail, value=day.isoformat(), expected=expected)


def end_plan(plan: MeasurementPlan, day: date, actor: str) -> None:
    """Ask no longer from a day on. The caller holds the plans of the offering and says who is expected anew."""
    before = written(plan)
    plan.valid_until, plan.version = day, plan.version + 1
    plan.save(update_fields=["valid_until", "version"])
    _audit(plan, "updated", actor, before)


def forget_plan(plan: MeasurementPlan, actor: str) -> None:
    """As if it had never been asked; as `end_plan`."""
    _audit(plan, "deleted", actor, written(plan))
    plan.delete()


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise Refusal("", faults)


def _kept(plan: MeasurementPlan, fact: OfferingFact, action: str, actor: str, before: Any) -> None:
    _audit(plan, action, actor, before)
    _expect_anew(fact)


def _expect_anew(fact: OfferingFact) -> None:
    """Who is expected where has changed: say so to whoever counts it."""
    aggregates.mark_around(fact)
    wake_after_commit(REFRESH, store=STORE)


def _audit(plan: MeasurementPlan, action: str, actor: str, before: Any) -> None:
    records.audit(
        store=STORE, actor=actor, action=f"measurement-plan.{action}", resource="measurement-plans",
        resource_code=str(plan.pk), before=before, after=None if action == "deleted" else written(plan),
        municipality_code=plan.municipality_code, organisation_code=plan.organisation_code,
    )  # fmt: skip


def written(plan: MeasurementPlan) -> dict[str, Any]:
    """A plan as the audit keeps it."""
    said = {name: getattr(plan, name) for name in ("offering_code", "measure", *FIELDS)}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}
