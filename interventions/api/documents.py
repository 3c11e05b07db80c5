"""Documents as other forms of the same resource (`?format=pdf`, or by the Accept header): files as they are kept."""

from typing import Any

from rest_framework.renderers import BaseRenderer

from interventions.documents.page import policy_of


class FileRenderer(BaseRenderer):
    """A stored file, byte for byte. shown: in the browser rather than as a download."""

    charset: str | None = None  # type: ignore[assignment]
    render_style = "binary"
    shown = False

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """data: a DocumentFile."""
        response = renderer_context["response"]
        name = f"{data.resource}-{str(data.document_id)[:8]}-{data.number}.{data.form}"
        response["Content-Disposition"] = f'{"inline" if self.shown else "attachment"}; filename="{name}"'
        response["Content-Language"] = "nl"
        return bytes(data.content)


class WorkbookRenderer(FileRenderer):
    """An analysis as a workbook."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"


class PdfRenderer(FileRenderer):
    """A document to print or send."""

    media_type = "application/pdf"
    format = "pdf"
    shown = True


class PageRenderer(FileRenderer):
    """A document to read in a browser."""

    media_type = "text/html"
    format = "html"
    charset = "utf-8"
    shown = True

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        renderer_context["response"]["Content-Security-Policy"] = policy_of(bytes(data.content))
        return super().render(data, accepted_media_type, renderer_context)
