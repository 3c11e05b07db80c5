"""Coverage: supply against need, and what the answer rests on."""

from datetime import date

import pytest

from factors import public as factors
from interventions.models import Offering
from tests.factories import interventions as make

pytestmark = pytest.mark.usefixtures("city", "ranked")
DEFINITION = "public-five-elements-2023"
WIJK, BUURT, ELSEWHERE = "WK036300", "BU03630000", "WK036301"


def ask(client, kind: str, query: str = "", status: int = 200) -> dict:
    answer = client.get(f"/v1/coverage/{kind}?municipalityCode=GM0363&activeOn=2024-05-01&{query}")
    assert answer.status_code == status, answer.content
    return answer.json()


def top_factors() -> list[str]:
    ranking = factors.newest_ranking(definition_code=DEFINITION)
    return [factor.code for factor in ranking.factors if factor.ranked]


def factor(answer: dict, code: str) -> dict:
    return next(one for one in answer["factors"] if one["factorCode"] == code)


def ways(answer: dict, code: str) -> dict[str, str]:
    return {one["offeringCode"]: one["via"] for one in factor(answer, code)["offerings"]}


@pytest.fixture
def offered(city):
    """First factor: level 3 in one neighbourhood; second: not listed, city-wide; third: nobody."""
    first, second, *_ = top_factors()
    make.intervention("good", factors=(first,), level=3, domain_codes=["work"], prevention_levels=["selective"],
                      life_phases=["adulthood"], life_domains=["home"], duration="structural")  # fmt: skip
    make.intervention("new", factors=(second,), domain_codes=["work", "crime"])
    make.offering("good-here", intervention_id="good", area_codes=[WIJK], intended_reach=50)
    make.offering("new-everywhere", intervention_id="new")


def test_every_factor_of_the_ranking_says_whether_it_is_covered(client_with, offered):
    first, second, third, *_ = top_factors()

    answer = ask(client_with(), "factors")

    assert [one["factorCode"] for one in answer["factors"]][:3] == [first, second, third]
    assert [one["covered"] for one in answer["factors"]][:3] == ["yes", "yes", "no"]
    assert len(answer["factors"]) == len(factors.newest_ranking(definition_code=DEFINITION).factors)
    assert answer["offeringCount"] == 2


def test_an_answer_carries_what_it_rests_on(client_with, offered):
    answer = ask(client_with(), "factors", "minimumLevel=2")

    ranking = factors.newest_ranking(definition_code=DEFINITION)
    assert answer["municipalityCode"] == "GM0363"
    assert answer["areaCodes"] == ["GM0363"]
    assert (answer["activeOn"], answer["minimumLevel"], answer["absent"]) == ("2024-05-01", 2, [])
    assert answer["ranking"]["snapshotId"] == ranking.snapshot_id
    assert (answer["ranking"]["method"], answer["ranking"]["modelVersion"]) == ("five-elements-2023", "1.0.0")
    assert answer["explanation"]


def test_an_offering_shows_its_level_and_not_listed_is_null(client_with, offered):
    first, second, *_ = top_factors()

    answer = ask(client_with(), "factors", "minimumLevel=2")

    good, new = factor(answer, first)["offerings"][0], factor(answer, second)["offerings"][0]
    assert good["effectLevel"] == {"level": 3, "code": "first-indications", "name": "doeltreffende interventies"}
    assert (good["listed"], new["listed"], new["effectLevel"]) == (True, False, None)
    assert (good["intendedReach"], good["preventionLevels"]) == (50, ["selective"])
    assert [factor(answer, code)["covered"] for code in (first, second)] == ["yes", "below-minimum"]


def test_parts_areas_above_and_the_whole_city_count(client_with, offered):
    first, second, *_ = top_factors()
    client = client_with()

    assert ways(ask(client, "factors", f"areaCode={WIJK}"), first) == {"good-here": "own-area"}
    assert ways(ask(client, "factors", f"areaCode={BUURT}"), first) == {"good-here": "area-above"}
    assert ways(ask(client, "factors"), first) == {"good-here": "part"}
    assert ways(ask(client, "factors", f"areaCode={ELSEWHERE}"), first) == {}
    assert ways(ask(client, "factors", f"areaCode={ELSEWHERE}"), second) == {"new-everywhere": "city-wide"}
    assert ways(ask(client, "factors", f"areaCode={ELSEWHERE}&areaCode={BUURT}"), first) == {"good-here": "area-above"}


def test_an_expired_agreement_uncovers_a_factor(client_with, offered):
    first = top_factors()[0]
    make.agreement(offering_id="good-here", valid_until=date(2024, 5, 1))

    assert factor(ask(client_with(), "factors"), first)["covered"] == "no"


def test_gaps_are_the_high_ranked_factors_without_enough(client_with, offered):
    first, second, third, *_ = top_factors()

    without = {one["factorCode"]: one for one in ask(client_with(), "gaps", "top=3")["factors"]}
    strict = {one["factorCode"]: one for one in ask(client_with(), "gaps", "top=3&minimumLevel=2")["factors"]}

    assert third in without and second not in without and first not in without
    assert strict[second]["lack"] == "below-minimum"
    assert [one["offeringCode"] for one in strict[second]["belowMinimum"]] == ["new-everywhere"]
    assert strict[third] | {"lack": "no", "belowMinimum": []} == strict[third]
    assert all(one["denseRank"] <= 3 for one in strict.values())


def test_gaps_show_empty_cells_domains_without_offering_and_shares(client_with, offered):
    answer = ask(client_with(), "gaps")

    assert {"lifePhase": "adulthood", "lifeDomain": "home"} not in answer["emptyCells"]
    assert len(answer["emptyCells"]) == 7 * 5 - 1
    domains = {one["domainCode"] for one in answer["domainsWithoutOffering"]}
    assert len(domains) == 7
    assert not {"work", "crime"} & domains
    assert answer["diversity"]["evidenceBasedShare"] == 0.5
    assert {one["code"]: one["count"] for one in answer["diversity"]["preventionLevels"]} == {
        "selective": 1, "not-stated": 1
    }  # fmt: skip


def test_a_minimum_level_empties_cells_and_domains_but_not_the_spread(client_with, offered):
    answer = ask(client_with(), "gaps", "minimumLevel=4")

    assert len(answer["emptyCells"]) == 7 * 5
    assert len(answer["domainsWithoutOffering"]) == 9
    assert answer["diversity"]["evidenceBasedShare"] == 0.5


def test_the_matrix_has_a_row_per_domain_and_a_column_for_what_is_not_stated(client_with, offered):
    answer = ask(client_with(), "matrix")

    filled = {
        (row["domainCode"], cell["preventionLevel"]): [one["offeringCode"] for one in cell["offerings"]]
        for row in answer["rows"]
        for cell in row["cells"]
        if cell["offerings"]
    }
    assert filled == {
        ("work", "selective"): ["good-here"],
        ("work", "not-stated"): ["new-everywhere"],
        ("crime", "not-stated"): ["new-everywhere"],
    }
    assert len(answer["rows"]) == 9
    assert {row["pillarCode"] for row in answer["rows"]} == {"opportunity", "safety", "health"}


def test_conditions_narrow_the_answer(client_with, offered):
    client = client_with()

    assert ask(client, "matrix", "domainCode=crime")["offeringCount"] == 1
    assert [row["domainCode"] for row in ask(client, "matrix", "domainCode=crime")["rows"]] == ["crime"]
    assert ask(client, "gaps", "lifePhase=adulthood")["offeringCount"] == 1
    assert ask(client, "gaps", "lifeDomain=digital")["offeringCount"] == 0
    assert ask(client, "gaps", "lifeDomain=digital&lifePhase=adulthood")["emptyCells"] == [
        {"lifePhase": "adulthood", "lifeDomain": "digital"}
    ]


def test_an_offering_without_a_ranked_factor_or_domain_does_not_vanish(client_with, offered):
    make.offering("odd", intervention_id="odd")

    assert ask(client_with(), "factors")["offeringsWithoutRankedFactor"] == ["odd"]
    assert ask(client_with(), "matrix")["offeringsWithoutDomain"] == ["odd"]


def test_offerings_of_another_municipality_do_not_count(client_with, offered):
    make.offering("rotterdam", municipality_code="GM0599", intervention_id="good")

    assert ask(client_with(), "factors")["offeringCount"] == 2


@pytest.mark.parametrize(
    ("query", "location", "code"),
    [
        ("areaCode=WK999999", "areaCode", "unknown-area"),
        ("areaCode=NL00", "areaCode", "area-elsewhere"),
        ("domainCode=luck", "domainCode", "unknown-domain"),
        ("minimumLevel=9", "minimumLevel", "max-value"),
        ("activeOn=soon", "activeOn", "invalid"),
        ("activeOn=9999-12-31", "activeOn", "out-of-range"),
        ("activeOn=0999-12-31", "activeOn", "out-of-range"),
        ("lifePhase=toddler", "lifePhase", "invalid-choice"),
        ("colour=red", "colour", "unknown-key"),
    ],
)
def test_what_we_do_not_know_is_a_clear_fault(client_with, query, location, code):
    answer = client_with().get(f"/v1/coverage/factors?municipalityCode=GM0363&{query}")

    assert answer.status_code == 400
    assert [(one["location"], one["code"]) for one in answer.json()["errors"]] == [(location, code)]


def test_an_unknown_municipality_is_bad_input_and_a_missing_one_too(client_with):
    unknown = client_with().get("/v1/coverage/gaps?municipalityCode=GM9999")
    missing = client_with().get("/v1/coverage/gaps")

    assert [one["code"] for one in unknown.json()["errors"]] == ["unknown-municipality"]
    assert [one["code"] for one in missing.json()["errors"]] == ["required"]


def test_an_unknown_ranking_is_404_with_the_key_that_names_it(client_with):
    answer = client_with().get("/v1/coverage/gaps?municipalityCode=GM0363&definitionCode=nothing")

    assert answer.status_code == 404
    assert answer.json()["errors"][0]["location"] == "definitionCode"


@pytest.mark.parametrize("kind", ["factors", "gaps", "matrix"])
def test_more_offerings_cost_no_more_queries(client_with, queries_of, offered, kind):
    client = client_with()
    path = f"/v1/coverage/{kind}?municipalityCode=GM0363&areaCode={WIJK}&activeOn=2024-05-01"
    client.get(path)
    few = queries_of(lambda: client.get(path))
    for number in range(6):
        make.offering(f"more-{number}", intervention_id="good")
        make.agreement(f"more-{number}", offering_id=f"more-{number}")

    client.get(path)
    assert queries_of(lambda: client.get(path)) == few
    assert Offering.objects.count() == 8


def test_without_the_monitoring_store_the_answer_says_what_is_missing(client_with, offered, monitoring_away):
    first = top_factors()[0]

    answer = ask(client_with(), "factors", f"areaCode={WIJK}")

    assert answer["absent"] == ["monitoring"]
    assert ways(answer, first) == {"good-here": "own-area"}
    assert factor(answer, first)["offerings"][0]["realisedReach"] is None
    assert "monitoring" in answer["explanation"][-1]


def test_the_demo_covers_some_top_factors_and_leaves_gaps(client_with, demo):
    answer = client_with().get("/v1/coverage/gaps?municipalityCode=GM0363&activeOn=2026-11-21&minimumLevel=2").json()

    lacks = {one["lack"] for one in answer["factors"]}
    assert lacks == {"no", "below-minimum"}
    covered = set(top_factors()[:10]) - {one["factorCode"] for one in answer["factors"]}
    assert covered
