"""Flaws of a file in words."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.errors import Fault
from config.tables import Flaw

FLAWS = {
    "unreadable": gettext_lazy("Dit bestand is niet te lezen."),
    "unreadable-row": gettext_lazy("Deze regel is niet te lezen."),
    "too-large": gettext_lazy("Uitgepakt is dit bestand te groot."),
    "macros": gettext_lazy("Dit bestand bevat macro's. Bewaar het als gewoon XLSX-bestand."),
    "too-many-rows": gettext_lazy("Te veel rijen."),
    "too-many-columns": gettext_lazy("Te veel kolommen."),
    "wrong-encoding": gettext_lazy("Onbekende tekencodering: sla het bestand op als UTF-8."),
    "merged-cells": gettext_lazy("Samengevoegde cellen: splits ze eerst."),
    "duplicate-column": gettext_lazy("Deze kolom staat er twee keer."),
    "cell-without-column": gettext_lazy("Een cel staat naast de tabel, zonder kolomnaam erboven."),
    "unknown-sheet": gettext_lazy("Dit blad kennen wij niet."),
    "sheet-missing": gettext_lazy("Dit blad ontbreekt."),
    "unknown-column": gettext_lazy("Deze kolom kennen wij niet."),
    "column-missing": gettext_lazy("Deze kolom ontbreekt."),
    "required": gettext_lazy("Deze cel moet gevuld zijn."),
    "formula": gettext_lazy("Een formule rekenen wij niet uit: zet de waarde zelf neer."),
    "too-long": gettext_lazy("Deze tekst is te lang."),
    "forbidden-character": gettext_lazy("Deze tekst bevat een onzichtbaar teken dat niet mag."),
    "not-a-code": gettext_lazy("Een code bestaat uit kleine letters, cijfers en enkele streepjes."),
    "not-a-number": gettext_lazy("Dit is geen getal."),
    "not-in-list": gettext_lazy("Deze waarde staat niet in de lijst."),
    "duplicate-code": gettext_lazy("Deze code staat er vaker in."),
    "unknown-code": gettext_lazy("Deze code staat nergens in het bestand."),
}


def flaw_faults(flaws: Iterable[Flaw], words: Mapping[str, object] = FLAWS) -> list[Fault]:
    """Flaws as faults: location `#/sheet/row/column`, with what is there and what is nearest to it."""
    return [
        Fault(
            "#" + "".join(f"/{part}" for part in (flaw.sheet, flaw.row or "", flaw.column) if part),
            flaw.code,
            place_of(flaw.sheet, flaw.row, flaw.column) + str(words[flaw.code]),
            value=flaw.value,
            expected=flaw.expected,
        )
        for flaw in flaws
    ]


def place_of(sheet: str, row: int, column: str) -> str:
    """The beginning of a sentence about a place in a file; row 0: the whole sheet."""
    if not sheet:
        return ""
    if not row:
        return _("Blad %(sheet)s: ") % {"sheet": sheet}
    return _("Blad %(sheet)s, rij %(row)d, kolom %(column)s: ") % {"sheet": sheet, "row": row, "column": column or "-"}
