"""python -m bench.register [--quick]: what the register costs, against plain networkx or a plain table in the same run.

Medians over rounds, ours and the peer in turn. `warm`: the version's arrays and graph are there, as they are once per
process for a published version. Paths: the 10 strongest from 20 factors, against networkx's shortest_simple_paths on
the same graph (results compared). Neighbourhood: 2 steps both ways with all between, against networkx's ego_graph.
XLSX: write and read back with every check, against openpyxl writing and reading the same cells and checking nothing.
Publish: checks, canonical form with checksum and compiling, without the database; no peer, nor has compare.
"""

import argparse
import io
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from statistics import median
from time import perf_counter
from typing import Any

import networkx as nx
import openpyxl

from bench.networks import made_up_model, public_model
from factors.canonical import Content, EvidenceEntry, FactorEntry, GoalEntry, RelationEntry, SourceEntry, checksum
from factors.checks import check
from factors.comparison import compare
from factors.evidence import Record
from factors.exchange import workbook
from factors.exchange.cells import rows_of
from factors.exchange.layout import TABLES
from factors.exchange.taking import take
from factors.pathways import strongest, ways
from factors.ranking import Model, Network, compile_model
from factors.selection import Part, select

SAID = {True: "yes", False: "no", None: "unknown"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round; no workbook of the large model")
    quick = parser.parse_args().quick
    rounds = 1 if quick else 5
    models = {"public": public_model(), "2,000": made_up_model(factors=2_000)}
    print(f"{'model':8} {'what':22} {'ours':>11} {'peer':>11} {'peer/ours':>10}")
    for name, model in models.items():
        for what, ours, peer in _tasks(model)[: -1 if quick and name != "public" else None]:
            print(f"{name:8} {what:22} {_row(ours, peer, rounds)}", flush=True)


def _tasks(model: Model) -> list[tuple[str, Callable[[], Any], Callable[[], Any] | None]]:
    network, content = compile_model(model), content_of(model)
    graph = ways(network.relations)
    origins = [factor.code for factor in network.factors][:: max(1, len(network.factors) // 20)][:20]
    goal = network.goals[0]
    _agree(graph, origins[:5], goal)
    middle, entries, goals = origins[10], content.factors, set(network.goals)
    around = Part(around=middle, steps=2)
    changed = replace(content, evidence=(replace(content.evidence[0], note="changed"), *content.evidence[1:]))
    domains = {row.domain_code for row in content.goals}
    return [
        ("build graph (cold)", lambda: ways(network.relations), lambda: _plain_graph(network)),
        ("10 paths x 20 (warm)", lambda: [_ours(graph, code, goal) for code in origins],
         lambda: [_yen(graph, code, goal) for code in origins]),
        ("neighbourhood (warm)", lambda: select(around, factors=entries, goals=goals, relations=network.relations),
         lambda: nx.ego_graph(graph, middle, radius=2, undirected=True)),
        ("publish", lambda: (check(content, year=2026), checksum(content), compile_model(model)), None),
        ("compare", lambda: compare(content, changed), None),
        ("XLSX there and back", lambda: take(workbook.read(workbook.write(content)), domains=domains),
         lambda: _plain_book(content)),
    ]  # fmt: skip


def content_of(model: Model) -> Content:
    """The model as a register keeps it."""
    pairs = sorted({_pair(model, record) for record in model.records})
    return Content(
        factors=tuple(FactorEntry(f.code.replace("_", "-"), f.code, f.code, f.kind, prevalence=f.prevalence)
                      for f in model.factors),
        goals=tuple(GoalEntry(code.replace("_", "-"), code, code, "work") for code in model.goals),
        sources=(SourceEntry("study", "A study"),),
        relations=tuple(RelationEntry(*pair) for pair in pairs),
        evidence=tuple(
            EvidenceEntry(f"e{place:06}", *_pair(model, record), record.sign, record.evidence_type, "study",
                          SAID[record.causal], SAID[record.sequence], SAID[record.significant], record.measure or "",
                          record.effect)
            for place, record in enumerate(model.records)
        ),
    )  # fmt: skip


def _pair(model: Model, record: Record) -> tuple[str, str, str]:
    kind = "goal" if record.target in model.goals else "factor"
    return record.origin.replace("_", "-"), kind, record.target.replace("_", "-")


def _ours(graph: nx.DiGraph, origin: str, goal: str) -> list[float]:
    paths = strongest(graph, origin=origin, goal=goal, limit=10, phases={})
    return [nx.path_weight(graph, path.codes, "length") for path in paths]


def _yen(graph: nx.DiGraph, origin: str, goal: str) -> list[float]:
    if origin not in graph or not nx.has_path(graph, origin, goal):
        return []
    routes = islice(nx.shortest_simple_paths(graph, origin, goal, weight="length"), 10)
    return [nx.path_weight(graph, route, "length") for route in routes if len(route) <= 9]


def _agree(graph: nx.DiGraph, origins: list[str], goal: str) -> None:
    for origin in origins:
        for ours, theirs in zip(_ours(graph, origin, goal), _yen(graph, origin, goal), strict=False):
            if abs(ours - theirs) > 1e-9:
                raise SystemExit(f"{origin}: other paths than networkx")


def _plain_graph(network: Network) -> nx.DiGraph:
    return nx.DiGraph((told.origin, told.target, {"told": told}) for told in network.relations)


def _plain_book(content: Content) -> None:
    book = openpyxl.Workbook(write_only=True)
    for table in TABLES:
        sheet = book.create_sheet(table.name)
        for row in rows_of(table, content):
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    read = openpyxl.load_workbook(stream, read_only=True)
    for sheet in read.worksheets:
        for _row in sheet.iter_rows(values_only=True):
            pass


def _row(ours: Callable[[], Any], peer: Callable[[], Any] | None, rounds: int) -> str:
    mine, theirs = [], []
    for _ in range(rounds):
        mine.append(_seconds(ours))
        theirs.append(_seconds(peer) if peer else 0.0)
    told = f"{median(mine) * 1000:8.2f} ms"
    if not peer:
        return f"{told} {'-':>11} {'-':>10}"
    ratio = median(other / own for own, other in zip(mine, theirs, strict=True))
    return f"{told} {median(theirs) * 1000:8.2f} ms {ratio:10.2f}"


def _seconds(work: Callable[[], Any]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


if __name__ == "__main__":
    main()
