"""What defines an indicator, as one document: a text file in TOML, or the body of a request (DOMAIN.md §4).

A document says everything of DOMAIN.md §4 in the words of the API; the definitions stand oldest first.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, get_args

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.errors import Fault, Refusal
from monitoring.combination import Rule
from monitoring.periods import BadPeriod, parse

KINDS = ("effect", "realisation", "context", "process")
DIRECTIONS = ("", "higher-better", "lower-better", "neutral")
AREA_RULES = tuple(rule for rule in get_args(Rule) if rule not in {"mean", "last"})
PERIOD_RULES = tuple(rule for rule in get_args(Rule) if rule != "mean-of-areas")
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.A)
Row = dict[str, Any]


class BadIndicator(Refusal):
    """The document does not define an indicator; every fault names its place."""

    code = "bad-indicator"


@dataclass(frozen=True)
class Definition:
    """Rows for the tables of indicators, definitions and links."""

    indicator: Row
    definitions: tuple[Row, ...]
    links: tuple[Row, ...]


@dataclass(frozen=True)
class Field:
    """One member. row: its column. kind: what it must be. choices: a closed list. least, most: of number or length."""

    row: str
    kind: type = str
    needed: bool = False
    choices: tuple[str, ...] = ()
    least: float = 0
    most: float = 5000


INDICATOR = {
    "code": Field("code", needed=True, most=100), "kind": Field("kind", needed=True, choices=KINDS),
    "unit": Field("unit", most=40), "decimals": Field("decimals", int, most=9),
    "direction": Field("direction", choices=DIRECTIONS), "directionBasis": Field("direction_basis", most=40),
    "population": Field("population_nl"), "frequency": Field("frequency", most=200),
    "everyMonths": Field("every_months", int, least=1, most=600), "nextExpected": Field("next_expected", most=40),
    "sourceBody": Field("source_body"), "howMeasured": Field("how_measured_nl"), "source": Field("source"),
    "relevantDifference": Field("relevant_difference", float, most=1e12),
    "relevantDifferenceBasis": Field("relevant_difference_basis", most=40), "demo": Field("demo", bool),
}  # fmt: skip
NAME = {"nl": Field("name_nl", needed=True, least=1, most=300), "en": Field("name_en", most=300)}
RULES = {"areas": Field("combine_areas", needed=True, choices=AREA_RULES),
         "periods": Field("combine_periods", needed=True, choices=PERIOD_RULES)}  # fmt: skip
VERSION = {
    "version": Field("version", most=60), "description": Field("description_nl"), "source": Field("source"),
    "validFrom": Field("valid_from", int, least=1800, most=2200),
    "validUntil": Field("valid_until", int, least=1800, most=2200),
}  # fmt: skip
LINK = {
    "targetKind": Field("target_kind", needed=True, choices=("factor", "domain", "goal")),
    "targetCode": Field("target_code", needed=True, least=1, most=100),
    "role": Field("role", needed=True, choices=("prevalence", "measures", "context")),
    "inverse": Field("inverse", bool), "basis": Field("basis", needed=True, most=40), "note": Field("source"),
}  # fmt: skip
PARTS = {"name", "combinationRules", "definitions", "links", "themes"}
DEFAULTS: Mapping[type, Any] = {str: "", bool: False}
EMPTY: Row = {"decimals": 1}


def read_file(content: bytes) -> Definition:
    """The definition in a TOML file. Raises BadIndicator with every fault."""
    try:
        document = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise BadIndicator(str(problem), [Fault("#", "not-toml", str(problem)[:300])]) from problem
    return read(document)


def read(document: Any) -> Definition:
    """The definition that a document gives. Raises BadIndicator with every fault."""
    reading = _Reading()
    made = reading.definition(document)
    if reading.faults:
        raise BadIndicator(
            _("Dit bepaalt geen indicator: %(count)d fouten.") % {"count": len(reading.faults)}, reading.faults
        )
    return made


class _Reading:
    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, place: str, code: str, detail: str, expected: Sequence[str] = ()) -> None:
        self.faults.append(Fault(place, code, detail, expected=list(expected) or None))

    def definition(self, document: Any) -> Definition:
        found = self._object("#", document)
        for name in found.keys() - INDICATOR.keys() - PARTS:
            self.fault(
                f"#/{name[:40]}", "unknown-key", _("Deze sleutel kennen wij niet."), sorted({*INDICATOR, *PARTS})
            )
        row = EMPTY | self._row("#", {k: v for k, v in found.items() if k in INDICATOR}, INDICATOR)
        row |= self._row("#/name", found.get("name", {}), NAME)
        row |= self._row("#/combinationRules", found.get("combinationRules", {}), RULES)
        row["themes"] = self._themes(found.get("themes", []))
        self._sense(row)
        code = row.get("code", "")
        versions = self._rows("#/definitions", found.get("definitions", [{}]), VERSION, ("version",))
        links = self._rows("#/links", found.get("links", []), LINK, ("target_kind", "target_code", "role"))
        if not versions:
            self.fault("#/definitions", "required", _("Noem minstens één definitie."))
        return Definition(row, tuple({**one, "indicator_id": code, "order": at} for at, one in enumerate(versions)),
                          tuple({**one, "indicator_id": code} for one in links))  # fmt: skip

    def _object(self, place: str, value: Any) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        self.fault(place, "not-an-object", _("Hier hoort een object."))
        return {}

    def _unknown(self, place: str, names: Set[str], fields: Mapping[str, Field]) -> None:
        for name in sorted(names - fields.keys()):
            self.fault(f"{place}/{name[:40]}", "unknown-key", _("Deze sleutel kennen wij niet."), sorted(fields))

    def _row(self, place: str, value: Any, fields: Mapping[str, Field]) -> Row:
        found = self._object(place, value)
        self._unknown(place, found.keys(), fields)
        row: Row = {}
        for name, field in fields.items():
            given = found.get(name)
            if given is None:
                if field.needed:
                    self.fault(f"{place}/{name}", "required", _("Dit moet er staan."))
                if field.row not in EMPTY:
                    row[field.row] = DEFAULTS.get(field.kind)
            elif (problem := _problem(given, field)) is not None:
                self.fault(f"{place}/{name}", *problem, field.choices)
            else:
                row[field.row] = float(given) if field.kind is float else given
        return row

    def _rows(self, place: str, value: Any, fields: Mapping[str, Field], key: Sequence[str]) -> list[Row]:
        if not isinstance(value, list):
            self.fault(place, "not-a-list", _("Hier hoort een lijst."))
            return []
        rows = [self._row(f"{place}/{at}", one, fields) for at, one in enumerate(value)]
        keys = [tuple(row.get(name) for name in key) for row in rows]
        for at, one in enumerate(keys):
            if one in keys[:at]:
                self.fault(f"{place}/{at}", "double", _("Dit staat er twee keer."))
        return rows

    def _themes(self, value: Any) -> list[str]:
        if isinstance(value, list) and all(isinstance(one, str) and CODE.fullmatch(one) for one in value):
            return value
        self.fault("#/themes", "not-a-list", _("Hier hoort een lijst van codes."))
        return []

    def _sense(self, row: Row) -> None:
        """What members say together."""
        code, expected = row.get("code") or "", row.get("next_expected") or ""
        if code and not CODE.fullmatch(code):
            self.fault("#/code", "bad-code", _("Een code bestaat uit kleine letters, cijfers en losse streepjes."))
        if expected and not _is_period(expected):
            self.fault("#/nextExpected", "bad-period", _("Dit is geen periode. Voorbeelden: 2025, 2025-Q1, 2025-03."))
        if row.get("relevant_difference") is not None and not row.get("relevant_difference_basis"):
            self.fault("#/relevantDifferenceBasis", "required", _("Zeg wie vindt dat dit verschil ertoe doet."))
        ratio = {"pooled-ratio"} & {row.get("combine_areas"), row.get("combine_periods")}
        if ratio and row.get("unit") not in {"percent", "per-1000"}:
            self.fault("#/combinationRules", "no-ratio", _("Alleen percentages en cijfers per 1.000 zijn te poolen."))


def _is_period(text: str) -> bool:
    try:
        parse(text)
    except BadPeriod:
        return False
    return True


TYPES = {
    str: gettext_lazy("Hier hoort een tekst."), int: gettext_lazy("Hier hoort een geheel getal."),
    float: gettext_lazy("Hier hoort een getal."), bool: gettext_lazy("Hier hoort ja of nee (true of false)."),
}  # fmt: skip


def _problem(value: Any, field: Field) -> tuple[str, str] | None:
    """Code and words for what is wrong with one value, or None."""
    kinds = (int, float) if field.kind is float else field.kind
    if not isinstance(value, kinds) or (isinstance(value, bool) and field.kind is not bool):
        return "wrong-type", str(TYPES[field.kind])
    if field.choices and value not in field.choices:
        return "unknown-choice", _("Dit is geen van de mogelijke waarden.")
    if isinstance(value, str):
        if "\x00" in value:
            return "unprintable", _("Een tekst mag geen NUL bevatten.")
        if field.least <= len(value) <= field.most:
            return None
        text = _("Dit moet %(least)d tot %(most)d tekens zijn.")
        return "bad-length", text % {"least": field.least, "most": field.most}
    number: Any = value
    if not field.least <= number <= field.most:  # also what is no number at all
        return "out-of-range", _("Dit moet tussen %(least)d en %(most)d liggen.") % {
            "least": field.least, "most": field.most}  # fmt: skip
    return None


def written(definition: Definition) -> str:
    """The definition as a TOML file: `read_file(written(d).encode()) == d`."""
    row = definition.indicator
    lines = [*_members(row, INDICATOR)]
    if row["themes"]:
        lines.append(f"themes = [{', '.join(map(_text, row['themes']))}]")
    lines += ["", "[name]", *_members(row, NAME), "", "[combinationRules]", *_members(row, RULES)]
    for name, rows, fields in (("definitions", definition.definitions, VERSION), ("links", definition.links, LINK)):
        for one in rows:
            lines += ["", f"[[{name}]]", *_members(one, fields)]
    return "\n".join(lines) + "\n"


def _members(row: Row, fields: Mapping[str, Field]) -> Iterator[str]:
    for name, field in fields.items():
        value = row.get(field.row)
        if value not in (None, "") and value is not False:
            yield f"{name} = {_text(value) if isinstance(value, str) else str(value).lower()}"


def _text(value: str) -> str:
    """TOML's basic strings take the escapes of JSON."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
