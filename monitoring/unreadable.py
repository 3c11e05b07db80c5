"""Files that cannot be read as a whole, and why."""

from typing import Any

from django.utils.translation import gettext as _

from config.errors import Fault, Refusal
from config.tables.package import MOST_UNPACKED, UnsafePackage, look_into


class UnreadableFile(Refusal):
    """The file as a whole cannot be read. `code` of its fault tells which of the reasons."""

    code = "unreadable-file"


def unreadable(code: str, detail: str, value: str | None = None, expected: Any = None) -> UnreadableFile:
    return UnreadableFile(detail, [Fault("#", code, detail, value=value, expected=expected)])


def look_into_workbook(content: bytes, *, most_unpacked: int = MOST_UNPACKED) -> None:
    """Raises UnreadableFile for what is better not unpacked. most_unpacked: bytes."""
    try:
        look_into(content, most_unpacked=most_unpacked)
    except UnsafePackage as problem:
        if problem.code == "macros":
            raise unreadable("macros", _("Dit bestand bevat macro's. Bewaar het als gewoon XLSX-bestand.")) from problem
        if problem.code == "too-large":
            raise unreadable("too-large-unzipped", _("Uitgepakt is dit bestand te groot.")) from problem
        raise unreadable("no-spreadsheet", _("Dit is geen XLSX-bestand.")) from problem
