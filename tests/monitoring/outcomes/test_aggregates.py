"""Working aggregates: flows and stocks over time, areas upwards, and incremental equals rebuild."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitoring.aggregation import Line, aggregate, expected
from monitoring.measures import MEASURES
from monitoring.models import Aggregate, AggregateMark, AreaMembership, OutcomeReport
from monitoring.periods import parse, quarter_of
from monitoring.services.aggregation import aggregate_checks, aggregates, cells
from monitoring.services.aggregation.lines import current_facts, expectations_of, lines_of
from monitoring.services.delivery.deliveries import deliver
from monitoring.services.delivery.known import Sender
from monitoring.services.geography import areas
from monitoring.services.geography.area_tree import tree_of
from tests.factories import outcomes

SENDER = Sender("client:test", frozenset({(outcomes.CITY, "org-a")}))
TODAY = date(2026, 6, 1)


def cell(client, **asked):
    found = client.get("/v1/outcome-aggregates", {"view": "working", **asked}).json()["results"]
    return found[0] if len(found) == 1 else found


def test_areas_that_are_loaded_later_get_their_cells(post, partner, monkeypatch):
    post(counts={"targetGroup": 400, "started": 60})
    aggregates.refresh()
    district = areas.area("district-b", "district", "Nieuw", "test", municipality_code=outcomes.CITY)
    inside = [areas.membership("new", "district-b", "WK900101", "test")]
    inside += [areas.membership("new", outcomes.CITY, "district-b", "test")]
    monkeypatch.setattr(areas, "reference_areas", lambda: ([district], inside))

    call_command("load_areas")
    marked = AggregateMark.objects.count()
    aggregates.refresh()
    call_command("load_areas")  # nothing new

    assert cell(partner, offeringCode="offering-a", areaCode="district-b", period="2024-Q1")["counts"]["started"] == 60
    assert (marked, AggregateMark.objects.count()) == (1, 0)
    assert aggregates.verify(municipality_code=outcomes.CITY) == 0


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


def test_factors_and_goals_show_the_participations_of_the_offerings_that_work_on_them(post, client_with):
    outcomes.offering(factorCodes=["friends", "sport"], domainCodes=["health"])
    outcomes.offering("offering-b", interventionCode="intervention-b", factorCodes=["sport"])
    post(counts={"started": 60})
    deliver(raws=[outcomes.report(offeringCode="offering-b", counts={"started": 5})], sender=SENDER, day=TODAY)
    aggregates.refresh()
    holder = client_with("account-holder", municipality=outcomes.CITY)

    def started(**asked):
        found = cell(holder, areaCode=outcomes.CITY, period="2024", **asked)
        return {c["subjectCode"]: (c["counts"]["started"], c["deliverers"], c["expected"]) for c in found}

    assert started(subjectKind="factor") == {"friends": (60, 1, 1), "sport": (65, 2, 2)}
    assert cell(holder, subjectKind="goal", areaCode=outcomes.CITY, period="2024")["subjectCode"] == "health"
    assert set(started(factorCode="sport")) == {"offering-a", "offering-b", "intervention-a", "intervention-b", "sport"}
    assert set(started(factorCode="friends")) == {"offering-a", "intervention-a", "friends"}


def test_an_offering_that_leaves_a_factor_leaves_its_cells(post):
    outcomes.offering(factorCodes=["friends"])
    post()
    aggregates.refresh()

    outcomes.offering(factorCodes=["sport"])

    subjects = Aggregate.objects.filter(subject_kind="factor").values_list("subject_code", flat=True)
    assert set(subjects) == {"sport"}


def test_a_new_offering_for_a_factor_is_expected_there(post):
    outcomes.offering(factorCodes=["sport"])
    post()
    aggregates.refresh()

    outcomes.offering("offering-b", interventionCode="intervention-b", factorCodes=["sport"])
    aggregates.refresh()

    [sport] = Aggregate.objects.filter(subject_code="sport", area_code=outcomes.CITY, period_kind="year")
    assert (sport.deliverer_count, sport.expected_count) == (1, 2)


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
    st.one_of(
        st.builds(
            outcomes.report,
            offeringCode=st.sampled_from(["offering-a", "offering-c"]),
            period=st.sampled_from(["2024-Q1", "2024-Q2", "2025-Q1", "2024-03", "2024-09", "2024", "2024/2025"]),
            areaCode=st.sampled_from(["BU90010101", "WK900101", "WK900102", "district-a", outcomes.CITY, "unknown"]),
            counts=st.fixed_dictionaries(
                {"started": st.one_of(st.none(), st.integers(0, 400))},
                optional={
                    "targetGroup": st.just(900),
                    "invited": st.integers(400, 500),
                    "attendsStructurally": st.integers(0, 400),
                },
            ),
        ),
        st.builds(
            outcomes.report,
            measure=st.just("no-show"),
            offeringCode=st.sampled_from(["offering-a", "offering-c"]),
            counts=st.dictionaries(st.sampled_from(["appointments", "noShows"]), st.integers(0, 9)),
        ),
        st.builds(
            outcomes.report,
            measure=st.just("satisfaction"),
            areaCode=st.sampled_from(["BU90010101", "BU90010102", "WK900101"]),
            counts=st.dictionaries(st.sampled_from(["grade2", "grade7", "grade9"]), st.integers(0, 9)),
        ),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize("costs", [(0, 0), (cells.WRITING, cells.READING)], ids=["never rebuilt", "when much is stale"])
@given(delivered=reports, bite=st.integers(1, 4), overlap=st.booleans())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.usefixtures("city")
def test_cells_are_as_defined_after_marks_and_after_a_rebuild(delivered, bite, overlap, costs, monkeypatch):
    """Claimed in bites, and withdrawn or returned in between: the same cells as the pure definition gives.

    overlap: a sub-neighbourhood lies in a second neighbourhood too.
    """
    monkeypatch.setattr(cells, "WRITING", costs[0])
    monkeypatch.setattr(cells, "READING", costs[1])
    monkeypatch.setattr(cells, "LOOKED_AT", 2)
    overlapping = {"hierarchy": "other", "parent_code": "WK900102", "child_code": "BU90010101"}
    AreaMembership.objects.filter(**overlapping).delete()
    AreaMembership.objects.bulk_create([AreaMembership(**overlapping)] if overlap else [])
    aggregates.rebuild(municipality_code=outcomes.CITY)  # reports of earlier examples are still there
    outcomes.offering(factorCodes=["friends", "sport"], domainCodes=["health"], cityWide=False, areaCodes=["WK900102"])
    outcomes.offering("offering-c", interventionCode="intervention-c", factorCodes=["sport"])
    for report in delivered:
        store(report)
        aggregates.refresh_some(municipality_code=outcomes.CITY, limit=bite)
    dropped = OutcomeReport.objects.order_by("period_start", "area_code", "measure").first()
    if dropped is not None and len(delivered) % 2:
        OutcomeReport.objects.filter(pk=dropped.pk).update(status="withdrawn")
        aggregates.mark([dropped])
    aggregates.refresh()

    assert not AggregateMark.objects.exists()
    assert stored_cells() == defined_cells()
    assert aggregates.rebuild(municipality_code=outcomes.CITY) == 0

    Aggregate.objects.all().delete()
    aggregates.rebuild(municipality_code=outcomes.CITY)
    assert stored_cells() == defined_cells()


def store(raw):
    """As intake would, without asking whether the plan knows the period."""
    period, measure = parse(raw["period"]), MEASURES[raw["measure"]]
    report, _new = OutcomeReport.objects.update_or_create(
        offering_code=raw["offeringCode"], measure=measure.code, period_kind=period.kind, period_start=period.start,
        area_code=raw["areaCode"],
        defaults={
            "municipality_code": outcomes.CITY, "organisation_code": "org-a", "period_end": period.end,
            "counts": [raw["counts"].get(name) for name in measure.names], "status": "accepted", "recorded_by": "test",
            "receipt_id": uuid4(),
        },
    )  # fmt: skip
    aggregates.mark([report])


def stored_cells():
    return {
        (row.subject_kind, row.subject_code, row.measure, row.area_code, row.period_kind, row.period_start): (
            row.period_end, tuple(row.counts), row.paired and tuple(row.paired), row.lowest, row.highest,
            row.report_count, row.deliverer_count, row.expected_count,
        )
        for row in Aggregate.objects.all()
    }  # fmt: skip


def defined_cells():
    tree, facts = tree_of(outcomes.CITY), current_facts(outcomes.CITY)
    due = expectations_of(facts, tree)
    return {
        (c.subject_kind, c.subject, c.measure, c.area, c.period.kind, c.period.start): (
            c.period.end, found.counts, found.paired, found.lowest, found.highest, found.reports,
            len(found.offerings), expected(c, found.offerings, due.get(c.measure, ())),
        )
        for c, found in aggregate(lines_of(facts, tree)).items()
    }  # fmt: skip


def test_a_place_whose_neighbourhoods_overlap_counts_each_report_once(post, partner):
    """A group of a neighbourhood and of a sub-neighbourhood that lies in it, and in another too."""
    AreaMembership.objects.create(hierarchy="other", parent_code="WK900102", child_code="BU90010101")
    for area in ("BU90010101", "WK900101", "WK900102"):
        post(areaCode=area)
    aggregates.refresh()

    assert stored_cells() == defined_cells()
    assert cell(partner, offeringCode="offering-a", areaCode=outcomes.CITY, period="2024")["counts"]["started"] == 180


def test_a_check_finds_and_repairs_what_is_wrong_and_tells(post, client_with):
    post()
    aggregates.refresh()
    Aggregate.objects.filter(area_code=outcomes.CITY).update(report_count=7)
    Aggregate.objects.filter(area_code="district-a").delete()
    post(period="2024-Q2")
    holder = client_with("account-holder", municipality=outcomes.CITY)
    [before] = holder.get("/v1/outcome-aggregates/state").json()["results"]

    found = aggregate_checks.check_all()

    [after] = holder.get("/v1/outcome-aggregates/state").json()["results"]
    assert (before["waiting"], before["checkedAt"]) == (1, None) and before["waitingSince"] is not None
    assert found > 0 and stored_cells() == defined_cells()
    assert (after["waiting"], after["differing"], after["cells"]) == (0, found, Aggregate.objects.count())
    assert aggregate_checks.check_all() == 0
    call_command("rebuild_aggregates", "--check")


def test_the_command_only_looks_when_asked_to_check(post):
    post()
    aggregates.refresh()
    Aggregate.objects.filter(area_code=outcomes.CITY).update(report_count=7)

    with pytest.raises(CommandError, match="differ"):
        call_command("rebuild_aggregates", "--check")

    assert Aggregate.objects.filter(report_count=7).exists()


def test_figures_say_pooled_and_the_mean_of_neighbourhoods(post, partner):
    """Neighbourhoods of 30 of 100 and 30 of 50: pooled 60 of 150, on average 45 %; the third has no figure."""
    for area, target in (("WK900101", 100), ("WK900102", 50)):
        post(areaCode=area, counts={"targetGroup": target, "started": 30})
    aggregates.refresh()

    [figure] = cell(partner, areaCode=outcomes.CITY, offeringCode="offering-a", period="2024-Q1")["figures"]

    assert (figure["value"], figure["method"], figure["basis"]) == (0.4, "pooled-ratio", 150)
    mean = figure["meanOfAreas"]
    assert (mean["value"], mean["lowest"], mean["highest"]) == pytest.approx((0.45, 0.3, 0.6))
    assert (mean["areas"], mean["ofAreas"]) == (2, 3)
    [below] = cell(partner, areaCode="WK900101", offeringCode="offering-a", period="2024-Q1")["figures"]
    assert below["meanOfAreas"] is None


def test_a_ratio_rests_on_the_reports_that_give_both_parts(post, client_with):
    """One offering invited 100, of whom 50 started; another only tells that 40 started. Not 90 of 100."""
    outcomes.offering("offering-b")
    post(counts={"invited": 100, "started": 50})
    post(offeringCode="offering-b", areaCode="WK900102", counts={"started": 40})
    aggregates.refresh()
    holder = client_with("account-holder", municipality=outcomes.CITY)
    asked = {"interventionCode": "intervention-a", "period": "2024"}

    city, told, silent = (cell(holder, areaCode=a, **asked) for a in (outcomes.CITY, "WK900101", "WK900102"))

    assert (city["counts"]["started"], city["counts"]["invited"], city["figuresLeftOut"]) == (90, 100, [])
    [figure] = city["figures"]
    assert (figure["code"], figure["value"], figure["basis"]) == ("started-of-invited", 0.5, 100)
    assert (figure["meanOfAreas"]["value"], figure["meanOfAreas"]["areas"]) == (0.5, 1)
    assert (told["figures"][0]["value"], silent["figures"], silent["figuresLeftOut"]) == (0.5, [], [])
    assert aggregates.rebuild(municipality_code=outcomes.CITY) == 0


def test_a_ratio_whose_parts_nobody_gives_together_is_left_out_and_says_why(post, partner):
    post(period="2024-Q1", counts={"invited": 100})
    post(period="2024-Q2", counts={"started": 60})
    aggregates.refresh()
    asked = {"offeringCode": "offering-a", "areaCode": "WK900101"}

    year, quarter = (cell(partner, period=period, **asked) for period in ("2024", "2024-Q1"))
    english = partner.get("/v1/outcome-aggregates", {"view": "working", "period": "2024", "lang": "en", **asked}).json()

    assert (year["counts"]["invited"], year["counts"]["started"], year["figures"]) == (100, 60, [])
    [left] = year["figuresLeftOut"]
    assert (left["code"], left["reason"]) == ("started-of-invited", "parts-from-different-reports")
    assert left["detail"].startswith("Deel en geheel") and quarter["figuresLeftOut"] == []
    assert english["results"][0]["figuresLeftOut"][0]["detail"].startswith("Part and whole")


def test_a_target_group_told_once_a_year_holds_for_the_starts_of_the_whole_year(post, partner):
    """Of this offering and area; the starts of another area, where no target group is known, do not count."""
    post(period="2024-Q1", counts={"targetGroup": 400})
    post(period="2024-Q2", counts={"started": 60})
    post(period="2024-Q2", areaCode="WK900102", counts={"started": 30})
    aggregates.refresh()
    asked = {"offeringCode": "offering-a", "areaCode": outcomes.CITY}

    year, quarter = (cell(partner, period=period, **asked) for period in ("2024", "2024-Q2"))

    assert (year["counts"]["started"], quarter["figures"]) == (90, [])
    assert [(f["code"], f["value"], f["basis"]) for f in year["figures"]] == [("started-of-target-group", 0.15, 400)]


def test_months_count_in_the_school_year(post, partner):
    for month in ("2024-03", "2024-08", "2024-09"):
        store(outcomes.report(period=month, counts={"started": 10}))
    aggregates.refresh()

    found = cell(partner, areaCode="WK900101", offeringCode="offering-a", periodKind="school-year")

    assert {c["period"]: c["counts"]["started"] for c in found} == {
        "2023-08-01/2024-07-31": 10, "2024-08-01/2025-07-31": 20
    }  # fmt: skip


def test_much_that_is_stale_is_rebuilt_at_once(post):
    post(period="2024-Q1")
    post(period="2024-Q2")

    assert aggregates.refresh_some(municipality_code=outcomes.CITY, limit=1) == 2
    assert stored_cells() == defined_cells()


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
