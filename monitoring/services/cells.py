"""Computing working cells in sets: those that marks touch, or all of a municipality (monitoring/aggregation.py).

A cell of an offering is made of reports from the areas that its place takes in itself and of the cells of the places
below it, layer by layer; cells of interventions, factors and goals are made of those of their offerings. Call these
functions in a transaction that holds the municipality's lock.
"""

# ruff: noqa: S608 - see cell_sql
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count

from monitoring.aggregation import UNKNOWN
from monitoring.measures import MEASURES, Measure
from monitoring.models import Aggregate, MeasurementPlan, OfferingFact, OutcomeReport
from monitoring.periods import month_of, quarter_of, school_year_of, year_of
from monitoring.services import cell_sql as sql
from monitoring.services.area_tree import AreaTree, tree_of
from monitoring.services.lines import COUNTED, current_facts

PERIOD_OF = {"month": month_of, "quarter": quarter_of, "year": year_of, "school-year": school_year_of}
WORK_MEMORY, REPORTS_AT_ONCE = "128MB", 50_000  # so that cells are grouped and sorted without the disk
DEARER = 4
"""How much more a stale cell costs than one of a rebuild, which groups and hashes (bench/aggregates.py)."""
Mark = tuple[str, str, str, str, date]  # offering, measure, area, period kind and start
Subject = tuple[str, str]  # kind and code
Thing = TypeVar("Thing")
OF_CHOSEN = """agg_chosen c JOIN agg_member m USING (subject_kind, subject)
    JOIN monitoring_aggregate a ON a.subject_code = m.offering
     AND a.municipality_code = %s AND a.subject_code = ANY(%s)"""
OF_STALE = """agg_upper u JOIN agg_member m USING (subject_kind, subject)
    JOIN monitoring_aggregate a ON a.municipality_code = %s AND a.subject_code = m.offering AND a.measure = u.measure
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
    _lay_out(tree, near, strays=strays, subjects=touched, measures=measured)
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
    for layer in range(_layers(tree)):
        for measure in measures:
            sql.execute(sql.upsert(_stale_cells(measure)), municipality_code, *[municipality_code] * 2, layer)
    sql.execute("INSERT INTO agg_period SELECT DISTINCT measure, kind, first, area, until FROM agg_upper")
    _ask()
    for measure in measures:
        sql.execute(sql.upsert(_upper_cells(measure, OF_STALE)), *[municipality_code] * 2)
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
    return f"""
        SELECT %s, 'offering', s.offering, s.measure, s.area, s.kind, s.first, m.organisation, s.until, t.counts,
               {sql.apart(measure, "t.paired", "t.counts")}, {sql.extremes(measure, "t.counts")}, t.reports, 1, 1
        FROM agg_stale s JOIN agg_member m ON m.offering = s.offering AND m.subject_kind = 'intervention'
        CROSS JOIN LATERAL (
            SELECT {sql.total(measure, "v.counts")} AS counts,
                   {sql.paired_total(measure, "v.counts", "v.paired")} AS paired,
                   coalesce(sum(v.reports), 0) AS reports
            FROM (
                SELECT {sql.over_time(measure)} AS counts, {sql.paired_over_time(measure)} AS paired,
                       count(*) AS reports
                FROM agg_own o JOIN monitoring_outcomereport r ON r.area_code = o.area
                WHERE o.place = s.area AND r.municipality_code = %s AND r.offering_code = s.offering
                  AND r.measure = s.measure AND r.period_start >= s.first AND r.period_end <= s.until
                  AND {sql.counts_in("s.kind", "s.first")} AND {sql.counted(COUNTED)}
                GROUP BY r.area_code
                UNION ALL
                SELECT a.counts, a.paired, a.report_count
                FROM agg_part p JOIN monitoring_aggregate a ON a.area_code = p.part
                WHERE p.place = s.area AND a.municipality_code = %s AND a.subject_kind = 'offering'
                  AND a.subject_code = s.offering AND a.measure = s.measure AND a.period_kind = s.kind
                  AND a.period_start = s.first
            ) v
        ) t
        WHERE s.measure = '{measure.code}' AND s.layer = %s
    """


def _ask() -> None:
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


def _upper_cells(measure: Measure, offerings: str) -> str:
    """Cells of interventions, factors and goals from those of their offerings.

    offerings: cells `a` of offerings, each with a member `m` it counts for. Expected are the offerings that are asked,
    and those that delivered without being asked.
    """
    expected = "e.subject_kind = g.subject_kind AND e.subject = g.subject AND e.kind = g.kind AND e.first = g.first"
    return f"""
        SELECT %s, g.subject_kind, g.subject, '{measure.code}', g.area, g.kind, g.first, '', g.until, g.counts,
               {sql.apart(measure, "g.paired", "g.counts")}, {sql.extremes(measure, "g.counts")}, g.reports,
               g.deliverers, g.unasked + coalesce(e.offerings, 0) + coalesce(l.offerings, 0)
        FROM (
            SELECT m.subject_kind, m.subject, a.area_code AS area, a.period_kind AS kind, a.period_start AS first,
                   max(a.period_end) AS until, {sql.total(measure, "a.counts")} AS counts,
                   {sql.paired_total(measure, "a.counts", "a.paired")} AS paired,
                   sum(a.report_count) AS reports, count(*) FILTER (WHERE a.report_count > 0) AS deliverers,
                   count(*) FILTER (WHERE a.report_count > 0 AND w.offering IS NULL) AS unasked
            FROM {offerings}
            LEFT JOIN agg_asked w ON w.offering = a.subject_code AND w.measure = '{measure.code}'
             AND w.kind = a.period_kind AND w.first = a.period_start
             AND w.place = CASE WHEN m.everywhere THEN '' ELSE a.area_code END
            WHERE a.subject_kind = 'offering' AND a.measure = '{measure.code}'
            GROUP BY m.subject_kind, m.subject, a.area_code, a.period_kind, a.period_start
        ) g
        LEFT JOIN agg_expected e ON {expected} AND e.measure = '{measure.code}' AND e.place = ''
        LEFT JOIN agg_expected l ON {expected.replace("e.", "l.")} AND l.measure = '{measure.code}' AND l.place = g.area
    """


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
    _lay_out(tree, facts, strays=areas - set(tree.levels), subjects=members, measures=measures)
    differing = _drop_others(municipality_code, [*(("offering", code) for code in facts), *members], measures)
    chosen = [MEASURES[code] for code in sorted(measures)]
    for batch in _batches({code: counted.get(code, 0) for code in facts}):
        _offering_cells(municipality_code, batch, chosen, layers=_layers(tree))
        differing += _replace(municipality_code, [("offering", code) for code in batch])
    _ask()
    for some in _batches({subject: sum(counted.get(code, 0) for code in members[subject]) for subject in members}):
        sql.fill("agg_chosen", some)
        offerings = sorted({code for subject in some for code in members[subject]})
        for measure in chosen:
            cells = _upper_cells(measure, OF_CHOSEN)
            sql.execute(f"INSERT INTO agg_fresh {cells}", *[municipality_code] * 2, offerings)
        differing += _replace(municipality_code, some)
        sql.execute("TRUNCATE agg_chosen")
    return differing


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


def _offering_cells(municipality_code: str, offerings: list[str], measures: Iterable[Measure], *, layers: int) -> None:
    """Fill agg_fresh with the cells of these offerings, and note their periods."""
    for measure in measures:
        _leaves(measure, municipality_code, offerings)
        sql.execute("ANALYZE agg_leaf (offering, area, kind)")
        for layer in range(layers):
            sql.execute(_layer(measure), municipality_code, layer, layer)
        sql.execute("TRUNCATE agg_leaf")
    sql.execute("ANALYZE agg_fresh (subject_code, area_code, period_start)")
    sql.execute("""
        INSERT INTO agg_period SELECT measure, period_kind, period_start, area_code, period_end FROM agg_fresh
        EXCEPT SELECT measure, kind, first, place, until FROM agg_period""")


def _leaves(measure: Measure, municipality_code: str, offerings: list[str]) -> None:
    """What each of the offerings reported from each area, per period and wider period."""
    reports = f"""
        FROM monitoring_outcomereport r WHERE r.municipality_code = %s AND r.offering_code = ANY(%s)
         AND r.measure = '{measure.code}' AND {sql.counted(COUNTED)}"""
    head = "INSERT INTO agg_leaf SELECT r.offering_code, r.measure, r.area_code,"
    # a month, and a wave, holds nothing but its own report
    own = f"{head} r.period_kind, r.period_start, r.period_end, r.counts, NULL, 1"
    asked = municipality_code, offerings
    sql.execute(f"{own} {reports} AND r.period_kind NOT IN ('quarter', 'year', 'school-year')", *asked)
    for kind, narrower in sql.NARROWER.items():
        start = sql.START[kind].format(day="r.period_start")
        kinds = ", ".join(f"'{one}'" for one in (kind, *narrower))
        sql.execute(f"""
            {head} '{kind}', {start}, ({start} + interval '{sql.LENGTH[kind]}')::date,
            {sql.over_time(measure)}, {sql.paired_over_time(measure)}, count(*)
            {reports} AND r.period_kind IN ({kinds}) GROUP BY r.offering_code, r.measure, r.area_code, {start}
            """, *asked)  # fmt: skip


def _layer(measure: Measure) -> str:
    return f"""
        INSERT INTO agg_fresh
        SELECT %s, 'offering', t.offering, '{measure.code}', t.place, t.kind, t.first, m.organisation, t.until,
               t.counts, {sql.apart(measure, "t.paired", "t.counts")}, {sql.extremes(measure, "t.counts")},
               t.reports, 1, 1
        FROM (
            SELECT offering, place, kind, first, max(until) AS until, {sql.total(measure, "counts")} AS counts,
                   {sql.paired_total(measure, "counts", "paired")} AS paired, sum(reports) AS reports
            FROM (
                SELECT l.offering, o.place, l.kind, l.first, l.until, l.counts, l.paired, l.reports
                FROM agg_leaf l JOIN agg_own o ON o.area = l.area WHERE o.layer = %s
                UNION ALL
                SELECT f.subject_code, p.place, f.period_kind, f.period_start, f.period_end, f.counts, f.paired,
                       f.report_count
                FROM agg_fresh f JOIN agg_part p ON p.part = f.area_code
                WHERE p.layer = %s AND f.measure = '{measure.code}'
            ) v GROUP BY offering, place, kind, first
        ) t JOIN agg_member m ON m.offering = t.offering AND m.subject_kind = 'intervention'
    """


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
    differing += sql.execute(
        f"""
        UPDATE monitoring_aggregate a SET {", ".join(f"{name} = f.{name}" for name in sql.VALUES)}
        FROM agg_fresh f WHERE {stored} AND {same} AND ({old}) IS DISTINCT FROM ({new})""",
        municipality_code,
        codes,
    )
    columns = ", ".join(("municipality_code", *sql.KEY, *sql.VALUES))
    in_order = ", ".join(sql.INDEXED)  # so that the index grows in order too
    differing += sql.execute(f"""
        INSERT INTO monitoring_aggregate ({columns}) SELECT {columns} FROM agg_fresh f
        WHERE NOT EXISTS (SELECT FROM monitoring_aggregate a WHERE {stored} AND {same}) ORDER BY {in_order}
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


def _lay_out(
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


def _layers(tree: AreaTree) -> int:
    return 1 + max(block.layer for block in tree.blocks.values())
