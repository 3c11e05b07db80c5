"""Releases: numbered, frozen, safe; only accepted reports over periods that have ended."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import connections, transaction
from django.db.models import Q
from django.db.utils import ProgrammingError

from config.days import today
from monitoring.front.outcomes import released_reach, working_reach
from monitoring.measures import MEASURES
from monitoring.models import Outbox, OutcomeReport, Release, ReleasedCell
from monitoring.services.aggregation import aggregates
from monitoring.services.delivery.reviews import review, withdraw
from monitoring.services.releasing.releases import ask_for_due_releases, create_release, make_asked_releases
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


def test_a_ratio_that_the_released_counts_do_not_give_is_left_out(post, client_with):
    """Sums over some of the reports would be numbers that disclosure control has not weighed."""
    outcomes.offering("offering-b")
    post(counts={"invited": 100, "started": 50})
    post(offeringCode="offering-b", areaCode="WK900102", counts={"started": 40})
    whole, asked = release(), f"/v1/outcome-aggregates?municipalityCode={outcomes.CITY}&period=2024&areaCode="

    city, told = (client_with().get(asked + area).json()["results"][0] for area in (outcomes.CITY, "WK900101"))
    post(offeringCode="offering-b", areaCode="WK900102", counts={"invited": 80, "started": 40})
    both = release()
    after = client_with().get(asked + outcomes.CITY).json()["results"][0]

    assert (city["counts"]["started"], city["counts"]["invited"], city["figures"]) == (90, 100, [])
    assert [(left["code"], left["reason"]) for left in city["figuresLeftOut"]] == [
        ("started-of-invited", "parts-from-different-reports")
    ]
    assert ([f["value"] for f in told["figures"]], told["figuresLeftOut"]) == ([0.5], [])
    assert ([(f["value"], f["basis"]) for f in after["figures"]], after["figuresLeftOut"]) == ([(0.5, 180)], [])
    assert whole.checksum != both.checksum


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


class TestAQuestionedCorrection:
    """One quarter of four gets ten times what it was; whoever reads releases sees what was accepted until it is."""

    @pytest.fixture(autouse=True)
    def questioned(self, post):
        for quarter in ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"):
            for area in ("WK900101", "WK900102"):
                post(areaCode=area, period=quarter, counts={"targetGroup": 400, "started": 60})
        self.first = release()
        self.send = partial(post, areaCode="WK900101", period="2024-Q4", counts={"targetGroup": 4000, "started": 600})
        [told] = self.send().json()["rows"]
        assert told["outcome"] == "questioned"
        self.report = OutcomeReport.objects.get(id=told["reportId"])

    def test_changes_no_release_and_takes_nothing_out_of_it(self):
        assert release().checksum == self.first.checksum

    def test_that_is_returned_leaves_what_was_accepted(self):
        review(may=Q(), report_id=self.report.id, decision="return", text="Klopt dit?", remarks=[], actor="test")

        assert release().checksum == self.first.checksum

    def test_counts_once_it_is_accepted(self):
        review(may=Q(), report_id=self.report.id, decision="accept", text="", remarks=[], actor="test")

        second = release()

        city = second.cells.get(area_code=outcomes.CITY, period_kind="quarter", period_start=date(2024, 10, 1))
        assert MEASURES["reach"].named(city.counts)["started"] == 660

    def test_of_what_was_withdrawn_brings_nothing_back(self):
        withdraw(may=Q(), report_id=self.report.id, seen=lambda report: None, actor="test")
        withdrawn = release()

        [told] = self.send().json()["rows"]

        assert told["outcome"] == "questioned"
        assert release().checksum == withdrawn.checksum != self.first.checksum


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


def test_a_steward_decides_on_the_minimum_with_a_reason(delivered, steward, client_with):
    decision = {"measure": "satisfaction", "minimum": 31, "reason": "Kleine groepen, gevoelig onderwerp."}

    made = steward.post("/v1/disclosure-minimums", decision, format="json")
    again = steward.post("/v1/disclosure-minimums", decision | {"minimum": 2, "reason": ""}, format="json")
    edition = release()

    assert (made.status_code, made.json()["measure"], made.json()["minimum"]) == (201, "satisfaction", 31)
    assert {e["location"] for e in again.json()["errors"]} == {"#/minimum", "#/reason"}
    told = client_with().get(f"/v1/releases/{edition.id}").json()
    assert (told["minimum"], told["minimums"]) == (10, [decision])
    asked = f"/v1/outcome-aggregates?municipalityCode={outcomes.CITY}&areaCode=WK900101&period=2024-Q1&measure="
    [grades] = client_with().get(asked + "satisfaction").json()["results"]
    assert grades["counts"]["grade5OrLower"] is None and grades["suppressionReason"] == "disclosure-control"


def test_the_newest_decision_counts_from_the_next_release_on(delivered, steward):
    before = release()
    for minimum in (50, 20):
        body = {"minimum": minimum, "reason": "Proef."}
        assert steward.post("/v1/disclosure-minimums", body, format="json").status_code == 201

    after = release()

    assert before.minimums == []
    assert {entry["minimum"] for entry in after.minimums} == {20}


def test_an_earlier_edition_can_still_be_read(delivered, post, client_with):
    release()
    post(counts={"targetGroup": 400, "started": 170})
    release()
    asked = (
        f"/v1/outcome-aggregates?municipalityCode={outcomes.CITY}&measure=reach&areaCode={outcomes.CITY}&period=2024"
    )

    editions = [client_with().get(f"{asked}&releaseNumber={n}").json()["results"][0] for n in (1, 2)]

    assert [e["releaseNumber"] for e in editions] == [1, 2]
    assert editions[0]["counts"]["targetGroup"] == editions[1]["counts"]["targetGroup"] == 1200


@pytest.mark.parametrize("table", ["release", "releasedcell", "releasebasis", "disclosureminimum"])
def test_the_application_cannot_change_what_was_released(delivered, table):
    release()

    for statement in ("UPDATE monitoring_{0} SET id = id", "DELETE FROM monitoring_{0}"):
        with (
            pytest.raises(ProgrammingError),
            transaction.atomic("monitoring"),
            connections["monitoring"].cursor() as sql,
        ):
            sql.execute(statement.format(table))


def test_a_release_by_schedule_is_asked_for_once_per_period(delivered):
    asked = [
        ask_for_due_releases(day=today() + timedelta(days=more), every="year", delay=30, minimum=10) for more in (0, 1)
    ]
    make_asked_releases()

    assert asked == [[outcomes.CITY], []]
    assert Release.objects.get().released_by == "schedule"


def test_a_schedule_asks_for_nothing_where_nothing_waits(delivered):
    assert ask_for_due_releases(day=date(2024, 4, 20), every="quarter", delay=30, minimum=10) == []
    assert ask_for_due_releases(day=date(2024, 5, 5), every="quarter", delay=30, minimum=10) == [outcomes.CITY]
