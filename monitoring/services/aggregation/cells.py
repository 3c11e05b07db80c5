"""Computing the working cells that marks touch, in sets (monitoring/aggregation.py; all of them: cell_rebuild.py).

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
from monitoring.models import Aggregate, MeasurementPlan, OfferingFact
from monitoring.periods import month_of, quarter_of, school_year_of, year_of
from monitoring.services.aggregation import cell_sql as sql
from monitoring.services.aggregation.lines import COUNTED, current_facts
from monitoring.services.geography.area_tree import AreaTree, tree_of

PERIOD_OF = {"month": month_of, "quarter": quarter_of, "year": year_of, "school-year": school_year_of}
WORK_MEMORY = "128MB"
DEARER = 5
"""How much more a stale cell costs than one of a rebuild, which groups and hashes (bench/aggregates.py)."""
Mark = tuple[str, str, str, str, date]  # offering, measure, area, period kind and start
Subject = tuple[str, str]  # kind and code
OF_STALE = """agg_upper u JOIN agg_member m USING (subject_kind, subject)
    JOIN monitoring_aggregate a ON a.municipality_code = %s AND a.subject_kind = 'offering'
     AND a.subject_code = m.offering AND a.measure = u.measure
     AND a.area_code = u.area AND a.period_kind = u.kind AND a.period_start = u.first"""


def subjects_of(fact: OfferingFact) -> set[Subject]:
    """What an offering counts for besides itself. A goal is known by the domain it stands for."""
    found = {("intervention", fact.intervention_code)}
    found |= {("factor", code) for code in fact.factor_codes}
    return found | {("goal", code) for code in fact.domain_codes}


def recompute(municipality_code: str, marks: Collection[Mark], *, waiting: int | None = None) -> bool:
    """The cells that the marked reports count in, and no others.

    waiting: how many marks there are, these included. False, and nothing done: with so many a rebuild is faster.
    """
    facts = current_facts(municipality_code)
    part = 1 if waiting is None else len(marks) / waiting
    marks = {mark for mark in marks if mark[0] in facts}
    if not marks:
        return True
    sql.execute(f"SET LOCAL work_mem = '{WORK_MEMORY}'")
    sql.execute("SET LOCAL random_page_cost = 1.1")  # look cells up, rather than read all of a city's
    tree, offerings = tree_of(municipality_code), {mark[0] for mark in marks}
    touched = {subject for code in offerings for subject in subjects_of(facts[code])}
    near = {code: fact for code, fact in facts.items() if not touched.isdisjoint(subjects_of(fact))}
    strays, measured = {mark[2] for mark in marks} - set(tree.levels), {mark[1] for mark in marks}
    lay_out(tree, near, strays=strays, subjects=touched, measures=measured)
    sql.fill("agg_mark", ((*mark, PERIOD_OF[mark[3]](mark[4]).end) for mark in marks))
    stale = sql.execute(f"""
        INSERT INTO agg_stale SELECT DISTINCT m.offering, m.measure, p.place, c.kind, c.first, c.until, p.layer
        FROM agg_mark m JOIN agg_place p ON p.area = m.area
        CROSS JOIN LATERAL ({sql.wider_periods("m.kind", "m.first", "m.until")}) c""")  # fmt: skip
    stale += sql.execute("""
        INSERT INTO agg_upper SELECT DISTINCT m.subject_kind, m.subject, s.measure, s.area, s.kind, s.first, s.until
        FROM agg_stale s JOIN agg_member m ON m.offering = s.offering""")  # fmt: skip
    if waiting is not None and not _more_cells(municipality_code, int(DEARER * stale / part)):
        return False
    sql.execute("ANALYZE agg_stale, agg_upper")
    measures = [MEASURES[code] for code in sorted(measured)]
    for layer in range(layers(tree)):
        for measure in measures:
            sql.execute(sql.upsert(_stale_cells(measure)), municipality_code, *[municipality_code] * 2, layer)
    sql.execute("INSERT INTO agg_period SELECT DISTINCT measure, kind, first, area, until FROM agg_upper")
    ask()
    for measure in measures:
        sql.execute(sql.upsert(upper_cells(measure, OF_STALE, sql.stored(measure, "a"))), *[municipality_code] * 2)
    if _some_left():
        _drop_empty(municipality_code)
    return True


def _more_cells(municipality_code: str, than: int) -> bool:
    """Whether the city has more cells than that; looks at no more of them than needed."""
    stored = Aggregate.objects.filter(municipality_code=municipality_code).order_by()
    return stored[than : than + 1].exists()


def _some_left() -> bool:
    """Whether a marked report is gone or no longer counts; only that empties cells."""
    return sql.execute(f"""
        SELECT FROM agg_mark m WHERE NOT EXISTS (
            SELECT FROM monitoring_outcomereport r WHERE r.offering_code = m.offering AND r.measure = m.measure
            AND r.area_code = m.area AND r.period_start = m.first AND r.period_kind = m.kind AND {sql.counted(COUNTED)}
        ) LIMIT 1""") > 0  # fmt: skip


def _drop_empty(municipality_code: str) -> None:
    for table, subject in (("agg_stale", "'offering', s.offering"), ("agg_upper", "s.subject_kind, s.subject")):
        sql.execute(f"""
            DELETE FROM monitoring_aggregate a USING {table} s WHERE a.municipality_code = %s AND a.report_count = 0
            AND (a.subject_kind, a.subject_code, a.measure, a.area_code, a.period_kind, a.period_start)
              = ({subject}, s.measure, s.area, s.kind, s.first)""", municipality_code)  # fmt: skip


def _stale_cells(measure: Measure) -> str:
    """Cells of offerings in one layer; one without any report left has report_count 0."""
    reported, below = sql.stored(measure, "r")[0], ", ".join(one for some in sql.stored(measure, "a") for one in some)
    return f"""
        SELECT %s, 'offering', s.offering, s.measure, s.area, s.kind, s.first, m.organisation, s.until,
               {sql.as_told(measure, "t")}, t.reports, 1, 1
        FROM agg_stale s JOIN agg_member m ON m.offering = s.offering AND m.subject_kind = 'intervention'
        CROSS JOIN LATERAL (
            SELECT {sql.totals(measure, sql.columns(measure, "v"))}, coalesce(sum(v.reports), 0) AS reports FROM (
                SELECT {sql.over_time(measure, reported)}, count(*) AS reports
                FROM agg_own o JOIN monitoring_outcomereport r ON r.area_code = o.area
                WHERE o.place = s.area AND r.municipality_code = %s AND r.offering_code = s.offering
                  AND r.measure = s.measure AND r.period_start >= s.first AND r.period_end <= s.until
                  AND {sql.counts_in("s.kind", "s.first")} AND {sql.counted(COUNTED)}
                GROUP BY r.area_code
                UNION ALL
                SELECT {below}, a.report_count FROM agg_part p JOIN monitoring_aggregate a ON a.area_code = p.part
                WHERE p.place = s.area AND a.municipality_code = %s AND a.subject_kind = 'offering'
                  AND a.subject_code = s.offering AND a.measure = s.measure AND a.period_kind = s.kind
                  AND a.period_start = s.first
            ) v
        ) t
        WHERE s.measure = '{measure.code}' AND s.layer = %s
    """


def ask() -> None:
    """Who is expected to deliver at the places and periods of agg_period: who works there then, with a plan for it."""
    sql.execute("INSERT INTO agg_period SELECT DISTINCT measure, kind, first, '', until FROM agg_period")
    sql.execute("ANALYZE agg_period")
    sql.execute("""
        INSERT INTO agg_asked SELECT DISTINCT d.offering, d.measure, p.kind, p.first, d.place
        FROM agg_due d JOIN agg_period p ON p.measure = d.measure AND p.place = d.place
         AND d.starts < p.until AND (d.ends IS NULL OR d.ends > p.first)""")
    sql.execute("""
        INSERT INTO agg_expected SELECT m.subject_kind, m.subject, w.measure, w.kind, w.first, w.place, count(*)
        FROM agg_asked w JOIN agg_member m USING (offering)
        GROUP BY m.subject_kind, m.subject, w.measure, w.kind, w.first, w.place""")
    sql.execute("ANALYZE agg_asked, agg_expected")


def upper_cells(measure: Measure, offerings: str, values: tuple[list[str], list[str]]) -> str:
    """Cells of interventions, factors and goals from those of their offerings.

    offerings: cells `a` of offerings, each with a member `m` it counts for; values: their counts and pairs. Expected
    are the offerings that are asked, and those that delivered without being asked.
    """
    expected = "e.subject_kind = g.subject_kind AND e.subject = g.subject AND e.kind = g.kind AND e.first = g.first"
    return f"""
        SELECT %s, g.subject_kind, g.subject, '{measure.code}', g.area, g.kind, g.first, '', g.until,
               {sql.as_told(measure, "g")}, g.reports, g.deliverers,
               g.unasked + coalesce(e.offerings, 0) + coalesce(l.offerings, 0)
        FROM (
            SELECT m.subject_kind, m.subject, a.area_code AS area, a.period_kind AS kind, a.period_start AS first,
                   max(a.period_end) AS until, {sql.totals(measure, values)},
                   sum(a.report_count) AS reports, count(*) FILTER (WHERE a.report_count > 0) AS deliverers,
                   count(*) FILTER (WHERE a.report_count > 0 AND w.offering IS NULL) AS unasked
            FROM {offerings}
            LEFT JOIN agg_asked w ON w.offering = a.subject_code AND w.measure = '{measure.code}'
             AND w.kind = a.period_kind AND w.first = a.period_start
             AND w.place = CASE WHEN m.everywhere THEN '' ELSE a.area_code END
            WHERE a.measure = '{measure.code}'
            GROUP BY m.subject_kind, m.subject, a.area_code, a.period_kind, a.period_start
        ) g
        LEFT JOIN agg_expected e ON {expected} AND e.measure = '{measure.code}' AND e.place = ''
        LEFT JOIN agg_expected l ON {expected.replace("e.", "l.")} AND l.measure = '{measure.code}' AND l.place = g.area
    """


def lay_out(
    tree: AreaTree,
    facts: dict[str, OfferingFact],
    *,
    strays: Iterable[str],
    subjects: Collection[Subject],
    measures: Collection[str],
) -> None:
    """Fill the working tables with the tree, who counts for what, and whose plans ask for it."""
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
        (*subject, code, fact.organisation_code, fact.city_wide)
        for code, fact in facts.items()
        for subject in subjects_of(fact) & set(subjects)
    ))  # fmt: skip
    sql.fill("agg_due", _due(facts, tree, measures))


def _due(facts: dict[str, OfferingFact], tree: AreaTree, measures: Collection[str]) -> Iterator[tuple[Any, ...]]:
    """Plans: where and when each offering is expected to deliver what. One query."""
    places = {code: [""] if fact.city_wide else tree.around(fact.area_codes) for code, fact in facts.items()}
    for plan in MeasurementPlan.objects.filter(offering_code__in=facts, measure__in=measures):
        fact = facts[plan.offering_code]
        ends = min((day for day in (fact.ends_on, plan.valid_until) if day is not None), default=None)
        starts = max(fact.starts_on, plan.valid_from)
        yield from ((plan.offering_code, plan.measure, place, starts, ends) for place in places[plan.offering_code])


def layers(tree: AreaTree) -> int:
    return 1 + max(block.layer for block in tree.blocks.values())
