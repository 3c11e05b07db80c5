"""Computing all working cells of a municipality from its reports (monitoring/aggregation.py, docs/adr/0019).

In batches of offerings, and then of what is added up from these, so that what is grouped fits in memory. Call it in a
transaction that holds the municipality's lock.
"""

# ruff: noqa: S608 - see cell_sql
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any, TypeVar

from django.db.models import Count

from monitoring.measures import MEASURES, Measure
from monitoring.models import Aggregate, OutcomeReport
from monitoring.services.aggregation import cell_sql as sql
from monitoring.services.aggregation.cells import WORK_MEMORY, Subject, ask, lay_out, layers, subjects_of, upper_cells
from monitoring.services.aggregation.lines import COUNTED, current_facts
from monitoring.services.geography.area_tree import tree_of

REPORTS_AT_ONCE = 50_000
Thing = TypeVar("Thing")
OF_CHOSEN = """agg_chosen c JOIN agg_member m USING (subject_kind, subject)
    JOIN agg_cell a ON a.subject_code = m.offering AND a.subject_code = ANY(%s)"""


def rebuild_all(municipality_code: str) -> int:
    """Every cell from its reports; returns how many rows differed from what was stored, gone ones included."""
    sql.execute(f"SET LOCAL work_mem = '{WORK_MEMORY}'")
    for way in ("nestloop", "mergejoin", "sort"):  # hash all: behind the wall the planner expects one row in 200
        sql.execute(f"SET LOCAL enable_{way} = off")
    tree, facts = tree_of(municipality_code), current_facts(municipality_code)
    reported = OutcomeReport.objects.filter(municipality_code=municipality_code).order_by()
    areas, measures = (set(reported.values_list(column, flat=True).distinct()) for column in ("area_code", "measure"))
    counted = dict(reported.values_list("offering_code").annotate(count=Count("id")))
    members: dict[Subject, list[str]] = defaultdict(list)
    for code in facts:
        for subject in subjects_of(facts[code]):
            members[subject].append(code)
    lay_out(tree, facts, strays=areas - set(tree.levels), subjects=members, measures=measures)
    differing = _drop_others(municipality_code, [*(("offering", code) for code in facts), *members], measures)
    chosen = [MEASURES[code] for code in sorted(measures)]
    store = _Store(municipality_code)
    for batch in _batches({code: counted.get(code, 0) for code in facts}):
        for measure in chosen:
            _add_up(measure, municipality_code, batch, layers(tree))
            differing += store.take(_cells_of_batch(measure), municipality_code)
        differing += store.settle([("offering", code) for code in batch])
    sql.execute("ANALYZE agg_cell (subject_code)")
    sql.execute("SELECT brin_summarize_new_values('agg_cell_key')")
    sql.execute(
        "INSERT INTO agg_period SELECT DISTINCT measure, period_kind, period_start, area_code, period_end FROM agg_cell"
    )
    ask()
    for some in _batches({subject: sum(counted.get(code, 0) for code in members[subject]) for subject in members}):
        sql.fill("agg_chosen", some)
        offerings = sorted({code for subject in some for code in members[subject]})
        for measure in chosen:
            cells = upper_cells(measure, OF_CHOSEN, sql.columns(measure, "a"))
            differing += store.take(cells, municipality_code, offerings)
        differing += store.settle(some)
        sql.execute("TRUNCATE agg_chosen")
    return differing


class _Store:
    """Where cells go: straight into a city that has none, else beside the stored ones until those are made equal."""

    def __init__(self, municipality_code: str) -> None:
        self.municipality_code = municipality_code
        self.empty = not Aggregate.objects.filter(municipality_code=municipality_code).exists()

    def take(self, cells: str, *parameters: Any) -> int:
        """Returns how many differed, as far as that is known yet."""
        columns = ", ".join(("municipality_code", *sql.KEY, *sql.VALUES))
        table = f"monitoring_aggregate ({columns})" if self.empty else "agg_fresh"
        taken = sql.execute(f"INSERT INTO {table} {cells}", *parameters)
        return taken if self.empty else 0

    def settle(self, subjects: list[Subject]) -> int:
        """All cells of these subjects were taken. Returns how many stored ones differed."""
        return 0 if self.empty else _replace(self.municipality_code, subjects)


def _batches(weights: dict[Thing, int]) -> Iterator[list[Thing]]:
    """The things in order, so many together that their cells are computed in memory. weights: reports behind each."""
    batch: list[Thing] = []
    for thing, _weight in sorted(weights.items()):
        batch.append(thing)
        if sum(weights[one] for one in batch) >= REPORTS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _add_up(measure: Measure, municipality_code: str, offerings: list[str], layers: int) -> None:
    """Fill agg_batch with the cells of these offerings, and add them to agg_cell."""
    sql.execute("TRUNCATE agg_report, agg_leaf, agg_batch")
    names, key = sql.names(measure), "subject_code, area_code, period_kind, period_start, period_end"
    reports, _pairs = sql.stored(measure, "r")
    sql.execute(f"""
        INSERT INTO agg_report
        SELECT r.offering_code, r.area_code, r.period_kind, r.period_start, r.period_end, {", ".join(reports)}
        FROM monitoring_outcomereport r WHERE r.municipality_code = %s AND r.offering_code = ANY(%s)
         AND r.measure = '{measure.code}' AND {sql.counted(COUNTED)}""", municipality_code, offerings)  # fmt: skip
    for leaves in _leaves(measure):
        sql.execute(f"INSERT INTO agg_leaf ({key}, report_count, {names}) {leaves}")
    for layer in range(layers):
        sql.execute(f"INSERT INTO agg_batch ({key}, report_count, {names}) {_layer(measure)}", layer, layer)
    sql.execute(f"""
        INSERT INTO agg_cell (measure, {key}, report_count, {names})
        SELECT '{measure.code}', {key}, report_count, {names} FROM agg_batch ORDER BY subject_code""")  # fmt: skip


def _leaves(measure: Measure) -> Iterator[str]:
    """What each offering reported from each area, per period and wider period."""
    # a month, and a wave, holds nothing but its own report
    yield f"""
        SELECT r.subject_code, r.area_code, r.period_kind, r.period_start, r.period_end, 1, {sql.alone(measure, "r")}
        FROM agg_report r WHERE r.period_kind NOT IN ({sql.quoted(sql.NARROWER)})"""
    counts, _pairs = sql.columns(measure, "r")
    for kind, narrower in sql.NARROWER.items():
        start = sql.START[kind].format(day="r.period_start")
        yield f"""
            SELECT r.subject_code, r.area_code, '{kind}', {start}, ({start} + interval '{sql.LENGTH[kind]}')::date,
                   count(*), {sql.over_time(measure, counts)}
            FROM agg_report r WHERE r.period_kind IN ({sql.quoted((kind, *narrower))})
            GROUP BY r.subject_code, r.area_code, {start}"""


def _layer(measure: Measure) -> str:
    """Cells of the places of one layer: of the areas that they take in themselves and the places below them."""
    key, values = "{0}.period_kind, {0}.period_start, {0}.period_end, {0}.report_count", sql.listed
    return f"""
        SELECT v.subject_code, v.place, v.period_kind, v.period_start, max(v.period_end), sum(v.report_count),
               {sql.totals(measure, sql.columns(measure, "v"))}
        FROM (
            SELECT l.subject_code, o.place, {key.format("l")}, {values(measure, "l")}
            FROM agg_leaf l JOIN agg_own o ON o.area = l.area_code WHERE o.layer = %s
            UNION ALL
            SELECT b.subject_code, p.place, {key.format("b")}, {values(measure, "b")}
            FROM agg_batch b JOIN agg_part p ON p.part = b.area_code WHERE p.layer = %s
        ) v GROUP BY v.subject_code, v.place, v.period_kind, v.period_start"""


def _cells_of_batch(measure: Measure) -> str:
    return f"""
        SELECT %s, 'offering', b.subject_code, '{measure.code}', b.area_code, b.period_kind, b.period_start,
               m.organisation, b.period_end, {sql.as_told(measure, "b")}, b.report_count, 1, 1
        FROM agg_batch b JOIN agg_member m ON m.offering = b.subject_code AND m.subject_kind = 'intervention'"""


def _replace(municipality_code: str, subjects: list[Subject]) -> int:
    """Make the stored cells of these subjects equal to agg_fresh, and empty that; returns how many differed."""
    kinds, codes = (list(column) for column in zip(*subjects, strict=True))
    stored = "a.municipality_code = %s AND a.subject_code = ANY(%s)"
    same = " AND ".join(f"f.{name} = a.{name}" for name in sql.KEY)
    old, new = (", ".join(f"{table}.{name}" for name in sql.VALUES) for table in ("a", "f"))
    differing = sql.execute(f"""
        DELETE FROM monitoring_aggregate a USING unnest(%s::text[], %s::text[]) AS s (kind, code)
        WHERE {stored} AND a.subject_code = s.code AND a.subject_kind = s.kind
        AND NOT EXISTS (SELECT FROM agg_fresh f WHERE {same})""", kinds, codes, municipality_code, codes)  # fmt: skip
    columns = ", ".join(("municipality_code", *sql.KEY, *sql.VALUES))
    differing += sql.execute(f"""
        MERGE INTO monitoring_aggregate a USING agg_fresh f ON {stored} AND {same}
        WHEN MATCHED AND ({old}) IS DISTINCT FROM ({new})
        THEN UPDATE SET {", ".join(f"{name} = f.{name}" for name in sql.VALUES)}
        WHEN NOT MATCHED THEN INSERT ({columns}) VALUES ({", ".join(f"f.{one}" for one in columns.split(", "))})
        """, municipality_code, codes)  # fmt: skip
    sql.execute("TRUNCATE agg_fresh")
    return differing


def _drop_others(municipality_code: str, subjects: list[Subject], measures: Collection[str]) -> int:
    """Drop the cells of what is no subject any more and of measures that nobody reports; returns how many."""
    kinds, codes = ([subject[place] for subject in subjects] for place in (0, 1))
    return sql.execute("""
        DELETE FROM monitoring_aggregate a WHERE a.municipality_code = %s AND (a.measure <> ALL(%s)
        OR NOT EXISTS (SELECT FROM unnest(%s::text[], %s::text[]) AS s (kind, code)
                       WHERE s.kind = a.subject_kind AND s.code = a.subject_code))
        """, municipality_code, sorted(measures), kinds, codes)  # fmt: skip
