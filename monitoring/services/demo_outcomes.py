"""Delivering the demo city's invented reports through the same door as everyone's."""

import time
from collections.abc import Iterator
from datetime import date
from random import Random

from config.loading import LoadReport
from monitoring.demo_reports import DemoOffering, DemoReport, reports_of
from monitoring.measures import fits
from monitoring.models import OfferingFact, OutcomeReport, Release
from monitoring.periods import quarter_of
from monitoring.services import aggregates, facts
from monitoring.services.area_tree import AreaTree, tree_of
from monitoring.services.deliveries import deliver
from monitoring.services.known import Sender
from monitoring.services.releases import create_release

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
    for organisation, wanted in sorted(_by_organisation(tree, day).items()):
        fresh = _not_there_yet(wanted)
        if fresh:
            sender = Sender(ACTOR, frozenset({(municipality_code, organisation)}))
            deliver(raws=[one.invented() for one in fresh], sender=sender, day=day, channel="batch")
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
        time.sleep(0.2)


def _by_organisation(tree: AreaTree, day: date) -> dict[str, list[DemoReport]]:
    demo = OfferingFact.objects.filter(current=True, demo=True, municipality_code=tree.municipality)
    found: dict[str, list[DemoReport]] = {}
    for fact in demo.order_by("offering_code"):
        found.setdefault(fact.organisation_code, []).extend(reports_of(_offering(fact, tree, day)))
    return found


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
    rows = OutcomeReport.objects.filter(offering_code__in={one.offering for one in wanted})
    known = set(rows.values_list("offering_code", "measure", "area_code", "period_start"))
    return [one for one in wanted if one.key not in known]
