"""Questions about observations: which, measured when, known when."""

from datetime import datetime
from typing import Any, Self

from django.db.models import Q, QuerySet

from monitoring.periods import Period


class ObservationQuerySet(QuerySet):  # type: ignore[type-arg]
    """For the values known now and for those that were replaced."""

    def official(self) -> Self:
        """Shared by all: of no one municipality."""
        return self.filter(municipality_code="")

    def matching(self, **wanted: str | None) -> Self:
        """Rows with these field values; a None is not asked."""
        return self.filter(**{name: value for name, value in wanted.items() if value is not None})

    def measured_within(self, first: Period | None, last: Period | None) -> Self:
        """Rows whose period starts with or after the first and ends with or before the last."""
        chosen = Q()
        if first:
            chosen &= Q(period_start__gte=first.start)
        if last:
            chosen &= Q(period_end__lte=last.end)
        return self.filter(chosen)

    def replaced_after(self, moment: datetime) -> Self:
        """For the history: what was known then and is so no more."""
        return self.filter(recorded_at__lte=moment, superseded_at__gt=moment)


IN_ORDER: tuple[Any, ...] = ("indicator_code", "area_code", "period_start", "period_kind", "definition_version",
                             "population", "statistic", "source_code", "area_year")  # fmt: skip
