"""Delivering the demo city's invented reports through the same door as everyone's."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time
from random import Random
from time import sleep

from django.db.models import QuerySet

from config.loading import LoadReport
from monitoring.demo_reports import FIRST_DAY, DemoOffering, DemoReport, asked, reports_of
from monitoring.measures import fits
from monitoring.models import MeasurementPlan, OfferingFact, OutcomeReport, Release
from monitoring.periods import quarter_of
from monitoring.services import facts
from monitoring.services.aggregation import aggregates
from monitoring.services.delivery.deliveries import deliver
from monitoring.services.delivery.known import Sender
from monitoring.services.geography.area_tree import AreaTree, tree_of
from monitoring.services.releasing.releases import create_release

ACTOR = "command:load_demo_outcomes"
STORY_PARTNER = "demo-stichting-meedoen"  # its newest quarter is left open, so that a reader can deliver it
MOST_AREAS, MOST_AREAS_CITY_WIDE = 3, 6


def load_demo(*, municipality_code: str, day: date, minimum: int) -> LoadReport:
    """Follow the outbox, deliver what is not there yet, bring the aggregates up to date and make release 1.

    What is there stays, also when somebody corrected it.
    """
    _follow()
    report = LoadReport()
    tree = tree_of(municipality_code)
    for organisation, offerings in sorted(_by_organisation(tree, day).items()):
        wanted = [report for offering in offerings for report in reports_of(offering)]
        fresh = _not_there_yet(wanted)
        if fresh:
            _ask_what_is_invented(offerings)
            sender = Sender(ACTOR, frozenset({(municipality_code, organisation)}))
            deliver(raws=[one.invented() for one in fresh], sender=sender, day=day, channel="batch")
            _as_if_delivered_then(fresh, day)
        report += LoadReport(created=len(fresh), unchanged=len(wanted) - len(fresh))
    aggregates.refresh()
    if report.created + report.unchanged and not Release.objects.filter(municipality_code=municipality_code).exists():
        create_release(municipality_code=municipality_code, actor=ACTOR, day=day, minimum=minimum)
    return report


def _follow(tries: int = 25) -> None:
    """A transaction that still runs elsewhere holds the outbox back for a moment; a demo waits for it."""
    for _attempt in range(tries):
        facts.follow_default()
        if OfferingFact.objects.filter(demo=True).exists():
            return
        sleep(0.2)


def _by_organisation(tree: AreaTree, day: date) -> dict[str, list[DemoOffering]]:
    demo = OfferingFact.objects.filter(current=True, demo=True, municipality_code=tree.municipality)
    found: dict[str, list[DemoOffering]] = {}
    for fact in demo.order_by("offering_code"):
        found.setdefault(fact.organisation_code, []).append(_offering(fact, tree, day))
    return found


def _ask_what_is_invented(offerings: Iterable[DemoOffering]) -> None:
    """What was proposed asks from an offering's first day, and drop-out twice; the demo begins later and tells it once.

    An offering that has reports is left alone: somebody may have changed its plans.
    """
    begun = set(_reports_of({one.code for one in offerings}).values_list("offering_code", flat=True))
    for offering in offerings:
        if offering.code not in begun:
            plans = MeasurementPlan.objects.filter(offering_code=offering.code)
            plans.exclude(measure__in=asked(offering) if offering.until > FIRST_DAY else []).delete()
            plans.filter(valid_from__lt=FIRST_DAY).update(valid_from=FIRST_DAY)


def _as_if_delivered_then(delivered: Iterable[DemoReport], day: date) -> None:
    """Set when each report came in, so that completeness and reminders look as they would after some years."""
    then = {one.key: min(one.delivered_on, day) for one in delivered}
    rows = list(_reports_of({one.offering for one in delivered}))
    for row in rows:
        if on := then.get((row.offering_code, row.measure, row.area_code, row.period_start)):
            row.recorded_at = datetime.combine(on, time(12), tzinfo=UTC)
    OutcomeReport.objects.bulk_update(rows, ["recorded_at"], batch_size=1000)


def _reports_of(codes: Collection[str]) -> QuerySet[OutcomeReport]:
    return OutcomeReport.objects.filter(offering_code__in=codes)


def _offering(fact: OfferingFact, tree: AreaTree, day: date) -> DemoOffering:
    known_until = quarter_of(day).start
    if fact.organisation_code == STORY_PARTNER:
        known_until = min(known_until, date(2026, 7, 1))
    measures = tuple(fit.measure for fit in fits().get(fact.service_type, ()))
    return DemoOffering(fact.offering_code, measures, tuple(_areas(fact, tree)), fact.intended_reach or 100,
                        fact.starts_on, min(known_until, fact.ends_on or known_until))  # fmt: skip


def _areas(fact: OfferingFact, tree: AreaTree) -> Iterator[str]:
    """A few neighbourhoods among those where the offering works."""
    around = tree.levels if fact.city_wide else tree.around(fact.area_codes)
    possible = sorted(area for area in around if tree.levels.get(area) == "neighbourhood")
    most = MOST_AREAS_CITY_WIDE if fact.city_wide else MOST_AREAS
    yield from sorted(Random(fact.offering_code).sample(possible, min(most, len(possible))))


def _not_there_yet(wanted: list[DemoReport]) -> list[DemoReport]:
    rows = _reports_of({one.offering for one in wanted})
    known = set(rows.values_list("offering_code", "measure", "area_code", "period_start"))
    return [one for one in wanted if one.key not in known]
