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


OLD_OFFICE, ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "EncryptedPackage".encode("utf-16-le")
"""How a compound file begins (MS-CFB 2.2), and the stream in it that is a locked workbook (MS-OFFCRYPTO 2.3)."""


def refuse_old_office(content: bytes) -> None:
    """Raises UnreadableFile for .xls and for workbooks with a password: both are compound files, not zip or text."""
    if content.startswith(OLD_OFFICE) and ENCRYPTED in content:
        detail = _("Dit bestand is beveiligd met een wachtwoord. Haal dat eraf en bewaar het als XLSX.")
        raise unreadable("password", detail)
    if content.startswith(OLD_OFFICE):
        detail = _("Dit is een oud Excel-bestand (.xls). Open het, kies 'Opslaan als' en dan XLSX.")
        raise unreadable("old-spreadsheet", detail)


def look_into_workbook(content: bytes, *, most_unpacked: int = MOST_UNPACKED) -> None:
    """Raises UnreadableFile for what is better not unpacked. most_unpacked: bytes."""
    refuse_old_office(content)
    try:
        look_into(content, most_unpacked=most_unpacked)
    except UnsafePackage as problem:
        if problem.code == "macros":
            raise unreadable("macros", _("Dit bestand bevat macro's. Bewaar het als gewoon XLSX-bestand.")) from problem
        if problem.code == "too-large":
            raise unreadable("too-large-unzipped", _("Uitgepakt is dit bestand te groot.")) from problem
        raise unreadable("no-spreadsheet", _("Dit is geen XLSX-bestand.")) from problem
