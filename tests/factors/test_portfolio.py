"""Portfolios: never worse than greedy, never above the bound, never worse for more money (ranking.md §2.10, §4.18)."""

from dataclasses import replace
from itertools import chain, combinations
from math import prod

import pytest
from hypothesis import strategies as st

from bench import plain
from factors.evidence import StrengthScale
from factors.ranking import PARAMETER_SETS, Selection, compile_model, parameter_set
from factors.ranking.graph import graph_of
from factors.ranking.model import AllWeightsZero, EmptySelection, UnknownGoal
from factors.ranking.portfolio import InvalidBudget, InvalidCost, UnknownFactor, portfolio
from factors.ranking.reach import reach_of
from tests.factors import golden
from tests.factors.strategies import FACTORS, for_all, models

NETWORK = compile_model(golden.MODEL)
FIVE = parameter_set("five-elements-2023", "published")
COSTS = st.lists(st.sampled_from([0.5, 1.0, 1.5, 2.0, 3.0, 7.0]), min_size=6, max_size=6)
BUDGETS = st.floats(0, 12)


def found(network=NETWORK, parameters=FIVE, budget=1.0, selection=Selection(), **other):  # noqa: B008 - frozen
    return portfolio(network, parameters=parameters, selection=selection, budget=budget, **other)


def best_by_trying_all(network, parameters, budget, costs):
    """The optimum over every set of factors."""
    reached = reaches(network, parameters)
    reach = {
        factor.code: dict(zip(reached.goals, row, strict=True))
        for factor, row in zip(network.factors, reached.values.tolist(), strict=True)
    }
    sets = chain.from_iterable(combinations(FACTORS, size) for size in range(len(FACTORS) + 1))
    return max(value_of(each, reach) for each in sets if sum(costs[code] for code in each) <= budget)


def reaches(network, parameters):
    goals = dict.fromkeys(network.goals, 1.0)
    return reach_of(graph_of(network, parameters=parameters, goals=goals), list(goals))


def value_of(chosen, reach):
    goals = next(iter(reach.values()))
    return sum(1 - prod(1 - reach[code][goal] for code in chosen) for goal in goals)


def test_one_factor_of_the_golden_example():
    made = found(budget=1)

    (pick,) = made.picks
    # mental straight; school by way of skills, an association that influences both ends in the published set
    assert pick.code == "distress"
    assert {each.goal: round(each.value, 6) for each in pick.reach} == {"mental": 0.904279, "school": 0.371629}
    assert {each.goal: each.relations for each in pick.reach} == {
        "mental": (("distress", "mental"),), "school": (("skills", "distress"), ("skills", "school")),
    }  # fmt: skip
    assert made.value == pytest.approx(0.904279 + 0.833333 * 0.445955, abs=1e-6)
    assert made.optimal
    assert pick.lever == "reduce"


def test_later_steps_are_damped_in_the_extended_set():
    extended, promotive = parameter_set("five-elements-2023", "extended"), Selection(kinds=("promotive",))

    for parameters, mental in ((FIVE, 0.833333 * 0.904279), (extended, 0.397151)):
        (pick,) = found(parameters=parameters, budget=1, selection=promotive).picks

        # by way of distress .753566, and damped .376783: then the relation straight to it is the better way
        assert (pick.code, pick.lever) == ("skills", "strengthen")
        assert {each.goal: each.value for each in pick.reach}["mental"] == pytest.approx(mental, abs=1e-6)


def test_influence_runs_along_relations_only():
    """`bullied → distress` does not let distress reach what bullied reaches, though the method counts them as tied."""
    apart = tuple(r for r in golden.RECORDS if (r.origin, r.target) in {("bullied", "distress"), ("bullied", "mental")})
    directed = tuple(replace(record, causal=True) for record in apart)

    made = found(compile_model(replace(golden.MODEL, records=directed)), budget=6)

    assert [pick.code for pick in made.picks] == ["bullied"]


def test_gains_add_up_to_the_value_and_costs_keep_to_the_budget():
    made = found(budget=2.5, costs={"skills": 2.0, "distress": 0.5})

    assert sum(pick.gain for pick in made.picks) == pytest.approx(made.value, abs=1e-12)
    assert sum(pick.cost for pick in made.picks) == made.cost <= 2.5
    assert made.value == pytest.approx(sum(weight * reached for _, weight, reached in made.goals))


def test_a_better_set_than_the_greedy_one_is_found_and_proven():
    """Greedy takes the cheap helper first, after which the good one no longer fits."""
    strong, weak = golden.RECORDS[0], golden.RECORDS[1]
    records = (
        replace(strong, origin="skills", target="school", measure="r", effect=0.29),
        replace(weak, origin="bullied", target="school", measure="r", effect=0.06),
    )
    network = compile_model(replace(golden.MODEL, records=records))

    made = found(network, budget=2.0, costs={"skills": 2.0, "bullied": 0.2})

    assert made.greedy_value == pytest.approx(0.29 / 0.3)  # the best single factor saves it
    assert [pick.code for pick in made.picks] == ["skills"]
    assert made.optimal


@for_all(model=models(), parameters=st.sampled_from(PARAMETER_SETS))
def test_reach_is_the_best_of_all_simple_paths(model, parameters):
    """Tried path by path with networkx, over influence alone."""
    network = compile_model(model)
    graphs = plain.build(model.factors, plain.relations(model), replace(parameters, network="out"))
    paths, damping = plain.every_simple_path(graphs.walked, parameters), parameters.damping or 1.0

    reached = reaches(network, parameters)

    for row, factor in enumerate(network.factors):
        for place, goal in enumerate(reached.goals):
            straight = {origin: edge["s"] for origin, _, edge in graphs.told.in_edges(goal, data=True)}
            onward = {end: value for (origin, end), value in paths.items() if origin == factor.code}
            ways = [value * damping * straight.get(end, 0) for end, value in onward.items()]
            assert reached.values[row, place] == pytest.approx(max([straight.get(factor.code, 0), *ways]), abs=1e-12)


@for_all(model=models(), parameters=st.sampled_from(PARAMETER_SETS), costs=COSTS, budget=BUDGETS)
def test_greedy_is_at_most_the_optimum_is_at_most_the_bound(model, parameters, costs, budget):
    network, prices = compile_model(model), dict(zip(FACTORS, costs, strict=True))

    made = found(network, parameters, budget=budget, costs=prices)

    best = best_by_trying_all(network, parameters, budget, prices)
    assert made.guarantee * best - 1e-9 <= made.greedy_value <= made.value + 1e-12
    assert made.value <= best + 1e-9
    assert best <= made.upper_bound + 1e-9
    assert made.cost <= budget
    if made.optimal:
        assert made.value == pytest.approx(best, rel=1e-4)


@for_all(model=models(), parameters=st.sampled_from(PARAMETER_SETS), costs=COSTS, budget=BUDGETS, more=st.floats(0, 12))
def test_more_budget_is_never_worth_less(model, parameters, costs, budget, more):
    network, prices = compile_model(model), dict(zip(FACTORS, costs, strict=True))

    less, richer = (found(network, parameters, budget=each, costs=prices) for each in (budget, budget + more))

    assert richer.greedy_value >= less.greedy_value - 1e-9
    assert richer.value >= less.value * (1 - 1e-4)


@for_all(model=models(), parameters=st.sampled_from(PARAMETER_SETS))
def test_an_empty_budget_buys_nothing(model, parameters):
    made = found(compile_model(model), parameters, budget=0)

    assert (made.picks, made.value, made.greedy_value, made.upper_bound, made.gap) == ((), 0, 0, 0, 0)


def test_the_same_question_has_the_same_answer_whatever_the_order():
    turned = replace(
        golden.MODEL,
        factors=golden.MODEL.factors[::-1],
        goals=golden.MODEL.goals[::-1],
        records=golden.MODEL.records[::-1],
    )

    assert found(compile_model(turned), budget=3) == found(budget=3)


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"budget": -1}, InvalidBudget),
        ({"budget": float("nan")}, InvalidBudget),
        ({"budget": float("inf")}, InvalidBudget),
        ({"costs": {"skills": 0}}, InvalidCost),
        ({"costs": {"skills": -1}}, InvalidCost),
        ({"costs": {"skills": float("nan")}}, InvalidCost),
        ({"default_cost": 0}, InvalidCost),
        ({"costs": {"nobody": 1}}, UnknownFactor),
        ({"costs": {"skills": 1}, "selection": Selection(kinds=("risk",))}, UnknownFactor),
        ({"selection": Selection(goals={"nothing": 1})}, UnknownGoal),
        ({"selection": Selection(goals={"school": 0})}, AllWeightsZero),
        ({"selection": Selection(life_phases=("nowhere",))}, EmptySelection),
    ],
)
def test_what_cannot_be_bought_is_refused(asked, problem):
    with pytest.raises(problem):
        found(**asked)


def test_counted_relations_reach_wholly():
    """In count mode every relation has strength 1, so one factor that touches each goal is all there is to buy."""
    assert parameter_set("rip-2019", "published").scale == StrengthScale(mode="count")

    made = found(parameters=parameter_set("rip-2019", "published"), budget=5)

    assert made.value == made.most == 2
    assert [pick.code for pick in made.picks] == ["distress"]
