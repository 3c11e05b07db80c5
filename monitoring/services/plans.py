"""Measurement plans: what an offering is asked to measure, how often and among whom (DOMAIN.md §7)."""

from datetime import date

from monitoring.measures import fits
from monitoring.models import MeasurementPlan, OfferingFact

MONITOR_TYPES = ("continuous", "periodic", "sample")  # the first that the text allows is proposed


def propose_plans(fact: OfferingFact) -> None:
    """Give an offering a quarterly plan for every measure that fits its service type and has no plan yet.

    How many are expected is not ours to say: `expected_count` stays unknown. What a plan already says stays.
    """
    planned = set(MeasurementPlan.objects.filter(offering_code=fact.offering_code).values_list("measure", flat=True))
    MeasurementPlan.objects.bulk_create(
        MeasurementPlan(
            municipality_code=fact.municipality_code,
            organisation_code=fact.organisation_code,
            offering_code=fact.offering_code,
            measure=fit.measure,
            monitor_type=next(kind for kind in MONITOR_TYPES if kind in fit.monitor_types),
            period_kind="quarter",
            among_nl=fit.among_nl,
            valid_from=fact.starts_on,
            demo=fact.demo,
        )
        for fit in fits().get(fact.service_type, ())
        if fit.measure not in planned
    )


def follow_start(*, offering_code: str, before: date, after: date) -> None:
    """Move the plans that began with the offering along with its new start."""
    MeasurementPlan.objects.filter(offering_code=offering_code, valid_from=before).update(valid_from=after)
