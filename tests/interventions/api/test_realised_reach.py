"""Realised reach beside coverage: who sees which figure."""

from datetime import date

import pytest

from monitoring.models import Aggregate, Release, ReleasedCell
from tests.factories import interventions as make

pytestmark = pytest.mark.usefixtures("city")
CELL = {
    "measure": "reach",
    "area_code": "GM0363",
    "period_kind": "year",
    "period_start": date(2024, 1, 1),
    "period_end": date(2025, 1, 1),
    "deliverer_count": 1,
}


@pytest.fixture(autouse=True)
def reached(city):
    """Two offerings by two organisations; 30 and 12 started; released: 40 for one method, withheld for the other."""
    release = Release.objects.create(
        municipality_code=city, number=1, released_by="test", minimum=10, checksum="", cell_count=2, withheld_count=1
    )
    for letter, started, released in [("a", 30, 40), ("b", 12, None)]:
        make.intervention(f"method-{letter}", domain_codes=["work"])
        make.offering(f"offering-{letter}", organisation_id=f"org-{letter}", intervention_id=f"method-{letter}")
        Aggregate.objects.create(
            municipality_code=city, subject_kind="offering", subject_code=f"offering-{letter}", report_count=1,
            organisation_code=f"org-{letter}", counts=[None, None, None, started, None, None], **CELL,
        )  # fmt: skip
        ReleasedCell.objects.create(
            release=release, intervention_code=f"method-{letter}",
            counts=[None, None, None, released, None, None], withheld=[released is None] * 6, **CELL,
        )  # fmt: skip


def reach(client, query: str = "activeOn=2024-05-01") -> dict[str, dict]:
    answer = client.get(f"/v1/coverage/matrix?municipalityCode=GM0363&{query}")
    assert answer.status_code == 200, answer.content
    cells = [cell for row in answer.json()["rows"] for cell in row["cells"]]
    return {one["offeringCode"]: one["realisedReach"] for cell in cells for one in cell["offerings"]}


def test_everyone_sees_released_figures_of_the_intervention(client_with):
    found = reach(client_with())

    assert found["offering-a"] == {
        "value": 40,
        "view": "released",
        "subject": "intervention",
        "period": "2024",
        "status": "known",
    }


def test_a_withheld_figure_is_said_to_be_withheld(client_with):
    found = reach(client_with("dashboard"))

    assert (found["offering-b"]["value"], found["offering-b"]["status"]) == (None, "withheld")


@pytest.mark.parametrize("role", ["account-holder", "area-adviser", "data-steward"])
def test_the_municipality_sees_working_figures_of_each_offering(client_with, role):
    found = reach(client_with(role))

    assert {code: (one["value"], one["view"], one["subject"]) for code, one in found.items()} == {
        "offering-a": (30, "working", "offering"),
        "offering-b": (12, "working", "offering"),
    }


def test_another_municipality_sees_released_figures_only(client_with):
    found = reach(client_with("account-holder", municipality="GM0599"))

    assert {one["view"] for one in found.values()} == {"released"}


def test_a_partner_sees_working_figures_of_its_own_offerings_only(client_with):
    found = reach(client_with("partner", organisation="org-a"))

    assert (found["offering-a"]["view"], found["offering-a"]["value"]) == ("working", 30)
    assert (found["offering-b"]["view"], found["offering-b"]["value"]) == ("released", None)


def test_a_partner_of_elsewhere_sees_no_working_figures_here(client_with):
    found = reach(client_with("partner", municipality="GM0599", organisation="org-a"))

    assert {one["view"] for one in found.values()} == {"released"}


def test_a_year_without_figures_is_not_zero(client_with):
    found = reach(client_with("account-holder"), "activeOn=2024-05-01&reachYear=2023")

    assert found["offering-a"] == {
        "value": None,
        "view": "working",
        "subject": "offering",
        "period": "2023",
        "status": "no-figure",
    }
