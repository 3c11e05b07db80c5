"""Interventions, organisations and offerings beside what names them (`expand`), as their own lists show them."""

from collections.abc import Mapping
from typing import Any

from config.api.access import Principal
from config.api.sparse import Expansion
from config.days import today
from factors import public as factors
from interventions.api import serializers
from interventions.models import Intervention, Offering, Organisation


def interventions(_asker: Principal, codes: frozenset[str]) -> Mapping[str, Any]:
    """With the ladder level of today; shared by all."""
    day = today()
    rows = list(Intervention.objects.filter(code__in=codes).with_level_on(day).with_parts())
    named = sorted({link.factor_code for row in rows for link in row.factors.all()})
    context = {"day": day, "factor_names": factors.factor_labels(codes=named)}
    return _by_code(serializers.InterventionSerializer(rows, many=True, context=context).data)


def organisations(_asker: Principal, codes: frozenset[str]) -> Mapping[str, Any]:
    """Shared by all. One query."""
    return _by_code(serializers.OrganisationSerializer(Organisation.objects.filter(code__in=codes), many=True).data)


def offerings(_asker: Principal, codes: frozenset[str]) -> Mapping[str, Any]:
    """Public, whoever asks. One query."""
    rows = Offering.objects.filter(code__in=codes).select_related("organisation", "intervention")
    return _by_code(serializers.OfferingSerializer(rows, many=True).data)


def _by_code(rows: Any) -> Mapping[str, Any]:
    return {row["code"]: row for row in rows}


INTERVENTION = Expansion("interventionCode", interventions)
ORGANISATION = Expansion("organisationCode", organisations)
OFFERING = Expansion("offeringCode", offerings)
