"""Indicators over HTTP, and the links we draw from them."""

import pytest
from django.conf import settings

from config.loading import read_csv
from monitoring.services.figures.indicators import read_folder
from tests.monitoring.figures.data import DATA, rows

pytestmark = pytest.mark.usefixtures("stores")
FACTORS = settings.BASE_DIR / "factors" / "data"


def test_all_65_indicators_of_the_monitor_are_there_as_it_gives_them(client_with):
    answers = {a["code"]: a for a in client_with().get("/v1/indicators?pageSize=500").json()["results"]}

    published = rows("nplv_indicators.csv")
    assert len(published) == 65
    for row in published:
        answer = answers[row["code"]]
        assert (answer["name"], answer["kind"], answer["unit"] or "") == (row["name_nl"], row["kind"], row["unit"])
        assert (answer["direction"] or "") == row["direction_suggested"]
        assert (answer["howMeasured"] or "") == row["definition_notes"]


def test_the_debt_indicator_knows_its_two_definitions(client_with):
    answer = client_with().get("/v1/indicators/households-problematic-debts").json()

    assert [(d["version"], d["current"]) for d in answer["definitions"]] == [
        ("revised-2022", True), ("pre-2022", False)]  # fmt: skip
    assert answer["combinationRules"] == {"areas": "pooled-ratio", "periods": "none"}
    assert (answer["relevantDifference"], answer["relevantDifferenceBasis"]) == (1.0, "our reading")
    assert {"targetKind": "factor", "targetCode": "debt", "role": "prevalence", "inverse": False,
            "basis": "our reading", "note": None} in answer["links"]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "code"),
    [("factorCode=debt", "households-problematic-debts"), ("domainCode=participation", "volunteers-18plus"),
     ("kind=process", "process-alliance-cooperation")],
)  # fmt: skip
def test_filters_find_what_an_indicator_is_about(client_with, query, code):
    answers = client_with().get(f"/v1/indicators?{query}").json()["results"]

    assert code in {a["code"] for a in answers}
    assert "school-advice-vwo" not in {a["code"] for a in answers}


def test_an_unknown_indicator_is_404(client_with):
    assert client_with().get("/v1/indicators/nothing").status_code == 404
    assert client_with().get("/v1/indicators/%00").status_code == 404


def test_the_list_asks_a_constant_number_of_queries(client_with, django_assert_num_queries):
    client = client_with()

    for size in (1, 50):
        with django_assert_num_queries(4, using="monitoring"):
            client.get(f"/v1/indicators?pageSize={size}")


def linked():
    """Every link of the files, of the reference data and of the demo."""
    yield from (link for one in read_folder(DATA / "indicators") for link in one.links)
    demo = {row["code"] for row in rows("demo_indicators.csv")}
    for row in rows("demo_indicator_links.csv"):
        assert row["indicator_code"] in demo
        yield row


def test_links_point_to_factors_and_domains_that_exist():
    public_model = FACTORS / "public_factor_model" / "factors.csv"
    known = {
        "factor": {row["id"].replace("_", "-") for row in read_csv(public_model)},
        "domain": {row["code"] for row in read_csv(FACTORS / "domains.csv")},
    }

    for row in linked():
        assert row["target_code"] in known[row["target_kind"]], row
        assert row["role"] in {"measures", "prevalence", "context"}
        assert row["basis"] == "our reading"
