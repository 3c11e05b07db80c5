"""Which factors to turn within a budget: the portfolio that reaches the goals best (ranking.md §2.10).

Value of a set X: the sum over the goals of u * (1 - product over X of (1 - reach)). It is monotone and submodular, so
buying what gives most per euro comes within a known factor of the best there is (Nemhauser 1978; Khuller, Moss & Naor
1999). How near it really comes is proven per case: every set gives an upper bound (Leskovec 2007), and in
y = sum of -ln(1 - reach) the value 1 - exp(-y) is concave, so tangents make it a mixed-integer programme with a sharper
bound.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import e, isfinite

import numpy as np
from scipy import optimize, sparse  # type: ignore[import-untyped]

from factors.ranking.graph import graph_of
from factors.ranking.lever import Lever, levers
from factors.ranking.model import EmptySelection, InvalidSelection, Selection
from factors.ranking.network import Flags, Floats, Ints, Network
from factors.ranking.parameters import Parameters
from factors.ranking.reach import Reach, reach_of

EXACT_CANDIDATES = 100
ROUNDS, NODES = 4, 300
"""Of the exact search: programmes, and nodes in each. Counts, never seconds: the same question has the same answer."""
PROVEN = 1e-4
"""Of the value: a gap of less is none, since no effect size is known that well. Nearer costs seconds more."""
NOTHING = 1e-12


class InvalidBudget(InvalidSelection):
    """A budget that is negative or not finite."""


class InvalidCost(InvalidSelection):
    """A cost of zero, less than zero, or not finite."""


class UnknownFactor(InvalidSelection):
    """A cost for a factor that is not among those listed."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One factor in order of buying. gain: what it adds to those before it. reach: the goals it reaches."""

    code: str
    lever: Lever
    cost: float
    gain: float
    reach: tuple[Reach, ...]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """picks: the best set found. goals: (code, weight averaging 1, share reached 0..1).

    greedy_value: of the set that greedy buying gives; value: of the picks, at least that; upper_bound: no set within
    the budget is worth more. optimal: the two meet, but for 0.01 %. guarantee: share of the best that greedy is certain
    to reach. most: value of all factors together.
    """

    picks: tuple[Pick, ...]
    goals: tuple[tuple[str, float, float], ...]
    budget: float
    cost: float
    value: float
    greedy_value: float
    upper_bound: float
    optimal: bool
    guarantee: float
    most: float

    @property
    def gap(self) -> float:
        return self.upper_bound - self.value


def portfolio(
    network: Network,
    *,
    parameters: Parameters,
    selection: Selection,
    budget: float,
    costs: Mapping[str, float] | None = None,
    default_cost: float = 1.0,
) -> Portfolio:
    """The factors among those listed that reach the selected goals best for the budget. costs: those that differ.

    Raises InvalidBudget, InvalidCost, UnknownFactor, and what `score` raises.
    """
    goals = selection.rescaled_goals(network.goals)
    within = network.within(selection.keeps) if selection.mode == "induced" else network
    listed = np.flatnonzero([selection.keeps(factor) for factor in within.factors])
    if not len(listed):
        raise EmptySelection("no factor left")
    codes = [within.factors[row].code for row in listed.tolist()]
    prices = _prices(codes, costs or {}, default_cost)
    if not (isfinite(budget) and budget >= 0):
        raise InvalidBudget(f"budget: {budget}")
    graph = graph_of(within, parameters=parameters, goals=goals)
    reached, lever = reach_of(graph, list(goals)), levers(graph)
    case = _Case(reached.values[listed], np.array(list(goals.values())), prices, budget)
    greedy = case.greedy()
    best, bound = case.improved(greedy)
    picks = tuple(
        Pick(codes[place], lever[listed[place]], float(prices[place]), gain, reached.ways(int(listed[place])))
        for place, gain in case.in_order(best)
    )
    share = 1 - np.prod(1 - case.reach[best], axis=0)
    value = case.value(best)
    return Portfolio(
        picks=picks,
        goals=tuple((code, weight, float(part)) for (code, weight), part in zip(goals.items(), share, strict=True)),
        budget=budget,
        cost=float(prices[best].sum()),
        value=value,
        greedy_value=case.value(greedy),
        upper_bound=max(bound, value),
        optimal=bound - value <= PROVEN * value,
        guarantee=(1 - 1 / e) / (1 if len(set(prices.tolist())) == 1 else 2),
        most=case.value(np.ones(len(codes), dtype=np.bool_)),
    )


def _prices(codes: list[str], costs: Mapping[str, float], default: float) -> Floats:
    if strange := sorted(costs.keys() - set(codes)):
        raise UnknownFactor(", ".join(strange))
    for code, cost in {"default": default, **costs}.items():
        if not (isfinite(cost) and cost > 0):
            raise InvalidCost(f"{code}: {cost}")
    return np.array([costs.get(code, default) for code in codes], dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    """reach: (factors, goals), 0..1; weights per goal; costs per factor. Sets are flags over the factors."""

    reach: Floats
    weights: Floats
    costs: Floats
    budget: float

    def value(self, chosen: Flags) -> float:
        return float((1 - np.prod(1 - self.reach[chosen], axis=0)) @ self.weights)

    def gains(self, chosen: Flags) -> Floats:
        """What each factor adds to the chosen ones."""
        left = np.prod(1 - self.reach[chosen], axis=0)
        gained: Floats = np.where(chosen, 0.0, self.reach @ (left * self.weights))
        return gained

    def greedy(self) -> Flags:
        """Most gain per cost first, as long as it fits; or the best single factor when that is worth more."""
        chosen, left = np.zeros(len(self.costs), dtype=np.bool_), self.budget
        while True:
            gains = np.where(self.costs <= left, self.gains(chosen), 0.0)
            place = int(np.argmax(gains / self.costs))
            if gains[place] <= NOTHING:
                break
            chosen[place] = True
            left -= self.costs[place]
        single = np.zeros_like(chosen)
        alone = np.where(self.costs <= self.budget, self.gains(single), 0.0)
        single[np.argmax(alone)] = alone.max() > NOTHING
        return chosen if self.value(chosen) >= self.value(single) else single

    def in_order(self, chosen: Flags) -> list[tuple[int, float]]:
        """The chosen with their gains, most gain per cost first."""
        taken, order = np.zeros_like(chosen), []
        for _ in range(int(chosen.sum())):
            gains = np.where(chosen & ~taken, self.gains(taken), -1.0)
            place = int(np.argmax(gains / self.costs))
            order.append((place, float(gains[place])))
            taken[place] = True
        return order

    def bound(self, chosen: Flags) -> float:
        """No set is worth more than this one and the best of what the rest adds to it, bought in fractions."""
        gains = np.where(self.costs <= self.budget, self.gains(chosen), 0.0)
        order = np.argsort(-gains / self.costs, kind="stable")
        spent = np.minimum(np.cumsum(self.costs[order]), self.budget)
        shares = np.diff(spent, prepend=0.0) / self.costs[order]
        return self.value(chosen) + float(gains[order] @ shares)

    def improved(self, greedy: Flags) -> tuple[Flags, float]:
        """The best set found and an upper bound: from the beginnings of the greedy set, then by tangents."""
        beginning, bounds = np.zeros_like(greedy), [self.bound(np.zeros_like(greedy))]
        for place, _gain in self.in_order(greedy):
            beginning[place] = True
            bounds.append(self.bound(beginning))
        able = np.flatnonzero((self.costs <= self.budget) & (self.reach @ self.weights > NOTHING))
        bound = min(bounds)
        if bound <= self.value(greedy) * (1 + PROVEN) or not 0 < len(able) <= EXACT_CANDIDATES:
            return greedy, bound
        return self._by_tangents(greedy, bound, able)

    def _by_tangents(self, best: Flags, bound: float, able: Ints) -> tuple[Flags, float]:
        slope = -np.log1p(-np.minimum(self.reach[able], 1 - NOTHING))  # y per factor and goal
        touched = [np.full(len(self.weights), y) for y in (0.0, 0.1, 0.3, 0.7, 1.5, 3.0)]
        for _ in range(ROUNDS):
            touched.append(best[able].astype(np.float64) @ slope)
            found = _solved(slope, self.weights, self.costs[able], self.budget, np.array(touched))
            if found is None:
                break
            picked, most = found
            bound = min(bound, most)
            chosen = np.zeros_like(best)
            chosen[able[picked]] = True
            touched.append(picked.astype(np.float64) @ slope)
            if self.costs[chosen].sum() <= self.budget and self.value(chosen) > self.value(best) + NOTHING:
                best = chosen
            if bound <= self.value(best) * (1 + PROVEN):
                break
        return best, bound


def _solved(
    slope: Floats, weights: Floats, costs: Floats, budget: float, touched: Floats
) -> tuple[Flags, float] | None:
    """The set that is best under the tangents of 1 - exp(-y) at the touched points (points, goals), and its bound."""
    factors, goals = slope.shape
    at = np.exp(-touched)
    # reached_g - exp(-y0) * y_g <= 1 - exp(-y0) * (1 + y0), for every point and goal
    rows = [
        sparse.hstack([sparse.csr_array(-point[:, None] * slope.T), sparse.eye_array(goals)], format="csr")
        for point in at
    ]
    limits = (1 - at * (1 + touched)).reshape(-1)
    spending = sparse.hstack([sparse.csr_array(costs[None]), sparse.csr_array((1, goals))], format="csr")
    found = optimize.milp(
        c=np.concatenate([np.zeros(factors), -weights]),
        integrality=np.concatenate([np.ones(factors), np.zeros(goals)]),
        bounds=optimize.Bounds(0, 1),
        constraints=optimize.LinearConstraint(
            sparse.vstack([*rows, spending], format="csr"), ub=np.concatenate([limits, [budget]])
        ),
        options={"node_limit": NODES, "mip_rel_gap": PROVEN / 10},
    )
    if found.x is None or found.mip_dual_bound is None:
        return None
    return found.x[:factors] > 0.5, -float(found.mip_dual_bound)
