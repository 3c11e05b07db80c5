"""A first file per indicator of a published list; the list itself stays as it is."""

from collections.abc import Iterator
from pathlib import Path

from config.loading import read_csv, split
from monitoring.indicator_documents import Definition, read

YEARLY = ("yearly", "jaarlijks")


def drafts(published: Path) -> Iterator[Definition]:
    """What the list says of each indicator; how it may be combined and compared is left for a person to say.

    published: CSV with at least code, name_nl and kind; the other columns of nplv_indicators.csv are understood.
    Raises BadIndicator.
    """
    for row in read_csv(published):
        said = {
            "code": row["code"], "name": {"nl": row["name_nl"], "en": row.get("name_en", "")}, "kind": row["kind"],
            "unit": row.get("unit", ""), "direction": row.get("direction_suggested", ""),
            "directionBasis": "our reading" if row.get("direction_suggested") else "",
            "themes": split(row.get("theme", "")), "population": row.get("population_nl", ""),
            "frequency": row.get("frequency", ""), "sourceBody": row.get("source_body", ""),
            "howMeasured": row.get("definition_notes", ""), "source": row.get("source", ""),
            "combinationRules": {"areas": "none", "periods": "none"},
            "everyMonths": 12 if row.get("frequency", "").lower().startswith(YEARLY) else None,
        }  # fmt: skip
        yield read(said)
