"""The tables of a supply file: which columns they have, and what a cell means.

A column is called what the field is called in JSON, and is held to the same rules.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from rest_framework import serializers

from config.api.flaws import FLAWS
from config.errors import Fault
from config.tables import Flaw, Formula, RawTable, nearest
from config.tables.template import SEPARATOR, Cell, Heading, Sheet
from interventions.api import entering_serializers as inputs
from interventions.api.entering import read_body
from interventions.services.register.supply_files import Row

TITLE = "Interventies, aanbod en afspraken aanleveren"
DUTCH_DAY = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})")
TRUTH = {"ja": True, "nee": False}
LONGEST_VALUE = 100


class InterventionCode(serializers.Serializer):
    interventionCode = serializers.CharField(source="intervention_id", max_length=100, help_text="De interventie.")


class FactorLinkRow(InterventionCode, inputs.FactorLinkInputSerializer):
    """Eén factor waaraan een interventie werkt."""


class RecognitionRow(InterventionCode, inputs.RecognitionInputSerializer):
    """Eén trede van de effectladder, met wie haar gaf en van wanneer tot wanneer."""


InterventionRow = inputs.without(inputs.InterventionInputSerializer, "InterventionRow", "factors", "recognitions")


@dataclass(frozen=True)
class Table:
    """One table. key: the columns that name a row; help: what a row is, in Dutch."""

    name: str
    form: type[serializers.Serializer]
    key: tuple[str, ...]
    help: str

    @cached_property
    def reader(self) -> serializers.Serializer:
        """The form, made once: reading a row changes nothing in it."""
        return self.form()

    @property
    def columns(self) -> Mapping[str, serializers.Field]:
        return self.reader.fields

    @property
    def sheet(self) -> Sheet:
        """The sheet to fill in, without rows."""
        return Sheet(self.name, self.help, [heading(name, field) for name, field in self.columns.items()])


TABLES = {
    table.name: table
    for table in (
        Table("organisations", inputs.OrganisationInputSerializer, ("code",), "Eén rij per organisatie."),
        Table("interventions", InterventionRow, ("code",), "Eén rij per interventie."),
        Table("intervention-factors", FactorLinkRow, ("interventionCode", "factorCode"),
              "Eén rij per factor waaraan een interventie werkt."),
        Table("recognitions", RecognitionRow, ("interventionCode", "validFrom"),
              "Eén rij per trede van de effectladder die een interventie heeft of had. validUntil: de eerste dag "
              "waarop zij niet meer geldt."),
        Table("offerings", inputs.OfferingInputSerializer, ("code",), "Eén rij per aanbod van een organisatie."),
        Table("agreements", inputs.AgreementInputSerializer, ("code",), "Eén rij per afspraak over een aanbod."),
    )
}  # fmt: skip
NUMBERS = {
    name: [
        column
        for column, field in table.columns.items()
        if isinstance(field, serializers.IntegerField | serializers.DecimalField)
    ]
    for name, table in TABLES.items()
}
"""Columns with numbers, per table."""


def heading(name: str, field: serializers.Field) -> Heading:
    """What the template says of a column."""
    inner = field.child if isinstance(field, serializers.ListField) else field
    choices = [str(choice) for choice in getattr(inner, "choices", ())]
    if isinstance(field, serializers.BooleanField):
        choices = list(TRUTH)
    told = {serializers.DateField: "Datum: jjjj-mm-dd.", serializers.IntegerField: "Heel getal.",
            serializers.DecimalField: "Getal."}  # fmt: skip
    text = " ".join(part for part in (str(field.help_text or ""), told.get(type(field), "")) if part)
    return Heading(name, text, field.required, choices, several=inner is not field)


def cells_of(table: Table, shown: Mapping[str, Any]) -> list[Cell]:
    """A row to write: the fields of its input form, as cells."""
    return [_written(shown[name]) for name in table.columns]


def _written(value: Any) -> Cell:
    if isinstance(value, list):
        return SEPARATOR.join(value) or None
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return value if value is None or isinstance(value, int | float | str) else str(value)


def rows_of(raw: Mapping[str, RawTable]) -> tuple[list[Row], list[Flaw]]:
    """The rows of all tables in the order of loading, and what is wrong with sheets and columns as a whole."""
    flaws = [Flaw(name[:60], 0, "", "unknown-sheet", None, nearest(name[:60], TABLES)) for name in raw.keys() - TABLES]
    rows: list[Row] = []
    for name, table in TABLES.items():
        if name in raw and (raw[name].headers or raw[name].rows):
            flaws += _wrong_columns(table, raw[name].headers)
            rows += [_row(table, number, cells) for number, cells in raw[name].rows]
    return rows, flaws


def _wrong_columns(table: Table, headers: Iterable[str]) -> Iterator[Flaw]:
    given = set(headers)
    for header in sorted(given - table.columns.keys()):
        yield Flaw(table.name, 1, header[:60], "unknown-column", header[:60], _like(header, table.columns))
    for column in table.key:
        if column not in given:
            yield Flaw(table.name, 1, column, "column-missing")


def _like(header: str, columns: Iterable[str]) -> str | None:
    """The column that was meant, whatever its capitals."""
    names = {name.lower(): name for name in columns}
    return names.get(nearest(header, names) or "")


def _row(table: Table, number: int, cells: Mapping[str, Any]) -> Row:
    columns = table.columns
    unfit = [Fault(f"#/{name}", code, str(FLAWS.get(code) or _("Hier staat een datum: maak van de cel tekst.")),
                   value=_told(cell))
             for name, cell in cells.items()
             if name in columns and (code := _unfit(columns[name], cell))]  # fmt: skip
    left_out = {fault.location.removeprefix("#/") for fault in unfit}
    body = {name: meant(columns[name], cell) for name, cell in cells.items()
            if name in columns and name not in left_out and not _empty(cell)}  # fmt: skip
    values, found = read_body(table.reader, body)
    absent = {f"#/{name}" for name in columns if name not in cells}
    missing = tuple(one.location[2:] for one in found if one.location in absent and one.code == "required")
    faults = [one for one in found if one.location[2:] not in {*missing, *left_out}]
    given = frozenset(str(columns[name].source) for name in cells if name in columns)
    return Row(table.name, number, values, given, missing, (*unfit, *(_helped(one, columns, body) for one in faults)))


def _empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _unfit(field: serializers.Field, cell: Any) -> str | None:
    if isinstance(cell, Formula):
        return "formula"
    if isinstance(cell, date | time) and not isinstance(field, serializers.DateField):
        return "date-cell"
    return None


def _told(cell: Any) -> str:
    return str(cell.text if isinstance(cell, Formula) else cell)[:LONGEST_VALUE]


def meant(field: serializers.Field, cell: Any) -> Any:
    """A cell as the value that JSON would have: lists apart, days in ISO, ja and nee; all else as it stands."""
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    if isinstance(field, serializers.ListField):
        return [part.strip() for part in re.split(r"[|;]", text) if part.strip()]
    if isinstance(field, serializers.BooleanField):
        return TRUTH.get(text.lower(), text)
    if isinstance(field, serializers.DateField) and (found := DUTCH_DAY.fullmatch(text)):
        day, month, year = found.groups()
        return f"{year}-{month:0>2}-{day:0>2}"
    return text


def _helped(fault: Fault, columns: Mapping[str, serializers.Field], body: Mapping[str, Any]) -> Fault:
    """The fault with the value that was found and what would be right."""
    name, _slash, place = fault.location.removeprefix("#/").partition("/")
    value, field = body.get(name), columns[name]
    if place.isdecimal() and isinstance(value, list) and isinstance(field, serializers.ListField):
        value, field = value[int(place)], field.child
    text = None if value is None else str(value)[:LONGEST_VALUE]
    return Fault(fault.location, fault.code, fault.detail, value=text, expected=_right(field, text or ""))


def _right(field: serializers.Field | None, text: str) -> Any:
    choices = [str(choice) for choice in getattr(field, "choices", ())]
    if choices:
        return nearest(text, choices) or choices
    if isinstance(field, serializers.RegexField):
        return re.sub(r"[-_]+", "-", slugify(text)).strip("-") or None
    if isinstance(field, serializers.BooleanField):
        return list(TRUTH)
    return {
        serializers.DateField: "2026-01-31",
        serializers.IntegerField: "12",
        serializers.DecimalField: "1200.50",
    }.get(type(field))
