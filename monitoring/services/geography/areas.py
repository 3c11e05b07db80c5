"""Areas and the hierarchies they lie in, from the reference files."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from config.loading import LoadReport, load, read_csv, split
from monitoring import statline
from monitoring.models import Area, AreaMembership

DATA = Path(__file__).resolve().parents[2] / "data"
STATLINE_FILE, STATLINE_MAPPING, STATLINE_YEAR = "85163NED_ses_woa_amsterdam_2019.csv", "statline_85163NED.csv", 2019
STATLINE_SOURCE = "CBS StatLine 85163NED"
LEVELS = {"NL": "country", "GM": "municipality", "WK": "neighbourhood", "BU": "sub-neighbourhood"}
ROTTERDAM = "GM0599"
COUNTRY = "NL00"
Row = dict[str, Any]


def statline_table() -> statline.Table:
    """The StatLine file of the demo city. Raises StatlineRefused."""
    return statline.read((DATA / STATLINE_FILE).read_bytes(), statline.columns(read_csv(DATA / STATLINE_MAPPING)))


def area_code(source_code: str) -> str:
    """The code here for a code of the sources: `nl` is `NL00`."""
    return COUNTRY if source_code == "nl" else source_code


def load_areas(areas: Iterable[Row], memberships: Iterable[Row]) -> LoadReport:
    """Create or update areas and memberships; equal rows are not written."""
    return load(Area, key=("code", "valid_from"), rows=areas) + load(
        AreaMembership, key=("hierarchy", "parent_code", "child_code", "valid_from"), rows=memberships
    )


def reference_areas() -> tuple[list[Row], list[Row]]:
    """All areas and memberships of the reference data."""
    table = statline_table()
    cities = {row["name_nl"]: row["code"] for row in read_csv(DATA / "municipalities.csv")}
    areas = [*_cities(), *_cbs(table, cities), *_groups(), *_focus_areas(cities), *_rotterdam()]
    inside = [*_cbs_memberships(table, cities.values()), *_group_memberships(), *_focus_memberships(cities)]
    return areas, [*inside, *(membership("district", ROTTERDAM, row["code"], row["source"]) for row in _rotterdam())]


def membership(hierarchy: str, parent: str, child: str, source: str, valid_from: int = 0) -> Row:
    return {"hierarchy": hierarchy, "parent_code": parent, "child_code": child, "valid_from": valid_from,
            "source": source}  # fmt: skip


def area(code: str, level: str, name: str, source: str, **more: Any) -> Row:
    """An area row with every field that the loaders own, so that rows of several files fit one table."""
    empty = {"name_en": "", "aliases_nl": "", "municipality_code": "", "municipality_name": "", "valid_from": 0,
             "demo": False}  # fmt: skip
    return {**empty, "code": code, "level": level, "name_nl": name, "source": source, **more}


def _cities() -> Iterator[Row]:
    for row in read_csv(DATA / "municipalities.csv"):
        yield area(row["code"], "municipality", row["name_nl"], row["source"], municipality_code=row["code"],
                   municipality_name=row["name_nl"])  # fmt: skip


def _cbs(table: statline.Table, cities: dict[str, str]) -> Iterator[Row]:
    """Neighbourhoods and below, of the year of the file; the city itself has no vintage here."""
    names = {code: name for name, code in cities.items()}
    for code, name in table.names.items():
        if code not in names:
            city = f"GM{code[2:6]}"
            yield area(code, LEVELS[code[:2]], name, STATLINE_SOURCE, valid_from=STATLINE_YEAR,
                       municipality_code=city, municipality_name=names.get(city, ""))  # fmt: skip


def _cbs_memberships(table: statline.Table, cities: Iterable[str]) -> Iterator[Row]:
    for code in cities:
        yield membership("cbs", COUNTRY, code, "CBS, gemeentelijke indeling")
    for code in table.names:
        parent = {"WK": f"GM{code[2:6]}", "BU": f"WK{code[2:8]}"}.get(code[:2])
        if parent:
            yield membership("cbs", parent, code, STATLINE_SOURCE, STATLINE_YEAR)


def _groups() -> Iterator[Row]:
    for row in read_csv(DATA / "area_groups.csv"):
        yield area(area_code(row["code"]), row["kind"], row["name_nl"], row["source"], name_en=row["name_en"])


def _group_memberships() -> Iterator[Row]:
    """The members of each group; the group itself lies in the country, so that it can be set beside it."""
    for row in read_csv(DATA / "area_groups.csv"):
        if row["kind"] == "group":
            yield membership(row["code"], COUNTRY, row["code"], row["source"])
            for code in split(row["member_codes"]):
                yield membership(row["code"], row["code"], code, row["source"])


def _focus_areas(cities: dict[str, str]) -> Iterator[Row]:
    for row in read_csv(DATA / "focus_areas.csv"):
        yield area(row["code"], "focus-area", row["name_nl"], row["source"], name_en=row["name_en"],
                   aliases_nl=row["aliases_nl"], municipality_name=row["municipality"],
                   municipality_code=cities.get(row["municipality"], ""))  # fmt: skip


def _focus_memberships(cities: dict[str, str]) -> Iterator[Row]:
    for row in read_csv(DATA / "focus_areas.csv"):
        if row["municipality"] in cities:
            yield membership("focus-area", cities[row["municipality"]], row["code"], row["source"])


def _rotterdam() -> Iterator[Row]:
    for row in read_csv(DATA / "rotterdam_areas.csv"):
        yield area(row["code"], "district", row["name_nl"], row["source"], name_en=row["name_en"],
                   municipality_code=ROTTERDAM, municipality_name=row["municipality"])  # fmt: skip
