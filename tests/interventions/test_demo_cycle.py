"""The demo's round of the cycle: loaded once, and never over what somebody changed."""

from datetime import date

import pytest

from interventions.models import ImprovementAction, PlanVersion
from interventions.services.cycle import demo_cycle
from interventions.services.cycle.document_files import make_asked_documents
from interventions.services.cycle.plans import check_plan
from interventions.services.cycle.telling import told
from monitoring.models import SocietalResult
from monitoring.services.figures import demo_figures
from monitoring.services.results import demo_results

pytestmark = pytest.mark.usefixtures("demo", "ranked")
DAY = date(2026, 11, 26)


def test_the_demo_round_names_what_exists_and_is_loaded_once(client_with):
    demo_figures.load_demo_figures()
    demo_results.load_demo()

    first, again = demo_cycle.load_demo(day=DAY), demo_cycle.load_demo(day=DAY)

    assert (first.created, again.created, again.unchanged) == (3, 0, 3)
    plan = told(PlanVersion.objects.order_by("number").last())
    check_plan(content=plan["plan"], municipality_code="GM0363")
    assert [one["description"] for one in plan["actions"]] == ["Vraag meisjes welke sport zij willen (demo)"]
    assert ImprovementAction.objects.get().demo is True
    (shown,) = client_with().get("/v1/area-analyses?areaCode=WK036360").json()["results"]
    assert (shown["edition"], shown["demo"]) == ("2026", True)
    assert make_asked_documents() == 3


def test_the_demo_result_is_measured_by_demo_figures(client_with):
    demo_figures.load_demo_figures()

    assert (demo_results.load_demo().created, demo_results.load_demo().created) == (1, 0)
    result = SocietalResult.objects.get()
    found = client_with().get(f"/v1/societal-results/{result.id}/progress").json()
    assert (found["demo"], found["state"] in {"on-course", "behind"}) == (True, True)
    assert found["indicators"][0]["standing"]["ground"] == "counts"
