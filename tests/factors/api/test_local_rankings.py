"""Rankings with the figures of one area: labelled, cited, falling back where there is none (ranking.md 1.7)."""

import pytest

from accounts.models import Outbox
from config.ledger.outbox import Event
from factors import tasks
from factors.models import RankingDefinition, RankingMark, RankingSnapshot
from factors.services.rankings import recompute_marked
from monitoring.models import IndicatorLink
from tests.factories import factors as factory
from tests.factories import figures, interventions, outcomes
from tests.factors import golden

pytestmark = pytest.mark.usefixtures("stores", "small", "city")


@pytest.fixture
def small():
    RankingMark.objects.all().delete()
    return factory.published(golden.MODEL)


@pytest.fixture
def city():
    """Two neighbourhoods: bullying is rare in one and common in the other; distress is known in the city alone."""
    for code in ("area-a", "area-b"):
        figures.an_area(code, municipality_code="GM9999")
    figures.an_area("GM9999", level="municipality", municipality_code="GM9999")
    for code in ("bullied", "distress"):
        figures.an_indicator(f"share-{code}")
        IndicatorLink.objects.create(
            indicator_id=f"share-{code}", target_kind="factor", target_code=code, role="prevalence", basis="test"
        )
    share = [("area-a", 5.0), ("area-b", 60.0), ("GM9999", 20.0)]
    figures.loaded(
        *(figures.an_observation(indicator_code="share-bullied", area_code=code, value=value) for code, value in share),
        figures.an_observation(indicator_code="share-distress", area_code="GM9999", value=30.0),
    )


@pytest.fixture
def ask(client_with):
    def asked(area="area-a", status=201, **body):
        wish = {"modelCode": "small", "method": "rip-2019", "areaCode": area, **body}
        answer = client_with("area-adviser").post("/v1/rankings", wish, format="json")
        assert answer.status_code == status, answer.content
        return answer.json()

    return asked


def factor(ranking, code):
    return next(each for each in ranking["factors"] if each["factorCode"] == code)


def points(ranking, code, element):
    return next(p for p in factor(ranking, code)["points"] if p["element"] == element)


def test_the_figure_of_the_area_takes_the_place_of_the_prevalence(ask):
    ranking = ask("area-b")

    assert (ranking["areaCode"], ranking["withLocalData"]) == ("area-b", True)
    assert points(ranking, "bullied", "prevalence")["share"] == pytest.approx(0.6)
    (figure,) = ranking["localData"]["figures"]
    assert (figure["factorCode"], figure["share"], figure["referenceShare"]) == ("bullied", 0.6, 0.2)
    assert (figure["observation"]["indicatorCode"], figure["observation"]["period"]) == ("share-bullied", "2024")
    assert (figure["observation"]["areaCode"], figure["observation"]["value"]) == ("area-b", 60)
    assert ranking["localData"]["referenceAreaCode"] == "GM9999"


def test_a_factor_without_a_figure_says_so_and_falls_back(ask, client_with):
    ranking, plain = ask(), ask(None)

    assert "local-figure-missing" in factor(ranking, "distress")["flags"]
    assert "local-figure-missing" not in factor(ranking, "bullied")["flags"]
    assert factor(ranking, "distress")["score"] == factor(plain, "distress")["score"]
    assert (plain["withLocalData"], plain["localData"]) == (False, None)


def test_two_areas_are_two_snapshots(ask):
    first, second = ask("area-a"), ask("area-b")

    assert first["id"] != second["id"]
    assert factor(first, "bullied")["score"] < factor(second, "bullied")["score"]
    assert ask("area-a", status=200)["id"] == first["id"]


def test_the_gap_to_the_city_is_a_sixth_element_of_its_own_weight(ask):
    local = {"form": "gap", "weight": 0.5}

    ranking = ask("area-b", method="five-elements-2023", localData=local)

    element = points(ranking, "bullied", "local")
    gap = (0.6 - 0.2) / 0.2
    assert element["share"] == pytest.approx(gap / (gap + 0.5))  # half the points at a gap of 0.5
    assert element["weight"] == pytest.approx(0.5 / 1.5)
    assert (ranking["localData"]["form"], ranking["localData"]["weight"]) == ("gap", 0.5)


def test_a_sixth_element_without_weight_changes_nothing(ask):
    ranking = ask(method="five-elements-2023", localData={"weight": 0})
    plain = ask(None, method="five-elements-2023")

    assert not ranking["withLocalData"]
    assert [f["score"] for f in ranking["factors"]] == [f["score"] for f in plain["factors"]]


def test_a_new_figure_is_another_snapshot_and_the_old_one_stays(ask, client_with):
    first = ask()
    figures.loaded(figures.an_observation(year=2025, indicator_code="share-bullied", value=40.0))

    assert factor(ask(), "bullied")["score"] > factor(first, "bullied")["score"]
    assert client_with().get(f"/v1/rankings/{first['id']}").json() == first
    assert ask(status=200, localData={"year": 2024})["id"] == first["id"]


def test_a_difference_in_figures_is_attributed_to_data(ask, client_with):
    first, second = ask("area-a"), ask("area-b")

    told = client_with().get(f"/v1/rankings/{second['id']}/diff?against={first['id']}").json()

    assert told["changed"] == ["data"]
    assert {move["factorCode"] for move in told["factors"] if move["change"]} == {"bullied"}


def test_a_local_figure_can_be_changed_in_a_scenario(ask, client_with):
    changes = {"local": [{"factorCode": "bullied", "share": 0.6}]}

    body = {"rankingId": ask("area-a")["id"], "changes": changes}
    told = client_with().post("/v1/scenarios", body, format="json").json()

    assert {f["factorCode"]: f["score"] for f in told["factors"]} == {
        f["factorCode"]: f["score"] for f in ask("area-b")["factors"]
    }


@pytest.mark.parametrize(
    ("body", "location", "code"),
    [
        ({"area": "nowhere"}, "#/areaCode", "unknown-area"),
        ({"area": None, "localData": {"weight": 1}}, "#/areaCode", "required"),
        ({"localData": {"form": "gap"}}, "#/localData/form", "gap-not-in-method"),
        ({"localData": {"weight": -1}}, "#/localData/weight", "invalid-weight"),
        ({"localData": {"partnerWeight": -1}}, "#/localData/partnerWeight", "invalid-weight"),
        ({"localData": {"partnerWeight": 0.2}}, "#/localData/partnerWeight", "partners-not-in-method"),
        ({"localData": {"form": "absolute"}}, "#/localData/form", "invalid-choice"),
    ],
)
def test_what_cannot_be_local_is_refused_with_its_place(ask, body, location, code):
    told = ask(**body, status=400)

    assert (told["errors"][0]["location"], told["errors"][0]["code"]) == (location, code)


@pytest.fixture
def released():
    """Work on distress, by two interventions, and on bullying; the city saw two releases, the last one in its own."""
    for code, factors in {"visits": ["distress"], "classes": ["distress", "bullied"], "other": ["skills"]}.items():
        interventions.intervention(code, factors=factors)
    outcomes.release("GM9999", [("visits", "goal-realisation", "area-a", 2024, [10, 10, 10, 10])], number=1)
    outcomes.release(
        "GM9999",
        [
            ("visits", "goal-realisation", "area-a", 2024, [10, 20, 10, 60]),
            ("visits", "goal-realisation", "area-a", 2023, [50, 0, 0, 50]),
            ("visits", "goal-realisation", "area-b", 2024, [80, 0, 0, 20]),
            ("classes", "problem-change", "area-a", 2024, [10, 10, 30, 0, 0]),
            ("other", "goal-realisation", "area-a", 2024, [10, None, 10, 60]),
            ("visits", "satisfaction", "area-a", 2024, [10, 10, 80]),
        ],
        number=2,
    )


def partners(ask, area="area-a", weight=0.2, **other):
    return ask(area, method="five-elements-2023", localData={"weight": 0, "partnerWeight": weight, **other})


def test_released_scores_of_partners_are_a_seventh_element(ask, released):
    ranking = partners(ask)

    assert ranking["withLocalData"]
    distress, bullied = (points(ranking, code, "partners") for code in ("distress", "bullied"))
    assert distress["share"] == pytest.approx((0.6 + 0.4) / 2)  # each intervention once
    assert bullied["share"] == pytest.approx(0.4)
    assert distress["weight"] == pytest.approx(0.2 / 1.2)
    for each in ranking["factors"]:
        assert sum(p["value"] for p in each["points"]) == pytest.approx(each["score"], abs=1e-12)
        assert ("partner-figure-missing" in each["flags"]) == (
            each["ranked"] and each["factorCode"] not in ("distress", "bullied")
        )
        assert "local-figure-missing" not in each["flags"]  # the sixth element does not weigh here


def test_every_score_of_partners_is_cited_by_release(ask, released):
    told = partners(ask)["localData"]["partners"]

    assert told["weight"] == 0.2
    by_factor = {each["factorCode"]: each["figures"] for each in told["scores"]}
    assert {code: [f["interventionCode"] for f in figures_] for code, figures_ in by_factor.items()} == {
        "distress": ["classes", "visits"], "bullied": ["classes"],
    }  # fmt: skip
    visits = by_factor["distress"][1]
    assert (visits["measure"], visits["figure"], visits["value"], visits["basis"]) == (
        "goal-realisation", "goal-reached", 0.6, 100,
    )  # fmt: skip
    assert (visits["areaCode"], visits["period"], visits["releaseNumber"], visits["ours"]) == (
        "area-a", "2024", 2, True,
    )  # fmt: skip


def test_scores_of_an_earlier_year_can_be_asked_for(ask, released):
    ranking = partners(ask, year=2023)

    assert points(ranking, "distress", "partners")["share"] == pytest.approx(0.5)


def test_partners_count_only_when_they_are_given_a_weight(ask, released):
    without = ask(method="five-elements-2023", localData={"weight": 0})
    zero = ask(method="five-elements-2023", localData={"weight": 0, "partnerWeight": 0}, status=200)

    assert without["id"] == zero["id"]
    assert not without["withLocalData"]
    assert without["localData"]["partners"] is None


def test_a_new_release_is_another_snapshot_and_the_old_one_stays(ask, client_with, released):
    first = partners(ask)
    outcomes.release("GM9999", [("visits", "goal-realisation", "area-a", 2024, [0, 0, 0, 100])], number=3)

    second = partners(ask)
    told = client_with().get(f"/v1/rankings/{second['id']}/diff?against={first['id']}").json()

    assert points(second, "distress", "partners")["share"] == 1
    assert told["changed"] == ["data"]
    assert client_with().get(f"/v1/rankings/{first['id']}").json() == first


def test_the_weight_of_partners_can_be_changed_in_a_scenario(ask, client_with, released):
    changes = {"elements": [{"element": "partners", "weight": 0.5}]}

    body = {"rankingId": partners(ask)["id"], "changes": changes}
    told = client_with().post("/v1/scenarios", body, format="json").json()

    assert [f["score"] for f in told["factors"]] == [f["score"] for f in partners(ask, weight=0.5)["factors"]]


@pytest.mark.parametrize(
    ("payload", "marked"),
    [
        ({"areaCodes": ["area-a"]}, {"in-a"}), ({"areaCodes": ["area-c"]}, set()),
        ({"areaCodes": ["GM9999"]}, {"in-a", "in-b"}), ({"areaCodes": ["area-a", "NL00"]}, {"in-a", "in-b", "alone"}),
        ({"areaCodes": ["area-a"], "indicatorCodes": ["share-bullied"]}, {"in-a"}),
        ({"areaCodes": ["area-a"], "indicatorCodes": ["of-no-factor"]}, set()),
    ],
)  # fmt: skip
def test_news_marks_exactly_the_definitions_it_touches(payload, marked):
    local = {"local_data": {"form": "prevalence"}}
    factory.definition("in-a", area_code="area-a", **local)
    factory.definition("in-b", area_code="area-b", **local)
    factory.definition("alone", area_code="GM0599", **local)
    factory.definition("not-local", area_code="area-a")

    tasks._mark(Event(xid=1, position=1, kind="observations.loaded", payload=payload))

    assert set(RankingMark.objects.values_list("definition_id", flat=True)) == marked


def test_a_release_marks_exactly_the_definitions_in_which_partners_weigh():
    factory.definition("in-a", area_code="area-a", local_data={"form": "prevalence", "partner_weight": 0.2})
    factory.definition("without", area_code="area-a", local_data={"form": "prevalence", "partner_weight": 0.0})
    factory.definition("elsewhere", area_code="GM0599", local_data={"form": "prevalence", "partner_weight": 0.2})

    said = {"municipalityCode": "GM9999", "number": 1}
    tasks._mark(Event(xid=1, position=1, kind="release.published", payload=said))

    assert set(RankingMark.objects.values_list("definition_id", flat=True)) == {"in-a"}


def test_another_factor_of_an_intervention_marks_the_definitions_in_which_partners_weigh():
    tasks.follow_default()  # what came before
    factory.definition("in-a", area_code="area-a", local_data={"partner_weight": 0.2})
    factory.definition("without", area_code="area-a", local_data={"form": "prevalence"})

    interventions.intervention("visits", factors=["distress"])
    announced = Outbox.objects.order_by("pk").last()
    tasks._mark(Event(xid=1, position=announced.pk, kind=announced.kind, payload=announced.payload))

    assert set(RankingMark.objects.values_list("definition_id", flat=True)) == {"in-a"}


def test_news_without_another_figure_gives_no_other_snapshot():
    definition = factory.definition("in-a", area_code="area-a", local_data={"form": "prevalence", "weight": 0.2})
    for _ in range(2):
        tasks._mark(Event(xid=1, position=1, kind="observations.loaded", payload={"areaCodes": ["area-a"]}))
        recompute_marked()

    definition.refresh_from_db()
    assert definition.newest_snapshot.area_code == "area-a"
    assert RankingSnapshot.objects.filter(area_code="area-a").count() == 1
    assert RankingDefinition.objects.get(pk="in-a").problem == ""
