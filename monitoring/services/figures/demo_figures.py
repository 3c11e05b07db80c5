"""Invented figures for the demo city: districts, indicators and three years of counts. All carry `demo`; seeded."""

from collections.abc import Iterator
from random import Random
from typing import Any

from config.loading import LoadReport, read_csv, split
from monitoring import periods
from monitoring.combination import SCALES
from monitoring.services.figures import reference
from monitoring.services.figures.combinations import over_areas
from monitoring.services.figures.observations import Row, load_observations, observation
from monitoring.services.geography import areas

CITY = "GM0363"
SOURCE = "demo-monitor"
YEARS = (2022, 2023, 2024)
FEWEST = 50  # a neighbourhood with fewer people of the population is suppressed, as statistics offices do
MISSING_SHARE = 0.01  # of the neighbourhoods did not answer
REAL_TO_COMBINE = ("ses-woa-score", "private-households")
INVENTED = "verzonnen voor de demonstratie"


def load_demo_figures() -> dict[str, LoadReport]:
    """Load all of it; unchanged data changes nothing."""
    return {
        "areas and memberships": areas.load_areas(*_districts()),
        "sources": reference.load_sources([_source()]),
        "indicators": reference.load_indicators(map(_indicator, _settings())),
        "definitions": reference.load_definitions(map(_definition, _settings())),
        "links": reference.load_links(read_csv(areas.DATA / "demo_indicator_links.csv")),
        "neighbourhoods": load_observations(_neighbourhood_rows()),
        "districts and city": load_observations(_parent_rows()),
    }


def _settings() -> list[dict[str, str]]:
    return list(read_csv(areas.DATA / "demo_indicators.csv"))


def _groupings() -> list[dict[str, str]]:
    return list(read_csv(areas.DATA / "demo_districts.csv"))


def _districts() -> tuple[list[Row], list[Row]]:
    """Districts in the city, neighbourhoods in districts."""
    found, inside = [], []
    for row in _groupings():
        found.append(areas.area(row["code"], "district", row["name_nl"], row["basis"], municipality_code=CITY,
                                municipality_name="Amsterdam", demo=True))  # fmt: skip
        inside.append(areas.membership("district", CITY, row["code"], row["basis"]))
        inside += [areas.membership("district", row["code"], code, row["basis"], areas.STATLINE_YEAR)
                   for code in split(row["member_codes"])]  # fmt: skip
    return found, inside


def _source() -> Row:
    return {"code": SOURCE, "name_nl": "Demomonitor (verzonnen cijfers)", "name_en": "Demo monitor (invented figures)",
            "url": "", "licence": ""}  # fmt: skip


def _indicator(row: dict[str, str]) -> Row:
    return {
        "code": row["code"], "name_nl": row["name_nl"], "name_en": row["name_en"], "kind": "effect",
        "unit": row["unit"], "direction": row["direction"], "direction_basis": INVENTED, "themes": [],
        "population_nl": row["population_nl"], "frequency": "jaarlijks", "source_body": _source()["name_nl"],
        "how_measured_nl": INVENTED, "source": INVENTED, "demo": True, "combine_areas": "pooled-ratio",
        "combine_periods": "none", "decimals": 1, "next_expected": str(YEARS[-1] + 1),
        "relevant_difference": float(row["relevant_difference"]), "relevant_difference_basis": INVENTED,
    }  # fmt: skip


def _definition(row: dict[str, str]) -> Row:
    return {"indicator_id": row["code"], "version": "", "order": 0, "valid_from": None, "description_nl": INVENTED,
            "source": INVENTED}  # fmt: skip


def _neighbourhood_rows() -> Iterator[Row]:
    """Counts per neighbourhood: its own level, drawn once, and a small yearly change."""
    households = {cell.area_code: int(cell.value or 0) for cell in areas.statline_table().cells
                  if cell.column.indicator_code == "private-households"}  # fmt: skip
    for row in _settings():
        for code in sorted(code for code in households if code.startswith("WK")):
            people = round(households[code] * float(row["persons_per_household"]))
            for year in YEARS:
                yield _row(row, code, year, **_figure(row, code, year, people))


def _figure(row: dict[str, str], code: str, year: int, people: int) -> dict[str, Any]:
    if people == 0:
        return {"status": "not-applicable", "note": "Hier wonen geen huishoudens."}
    if people < FEWEST:
        return {"status": "suppressed"}
    draw = Random(f"{row['code']} {code} {year}")
    if draw.random() < MISSING_SHARE:
        return {"status": "missing"}
    share = min(0.98, max(0.002, _level(row, code) + float(row["yearly_change"]) * (year - YEARS[0])))
    count = min(people, max(0, round(draw.gauss(people * share, (people * share * (1 - share)) ** 0.5))))
    return {"value": SCALES[row["unit"]] * count / people, "numerator": count, "denominator": people}


def _level(row: dict[str, str], code: str) -> float:
    return Random(f"{row['code']} {code}").gauss(float(row["level"]), float(row["spread"]))


def _row(row: dict[str, str], code: str, year: int, **figure: Any) -> Row:
    return observation(
        indicator_code=row["code"], area_code=code, area_year=areas.STATLINE_YEAR, period=periods.year(year),
        statistic="share" if row["unit"] == "percent" else "rate", source_code=SOURCE, unit=row["unit"], demo=True,
        citation=INVENTED, **figure,
    )  # fmt: skip


def _parent_rows() -> Iterator[Row]:
    """Districts and city by each indicator's own rule; the real score and households of 2019 for the districts too."""
    members = {row["code"]: split(row["member_codes"]) for row in _groupings()}
    everywhere = [code for codes in members.values() for code in codes]
    for row in _settings():
        yield from over_areas(indicator_code=row["code"], parent_code=CITY, member_codes=everywhere, demo=True)
    for code in [*REAL_TO_COMBINE, *(row["code"] for row in _settings())]:
        for district, codes in members.items():
            yield from over_areas(indicator_code=code, parent_code=district, member_codes=codes, demo=True)
