"""Measurement plans: what an offering is asked to measure, how often and among whom (DOMAIN.md §7)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q

from config.errors import NotFound
from monitoring.measures import Fit, fits
from monitoring.models import MeasurementPlan, OfferingFact
from monitoring.plan_limits import Activity, Asked, Warned, warnings

MONITOR_TYPES = ("continuous", "periodic", "sample")  # the first that the text allows is proposed
PROPOSED_KIND = "quarter"


def propose_plans(fact: OfferingFact) -> None:
    """Give a new offering a quarterly plan for every measure that fits its service type and has no plan yet.

    How many are expected is not ours to say: `expected_count` stays unknown. What a plan already says stays.
    """
    planned = set(MeasurementPlan.objects.filter(offering_code=fact.offering_code).values_list("measure", flat=True))
    starts = {code: fact.starts_on for code in fitting(fact) if code not in planned}
    MeasurementPlan.objects.bulk_create(proposed(fact, starts))


def fitting(fact: OfferingFact) -> list[str]:
    return [fit.measure for fit in fits().get(fact.service_type, ())]


def proposed(fact: OfferingFact, starts: Mapping[str, date]) -> Iterator[MeasurementPlan]:
    """Plans as we propose them. starts: measure → first day."""
    for fit in fits().get(fact.service_type, ()):
        if fit.measure in starts:
            yield MeasurementPlan(
                municipality_code=fact.municipality_code, organisation_code=fact.organisation_code,
                offering_code=fact.offering_code, measure=fit.measure, monitor_type=proposed_type(fit),
                period_kind=PROPOSED_KIND, among_nl=fit.among_nl, valid_from=starts[fit.measure], demo=fact.demo,
            )  # fmt: skip


def proposed_type(fit: Fit) -> str:
    return next(kind for kind in MONITOR_TYPES if kind in fit.monitor_types)


def follow_start(*, offering_code: str, before: date, after: date) -> None:
    """Move the plans that began with the offering along with its new start; one that ended before it stays."""
    if before == after:
        return
    plans = MeasurementPlan.objects.filter(offering_code=offering_code)
    earlier = plans.filter(measure=OuterRef("measure"), valid_from__lt=before)
    first = plans.filter(~Exists(earlier), Q(valid_until__isnull=True) | Q(valid_until__gt=after), valid_from=before)
    first.update(valid_from=after, version=F("version") + 1)


@dataclass(frozen=True)
class Proposal:
    """What could be measured of an offering, what its plans ask on a day, and what of that is more than fits."""

    fact: OfferingFact
    day: date
    fits: tuple[Fit, ...]
    plans: tuple[MeasurementPlan, ...]
    warnings: tuple[Warned, ...]

    @property
    def activity(self) -> Activity:
        return activity_of(self.fact)


def proposal_of(*, may: Q, offering_code: str, day: date) -> Proposal:
    """Raises NotFound for an offering that is not among those of `may`."""
    fact = OfferingFact.objects.filter(may, current=True, offering_code=offering_code).first()
    if fact is None:
        raise NotFound()
    plans = MeasurementPlan.objects.filter(offering_code=offering_code).order_by("measure", "valid_from", "id")
    valid = tuple(plan for plan in plans if plan.holds_on(day))
    fitting = fits().get(fact.service_type, ())
    return Proposal(fact, day, fitting, valid, tuple(warnings(map(asked_of, valid), activity_of(fact))))


def activity_of(fact: OfferingFact) -> Activity:
    return Activity(fact.service_type, fact.intended_reach)


def asked_of(plan: MeasurementPlan) -> Asked:
    return Asked(plan.measure, plan.monitor_type, plan.period_kind, plan.expected_count)


def warnings_of(plans: Sequence[MeasurementPlan]) -> dict[int, tuple[Warned, ...]]:
    """Plan → what it asks more than fits, together with what else is asked when it begins. Two queries."""
    codes = {plan.offering_code for plan in plans}
    facts = {fact.offering_code: fact for fact in OfferingFact.objects.filter(current=True, offering_code__in=codes)}
    beside: dict[str, list[MeasurementPlan]] = {}
    for plan in MeasurementPlan.objects.filter(offering_code__in=codes):
        beside.setdefault(plan.offering_code, []).append(plan)
    return {
        plan.pk: _warned(plan, beside[plan.offering_code], facts[plan.offering_code])
        for plan in plans
        if plan.offering_code in facts
    }


def _warned(plan: MeasurementPlan, beside: Iterable[MeasurementPlan], fact: OfferingFact) -> tuple[Warned, ...]:
    together = [asked_of(one) for one in beside if one.holds_on(plan.valid_from)]
    return tuple(one for one in warnings(together, activity_of(fact)) if one.measure in (None, plan.measure))
