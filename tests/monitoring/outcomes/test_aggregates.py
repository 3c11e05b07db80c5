"""Working aggregates: flows and stocks over time, areas upwards, and incremental equals rebuild."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitoring.aggregation import Line, aggregate
from monitoring.models import Aggregate, AggregateMark
from monitoring.periods import quarter_of
from monitoring.services import aggregates
from monitoring.services.deliveries import deliver
from monitoring.services.intake import Sender
from tests.factories import outcomes

SENDER = Sender("client:test", frozenset({(outcomes.CITY, "org-a")}))
TODAY = date(2026, 6, 1)


def cell(client, **asked):
    found = client.get("/v1/outcome-aggregates", {"view": "working", **asked}).json()["results"]
    return found[0] if len(found) == 1 else found


def test_a_flow_adds_up_over_the_year_and_a_stock_is_its_last_value(post, partner):
    post(period="2024-Q1", counts={"targetGroup": 400, "started": 60, "attendsStructurally": 40})
    post(period="2024-Q2", counts={"targetGroup": 410, "started": 30, "attendsStructurally": 55})
    aggregates.refresh()

    year = cell(partner, offeringCode="offering-a", areaCode="WK900101", period="2024")

    assert (year["counts"]["started"], year["counts"]["attendsStructurally"]) == (90, 55)
    assert year["counts"]["completed"] is None
    assert {f["code"]: f["basis"] for f in year["figures"]}["started-of-target-group"] == 410


def test_a_report_counts_in_every_area_above_it_once(post, partner):
    """The neighbourhood lies in the city directly and through its district: that is one city, not two."""
    post(areaCode="BU90010101")
    post(areaCode="unknown", counts={"started": 5})
    aggregates.refresh()

    started = {c["areaCode"]: c["counts"]["started"] for c in cell(partner, offeringCode="offering-a", period="2024")}

    assert started == {"BU90010101": 60, "WK900101": 60, "district-a": 60, outcomes.CITY: 65}


def test_satisfaction_keeps_distribution_lowest_and_highest(post, partner):
    post(measure="satisfaction", counts={"grade3": 1, "grade7": 5, "grade9": 4, "participants": 20})
    aggregates.refresh()

    found = cell(partner, offeringCode="offering-a", areaCode="WK900101", period="2024-Q1")

    assert (found["lowest"], found["highest"]) == (3, 9)
    shares = {f["code"]: (f["value"], f["basis"], f["ownCutOff"]) for f in found["figures"]}
    assert shares == {"mean-grade": (7.4, 10, False), "grade-sufficient": (0.9, 10, True)}


def test_a_cell_says_who_delivered_out_of_those_expected(post, client_with):
    outcomes.offering("offering-b", organisationCode="org-b")
    outcomes.offering("offering-later", organisationCode="org-b", startsOn="2025-01-01")
    post()
    aggregates.refresh()

    holder = client_with("account-holder", municipality=outcomes.CITY)
    found = cell(holder, interventionCode="intervention-a", areaCode=outcomes.CITY, period="2024-Q1")

    assert (found["deliverers"], found["expected"]) == (1, 2)


def test_a_new_offering_changes_what_is_expected_without_a_report(post, client_with):
    post()
    aggregates.refresh()

    outcomes.offering("offering-b", organisationCode="org-b")
    aggregates.refresh()

    holder = client_with("account-holder", municipality=outcomes.CITY)
    assert cell(holder, interventionCode="intervention-a", areaCode=outcomes.CITY, period="2024")["expected"] == 2
    assert aggregates.rebuild(municipality_code=outcomes.CITY) == 0


def test_an_offering_that_changes_its_intervention_leaves_the_old_cells(post):
    post()
    aggregates.refresh()

    outcomes.offering(interventionCode="intervention-b")
    aggregates.refresh()

    subjects = Aggregate.objects.filter(subject_kind="intervention").values_list("subject_code", flat=True)
    assert set(subjects) == {"intervention-b"}


def test_who_may_see_working_figures(post, client_with):
    post()
    aggregates.refresh()
    path = "/v1/outcome-aggregates?view=working"

    assert client_with().get(path).status_code == 401
    assert client_with("dashboard", municipality=outcomes.CITY).get(path).status_code == 403
    assert client_with("account-holder", municipality="GM9002").get(path).json()["count"] == 0
    assert client_with("partner", municipality=outcomes.CITY, organisation="org-b").get(path).json()["count"] == 0
    mine = client_with("partner", municipality=outcomes.CITY, organisation="org-a").get(path).json()["results"]
    assert {c["subjectKind"] for c in mine} == {"offering"}
    assert client_with("account-holder", municipality=outcomes.CITY).get(path).json()["count"] == 2 * len(mine)


reports = st.lists(
    st.builds(
        outcomes.report,
        offeringCode=st.sampled_from(["offering-a", "offering-c"]),
        period=st.sampled_from(["2024-Q1", "2024-Q2", "2025-Q1"]),
        areaCode=st.sampled_from(["BU90010101", "WK900101", "WK900102", outcomes.CITY, "unknown"]),
        counts=st.fixed_dictionaries(
            {"targetGroup": st.just(900), "started": st.one_of(st.none(), st.integers(0, 400))},
            optional={"attendsStructurally": st.integers(0, 400)},
        ),
    ),
    min_size=1,
    max_size=12,
)


@given(reports, st.integers(1, 4))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.usefixtures("city")
def test_incremental_aggregates_equal_a_rebuild(delivered, bite):
    outcomes.offering("offering-c")

    for report in delivered:
        deliver(raws=[report], sender=SENDER, day=TODAY)
        aggregates.refresh_some(municipality_code=outcomes.CITY, limit=bite)
    aggregates.refresh()

    assert not AggregateMark.objects.exists()
    assert aggregates.rebuild(municipality_code=outcomes.CITY) == 0


lines = st.lists(
    st.builds(
        Line,
        offering=st.sampled_from(["a", "b"]), intervention=st.just("i"), organisation=st.just("o"),
        measure=st.just("no-show"), area=st.just("w"), places=st.just(("city", "w")),
        period=st.sampled_from([quarter_of(date(2024, m, 1)) for m in (1, 4)]),
        counts=st.tuples(st.one_of(st.none(), st.integers(0, 50)), st.integers(0, 50)),
    ),
    max_size=8, unique_by=lambda line: (line.offering, line.period),
)  # fmt: skip


@given(lines, st.randoms())
def test_the_order_of_reports_does_not_matter_and_unknown_is_not_zero(given_lines, random):
    mixed = list(given_lines)
    random.shuffle(mixed)

    assert aggregate(mixed) == aggregate(given_lines)
    for combined in aggregate([line for line in given_lines if line.counts[0] is None]).values():
        assert combined.counts[0] is None
