"""Documents as other forms of the same resource: `?format=xlsx`, `?format=html`, or by the Accept header."""

from typing import Any

from rest_framework.renderers import BaseRenderer

from interventions.documents.page import POLICY
from interventions.documents.plan import plan_page
from interventions.documents.report import report
from interventions.documents.workbook import workbook


class WorkbookRenderer(BaseRenderer):
    """An analysis as a workbook."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        name = f"analyse-{data['areaCode']}-{data['edition'] or data['version']}.xlsx"
        renderer_context["response"]["Content-Disposition"] = f'attachment; filename="{name}"'
        return workbook(data)


class ReportRenderer(BaseRenderer):
    """An analysis as a page to read."""

    media_type = "text/html"
    format = "html"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        renderer_context["response"]["Content-Security-Policy"] = POLICY
        return report(data)


class PlanRenderer(ReportRenderer):
    """A plan of action as a page to read."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        renderer_context["response"]["Content-Security-Policy"] = POLICY
        return plan_page(data)
