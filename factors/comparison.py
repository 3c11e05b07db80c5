"""What differs between two versions, down to the field. Pure."""

from dataclasses import dataclass, fields
from typing import Any

from factors.canonical import Content

PARTS = ("factors", "goals", "sources", "relations", "evidence")


@dataclass(frozen=True, slots=True)
class FieldChange:
    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that differs. key: its path below the part. change: added, removed or changed, then with its fields."""

    part: str
    key: str
    change: str
    fields: tuple[FieldChange, ...] = ()


def compare(before: Content, after: Content) -> tuple[RowChange, ...]:
    """Every row that was added, removed or changed, by part and key."""
    return tuple(change for part in PARTS for change in _rows(part, getattr(before, part), getattr(after, part)))


def _rows(part: str, before: tuple[Any, ...], after: tuple[Any, ...]) -> list[RowChange]:
    old, new = ({_key(row): row for row in rows} for rows in (before, after))
    found = []
    for key in sorted(old.keys() | new.keys()):
        if key not in old:
            found.append(RowChange(part, key, "added"))
        elif key not in new:
            found.append(RowChange(part, key, "removed"))
        elif old[key] != new[key]:
            found.append(RowChange(part, key, "changed", _fields(old[key], new[key])))
    return found


def _key(row: Any) -> str:
    return row.code if hasattr(row, "code") else f"{row.from_code}/{row.to_code}"


def _fields(old: Any, new: Any) -> tuple[FieldChange, ...]:
    pairs = ((field.name, getattr(old, field.name), getattr(new, field.name)) for field in fields(old))
    return tuple(FieldChange(name, was, now) for name, was, now in pairs if was != now)
