"""The invented figures: marked, exact, the same every time."""

import pytest

from config.loading import LoadReport, split
from monitoring.models import Area, Indicator, IndicatorLink, Observation
from monitoring.services.figures.demo_figures import YEARS, load_demo_figures
from tests.monitoring.figures.data import rows

pytestmark = pytest.mark.usefixtures("stores")
DISTRICTS = {row["code"]: split(row["member_codes"]) for row in rows("demo_districts.csv")}
DEMO = [row["code"] for row in rows("demo_indicators.csv")]


@pytest.fixture
def demo(stores):
    return load_demo_figures()


def counts(**wanted):
    found = Observation.objects.filter(value__isnull=False, **wanted)
    return [(o.numerator, o.denominator) for o in found]


def test_every_neighbourhood_lies_in_one_district(demo):
    members = [code for codes in DISTRICTS.values() for code in codes]
    wijken = Area.objects.filter(level="neighbourhood", municipality_code="GM0363").values_list("code", flat=True)

    assert sorted(members) == sorted(wijken)


def test_a_second_load_changes_nothing(demo):
    assert all(report.created for report in demo.values())

    for report in load_demo_figures().values():
        assert report == LoadReport(unchanged=report.unchanged)


def test_whole_and_districts_are_exactly_the_sum_of_their_parts(demo):
    everywhere = [code for codes in DISTRICTS.values() for code in codes]

    for indicator in DEMO:
        for year in YEARS:
            for parent, members in [*DISTRICTS.items(), ("GM0363", everywhere)]:
                when = {"indicator_code": indicator, "period_start__year": year}
                whole = Observation.objects.get(area_code=parent, **when)
                parts = counts(area_code__in=members, **when)
                assert (whole.numerator, whole.denominator) == tuple(map(sum, zip(*parts, strict=True)))
                assert (whole.areas_used, whole.areas_total) == (len(parts), len(members))
                assert whole.origin == "computed"


def test_some_are_missing_and_some_suppressed_and_none_of_these_is_zero(demo):
    absent = Observation.objects.filter(demo=True, value__isnull=True)

    assert set(absent.values_list("status", flat=True)) == {"missing", "suppressed", "not-applicable"}
    assert not absent.filter(numerator__isnull=False).exists()


def test_everything_invented_says_so(demo):
    assert all("(demo)" in row["name_nl"] and "(demo)" in row["name_en"] for row in rows("demo_indicators.csv"))
    assert Indicator.objects.filter(code__in=DEMO, demo=True).count() == len(DEMO)
    assert not Observation.objects.filter(indicator_code__in=DEMO, demo=False).exists()
    assert Area.objects.filter(code__in=DISTRICTS, demo=True).count() == 7
    assert IndicatorLink.objects.filter(indicator_id__in=DEMO, target_kind="factor").count() == len(DEMO)


def test_the_real_score_of_a_district_is_weighted_by_households(demo):
    found = Observation.objects.get(area_code="demo-amsterdam-noord", indicator_code="ses-woa-score")
    parts = Observation.objects.filter(area_code__in=DISTRICTS["demo-amsterdam-noord"], indicator_code="ses-woa-score",
                                       value__isnull=False)  # fmt: skip
    households = sum(part.denominator for part in parts)

    assert found.value == pytest.approx(sum(part.value * part.denominator for part in parts) / households)
    assert (found.origin, found.demo, found.statistic, found.denominator) == ("computed", True, "mean", households)
    assert found.basis == f"{len(parts)} of 15 areas"


def test_a_neighbourhood_of_the_demo_is_compared_with_district_and_city(demo, client_with):
    answer = client_with().get("/v1/areas/WK036360/profile").json()
    found = {i["indicatorCode"]: i for p in answer["pillars"] for d in p["domains"] for i in d["indicators"]}

    bullying = found["demo-bullying"]
    assert [b["areaCode"] for b in bullying["benchmarks"]] == ["demo-amsterdam-noord", "GM0363"]
    assert {b["ground"] for b in bullying["benchmarks"]} == {"counts"}
    assert bullying["trend"]["measurementCount"] == len(YEARS)
    assert bullying["comparison"]["againstCode"] == "GM0363"
    absent = next(i for i in found.values() if i["latest"]["status"] == "missing")
    assert (absent["comparison"]["step"], absent["comparison"]["areaCode"]) == ("one-level-up", "demo-amsterdam-noord")
