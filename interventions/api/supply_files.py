"""Interventions, offerings and agreements in a file: a template, and loading with a report row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from config.api import idempotency
from config.api.access import Access, Needs
from config.api.flaws import flaw_faults, place_of
from config.api.query import Query
from config.api.resources import Resource
from config.api.uploads import XLSX, ArchiveUpload, CsvUpload, Upload, WorkbookUpload
from config.errors import Fault, NotFound, Refusal
from config.tables import MOST_FAULTS, FaultyTables, RawTable, delimited, workbook
from config.tables.template import HELP, write_workbook
from interventions.access import INSIDE
from interventions.api.duplicates import DuplicatePairSerializer, possible_duplicates
from interventions.api.supply_tables import NUMBERS, TABLES, TITLE, cells_of, rows_of
from interventions.services.register.supply_files import (
    HELD_BACK,
    REJECTED,
    Loaded,
    counts_of,
    load_supply,
    supply_of_city,
)
from interventions.services.register.supply_files import TABLES as KEYS
from interventions.services.register.writing import Change

SHOWN_ROWS, COMPARED = 1000, 50
NAMES = {HELD_BACK: "heldBack"}
OUTCOMES = (*(change.value for change in Change), REJECTED, HELD_BACK)


class FaultyFile(Refusal):
    """The file was not taken over; `counts` says what would have become of the rest."""

    code = "invalid-file"


class SupplyFileQuery(Query):
    dryRun = serializers.BooleanField(required=False, default=False, help_text="Controleer alles, bewaar niets.")
    table = serializers.ChoiceField(
        choices=tuple(TABLES), default=None, help_text="Bij CSV: welke tabel het is. Een zip bevat er een per bestand."
    )


class SupplyCountsSerializer(serializers.Serializer):
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    rejected = serializers.IntegerField()
    heldBack = serializers.IntegerField(help_text="Goed, maar niet bewaard om een andere rij.")


class SupplyTableSerializer(serializers.Serializer):
    table = serializers.ChoiceField(choices=tuple(TABLES))
    counts = SupplyCountsSerializer()


class SupplyFaultSerializer(serializers.Serializer):
    column = serializers.CharField(allow_null=True)
    code = serializers.CharField()
    detail = serializers.CharField()
    value = serializers.JSONField(allow_null=True, help_text="Wat er staat.")
    expected = serializers.JSONField(allow_null=True, help_text="Wat er zou kunnen staan, bijvoorbeeld de naaste code.")


class SupplyRowSerializer(serializers.Serializer):
    table = serializers.ChoiceField(choices=tuple(TABLES))
    row = serializers.IntegerField(help_text="Zoals het bestand telt; de kopregel is 1.")
    code = serializers.CharField(allow_null=True, help_text="Waar de rij over gaat.")
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    faults = SupplyFaultSerializer(many=True)


class SupplyFileReportSerializer(serializers.Serializer):
    """Wat er met de rijen van een bestand gebeurde, of zou gebeuren."""

    dryRun = serializers.BooleanField(help_text="true: alleen gecontroleerd, niets bewaard.")
    accepted = serializers.BooleanField(help_text="false: er is iets mis, en dus wordt niets bewaard.")
    tables = SupplyTableSerializer(many=True)
    rows = SupplyRowSerializer(many=True, help_text="De eerste 1000 rijen, wat mis is voorop.")
    possibleDuplicates = DuplicatePairSerializer(
        many=True, help_text="Nieuwe interventies die er al onder een andere naam kunnen staan; hoogstens 50 nagegaan."
    )


FILE: Any = {"text/csv": OpenApiTypes.STR, XLSX: OpenApiTypes.BINARY, "application/zip": OpenApiTypes.BINARY}


class SupplyFilesView(Resource):
    """Organisaties, interventies met hun factoren en erkenningen, aanbod en afspraken in één bestand."""

    access: ClassVar[dict[str, Access]] = {"POST": Needs("offerings.write")}
    query = SupplyFileQuery
    item = SupplyFileReportSerializer
    bodies: ClassVar[Any] = {"POST": (FILE, {200: SupplyFileReportSerializer})}
    parser_classes = (WorkbookUpload, CsvUpload, ArchiveUpload)
    idempotent_store = "default"

    def post(self, request: Request) -> Response:
        """Lever een bestand aan: XLSX volgens het sjabloon, CSV van één tabel, of een zip met CSV-bestanden.

        Alles of niets. Een rij komt erbij of vervangt die met dezelfde code; wat het bestand niet noemt, blijft staan,
        ook kolommen. Met `dryRun` staat per rij in het verslag wat er zou gebeuren; anders noemt het antwoord bij
        fouten (400) elke fout met blad, rij, kolom, wat er staat en wat er zou kunnen staan.
        """
        return idempotency.once(request, store=self.idempotent_store, produce=self._load)

    def _load(self) -> Response:
        rows, flaws = rows_of(self._tables())
        if flaws:
            raise FaultyFile("", flaw_faults(flaws))
        if not rows:
            text = _("Er staan geen ingevulde rijen in dit bestand.")
            raise FaultyFile(text, [Fault("#", "no-rows", text, expected=list(TABLES))])
        dry_run = self.params["dryRun"]
        loaded = load_supply(
            rows=rows, actor=self.principal.id, municipalities=self.principal.municipalities(INSIDE), dry_run=dry_run
        )
        faults = [fault for one in loaded for fault in _placed(one)]
        if faults and not dry_run:
            raise FaultyFile("", faults[:MOST_FAULTS], members={"tables": _tables(loaded)})
        return Response(self.shape({
            "dryRun": dry_run,
            "accepted": not faults,
            "tables": _tables(loaded),
            "possibleDuplicates": [] if dry_run else _doubtful(loaded),
            "rows": [_shown(one) for one in sorted(loaded, key=lambda one: one.outcome != REJECTED)[:SHOWN_ROWS]],
        }))  # fmt: skip

    def _tables(self) -> Mapping[str, RawTable]:
        upload: Any = self.request.data
        if not isinstance(upload, Upload) or not upload.data:
            text = _("Het bestand is leeg.")
            raise Refusal(text, [Fault("#", "empty-file", text)])
        try:
            return self._read(upload)
        except FaultyTables as problem:
            raise FaultyFile("", flaw_faults(problem.flaws)) from problem

    def _read(self, upload: Upload) -> Mapping[str, RawTable]:
        if upload.form == "xlsx":
            return workbook.read(upload.data, skip={HELP})
        if upload.form == "zip":
            return delimited.read_archive(upload.data, numbers=NUMBERS)
        table = self.params["table"]
        if table is None:
            text = _("Zeg bij CSV met 'table' welke tabel het is.")
            raise Refusal(text, [Fault("table", "required", text, place="query", expected=list(TABLES))])
        return {table: delimited.read_table(table, upload.data, numbers=NUMBERS[table])}


def _placed(one: Loaded) -> Sequence[Fault]:
    """Its faults at their place in the file."""
    sheet, row = one.row.table, one.row.number
    return [
        replace(
            fault,
            location=f"#/{sheet}/{row}/{(column := _column(fault))}",
            detail=place_of(sheet, row, column) + str(fault.detail),
        )
        for fault in one.faults
    ]


def _column(fault: Fault) -> str:
    return fault.location.removeprefix("#/").partition("/")[0]


def _tables(loaded: Sequence[Loaded]) -> list[dict[str, Any]]:
    return [
        {"table": table, "counts": {NAMES.get(outcome, outcome): count for outcome, count in counts.items()}}
        for table, counts in counts_of(loaded).items()
    ]


def _doubtful(loaded: Sequence[Loaded]) -> list[dict[str, Any]]:
    """New interventions beside what they look like."""
    new = [one.row.values for one in loaded if one.row.table == "interventions" and one.outcome == Change.CREATED]
    return [
        {"otherCode": values["code"], "otherName": values["name_nl"], **found}
        for values in new[:COMPARED]
        for found in possible_duplicates(values["code"])
    ]


def _shown(one: Loaded) -> dict[str, Any]:
    values = one.row.values
    return {
        "table": one.row.table,
        "row": one.row.number,
        "code": values.get(KEYS[one.row.table][1][0]),
        "outcome": one.outcome,
        "faults": [
            {"column": _column(fault), "code": fault.code, "detail": str(fault.detail), "value": fault.value,
             "expected": fault.expected}
            for fault in one.faults
        ],
    }  # fmt: skip


class TemplateQuery(Query):
    municipalityCode = serializers.CharField(
        default=None, help_text="Vul het sjabloon met wat er nu is, en met aanbod en afspraken van deze gemeente."
    )


class WorkbookRenderer(BaseRenderer):
    media_type, format, charset, render_style = XLSX, "xlsx", None, "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return bytes(data)


class SupplyTemplateView(Resource):
    """Sjabloon (XLSX) om aan te leveren: leeg, of gevuld met wat er nu is."""

    access: ClassVar[dict[str, Access]] = {"GET": Needs("offerings.write")}
    query = TemplateQuery
    bodies: ClassVar[Any] = {"GET": (None, {200: OpenApiTypes.BINARY})}
    renderer_classes = (WorkbookRenderer,)

    def get(self, request: Request) -> Response:
        """Wat gevuld is opgehaald en niet is veranderd, is bij aanleveren overal `unchanged`."""
        sheets = [table.sheet for table in TABLES.values()]
        if city := self.params["municipalityCode"]:
            if city not in self.principal.municipalities(INSIDE):
                raise NotFound()
            stored = supply_of_city(municipality_code=city)
            filled = {sheet.name: _rows(sheet.name, stored[sheet.name]) for sheet in sheets}
            sheets = [replace(sheet, rows=filled[sheet.name]) for sheet in sheets]
            self.tells_of(city, rows=sum(map(len, filled.values())))
        else:
            self.open_data = True
        name = f"aanbod-{city}.xlsx" if city else "aanbod.xlsx"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(write_workbook(TITLE, sheets), headers=headers)


def _rows(name: str, things: Sequence[Any]) -> list[list[Any]]:
    table = TABLES[name]
    return [cells_of(table, table.form(thing).data) for thing in things]
