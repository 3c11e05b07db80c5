"""Less or more of an answer: `fields=a,b` leaves the rest out, `expand=x` puts related objects under `_expand`.

Both work on JSON answers of reads. An object beside is as its own list shows it, for whoever asks: what that reader may
not see, or what a store that is away holds, is null.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from config.api.access import Principal
from config.stores import StoreAway

NAMES = {"fields", "expand"}
FIELDS_TEXT = "Alleen deze velden, gescheiden door komma's; in JSON."
EXPAND_TEXT = "Deze objecten erbij onder `_expand`, gescheiden door komma's: %s. In JSON."


@dataclass(frozen=True)
class Expansion:
    """A related object. code: the field of the answer that names it (one code, or a list of codes).

    find: the objects of these codes, as their own resource shows them to the principal; asked once per answer.
    """

    code: str
    find: Callable[[Principal, frozenset[str]], Mapping[str, Any]]


class Names(serializers.CharField):
    """Names out of a closed list, separated by commas."""

    def __init__(self, known: Sequence[str], **kwargs: Any) -> None:
        super().__init__(max_length=2000, **kwargs)
        self.known = known

    def to_internal_value(self, data: Any) -> Any:
        names = list(dict.fromkeys(super().to_internal_value(data).split(",")))
        unknown = [name for name in names if name not in self.known]
        if unknown:
            words = {"unknown": ", ".join(name[:60] for name in unknown[:10]), "known": ", ".join(self.known)}
            text = _("Dit kennen wij niet: %(unknown)s. Mogelijk: %(known)s.") % words
            raise serializers.ValidationError([ErrorDetail(text, "unknown-name")])
        return names


def keys_for(item: type[serializers.BaseSerializer], expansions: Iterable[str]) -> dict[str, Names]:
    """The keys that a read with this described answer takes besides its own."""
    fields, beside = list(getattr(item(), "fields", ())), list(expansions)
    found = {"fields": Names(fields, required=False, help_text=FIELDS_TEXT)} if fields else {}
    if beside:
        text = EXPAND_TEXT % ", ".join(f"`{name}`" for name in beside)
        found["expand"] = Names(beside, required=False, help_text=text)
    return found


def narrowed(told: Any, names: Sequence[str], *, many: bool = False) -> Any:
    """An answer (many: the results of a list) with these fields only; `_expand` stays."""
    if many and isinstance(told, dict):
        return {**told, "results": [narrowed(row, names) for row in told["results"]]}
    if not isinstance(told, dict):
        return told
    return {name: value for name, value in told.items() if name in names or name == "_expand"}


def expanded(told: Any, expansions: Mapping[str, Expansion], asker: Principal) -> Any:
    """One answer or a list of them, each with the objects beside it."""
    rows = told if isinstance(told, list) else [told]
    found = {name: _found(one, rows, asker) for name, one in expansions.items()}
    beside = [{**row, "_expand": {name: _named(row[one.code], found[name]) for name, one in expansions.items()}}
              for row in rows]  # fmt: skip
    return beside if isinstance(told, list) else beside[0]


def _found(one: Expansion, rows: Sequence[Mapping[str, Any]], asker: Principal) -> Mapping[str, Any]:
    named = frozenset(code for row in rows for code in _codes(row[one.code]))
    try:
        return one.find(asker, named) if named else {}
    except (StoreAway, OperationalError, InterfaceError):
        return {}


def _codes(value: Any) -> Sequence[str]:
    return value if isinstance(value, list | tuple) else [value] if value else []


def _named(value: Any, found: Mapping[str, Any]) -> Any:
    return [found.get(code) for code in value] if isinstance(value, list | tuple) else found.get(value)
