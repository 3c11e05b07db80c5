"""The prevention matrix as CSV, XLSX and SVG, of the same cells as the JSON. A problem is never written as a file."""

from typing import Any

from rest_framework.renderers import BaseRenderer

from config.languages import language
from interventions import matrix_files, matrix_picture
from interventions.matrix_words import words


class MatrixCsvRenderer(BaseRenderer):
    media_type, format, charset = "text/csv", "csv", "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> str:
        return matrix_files.as_csv(data)


class MatrixXlsxRenderer(BaseRenderer):
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format, charset, render_style = "xlsx", None, "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return matrix_files.as_xlsx(data, words(language()))


class MatrixSvgRenderer(BaseRenderer):
    media_type, format, charset = "image/svg+xml", "svg", "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> str:
        return matrix_picture.as_svg(data, words(language()))
