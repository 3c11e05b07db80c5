"""The SQL of working aggregates: how monitoring/aggregation.py, which defines them, reads as set operations.

Measures have components in a fixed order, so each gets statements of its own with one sum per component. Working tables
live in the session and are empty again at the end of each transaction.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connections

from monitoring.measures import MEASURES, Measure

STORE = "monitoring"
EPOCH = "DATE '2000-01-01'"
SLOT = "measure text, kind text, first date"
CELL = "measure text, area text, kind text, first date, until date"
REPORT = "subject_code text, area_code text, period_kind text, period_start date, period_end date"
COUNTS = ", ".join(f"c{n} bigint" for n in range(1, 1 + max(len(m.components) for m in MEASURES.values())))
PAIRS = ", ".join(f"p{n} bigint" for n in range(1, 1 + 2 * max(len(m.ratios) for m in MEASURES.values())))

TABLES = {
    # area → each place it counts in; layer: how many layers of cells lie below the place
    "agg_place": ("area text, place text, layer int", "area, place"),
    # place → the areas whose reports it takes in itself, and the places whose cells it takes over
    "agg_own": ("place text, area text, layer int", "place"),
    "agg_part": ("place text, part text, layer int", "place"),
    "agg_member": ("subject_kind text, subject text, offering text, organisation text, everywhere bool",
                   "subject_kind, subject"),
    # plans of offerings; place: each place that is, holds or lies in an area it works in; '': it works everywhere
    "agg_due": ("offering text, measure text, place text, starts date, ends date", ""),
    "agg_period": (f"{SLOT}, place text, until date", ""),
    # who is expected to deliver in a period, and how many of each subject; place as in agg_due
    "agg_asked": (f"offering text, {SLOT}, place text", "offering, kind, first, place"),
    "agg_expected": (f"subject_kind text, subject text, {SLOT}, place text, offerings int",
                     "subject, kind, first, place"),
    "agg_mark": (f"offering text, {CELL}", ""),
    "agg_stale": (f"offering text, {CELL}, layer int", ""),
    "agg_upper": (f"subject_kind text, subject text, {CELL}", ""),
    # of one measure and some offerings: their reports, what these come to per own area, and the cells of all places
    "agg_report": (f"{REPORT}, {COUNTS}", ""),
    "agg_leaf": (f"{REPORT}, report_count int, {COUNTS}, {PAIRS}", ""),
    "agg_batch": (f"{REPORT}, report_count int, {COUNTS}, {PAIRS}", ""),
    # the cells of all offerings, those of one together
    "agg_cell": (f"measure text, {REPORT}, report_count int, {COUNTS}, {PAIRS}",
                 "USING brin (subject_code) WITH (pages_per_range = 16)"),
    "agg_chosen": ("subject_kind text, subject text", ""),
    "agg_fresh": ("municipality_code text, subject_kind text, subject_code text, measure text, area_code text,"
                  " period_kind text, period_start date, organisation_code text, period_end date, counts bigint[],"
                  " paired bigint[], lowest int, highest int, report_count int, deliverer_count int,"
                  " expected_count int", ""),
}  # fmt: skip
KEY = ("subject_kind", "subject_code", "measure", "area_code", "period_kind", "period_start")
INDEXED = ("subject_code", "area_code", "period_start", "measure", "period_kind", "subject_kind")
"""The key as its index has it: what tells cells apart comes first."""
VALUES = ("organisation_code", "period_end", "counts", "paired", "lowest", "highest", "report_count", "deliverer_count",
          "expected_count")  # fmt: skip
NARROWER = {"quarter": ("month",), "year": ("month", "quarter"), "school-year": ("month",)}
START = {
    "quarter": "date_trunc('quarter', {day})::date",
    "year": "date_trunc('year', {day})::date",
    "school-year": "(date_trunc('year', {day} - interval '7 months') + interval '7 months')::date",
}
LENGTH = {"quarter": "3 months", "year": "1 year", "school-year": "1 year"}


def execute(sql: str, *parameters: Any) -> int:
    """Returns how many rows it changed."""
    with connections[STORE].cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return int(cursor.rowcount)


def prepare() -> None:
    """The working tables of this session, empty."""
    for name, (columns, index) in TABLES.items():
        execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} ({columns}) ON COMMIT DELETE ROWS")
        if index:
            using = index if index.startswith("USING") else f"({index})"
            execute(f"CREATE INDEX IF NOT EXISTS {name}_key ON {name} {using}")
    execute(f"TRUNCATE {', '.join(TABLES)}")


def fill(table: str, rows: Iterable[Sequence[Any]]) -> None:
    rows = list(rows)  # making them may ask the store, which takes no questions during a COPY
    with connections[STORE].cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    execute(f"ANALYZE {table}")


def stored(measure: Measure, cell: str) -> tuple[list[str], list[str]]:
    """The counts of a stored cell and the sums of its pairs; one without sums of its own has them in its counts."""
    counts = [f"{cell}.counts[{n}]" for n, _name in enumerate(measure.names, 1)]
    plain = enumerate(_plain(measure, counts), 1)
    return counts, [f"CASE WHEN {cell}.paired IS NULL THEN {one} ELSE {cell}.paired[{n}] END" for n, one in plain]


def columns(measure: Measure, table: str) -> tuple[list[str], list[str]]:
    """The same in a working table, where each has a column: adding those up takes a third of the time."""
    counts = [f"{table}.c{n}" for n, _name in enumerate(measure.names, 1)]
    return counts, [f"{table}.p{n}" for n in range(1, 2 * len(measure.pairs) + 1)]


def listed(measure: Measure, table: str) -> str:
    return ", ".join(one for some in columns(measure, table) for one in some)


def names(measure: Measure) -> str:
    return listed(measure, "").replace(".", "")


def totals(measure: Measure, given: tuple[list[str], list[str]]) -> str:
    """Sums of counts and pairs, named as in a working table; unknown where nobody gave one."""
    return _named(*([f"monitoring_total({one})" for one in some] for some in given))


def over_time(measure: Measure, counts: Sequence[str]) -> str:
    """What reports `r` of one offering and area over time come to, named as in a working table.

    Flows add up, of a stock the last value counts: of two that end on the same day that of the one begun later. Of a
    pair of flows reports count that give both; with a stock both must be known at all.
    """
    sums = [_component(count, stock) for count, stock in zip(counts, measure.stocks, strict=True)]
    pairs = []
    for pair in measure.pairs:
        held = any(measure.stocks[place] for place in pair)
        for place, other in (pair, pair[::-1]):
            whole = f"CASE WHEN count({counts[other]}) > 0 THEN {sums[place]} END"
            pairs.append(whole if held else f"{sums[place]} FILTER (WHERE {counts[other]} IS NOT NULL)")
    return _named(sums, pairs)


def as_told(measure: Measure, table: str) -> str:
    """Values of a cell from its columns: counts, sums of pairs where they are not those of the counts, extremes."""
    counts, pairs = columns(measure, table)
    apart = f"NULLIF({_array(pairs)}, {_array(_plain(measure, counts))})" if pairs else "NULL::bigint[]"
    return f"{_array(counts)}, {apart}, {_extremes(measure, counts)}"


def alone(measure: Measure, table: str) -> str:
    """Counts and sums of pairs of a single report."""
    counts, _pairs = columns(measure, table)
    return ", ".join([*counts, *_plain(measure, counts)])


def _named(counts: Iterable[str], pairs: Iterable[str]) -> str:
    named = ([f"{one} AS {kind}{n}" for n, one in enumerate(some, 1)] for kind, some in (("c", counts), ("p", pairs)))
    return ", ".join(one for some in named for one in some)


def _plain(measure: Measure, counts: Sequence[str]) -> list[str]:
    """Part and whole of each ratio as the counts have them; neither where one is unknown: 0 times null is null."""
    return [f"{counts[place]} + 0 * {counts[other]}" for pair in measure.pairs for place, other in (pair, pair[::-1])]


def _array(items: Iterable[str]) -> str:
    return f"ARRAY[{', '.join(items)}]::bigint[]"


def _component(count: str, stock: bool) -> str:
    if not stock:
        return f"monitoring_total({count})"
    order = f"(r.period_end - {EPOCH})::bigint, (r.period_start - {EPOCH})::bigint"
    return f"(max(ARRAY[{order}, {count}]) FILTER (WHERE {count} IS NOT NULL))[3]"


def _extremes(measure: Measure, counts: Sequence[str]) -> str:
    """Lowest and highest grade given; of satisfaction only."""
    if measure.code != "satisfaction":
        return "NULL::int, NULL::int"
    grades = [(grade, counts[grade - 1]) for grade in range(1, len(measure.levels) + 1)]
    return ", ".join(
        f"CASE {' '.join(f'WHEN {count} > 0 THEN {grade}' for grade, count in order)} END"
        for order in (grades, reversed(grades))
    )


def counts_in(kind: str, first: str) -> str:
    """Whether report `r`, which lies within the cell's days, counts in a cell of this kind: its own or a wider one."""
    wider = " OR ".join(
        f"{kind} = '{wide}' AND r.period_kind IN ({quoted(narrow)})" for wide, narrow in NARROWER.items()
    )
    return f"(r.period_kind = {kind} AND r.period_start = {first} OR {wider})"


def wider_periods(kind: str, first: str, until: str) -> str:
    """The period itself and those that contain it whole, as rows (kind, first, until)."""
    rows = [f"SELECT {kind} AS kind, {first} AS first, {until} AS until"]
    for wide, narrow in NARROWER.items():
        start = START[wide].format(day=first)
        rows.append(f"SELECT '{wide}', {start}, ({start} + interval '{LENGTH[wide]}')::date"
                    f" WHERE {kind} IN ({quoted(narrow)})")  # fmt: skip
    return " UNION ALL ".join(rows)


def counted(statuses: Iterable[str]) -> str:
    return f"r.status IN ({quoted(str(status) for status in statuses)})"


def upsert(select: str) -> str:
    """Write cells; one that is as it was is left alone. select: the columns of agg_fresh, first parameter the city."""
    columns = ", ".join((*KEY, *VALUES))
    old, new = (", ".join(f"{table}.{name}" for name in VALUES) for table in ("a", "excluded"))
    return f"""
        INSERT INTO monitoring_aggregate AS a (municipality_code, {columns}) {select}
        ON CONFLICT (municipality_code, {", ".join(KEY)})
        DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in VALUES)}
        WHERE ({old}) IS DISTINCT FROM ({new})
    """


def quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
