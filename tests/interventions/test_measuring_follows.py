"""From an outcome agreement in one store to a measurement plan in the other, with real commits between them."""

import pytest

from accounts.models import Municipality
from interventions.services.register.demo import load_demo
from monitoring.services import facts
from tests.interventions.api.test_plans_of_action import MEASURED, a_plan


@pytest.fixture
def adviser(committed, client_with):
    Municipality.objects.get_or_create(code="GM0363", defaults={"name": "Amsterdam"})
    load_demo()
    return client_with("area-adviser")


def test_what_a_plan_of_action_agrees_is_asked_of_the_partner(adviser):
    def asked():
        query = "offeringCode=demo-sportief-noord&measure=reach"
        rows = adviser.get(f"/v1/measurement-plans?{query}").json()["results"]
        return [(one["monitorType"], one["periodKind"], one["among"]) for one in rows]

    facts.follow_default()
    before = asked()
    a_plan(adviser, outcomeAgreements=[MEASURED | {"among": "wie zich inschrijft"}])

    facts.follow_default()

    assert asked() == [*before, ("continuous", "quarter", "wie zich inschrijft")]
