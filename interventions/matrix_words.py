"""The words of a prevention matrix on paper, in both languages. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

MONTHS = {
    "nl": ("januari", "februari", "maart", "april", "mei", "juni",
           "juli", "augustus", "september", "oktober", "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December"),
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    """heads: the columns, by prevention level. states: of a societal result."""

    language: str
    matrix: str
    offerings: str
    explanation: str
    heads: Mapping[str, str]
    states: Mapping[str, str]
    on: str
    per_cell: str
    none: str
    unknown: str
    withheld: str
    step: str
    unlisted: str
    known: str
    summed: str
    told: str
    absent: str
    legend: str
    source: str

    def day(self, iso: str) -> str:
        """2026-11-27 → 27 november 2026."""
        day = date.fromisoformat(iso)
        return f"{day.day} {MONTHS[self.language][day.month - 1]} {day.year}"


DUTCH = Words(
    language="nl",
    matrix="Preventiematrix",
    offerings="Aanbod",
    explanation="Toelichting",
    heads={
        "universal": "Universeel",
        "selective": "Selectief",
        "indicated": "Geïndiceerd",
        "not-stated": "Niveau niet opgegeven",
    },
    states={
        "on-course": "op koers",
        "behind": "loopt achter",
        "reached": "behaald",
        "not-reached": "niet behaald",
        "no-measurement-yet": "nog geen meting",
    },
    on="op",
    per_cell="aantal aanbod per vak",
    none="(geen aanbod)",
    unknown="onbekend",
    withheld="afgeschermd",
    step="trede",
    unlisted="niet vermeld",
    known="{value} (van {count} bekend)",
    summed="{count} aanbod; bereik samen {realised}, beoogd {intended}:",
    told="{name} ({ladder}; bereik {realised} van beoogd {intended})",
    absent="Niet bereikbaar: {parts}",
    legend="Het getal is het aantal keer actief aanbod; hoe donkerder, hoe meer. Oranje: geen aanbod.",
    source="Bron: Factorenmodel; het aanbod dat op die dag actief is, ook aanbod voor de hele stad.",
)
ENGLISH = Words(
    language="en",
    matrix="Prevention matrix",
    offerings="Offerings",
    explanation="Explanation",
    heads={
        "universal": "Universal",
        "selective": "Selective",
        "indicated": "Indicated",
        "not-stated": "Level not stated",
    },
    states={
        "on-course": "on course",
        "behind": "behind",
        "reached": "reached",
        "not-reached": "not reached",
        "no-measurement-yet": "no measurement yet",
    },
    on="on",
    per_cell="offerings per cell",
    none="(no offering)",
    unknown="unknown",
    withheld="withheld",
    step="level",
    unlisted="not listed",
    known="{value} (of {count} known)",
    summed="{count} offerings; reach together {realised}, intended {intended}:",
    told="{name} ({ladder}; reach {realised} of intended {intended})",
    absent="Not available: {parts}",
    legend="The number counts active offerings; the darker, the more. Orange: no offering.",
    source="Source: Factorenmodel; the offerings that are active on that day, city-wide ones included.",
)


def words(language: str) -> Words:
    """English for `en`, Dutch for all else."""
    return ENGLISH if language == "en" else DUTCH
