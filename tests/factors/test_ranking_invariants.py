"""What holds for every model: the invariants of ranking.md §4 (their numbers in the comments)."""

import os
import subprocess
import sys
from dataclasses import replace
from math import fsum

import networkx as nx
import orjson
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from factors.evidence import Record
from factors.ranking import (
    PARAMETER_SETS,
    Factor,
    Model,
    Parameters,
    Ranking,
    Selection,
    compile_model,
    parameter_set,
    rank,
)
from factors.ranking.graph import graph_of
from tests.factors.strategies import (
    FACTORS,
    GOALS,
    factors,
    findings,
    for_all,
    models,
    parameter_sets,
    weights,
    with_records,
)

ALL = Selection()
ROUNDING = 1e-12


def ranking(model: Model, parameters: Parameters, selection: Selection = ALL) -> Ranking:
    return rank(compile_model(model), parameters=parameters, selection=selection)


def scores(model: Model, parameters: Parameters, selection: Selection = ALL) -> dict[str, float]:
    made = ranking(model, parameters, selection)
    return dict.fromkeys((factor.code for factor in made.unranked), 0.0) | {
        factor.code: factor.score for factor in made.factors
    }


def turned(record: Record) -> Record:
    return replace(record, sign="-" if record.sign == "+" else "+")


@for_all(model=models(), parameters=parameter_sets)
def test_scores_lie_between_nothing_and_one(model, parameters):  # 1
    made = ranking(model, parameters)

    assert all(0 <= factor.score <= 1 for factor in made.factors)
    assert len(made.factors) + len(made.unranked) == len(model.factors)


@for_all(model=models(), parameters=parameter_sets)
def test_points_add_up_to_the_score(model, parameters):  # 2
    for factor in ranking(model, parameters).factors:
        terms = [term for element in factor.elements for term in element.terms]

        assert fsum(term.points for term in terms) == pytest.approx(factor.score, abs=ROUNDING)
        assert all(term.points >= 0 for term in terms)
        for element in factor.elements:
            assert fsum(term.points for term in element.terms) == pytest.approx(element.points, abs=ROUNDING)


@for_all(model=models(), parameters=parameter_sets, new=findings())
def test_evidence_on_a_new_pair_lowers_nobody(model, parameters, new):  # 3
    known = {(record.origin, record.target) for record in model.records}
    assume(new.significant is not False and (new.origin, new.target) not in known)

    before, after = scores(model, parameters), scores(with_records(model, [*model.records, new]), parameters)

    assert all(after[code] >= before[code] - ROUNDING for code in before)


@for_all(model=models(), parameters=parameter_sets, chosen=st.data())
def test_learning_of_cause_or_sequence_never_lowers_the_origin(model, parameters, chosen):  # 4
    assume(model.records)
    at = chosen.draw(st.integers(0, len(model.records) - 1))
    quality = chosen.draw(st.sampled_from(["causal", "sequence"]))
    records = list(model.records)
    records[at] = replace(records[at], **{quality: True})

    before, after = scores(model, parameters), scores(with_records(model, records), parameters)

    origin = records[at].origin
    assert after[origin] >= before[origin] - ROUNDING


def test_a_target_may_lose_when_an_association_proves_to_be_a_cause():  # 4, intended
    association = Record("a", "b", "+", "review")
    tied = (Record("a", "g", "+", "review"), Record("b", "g", "+", "review"))
    model = Model((Factor("a", "risk"), Factor("b", "risk")), ("g",), (association, *tied))
    published = parameter_set("rip-2019", "published")

    before = scores(model, published)
    after = scores(with_records(model, (replace(association, causal=True), *tied)), published)

    assert after["a"] == before["a"]
    assert after["b"] < before["b"]


@for_all(model=models(), parameters=parameter_sets, name=st.sampled_from(["a-lonely", "z-lonely"]), data=st.data())
def test_an_isolated_factor_changes_nothing_for_others(model, parameters, name, data):  # 6
    lonely = data.draw(factors(name))

    with_it = ranking(replace(model, factors=(*model.factors, lonely)), parameters)
    without = ranking(model, parameters)

    assert with_it.factors == without.factors
    assert [factor for factor in with_it.unranked if factor.code != name] == list(without.unranked)
    assert name in {factor.code for factor in with_it.unranked}


@for_all(model=models(), parameters=parameter_sets, removed=st.sampled_from(FACTORS))
def test_removing_a_factor_leaves_those_without_a_path_to_it_alone(model, parameters, removed):  # 7
    linked = nx.Graph()
    linked.add_nodes_from(FACTORS)
    linked.add_edges_from((r.origin, r.target) for r in model.records if r.target in FACTORS)
    apart = set(FACTORS) - nx.node_connected_component(linked, removed)
    assume(apart)
    left = replace(
        model,
        factors=tuple(factor for factor in model.factors if factor.code != removed),
        records=tuple(record for record in model.records if removed not in (record.origin, record.target)),
    )

    before, after = scores(model, parameters), scores(left, parameters)

    assert {code: after[code] for code in apart} == {code: before[code] for code in apart}


@for_all(model=models(), parameters=parameter_sets, names=st.permutations([*FACTORS, *GOALS]))
def test_other_names_give_the_same_scores(model, parameters, names):  # 8
    called = {code: f"renamed-{name}" for code, name in zip([*FACTORS, *GOALS], names, strict=True)}
    renamed = Model(
        factors=tuple(replace(factor, code=called[factor.code]) for factor in model.factors),
        goals=tuple(called[goal] for goal in model.goals),
        records=tuple(replace(r, origin=called[r.origin], target=called[r.target]) for r in model.records),
    )

    after = scores(renamed, parameters)

    expected = {called[code]: score for code, score in scores(model, parameters).items()}
    assert after == pytest.approx(expected, abs=ROUNDING)


@for_all(model=models(), parameters=parameter_sets, order=st.randoms())
def test_the_same_input_in_any_order_gives_the_same_bytes(model, parameters, order):  # 8, 16
    parts = [list(part) for part in (model.factors, model.goals, model.records)]
    for part in parts:
        order.shuffle(part)
    shuffled = Model(*(tuple(part) for part in parts))

    assert orjson.dumps(ranking(shuffled, parameters)) == orjson.dumps(ranking(model, parameters))


def test_other_processes_and_hash_seeds_give_the_same_bytes():  # 16
    program = (
        "import orjson, sys\n"
        "from factors.ranking import PARAMETER_SETS, Selection, compile_model, rank\n"
        "from tests.factors.golden import MODEL\n"
        "network = compile_model(MODEL)\n"
        "for each in PARAMETER_SETS:\n"
        "    made = rank(network, parameters=each, selection=Selection())\n"
        "    sys.stdout.buffer.write(orjson.dumps(made))\n"
    )

    def run(seed: str) -> bytes:
        surroundings = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", program]
        return subprocess.run(command, env=surroundings, capture_output=True, check=True).stdout

    assert run("1") == run("2") != b""


@for_all(model=models(), parameters=parameter_sets, looping=st.sampled_from(FACTORS))
def test_copies_and_self_loops_change_nothing(model, parameters, looping):  # 9
    loop = Record(looping, looping, "+", "meta-analysis", True, True, True, "r", 0.9)

    more = with_records(model, [*model.records, *model.records, loop])

    assert ranking(more, parameters) == ranking(model, parameters)


@for_all(
    model=models(),
    parameters=parameter_sets,
    goals=st.dictionaries(st.sampled_from(GOALS), weights, min_size=1),
    times=weights,
)
def test_only_the_ratio_of_weights_matters(model, parameters, goals, times):  # 10
    more_goals = Selection(goals={goal: weight * times for goal, weight in goals.items()})
    more = replace(parameters, weights=tuple((name, weight * times) for name, weight in parameters.weights))

    expected = scores(model, parameters, Selection(goals=goals))

    assert scores(model, parameters, more_goals) == pytest.approx(expected, abs=ROUNDING)
    assert scores(model, more, Selection(goals=goals)) == pytest.approx(expected, abs=ROUNDING)


@for_all(model=models(), parameters=parameter_sets, element=st.integers(0, 4))
def test_an_element_without_weight_has_no_points(model, parameters, element):  # 11
    name = parameters.weights[element % len(parameters.weights)][0]
    without = replace(parameters, weights=tuple((n, 0.0 if n == name else w) for n, w in parameters.weights))

    for factor in ranking(model, without).factors:
        (silent,) = (part for part in factor.elements if part.name == name)
        assert (silent.points, silent.terms) == (0, ())


@for_all(model=models(), prevalence=st.none() | st.floats(0, 1), name=st.sampled_from(["published", "extended"]))
def test_prevalence_without_weight_cannot_change_a_score(model, prevalence, name):  # 11
    without = replace(
        parameter_set("rip-2019", name), weights=(("relevance", 1.0), ("impact", 1.0), ("prevalence", 0.0))
    )
    other = replace(model, factors=tuple(replace(factor, prevalence=prevalence) for factor in model.factors))

    assert scores(other, without) == scores(model, without)


@for_all(model=models(), parameters=parameter_sets)
def test_turning_every_sign_changes_no_score(model, parameters):  # 12
    other_way = with_records(model, [turned(record) for record in model.records])

    assert scores(other_way, parameters) == scores(model, parameters)


@for_all(model=models(), parameters=parameter_sets, recoded=st.sampled_from(FACTORS))
def test_recoding_a_factor_to_its_opposite_turns_its_lever_and_no_score(model, parameters, recoded):  # 12
    opposite = Model(
        factors=tuple(_opposite(factor) if factor.code == recoded else factor for factor in model.factors),
        goals=model.goals,
        records=tuple(turned(r) if (r.origin == recoded) != (r.target == recoded) else r for r in model.records),
    )
    other = {"reduce": "strengthen", "strengthen": "reduce", "mixed": "mixed"}

    before, after = ranking(model, parameters), ranking(opposite, parameters)

    assert scores(opposite, parameters) == pytest.approx(scores(model, parameters), abs=ROUNDING)
    levers = {factor.code: factor.lever for factor in before.factors}
    levers |= {recoded: other[levers[recoded]]} if recoded in levers else {}
    assert {factor.code: factor.lever for factor in after.factors} == levers


def _opposite(factor: Factor) -> Factor:
    share = None if factor.prevalence is None else 1 - factor.prevalence
    return replace(factor, kind="protective" if factor.kind == "risk" else "risk", prevalence=share)


@for_all(model=models(), parameters=parameter_sets, phase=st.sampled_from(["adolescence", "pregnancy"]))
def test_listing_fewer_factors_changes_no_score(model, parameters, phase):  # 13
    kept = {factor.code for factor in model.factors if phase in factor.life_phases}
    assume(kept)

    listed = scores(model, parameters, Selection(life_phases=(phase,)))

    assert listed == {code: score for code, score in scores(model, parameters).items() if code in kept}


@for_all(model=models(), parameters=parameter_sets)
def test_dense_ranks_have_no_gaps_and_competition_ranks_are_no_lower(model, parameters):  # 13
    made = ranking(model, parameters).factors

    dense = [factor.dense_rank for factor in made]
    assert dense == sorted(dense)
    assert sorted(set(dense)) == list(range(1, len(set(dense)) + 1))
    assert all(factor.competition_rank >= factor.dense_rank for factor in made)


@for_all(model=models(), parameters=parameter_sets)
def test_a_goal_without_weight_is_a_goal_that_is_not_there(model, parameters):  # 14
    smaller = replace(
        model, goals=GOALS[1:], records=tuple(record for record in model.records if record.target != GOALS[0])
    )
    others = Selection(goals=dict.fromkeys(GOALS[1:], 1.0) | {GOALS[0]: 0.0})

    assert scores(model, parameters, others) == pytest.approx(scores(smaller, parameters), abs=ROUNDING)


@for_all(
    model=models(),
    method=st.sampled_from(["rip-2019", "five-elements-2023"]),
    damping=st.tuples(st.floats(0.05, 0.95), st.floats(0.05, 0.95)),
    depth=st.tuples(st.integers(1, 4), st.integers(1, 4)),
)
def test_longer_or_less_damped_paths_lower_no_score(model, method, damping, depth):  # 15
    extended = parameter_set(method, "extended")
    less = replace(extended, depth=min(depth), damping=min(damping))
    more = replace(extended, depth=max(depth), damping=max(damping))

    before, after = scores(model, less), scores(model, more)

    assert all(after[code] >= before[code] - ROUNDING for code in before)


@for_all(model=models(), parameters=parameter_sets)
def test_paths_of_one_step_are_the_relations_themselves(model, parameters):  # 15
    graph = graph_of(compile_model(model), parameters=replace(parameters, depth=1), goals=dict.fromkeys(GOALS, 1.0))

    (paths,) = graph.paths()
    assert paths.value.tolist() == graph.walked.strength.tolist()
    assert paths.target.tolist() == graph.walked.target.tolist()


@pytest.mark.parametrize("parameters", PARAMETER_SETS, ids=lambda each: f"{each.method}/{each.name}")
def test_tested_and_not_found_ranks_nobody(parameters):  # 5
    nothing = Record("a", "g", "+", "meta-analysis", True, True, significant=False)
    in_a_review = replace(nothing, evidence_type="review", significant=True)
    model = Model((Factor("a", "risk", 0.9),), ("g",), (nothing, in_a_review))

    made = ranking(model, parameters)

    assert made.factors == ()
    assert [factor.reason for factor in made.unranked] == ["tested-not-found"]
    assert made.leader_is_most_connected is None
