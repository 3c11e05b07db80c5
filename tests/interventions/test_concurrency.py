"""Two writes at once: the last announcement of an offering knows both."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from accounts.models import Outbox
from interventions.models import Intervention, Organisation
from interventions.services import register
from tests.factories import interventions as make


@pytest.fixture
def offered(committed: None) -> Iterator[Intervention]:
    method = make.intervention("method-race", factors=("sleep",))
    make.offering("offering-race", organisation_id="org-race", intervention_id="method-race")
    yield method
    method.offerings.all().delete()
    method.delete()
    Organisation.objects.filter(code="org-race").delete()


def test_a_write_waits_for_one_about_the_same_intervention_and_announces_both(offered):
    halfway, waiting = threading.Event(), threading.Event()

    def new_factors() -> None:
        links = [register.FactorLink("debt", basis="test")]
        with transaction.atomic():
            register.save_factors(intervention=offered, links=links, actor="editor")
            halfway.set()
            waiting.wait(5)
        connection.close()

    editor = threading.Thread(target=new_factors)
    editor.start()
    halfway.wait(5)
    threading.Timer(0.3, waiting.set).start()
    changed = make.new_offering(
        "offering-race", organisation_id="org-race", intervention_id="method-race", intended_reach=5
    )
    register.save_offering(offering=changed, actor="holder")
    editor.join()

    last = Outbox.objects.filter(kind="offering.changed").latest("id").payload
    assert (last["factorCodes"], last["intendedReach"]) == (["debt"], 5)
