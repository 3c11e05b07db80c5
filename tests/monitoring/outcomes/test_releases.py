"""Releases: numbered, frozen, safe; only accepted reports over periods that have ended."""

from datetime import date

import pytest

from monitoring.front.outcomes import released_reach, working_reach
from monitoring.models import Outbox, OutcomeReport, ReleasedCell
from monitoring.services import aggregates
from monitoring.services.releases import create_release, make_asked_releases
from tests.factories import outcomes


@pytest.fixture
def steward(city, client_with):
    return client_with("data-steward", municipality=outcomes.CITY)


def release():
    return create_release(municipality_code=outcomes.CITY, actor="test", day=date(2026, 6, 1), minimum=10)


@pytest.fixture
def delivered(post):
    """Two quarters in three neighbourhoods; the third is small."""
    for quarter in ("2024-Q1", "2024-Q2"):
        for area, started in (("WK900101", 60), ("WK900102", 80), ("WK900103", 4)):
            post(areaCode=area, period=quarter, counts={"targetGroup": 400, "started": started})
        post(measure="satisfaction", period=quarter, counts={"grade1": 12, "grade7": 30, "grade9": 44})
    aggregates.refresh()


def test_a_steward_makes_numbered_releases_that_everyone_may_read(delivered, steward, client_with):
    asked = [steward.post("/v1/releases", {}, format="json") for _ in range(2)]
    make_asked_releases()
    told = [steward.get(answer["Location"]).json() for answer in asked]
    first, second = (client_with().get(job["resultUrl"]).json() for job in told)

    assert {(answer.status_code, answer.json()["kind"], answer.json()["status"]) for answer in asked} == {
        (202, "release", "queued")
    }
    assert [(job["status"], job["errors"], job["finishedAt"] is None) for job in told] == [("succeeded", [], False)] * 2
    assert (first["number"], second["number"]) == (1, 2)
    assert first["checksum"] == second["checksum"]
    assert client_with().get(f"/v1/releases?municipalityCode={outcomes.CITY}").json()["count"] == 2
    assert Outbox.objects.filter(kind="release.published").count() == 2


def test_the_released_view_never_shows_a_count_below_the_minimum(delivered, client_with):
    release()

    rows = client_with().get(f"/v1/outcome-aggregates?municipalityCode={outcomes.CITY}&pageSize=500").json()["results"]

    shown = [n for row in rows for n in row["counts"].values() if n is not None]
    assert shown and not [n for n in shown if 0 < n < 10]
    assert all(row["lowest"] is None and row["highest"] is None and row["view"] == "released" for row in rows)
    small = [row for row in rows if row["areaCode"] == "WK900103" and row["measure"] == "reach"]
    assert small and all(row["status"] == "suppressed" and row["counts"]["started"] is None for row in small)
    assert not [row for row in rows if row["areaCode"].startswith("BU")]


def test_a_released_distribution_is_merged(delivered, client_with):
    release()

    [row] = client_with().get(
        "/v1/outcome-aggregates?measure=satisfaction&period=2024-Q1&areaCode=WK900101"
    ).json()["results"]  # fmt: skip

    assert row["counts"] == {"grade5OrLower": 12, "grade6To7": 30, "grade8OrHigher": 44}
    assert [(f["code"], f["basis"]) for f in row["figures"]] == [("grade-sufficient", 86)]


def test_questioned_reports_and_running_periods_wait(post):
    post(period="2024-Q1", counts={"targetGroup": 400, "started": 60})
    post(period="2024-Q2", counts={"targetGroup": 400, "started": 90})
    OutcomeReport.objects.filter(period_start="2024-04-01").update(status="submitted")

    create_release(municipality_code=outcomes.CITY, actor="test", day=date(2024, 5, 1), minimum=10)

    assert set(ReleasedCell.objects.values_list("period_start", flat=True)) == {date(2024, 1, 1)}


def test_a_correction_waits_for_the_next_release(delivered, post, client_with):
    release()
    post(counts={"targetGroup": 400, "started": 70})
    path = "/v1/outcome-aggregates?measure=reach&period=2024-Q1&areaCode=WK900101"

    before = client_with().get(path).json()["results"][0]["counts"]
    release()
    after = client_with().get(path).json()["results"][0]

    assert before["started"] in (60, None)
    assert after["releaseNumber"] == 2
    assert after["counts"]["started"] in (70, None)


def test_only_the_steward_of_the_municipality_makes_a_release(steward, client_with):
    other = client_with("data-steward", municipality="GM9002")

    assert other.post("/v1/releases", {"municipalityCode": outcomes.CITY}, format="json").status_code == 404
    assert client_with("account-holder", municipality=outcomes.CITY).post("/v1/releases").status_code == 403
    assert client_with().post("/v1/releases").status_code == 401


def test_other_apps_ask_for_realised_reach(delivered):
    release()

    working = working_reach(municipality_code=outcomes.CITY, offering_codes=["offering-a", "no-such"], year=2024)
    released = released_reach(municipality_code=outcomes.CITY, intervention_codes=["intervention-a", "x"], year=2024)

    assert working == {"offering-a": 288}
    assert released in ({"intervention-a": 288}, {"intervention-a": None})
    assert released_reach(municipality_code="GM9002", intervention_codes=["intervention-a"], year=2024) == {}
