"""Factor models, their versions, and what a version says."""

import pytest

from factors.models import ModelVersion
from factors.register import register_of
from tests.factories import factors as factory
from tests.factors import golden

pytestmark = pytest.mark.usefixtures("stores")
PUBLIC = "/v1/factor-models/public/versions/1.0.0"


@pytest.fixture
def get(client_with):
    client = client_with()
    return lambda path, **headers: client.get(path, **headers)


def test_the_public_model_is_listed_with_its_versions(get):
    models = get("/v1/factor-models").json()["results"]
    versions = get("/v1/factor-models/public/versions").json()["results"]

    assert [model["code"] for model in models] == ["public"]
    assert models[0]["municipalityCode"] is None
    assert [(version["version"], version["status"]) for version in versions] == [("1.0.0", "published")]


def test_a_version_tells_its_checksum_and_how_much_it_holds(get):
    version = get(PUBLIC).json()

    assert len(version["checksum"]) == 64
    assert version["counts"] == {"factors": 92, "goals": 9, "relations": 264, "evidence": 328, "sources": 110}
    assert version["withdrawnAt"] is None


def test_latest_is_the_newest_published_version(get):
    assert get("/v1/factor-models/public/versions/latest").json() == get(PUBLIC).json()


@pytest.mark.parametrize(
    "path",
    [
        "/v1/factor-models/none", "/v1/factor-models/none/versions", "/v1/factor-models/none/versions/latest",
        "/v1/factor-models/public/versions/9.9.9", "/v1/factor-models/public/versions/a%00b", f"{PUBLIC}/factors/none",
        "/v1/factor-models/public/versions/9.9.9/factors",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(get, path):
    assert get(path).status_code == 404


@pytest.mark.parametrize(
    ("part", "count", "queries"),
    [("factors", 92, 3), ("goals", 9, 3), ("evidence", 328, 3), ("sources", 110, 3), ("relations", 264, 1)],
)
def test_the_rows_of_a_version_take_as_many_queries_as_one_row(get, django_assert_num_queries, part, count, queries):
    register_of(ModelVersion.objects.get(model_id="public"))

    for size in (1, 500):
        with django_assert_num_queries(queries):
            answer = get(f"{PUBLIC}/{part}?pageSize={size}")

        assert answer.json()["count"] == count
        assert len(answer.json()["results"]) == min(size, count)


def test_each_relation_tells_how_sure_we_are_and_why(get):
    found = get(f"{PUBLIC}/relations?pageSize=500").json()["results"]

    assert {told["evidenceGrade"]["grade"] for told in found} > {"low", "high"}
    for told in found:
        begin, *_steps = told["evidenceGrade"]["reasons"]
        assert begin["code"] == f"best-study-{told['tier']}"
    sure = get(f"{PUBLIC}/relations?minimumGrade=high&pageSize=500").json()["results"]
    assert sure == [told for told in found if told["evidenceGrade"]["grade"] == "high"]


def test_a_factor_is_told_with_its_place_in_life(get):
    factor = get(f"{PUBLIC}/factors/social-emotional-skills", HTTP_ACCEPT_LANGUAGE="en").json()

    assert factor["name"] == "Social and emotional skills"
    assert factor["kind"] == "promotive"
    assert factor["lifeDomains"] == ["individual"]
    assert "primary-school-age" in factor["lifePhases"]
    assert factor["definition"] is None


def test_factors_are_narrowed_by_kind_domain_and_phase(get):
    found = get(f"{PUBLIC}/factors?kind=promotive&lifeDomain=home&lifePhase=early-childhood").json()["results"]

    assert found
    for factor in found:
        assert factor["kind"] == "promotive"
        assert "home" in factor["lifeDomains"]
        assert "early-childhood" in factor["lifePhases"]


def test_goals_are_found_by_the_domain_they_stand_for(get):
    found = get(f"{PUBLIC}/goals?domainCode=safe-neighbourhood-and-school").json()["results"]

    assert [goal["code"] for goal in found] == ["safe-neighbourhood"]


def test_evidence_is_told_as_published(get):
    found = get(f"{PUBLIC}/evidence?fromCode=air-pollution&pageSize=1").json()["results"][0]

    assert found["sign"] in {"strengthens", "weakens"}
    assert found["perUnit"] is True
    assert found["contrast"].startswith("per 10 microgram")


def test_what_was_tested_and_not_found_stays_visible(get):
    found = get(f"{PUBLIC}/relations?testedNotFound=true").json()["results"]

    assert found
    for relation in found:
        assert relation["strength"] == 0
        assert relation["significant"] == "no"
        assert relation["evidenceCodes"]


def test_a_relation_is_derived_from_all_its_evidence(get):
    factory.published(golden.MODEL)
    path = "/v1/factor-models/small/versions/1.0.0/relations"
    found = {(relation["fromCode"], relation["toCode"]): relation for relation in get(path).json()["results"]}

    assert {pair: relation["strength"] for pair, relation in found.items()} == pytest.approx(golden.STRENGTHS, abs=1e-6)
    both = found["bullied", "mental"]
    assert both["evidenceCodes"] == ["e009", "e010"]
    assert (both["causal"], both["sequenceInTime"], both["sign"]) == (True, True, "weakens")
    assert (both["tier"], both["effectTier"]) == ("meta-analysis", "longitudinal")
    assert found["skills", "distress"]["directed"] is False


def test_relations_are_narrowed_by_their_ends(get):
    found = get(f"{PUBLIC}/relations?toKind=goal&toCode=crime&fromCode=adhd").json()["results"]

    assert [(relation["fromCode"], relation["toCode"]) for relation in found] == [("adhd", "crime")]


class TestDrafts:
    path = "/v1/factor-models/small/versions/draft"

    @pytest.fixture(autouse=True)
    def draft(self, stores):
        return factory.draft(golden.MODEL, municipality="GM0363")

    @pytest.mark.parametrize("role", ["", "dashboard", "partner"])
    def test_nobody_outside_knows_of_an_unpublished_model(self, client_with, role):
        client = client_with(role)

        for path in ("/v1/factor-models/small", "/v1/factor-models/small/versions", self.path, f"{self.path}/factors"):
            assert client.get(path).status_code == 404
        assert [model["code"] for model in client.get("/v1/factor-models").json()["results"]] == ["public"]

    def test_another_municipality_does_not_know_of_it_either(self, client_with):
        client = client_with("model-editor", municipality="GM0599")

        assert client.get(self.path).status_code == 404
        assert client.get("/v1/factor-models/small").status_code == 404

    @pytest.mark.parametrize("role", ["model-editor", "area-adviser"])
    def test_its_own_municipality_sees_it(self, client_with, role):
        client = client_with(role)

        assert client.get(self.path).json()["status"] == "draft"
        assert client.get(f"{self.path}/factors").json()["count"] == len(golden.FACTORS)
        assert client.get(f"{self.path}/relations").json()["count"] == len(golden.STRENGTHS)

    def test_a_draft_beside_a_published_version_stays_inside(self, client_with):
        factory.published(golden.MODEL, code="both", municipality="GM0363")
        factory.draft(golden.MODEL, code="both", municipality="GM0363")

        seen = client_with().get("/v1/factor-models/both/versions").json()["results"]
        seen_inside = client_with("model-editor").get("/v1/factor-models/both/versions").json()["results"]

        assert [version["version"] for version in seen] == ["1.0.0"]
        assert {version["version"] for version in seen_inside} == {"1.0.0", "draft"}
