"""Computing the working cells that marks touch, in sets (monitoring/aggregation.py; all of them: cell_rebuild.py).

A cell of an offering is made of reports from the areas that its place takes in itself and of the cells of the places
below it, layer by layer; cells of interventions, factors and goals are made of those of their offerings. Call these
functions in a transaction that holds the municipality's lock.
"""

# ruff: noqa: S608 - see cell_sql
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from monitoring.aggregation import UNKNOWN
from monitoring.completeness import CALENDAR
from monitoring.measures import MEASURES, Measure
from monitoring.models import Aggregate, OfferingFact
from monitoring.periods import inside, wider
from monitoring.services.aggregation import cell_sql as sql
from monitoring.services.aggregation import cell_steps as steps
from monitoring.services.aggregation.cell_numbers import Numbers, Slot, subjects_of
from monitoring.services.aggregation.lines import current_facts
from monitoring.services.geography.area_tree import tree_of

WRITING, READING = 1.5, 0.7
"""What it costs to write a stale cell, and to read one of an offering for another, beside a cell of a rebuild of a city
that has cells (bench/aggregates.py)."""
LOOKED_AT = 2000
"""Of how many marks it is worked out what they touch before it is decided between refresh and rebuild."""
Mark = tuple[str, str, str, str, date]  # offering, measure, area, period kind and start
MADE_OF_REPORTS = """(
        SELECT k.offering, k.node, min(t.first) AS first, max(t.until) AS until
        FROM agg_stale k JOIN agg_slot t USING (slot)
        WHERE k.layer = 0 AND t.measure = %(measure)s GROUP BY k.offering, k.node
    ) n JOIN agg_subject s ON s.subject = n.offering JOIN agg_own o ON o.node = n.node
    CROSS JOIN LATERAL (
        SELECT * FROM monitoring_outcomereport
        WHERE offering_code = s.code AND measure = %(measure)s AND area_code = o.code
         AND period_start >= n.first AND period_start < n.until OFFSET 0
    ) r"""
OF_STALE = "agg_batch b WHERE NOT b.stored ORDER BY b.offering, b.node, b.slot"
OF_UPPER = """JOIN agg_member m USING (offering)
    JOIN agg_upper k ON k.subject = m.subject AND k.node = c.node AND k.slot = c.slot"""


def recompute(municipality_code: str, marks: Collection[Mark], *, waiting: int | None = None) -> bool:
    """The cells that the marked reports count in, and no others.

    waiting: how many marks there are, these included. False, and nothing done: with so many a rebuild is faster.
    """
    facts = current_facts(municipality_code)
    part = 1 if waiting is None else len(marks) / waiting
    marks = list(dict.fromkeys(mark for mark in marks if mark[0] in facts))
    if not marks:
        return True
    numbers = _numbers(municipality_code, facts, marks)
    numbers.lay_out()
    looked_at = marks[:LOOKED_AT]
    cost = WRITING * _find_stale(numbers, looked_at) + READING * sql.count("agg_upper JOIN agg_member USING (subject)")
    if waiting is not None and not _more_cells(municipality_code, int(cost * len(marks) / len(looked_at) / part)):
        return False
    if len(looked_at) < len(marks):
        sql.empty("agg_mark", "agg_touch", "agg_stale", "agg_upper")
        _find_stale(numbers, marks)
    codes = sorted({mark[1] for mark in marks})
    among = {MEASURES[code]: {"city": municipality_code, **numbers.within(code)} for code in codes}
    gone = {measure: _compute_of_offerings(measure, numbers.layers, asked) for measure, asked in among.items()}
    sql.fill("agg_due", numbers.ask_for(codes))
    steps.ask()
    steps.expect("agg_member")
    for measure, asked in among.items():
        _compute_upper(measure, asked, some_gone=gone[measure] > 0)
    return True


def _numbers(municipality_code: str, facts: dict[str, OfferingFact], marks: Collection[Mark]) -> Numbers:
    """For the cells that the marks touch, and all that these are made of."""
    tree = tree_of(municipality_code)
    touched = {subject for code in {mark[0] for mark in marks} for subject in subjects_of(facts[code])}
    near = {code: fact for code, fact in facts.items() if not touched.isdisjoint(subjects_of(fact))}
    members = {one: [code for code, fact in near.items() if one in subjects_of(fact)] for one in touched}
    slots: set[Slot] = set()
    for measure, kind, start in {(mark[1], mark[3], mark[4]) for mark in marks}:
        period = CALENDAR[kind](start)
        slots |= {(measure, part) for wide in (period, *wider(period)) for part in inside(wide)}
    areas = {mark[2] for mark in marks}
    places = {place for area in areas for place in tree.places(area)}
    return Numbers(tree, near, members, slots, places, strays={UNKNOWN, *areas} - set(tree.levels))


def _find_stale(numbers: Numbers, marks: Collection[Mark]) -> int:
    """Fill agg_stale and agg_upper; returns how many cells these are."""
    sql.fill("agg_mark", (
        (numbers.subject["offering", offering], numbers.node(area), numbers.slot[measure, CALENDAR[kind](start)])
        for offering, measure, area, kind, start in marks
    ))  # fmt: skip
    sql.fill("agg_touch", (
        (numbers.node(area), numbers.place[place], numbers.layer(place))
        for area in {mark[2] for mark in marks} for place in numbers.tree.places(area)
    ))  # fmt: skip
    sql.execute("ANALYZE agg_mark, agg_touch")
    stale = sql.execute("""
        INSERT INTO agg_stale SELECT DISTINCT m.offering, t.place, w.wide, t.layer
        FROM agg_mark m JOIN agg_touch t USING (node) JOIN agg_wider w USING (slot)""")
    stale += sql.execute("""
        INSERT INTO agg_upper SELECT DISTINCT m.subject, k.node, k.slot
        FROM agg_stale k JOIN agg_member m USING (offering)""")
    # what a place takes in itself is not stored, so it is always computed
    sql.execute("""
        INSERT INTO agg_stale SELECT DISTINCT k.offering, p.part, k.slot, 0
        FROM agg_stale k JOIN agg_part p ON p.place = k.node WHERE p.part < 0""")
    sql.execute("ANALYZE agg_stale, agg_upper")
    return stale


def _more_cells(municipality_code: str, than: int) -> bool:
    """Whether the city has more cells than that; looks at no more of them than needed."""
    stored = Aggregate.objects.filter(municipality_code=municipality_code).order_by()
    return stored[than : than + 1].exists()


def _compute_of_offerings(measure: Measure, layers: Iterable[int], asked: dict[str, Any]) -> int:
    """Write the stale cells of offerings; returns how many there are no reports for any more."""
    sql.empty("agg_report", "agg_batch", "agg_need")
    sql.execute(steps.read_reports(measure, MADE_OF_REPORTS), **asked)
    sql.execute(steps.add_up_reports(measure, stale=True))
    sql.execute(
        """
        INSERT INTO agg_need SELECT DISTINCT k.offering, p.part, k.slot
        FROM agg_stale k JOIN agg_part p ON p.place = k.node
        WHERE p.part > 0 AND k.slot BETWEEN %(lowest)s AND %(highest)s AND NOT EXISTS (
            SELECT FROM agg_stale o WHERE o.offering = k.offering AND o.node = p.part AND o.slot = k.slot)""",
        **asked,
    )
    sql.execute("ANALYZE agg_need")
    sql.execute(f"""INSERT INTO agg_batch ({steps.OF_CELL}, stored, reports, {sql.names(measure)})
        SELECT b.offering, b.node, b.slot, true, b.reports, {sql.listed(measure, "b")}
        FROM ({steps.read_stored(measure)}) b""", **asked)  # fmt: skip
    for layer in layers:
        sql.execute(steps.add_up_parts(measure, stale=True), layer=layer)
    sql.execute(sql.upsert(steps.told(measure, steps.of_offerings(measure, OF_STALE))), **asked)
    return _drop_empty("agg_stale", "offering", "agg_batch", asked)


def _compute_upper(measure: Measure, asked: dict[str, Any], *, some_gone: bool) -> None:
    """Write the stale cells of interventions, factors and goals."""
    sql.empty("agg_need", "agg_cell")
    sql.execute(
        """
        INSERT INTO agg_need SELECT DISTINCT m.offering, k.node, k.slot
        FROM agg_upper k JOIN agg_member m USING (subject)
        WHERE k.slot BETWEEN %(lowest)s AND %(highest)s""",
        **asked,
    )
    sql.execute("ANALYZE agg_need")
    sql.execute(steps.keep(measure, f"({steps.read_stored(measure)}) b"), **asked)
    sql.execute("ANALYZE agg_cell (offering, node, slot)")
    sql.execute(sql.upsert(steps.told(measure, steps.of_upper(measure, OF_UPPER))), **asked)
    if some_gone:
        made = "(SELECT m.subject, c.node, c.slot FROM agg_cell c JOIN agg_member m USING (offering))"
        _drop_empty("agg_upper", "subject", made, asked)


def _drop_empty(stale: str, subject: str, made: str, asked: dict[str, Any]) -> int:
    """Drop the cells that are stale but were not made, as no report is left for them; returns how many."""
    sql.empty("agg_need")
    gone = sql.execute(
        f"""
        INSERT INTO agg_need SELECT k.{subject}, k.node, k.slot FROM {stale} k
        WHERE k.node > 0 AND k.slot BETWEEN %(lowest)s AND %(highest)s AND NOT EXISTS (
            SELECT FROM {made} b WHERE b.{subject} = k.{subject} AND b.node = k.node AND b.slot = k.slot)""",
        **asked,
    )
    if gone:
        sql.execute("SET LOCAL enable_nestloop = on")  # look up these few
        sql.execute(
            """
            DELETE FROM monitoring_aggregate a USING agg_need n JOIN agg_subject s ON s.subject = n.offering
             JOIN agg_area p ON p.node = n.node JOIN agg_slot t ON t.slot = n.slot
            WHERE a.municipality_code = %(city)s
             AND (a.subject_kind, a.subject_code, a.measure, a.area_code, a.period_kind, a.period_start)
               = (s.kind, s.code, t.measure, p.code, t.kind, t.first)""",
            **asked,
        )
        sql.execute("SET LOCAL enable_nestloop = off")
    return gone
