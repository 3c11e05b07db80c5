"""Offerings for everyone, agreements for the municipality only."""

from datetime import date

import pytest

from accounts.models import Client, Municipality, RoleGrant
from tests.factories import interventions as make

pytestmark = pytest.mark.usefixtures("stores")


def codes(client, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content
    return [one["code"] for one in answer.json()["results"]]


@pytest.fixture
def offered(stores):
    make.offering("a", area_codes=["WK036300"])
    make.offering("b", organisation_id="org-b", intervention_id="method-b")
    make.offering("c", municipality_code="GM0599", ends_on=date(2024, 6, 1))
    make.agreement("b-1", offering_id="b", valid_until=date(2024, 3, 1), amount=500, order_number="77")
    make.agreement("c-1", offering_id="c", municipality_code="GM0599")


def test_filters_find_offerings(client_with, offered):
    client = client_with()

    assert codes(client, "/v1/offerings") == ["a", "b", "c"]
    assert codes(client, "/v1/offerings?municipalityCode=GM0599") == ["c"]
    assert codes(client, "/v1/offerings?areaCode=WK036300") == ["a"]
    assert codes(client, "/v1/offerings?organisationCode=org-b") == ["b"]
    assert codes(client, "/v1/offerings?interventionCode=method-b") == ["b"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2023-12-31", []),
        ("2024-01-01", ["a", "b", "c"]),
        ("2024-02-29", ["a", "b", "c"]),
        ("2024-03-01", ["a", "c"]),
        ("2024-06-01", ["a"]),
    ],
)
def test_active_means_by_dates_and_agreement(client_with, offered, day, expected):
    assert codes(client_with(), f"/v1/offerings?activeOn={day}") == expected


def test_an_offering_shows_no_agreement_and_no_amount(client_with, offered):
    answer = client_with().get("/v1/offerings/b").json()

    assert answer["organisationName"] == "Organisatie org-b"
    assert answer["interventionName"] == "Aanpak method-b"
    assert (answer["endsOn"], answer["targetGroup"], answer["cityWide"]) == (None, None, True)
    assert not {"amount", "agreements", "orderNumber"} & set(answer)


def test_an_unknown_offering_is_404(client_with):
    assert client_with().get("/v1/offerings/nothing").status_code == 404


def test_more_offerings_cost_no_more_queries(client_with, queries_of, offered):
    client = client_with()
    few = queries_of(lambda: client.get("/v1/offerings?pageSize=1"))

    assert queries_of(lambda: client.get("/v1/offerings")) == few


def test_agreements_need_a_key_with_the_scope(client_with, offered):
    assert client_with().get("/v1/agreements").status_code == 401
    assert client_with("dashboard").get("/v1/agreements").status_code == 403
    assert client_with("partner", organisation="org-b").get("/v1/agreements").status_code == 403


@pytest.mark.parametrize("role", ["account-holder", "area-adviser", "data-steward"])
def test_the_municipality_sees_its_own_agreements_and_no_other(client_with, offered, role):
    client = client_with(role)

    answer = client.get("/v1/agreements").json()

    assert [(one["code"], one["amount"], one["orderNumber"]) for one in answer["results"]] == [("b-1", 500.0, "77")]
    assert codes(client_with(role, municipality="GM0599"), "/v1/agreements") == ["c-1"]


def test_who_is_partner_here_and_account_holder_there_sees_only_the_agreements_there(client_with, offered):
    client = client_with("partner", organisation="org-b")
    there, _ = Municipality.objects.get_or_create(code="GM0599", defaults={"name": "Rotterdam"})
    RoleGrant.objects.create(client=Client.objects.get(), role="account-holder", municipality=there)

    assert codes(client, "/v1/agreements") == ["c-1"]


def test_agreements_are_found_by_offering_organisation_and_day(client_with, offered):
    client = client_with("account-holder")

    assert codes(client, "/v1/agreements?offeringCode=b") == ["b-1"]
    assert codes(client, "/v1/agreements?offeringCode=a") == []
    assert codes(client, "/v1/agreements?organisationCode=org-b") == ["b-1"]
    assert codes(client, "/v1/agreements?validOn=2024-03-01") == []
    assert codes(client, "/v1/agreements?validOn=2024-02-29") == ["b-1"]
