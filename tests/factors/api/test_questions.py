"""Questions to a version: words, parts, circles, paths, differences."""

import io

import networkx as nx
import openpyxl
import pytest

from factors.models import ModelVersion
from factors.register import register_of
from tests.factories import factors as factory
from tests.factors import golden

pytestmark = pytest.mark.usefixtures("stores")
PUBLIC = "/v1/factor-models/public/versions/1.0.0"
SMALL = "/v1/factor-models/small/versions/1.0.0"


@pytest.fixture
def get(client_with):
    client = client_with()
    return lambda path, **headers: client.get(path, **headers)


@pytest.fixture
def small(stores):
    return factory.published(golden.MODEL)


def codes(answer):
    return [row["code"] for row in answer.json()["results"]]


class TestSearch:
    @pytest.mark.parametrize(
        ("question", "code"),
        [("sociale vaardigheid", "social-emotional-skills"), ("social skill", "social-emotional-skills"),
         ("vuurwapen", "availability-of-firearms"), ("firearm", "availability-of-firearms"),
         ("vúúrwapens", "availability-of-firearms")],
    )  # fmt: skip
    def test_words_are_found_by_stem_without_accents_in_both_languages(self, get, question, code):
        assert code in codes(get(f"{PUBLIC}/factors?q={question}"))

    def test_a_definition_is_searched_but_a_name_comes_first(self, get, client_with):
        named, defined = (
            {"name_nl": "Eenzaamheid"}, {"name_nl": "Anders", "definition_nl": "Een vorm van eenzaamheid"},
        )  # fmt: skip
        draft = factory.draft(golden.MODEL, municipality="GM0363")
        for code, texts in (("parenting", defined), ("skills", named)):
            draft.factors.filter(code=code).update(**texts)
        draft.relations.filter(from_code="bullied", to_code="mental").update(description_nl="Gepest worden doet pijn")
        inside, path = client_with("model-editor"), "/v1/factor-models/small/versions/draft"

        assert codes(inside.get(f"{path}/factors?q=eenzaam")) == ["skills", "parenting"]
        assert [row["fromCode"] for row in inside.get(f"{path}/relations?q=pijn").json()["results"]] == ["bullied"]

    def test_nothing_is_found_for_words_that_are_not_there(self, get):
        assert codes(get(f"{PUBLIC}/factors?q=xyzzy")) == []
        assert get(f"{PUBLIC}/goals?q=werk").json()["count"] == 1

    @pytest.mark.parametrize("question", ["%27%22%26%7C!()", "or or -", "%25", "a" * 300])
    def test_any_question_is_answered(self, get, question):
        assert get(f"{PUBLIC}/factors?q={question}").status_code == 200


def test_factors_are_found_by_goal_and_how_sure_we_are(get, small):
    assert codes(get(f"{SMALL}/factors?goalCode=mental")) == ["bullied", "distress", "skills"]
    sure = codes(get(f"{SMALL}/factors?goalCode=school&minimumGrade=high"))
    assert sure == ["skills"]
    assert codes(get(f"{SMALL}/factors?goalCode=school")) == ["parenting", "skills"]


def test_a_relation_tells_how_sure_we_are_and_why(get, small):
    told = get(f"{SMALL}/relations/parenting/school").json()["derived"]["evidenceGrade"]

    assert (told["grade"], told["rule"]) == ("very-low", "grade/1")
    assert told["reasons"] == [
        {"code": "best-study-review", "steps": 3}, {"code": "single-study", "steps": -1},
        {"code": "precision-unknown", "steps": -1},
    ]  # fmt: skip


class TestSelection:
    def test_a_neighbourhood_grows_with_its_steps_and_knows_direction(self, get, small):
        def around(keys):
            return set(get(f"{SMALL}/selection?aroundCode=bullied&{keys}").json()["listedCodes"])

        assert around("direction=out") == {"bullied", "distress"}
        assert around("direction=in") == {"bullied", "distress"}
        assert around("direction=in&steps=2") == {"bullied", "distress", "skills", "parent-ill"}
        assert around("steps=3") == {"bullied", "distress", "skills", "parent-ill", "parenting"}

    def test_a_goal_keeps_all_that_leads_to_it(self, get, small):
        found = get(f"{SMALL}/selection?goalCode=mental").json()

        assert set(found["listedCodes"]) == {"skills", "distress", "bullied", "parent-ill"}
        assert [goal["code"] for goal in found["goals"]] == ["mental"]

    def test_induced_keeps_what_is_between_and_view_what_touches(self, get, small):
        induced = get(f"{SMALL}/selection?kind=promotive").json()
        view = get(f"{SMALL}/selection?kind=promotive&mode=view").json()

        assert [factor["code"] for factor in induced["factors"]] == ["skills"]
        assert {(told["fromCode"], told["toCode"]) for told in view["relations"]} == {
            ("skills", "school"), ("skills", "mental"), ("skills", "distress"),
        }  # fmt: skip
        assert [factor["code"] for factor in view["factors"]] == ["distress", "skills"]
        assert view["listedCodes"] == ["skills"]

    def test_a_selection_is_a_model_that_can_be_taken_along(self, get):
        path = f"{PUBLIC}/selection?goalCode=school-performance&lifePhase=adolescence"
        told = get(path).json()
        book = openpyxl.load_workbook(io.BytesIO(get(f"{path}&format=xlsx").content))
        graph = nx.parse_graphml(get(f"{path}&format=graphml").content.decode())

        assert book["factors"].max_row == len(told["factors"]) + 1
        assert graph.number_of_edges() == len(told["relations"])

    def test_a_place_that_is_not_there_is_bad_input(self, get):
        assert get(f"{PUBLIC}/selection?aroundCode=none").status_code == 400
        assert get(f"{PUBLIC}/selection?goalCode=adhd").status_code == 400

    def test_circles_are_listed_with_what_they_do(self, get, small):
        found = get(f"{SMALL}/circles").json()["results"]

        assert [(circle["kind"], circle["factorCodes"]) for circle in found] == [("vicious", ["bullied", "distress"])]
        assert get(f"{SMALL}/circles?kind=promotive").json()["count"] == 0


class TestPathways:
    path = "/v1/pathways?modelCode=small&fromCode=parent-ill&goalCode=mental"

    def test_the_strongest_paths_come_first_with_their_evidence(self, get, small):
        first, second = get(self.path).json()["results"]

        assert first["factorCodes"] == ["parent-ill", "distress"]
        assert first["strength"] == pytest.approx(0.666667 * 0.904279 * 0.5, abs=1e-6)
        assert second["factorCodes"] == ["parent-ill", "distress", "bullied"]
        assert second["strength"] == pytest.approx(0.666667 * 0.633333 * 0.7 * 0.25, abs=1e-6)
        assert (first["sign"], first["weakestStep"]) == ("weakens", 0)
        assert first["steps"][0]["evidenceCodes"] == ["e004"]
        assert first["steps"][0]["sources"][0]["title"] == "A study"

    def test_a_path_is_told_in_one_sentence(self, get, small):
        dutch = get(self.path).json()["results"][0]["sentence"]
        english = get(self.path, HTTP_ACCEPT_LANGUAGE="en").json()["results"][0]["sentence"]

        assert dutch == ("Meer ‘parent-ill nl’ gaat vooraf aan meer ‘distress nl’, en dat is ongunstig voor het doel "
                         "‘mental nl’; de zwakste schakel is ‘parent-ill nl’ → ‘distress nl’.")  # fmt: skip
        assert english == ("More ‘parent-ill en’ comes before more ‘distress en’, and that is unfavourable for "
                           "the goal ‘mental en’; the weakest link is ‘parent-ill en’ → ‘distress en’.")  # fmt: skip

    def test_what_was_not_found_is_no_way(self, get, small):
        found = get("/v1/pathways?modelCode=small&fromCode=parent-ill&goalCode=school").json()["results"]

        assert ["parent-ill"] not in [path["factorCodes"] for path in found]

    def test_an_unconnected_factor_has_no_path(self, get, small):
        assert get("/v1/pathways?modelCode=small&fromCode=isolated&goalCode=school").json()["count"] == 0

    def test_bad_codes_and_missing_keys_are_told(self, get, small):
        assert get("/v1/pathways?modelCode=small&fromCode=x&goalCode=y").status_code == 400
        assert get("/v1/pathways").status_code == 400
        assert get("/v1/pathways?modelCode=none&fromCode=x&goalCode=y").status_code == 404

    def test_a_warm_version_is_asked_with_one_query(self, get, django_assert_num_queries):
        register_of(ModelVersion.objects.get(model_id="public"))
        keys = "modelCode=public&version=1.0.0&fromCode=low-ses&goalCode=school-performance"
        get(f"/v1/pathways?{keys}")

        for limit in (1, 25):
            with django_assert_num_queries(1):
                assert get(f"/v1/pathways?{keys}&limit={limit}").status_code == 200


def test_two_versions_differ_down_to_the_field(client_with, small):
    editor = client_with("model-editor")
    draft = factory.draft(golden.MODEL, code="other", municipality="GM0363")
    draft.evidence.filter(code="e000").update(effect_size=0.5, note="table 3")
    draft.factors.filter(code="isolated").delete()

    path = "/v1/factor-models/other/versions/draft/diff?against=1.0.0&againstModel=small"
    found = editor.get(path).json()["results"]

    assert found == [
        {"part": "factors", "key": "isolated", "change": "removed", "changes": []},
        {"part": "evidence", "key": "e000", "change": "changed", "changes": [
            {"field": "effectSize", "before": 0.27, "after": 0.5}, {"field": "note", "before": "", "after": "table 3"},
        ]},
    ]  # fmt: skip
    assert client_with().get(path).status_code == 404
