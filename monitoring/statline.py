"""Reading a StatLine file as Statistics Netherlands hands it out ("CSV met statistische symbolen"). Pure.

Semicolons, UTF-8 with BOM, codes and numbers padded with spaces, `.` for unknown or secret (never zero), `-` for nil.
A mapping (own CSV) says what each column of a table we know is; of another table `measured` makes one from what its
sender says. Source of the symbols: CBS, "Verklaring van tekens"; of the periods: the labels of StatLine's Perioden.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from django.utils.translation import gettext as _

from config.errors import Fault, Refusal
from monitoring.periods import BadPeriod, Period, parse

Role = Literal["period", "area-name", "area-code", "value"]
UNKNOWN = {".", "x"}
AREA_CODE = re.compile(r"NL0[01]|(LD|PV|CR)\d{2}|GM\d{4}|WK\d{4}[0-9A-Z]{2}|BU\d{4}[0-9A-Z]{4}", re.A)
MONTHS = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
          "november", "december")  # fmt: skip
QUARTER, MONTH, SCHOOL = (re.compile(text) for text in (
    r"(\d{4}) ([1-4])e kwartaal", rf"(\d{{4}}) ({'|'.join(MONTHS)})", r"(\d{4})/'(\d{2})"))  # fmt: skip
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,10})?", re.A)
MOST_FAULTS = 100


class StatlineRefused(Refusal):
    """The file is not what its mapping says; every fault names row and column."""

    code = "statline-refused"


@dataclass(frozen=True)
class Column:
    """What one column is. weight: for a mean, the column with the number of units it stands for."""

    name: str
    role: Role
    indicator_code: str = ""
    unit: str = ""
    statistic: str = ""
    weight: str = ""


@dataclass(frozen=True)
class Cell:
    """One figure; `value` None: the file says it is unknown or secret. provisional: its period carries an asterisk."""

    area_code: str
    period: Period
    column: Column
    value: float | None
    weight: float | None
    provisional: bool = False


@dataclass(frozen=True)
class Table:
    """What the file says: names by area code in the order of the file, and its figures."""

    names: Mapping[str, str]
    cells: tuple[Cell, ...]


def columns(rows: Iterable[Mapping[str, str]]) -> tuple[Column, ...]:
    """The mapping from its rows: column, role, indicator_code, unit, statistic, weight. Raises StatlineRefused."""
    found = []
    for row in rows:
        if row["role"] not in get_args(Role):
            raise StatlineRefused(f"mapping: unknown role {row['role']!r} of column {row['column']!r}")
        found.append(Column(row["column"], row["role"], row["indicator_code"], row["unit"], row["statistic"],  # type: ignore[arg-type]
                            row["weight"]))  # fmt: skip
    return tuple(found)


def header_of(content: bytes) -> tuple[str, ...]:
    """The names of the columns. Raises StatlineRefused."""
    return tuple(next(csv.reader([_text(content).split("\n", 1)[0].rstrip("\r")], delimiter=";"), ()))


def measured(header: Iterable[str], measures: Iterable[str]) -> tuple[Column, ...]:
    """The mapping of a table nobody mapped. measures: `column:indicator:statistic`; other figures are left out.

    The code of the area stands in the one column whose name ends in `(code)`. Raises StatlineRefused.
    """
    names = list(header)
    codes = [name for name in names if name.endswith("(code)")]
    if "Perioden" not in names or len(codes) != 1:
        raise _refused("no-statline", _("Een StatLine-bestand heeft één kolom Perioden en één kolom met (code)."))
    found, faults = [Column("Perioden", "period"), Column(codes[0], "area-code")], []
    for text in measures:
        name = max((name for name in names if text.startswith(f"{name}:")), key=len, default=None)
        indicator, _colon, statistic = text[len(name or "") + 1 :].partition(":")
        if name is None or not indicator:
            detail = _("Zeg met measure=KOLOM:indicator:maat bij welke indicator een kolom hoort.")
            faults.append(Fault("measure", "unknown-measure", detail, "query", text[:100], [*names]))
        else:
            found.append(Column(name, "value", indicator.strip(), statistic=statistic.strip()))
    if faults:
        raise StatlineRefused(faults[0].detail, faults)
    return tuple(found)


def _refused(code: str, detail: str) -> StatlineRefused:
    return StatlineRefused(detail, [Fault("#", code, detail)])


def read(content: bytes, mapping: Iterable[Column]) -> Table:
    """The table in the file. Raises StatlineRefused with at most 100 faults; nothing is half read."""
    wanted = tuple(mapping)
    reader = csv.DictReader(io.StringIO(_text(content), newline=""), delimiter=";", strict=True)
    reading = _Reading(wanted)
    try:
        _check_header(reader.fieldnames or (), wanted)
        for number, row in enumerate(reader, start=2):
            reading.take(number, row)
    except csv.Error as problem:
        raise _refused("irregular-row", _("Rij %(row)d is niet te lezen.") % {"row": reader.line_num}) from problem
    if reading.faults:
        raise StatlineRefused(_("Het bestand klopt niet; er is niets bewaard."), reading.faults)
    return Table(reading.names, tuple(reading.cells))


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        detail = _("Dit bestand is niet in UTF-8, maar lijkt Windows-1252. Bewaar het als UTF-8.")
        raise _refused("unknown-encoding", detail) from problem


def _check_header(header: Iterable[str], wanted: tuple[Column, ...]) -> None:
    names = list(header)
    needed = {c.name for c in wanted} | {c.weight for c in wanted if c.weight}
    missing, double = _("Kolom %(name)s ontbreekt."), _("Kolom %(name)s staat er twee keer in.")
    faults = [Fault(f"#/columns/{_pointed(name)}", "missing-column", missing % {"name": name})
              for name in sorted(needed - set(names))]  # fmt: skip
    faults += [Fault(f"#/columns/{_pointed(name)}", "double-column", double % {"name": name})
               for name in sorted({name for name in names if names.count(name) > 1})]  # fmt: skip
    if faults:
        raise StatlineRefused(" ".join(fault.detail for fault in faults), faults)


def _pointed(name: str) -> str:
    """As a step of a JSON pointer (RFC 6901 §3)."""
    return name.replace("~", "~0").replace("/", "~1")


class _Reading:
    """The rows read so far and what was wrong with them."""

    def __init__(self, wanted: tuple[Column, ...]) -> None:
        self.period, self.code = _only(wanted, "period"), _only(wanted, "area-code")
        self.name = next((column for column in wanted if column.role == "area-name"), self.code)
        self.values = [column for column in wanted if column.role == "value"]
        self.names: dict[str, str] = {}
        self.seen: set[tuple[str, str]] = set()
        self.cells: list[Cell] = []
        self.faults: list[Fault] = []

    def take(self, number: int, row: Mapping[str, str | None]) -> None:
        if len(self.faults) >= MOST_FAULTS:
            return None
        if None in row or None in row.values():
            return self._fault(number, "", "columns", _("Rij %(row)d heeft meer of minder cellen dan de eerste regel."))
        texts = {name: str(text).strip() for name, text in row.items()}
        code = texts[self.code.name]
        if not AREA_CODE.fullmatch(code):
            return self._fault(
                number, self.code.name, "area-code", _("Rij %(row)d: %(value)s is geen gebiedscode van CBS."), code
            )
        label = texts[self.period.name]
        try:
            period = _period(label.rstrip("*"))
        except BadPeriod:
            return self._fault(number, self.period.name, "period", _("Rij %(row)d: %(value)s is geen periode."), label)
        if (code, period.iso) in self.seen:
            twice = _("Rij %(row)d: %(value)s staat er twee keer in voor deze periode.")
            return self._fault(number, self.code.name, "double-row", twice, code)
        self.seen.add((code, period.iso))
        self.names[code] = texts[self.name.name]
        self.cells.extend(self._cells(number, texts, code, period))
        return None

    def _cells(self, number: int, texts: Mapping[str, str], code: str, period: Period) -> Iterator[Cell]:
        provisional = texts[self.period.name].endswith("*")
        for column in self.values:
            weight = self._number(number, column.weight, texts) if column.weight else None
            yield Cell(code, period, column, self._number(number, column.name, texts), weight, provisional)

    def _number(self, number: int, name: str, texts: Mapping[str, str]) -> float | None:
        text = texts[name]
        if text in UNKNOWN:
            return None
        if text == "-":
            return 0.0
        if NUMBER.fullmatch(text):
            return float(text)
        comma = _("Rij %(row)d: %(value)s is geen getal. Schrijf een punt voor de breuk, geen komma.")
        detail = comma if "," in text else _("Rij %(row)d: %(value)s is geen getal.")
        self._fault(number, name, "number", detail, text)
        return None

    def _fault(self, number: int, column: str, code: str, detail: str, value: str = "") -> None:
        said = detail % {"row": number, "value": repr(value[:40])}
        self.faults.append(Fault(f"#/rows/{number}/{_pointed(column)}", code, said, value=value[:40] or None))


def _period(label: str) -> Period:
    """From a label of StatLine (`2024 1e kwartaal`, `2024 januari`, `2023/'24`) or a code. Raises BadPeriod."""
    if found := QUARTER.fullmatch(label):
        return parse(f"{found[1]}-Q{found[2]}")
    if found := MONTH.fullmatch(label):
        return parse(f"{found[1]}-{MONTHS.index(found[2]) + 1:02}")
    if found := SCHOOL.fullmatch(label):
        return parse(f"{found[1]}/{found[1][:2]}{found[2]}")
    return parse(label)


def _only(wanted: tuple[Column, ...], role: Role) -> Column:
    found = [column for column in wanted if column.role == role]
    if len(found) != 1:
        raise StatlineRefused(f"the mapping must name one column as {role}, not {len(found)}")
    return found[0]
