"""Loading the demo through the same services that every write goes through."""

from collections import Counter
from collections.abc import Iterator

from django.db import transaction

from config.loading import LoadReport
from interventions import demo
from interventions.services import register
from interventions.services.register.announcing import STORE
from interventions.services.register.writing import Change

ACTOR = "command:load_demo_interventions"


def load_demo() -> LoadReport:
    """Save everything of the demo in one transaction; loading again changes nothing."""
    with transaction.atomic(using=STORE):
        done = Counter(_changes())
    return LoadReport(done[Change.CREATED], done[Change.UPDATED], done[Change.UNCHANGED])


def _changes() -> Iterator[Change]:
    for organisation in demo.organisations():
        yield register.save_organisation(organisation=organisation, actor=ACTOR)
    yield from _interventions()
    for offering in demo.offerings():
        yield register.save_offering(offering=offering, actor=ACTOR)
    for agreement in demo.agreements():
        yield register.save_agreement(agreement=agreement, actor=ACTOR)


def _interventions() -> Iterator[Change]:
    links, listings = demo.factor_links(), demo.listings()
    for intervention in demo.interventions():
        yield register.save_intervention(intervention=intervention, actor=ACTOR)
        yield register.save_factors(intervention=intervention, links=links[intervention.code], actor=ACTOR)
        yield register.save_recognitions(intervention=intervention, listings=listings[intervention.code], actor=ACTOR)
