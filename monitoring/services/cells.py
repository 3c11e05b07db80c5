"""Computing working cells in sets: those that marks touch, or all of a municipality (monitoring/aggregation.py).

A cell of an offering is made of reports from the areas that its place takes in itself and of the cells of the places
below it, layer by layer; cells of interventions, factors and goals are made of those of their offerings. Call these
functions in a transaction that holds the municipality's lock.
"""

# ruff: noqa: S608 - see cell_sql
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from monitoring.aggregation import UNKNOWN
from monitoring.measures import MEASURES, Measure
from monitoring.models import MeasurementPlan, OfferingFact, OutcomeReport
from monitoring.periods import month_of, quarter_of, school_year_of, year_of
from monitoring.services import cell_sql as sql
from monitoring.services.area_tree import AreaTree, tree_of
from monitoring.services.lines import COUNTED, current_facts

PERIOD_OF = {"month": month_of, "quarter": quarter_of, "year": year_of, "school-year": school_year_of}
WORK_MEMORY = "128MB"  # to group and sort all cells of a city without the disk
Mark = tuple[str, str, str, str, date]  # offering, measure, area, period kind and start
Subject = tuple[str, str]  # kind and code


def subjects_of(fact: OfferingFact) -> set[Subject]:
    """What an offering counts for besides itself. A goal is known by the domain it stands for."""
    found = {("intervention", fact.intervention_code)}
    found |= {("factor", code) for code in fact.factor_codes}
    return found | {("goal", code) for code in fact.domain_codes}


def recompute(municipality_code: str, marks: Collection[Mark]) -> None:
    """The cells that the marked reports count in, and no others."""
    facts = current_facts(municipality_code)
    marks = {mark for mark in marks if mark[0] in facts}
    if not marks:
        return
    tree, offerings = tree_of(municipality_code), {mark[0] for mark in marks}
    touched = {subject for code in offerings for subject in subjects_of(facts[code])}
    near = {code: fact for code, fact in facts.items() if not touched.isdisjoint(subjects_of(fact))}
    _lay_out(tree, near, strays={mark[2] for mark in marks} - set(tree.levels), subjects=touched)
    sql.fill("agg_mark", ((*mark, PERIOD_OF[mark[3]](mark[4]).end) for mark in marks))
    sql.execute(f"""
        INSERT INTO agg_stale SELECT DISTINCT m.offering, m.measure, p.place, c.kind, c.first, c.until, p.layer
        FROM agg_mark m JOIN agg_place p ON p.area = m.area
        CROSS JOIN LATERAL ({sql.wider_periods("m.kind", "m.first", "m.until")}) c""")  # fmt: skip
    sql.execute("""
        INSERT INTO agg_upper SELECT DISTINCT m.subject_kind, m.subject, s.measure, s.area, s.kind, s.first, s.until
        FROM agg_stale s JOIN agg_member m ON m.offering = s.offering""")  # fmt: skip
    sql.execute("ANALYZE agg_stale, agg_upper")
    measures = [MEASURES[code] for code in sorted({mark[1] for mark in marks})]
    for layer in range(_layers(tree)):
        for measure in measures:
            sql.execute(sql.upsert(_stale_cells(measure)), municipality_code, *[municipality_code] * 2, layer)
    for measure in measures:
        sql.execute(sql.upsert(_upper_cells(measure, only_stale=True)), *[municipality_code] * 2)
    _drop_empty(municipality_code)


def _drop_empty(municipality_code: str) -> None:
    for table, subject in (("agg_stale", "'offering', s.offering"), ("agg_upper", "s.subject_kind, s.subject")):
        sql.execute(f"""
            DELETE FROM monitoring_aggregate a USING {table} s WHERE a.municipality_code = %s AND a.report_count = 0
            AND (a.subject_kind, a.subject_code, a.measure, a.area_code, a.period_kind, a.period_start)
              = ({subject}, s.measure, s.area, s.kind, s.first)""", municipality_code)  # fmt: skip


def _stale_cells(measure: Measure) -> str:
    """Cells of offerings in one layer; one without any report left has report_count 0."""
    return f"""
        SELECT %s, 'offering', s.offering, s.measure, s.area, s.kind, s.first, m.organisation, s.until, t.counts,
               {sql.extremes(measure, "t.counts")}, t.reports, 1, 1
        FROM agg_stale s JOIN agg_member m ON m.offering = s.offering AND m.subject_kind = 'intervention'
        CROSS JOIN LATERAL (
            SELECT {sql.total(measure, "v.counts")} AS counts, coalesce(sum(v.reports), 0) AS reports FROM (
                SELECT {sql.over_time(measure)} AS counts, count(*) AS reports
                FROM agg_own o JOIN monitoring_outcomereport r ON r.area_code = o.area
                WHERE o.place = s.area AND r.municipality_code = %s AND r.offering_code = s.offering
                  AND r.measure = s.measure AND r.period_start >= s.first AND r.period_end <= s.until
                  AND {sql.counts_in("s.kind", "s.first")} AND {sql.counted(COUNTED)}
                GROUP BY r.area_code
                UNION ALL
                SELECT a.counts, a.report_count FROM agg_part p JOIN monitoring_aggregate a ON a.area_code = p.part
                WHERE p.place = s.area AND a.municipality_code = %s AND a.subject_kind = 'offering'
                  AND a.subject_code = s.offering AND a.measure = s.measure AND a.period_kind = s.kind
                  AND a.period_start = s.first
            ) v
        ) t
        WHERE s.measure = '{measure.code}' AND s.layer = %s
    """


def _upper_cells(measure: Measure, *, only_stale: bool) -> str:
    """Cells of interventions, factors and goals from those of their offerings, which stand there already.

    Expected are the offerings that delivered and those that have a plan for it, there and then: delivered + due - both.
    Plans for the whole city are counted once per period, those for some areas per cell.
    """
    stale = """agg_upper u JOIN agg_member m USING (subject_kind, subject)
        JOIN monitoring_aggregate a ON a.subject_code = m.offering AND a.measure = u.measure AND a.area_code = u.area
         AND a.period_kind = u.kind AND a.period_start = u.first"""
    every = "agg_member m JOIN monitoring_aggregate a ON a.subject_code = m.offering"
    cell = "a.area_code, a.period_kind, a.period_start, a.period_end"
    asked, here = _asked_then(measure, "{0}"), f"(d.areas IS NULL OR {_asked_there('a')})"
    return f"""
        WITH g AS MATERIALIZED (
            SELECT m.subject_kind, m.subject, {cell}, {sql.total(measure, "a.counts")} AS counts,
                   sum(a.report_count) AS reports, count(*) FILTER (WHERE a.report_count > 0) AS deliverers,
                   count(*) FILTER (WHERE a.report_count > 0 AND EXISTS (
                       SELECT FROM agg_due d WHERE d.offering = a.subject_code AND {asked.format("a")} AND {here}
                   )) AS both
            FROM {stale if only_stale else every}
            WHERE a.municipality_code = %s AND a.subject_kind = 'offering' AND a.measure = '{measure.code}'
            GROUP BY m.subject_kind, m.subject, {cell}
        ), period AS (SELECT DISTINCT subject_kind, subject, period_kind, period_start, period_end FROM g),
        everywhere AS (
            SELECT p.subject_kind, p.subject, p.period_kind, p.period_start, count(DISTINCT d.offering) AS offerings
            FROM period p JOIN agg_member n USING (subject_kind, subject) JOIN agg_due d ON d.offering = n.offering
            WHERE d.areas IS NULL AND {asked.format("p")}
            GROUP BY p.subject_kind, p.subject, p.period_kind, p.period_start
        )
        SELECT %s, g.subject_kind, g.subject, '{measure.code}', g.area_code, g.period_kind, g.period_start, '',
               g.period_end, g.counts, {sql.extremes(measure, "g.counts")}, g.reports, g.deliverers,
               g.deliverers + coalesce(e.offerings, 0) + there.offerings - g.both
        FROM g LEFT JOIN everywhere e USING (subject_kind, subject, period_kind, period_start)
        CROSS JOIN LATERAL (
            SELECT count(DISTINCT d.offering) AS offerings
            FROM agg_local l JOIN agg_due d ON d.offering = l.offering
            WHERE l.subject_kind = g.subject_kind AND l.subject = g.subject AND d.areas IS NOT NULL
              AND {asked.format("g")} AND {_asked_there("g")}
        ) there
    """


def _asked_then(measure: Measure, cell: str) -> str:
    """Whether plan `d` asks for the measure in the period of the cell."""
    return f"""d.measure = '{measure.code}' AND d.starts < {cell}.period_end
        AND (d.ends IS NULL OR d.ends > {cell}.period_start)"""


def _asked_there(cell: str) -> str:
    """Whether the area of the cell is, holds or lies in one where plan `d` has work."""
    return f"""EXISTS (
        SELECT FROM agg_place p WHERE p.area = ANY(d.areas) AND p.place = {cell}.area_code
        UNION ALL SELECT FROM agg_place p WHERE p.area = {cell}.area_code AND p.place = ANY(d.areas))"""


def rebuild_all(municipality_code: str) -> int:
    """Every cell from its reports; returns how many rows differed from what was stored, gone ones included."""
    sql.execute(f"SET LOCAL work_mem = '{WORK_MEMORY}'")
    tree, facts = tree_of(municipality_code), current_facts(municipality_code)
    reported = OutcomeReport.objects.filter(municipality_code=municipality_code).order_by()
    areas, measures = (set(reported.values_list(column, flat=True).distinct()) for column in ("area_code", "measure"))
    subjects = {subject for fact in facts.values() for subject in subjects_of(fact)}
    _lay_out(tree, facts, strays=areas - set(tree.levels), subjects=subjects)
    for measure in (MEASURES[code] for code in sorted(measures)):
        _leaves(measure, municipality_code)
        sql.execute("ANALYZE agg_leaf (offering, area, kind)")
        for layer in range(_layers(tree)):
            sql.execute(_layer(measure), layer, layer)
        sql.execute("TRUNCATE agg_leaf")
    differing = _replace(municipality_code, "a.subject_kind = 'offering'")
    for code in sorted(measures):
        columns = ", ".join((*sql.KEY, *sql.VALUES))
        cells = _upper_cells(MEASURES[code], only_stale=False)
        sql.execute(f"INSERT INTO agg_fresh (municipality_code, {columns}) {cells}", *[municipality_code] * 2)
    return differing + _replace(municipality_code, "a.subject_kind <> 'offering'")


def _leaves(measure: Measure, municipality_code: str) -> None:
    """What each offering reported from each area, per period and wider period."""
    reports = f"""
        FROM monitoring_outcomereport r JOIN agg_member m ON m.offering = r.offering_code
         AND m.subject_kind = 'intervention'
        WHERE r.municipality_code = %s AND r.measure = '{measure.code}' AND {sql.counted(COUNTED)}"""
    head = "INSERT INTO agg_leaf SELECT r.offering_code, r.measure, r.area_code,"
    # a month, and a wave, holds nothing but its own report
    own = f"{head} r.period_kind, r.period_start, r.period_end, r.counts, 1"
    sql.execute(f"{own} {reports} AND r.period_kind NOT IN ('quarter', 'year', 'school-year')", municipality_code)
    for kind, narrower in sql.NARROWER.items():
        start = sql.START[kind].format(day="r.period_start")
        kinds = ", ".join(f"'{one}'" for one in (kind, *narrower))
        sql.execute(f"""
            {head} '{kind}', {start}, ({start} + interval '{sql.LENGTH[kind]}')::date,
            {sql.over_time(measure)}, count(*)
            {reports} AND r.period_kind IN ({kinds}) GROUP BY r.offering_code, r.measure, r.area_code, {start}
            """, municipality_code)  # fmt: skip


def _layer(measure: Measure) -> str:
    columns = ", ".join((*sql.KEY, *sql.VALUES))
    return f"""
        INSERT INTO agg_fresh ({columns})
        SELECT 'offering', t.offering, '{measure.code}', t.place, t.kind, t.first, m.organisation, t.until, t.counts,
               {sql.extremes(measure, "t.counts")}, t.reports, 1, 1
        FROM (
            SELECT offering, place, kind, first, until, {sql.total(measure, "counts")} AS counts,
                   sum(reports) AS reports
            FROM (
                SELECT l.offering, o.place, l.kind, l.first, l.until, l.counts, l.reports
                FROM agg_leaf l JOIN agg_own o ON o.area = l.area WHERE o.layer = %s
                UNION ALL
                SELECT f.subject_code, p.place, f.period_kind, f.period_start, f.period_end, f.counts, f.report_count
                FROM agg_fresh f JOIN agg_part p ON p.part = f.area_code
                WHERE p.layer = %s AND f.measure = '{measure.code}'
            ) v GROUP BY offering, place, kind, first, until
        ) t JOIN agg_member m ON m.offering = t.offering AND m.subject_kind = 'intervention'
    """


def _replace(municipality_code: str, which: str) -> int:
    """Make the stored cells of some kinds equal to agg_fresh; returns how many differed."""
    sql.execute("ANALYZE agg_fresh (subject_kind)")
    same = " AND ".join(f"f.{name} = a.{name}" for name in sql.KEY)
    gone = sql.execute(f"""
        DELETE FROM monitoring_aggregate a WHERE a.municipality_code = %s AND {which}
        AND NOT EXISTS (SELECT FROM agg_fresh f WHERE {same})""", municipality_code)  # fmt: skip
    columns = ", ".join(f"f.{name}" for name in (*sql.KEY, *sql.VALUES))
    in_order = ", ".join(f"f.{name}" for name in sql.KEY)  # so that the index grows in order too
    changed = sql.execute(sql.upsert(f"SELECT %s, {columns} FROM agg_fresh f ORDER BY {in_order}"), municipality_code)
    sql.execute("TRUNCATE agg_fresh")
    return gone + changed


def _lay_out(
    tree: AreaTree, facts: dict[str, OfferingFact], *, strays: Iterable[str], subjects: Collection[Subject]
) -> None:
    """Fill the working tables with the tree, who counts for what, and who is expected."""
    sql.prepare()
    stray = {UNKNOWN, *strays}
    layer = {place: block.layer for place, block in tree.blocks.items()}
    sql.fill("agg_place", [
        *((area, place, layer[place]) for area, above in tree.above.items() for place in above),
        *((area, tree.municipality, layer[tree.municipality]) for area in stray),
    ])  # fmt: skip
    own = {place: block.own | (stray if place == tree.municipality else set()) for place, block in tree.blocks.items()}
    sql.fill("agg_own", ((place, area, layer[place]) for place, areas in own.items() for area in areas))
    sql.fill("agg_part", ((place, p, block.layer) for place, block in tree.blocks.items() for p in block.parts))
    sql.fill("agg_member", (
        (*subject, code, fact.organisation_code)
        for code, fact in facts.items()
        for subject in subjects_of(fact) & set(subjects)
    ))  # fmt: skip
    sql.fill("agg_due", _due(facts))
    sql.execute("""INSERT INTO agg_local SELECT DISTINCT m.subject_kind, m.subject, m.offering
        FROM agg_member m JOIN agg_due d USING (offering) WHERE d.areas IS NOT NULL""")


def _due(facts: dict[str, OfferingFact]) -> Iterator[tuple[Any, ...]]:
    """Plans: where and when each offering is expected to deliver what. One query."""
    for plan in MeasurementPlan.objects.filter(offering_code__in=facts):
        fact = facts[plan.offering_code]
        ends = [day for day in (fact.ends_on, plan.valid_until) if day is not None]
        areas = None if fact.city_wide else fact.area_codes
        starts = max(fact.starts_on, plan.valid_from)
        yield plan.offering_code, plan.measure, areas, starts, min(ends, default=None)


def _layers(tree: AreaTree) -> int:
    return 1 + max(block.layer for block in tree.blocks.values())
