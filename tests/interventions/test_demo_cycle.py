"""The demo's round of the cycle: loaded once, and never over what somebody changed."""

import pytest

from interventions.models import ImprovementAction, PlanVersion
from interventions.services import demo_cycle
from interventions.services.cycle_plans import check_plan
from monitoring.models import SocietalResult
from monitoring.services import demo_figures, demo_results

pytestmark = pytest.mark.usefixtures("demo")


def test_the_demo_plan_names_what_exists_and_is_loaded_once():
    first, again = demo_cycle.load_demo(), demo_cycle.load_demo()

    assert (first.created, again.created, again.unchanged) == (2, 0, 2)
    check_plan(content=PlanVersion.objects.get().content, municipality_code="GM0363")
    assert ImprovementAction.objects.get().demo is True


def test_the_demo_result_is_measured_by_demo_figures(client_with):
    demo_figures.load_demo_figures()

    assert (demo_results.load_demo().created, demo_results.load_demo().created) == (1, 0)
    result = SocietalResult.objects.get()
    found = client_with().get(f"/v1/societal-results/{result.id}/progress").json()
    assert (found["demo"], found["state"] in {"on-course", "behind"}) == (True, True)
    assert found["indicators"][0]["standing"]["ground"] == "counts"
