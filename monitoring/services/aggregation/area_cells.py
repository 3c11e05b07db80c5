"""Cells beside a cell: those of the neighbourhoods in its area, and those of who works on a factor or goal."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from monitoring.models import Aggregate, OfferingFact, ReleasedCell
from monitoring.models.area import AreaLevel
from monitoring.services.geography.area_tree import AreaTree, tree_of

Cell = Aggregate | ReleasedCell


def linked_subjects(kind: str, code: str) -> dict[str, set[str]]:
    """The offerings and interventions that work on a factor, or towards the goal of a domain. One query."""
    facts = OfferingFact.objects.filter(current=True, **{f"{COLUMNS[kind]}__contains": [code]})
    pairs = list(facts.values_list("offering_code", "intervention_code"))
    return {"offering": {offering for offering, _i in pairs}, "intervention": {method for _o, method in pairs}}


COLUMNS = {"factor": "factor_codes", "goal": "domain_codes"}


def neighbourhood_cells(rows: Sequence[Cell]) -> dict[Any, tuple[list[Cell], int]]:
    """Key of each row that lies above neighbourhoods → the cells of these, and how many neighbourhoods there are.

    rows: of one view. Three queries per municipality among them, none without such rows.
    """
    found: dict[Any, tuple[list[Cell], int]] = {}
    by_city: dict[str, list[Cell]] = defaultdict(list)
    for row in rows:
        by_city[_city(row)].append(row)
    for city, some in by_city.items():
        found |= _of_city(some, tree_of(city))
    return found


def _of_city(rows: Sequence[Cell], tree: AreaTree) -> dict[Any, tuple[list[Cell], int]]:
    below = _neighbourhoods(tree)
    upper = [row for row in rows if below.get(row.area_code)]
    if not upper:
        return {}
    inside: dict[tuple[Any, ...], dict[str, Cell]] = defaultdict(dict)
    for cell in _cells(upper, {area for row in upper for area in below[row.area_code]}):
        inside[_beside(cell)][cell.area_code] = cell
    return {
        row.pk: ([cell for area, cell in inside[_beside(row)].items() if area in below[row.area_code]],
                 len(below[row.area_code]))
        for row in upper
    }  # fmt: skip


def _neighbourhoods(tree: AreaTree) -> dict[str, set[str]]:
    """Area → the neighbourhoods in it; not those themselves."""
    found: dict[str, set[str]] = defaultdict(set)
    for area, above in tree.above.items():
        if tree.levels[area] == AreaLevel.NEIGHBOURHOOD:
            for place in set(above) - {area}:
                found[place].add(area)
    return found


def _cells(upper: Sequence[Cell], areas: Iterable[str]) -> QuerySet[Any]:
    model, first = type(upper[0]), upper[0]
    subject = "subject_code" if isinstance(first, Aggregate) else "intervention_code"
    rows: QuerySet[Any] = model._default_manager.filter(
        area_code__in=areas, measure__in={row.measure for row in upper},
        period_kind__in={row.period_kind for row in upper}, period_start__in={row.period_start for row in upper},
        **{f"{subject}__in": {getattr(row, subject) for row in upper}},
    )  # fmt: skip
    if isinstance(first, Aggregate):
        return rows.filter(municipality_code=first.municipality_code)
    return rows.filter(release__in={row.release_id for row in upper if isinstance(row, ReleasedCell)}).select_related(
        "release"
    )


def _city(row: Cell) -> str:
    return row.municipality_code if isinstance(row, Aggregate) else row.release.municipality_code


def _beside(row: Cell) -> tuple[Any, ...]:
    """What cells of different areas must share to be beside each other."""
    period = row.measure, row.period_kind, row.period_start
    if isinstance(row, Aggregate):
        return (row.subject_kind, row.subject_code, *period)
    return (row.release_id, row.intervention_code, *period)
