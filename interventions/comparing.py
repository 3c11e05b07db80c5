"""What changed between two versions of a document: paths that were added, removed or changed. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

KEYS = ("code", "indicatorCode", "factorCode", "domainCode", "question", "offeringCode", "id", "choice")
"""What names an item of a list, tried in this order; without any of them its place does."""


@dataclass(frozen=True)
class Difference:
    """kind: added, removed or changed. path: keys and names of items, joined by `/`. The other side is None."""

    kind: str
    path: str
    before: Any
    after: Any


def compare(before: Any, after: Any) -> tuple[Difference, ...]:
    """All differences by path; equal documents have none. Lists are compared by the names of their items."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    return tuple(
        Difference(_kind(path, old, new), path, old.get(path), new.get(path))
        for path in sorted(old.keys() | new.keys())
        if path not in old or path not in new or old[path] != new[path]
    )


def _kind(path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    return "changed" if path in old and path in new else "added" if path in new else "removed"


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}/{key}" if path else str(key))
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for name, item in _named(value):
            yield from _leaves(item, f"{path}/{name}")
    else:
        yield path, value


def _named(items: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """Items with a name that is theirs alone: a second one of the same name gets its number."""
    seen: dict[str, int] = {}
    for place, item in enumerate(items):
        name = next((str(item[key]) for key in KEYS if item.get(key)), str(place))
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f"{name}.{seen[name]}"), item
