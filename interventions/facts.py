"""Rows as plain values: what audit entries keep, and what the other store is told of an offering."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models

from interventions.models import Agreement, Offering

Plain = dict[str, Any]


def plain(thing: models.Model | None) -> Plain | None:
    """Every column of a row as a JSON value, for comparing and for the audit; None stays None."""
    if thing is None:
        return None
    return {field.attname: _plain(field.to_python(getattr(thing, field.attname))) for field in _columns(thing)}


def _columns(thing: models.Model) -> Iterable[Any]:
    """Without numbers that the database hands out: they say nothing about the row."""
    return (field for field in thing._meta.concrete_fields if not isinstance(field, models.AutoField))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value if value is None or isinstance(value, bool | int | str | list) else str(value)


def announcement(offering: Offering) -> Plain:
    """The payload of `offering.changed`: facts and codes, no labels and no amounts (ADR 1).

    offering: read with `with_facts`. Dates are ISO, null when open. Lists are sorted: equal facts, equal payloads.
    """
    return {
        "offeringCode": offering.code,
        "municipalityCode": offering.municipality_code,
        "organisationCode": offering.organisation_id,
        "interventionCode": offering.intervention_id,
        "serviceType": offering.service_type_id,
        "cityWide": offering.city_wide,
        "areaCodes": sorted(offering.area_codes),
        "factorCodes": sorted(link.factor_code for link in offering.intervention.factors.all()),
        "domainCodes": sorted(offering.intervention.domain_codes),
        "startsOn": offering.starts_on.isoformat(),
        "endsOn": _iso(offering.ends_on),
        "agreements": _periods(offering.agreements.all()),
        "intendedReach": offering.intended_reach,
        "demo": offering.demo,
    }


def _periods(agreements: Iterable[Agreement]) -> list[Plain]:
    ordered = sorted(agreements, key=lambda one: (one.valid_from, one.code))
    return [{"validFrom": one.valid_from.isoformat(), "validUntil": _iso(one.valid_until)} for one in ordered]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
