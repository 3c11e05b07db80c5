"""Coverage of every neighbourhood: priorities, shares, what runs out, what changed."""

from datetime import date

import pytest

from factors import public as factors
from monitoring import public as monitoring
from monitoring.models import Area
from tests.factories import interventions as make

pytestmark = pytest.mark.usefixtures("city", "ranked")
DEFINITION = "public-five-elements-2023"
HERE, THERE = "WK036300", "WK036301"


def ask(client, kind: str, query: str = "", status: int = 200) -> dict:
    answer = client.get(f"/v1/coverage/{kind}?municipalityCode=GM0363&activeOn=2024-05-01&{query}")
    assert answer.status_code == status, answer.content
    return answer.json()


def top_factors() -> list[str]:
    ranking = factors.newest_ranking(definition_code=DEFINITION)
    return [factor.code for factor in ranking.factors if factor.ranked]


def area(answer: dict, code: str = HERE) -> dict:
    return next(one for one in answer["areas"] if one["areaCode"] == code)


def line(answer: dict, factor: str, code: str = HERE) -> dict:
    return next(one for one in area(answer, code)["factors"] if one["factorCode"] == factor)


@pytest.fixture
def offered(city):
    """First factor: level 3 here only; second: not listed, city-wide; third: nobody, but level 4 in the register."""
    first, second, third, *_ = top_factors()
    make.intervention("good", factors=(first,), level=3, prevention_levels=["selective"])
    make.intervention("new", factors=(second,))
    make.intervention("best", factors=(third,), level=4)
    make.offering("good-here", intervention_id="good", area_codes=[HERE], intended_reach=50)
    make.offering("new-everywhere", intervention_id="new")


def test_every_neighbourhood_has_its_gaps_by_priority(client_with, offered):
    first, second, _third, *_ = top_factors()

    answer = ask(client_with(), "priorities", "top=5")

    assert len(answer["areas"]) == len([p for p in monitoring.city_places(municipality_code="GM0363", year=2024)
                                        if p.level == "neighbourhood"])  # fmt: skip
    assert first not in [one["factorCode"] for one in area(answer)["factors"]]
    assert line(answer, first, THERE)["lack"] == "no"
    assert line(answer, second)["lack"] == "below-minimum"
    totals = [one["priority"] for one in answer["areas"]]
    assert totals == sorted(totals, reverse=True)


def test_a_line_shows_its_sum(client_with, offered):
    _, second, *_ = top_factors()
    ranking = factors.newest_ranking(definition_code=DEFINITION)
    scores = {one.code: one.score for one in ranking.factors}

    found = line(ask(client_with(), "priorities", "top=5"), second)

    assert found["scorePart"] == pytest.approx(scores[second] / max(scores.values()))
    assert (found["lackPart"], found["need"], found["needPart"]) == (0.5, "unknown", 0.5)
    assert found["needKnown"] is False
    assert found["priority"] == pytest.approx(found["scorePart"] * 0.5 * 0.5)
    assert found["drivenBy"] == ["score"]
    assert found["belowMinimum"] == ["new-everywhere"]


def test_a_line_says_what_would_change_it_and_what_would_close_it(client_with, offered):
    _, _, third, *_ = top_factors()

    answer = ask(client_with(), "priorities", "top=5")

    found = line(answer, third)
    by_kind = {one["missingPart"]: one for one in found["changedBy"]}
    assert by_kind["offering"]["codes"] == found["closableBy"] == ["best"]
    assert {"observation", "indicator-link"} & set(by_kind)
    closer = next(one for one in answer["closers"] if one["factorCode"] == third)["interventions"][0]
    assert (closer["effectLevel"]["level"], closer["databaseCodes"], closer["offeredInCity"]) == (4, ["youth-nji"], [])


def test_a_closer_says_who_offers_it_elsewhere_in_the_city(client_with, offered):
    first = top_factors()[0]

    answer = ask(client_with(), "priorities", f"top=5&areaCode={THERE}")

    closer = next(one for one in answer["closers"] if one["factorCode"] == first)["interventions"][0]
    assert [one["offeringCode"] for one in closer["offeredInCity"]] == ["good-here"]
    assert closer["offeredInCity"][0]["areaCodes"] == [HERE]


def test_shares_per_neighbourhood_and_of_the_city(client_with, offered):
    answer = ask(client_with(), "diversity")

    assert answer["city"]["evidenceBasedShare"] == 0.5
    assert area(answer, HERE)["diversity"]["evidenceBasedShare"] == 0.5
    assert area(answer, THERE)["diversity"]["evidenceBasedShare"] == 0.0
    assert area(answer, THERE)["diversity"]["offeringCount"] == 1


def test_several_offerings_for_one_factor_phase_and_area_overlap(client_with, offered):
    first = top_factors()[0]
    make.offering("good-again", intervention_id="good", area_codes=[HERE], life_phases=["adulthood"])
    make.offering("good-too", intervention_id="good", area_codes=[HERE], life_phases=["adulthood"])

    answer = ask(client_with(), "overlaps")

    assert [one["areaCode"] for one in answer["areas"]] == [HERE]
    assert answer["areas"][0]["overlaps"] == [
        {"factorCode": first, "lifePhase": "adulthood", "offeringCodes": ["good-again", "good-too"]}
    ]


def test_an_agreement_that_runs_out_opens_a_gap(client_with, offered):
    first = top_factors()[0]
    make.agreement("ends", offering_id="good-here", valid_until=date(2024, 7, 1))

    answer = ask(client_with("account-holder"), "expiring", "endsFrom=2024-01-01&endsUntil=2024-12-31&minimumLevel=2")

    (found,) = answer["agreements"]
    assert (found["agreementCode"], found["lastDay"], found["validUntil"]) == ("ends", "2024-06-30", "2024-07-01")
    assert found["goesOn"] is False
    assert found["opensGaps"][0]["factorCode"] == first
    assert HERE in found["opensGaps"][0]["areaCodes"]
    assert THERE not in found["opensGaps"][0]["areaCodes"]


def test_an_agreement_that_is_followed_by_another_opens_nothing(client_with, offered):
    make.agreement("ends", offering_id="good-here", valid_until=date(2024, 7, 1))
    make.agreement("follows", offering_id="good-here", valid_from=date(2024, 6, 1))

    answer = ask(client_with("account-holder"), "expiring", "endsFrom=2024-01-01&endsUntil=2024-12-31")

    (found,) = answer["agreements"]
    assert (found["goesOn"], found["opensGaps"]) == (True, [])


@pytest.mark.parametrize(
    ("until", "asked", "found"),
    [
        (
            date(2025, 1, 1),
            "endsFrom=2024-01-01&endsUntil=2024-12-31",
            True,
        ),  # its last day is 31 December
        (date(2024, 12, 31), "endsFrom=2024-01-01&endsUntil=2024-12-31", True),
        (date(2024, 1, 1), "endsFrom=2024-01-01&endsUntil=2024-12-31", False),  # its last day lay in 2023
        (date(2025, 1, 2), "endsFrom=2024-01-01", False),
        (date(2025, 1, 1), "endsFrom=2024-12-31", True),
        (date(2025, 1, 1), "endsFrom=2024-01-01&endsUntil=2999-12-31", True),
    ],
)
def test_contracts_that_end_this_year_are_those_whose_last_day_lies_in_it(client_with, offered, until, asked, found):
    make.agreement("ends", offering_id="good-here", valid_until=until)

    answer = ask(client_with("account-holder"), "expiring", asked)

    assert [one["agreementCode"] for one in answer["agreements"]] == (["ends"] if found else [])


def test_ending_agreements_of_another_municipality_do_not_exist(client_with, offered):
    from accounts.models import Municipality

    Municipality.objects.get_or_create(code="GM0599", defaults={"name": "Rotterdam"})

    answer = client_with("account-holder").get("/v1/coverage/expiring?municipalityCode=GM0599")

    assert answer.status_code == 404


def test_what_changed_between_two_days(client_with, offered):
    first = top_factors()[0]
    make.agreement("ends", offering_id="good-here", valid_until=date(2024, 7, 1))

    answer = ask(client_with(), "changes", "dayFrom=2024-05-01&dayUntil=2024-08-01&minimumLevel=2")

    assert [one["areaCode"] for one in answer["areas"]] == [HERE]
    assert answer["areas"][0]["openedFactors"] == [first]
    assert answer["areas"][0]["endedOfferings"] == ["good-here"]
    back = ask(client_with(), "changes", "dayFrom=2023-05-01&dayUntil=2024-05-01&minimumLevel=2")
    assert [area["closedFactors"] for area in back["areas"]] == [[first]]


def test_an_offering_in_a_withdrawn_area_counts_for_the_city_only_and_is_named(client_with, offered):
    make.offering("gone", intervention_id="best", area_codes=["WK036399"])

    answer = ask(client_with(), "diversity")

    assert answer["offeringsOutsideAreas"] == ["gone"]
    assert answer["city"]["offeringCount"] == 3
    assert all(one["diversity"]["offeringCount"] <= 2 for one in answer["areas"])


def test_without_the_monitoring_store_the_city_is_looked_at_as_a_whole(client_with, offered, monitoring_away):
    answer = ask(client_with(), "priorities", "top=5")

    assert answer["absent"] == ["monitoring"]
    assert [one["areaCode"] for one in answer["areas"]] == ["GM0363"]
    assert {one["need"] for one in answer["areas"][0]["factors"]} == {"unknown"}


def test_more_neighbourhoods_cost_no_more_queries(client_with, queries_of, offered):
    client = client_with()
    path = "/v1/coverage/priorities?municipalityCode=GM0363&activeOn=2024-05-01&top=5"
    client.get(path)

    assert queries_of(lambda: client.get(path)) <= queries_of(lambda: client.get(f"{path}&areaCode={HERE}"))


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("priorities?municipalityCode=GM0363&areaCode=WK999999", "unknown-area"),
        ("diversity?municipalityCode=GM9999", "unknown-municipality"),
        ("changes?municipalityCode=GM0363&dayFrom=2024-05-01&dayUntil=2024-01-01", "ends-before-start"),
        ("overlaps?municipalityCode=GM0363&domainCode=luck", "unknown-domain"),
    ],
)
def test_what_we_do_not_know_is_a_clear_fault(client_with, query, code):
    answer = client_with().get(f"/v1/coverage/{query}")

    assert answer.status_code == 400
    assert [one["code"] for one in answer.json()["errors"]] == [code]


@pytest.mark.parametrize("kind", ["diversity", "overlaps", "priorities"])
def test_a_city_that_did_not_change_is_not_read_again(client_with, offered, queries_of, kind):
    client = client_with()
    ask(client, kind)
    warm = queries_of(lambda: ask(client, kind))

    make.offering("late", intervention_id="best", area_codes=[HERE])
    changed = queries_of(lambda: ask(client, kind))

    assert changed - warm == 5  # which offerings changed, and those with their facts
    assert queries_of(lambda: ask(client, kind)) == warm


def test_another_phase_of_an_intervention_is_seen_at_once(client_with, offered):
    assert ask(client_with(), "diversity", f"areaCode={HERE}&lifePhase=pregnancy")["areas"][0]["diversity"][
        "offeringCount"
    ] == 0  # fmt: skip

    make.intervention("new", factors=(top_factors()[1],), life_phases=["pregnancy"])

    found = ask(client_with(), "diversity", f"areaCode={HERE}&lifePhase=pregnancy")
    assert found["areas"][0]["diversity"]["offeringCount"] == 1


def test_names_follow_the_reader_also_when_the_city_is_kept(client_with, offered):
    Area.objects.filter(code=HERE).update(name_en="Old Side")
    client = client_with()

    def name(language: str) -> str:
        answer = client.get(
            f"/v1/coverage/diversity?municipalityCode=GM0363&activeOn=2024-05-01&areaCode={HERE}",
            headers={"Accept-Language": language},
        )
        return answer.json()["areas"][0]["name"]

    assert [name("nl"), name("en"), name("nl")] == ["Burgwallen-Oude Zijde", "Old Side", "Burgwallen-Oude Zijde"]
