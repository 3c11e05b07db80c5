"""What was agreed, and what came of it."""

from datetime import date

import pytest

from accounts.models import Municipality
from monitoring import public as monitoring
from monitoring.models import Aggregate, MeasurementPlan, OfferingFact
from tests.factories import interventions as make

pytestmark = pytest.mark.usefixtures("city")
PATH = "/v1/organisations/org-a/delivery?municipalityCode=GM0363&year=2024"


def aggregate(offering: str, kind: str, start: date, end: date, measure: str = "reach") -> None:
    Aggregate.objects.create(
        municipality_code="GM0363", subject_kind="offering", subject_code=offering, measure=measure,
        area_code="GM0363", period_kind=kind, period_start=start, period_end=end,
        counts=[200, None, None, 50, 40, None], report_count=1, deliverer_count=1,
    )  # fmt: skip


@pytest.fixture
def agreed(city):
    """Two offerings of org-a, one of org-b; the first has a quarterly plan, of which two of four quarters are there."""
    make.offering("b-second", organisation_id="org-a", intended_reach=10)
    make.offering("a-first", organisation_id="org-a", intended_reach=100)
    make.offering("other", organisation_id="org-b", intervention_id="method-b")
    make.agreement("one", offering_id="a-first", valid_until=date(2025, 1, 1), amount=5000, quality_nl="Geschoold",
                   quality_status="kept", measuring_nl="Bereik per kwartaal")  # fmt: skip
    OfferingFact.objects.create(
        offering_code="a-first", municipality_code="GM0363", organisation_code="org-a", intervention_code="method-a",
        service_type="contact-moments", city_wide=True, starts_on=date(2020, 1, 1), xid=1, position=1,
    )  # fmt: skip
    MeasurementPlan.objects.create(
        municipality_code="GM0363", organisation_code="org-a", offering_code="a-first", measure="reach",
        monitor_type="continuous", period_kind="quarter", valid_from=date(2024, 1, 1), valid_until=date(2025, 1, 1),
    )  # fmt: skip
    aggregate("a-first", "quarter", date(2024, 1, 1), date(2024, 4, 1))
    aggregate("a-first", "quarter", date(2024, 4, 1), date(2024, 7, 1))
    aggregate("a-first", "year", date(2024, 1, 1), date(2025, 1, 1))


def test_one_call_tells_what_was_agreed_with_an_organisation_and_what_came_of_it(client_with, agreed):
    answer = client_with("account-holder").get(PATH).json()

    assert [one["offeringCode"] for one in answer["offerings"]] == ["a-first", "b-second"]
    first, second = answer["offerings"]
    assert first["agreements"][0]["amount"] == 5000
    assert (first["agreements"][0]["quality"], first["agreements"][0]["qualityStatus"]) == ("Geschoold", "kept")
    assert (first["reach"]["intended"], first["reach"]["started"], first["reach"]["startedShare"]) == (100, 50, 0.5)
    assert (first["reach"]["targetGroup"], first["reach"]["attendsStructurally"]) == (200, 40)
    assert (first["measuring"]["periodsExpected"], first["measuring"]["periodsDelivered"]) == (4, 2)
    assert first["measuring"]["completeness"] == 0.5
    assert (second["reach"]["started"], second["reach"]["startedShare"]) == (None, None)
    assert second["measuring"]["completeness"] is None


def test_only_the_year_asked_for_is_held_against_the_plan(client_with, agreed):
    MeasurementPlan.objects.update(valid_from=date(2023, 1, 1))

    first = client_with("account-holder").get(PATH).json()["offerings"][0]

    assert (first["measuring"]["periodsExpected"], first["measuring"]["periodsDelivered"]) == (4, 2)


def test_nothing_is_expected_of_an_offering_that_has_ended(client_with, agreed):
    """It ran until halfway the third quarter, which is asked for as completeness does."""
    OfferingFact.objects.update(ends_on=date(2024, 8, 15))

    [measure] = client_with("account-holder").get(PATH).json()["offerings"][0]["measuring"]["measures"]

    assert (measure["periodsExpected"], measure["periodsDelivered"]) == (3, 2)


def test_a_quarter_in_which_one_plan_takes_over_is_expected_once(agreed):
    MeasurementPlan.objects.update(valid_until=date(2024, 5, 15))
    MeasurementPlan.objects.create(
        municipality_code="GM0363", organisation_code="org-a", offering_code="a-first", measure="reach",
        monitor_type="sample", period_kind="quarter", valid_from=date(2024, 5, 15),
    )  # fmt: skip

    measures = kept()

    assert [(one.periods_expected, one.periods_delivered) for one in measures] == [(2, 2), (2, 0)]


def test_a_school_year_is_expected_in_the_year_in_which_it_ends(agreed):
    MeasurementPlan.objects.update(period_kind="school-year", valid_from=date(2023, 8, 1))
    aggregate("a-first", "school-year", date(2023, 8, 1), date(2024, 8, 1))

    assert [(one.periods_expected, one.periods_delivered) for one in kept()] == [(1, 1)]


def kept():
    told = monitoring.plan_kept(offering_codes=["a-first"], since=date(2024, 1, 1), until=date(2025, 1, 1))
    return told["a-first"]


def test_recency_is_the_last_quarter_reported_and_not_the_year_it_adds_up_to(agreed):
    found = monitoring.last_reported(municipality_code="GM0363", offering_codes=["a-first"], until=date(2025, 1, 1))

    assert found == {"a-first": date(2024, 7, 1)}


def test_one_offering_has_its_own_answer(client_with, agreed):
    answer = client_with("account-holder").get("/v1/offerings/a-first/delivery?year=2024").json()

    assert answer["offering"]["offeringCode"] == "a-first"
    assert answer["organisationCode"] == "org-a"


def test_partners_cannot_be_put_in_order(client_with, agreed):
    answer = client_with("account-holder").get(f"{PATH}&sort=-startedShare")

    assert [one["code"] for one in answer.json()["errors"]] == ["unknown-key"]


def test_delivery_of_another_municipality_does_not_exist(client_with, agreed):
    Municipality.objects.get_or_create(code="GM0599", defaults={"name": "Rotterdam"})
    stranger = client_with("account-holder", municipality="GM0599")

    assert stranger.get(PATH).status_code == 404
    assert stranger.get("/v1/offerings/a-first/delivery").status_code == 404


def test_without_the_monitoring_store_the_agreements_are_still_there(client_with, agreed, monitoring_away):
    answer = client_with("account-holder").get(PATH).json()

    assert answer["absent"] == ["monitoring"]
    assert answer["offerings"][0]["agreements"][0]["agreementCode"] == "one"
    assert answer["offerings"][0]["reach"]["started"] is None


def test_more_offerings_cost_no_more_queries(client_with, queries_of, agreed):
    client = client_with("account-holder")
    client.get(PATH)
    few = queries_of(lambda: client.get(PATH))
    for number in range(5):
        make.offering(f"more-{number}", organisation_id="org-a")

    assert queries_of(lambda: client.get(PATH)) == few
