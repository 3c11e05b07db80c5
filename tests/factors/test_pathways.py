"""The strongest paths are those of Yen's algorithm, whatever the model; and what a path says of itself."""

from itertools import islice, permutations, product

import networkx as nx
import pytest

from factors.evidence import EVIDENCE_TYPES, Record
from factors.pathways import strongest, ways
from factors.ranking import Factor, Model, compile_model
from factors.sentences import sentence
from tests.factors.strategies import FACTORS, GOALS, for_all, models

GOAL = GOALS[0]


def graph_of(*records):
    codes = {record.origin for record in records} | {r.target for r in records if r.target != GOAL}
    return ways(compile_model(Model(tuple(Factor(code, "risk") for code in sorted(codes)), (GOAL,), records)).relations)


def link(origin, target, effect=0.15, sign="+", **known):
    return Record(origin, target, sign, EVIDENCE_TYPES[0], measure="r", effect=effect, **known)


def by_yen(graph, origin, goal, limit):
    """Lengths of the shortest simple paths; none when the goal cannot be reached."""
    if origin not in graph or goal not in graph or not nx.has_path(graph, origin, goal):
        return []
    routes = islice(nx.shortest_simple_paths(graph, origin, goal, weight="length"), limit)
    return [nx.path_weight(graph, route, "length") for route in routes]


@for_all(model=models())
def test_the_strongest_paths_are_those_of_yen(model):
    graph = ways(compile_model(model).relations)

    for origin, goal in product(FACTORS, GOALS):
        found = strongest(graph, origin=origin, goal=goal, limit=4, phases={})

        assert [nx.path_weight(graph, path.codes, "length") for path in found] == pytest.approx(
            by_yen(graph, origin, goal, 4)
        )
        assert [path.strength for path in found] == sorted((path.strength for path in found), reverse=True)
        assert all(len(set(path.codes)) == len(path.codes) and path.strength <= 1 for path in found)
        # below exp(-700) a product of effects leaves what a double can hold; only there may a path have no strength
        assert all(path.strength > 0 or nx.path_weight(graph, path.codes, "length") > 700 for path in found)


def test_where_circles_cut_off_the_goal_the_answer_comes_in_time():
    crowd = [f"c{number:02}" for number in range(30)]
    circles = [link(origin, target, 0.3) for origin, target in permutations(crowd, 2)]
    graph = graph_of(link("a", GOAL, 0.01), link("a", crowd[0], 0.3), *circles, link(crowd[0], "a", 0.3))

    (path,) = strongest(graph, origin="a", goal=GOAL, limit=5, phases={})

    assert path.codes == ("a", GOAL)


def test_a_path_that_runs_back_in_life_is_marked():
    graph = graph_of(link("work", "birth"), link("birth", GOAL))
    phases = {"work": ("adulthood",), "birth": ("pregnancy",)}

    (path,) = strongest(graph, origin="work", goal=GOAL, limit=3, phases=phases)

    assert [step.runs_back for step in path.steps] == [True, False]
    assert path.runs_back
    assert not strongest(graph, origin="work", goal=GOAL, limit=3, phases=phases | {"work": ()})[0].runs_back


def test_two_minuses_make_a_plus_and_the_weakest_step_is_named():
    graph = graph_of(link("a", "b", 0.2, "-"), link("b", GOAL, 0.1, "-"))

    (path,) = strongest(graph, origin="a", goal=GOAL, limit=3, phases={})

    assert (path.sign, path.weakest) == (1, 1)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"causal": True}, "leidt tot minder"),
        ({"sequence": True}, "gaat vooraf aan minder"),
        ({}, "hangt samen met minder"),
    ],
)
def test_a_sentence_says_no_more_than_the_evidence(known, said):
    graph = graph_of(link("a", "b", 0.2, "-", **known), link("b", GOAL, 0.1, "-"))
    (path,) = strongest(graph, origin="a", goal=GOAL, limit=3, phases={})

    text = sentence(path, names={"a": "A", "b": "B", GOAL: "Werk"}, language="nl")

    assert text == f"Meer ‘A’ {said} ‘B’, en dat is gunstig voor het doel ‘Werk’; de zwakste schakel is ‘B’ → ‘Werk’."
