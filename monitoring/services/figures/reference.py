"""Sources, indicators, definitions, links and observations from the reference files."""

from collections.abc import Iterable, Iterator
from typing import Any

from config.loading import LoadReport, load, read_csv
from monitoring import periods, statline
from monitoring.models import DataSource, Indicator, IndicatorDefinition, IndicatorLink
from monitoring.services.figures.combinations import pooled_ratios
from monitoring.services.figures.observations import load_observations, observation
from monitoring.services.geography.areas import DATA, STATLINE_SOURCE, area_code, statline_table

NPLV, CBS = "nplv-monitor", "cbs"
Row = dict[str, Any]


def load_sources(rows: Iterable[Row]) -> LoadReport:
    return load(DataSource, key=("code",), rows=rows)


def load_indicators(rows: Iterable[Row]) -> LoadReport:
    return load(Indicator, key=("code",), rows=rows)


def load_links(rows: Iterable[dict[str, str]]) -> LoadReport:
    """Links from the columns of demo_indicator_links.csv."""
    return load(IndicatorLink, key=("indicator_id", "target_kind", "target_code", "role"),
                rows=(_link(row) for row in rows))  # fmt: skip


def load_definitions(rows: Iterable[Row]) -> LoadReport:
    return load(IndicatorDefinition, key=("indicator_id", "version"), rows=rows)


def load_reference_observations() -> LoadReport:
    """The 171 values of the text, the StatLine file, and the ratios we compute from them."""
    published = load_observations([*nplv_observations(), *statline_observations(statline_table())])
    return published + load_observations(pooled_ratios(pairs=list(read_csv(DATA / "computed_ratios.csv"))))


def nplv_observations() -> Iterator[Row]:
    for row in read_csv(DATA / "nplv_observations.csv"):
        period = periods.parse(row["year"])
        yield observation(
            indicator_code=row["indicator_code"], area_code=area_code(row["area_code"]), area_year=period.start.year,
            period=period, definition_version=row["definition_version"], statistic=row["statistic"],
            source_code=NPLV, value=float(row["value"]), unit=row["unit"], qualifier=row["value_qualifier"],
            basis=row["basis"], areas_used=_whole(row["areas_used"]), areas_total=_whole(row["areas_total"]),
            conflict=row["conflict"], note=row["notes"], citation=row["source"],
        )  # fmt: skip


def statline_observations(table: statline.Table, citation: str = STATLINE_SOURCE) -> Iterator[Row]:
    """Every cell of the file; unknown or secret becomes `missing`. A mean keeps the number of units it stands for.

    The areas are those of the year that a figure is about.
    """
    for cell in table.cells:
        status = "provisional" if cell.provisional else "final"
        yield observation(
            indicator_code=cell.column.indicator_code, area_code=cell.area_code, area_year=cell.period.start.year,
            period=cell.period, statistic=cell.column.statistic, source_code=CBS, value=cell.value,
            unit=cell.column.unit, status="missing" if cell.value is None else status,
            denominator=cell.weight, citation=citation,
            note="CBS: onbekend of geheim." if cell.value is None else "",
        )  # fmt: skip


def _link(row: dict[str, str]) -> Row:
    return {"indicator_id": row["indicator_code"], "target_kind": row["target_kind"], "role": row["role"],
            "target_code": row["target_code"], "inverse": row["inverse"] == "yes", "basis": row["basis"],
            "source": row["note"]}  # fmt: skip


def _whole(cell: str) -> int | None:
    return int(cell) if cell else None
