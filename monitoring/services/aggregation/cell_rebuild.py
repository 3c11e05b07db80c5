"""Computing all working cells of a municipality from its reports (monitoring/aggregation.py, docs/adr/0019, 0025).

In batches of offerings, and then of what is added up from these, so that what is grouped fits in memory. Call it in a
transaction that holds the municipality's lock.
"""

# ruff: noqa: S608 - see cell_sql
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import connections

from monitoring.completeness import CALENDAR
from monitoring.measures import MEASURES, Measure
from monitoring.models import Aggregate
from monitoring.periods import wider
from monitoring.services.aggregation import cell_sql as sql
from monitoring.services.aggregation import cell_steps as steps
from monitoring.services.aggregation.cell_numbers import Numbers, Slot, Subject, subjects_of
from monitoring.services.aggregation.lines import current_facts
from monitoring.services.geography.area_tree import tree_of

REPORTS_AT_ONCE = 50_000
Thing = TypeVar("Thing")
OF_BATCH = """monitoring_outcomereport r JOIN agg_subject s ON s.code = r.offering_code AND s.kind = 'offering'
    AND r.offering_code = ANY (%(offerings)s) JOIN agg_own o ON o.code = r.area_code"""
OF_CHOSEN = "JOIN agg_chosen m ON m.offering = c.offering AND c.offering = ANY (%(offerings)s)"
Asked = dict[Measure, dict[str, Any]]  # parameters of the statements of each measure


def rebuild_all(municipality_code: str) -> int:
    """Every cell from its reports; returns how many rows differed from what was stored, gone ones included."""
    reported = _reported(municipality_code)
    numbers = _numbers(municipality_code, reported)
    numbers.lay_out()
    sql.fill("agg_due", numbers.ask_for(reported.measures))
    asked = {MEASURES[code]: {"city": municipality_code, **numbers.within(code)} for code in reported.measures}
    store = _Store(municipality_code)
    differing = _drop_others(municipality_code, list(numbers.subject), reported.measures)
    own = {code: reported.offerings[code] for code in numbers.facts}
    differing += _rebuild_offerings(numbers, own, asked, store)
    weights = {one: sum(own[code] for code in codes) for one, codes in numbers.members.items()}
    return differing + _rebuild_upper(numbers, weights, asked, store)


def _numbers(municipality_code: str, reported: "_Reported") -> Numbers:
    tree, facts = tree_of(municipality_code), current_facts(municipality_code)
    members: dict[Subject, list[str]] = defaultdict(list)
    for code in facts:
        for subject in subjects_of(facts[code]):
            members[subject].append(code)
    return Numbers(tree, facts, members, reported.slots, places=tree.blocks, strays=reported.areas - set(tree.levels))


def _rebuild_offerings(numbers: Numbers, weights: dict[str, int], asked: Asked, store: "_Store") -> int:
    """All cells of offerings, which stay in agg_cell; weights: how many reports each has."""
    differing = 0
    for batch in _batches(weights):
        steps.ask([numbers.subject["offering", code] for code in batch])
        for measure, among in asked.items():
            differing += _compute_of_offerings(measure, batch, numbers.layers, among, store)
        differing += store.settle([("offering", code) for code in batch])
    sql.execute("ANALYZE agg_cell (offering, node, slot)")
    sql.execute("SELECT brin_summarize_new_values('agg_cell_key')")
    return differing


def _rebuild_upper(numbers: Numbers, weights: dict[Subject, int], asked: Asked, store: "_Store") -> int:
    """All cells of interventions, factors and goals; weights: how many reports count for each."""
    differing = 0
    for batch in _batches(weights):
        members = [(numbers.subject[one], code) for one in batch for code in numbers.members[one]]
        chosen = [(subject, numbers.subject["offering", code]) for subject, code in members]
        offerings = sorted({offering for _subject, offering in chosen})
        sql.empty("agg_chosen")
        sql.fill("agg_chosen", chosen)
        sql.execute("ANALYZE agg_chosen")
        steps.ask(offerings)
        steps.expect("agg_chosen")
        for measure, among in asked.items():
            cells = steps.told(measure, steps.of_upper(measure, OF_CHOSEN))
            differing += store.take(cells, **among, offerings=offerings)
        differing += store.settle(batch)
    return differing


@dataclass
class _Reported:
    """What a city has reports of. offerings: with how many."""

    offerings: Counter[str] = field(default_factory=Counter)
    areas: set[str] = field(default_factory=set)
    slots: set[Slot] = field(default_factory=set)

    @property
    def measures(self) -> list[str]:
        return sorted({measure for measure, _period in self.slots})


def _reported(municipality_code: str) -> _Reported:
    """Reads all reports once."""
    found = _Reported()
    with connections[sql.STORE].cursor() as cursor:
        cursor.execute("""
            SELECT offering_code, area_code, measure, period_kind, period_start, count(*) FROM monitoring_outcomereport
            WHERE municipality_code = %s
            GROUP BY GROUPING SETS ((offering_code), (area_code), (measure, period_kind, period_start))
            """, [municipality_code])  # fmt: skip
        for offering, area, measure, kind, start, count in cursor.fetchall():
            if offering is not None:
                found.offerings[offering] = count
            elif area is not None:
                found.areas.add(area)
            else:
                period = CALENDAR[kind](start)
                found.slots |= {(measure, one) for one in (period, *wider(period))}
    return found


class _Store:
    """Where cells go: straight into a city that has none, else beside the stored ones until those are made equal."""

    def __init__(self, municipality_code: str) -> None:
        self.municipality_code = municipality_code
        self.empty = not Aggregate.objects.filter(municipality_code=municipality_code).exists()

    def take(self, cells: str, *, after: str = "", **parameters: Any) -> int:
        """Returns how many differed, as far as that is known yet. after: what the statement does first."""
        table = "monitoring_aggregate" if self.empty else "agg_fresh"
        taken = sql.execute(f"{after} INSERT INTO {table} ({sql.COLUMNS}) {cells}", **parameters)
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


def _compute_of_offerings(
    measure: Measure, offerings: list[str], layers: list[int], among: dict[str, Any], store: _Store
) -> int:
    """The cells of these offerings, written to the store and kept for what is added up from them."""
    sql.empty("agg_report", "agg_batch")
    sql.execute(steps.read_reports(measure, OF_BATCH), **among, offerings=offerings)
    sql.execute(steps.add_up_reports(measure))
    for layer in layers:
        sql.execute(steps.add_up_parts(measure), layer=layer)
    kept = f"WITH kept AS ({steps.keep(measure, 'agg_batch b')} ORDER BY b.offering, b.node, b.slot RETURNING *)"
    return store.take(steps.told(measure, steps.of_offerings(measure, "kept b")), after=kept, **among)


def _replace(municipality_code: str, subjects: list[Subject]) -> int:
    """Make the stored cells of these subjects equal to agg_fresh, and empty that; returns how many differed."""
    kinds, codes = (list(column) for column in zip(*subjects, strict=True))
    stored = "a.municipality_code = %(city)s AND a.subject_code = ANY(%(codes)s)"
    same = " AND ".join(f"f.{name} = a.{name}" for name in sql.KEY)
    old, new = (", ".join(f"{table}.{name}" for name in sql.VALUES) for table in ("a", "f"))
    asked = {"city": municipality_code, "kinds": kinds, "codes": codes}
    differing = sql.execute(
        f"""
        DELETE FROM monitoring_aggregate a USING unnest(%(kinds)s::text[], %(codes)s::text[]) AS s (kind, code)
        WHERE {stored} AND a.subject_code = s.code AND a.subject_kind = s.kind
        AND NOT EXISTS (SELECT FROM agg_fresh f WHERE {same})""",
        **asked,
    )
    differing += sql.execute(
        f"""
        MERGE INTO monitoring_aggregate a USING agg_fresh f ON {stored} AND {same}
        WHEN MATCHED AND ({old}) IS DISTINCT FROM ({new})
        THEN UPDATE SET {", ".join(f"{name} = f.{name}" for name in sql.VALUES)}
        WHEN NOT MATCHED THEN INSERT ({sql.COLUMNS})
        VALUES ({", ".join(f"f.{one}" for one in sql.COLUMNS.split(", "))})""",
        **asked,
    )
    sql.empty("agg_fresh")
    return differing


def _drop_others(municipality_code: str, subjects: list[Subject], measures: Collection[str]) -> int:
    """Drop the cells of what is no subject any more and of measures that nobody reports; returns how many."""
    kinds, codes = ([subject[place] for subject in subjects] for place in (0, 1))
    return sql.execute("""
        DELETE FROM monitoring_aggregate a WHERE a.municipality_code = %(city)s AND (a.measure <> ALL(%(measures)s)
        OR NOT EXISTS (SELECT FROM unnest(%(kinds)s::text[], %(codes)s::text[]) AS s (kind, code)
                       WHERE s.kind = a.subject_kind AND s.code = a.subject_code))
        """, city=municipality_code, measures=sorted(measures), kinds=kinds, codes=codes)  # fmt: skip
