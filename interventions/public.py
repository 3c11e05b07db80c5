"""The front door of interventions: labels by code, in the language of the request. Unknown codes are left out."""

from collections.abc import Collection

from config.languages import label
from config.stores import front_door
from interventions.models import Intervention, Offering, Organisation


@front_door("default")
def offering_labels(*, codes: Collection[str]) -> dict[str, str]:
    """Names of offerings (Dutch only: offerings are named by those who run them). One query."""
    return dict(Offering.objects.filter(code__in=codes).values_list("code", "name_nl"))


@front_door("default")
def intervention_labels(*, codes: Collection[str]) -> dict[str, str]:
    """Names of interventions. One query."""
    found = Intervention.objects.filter(code__in=codes).only("code", "name_nl", "name_en")
    return {one.code: label(one) for one in found}


@front_door("default")
def organisation_labels(*, codes: Collection[str]) -> dict[str, str]:
    """Names of organisations. One query."""
    return dict(Organisation.objects.filter(code__in=codes).values_list("code", "name"))
