"""Keeping the true numbers behind a release, so that the next one can weigh what both together give away."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from monitoring.disclosure import Slot
from monitoring.measures import MEASURES
from monitoring.models import Release, ReleaseBasis, ReleasedCell
from monitoring.periods import Period, quarter_of, year_of
from monitoring.release_tables import Atom, Edition, TableKey

PERIOD_OF = {"quarter": quarter_of, "year": year_of}


def keep(release: Release, tables: Mapping[TableKey, Sequence[Atom]]) -> None:
    ReleaseBasis.objects.bulk_create(
        (
            ReleaseBasis(
                release=release, municipality_code=release.municipality_code, intervention_code=key.intervention,
                measure=key.measure, year=key.year, atoms=[_written(atom) for atom in atoms],
            )
            for key, atoms in tables.items()
        ),
        batch_size=500,
    )  # fmt: skip


def earlier_editions(municipality_code: str) -> dict[TableKey, list[Edition]]:
    """Every table of every earlier release: its numbers and what was shown of them. Two queries.

    The newest comes last; one that is as it was in the release before stands there once.
    """
    shown = _shown(municipality_code)
    found: dict[TableKey, list[Edition]] = defaultdict(list)
    bases = ReleaseBasis.objects.filter(municipality_code=municipality_code).select_related("release")
    for basis in bases.order_by("release__number", "id"):
        key = TableKey(basis.intervention_code, basis.measure, basis.year)
        edition = Edition(tuple(map(_read, basis.atoms)), frozenset(shown[basis.release_id, key]), _minimum(basis))
        if found[key][-1:] != [edition]:
            found[key].append(edition)
    return found


def _minimum(basis: ReleaseBasis) -> int:
    own = {entry["measure"]: entry["minimum"] for entry in basis.release.minimums}
    return int(own.get(basis.measure, basis.release.minimum))


def _shown(municipality_code: str) -> dict[tuple[Any, TableKey], set[Slot]]:
    found: dict[tuple[Any, TableKey], set[Slot]] = defaultdict(set)
    for cell in ReleasedCell.objects.filter(release__municipality_code=municipality_code).iterator():
        key = TableKey(cell.intervention_code, cell.measure, cell.period_start.year)
        found[cell.release_id, key].update(_slots(cell))
    return found


def _slots(cell: ReleasedCell) -> Iterator[Slot]:
    period = Period(cell.period_kind, cell.period_start, cell.period_end)  # type: ignore[arg-type]
    for (name, _parts), value in zip(MEASURES[cell.measure].shown, cell.counts, strict=True):
        if value is not None:
            yield Slot(cell.area_code, period, name)


def _written(atom: Atom) -> list[Any]:
    period = [atom.period.kind, atom.period.start.isoformat()]
    return [list(atom.places), *period, atom.name, atom.offering, atom.owner, atom.value, atom.in_year]


def _read(row: list[Any]) -> Atom:
    places, kind, start, name, offering, owner, value, in_year = row
    return Atom(tuple(places), PERIOD_OF[kind](date.fromisoformat(start)), name, offering, owner, value, in_year)
