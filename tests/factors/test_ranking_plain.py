"""The arrays give what plain loops over networkx give."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import plain
from factors.evidence import strength
from factors.ranking import Selection, compile_model, frame, parameter_set, score, walks
from factors.ranking.graph import graph_of
from tests.factors.strategies import GOALS, models, parameter_sets, weights

goal_weights = st.fixed_dictionaries({goal: st.just(0.0) | weights for goal in GOALS}).filter(
    lambda chosen: any(chosen.values())
)


@settings(max_examples=150, deadline=None)
@given(model=models(), parameters=parameter_sets, goals=goal_weights)
def test_scores_equal_the_plain_ones(model, parameters, goals):
    network = compile_model(model)

    made = score(network, parameters=parameters, selection=Selection(goals=goals))

    expected = plain.scores(model, parameters, goals)
    assert dict(zip(expected, made.score.tolist(), strict=True)) == pytest.approx(expected, abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(model=models(), parameters=parameter_sets)
def test_best_paths_equal_the_plain_ones(model, parameters):
    network = compile_model(model)
    graph = graph_of(network, parameters=parameters, goals=dict.fromkeys(GOALS, 1.0))
    codes = [factor.code for factor in network.factors]

    found = {
        (codes[origin], codes[target]): value
        for paths in graph.paths()
        for origin, target, value in zip(paths.origin, paths.target, paths.value.tolist(), strict=True)
    }

    walked = plain.build(model.factors, plain.relations(model), parameters).walked
    assert found == pytest.approx(plain.every_simple_path(walked, parameters), abs=1e-12)
    for origin in codes:
        there = {end: value for (start, end), value in found.items() if start == origin}
        assert plain.best_paths(walked, origin, parameters) == pytest.approx(there, abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(model=models(), method=st.sampled_from(["rip-2019", "five-elements-2023"]), goals=goal_weights)
def test_scores_over_scipy_equal_the_plain_ones(model, method, goals):
    published = parameter_set(method, "published")
    graphs = plain.build(model.factors, plain.relations(model), published)

    assert plain.score_over_scipy(graphs, published, goals) == pytest.approx(
        plain.score(graphs, published, goals), abs=1e-12
    )


@settings(deadline=None)
@given(model=models(), parameters=parameter_sets)
def test_strengths_of_all_relations_at_once_are_those_of_each(model, parameters):
    network = compile_model(model)

    each = [strength(relation, parameters.scale) for relation in network.relations]
    assert network.strengths(parameters.scale).tolist() == pytest.approx(each, abs=1e-15)


@settings(max_examples=60, deadline=None)
@given(model=models(), parameters=parameter_sets)
def test_a_network_too_large_to_keep_paths_of_is_walked_anew_to_the_same_bits(model, parameters):
    kept = score(compile_model(model), parameters=parameters, selection=Selection())

    with pytest.MonkeyPatch.context() as small:
        small.setattr(frame, "KEPT_PATHS", -1)
        small.setattr(walks, "PATHS_A_BLOCK", 3)
        anew = score(compile_model(model), parameters=parameters, selection=Selection())

    assert anew.score.tolist() == kept.score.tolist()


@settings(max_examples=60, deadline=None)
@given(model=models(), parameters=parameter_sets, goals=goal_weights)
def test_a_network_ranked_before_gives_what_a_new_one_gives(model, parameters, goals):
    network = compile_model(model)
    score(network, parameters=parameters, selection=Selection())

    again = score(network, parameters=parameters, selection=Selection(goals=goals))

    new = score(compile_model(model), parameters=parameters, selection=Selection(goals=goals))
    assert again.score.tolist() == new.score.tolist()
