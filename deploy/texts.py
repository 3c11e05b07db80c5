"""`python -m deploy.texts`: gather the Dutch texts of the code into the English catalogue and compile it.

The Dutch catalogue holds only what libraries say without Dutch of their own; it is written by hand and compiled here.
`--check` changes nothing and fails when a text has no English, or when a compiled file is behind. Uses Babel, so no
gettext programs are needed.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("accounts", "config", "factors", "interventions", "monitoring", "web")
METHODS = [("**.py", "python"), ("**/templates/**.html", "deploy.template_texts:extract")]
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2)}
PO = ROOT / "config" / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
DUTCH = ROOT / "config" / "locale" / "nl" / "LC_MESSAGES" / "django.po"


def main() -> int:
    catalogue = gathered()
    if "--check" in sys.argv:
        return _check(catalogue)
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(_text(catalogue))
    MO.write_bytes(_compiled(_text(catalogue), "en"))
    DUTCH.with_suffix(".mo").write_bytes(_compiled(DUTCH.read_bytes(), "nl"))
    print(f"{len(catalogue)} texts, without English: {len(untranslated(catalogue))}")
    return 0


def gathered() -> Catalog:
    """Every text of the code with the English known so far."""
    catalogue = Catalog(locale="en", project="Factorenmodel", fuzzy=False)
    if PO.exists():
        with PO.open("rb") as file:
            known = read_po(file, locale="en")
    else:
        known = Catalog(locale="en")
    for package in PACKAGES:
        for _file, _line, message, comments, context in extract_from_dir(ROOT / package, METHODS, keywords=KEYWORDS):
            old = known.get(message[0] if isinstance(message, tuple) else message)
            catalogue.add(message, string=old.string if old else None, auto_comments=comments, context=context)
    return catalogue


def untranslated(catalogue: Catalog) -> list[str]:
    return [str(m.id) for m in catalogue if m.id and not (all(m.string) if isinstance(m.string, tuple) else m.string)]


def _text(catalogue: Catalog) -> bytes:
    target = io.BytesIO()
    write_po(target, catalogue, sort_output=True, omit_header=False, width=0)
    # the dates of the header would change the file at each run
    changing = (b"-Date:", b"Generated-By")
    return b"".join(line for line in target.getvalue().splitlines(True) if not any(word in line for word in changing))


def _compiled(text: bytes, locale: str) -> bytes:
    target = io.BytesIO()
    clean = read_po(io.BytesIO(text), locale=locale)
    # else the moment of compiling stands in the file, and it would be behind a minute later
    clean.creation_date = clean.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    write_mo(target, clean)
    return target.getvalue()


def _check(catalogue: Catalog) -> int:
    faults = [f"no English: {text}" for text in untranslated(catalogue)]
    wanted = {MO: _compiled(_text(catalogue), "en"), DUTCH.with_suffix(".mo"): _compiled(DUTCH.read_bytes(), "nl")}
    if any(not file.exists() or file.read_bytes() != content for file, content in wanted.items()):
        faults.append("a catalogue is behind the code: run python -m deploy.texts")
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
