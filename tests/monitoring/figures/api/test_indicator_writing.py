"""A steward defines indicators: of one municipality, or of all."""

import pytest

from config.ledger.records import model
from config.stores import StoreAway
from monitoring.models import IndicatorLink
from monitoring.services.figures import indicator_links
from tests.factories.figures import an_area, an_observation, loaded

pytestmark = pytest.mark.usefixtures("stores")
DOCUMENT = {
    "code": "playgrounds", "kind": "realisation", "unit": "playgrounds", "decimals": 0, "direction": "higher-better",
    "name": {"nl": "Speeltuinen", "en": "Playgrounds"}, "combinationRules": {"areas": "sum", "periods": "last"},
    "everyMonths": 3, "themes": ["play"], "definitions": [{"version": "2020"}, {"version": "2024", "validFrom": 2024}],
    "links": [{"targetKind": "factor", "targetCode": "physical-activity", "role": "context", "basis": "our reading"}],
}  # fmt: skip


def posted(client, document=DOCUMENT, query=""):
    return client.post(f"/v1/indicators{query}", document, format="json")


def test_a_steward_defines_an_indicator_and_reads_it_back(client_with):
    steward = client_with("data-steward")

    made = posted(steward)

    assert made.status_code == 201, made.json()
    shown = client_with().get("/v1/indicators/playgrounds").json()
    assert shown == made.json()
    assert (shown["name"], shown["combinationRules"], shown["everyMonths"]) == (
        "Speeltuinen", {"areas": "sum", "periods": "last"}, 3)  # fmt: skip
    assert [(d["version"], d["current"]) for d in shown["definitions"]] == [("2024", True), ("2020", False)]
    assert [link["targetCode"] for link in shown["links"]] == ["physical-activity"]
    entry = model("monitoring", "AuditEntry").objects.get(resource="indicator", resource_code="playgrounds")
    assert (entry.action, entry.before, entry.after["kind"]) == ("created", None, "realisation")


def test_an_own_indicator_is_seen_inside_its_municipality_only(client_with):
    steward = client_with("data-steward")
    assert posted(steward, query="?municipalityCode=GM0363").status_code == 201

    inside, outside = client_with("area-adviser"), client_with("area-adviser", municipality="GM0599")

    assert inside.get("/v1/indicators/playgrounds").json()["municipalityCode"] == "GM0363"
    for client in (outside, client_with()):
        assert client.get("/v1/indicators/playgrounds").status_code == 404
        assert client.get("/v1/indicators?kind=realisation&pageSize=500").content.count(b"playgrounds") == 0


def test_nobody_defines_one_for_another_municipality(client_with):
    assert posted(client_with("data-steward"), query="?municipalityCode=GM0599").status_code == 404


def test_a_code_is_given_once(client_with):
    steward = client_with("data-steward")
    posted(steward)

    again = posted(steward)

    assert again.status_code == 409
    assert again.json()["type"].endswith("/code-taken")


def test_every_fault_is_named_at_once(client_with):
    bad = DOCUMENT | {"kind": "mood", "decimals": -1, "links": [{}]}

    answer = posted(client_with("data-steward"), bad)

    assert answer.status_code == 400
    assert {error["location"] for error in answer.json()["errors"]} >= {"#/kind", "#/decimals", "#/links/0/role"}


def test_a_change_is_made_to_what_its_maker_saw(client_with):
    steward = client_with("data-steward")
    tag = posted(steward)["ETag"]
    change = DOCUMENT | {"name": {"nl": "Speelplekken"}, "links": []}

    unseen = steward.put("/v1/indicators/playgrounds", change, format="json")
    done = steward.put("/v1/indicators/playgrounds", change, format="json", HTTP_IF_MATCH=tag)
    stale = steward.put("/v1/indicators/playgrounds", change, format="json", HTTP_IF_MATCH=tag)

    assert (unseen.status_code, done.status_code, stale.status_code) == (428, 200, 412)
    assert (done.json()["name"], done.json()["links"]) == ("Speelplekken", [])
    assert steward.get("/v1/indicators/playgrounds")["ETag"] == done["ETag"]


def test_an_address_keeps_its_code(client_with):
    steward = client_with("data-steward")
    tag = posted(steward)["ETag"]

    answer = steward.put("/v1/indicators/playgrounds", DOCUMENT | {"code": "swings"}, format="json", HTTP_IF_MATCH=tag)

    assert [e["code"] for e in answer.json()["errors"]] == ["other-code"]


def test_it_says_when_the_last_figure_was_and_when_the_next_is_due(client_with):
    posted(client_with("data-steward"))
    an_area()
    loaded(
        *(
            an_observation(
                indicator_code="playgrounds",
                year=year,
                value=value,
                unit="playgrounds",
                status="final" if value else "missing",
            )
            for year, value in ((2023, 3.0), (2024, None))
        )
    )

    shown = client_with().get("/v1/indicators/playgrounds").json()

    assert (shown["lastPeriod"], shown["nextExpected"]) == ("2023", None)  # a year each three months is none


def test_a_yearly_figure_is_due_a_year_later(client_with):
    posted(client_with("data-steward"), DOCUMENT | {"everyMonths": 24})
    an_area()
    loaded(an_observation(indicator_code="playgrounds", year=2022, unit="playgrounds"))

    shown = client_with().get("/v1/indicators/playgrounds").json()

    assert (shown["lastPeriod"], shown["nextExpected"]) == ("2022", "2024")


def test_a_new_indicator_takes_figures_at_once(client_with):
    steward = client_with("data-steward")
    posted(steward)
    an_area()
    item = {"indicatorCode": "playgrounds", "areaCode": "area-a", "period": "2024-Q1", "statistic": "count",
            "definitionVersion": "2024", "sourceCode": "cbs", "value": 4}  # fmt: skip

    answer = steward.post("/v1/observations/_batch", {"items": [item]}, format="json", HTTP_IDEMPOTENCY_KEY="a")

    assert answer.status_code == 201, answer.json()
    assert answer.json()["counts"]["created"] == 1


def linked(*targets):
    return DOCUMENT | {"links": [{"targetKind": kind, "targetCode": code, "role": "context", "basis": "our reading"}
                                 for kind, code in targets]}  # fmt: skip


def test_a_link_to_nothing_is_named_with_what_may_have_been_meant(client_with):
    answer = posted(client_with("data-steward"), linked(("factor", "debt"), ("factor", "debts"), ("goal", "no-goal"),
                                                        ("domain", "wrk"), ("domain", "work")))  # fmt: skip

    assert answer.status_code == 400
    faults = {fault["location"]: fault for fault in answer.json()["errors"]}
    assert {place: fault["code"] for place, fault in faults.items()} == {
        "#/links/1/targetCode": "unknown-factor", "#/links/2/targetCode": "unknown-goal",
        "#/links/3/targetCode": "unknown-domain"}  # fmt: skip
    assert "debt" in faults["#/links/1/targetCode"]["expected"]
    assert "work" in faults["#/links/3/targetCode"]["expected"]


def test_a_link_that_lost_its_factor_hinders_no_other_change(client_with):
    steward = client_with("data-steward")
    posted(steward)
    IndicatorLink.objects.filter(indicator="playgrounds").update(target_code="long-gone")
    known = steward.get("/v1/indicators/playgrounds")

    changed = linked(("factor", "long-gone")) | {"unit": "places"}
    answer = steward.put("/v1/indicators/playgrounds", changed, format="json", HTTP_IF_MATCH=known["ETag"])

    assert (answer.status_code, answer.json()["unit"]) == (200, "places")


def test_links_wait_for_the_register_and_the_rest_does_not(client_with, monkeypatch):
    def away():
        raise StoreAway("default")

    steward = client_with("data-steward")
    monkeypatch.setitem(indicator_links.CODES, "factor", away)

    answer = posted(steward)
    without = posted(steward, DOCUMENT | {"links": []})

    assert (answer.status_code, without.status_code) == (503, 201)
    assert answer["Retry-After"]
