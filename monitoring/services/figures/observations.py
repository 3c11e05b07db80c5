"""Loading observations: created, updated with the old value kept, or unchanged (DOMAIN.md §4)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connections, transaction
from django.utils import timezone

from config.ledger import outbox
from config.loading import LoadReport
from config.wake import wake_after_commit
from monitoring.models import Observation, ObservationHistory
from monitoring.models.observation import KEY
from monitoring.periods import Period
from monitoring.services.figures import series

STORE = "monitoring"
FIELDS = [field.name for field in Observation._meta.concrete_fields if field.name not in {"id", "recorded_at"}]
BATCH = 1000
Row = dict[str, Any]


class UnknownField(ValueError):
    """A row names a field that an observation does not have."""


def observation(*, period: Period, **fields: Any) -> Row:
    """A complete row: every field that is not given has its default, so that equal rows compare equal."""
    given = {**fields, "period_kind": period.kind, "period_start": period.start, "period_end": period.end}
    if unknown := set(given) - set(FIELDS):
        raise UnknownField(", ".join(sorted(unknown)))
    return {name: given.get(name, default) for name, default in _defaults().items()}


def load_observations(rows: Iterable[Row]) -> LoadReport:
    """Make the given rows the values known now, all or none.

    rows: made by `observation`; a key given twice keeps its last row. A changed value moves the old one to the history;
    an equal row writes nothing. What changed is announced (`observations.loaded`). Loads wait for each other.
    """
    wanted = {tuple(row[name] for name in KEY): row for row in rows}
    report = LoadReport()
    with transaction.atomic(using=STORE):
        _wait_for_other_loads()
        now = timezone.now()  # one moment, so that what was known on any date has no gap
        identities = list(wanted)
        for start in range(0, len(identities), BATCH):
            report += _load_batch({identity: wanted[identity] for identity in identities[start : start + BATCH]}, now)
    return report


def _load_batch(wanted: dict[tuple[Any, ...], Row], now: datetime) -> LoadReport:
    known = _known(wanted)
    fresh = [Observation(**row, recorded_at=now) for identity, row in wanted.items() if identity not in known]
    changed = [(known[identity], row) for identity, row in wanted.items()
               if identity in known and _values(known[identity]) != row]  # fmt: skip
    Observation.objects.bulk_create(fresh)
    _replace(changed, now)
    _announce([*fresh, *(old for old, _ in changed)])
    return LoadReport(len(fresh), len(changed), len(wanted) - len(fresh) - len(changed))


def _known(wanted: Iterable[tuple[Any, ...]]) -> dict[tuple[Any, ...], Observation]:
    keys = list(wanted)
    narrowed = Observation.objects.filter(
        area_code__in={key[0] for key in keys}, indicator_code__in={key[1] for key in keys}
    )
    return {tuple(getattr(thing, name) for name in KEY): thing for thing in narrowed}


def _replace(changed: Sequence[tuple[Observation, Row]], now: datetime) -> None:
    """The old values to the history, the new ones in their place, known from now."""
    if not changed:
        return
    ObservationHistory.objects.bulk_create(
        ObservationHistory(**_values(old), recorded_at=old.recorded_at, superseded_at=now) for old, _ in changed
    )
    for old, row in changed:
        for name, value in row.items():
            setattr(old, name, value)
        old.recorded_at = now
    mutable = [name for name in FIELDS if name not in KEY]
    Observation.objects.bulk_update([old for old, _ in changed], [*mutable, "recorded_at"])


def _announce(things: Sequence[Observation]) -> None:
    """One event per batch, so that its lists stay bounded; the series of these areas are old from now."""
    if things:
        series.touch(thing.area_code for thing in things)
        payload = {"indicatorCodes": sorted({thing.indicator_code for thing in things}),
                   "areaCodes": sorted({thing.area_code for thing in things})}  # fmt: skip
        outbox.write(store=STORE, kind="observations.loaded", payload=payload)
        wake_after_commit("factors.tasks.follow_monitoring", store=STORE)


def _wait_for_other_loads() -> None:
    """Two loads of the same file at once: the second finds the first one's rows and changes nothing."""
    with connections[STORE].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('monitoring.observations'))")


def _values(thing: Observation) -> Row:
    return {name: getattr(thing, name) for name in FIELDS}


def _defaults() -> Row:
    return _values(Observation())
