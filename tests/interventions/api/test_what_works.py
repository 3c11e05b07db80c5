"""What works on something in an area: direct, one step away, and what the register knows besides."""

from datetime import date

import pytest

from factors import public as factors
from monitoring.models import Aggregate
from tests.factories import interventions as make

pytestmark = pytest.mark.usefixtures("city", "ranked")
DEFINITION = "public-five-elements-2023"
HERE = "WK036300"


def ask(client, query: str, status: int = 200) -> dict:
    answer = client.get(f"/v1/coverage/factors?municipalityCode=GM0363&activeOn=2024-05-01&{query}")
    assert answer.status_code == status, answer.content
    return answer.json()


def a_step() -> factors.Step:
    """A relation between two ranked factors of the public model."""
    ranking = factors.newest_ranking(definition_code=DEFINITION)
    ranked = {one.code for one in ranking.factors if one.ranked}
    steps = factors.factor_steps(model_code=ranking.model_code, version=ranking.model_version)
    both = {(step.from_code, step.to_code) for step in steps}
    return next(s for s in steps if {s.from_code, s.to_code} <= ranked and (s.to_code, s.from_code) not in both)


def test_an_outcome_narrows_to_the_factors_with_evidence_on_it(client_with):
    answer = ask(client_with(), f"outcome=school%20drop-out&areaCode={HERE}")

    codes = {one["factorCode"] for one in answer["factors"]}
    assert {"academic-failure", "low-commitment-to-school", "family-conflict"} <= codes
    assert "loneliness" not in codes


def test_capitals_and_hyphens_do_not_change_the_outcome(client_with):
    written, published = (
        ask(client_with(), f"outcome={text}&areaCode={HERE}")["factors"]
        for text in ("School-Dropout", "school%20drop-out")
    )

    assert written == published != []


def test_an_outcome_without_evidence_is_a_fault_that_names_the_nearest(client_with):
    answer = client_with().get("/v1/coverage/factors?municipalityCode=GM0363&outcome=school%20dropping%20out")

    (fault,) = answer.json()["errors"]
    assert fault["code"] == "unknown-outcome"
    assert fault["expected"][0] == "school drop-out"


@pytest.mark.parametrize("nothing", ["-", "%20.%20"])
def test_a_mark_alone_is_no_outcome(client_with, nothing):
    assert ask(client_with(), f"outcome={nothing}", status=400)["errors"][0]["code"] == "unknown-outcome"


def test_a_factor_may_be_asked_in_the_words_of_the_texts(client_with):
    answer = ask(client_with(), "factorCode=school-absence")

    assert [one["factorCode"] for one in answer["factors"]] == ["school-absenteeism"]


def test_a_factor_outside_the_ranking_still_shows_what_works_on_it(client_with):
    make.intervention("odd", factors=("school-dropout",), level=3)
    make.offering("odd-here", intervention_id="odd", area_codes=[HERE])

    (found,) = ask(client_with(), "factorCode=school-dropout")["factors"]

    assert (found["denseRank"], found["covered"]) == (None, "yes")
    assert next(one["interventionCode"] for one in found["register"]) == "odd"


def test_an_offering_one_step_away_is_indirect_and_does_not_cover(client_with):
    step = a_step()
    make.intervention("before", factors=(step.from_code,), level=3)
    make.offering("before-here", intervention_id="before", area_codes=[HERE])

    (found,) = ask(client_with(), f"factorCode={step.to_code}&areaCode={HERE}")["factors"]

    assert (found["covered"], found["offerings"]) == ("no", [])
    (indirect,) = found["indirectOfferings"]
    assert (indirect["offering"]["offeringCode"], indirect["throughFactors"]) == ("before-here", [step.from_code])


def test_the_register_says_what_would_work_and_who_offers_it_elsewhere(client_with):
    make.intervention("best", factors=("debt",), level=4)
    make.intervention("plain", factors=("debt",))
    make.offering("best-there", intervention_id="best", area_codes=["WK036301"])

    register = {one["interventionCode"]: one for one in
                ask(client_with(), f"factorCode=debt&areaCode={HERE}")["factors"][0]["register"]}  # fmt: skip

    assert next(iter(register)) == "best"
    assert [one["offeringCode"] for one in register["best"]["offeredInCity"]] == ["best-there"]
    assert (register["plain"]["listed"], register["plain"]["effectLevel"]) == (False, None)


def test_strength_stands_in_four_columns_for_those_entitled(client_with):
    make.intervention("good", factors=("debt",), level=3)
    make.offering("good-here", intervention_id="good", area_codes=[HERE], intended_reach=100, dose="12 keer")
    Aggregate.objects.create(
        municipality_code="GM0363", subject_kind="offering", subject_code="good-here", measure="reach",
        area_code="GM0363", period_kind="year", period_start=date(2024, 1, 1), period_end=date(2025, 1, 1),
        counts=[200, None, None, 50, None, None], report_count=1, deliverer_count=1,
    )  # fmt: skip

    inside = ask(client_with("area-adviser"), "factorCode=debt")["factors"][0]["offerings"][0]["strength"]
    outside = ask(client_with(), "factorCode=debt")["factors"][0]["offerings"][0]["strength"]

    assert inside == {
        "effectLevel": 3, "reachShare": 0.25, "reachAgainst": "target-group", "dose": "12 keer",
        "reportedUntil": "2025-01-01", "recognisedFrom": "2024-01-01",
    }  # fmt: skip
    assert (outside["reachShare"], outside["reachAgainst"], outside["reportedUntil"]) == (None, None, None)
    assert (outside["effectLevel"], outside["dose"]) == (3, "12 keer")


def test_a_share_of_the_target_group_rests_on_where_one_is_known(client_with):
    """200 live where 20 of the 50 started; elsewhere no target group was told."""
    make.intervention("good", factors=("debt",), level=3)
    make.offering("good-here", intervention_id="good", area_codes=[HERE])
    Aggregate.objects.create(
        municipality_code="GM0363", subject_kind="offering", subject_code="good-here", measure="reach",
        area_code="GM0363", period_kind="year", period_start=date(2024, 1, 1), period_end=date(2025, 1, 1),
        counts=[200, None, None, 50, None, None], paired=[20, 200, None, None, None, None], report_count=2,
        deliverer_count=1,
    )  # fmt: skip

    strength = ask(client_with("area-adviser"), "factorCode=debt")["factors"][0]["offerings"][0]["strength"]

    assert (strength["reachShare"], strength["reachAgainst"]) == (0.1, "target-group")


def test_what_is_not_known_of_strength_is_null_and_not_zero(client_with):
    make.intervention("plain", factors=("debt",))
    make.offering("plain-here", intervention_id="plain")

    strength = ask(client_with("area-adviser"), "factorCode=debt")["factors"][0]["offerings"][0]["strength"]

    assert set(strength.values()) == {None}
