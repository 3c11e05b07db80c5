"""Files with outcome reports: a template of one's own, and delivery with a receipt row by row."""

import hashlib
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.access import Needs
from config.api.query import Query
from config.api.resources import Resource
from config.days import today
from config.errors import Fault, Refusal
from interventions import public as interventions
from monitoring import access
from monitoring.api.reports import (
    DryRunQuery,
    PeriodField,
    ReceiptSerializer,
    delivered_once,
    receipt_answer,
    require_key,
)
from monitoring.outcome_sheets import read_csv, read_xlsx
from monitoring.services.delivery.outcome_files import deliver_file, require_decent_name, template_file

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class OutcomeFile:
    """The bytes of a file and how to read them; as text their digest, by which two calls are compared."""

    def __init__(self, content: bytes, media_type: str) -> None:
        self.content = content
        self.read = read_xlsx if media_type == SPREADSHEET else read_csv

    def __str__(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class OutcomeCsvParser(BaseParser):
    media_type = "text/csv"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        content = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(content) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig()
        return OutcomeFile(content, self.media_type)


class OutcomeXlsxParser(OutcomeCsvParser):
    media_type = SPREADSHEET


class SpreadsheetRenderer(BaseRenderer):
    media_type = SPREADSHEET
    format = "xlsx"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return bytes(data)


class OutcomeFileQuery(DryRunQuery):
    mode = serializers.ChoiceField(
        choices=["atomic", "perItem"], default="atomic", help_text="Alles of niets, of foute regels weglaten."
    )


class OutcomeFilesView(Resource):
    """Rapportages in een XLSX- of CSV-bestand."""

    access = {"POST": Needs("outcomes.write")}
    query = OutcomeFileQuery
    item = ReceiptSerializer
    bodies = {"POST": (OpenApiTypes.BINARY, {201: ReceiptSerializer, 200: ReceiptSerializer})}  # type: ignore[dict-item]
    parser_classes = [OutcomeXlsxParser, OutcomeCsvParser]
    idempotent_store = "monitoring"

    def post(self, request: Request) -> Response:
        """Lever een bestand aan: XLSX volgens het sjabloon, of CSV met komma of puntkomma.

        Het antwoord is een ontvangstbewijs, ook als er fouten in staan; per regel staat erin wat er niet klopt.
        """
        require_key(request)
        if not isinstance(request.data, OutcomeFile):
            raise Refusal(_("Er is geen bestand meegestuurd."), [Fault("#", "required", _("Stuur een bestand mee."))])
        require_decent_name(unquote(request.headers.get("Content-Disposition", "")))
        return delivered_once(request, self._deliver)

    def _deliver(self) -> Response:
        file: Any = self.request.data
        dry_run = self.params["dryRun"]
        receipt, _new = deliver_file(
            found=file.read(file.content), sender=access.sender(self.principal), day=today(),
            mode=self.params["mode"], dry_run=dry_run,
        )  # fmt: skip
        return receipt_answer(self.request, receipt, new=True, dry_run=dry_run)


class TemplateQuery(Query):
    period = PeriodField(required=False)


class OutcomeTemplateView(Resource):
    """Sjabloon (XLSX) met uw eigen aanbod, klaar om in te vullen."""

    access = {"GET": Needs("outcomes.write")}
    query = TemplateQuery
    item = ReceiptSerializer
    bodies = {"GET": (None, {200: OpenApiTypes.BINARY})}  # type: ignore[dict-item]
    renderer_classes = [SpreadsheetRenderer]

    def get(self, request: Request) -> Response:
        """Het sjabloon voor een periode; zonder `period` het laatste kwartaal dat voorbij is."""
        made = template_file(
            sender=access.sender(self.principal), period=self.params.get("period"), day=today(),
            labels=lambda codes: interventions.offering_labels(codes=codes),
        )  # fmt: skip
        self.rows_told = made.rows
        return Response(made.content, headers={"Content-Disposition": f'attachment; filename="{made.name}"'})
