"""Each correction lists what it changed downstream, filled by a worker, seen by whom the report is seen by."""

from itertools import product

import pytest

from config.stores import StoreAway
from interventions import public as interventions
from monitoring.models import CorrectionEffect
from monitoring.services.aggregation import aggregates
from monitoring.services.delivery import corrections
from tests.factories import outcomes


def effects(client, path):
    answer = client.get(f"/v1/{path}/effects")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


@pytest.fixture
def corrected(post):
    """60 became 55 in a city where another 10 started; gives the receipt of the correction."""
    outcomes.offering("offering-b")
    post(offeringCode="offering-b", counts={"started": 10})
    post()
    return post(counts={"targetGroup": 400, "invited": 120, "started": 55, "attendsStructurally": 40}).json()


def test_a_first_delivery_corrects_nothing(post, partner):
    receipt = post().json()

    assert effects(partner, f"receipts/{receipt['id']}") == []


@pytest.fixture
def holder(city, client_with):
    return client_with("account-holder", municipality=outcomes.CITY)


def test_a_correction_waits_for_the_worker_and_then_tells_every_cell_before_and_after(corrected, holder):
    [waiting] = effects(holder, f"receipts/{corrected['id']}")
    corrections.work_out()
    [told] = effects(holder, f"receipts/{corrected['id']}")

    assert (waiting["workedOutAt"], waiting["cells"]) == (None, [])
    assert told["workedOutAt"] and (told["reportCount"], told["cellCount"]) == (1, 12)
    moves = {(c["subjectKind"], c["areaCode"], c["periodKind"]): (c["before"]["started"], c["after"]["started"])
             for c in told["cells"]}  # fmt: skip
    assert moves["offering", "WK900101", "quarter"] == (60, 55)
    assert moves["intervention", outcomes.CITY, "year"] == (70, 65)
    places = ("WK900101", "district-a", outcomes.CITY)
    assert set(moves) == set(product(("offering", "intervention"), places, ("quarter", "year")))


def test_a_partner_is_told_of_its_own_offerings_not_of_what_others_delivered_too(corrected, partner):
    corrections.work_out()

    [told] = effects(partner, f"receipts/{corrected['id']}")

    assert {cell["subjectCode"] for cell in told["cells"]} == {"offering-a"}


def test_what_is_told_is_what_the_aggregates_became(corrected, holder):
    aggregates.refresh()
    corrections.work_out()

    for cell in effects(holder, f"receipts/{corrected['id']}")[0]["cells"]:
        key = {"offering": "offeringCode", "intervention": "interventionCode"}[cell["subjectKind"]]
        [shown] = holder.get("/v1/outcome-aggregates", {
            "view": "working", "measure": cell["measure"], key: cell["subjectCode"], "areaCode": cell["areaCode"],
            "period": cell["period"],
        }).json()["results"]  # fmt: skip
        assert shown["counts"] == cell["after"]


def test_a_report_tells_its_corrections_oldest_first_and_a_later_one_does_not_change_an_earlier(
    corrected, post, partner
):
    report = f"outcome-reports/{corrected['rows'][0]['reportId']}"
    post(counts={"targetGroup": 400, "started": 20})
    tag = partner.get(f"/v1/{report}")["ETag"]
    assert partner.delete(f"/v1/{report}", HTTP_IF_MATCH=tag).status_code == 204

    corrections.work_out()

    own = [
        next((c["before"]["started"], (c["after"] or {}).get("started")) for c in effect["cells"]
             if (c["subjectKind"], c["areaCode"], c["periodKind"]) == ("offering", "WK900101", "quarter"))
        for effect in effects(partner, report)
    ]  # fmt: skip
    assert own == [(60, 55), (55, 20), (20, None)]
    assert [effect["receiptId"] is None for effect in effects(partner, report)] == [False, False, True]


def test_a_report_of_the_same_delivery_tells_its_own_cells_only(partner, post):
    both = [outcomes.report(areaCode=area) for area in ("WK900101", "WK900102")]
    for started in (60, 50):
        sent = {"requests": [one | {"counts": {"started": started}} for one in both]}
        answer = partner.post("/v1/outcome-reports/_batch", sent, format="json", HTTP_IDEMPOTENCY_KEY=str(started))
    corrections.work_out()

    first = effects(partner, f"outcome-reports/{answer.json()['rows'][0]['reportId']}")[0]

    assert {cell["areaCode"] for cell in first["cells"]} == {"WK900101", "district-a", outcomes.CITY}
    city = next(c for c in first["cells"] if (c["areaCode"], c["subjectKind"], c["periodKind"]) == (
        outcomes.CITY, "offering", "quarter"))  # fmt: skip
    assert (city["before"]["started"], city["after"]["started"]) == (120, 100)


def test_a_correction_that_moves_no_count_moves_no_cell(post, partner):
    post()
    receipt = post(explanation="Nu met uitleg.").json()

    corrections.work_out()

    assert effects(partner, f"receipts/{receipt['id']}")[0]["cellCount"] == 0


def test_the_other_store_away_leaves_it_waiting(corrected, monkeypatch):
    def away(**_asked):
        raise StoreAway("default")

    monkeypatch.setattr(interventions, "results_of_offerings", away)
    with pytest.raises(StoreAway):
        corrections.work_out()
    assert CorrectionEffect.objects.get().worked_out_at is None

    monkeypatch.undo()
    assert corrections.work_out() == 1


def test_nobody_else_sees_it(corrected, client_with):
    corrections.work_out()
    for path in (f"receipts/{corrected['id']}", f"outcome-reports/{corrected['rows'][0]['reportId']}"):
        other = client_with("partner", municipality=outcomes.CITY, organisation="org-b")
        assert other.get(f"/v1/{path}/effects").status_code == 404
        assert client_with("account-holder", municipality="GM9002").get(f"/v1/{path}/effects").status_code == 404
        assert len(effects(client_with("account-holder", municipality=outcomes.CITY), path)) == 1
