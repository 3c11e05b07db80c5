"""python -m bench.rankings [--quick]: what a ranking and its doubt cost, against the same in plain networkx.

Everything in a row is measured in turn in one process (ours, peer, ours, peer), and ratios are medians over the rounds;
what takes under 10 ms is repeated within a round. Peers compute the same method from relations already combined; every
row checks that the numbers agree. `plain` is networkx and loops, building included; `scipy` is networkx over scipy from
a graph in memory, building left out (it has no best paths, so published parameter sets only). `again` is a ranking of a
network ranked before, `first` the first one. A minus behind a ratio: the goal is not reached (for the public model see
docs/adr/0008: its ranking is some 120 calls, which the last table profiles).
"""

import argparse
import cProfile
import pstats
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import perf_counter
from typing import Any

from bench import plain
from bench.networks import made_up_model, public_model
from factors.ranking import PARAMETER_SETS, Model, Network, Parameters, Selection, compile_model, score
from factors.ranking.doubt import doubt
from factors.ranking.network import Floats, Ints
from factors.ranking.ranks import dense_ranks, keys

ALL = Selection()
GOALS = (100.0, 15.0, 100.0, 5.0)
"""Ratios to reach: one ranking against plain and scipy; 1,000 draws against the loop, and in plain rankings."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under a minute: smaller networks, fewer rounds")
    quick = parser.parse_args().quick
    sizes = (2_000,) if quick else (2_000, 20_000)
    models = {"public": public_model()} | {f"{size:,}": made_up_model(factors=size) for size in sizes}
    networks = {name: compile_model(model) for name, model in models.items()}
    rounds = 3 if quick else 5

    print(f"One ranking (scores and dense ranks); goals: plain x{GOALS[0]:.0f}, scipy x{GOALS[1]:.0f}\n")
    print(f"{'network':8} {'method':28} {'again':>9} {'first':>9} {'plain':>10} {'x again':>8} {'x first':>8} "
          f"{'scipy':>9} {'x again':>8}")  # fmt: skip
    for name, model in models.items():
        for parameters in PARAMETER_SETS:
            print(f"{name:8} {_ranking_row(model, networks[name], parameters, rounds)}", flush=True)

    draws = 1_000
    print(f"\n{draws} draws of doubt on two threads; goals: x{GOALS[2]:.0f} a loop over plain rankings "
          f"(estimated from one), at most {GOALS[3]:.0f} plain rankings\n")  # fmt: skip
    print(f"{'network':8} {'method':28} {'draws':>9} {'plain':>10} {'x loop':>8} {'in plain rankings':>18}")
    for name in ("public", "2,000"):
        for parameters in PARAMETER_SETS:
            print(f"{name:8} {_doubt_row(models[name], networks[name], parameters, draws, rounds - 1)}", flush=True)

    print("\nCost by size: ours per relation, again (the same at every size: linear)\n")
    for parameters in PARAMETER_SETS:
        print(f"{_called(parameters):28} {_growth((1_250, 2_500) if quick else (2_500, 5_000, 10_000), parameters)}")

    print(f"\nWhere a ranking of the public model spends its time\n\n{_profile(networks['public'], PARAMETER_SETS[2])}")


def _profile(network: Network, parameters: Parameters, times: int = 1_000) -> str:
    """The functions with most time of their own, and how many calls one small ranking makes: its floor."""
    _rank(network, parameters)
    with cProfile.Profile() as profile:
        for _ in range(times):
            _rank(network, parameters)
    told = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    total = sum(row[2] for row in told.values())
    most = sorted(told.items(), key=lambda item: -item[1][2])[:10]
    lines = [f"{sum(row[1] for row in told.values()) / times:.0f} calls a ranking; share of time, calls, function"]
    for (file, _line, name), row in most:
        lines.append(f"{row[2] / total:6.1%} {row[1] / times:6.1f}  {file.rpartition('/')[2]} {name}")
    return "\n".join(lines)


def _ranking_row(model: Model, network: Network, parameters: Parameters, rounds: int) -> str:
    found, goals = plain.relations(model), dict.fromkeys(model.goals, 1.0)
    graphs = plain.build(model.factors, found, parameters)
    rounds = 3 if len(model.factors) > 5_000 else rounds
    peers: dict[str, Callable[[], Any]] = {
        "again": lambda: _rank(network, parameters),
        "first": lambda: _rank(replace(network), parameters),
        "plain": lambda: _plainly(model, found, parameters, goals),
    }
    if parameters.depth == 1:
        peers["scipy"] = lambda: _ranked(plain.score_over_scipy(graphs, parameters, goals), parameters)
    _agree(peers["again"](), peers["plain"](), network)
    times = _in_turn(peers, rounds)
    plainly, first = _ratio(times, "plain", "again"), _ratio(times, "plain", "first")
    row = f"{_called(parameters):28} {_ms(times['again'])} {_ms(times['first'])} {_ms(times['plain'], 10)} "
    row += f"{_verdict(plainly, GOALS[0])} {first:8.1f}"
    if "scipy" in times:
        row += f" {_ms(times['scipy'])} {_verdict(_ratio(times, 'scipy', 'again'), GOALS[1])}"
    return row


def _doubt_row(model: Model, network: Network, parameters: Parameters, draws: int, rounds: int) -> str:
    found, goals = plain.relations(model), dict.fromkeys(model.goals, 1.0)
    times = _in_turn(
        {
            "draws": lambda: doubt(network, parameters=parameters, selection=ALL, draws=draws, seed=1, threads=2),
            "plain": lambda: _plainly(model, found, parameters, goals),
        },
        rounds,
    )
    cost = 1 / _ratio(times, "plain", "draws")
    reached = "" if cost <= GOALS[3] else "-"
    return (
        f"{_called(parameters):28} {_ms(times['draws'])} {_ms(times['plain'], 10)} "
        f"{_verdict(draws / cost, GOALS[2])} {cost:18.2f}{reached}"
    )


def _growth(sizes: tuple[int, ...], parameters: Parameters) -> str:
    costs = {}
    for size in sizes:
        network = compile_model(made_up_model(factors=size))
        _rank(network, parameters)
        times = _in_turn({"again": lambda network=network: _rank(network, parameters)}, 15)  # type: ignore[misc]
        costs[len(network.relations)] = median(times["again"]) / len(network.relations)
    return "  ".join(f"{relations:,}: {cost * 1e9:.0f} ns" for relations, cost in costs.items())


def _rank(network: Network, parameters: Parameters) -> tuple[Floats, Ints]:
    scores = score(network, parameters=parameters, selection=ALL)
    return scores.score, dense_ranks(keys(scores.score, parameters.rank_digits))


def _plainly(
    model: Model, found: list[plain.Told], parameters: Parameters, goals: dict[str, float]
) -> tuple[dict[str, float], dict[str, int]]:
    graphs = plain.build(model.factors, found, parameters)
    return _ranked(plain.score(graphs, parameters, goals), parameters)


def _ranked(scores: dict[str, float], parameters: Parameters) -> tuple[dict[str, float], dict[str, int]]:
    return scores, plain.dense_ranks(scores, parameters.rank_digits)


def _agree(ours: tuple[Floats, Ints], peer: tuple[dict[str, float], dict[str, int]], network: Network) -> None:
    for factor, mine in zip(network.factors, ours[0].tolist(), strict=True):
        if abs(mine - peer[0][factor.code]) > 1e-9:
            raise SystemExit(f"{factor.code}: ours {mine}, plainly {peer[0][factor.code]}")


def _in_turn(candidates: dict[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in candidates}
    often = {name: max(1, int(0.01 / max(1e-5, _time(run, 1)))) for name, run in candidates.items()}
    for _ in range(rounds):
        for name, run in candidates.items():
            times[name].append(_time(run, often[name]))
    return times


def _time(run: Callable[[], Any], times: int) -> float:
    begun = perf_counter()
    for _ in range(times):
        run()
    return (perf_counter() - begun) / times


def _ratio(times: dict[str, list[float]], slower: str, faster: str) -> float:
    return median(a / b for a, b in zip(times[slower], times[faster], strict=True))


def _ms(times: list[float], width: int = 9) -> str:
    return f"{median(times) * 1e3:{width - 3}.2f} ms"


def _verdict(ratio: float, goal: float) -> str:
    return f"{ratio:7.0f}{' ' if ratio >= goal else '-'}"


def _called(parameters: Parameters) -> str:
    return f"{parameters.method} {parameters.name}"


if __name__ == "__main__":
    main()
