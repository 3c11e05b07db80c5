"""Files and batches of observations: delivered whole, answered with a report per row."""

import hashlib
from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from config.api import idempotency
from config.api.access import Access, Needs
from config.api.query import ListQuery, Query
from config.api.resources import ListResource, Resource, Rows, SingleResource
from config.errors import Fault, NotFound, Refusal
from monitoring import access
from monitoring.api.fields import Text
from monitoring.figure_files import COLUMNS, SPREADSHEET
from monitoring.models import ObservationLoad
from monitoring.services.figures import observation_files as service
from monitoring.services.figures.observation_loading import OUTCOMES, row_reports
from monitoring.services.figures.observation_sheets import Delivered

WRITE = "observations.write"
SHOWN_ROWS = 1000
LARGEST_BATCH = 20_000


class Upload:
    """The bytes of a request; as text their digest, which stands for them where requests are compared."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __str__(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class CsvParser(BaseParser):
    media_type = "text/csv"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        content = stream.read(settings.MAX_FILE_BYTES + 1)
        if len(content) > settings.MAX_FILE_BYTES:
            raise RequestDataTooBig()
        return Upload(content)


class SpreadsheetParser(CsvParser):
    media_type = SPREADSHEET


class ODataParser(CsvParser):
    media_type = "application/json"


class OwnerQuery(Query):
    """Keys of every delivery of figures."""

    dryRun = serializers.BooleanField(required=False, default=False, help_text="Controleer alles, bewaar niets.")
    municipalityCode = serializers.CharField(
        required=False, max_length=10, help_text="Cijfers van één gemeente; zonder deze sleutel officiële cijfers."
    )


class ObservationFilesQuery(ListQuery, OwnerQuery):
    """The list's keys, and those of a delivery."""

    csvDialect = serializers.ChoiceField(
        ("nl", "rfc4180"), required=False, help_text="nl: decimale komma; rfc4180: decimale punt."
    )
    sourceCode = serializers.CharField(
        required=False, max_length=100, help_text="De bron van rijen die er geen noemen, bijvoorbeeld cbs."
    )
    measure = serializers.ListField(
        child=serializers.RegexField(r"^[^:].*:[a-z0-9-]+(:[a-z-]+)?$", max_length=300), required=False,
        help_text="Bij OData: CODE:indicator:maat; bij StatLine: KOLOM:indicator:maat. Mag vaker.",
    )  # fmt: skip
    table = serializers.CharField(
        required=False, max_length=40, help_text="Bij OData en StatLine: de code van de CBS-tabel."
    )


class LoadCountsSerializer(serializers.Serializer):
    created = serializers.IntegerField(source="created_count")
    updated = serializers.IntegerField(source="updated_count")
    unchanged = serializers.IntegerField(source="unchanged_count")
    rejected = serializers.IntegerField(source="rejected_count")
    heldBack = serializers.IntegerField(source="held_count", help_text="Goed, maar niet bewaard om een andere rij.")


class LoadFaultSerializer(serializers.Serializer):
    row = serializers.IntegerField(allow_null=True)
    location = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()
    value = serializers.JSONField(allow_null=True)
    expected = serializers.JSONField(allow_null=True)


class LoadRowSerializer(serializers.Serializer):
    row = serializers.IntegerField(help_text="Zoals de afzender telt; de kopregel is 1, in JSON is de eerste 0.")
    outcome = serializers.CharField(help_text="created, updated, unchanged, rejected, held-back of empty.")
    faults = LoadFaultSerializer(many=True)


class ObservationFileSerializer(serializers.Serializer):
    """Wat er met een levering van waarnemingen gebeurde."""

    id = serializers.UUIDField(allow_null=True, help_text="Leeg bij alleen controleren.")
    status = serializers.CharField(help_text="queued, succeeded of refused.")
    municipalityCode = Text(source="municipality_code")
    format = Text(source="form", help_text="csv, statline, xlsx, odata of json.")
    encoding = Text()
    csvDialect = Text(source="dialect")
    digest = serializers.CharField(help_text="SHA-256 van wat ontvangen is.")
    dryRun = serializers.SerializerMethodField()
    counts = LoadCountsSerializer(source="*")
    faults = LoadFaultSerializer(many=True, help_text="Hoogstens 1000.")
    createdAt = serializers.DateTimeField(source="created_at")
    finishedAt = serializers.DateTimeField(source="finished_at", allow_null=True)
    rowsPath = serializers.SerializerMethodField(help_text="Waar het verslag van alle rijen staat.")

    def get_dryRun(self, load: ObservationLoad) -> bool:
        return bool(self.context.get("dry_run"))

    def get_rowsPath(self, load: ObservationLoad) -> str | None:
        return None if self.get_dryRun(load) else f"/v1/observation-files/{load.id}/rows"

    def to_representation(self, load: ObservationLoad) -> dict[str, Any]:
        answer = super().to_representation(load)
        return answer | {"id": None} if answer["dryRun"] else answer


class ObservationFileReportSerializer(ObservationFileSerializer):
    """Het verslag met zijn eerste rijen."""

    rows = serializers.SerializerMethodField(help_text="De eerste 1000 rijen.")

    @extend_schema_field(LoadRowSerializer(many=True))
    def get_rows(self, load: ObservationLoad) -> Any:
        positions = range(min(len(load.outcomes), SHOWN_ROWS))
        return LoadRowSerializer(list(row_reports(load, positions)), many=True).data


class ReceivesFigures(Resource):
    """What delivering figures as a file and as a batch share."""

    def owner(self) -> str:
        """For whom the figures are. Raises NotFound for a municipality the caller is no steward of."""
        code: str = self.params.get("municipalityCode", "")
        if code and code not in access.loading(self.principal):
            raise NotFound()
        return code

    def report(self, load: ObservationLoad) -> Response:
        dry_run = self.params["dryRun"]
        answer = ObservationFileReportSerializer(load, context={"dry_run": dry_run}).data
        if dry_run:
            return Response(answer)
        location = self.request.build_absolute_uri(f"/v1/observation-files/{load.id}")
        if load.finished_at is None:
            job = self.request.build_absolute_uri(f"/v1/jobs/{load.id}")
            return Response(answer, status=202, headers={"Location": job, "Retry-After": "2"})
        return Response(answer, status=201, headers={"Location": location})


ANSWERS: dict[int, Any] = {200: ObservationFileReportSerializer, 201: ObservationFileReportSerializer,
                           202: ObservationFileReportSerializer}  # fmt: skip
FILE: Any = {
    "text/csv": OpenApiTypes.STR, SPREADSHEET: OpenApiTypes.BINARY, "application/json": OpenApiTypes.OBJECT,
}  # fmt: skip


class ObservationFilesView(ReceivesFigures, ListResource):
    """Bestanden met waarnemingen: CSV, XLSX, StatLine en CBS OData."""

    access: ClassVar[dict[str, Access]] = {"GET": Needs(WRITE), "POST": Needs(WRITE)}
    query = ObservationFilesQuery
    item = ObservationFileSerializer
    bodies = {"POST": (FILE, ANSWERS)}
    idempotent_store = "monitoring"
    parser_classes = (CsvParser, SpreadsheetParser, ODataParser)

    @property
    def most_bytes(self) -> int:
        return int(settings.MAX_FILE_BYTES)

    def rows(self) -> Rows:
        return own_loads(self.principal.id).defer("content", "outcomes").order_by("-created_at", "id")

    def post(self, request: Request) -> Response:
        """Lever een bestand aan: alles of niets. Grote bestanden gaan naar een taak (202); hetzelfde bestand nog eens
        verandert niets. De eerste regel van CSV en XLSX noemt de kolommen, die heten als de velden van waarnemingen."""
        return idempotency.once(request, store=self.idempotent_store, produce=self._receive)

    def _receive(self) -> Response:
        upload, asked = self.request.data, self.params
        if not isinstance(upload, Upload) or not upload.content:
            text = _("Het bestand is leeg.")
            raise Refusal(text, [Fault("#", "empty-file", text)])
        file = Delivered(
            content=upload.content, media_type=str(self.request.content_type).partition(";")[0].strip().lower(),
            sender=self.principal.id, municipality_code=self.owner(), source_code=asked.get("sourceCode", ""),
            dialect=asked.get("csvDialect"), table=asked.get("table", ""), measures=tuple(asked.get("measure", ())),
        )  # fmt: skip
        if len(file.content) > service.INLINE_BYTES and not asked["dryRun"]:
            return self.report(service.queue(file))
        return self.report(service.load_file(file, dry_run=asked["dryRun"]))


class ObservationFileView(SingleResource):
    """Het verslag van één levering van waarnemingen."""

    access: ClassVar[dict[str, Access]] = {"GET": Needs(WRITE)}
    item = ObservationFileReportSerializer

    def thing(self) -> ObservationLoad:
        return own_load(self.principal.id, self.kwargs["fileId"])


class LoadRowsQuery(ListQuery):
    outcome = serializers.ChoiceField(
        tuple(OUTCOMES.values()), required=False, help_text="Alleen rijen waar dit mee gebeurde."
    )


class ObservationFileRowsView(ListResource):
    """Het verslag per rij van één levering."""

    access: ClassVar[dict[str, Access]] = {"GET": Needs(WRITE)}
    query = LoadRowsQuery
    item = LoadRowSerializer

    def rows(self) -> Sequence[int]:
        self.load = own_load(self.principal.id, self.kwargs["fileId"])
        if "outcome" not in self.params:
            return range(len(self.load.outcomes))
        letter = next(letter for letter, name in OUTCOMES.items() if name == self.params["outcome"])
        return [position for position, found in enumerate(self.load.outcomes) if found == letter]

    def shape(self, thing: Any, *, many: bool = False) -> Any:
        return LoadRowSerializer(list(row_reports(self.load, thing)), many=True).data


class ObservationInputSerializer(serializers.Serializer):
    """Eén waarneming; gecontroleerd voor alle tegelijk, hier alleen beschreven."""

    def get_fields(self) -> dict[str, Any]:
        needed = {"indicatorCode", "areaCode", "period"}
        numbers = {"value", "numerator", "denominator", "intervalLow", "intervalHigh"}
        whole = {"areaYear", "areasUsed", "areasTotal"}
        fields: dict[str, Any] = {}
        for name in COLUMNS:
            kind: Any = serializers.CharField
            kind = serializers.FloatField if name in numbers else serializers.IntegerField if name in whole else kind
            fields[name] = kind() if name in needed else kind(required=False, allow_null=True)
        return fields


class ObservationBatchSerializer(serializers.Serializer):
    """Waarnemingen; hoogstens 20.000."""

    items = ObservationInputSerializer(many=True)


class ObservationBatchView(ReceivesFigures):
    """Waarnemingen in één keer, als JSON: alles of niets."""

    access: ClassVar[dict[str, Access]] = {"POST": Needs(WRITE)}
    query = OwnerQuery
    bodies = {"POST": (ObservationBatchSerializer, {k: v for k, v in ANSWERS.items() if k != 202})}
    idempotent_store = "monitoring"

    def post(self, request: Request) -> Response:
        """Lever waarnemingen aan. Dezelfde nog eens sturen verandert niets; een andere waarde vervangt de oude."""
        return idempotency.once(request, store=self.idempotent_store, produce=self._receive)

    def _receive(self) -> Response:
        body: Any = self.request.data
        items = body.get("items") if isinstance(body, dict) else None
        text = _('Stuur {"items": […]} met 1 tot %(most)d waarnemingen.') % {"most": LARGEST_BATCH}
        if not isinstance(items, list) or not 0 < len(items) <= LARGEST_BATCH:
            raise Refusal(text, [Fault("#/items", "items", text)])
        load = service.load_items(
            items=items, beside=sorted(set(body) - {"items"})[:100], sender=self.principal.id,
            municipality_code=self.owner(), dry_run=self.params["dryRun"],
        )  # fmt: skip
        return self.report(load)


def own_loads(sender: str) -> Any:
    return ObservationLoad.objects.filter(requested_by=sender)


def own_load(sender: str, load_id: Any) -> ObservationLoad:
    """Raises NotFound when the caller has none with this id."""
    found: ObservationLoad | None = own_loads(sender).defer("content").filter(id=load_id).first()
    if found is None:
        raise NotFound()
    return found
