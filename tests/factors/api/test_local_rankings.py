"""Rankings with the figures of one area: labelled, cited, falling back where there is none (ranking.md 1.7)."""

import pytest

from config.ledger.outbox import Event
from factors import tasks
from factors.models import RankingDefinition, RankingMark, RankingSnapshot
from factors.services.rankings import recompute_marked
from monitoring.models import IndicatorLink
from tests.factories import factors as factory
from tests.factories import figures
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
        ({"localData": {"form": "absolute"}}, "#/localData/form", "invalid-choice"),
    ],
)
def test_what_cannot_be_local_is_refused_with_its_place(ask, body, location, code):
    told = ask(**body, status=400)

    assert (told["errors"][0]["location"], told["errors"][0]["code"]) == (location, code)


@pytest.mark.parametrize(
    ("payload", "marked"),
    [
        ({"areaCodes": ["area-a"]}, {"in-a"}), ({"areaCodes": ["area-c"]}, set()),
        ({"areaCodes": ["GM9999"]}, {"in-a", "in-b"}), ({"areaCodes": ["area-a", "NL00"]}, {"in-a", "in-b", "alone"}),
        ({"municipalityCode": "GM9999", "number": 1}, {"in-a", "in-b"}),
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


def test_news_without_another_figure_gives_no_other_snapshot():
    definition = factory.definition("in-a", area_code="area-a", local_data={"form": "prevalence", "weight": 0.2})
    for _ in range(2):
        tasks._mark(Event(xid=1, position=1, kind="observations.loaded", payload={"areaCodes": ["area-a"]}))
        recompute_marked()

    definition.refresh_from_db()
    assert definition.newest_snapshot.area_code == "area-a"
    assert RankingSnapshot.objects.filter(area_code="area-a").count() == 1
    assert RankingDefinition.objects.get(pk="in-a").problem == ""
