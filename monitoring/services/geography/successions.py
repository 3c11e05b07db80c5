"""Which areas went on under which code, and loading vintages and successions of the whole country."""

from collections.abc import Iterable, Iterator
from typing import Any

from config.errors import Fault, Refusal
from config.loading import LoadReport, load
from monitoring.models import AreaSuccession
from monitoring.services.geography.areas import LEVELS, area, load_areas, membership

Row = dict[str, Any]


class BadSuccession(Refusal):
    """A row is no succession, or the weights of a predecessor do not add up to 1."""

    code = "bad-succession"


def load_country(rows: Iterable[dict[str, str]]) -> LoadReport:
    """Areas by CBS code from rows with code, name, valid_from, valid_until, source; parents follow from the code.

    Raises BadSuccession for a code that is no CBS code or a year that is none.
    """
    given = list(rows)
    areas = [_area(number, row) for number, row in enumerate(given, start=2)]
    inside = [membership("cbs", parent, row["code"], row["source"], int(row["valid_from"] or 0)) | {
        "valid_until": _year(row["valid_until"])} for row in given if (parent := _parent(row["code"]))]  # fmt: skip
    return load_areas(areas, inside)


def _area(number: int, row: dict[str, str]) -> Row:
    code = row["code"].strip()
    level = LEVELS.get(code[:2])
    if level is None or not (row["valid_from"] or "0").isdigit():
        raise _bad(number, f"{code[:20]!r} {row['valid_from'][:10]!r}")
    city = f"GM{code[2:6]}" if code[:2] in {"GM", "WK", "BU"} else ""
    return area(code, level, row["name"], row["source"], valid_from=int(row["valid_from"] or 0),
                municipality_code=city) | {"valid_until": _year(row["valid_until"])}  # fmt: skip


def _parent(code: str) -> str:
    return {"GM": "NL00", "WK": f"GM{code[2:6]}", "BU": f"WK{code[2:8]}"}.get(code[:2], "")


def _year(text: str) -> int | None:
    return int(text) if text.isdigit() else None


def load_successions(rows: Iterable[dict[str, str]]) -> LoadReport:
    """Successions from rows with from_code, to_code, year, basis, weight, source; all or none.

    Raises BadSuccession when the weights of one predecessor, year and basis do not add up to 1.
    """
    found = [_succession(number, row) for number, row in enumerate(rows, start=2)]
    sums: dict[tuple[Any, ...], float] = {}
    for row in found:
        key = (row["from_code"], row["year"], row["basis"])
        sums[key] = sums.get(key, 0.0) + row["weight"]
    wrong = [key for key, total in sums.items() if abs(total - 1) > 0.001]
    if wrong:
        raise BadSuccession(
            ", ".join(f"{code} ({year}, {basis}): weights do not add up to 1" for code, year, basis in wrong)
        )
    return load(AreaSuccession, key=("from_code", "to_code", "year", "basis"), rows=found)


def _succession(number: int, row: dict[str, str]) -> Row:
    try:
        year, weight = int(row["year"]), float(row["weight"] or 1)
    except ValueError as problem:
        raise _bad(number, str(problem)) from problem
    if not 0 < weight <= 1:
        raise _bad(number, f"weight {weight}")
    return {"from_code": row["from_code"], "to_code": row["to_code"], "year": year, "basis": row["basis"],
            "weight": weight, "source": row["source"]}  # fmt: skip


def _bad(number: int, why: str) -> BadSuccession:
    return BadSuccession(f"row {number}: {why}", [Fault(f"#/rows/{number}", "bad-row", why)])


def successors(codes: Iterable[str]) -> dict[str, list[AreaSuccession]]:
    """What each area went on as, newest and largest part first. One query."""
    return _by("from_code", codes)


def predecessors(codes: Iterable[str]) -> dict[str, list[AreaSuccession]]:
    """What each area came from. One query."""
    return _by("to_code", codes)


def _by(end: str, codes: Iterable[str]) -> dict[str, list[AreaSuccession]]:
    found: dict[str, list[AreaSuccession]] = {}
    for one in _ordered(AreaSuccession.objects.filter(**{f"{end}__in": set(codes)})):
        found.setdefault(getattr(one, end), []).append(one)
    return found


def _ordered(rows: Any) -> Iterator[AreaSuccession]:
    yield from rows.order_by("-year", "-weight", "from_code", "to_code", "basis")
