"""The SQL of working aggregates: how monitoring/aggregation.py, which defines them, reads as set operations.

Measures have components in a fixed order, so each gets statements of its own with one sum per component. Working tables
live in the session, are empty again at the end of each transaction, and speak in numbers (cell_numbers.py).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connections

from monitoring.measures import MEASURES, Measure

STORE = "monitoring"
CELL = "offering int, node int, slot int"
COUNTS = ", ".join(f"c{n} bigint" for n in range(1, 1 + max(len(m.components) for m in MEASURES.values())))
PAIRS = ", ".join(f"p{n} bigint" for n in range(1, 1 + 2 * max(len(m.ratios) for m in MEASURES.values())))

TABLES = {
    # what has cells: offerings, and what is added up from them; everywhere: the offering works in the whole city
    "agg_subject": "subject int, kind text, code text, organisation text, everywhere bool",
    "agg_member": "subject int, offering int",
    # a node has a sum of its own: a place (above 0), or what a place takes in itself besides its parts (below 0)
    "agg_area": "node int, code text",
    # where the reports of an area are added up first
    "agg_own": "node int, code text",
    "agg_part": "place int, part int, layer int",
    # a measure over a period; wide: itself and those that contain it; alone: nothing else is added up in it
    "agg_slot": "slot int, measure text, kind text, first date, until date",
    "agg_wider": "slot int, wide int, alone bool",
    # plans of offerings; place: each place that is, holds or lies in an area it works in; 0: it works everywhere
    "agg_due": "offering int, measure text, place int, starts date, ends date",
    # who is expected to deliver, and how many of each subject; place as in agg_due
    "agg_asked": "offering int, slot int, place int",
    "agg_expected": "subject int, slot int, place int, offerings int",
    # of a refresh: what was reported anew, where it counts, the cells stale by it, those that the store is asked for
    "agg_mark": CELL,
    "agg_touch": "node int, place int, layer int",
    "agg_stale": f"{CELL}, layer int",
    "agg_upper": "subject int, node int, slot int",
    "agg_need": CELL,
    # of one measure and some offerings: their reports, and what these come to per node; stored: read from the store
    "agg_report": f"{CELL}, {COUNTS}",
    "agg_batch": f"{CELL}, stored bool DEFAULT false, reports int, {COUNTS}, {PAIRS}",
    # cells of offerings to add up for others, those of one together
    "agg_cell": f"{CELL}, asked bool, reports int, {COUNTS}, {PAIRS}",
    "agg_chosen": "subject int, offering int",  # of agg_member
    "agg_fresh": "municipality_code text, subject_kind text, subject_code text, measure text, area_code text,"
                 " period_kind text, period_start date, organisation_code text, period_end date, counts bigint[],"
                 " paired bigint[], lowest int, highest int, report_count int, deliverer_count int, expected_count int",
}  # fmt: skip
BY_OFFERING = "CREATE INDEX IF NOT EXISTS agg_cell_key ON agg_cell USING brin (offering) WITH (pages_per_range = 16)"
KEY = ("subject_kind", "subject_code", "measure", "area_code", "period_kind", "period_start")
VALUES = ("organisation_code", "period_end", "counts", "paired", "lowest", "highest", "report_count", "deliverer_count",
          "expected_count")  # fmt: skip
COLUMNS = ", ".join(("municipality_code", *KEY, *VALUES))


def execute(sql: str, **parameters: Any) -> int:
    """Returns how many rows it changed or found."""
    with connections[STORE].cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return int(cursor.rowcount)


def count(rows: str) -> int:
    """How many rows a join of working tables has."""
    with connections[STORE].cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {rows}")  # noqa: S608 - our own names
        return int(cursor.fetchone()[0])


def prepare() -> None:
    """The working tables of this session, empty, and a planner that hashes them in the order of the statement.

    What was just written it does not know, so it would choose nested loops. What is looked up in the store stands in a
    LATERAL, which leaves no choice.
    """
    settings = {"work_mem": "'128MB'", "random_page_cost": "1.1", "join_collapse_limit": "1"}
    settings |= dict.fromkeys(("enable_nestloop", "enable_mergejoin", "enable_sort"), "off")
    execute("; ".join(f"SET LOCAL {name} = {value}" for name, value in settings.items()))
    made = (f"CREATE TEMP TABLE IF NOT EXISTS {name} ({what}) ON COMMIT DELETE ROWS" for name, what in TABLES.items())
    execute("; ".join([*made, BY_OFFERING]))
    if execute("SELECT FROM agg_subject LIMIT 1"):  # used before in this transaction
        empty(*TABLES)


def empty(*tables: str) -> None:
    execute(f"TRUNCATE {', '.join(tables)}")


def fill(table: str, rows: Iterable[Sequence[Any]]) -> None:
    rows = list(rows)  # making them may ask the store, which takes no questions during a COPY
    with connections[STORE].cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


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

    Flows add up, of a stock the last value counts: of two that end on the same day that of the one begun later, as
    slots are numbered. Of a pair of flows reports count that give both; with a stock both must be known at all.
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
    return _named(counts, _plain(measure, counts))


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
    return f"(max(ARRAY[r.slot::bigint, {count}]) FILTER (WHERE {count} IS NOT NULL))[2]"


def _extremes(measure: Measure, counts: Sequence[str]) -> str:
    """Lowest and highest grade given; of satisfaction only."""
    if measure.code != "satisfaction":
        return "NULL::int, NULL::int"
    grades = [(grade, counts[grade - 1]) for grade in range(1, len(measure.levels) + 1)]
    return ", ".join(
        f"CASE {' '.join(f'WHEN {count} > 0 THEN {grade}' for grade, count in order)} END"
        for order in (grades, reversed(grades))
    )


def counted(statuses: Iterable[str]) -> str:
    listing = ", ".join(f"'{status}'" for status in statuses)
    return f"r.status IN ({listing})"


def upsert(cells: str) -> str:
    """Write cells; one that is as it was is left alone. cells: a query with the columns of agg_fresh."""
    old, new = (", ".join(f"{table}.{name}" for name in VALUES) for table in ("a", "excluded"))
    return f"""
        INSERT INTO monitoring_aggregate AS a ({COLUMNS}) {cells}
        ON CONFLICT (municipality_code, {", ".join(KEY)})
        DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in VALUES)}
        WHERE ({old}) IS DISTINCT FROM ({new})
    """
