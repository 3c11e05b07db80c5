"""Serializers as plain functions: the answer of `Serializer.data`, many times faster for thousands of points.

DRF looks up every field anew for every instance. Here a serializer is read once and written out as one expression: a
dict with a lookup and a converter per field, made into a function as `namedtuple` does it. What does not go that way
(an absent attribute with a default) is left to DRF. Sources are attributes, or keys of a dict, and not methods.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, cast

from rest_framework import serializers

Shape = Callable[[Any], Any]
ABSENT = (AttributeError, KeyError)
PLAIN: dict[Any, Shape] = {serializers.CharField: str, serializers.FloatField: float, serializers.IntegerField: int}


def shape_of(serializer: Any) -> Shape:
    """From an instance to what `serializer.to_representation` gives. Keep it: reading the serializer takes time.

    A list serializer may know a faster way for many that are much alike: `shape`, given the shape of one.
    """
    if isinstance(serializer, serializers.ListSerializer):
        return cast(Shape, getattr(serializer, "shape", _each)(shape_of(serializer.child)))
    fields = list(serializer._readable_fields)
    steps = [_step(field) for field in fields]
    of_mapping, of_object = (_function(fields, steps, lookup) for lookup in ("thing[{!r}]", "thing.{}"))

    def shown(thing: Any) -> Any:
        try:
            return (of_mapping if isinstance(thing, dict) else of_object)(thing)
        except ABSENT:
            return serializer.to_representation(thing)

    return shown


def _each(one: Shape) -> Shape:
    return lambda things: [one(thing) for thing in things]


def _function(fields: Sequence[Any], steps: Sequence[Shape], lookup: str) -> Shape:
    """`lambda thing: {"name": None if (v := thing.name) is None else step0(v), …}`."""
    shown = []
    for number, field in enumerate(fields):
        first, *rest = _path(field)
        if rest and field.default is serializers.empty:
            rest = [".".join(rest)]  # what is absent on the way is then for DRF to judge
        value = " or ".join([f"(v := {lookup.format(first)}) is None", *(f"(v := v.{part}) is None" for part in rest)])
        whole = f"step{number}(thing)" if first == "*" else f"None if {value} else step{number}(v)"
        shown.append(f"{field.field_name!r}: {whole}")
    names = {f"step{number}": step for number, step in enumerate(steps)}
    return cast(Shape, eval(f"lambda thing: {{{', '.join(shown)}}}", names))  # names from our own serializers


def _path(field: Any) -> list[str]:
    """The parts of the source that are looked up at once; only the first where another default stands for the rest."""
    parts: list[str] = field.source.split(".")
    return parts if field.default in (serializers.empty, None) else parts[:1]


def _step(field: Any) -> Shape:
    """From what is looked up to what is shown."""
    convert, rest = _converter(field), field.source.split(".")[len(_path(field)) :]
    if not rest:
        return convert
    further, otherwise = attrgetter(".".join(rest)), field.get_default()

    def deeper(value: Any) -> Any:
        try:
            found = further(value)
        except AttributeError:
            return otherwise
        return None if found is None else convert(found)

    return deeper


def _converter(field: Any) -> Shape:
    if isinstance(field, serializers.BaseSerializer):
        return shape_of(field)
    if isinstance(field, serializers.SerializerMethodField):
        return cast(Shape, getattr(field.parent, field.method_name))
    own = type(field).to_representation
    if own is serializers.BooleanField.to_representation:
        return lambda value: value if value is True or value is False else field.to_representation(value)
    return next((plain for kind, plain in PLAIN.items() if own is kind.to_representation), field.to_representation)
