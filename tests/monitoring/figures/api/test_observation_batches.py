"""Figures as a batch of JSON: told in full what is wrong, and taken back as we hand them out."""

from monitoring.models import Observation
from tests.monitoring.figures.api.delivering import faults, found, lines, post


def test_a_batch_points_at_its_items(steward):
    good = {
        "indicatorCode": "indicator-a",
        "areaCode": "area-a",
        "period": "2024",
        "value": 12.5,
        "sourceCode": "source-a",
    }

    wrong = steward.post(
        "/v1/observations/_batch", {"items": [good, good | {"period": "2023", "value": "veel"}]}, format="json"
    )
    stored = steward.post("/v1/observations/_batch", {"items": [good]}, format="json")

    assert faults(wrong) == [("#/items/1/value", "not-a-number")]
    assert (stored.status_code, found()) == (201, [12.5])


def test_a_batch_tells_all_its_faults_at_once(steward):
    good = {"indicatorCode": "indicator-a", "areaCode": "area-a", "period": "2024", "value": 12.5,
            "sourceCode": "source-a"}  # fmt: skip
    body = {"items": [good, good | {"period": "2023", "value": "veel", "waarde": 3}, 3, good | {"areaCode": "area-x"}],
            "comment": "hallo"}  # fmt: skip

    refused = steward.post("/v1/observations/_batch", body, format="json")
    tried = steward.post("/v1/observations/_batch?dryRun=true", body, format="json").json()

    assert refused.status_code == 400
    assert faults(refused) == [
        ("#/comment", "unknown-key"), ("#/items/1/waarde", "unknown-field"), ("#/items/1/value", "not-a-number"),
        ("#/items/2", "not-an-object"), ("#/items/3/areaCode", "unknown-area")]  # fmt: skip
    assert "Van 4 rijen kloppen er 3 niet." in refused.json()["detail"]
    assert [row["outcome"] for row in tried["rows"]] == ["held-back", "rejected", "rejected", "rejected"]
    assert [fault["code"] for fault in tried["rows"][1]["faults"]] == ["unknown-field", "not-a-number"]
    assert not Observation.objects.filter(area_code="area-a").exists()


def test_a_key_beside_good_items_refuses_them(steward):
    good = {"indicatorCode": "indicator-a", "areaCode": "area-a", "period": "2024", "value": 12.5,
            "sourceCode": "source-a"}  # fmt: skip

    refused = steward.post("/v1/observations/_batch", {"items": [good], "comment": "hallo"}, format="json")

    assert (refused.status_code, faults(refused), found()) == (400, [("#/comment", "unknown-key")], [])


def test_what_we_hand_out_can_be_handed_in(steward):
    post(steward, lines("indicator-a,area-a,2024,12.5,source-a"))

    results = steward.get("/v1/observations?areaCode=area-a").json()["results"]

    assert steward.post("/v1/observations/_batch", {"items": results}, format="json").json()["counts"]["unchanged"] == 1
