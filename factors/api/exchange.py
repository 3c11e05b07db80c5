"""A version as a file, out and in: workbook, zip of CSV files, canonical JSON; out also GraphML and Cytoscape JSON."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.access import Access, Needs, Public
from config.api.formats import JsonRenderer
from config.api.preconditions import tag
from config.api.query import Query
from config.api.resources import Resource
from config.api.uploads import XLSX, ArchiveUpload, JsonUpload, Upload, WorkbookUpload
from config.errors import Refusal
from config.tables import FaultyTables
from factors.api.draft_parts import asked_draft, asked_version
from factors.api.drafts import match_version
from factors.api.words import flaw_faults
from factors.canonical import Content, checksum
from factors.checks import check
from factors.comparison import PARTS
from factors.exchange import archive, graphs, json_text, workbook
from factors.exchange.taking import take
from factors.models import Domain
from factors.ranking import compile_model
from factors.register import ranking_model, said_by
from factors.services.drafts import replace_content


class UnreadableFile(Refusal):
    code = "invalid-file"


class ContentRenderer(BaseRenderer):
    """Writes content as a file."""

    charset = None
    render_style = "binary"
    suffix: ClassVar[str]

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return self.write(data)

    def write(self, content: Content) -> bytes:
        raise NotImplementedError


class JsonFile(ContentRenderer):
    media_type, format, suffix = "application/json", "json", "json"

    def write(self, content: Content) -> bytes:
        return json_text.write(content)


class WorkbookFile(ContentRenderer):
    media_type, format, suffix = XLSX, "xlsx", "xlsx"

    def write(self, content: Content) -> bytes:
        return workbook.write(content)


class CsvFile(ContentRenderer):
    media_type, format, suffix = "application/zip", "csv", "zip"

    def write(self, content: Content) -> bytes:
        return archive.write(content)


class GraphmlFile(ContentRenderer):
    media_type, format, suffix = "application/graphml+xml", "graphml", "graphml"

    def write(self, content: Content) -> bytes:
        return graphs.graphml(content, compile_model(ranking_model(content)).relations)


class CytoscapeFile(ContentRenderer):
    media_type, format, suffix = "application/vnd.cytoscape+json", "cytoscape", "cyjs"

    def write(self, content: Content) -> bytes:
        return graphs.cytoscape(content, compile_model(ranking_model(content)).relations)


def suffix_of(request: Request) -> str:
    """The ending of the file that is asked for."""
    renderer: Any = request.accepted_renderer
    return str(renderer.suffix)


class CsvUpload(ArchiveUpload):
    """A file per table, zipped; named as the format in which a model goes out."""

    form = "csv"


READERS = {"json": json_text.read, "xlsx": workbook.read, "csv": archive.read}


class LoadQuery(Query):
    dryRun = serializers.BooleanField(
        required=False, default=False, help_text="Alleen bij PUT: controleer alles, bewaar niets."
    )


class FileCountsSerializer(serializers.Serializer):
    factors = serializers.IntegerField()
    goals = serializers.IntegerField()
    sources = serializers.IntegerField()
    relations = serializers.IntegerField(help_text="Geordende paren.")
    evidence = serializers.IntegerField(help_text="Gepubliceerde bevindingen.")


class FileReportSerializer(serializers.Serializer):
    """Wat er in een ingelezen bestand stond."""

    fileFormat = serializers.CharField(help_text="xlsx, csv of json.")
    dryRun = serializers.BooleanField(help_text="true: alleen gecontroleerd, niets bewaard.")
    counts = FileCountsSerializer(help_text="Hoeveel rijen er nu in het concept staan, of zouden staan.")
    checksum = serializers.CharField(help_text="SHA-256 over de canonieke vorm.")
    errorCount = serializers.IntegerField(help_text="Wat publiceren nog in de weg staat; zie checks.")
    warningCount = serializers.IntegerField(help_text="Waar een lezer naar zal vragen; zie checks.")


class ModelContentView(Resource):
    """Alles wat een modelversie zegt, als bestand; een redacteur vervangt er de inhoud van een concept mee.

    Formaten uit: xlsx, csv (zip, een bestand per tabel), json (de canonieke vorm: SHA-256 van de bytes is de checksum
    van de versie), graphml en cytoscape. In: xlsx, csv en json; alles of niets, met elke fout erbij.
    """

    access: ClassVar[dict[str, Access]] = {"GET": Public("models.read"), "PUT": Needs("models.write")}
    query, cache = LoadQuery, "no-cache"
    renderer_classes = (JsonFile, WorkbookFile, CsvFile, GraphmlFile, CytoscapeFile)
    parser_classes = (WorkbookUpload, CsvUpload, JsonUpload)
    bodies: ClassVar[Any] = {
        "GET": (None, {
            (200, one.media_type): OpenApiTypes.OBJECT if one in (JsonFile, CytoscapeFile) else OpenApiTypes.BINARY
            for one in (JsonFile, WorkbookFile, CsvFile, GraphmlFile, CytoscapeFile)
        }),
        "PUT": (OpenApiTypes.BINARY, {200: FileReportSerializer}),
    }  # fmt: skip

    def get_renderers(self) -> list[BaseRenderer]:
        return [JsonRenderer()] if self.request.method == "PUT" else super().get_renderers()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        version = asked_version(self)
        suffix = suffix_of(request)
        return Response(said_by(version), headers={
            "Content-Disposition": f'attachment; filename="{version.model_id}-{version.version}.{suffix}"',
            "ETag": tag(*version.state, suffix),
        })  # fmt: skip

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        draft, upload = asked_draft(self), upload_of(request)
        content = content_of_file(upload)
        if not self.params["dryRun"]:
            replace_content(
                draft=draft, content=content, check=lambda held: match_version(request, held), actor=self.principal.id
            )
        notices = check(content, year=timezone.now().year)
        blocking = sum(notice.severity == "error" for notice in notices)
        return Response(FileReportSerializer({
            "fileFormat": upload.form, "dryRun": self.params["dryRun"], "checksum": checksum(content),
            "counts": {part: len(getattr(content, part)) for part in PARTS},
            "errorCount": blocking, "warningCount": len(notices) - blocking,
        }).data)  # fmt: skip


def upload_of(request: Request) -> Upload:
    """The body as it came; without a body DRF parses nothing."""
    data: Any = request.data
    return data if isinstance(data, Upload) else Upload("json", b"")


def content_of_file(upload: Upload) -> Content:
    """Raises UnreadableFile with every flaw."""
    try:
        return take(READERS[upload.form](upload.data), domains=set(Domain.objects.values_list("code", flat=True)))
    except FaultyTables as problem:
        raise UnreadableFile("", flaw_faults(problem.flaws)) from problem


class FactorModelTemplateView(Resource):
    """Een leeg werkboek (of zip met lege CSV-bestanden) om een factorenmodel in te vullen, met uitleg."""

    access: ClassVar[dict[str, Access]] = {"GET": Public("models.read")}
    renderer_classes = (WorkbookFile, CsvFile)
    open_data = True
    cache = "no-cache"
    bodies: ClassVar[Any] = {"GET": (None, {200: OpenApiTypes.BINARY})}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        suffix = suffix_of(request)
        name = {
            "Content-Disposition": f'attachment; filename="factor-model.{suffix}"',
            "ETag": tag("template-1", suffix),
        }
        return Response(Content((), (), (), (), ()), headers=name)
