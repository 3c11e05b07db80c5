"""Circles of factors: ranking.md §1.5."""

from math import prod

import networkx as nx
import pytest

from bench.networks import public_model
from factors.evidence import Record
from factors.ranking import Factor, Model, compile_model
from factors.ranking.circles import circles
from tests.factors import golden
from tests.factors.strategies import for_all, models


def model(kinds, *relations):
    records = tuple(Record(pair[0], pair[1], pair[2], "review") for pair in relations)
    return compile_model(Model(tuple(Factor(code, kind) for code, kind in kinds.items()), ("g",), records))


@pytest.mark.parametrize(
    ("kinds", "relations", "kind"),
    [
        ({"a": "risk", "b": "risk"}, ("ab+", "ba+"), "vicious"),
        ({"a": "risk", "b": "protective"}, ("ab-", "ba-"), "vicious"),
        ({"a": "promotive", "b": "protective"}, ("ab+", "ba+"), "virtuous"),
        ({"a": "risk", "b": "protective"}, ("ab+", "ba-"), "balancing"),
        ({"a": "risk", "b": "risk", "c": "risk"}, ("ab+", "ba+", "bc+", "ca-"), "mixed"),
    ],
)
def test_the_product_of_signs_tells_the_kind(kinds, relations, kind):
    (circle,) = circles(model(kinds, *relations))

    assert circle.kind == kind
    assert circle.factors == tuple(sorted(kinds))


def test_distress_and_bullying_feed_each_other():
    (circle,) = circles(compile_model(golden.MODEL))

    assert (circle.factors, circle.kind) == (("bullied", "distress"), "vicious")
    assert circle.relations == (("bullied", "distress", 1), ("distress", "bullied", 1))


def test_what_was_tested_and_not_found_closes_no_circle():
    there = Record("a", "b", "+", "review")
    back = Record("b", "a", "+", "meta-analysis", significant=False)

    assert not circles(compile_model(Model((Factor("a", "risk"), Factor("b", "risk")), (), (there, back))))


@for_all(drawn=models())
def test_the_kind_is_what_its_loops_say(drawn):
    for circle in circles(compile_model(drawn)):
        graph = nx.DiGraph()
        graph.add_weighted_edges_from(circle.relations)
        loops = list(nx.simple_cycles(graph))
        products = {
            prod(graph.edges[step]["weight"] for step in zip(loop, [*loop[1:], loop[0]], strict=True)) for loop in loops
        }
        assert loops
        if circle.kind in ("vicious", "virtuous"):
            assert products == {1}
        elif circle.kind == "balancing":
            assert products == {-1}
        else:
            assert products != {1}


def test_the_public_model_holds_one_vicious_circle_of_six():
    """The reverse effects its README names: distress with self-esteem, bullying, obesity; violence with alcohol."""
    (circle,) = circles(compile_model(public_model()))

    assert circle.kind == "vicious"
    assert {"internalising_problems", "self_esteem", "bullying_victimisation", "obesity"} < set(circle.factors)
    assert len(circle.factors) == 6
