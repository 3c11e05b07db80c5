"""Factors that should be measured: which, and why they count as a gap."""

from datetime import date

import pytest

from monitoring.data_gaps import data_gaps

SINCE = date(2023, 1, 1)
INDICATORS = {"measured": ["one"], "old": ["two"], "elsewhere": ["three"], "both": ["two", "one"]}
NEWEST = {"one": date(2025, 1, 1), "two": date(2019, 1, 1)}


def test_each_gap_says_why_and_the_order_of_the_ranking_stays():
    found = data_gaps(
        factors=["old", "nothing", "measured", "elsewhere"], indicators=INDICATORS, newest=NEWEST, since=SINCE
    )

    assert [(gap.factor_code, gap.why, gap.newest) for gap in found] == [
        ("old", "not-recent", date(2019, 1, 1)), ("nothing", "no-indicator", None),
        ("elsewhere", "no-figure-here", None)]  # fmt: skip


def test_one_recent_indicator_is_enough():
    assert data_gaps(factors=["both", "measured"], indicators=INDICATORS, newest=NEWEST, since=SINCE) == ()


@pytest.mark.usefixtures("stores")
def test_gaps_of_an_area_over_http(client_with):
    answer = client_with().get("/v1/areas/GM0363/data-gaps?top=500").json()
    few = client_with().get("/v1/areas/GM0363/data-gaps?top=1").json()

    assert (answer["areaCode"], answer["absent"]) == ("GM0363", [])
    assert {gap["why"] for gap in answer["gaps"]} <= {"no-indicator", "no-figure-here", "not-recent"}
    assert [gap["denseRank"] for gap in answer["gaps"]] == sorted(gap["denseRank"] for gap in answer["gaps"])
    assert all(gap["denseRank"] == 1 for gap in few["gaps"])
    assert client_with().get("/v1/areas/none/data-gaps").status_code == 404
