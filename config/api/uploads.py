"""Bodies that are files: read as they came, by media type, within the limit on bodies."""

import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.parsers import BaseParser

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Upload:
    """A body as it came. form: which reader it needs. As text its digest, by which two calls are compared."""

    form: str
    data: bytes

    def __str__(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


class FileParser(BaseParser):
    form: ClassVar[str]

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Raises RequestDataTooBig once more comes in than may."""
        data = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(data) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig
        return Upload(self.form, data)


class JsonUpload(FileParser):
    media_type, form = "application/json", "json"


class WorkbookUpload(FileParser):
    media_type, form = XLSX, "xlsx"


class CsvUpload(FileParser):
    media_type, form = "text/csv", "csv"


class ArchiveUpload(FileParser):
    media_type, form = "application/zip", "zip"
