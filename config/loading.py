"""Reading rows, and loading them into a table so that loading them again changes nothing."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from django.db import models, router, transaction
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class LoadReport:
    """How many rows were new, changed, or already so."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: "LoadReport") -> "LoadReport":
        return LoadReport(self.created + other.created, self.updated + other.updated, self.unchanged + other.unchanged)

    def __str__(self) -> str:
        return f"{self.created} created, {self.updated} updated, {self.unchanged} unchanged"


def read_csv(path: Path, *, delimiter: str = ",") -> Iterator[dict[str, str]]:
    """Rows of an RFC 4180 file in UTF-8, with or without BOM, as text."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file, delimiter=delimiter)


def split(cell: str, separator: str = ";") -> list[str]:
    """The list inside a cell; an empty cell is an empty list."""
    return [part.strip() for part in cell.split(separator) if part.strip()]


def load(model: type[models.Model], *, key: Sequence[str], rows: Iterable[dict[str, Any]]) -> LoadReport:
    """Create or update rows by their key in one transaction; equal rows are not written.

    key: model field names that identify a row (unique in the table). rows: field values (foreign keys as `…_id`).
    Rows in the table that are not given stay. A key given twice keeps its last row. Two to four queries per 1,000 rows.
    """
    wanted = {tuple(row[field] for field in key): row for row in rows}
    objects = model._default_manager
    with transaction.atomic(using=router.db_for_write(model)):
        narrowed = objects.filter(**{f"{key[0]}__in": {identity[0] for identity in wanted}})
        known = {tuple(getattr(thing, field) for field in key): thing for thing in narrowed}
        fresh = [model(**row) for identity, row in wanted.items() if identity not in known]
        changed = [
            known[identity] for identity, row in wanted.items() if identity in known and _set(known[identity], row)
        ]
        objects.bulk_create(fresh, batch_size=1000)
        if changed:
            given = {field for row in wanted.values() for field in row}
            objects.bulk_update(changed, sorted(_names(model, given) - _names(model, key)), batch_size=1000)
    return LoadReport(len(fresh), len(changed), len(wanted) - len(fresh) - len(changed))


def _set(thing: models.Model, row: dict[str, Any]) -> bool:
    """Set the fields that differ; True if any did."""
    different = {field: value for field, value in row.items() if getattr(thing, field) != value}
    for field, value in different.items():
        setattr(thing, field, value)
    return bool(different)


def _names(model: type[models.Model], fields: Iterable[str]) -> set[str]:
    """Field names as bulk_update wants them: `pillar` for `pillar_id`."""
    columns = {f.attname: f.name for f in model._meta.concrete_fields}
    return {columns.get(field, field) for field in fields}


def not_json(problem: orjson.JSONDecodeError) -> str:
    """Where the text stops being JSON, in the language of the reader: the parser itself speaks English only."""
    at = {"line": problem.lineno, "column": problem.colno}
    return _("Dit is geen geldige JSON: het gaat mis in regel %(line)d, teken %(column)d.") % at
