"""A workbook looked at as the zip file it is, before anything of it is unpacked."""

import io
import zipfile

MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 2000


class UnsafePackage(ValueError):
    """Not to be opened. code: unreadable | too-large | macros."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def look_into(data: bytes, *, most_unpacked: int = MOST_UNPACKED) -> None:
    """Raises UnsafePackage for what is no zip file, holds macros, or is or may become too large.

    most_unpacked: bytes. zipfile never unpacks more of a part than the part says it holds.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most_unpacked:
                raise UnsafePackage("too-large")
            if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
                raise UnsafePackage("macros")
            if any(_declares_a_type(package, part) for part in parts if part.filename.endswith((".xml", ".rels"))):
                raise UnsafePackage("unreadable")
    except UnsafePackage:
        raise
    except Exception as problem:  # damaged archives raise many things
        raise UnsafePackage("unreadable") from problem


def _declares_a_type(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Workbooks have no document type; entities that grow need one."""
    with package.open(part) as stream:
        return b"<!DOCTYPE" in stream.read(4096)
