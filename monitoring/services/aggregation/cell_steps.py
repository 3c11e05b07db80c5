"""The steps from reports to cells, for a refresh as for a rebuild: they differ in what they read, and in a refresh each
step keeps to what is stale.

Statements take parameters by name: city, measure, its lowest and highest slot, and those that a function names.
"""

# ruff: noqa: S608 - see cell_sql
from collections.abc import Collection

from monitoring.measures import Measure
from monitoring.services.aggregation import cell_sql as sql
from monitoring.services.aggregation.lines import COUNTED

OF_CELL = "offering, node, slot"
AMONG_STALE = "JOIN agg_stale k ON k.offering = {0}.offering AND k.node = {1} AND k.slot = {2}"
WHERE_STALE = """JOIN (
        SELECT DISTINCT node, slot FROM agg_upper UNION SELECT DISTINCT 0, slot FROM agg_upper
    ) k ON k.node = d.place"""
IN_SLOT = "t.measure = {0}.measure AND t.kind = {0}.period_kind AND t.first = {0}.period_start"
ASKED = """JOIN agg_subject o ON o.subject = b.offering LEFT JOIN agg_asked w ON w.offering = b.offering
    AND w.slot = b.slot AND w.place = CASE WHEN o.everywhere THEN 0 ELSE b.node END"""


def read_reports(measure: Measure, source: str) -> str:
    """Fill agg_report. source: reports `r` with the subject `s` of their offering and the area `o` they are from."""
    counts, _pairs = sql.stored(measure, "r")
    return f"""
        INSERT INTO agg_report SELECT s.subject, o.node, t.slot, {", ".join(counts)}
        FROM {source} JOIN agg_slot t ON {IN_SLOT.format("r")}
        WHERE r.municipality_code = %(city)s AND r.measure = %(measure)s AND {sql.counted(COUNTED)}"""


def add_up_reports(measure: Measure, *, stale: bool = False) -> str:
    """Fill agg_batch with what each offering reported per own area, over each period and wider period."""
    counts, _pairs = sql.columns(measure, "r")
    among = AMONG_STALE.format("r", "r.node", "w.wide") if stale else ""
    reports = f"FROM agg_report r JOIN agg_wider w ON w.slot = r.slot {among}"
    return f"""
        INSERT INTO agg_batch ({OF_CELL}, reports, {sql.names(measure)})
        SELECT r.offering, r.node, r.slot, 1, {sql.alone(measure, "r")} {reports} WHERE w.alone
        UNION ALL
        SELECT r.offering, r.node, w.wide, count(*), {sql.over_time(measure, counts)} {reports}
        WHERE NOT w.alone GROUP BY r.offering, r.node, w.wide"""


def add_up_parts(measure: Measure, *, stale: bool = False) -> str:
    """Fill agg_batch with the cells of the places of one layer (parameter) from those of their parts."""
    among = AMONG_STALE.format("b", "p.place", "b.slot") if stale else ""
    return f"""
        INSERT INTO agg_batch ({OF_CELL}, reports, {sql.names(measure)})
        SELECT b.offering, p.place, b.slot, sum(b.reports), {sql.totals(measure, sql.columns(measure, "b"))}
        FROM agg_batch b JOIN agg_part p ON p.part = b.node {among}
        WHERE p.layer = %(layer)s GROUP BY b.offering, p.place, b.slot"""


def keep(measure: Measure, source: str) -> str:
    """Keep the cells `b` of offerings in agg_cell, for what they count for."""
    return f"""
        INSERT INTO agg_cell ({OF_CELL}, asked, reports, {sql.names(measure)})
        SELECT b.offering, b.node, b.slot, w.offering IS NOT NULL, b.reports, {sql.listed(measure, "b")}
        FROM {source} {ASKED} WHERE b.node > 0"""


def of_offerings(measure: Measure, source: str) -> str:
    """Cells of offerings as `told` wants them, from a table like agg_batch, in the order it has."""
    return f"""SELECT b.offering AS subject, b.node, b.slot, b.reports, 1 AS deliverers, 1 AS expected,
        {sql.listed(measure, "b")}
        FROM {source}"""


def of_upper(measure: Measure, among: str) -> str:
    """Cells of interventions, factors and goals, as `told` wants them, from those of their offerings.

    among: which cells `c` of offerings count for which subject (members `m`). Expected are the offerings that are
    asked, and those that delivered without being asked.
    """
    here = "{0}.subject = g.subject AND {0}.slot = g.slot"
    return f"""
        SELECT g.*, g.unasked + coalesce(e.offerings, 0) + coalesce(l.offerings, 0) AS expected
        FROM (
            SELECT m.subject, c.node, c.slot, sum(c.reports) AS reports, count(*) AS deliverers,
                   count(*) FILTER (WHERE NOT c.asked) AS unasked, {sql.totals(measure, sql.columns(measure, "c"))}
            FROM agg_cell c {among}
            WHERE c.slot BETWEEN %(lowest)s AND %(highest)s GROUP BY m.subject, c.node, c.slot
        ) g
        LEFT JOIN agg_expected e ON {here.format("e")} AND e.place = 0
        LEFT JOIN agg_expected l ON {here.format("l")} AND l.place = g.node AND l.place > 0
        ORDER BY g.subject, g.node, g.slot"""


def told(measure: Measure, cells: str) -> str:
    """Numbered cells in the columns of agg_fresh; those of no place are left out."""
    return f"""
        SELECT %(city)s, s.kind, s.code, '{measure.code}', a.code, t.kind, t.first, s.organisation, t.until,
               {sql.as_told(measure, "x")}, x.reports, x.deliverers, x.expected
        FROM ({cells}) x JOIN agg_subject s ON s.subject = x.subject JOIN agg_area a ON a.node = x.node
        JOIN agg_slot t ON t.slot = x.slot"""


def read_stored(measure: Measure) -> str:
    """A query of the stored cells of offerings that agg_need names: number, reports, counts, and sums of pairs.

    All periods of an offering and place are read at once, for they lie together.
    """
    values = [one for some in sql.stored(measure, "a") for one in some]
    named = ", ".join(f"{one} AS {name}" for one, name in zip(values, sql.names(measure).split(", "), strict=True))
    return f"""
        SELECT k.offering, k.node, k.slot, a.report_count AS reports, {named}
        FROM (
            SELECT n.offering, n.node, array_agg(DISTINCT t.first) AS starts
            FROM agg_need n JOIN agg_slot t USING (slot) GROUP BY n.offering, n.node
        ) n JOIN agg_subject s ON s.subject = n.offering JOIN agg_area p ON p.node = n.node
        CROSS JOIN LATERAL (
            SELECT * FROM monitoring_aggregate WHERE municipality_code = %(city)s AND subject_code = s.code
             AND area_code = p.code AND period_start = ANY (n.starts) AND measure = %(measure)s
             AND subject_kind = 'offering' OFFSET 0
        ) a
        JOIN agg_slot t ON {IN_SLOT.format("a")}
        JOIN agg_need k ON k.offering = n.offering AND k.node = n.node AND k.slot = t.slot"""


def ask(offerings: Collection[int] | None = None) -> None:
    """Fill agg_asked: who is expected to deliver, for who works there then, with a plan for it.

    offerings: these, anywhere and over all periods; None: all of them, for what is stale.
    """
    sql.empty("agg_asked")
    narrowed, then = (WHERE_STALE, "AND t.slot = k.slot") if offerings is None else ("", "")
    sql.execute(
        f"""
        INSERT INTO agg_asked SELECT DISTINCT d.offering, t.slot, d.place
        FROM agg_due d {narrowed} JOIN agg_slot t ON t.measure = d.measure {then}
         AND d.starts < t.until AND (d.ends IS NULL OR d.ends > t.first)
        WHERE %(all)s OR d.offering = ANY (%(offerings)s)""",
        all=offerings is None,
        offerings=offerings or [],
    )
    sql.execute("ANALYZE agg_asked")


def expect(members: str) -> None:
    """Fill agg_expected: how many are asked of each subject in a table like agg_member."""
    sql.empty("agg_expected")
    sql.execute(f"""
        INSERT INTO agg_expected SELECT m.subject, w.slot, w.place, count(*)
        FROM agg_asked w JOIN {members} m USING (offering) GROUP BY m.subject, w.slot, w.place""")
    sql.execute("ANALYZE agg_expected")
