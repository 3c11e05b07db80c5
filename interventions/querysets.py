"""Questions about interventions, offerings and agreements that are asked more than once."""

from datetime import date
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery


def holds_on(day: date, start: str, end: str) -> Q:
    """Half-open: the first day counts, the last does not; without an end it still holds."""
    return Q(**{f"{start}__lte": day}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": day}))


def _rows(model: str) -> models.Manager[Any]:
    """By name: models import this module."""
    return apps.get_model("interventions", model)._default_manager


class InterventionQuerySet(models.QuerySet):
    """Interventions, by how well founded they are."""

    def with_level_on(self, day: date) -> "InterventionQuerySet":
        """Adds `level_now`: the ladder level that day, null when not listed. The same rule as coverage.level_on."""
        current = _rows("Recognition").filter(holds_on(day, "valid_from", "valid_until"), intervention=OuterRef("pk"))
        return self.annotate(level_now=Subquery(current.order_by("-valid_from").values("level_id")[:1]))

    def with_parts(self) -> "InterventionQuerySet":
        """With factors and recognitions: two queries, however many interventions."""
        recognitions = _rows("Recognition").select_related("level", "database").order_by("valid_from")
        factors = _rows("InterventionFactor").order_by("factor_code")
        return self.prefetch_related(
            models.Prefetch("recognitions", queryset=recognitions), models.Prefetch("factors", queryset=factors)
        )


class OfferingQuerySet(models.QuerySet):
    """Offerings, by place and time."""

    def active_on(self, day: date) -> "OfferingQuerySet":
        """Running that day, with an agreement that holds or with none at all. The same rule as coverage.is_active."""
        agreements = _rows("Agreement").filter(offering=OuterRef("pk"))
        held = Exists(agreements.filter(holds_on(day, "valid_from", "valid_until")))
        return self.filter(holds_on(day, "starts_on", "ends_on")).filter(held | ~Exists(agreements))

    def with_facts(self) -> "OfferingQuerySet":
        """With all that coverage and announcements need: four queries, however many offerings."""
        return self.select_related("intervention").prefetch_related(
            "agreements", "intervention__factors", "intervention__recognitions"
        )


class AgreementQuerySet(models.QuerySet):
    """Agreements, by time."""

    def valid_on(self, day: date) -> "AgreementQuerySet":
        return self.filter(holds_on(day, "valid_from", "valid_until"))
