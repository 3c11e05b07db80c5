"""The demo city's reports: faultless, plausible, the same every time."""

from collections import Counter
from datetime import date

import pytest
from django.db.models import Q

from monitoring.demo_reports import MAKERS, DemoOffering, reports_of
from monitoring.measures import MEASURES
from monitoring.models import Area, AreaMembership, OutcomeReport, Release
from monitoring.services.delivery.demo_outcomes import load_demo
from monitoring.services.planning.completeness import completeness
from tests.factories import outcomes

DAY = date(2026, 11, 21)
OFFERING = DemoOffering("a", tuple(MAKERS), ("w1", "w2"), 240, date(2020, 1, 1), DAY)


def test_invented_reports_obey_the_rules_of_their_measures():
    for wanted in reports_of(OFFERING):
        report = wanted.invented()
        assert not list(MEASURES[report["measure"]].broken(report["counts"])), report
        assert set(report["counts"]) <= set(MEASURES[report["measure"]].names)


def test_the_same_offering_gets_the_same_reports():
    assert [w.invented() for w in reports_of(OFFERING)] == [w.invented() for w in reports_of(OFFERING)]
    assert len({w.period for w in reports_of(OFFERING)}) == 12


@pytest.fixture
def demo_town(committed):
    outcomes.city()
    outcomes.offering(demo=True, intendedReach=1200, startsOn="2025-01-01", endsOn="2025-10-01")
    yield
    Area.objects.filter(municipality_code=outcomes.CITY).delete()
    AreaMembership.objects.filter(child_code__in=[*outcomes.NEIGHBOURHOODS, "BU90010101", "BU90010102"]).delete()
    AreaMembership.objects.filter(child_code="district-a").delete()


def test_a_second_load_changes_nothing(demo_town):
    first = load_demo(municipality_code=outcomes.CITY, day=DAY, minimum=10)
    rows = list(OutcomeReport.objects.order_by("id").values())

    second = load_demo(municipality_code=outcomes.CITY, day=DAY, minimum=10)

    assert first.created > 20 and (second.created, second.unchanged) == (0, first.created)
    assert list(OutcomeReport.objects.order_by("id").values()) == rows
    assert all(row["demo"] and row["status"] == "published" for row in rows)
    assert Release.objects.get().demo


def test_the_demo_partner_delivered_nearly_everything_in_time(demo_town):
    load_demo(municipality_code=outcomes.CITY, day=DAY, minimum=10)

    states = Counter(one.judged.status for one in completeness(may=Q(municipality_code=outcomes.CITY), day=DAY))

    assert set(states) <= {"on-time", "late", "empty"}
    assert states["on-time"] > states["late"]
