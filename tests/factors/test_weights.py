"""The smallest change of weights that dethrones number 1: ranking.md §2.8."""

from dataclasses import replace

import numpy as np
import orjson
import pytest
from hypothesis import strategies as st
from scipy.optimize import linprog

from bench.networks import public_model
from factors.evidence import Record
from factors.ranking import (
    PARAMETER_SETS,
    Factor,
    LocalData,
    LocalFigure,
    Model,
    Selection,
    compile_model,
    parameter_set,
    score,
)
from factors.ranking.model import EmptySelection
from factors.ranking.weights import nearest_l1, nearest_l2, weight_flips
from tests.factors import golden
from tests.factors.strategies import for_all, models, parameter_sets

ALL = Selection()
NETWORK = compile_model(golden.MODEL)
simplex = st.lists(st.floats(0.01, 1), min_size=3, max_size=6).map(lambda w: np.array(w) / sum(w))


@for_all(model=models(), parameters=parameter_sets)
def test_the_new_weights_do_lift_the_challenger(model, parameters):
    network = compile_model(model)
    if not score(network, parameters=parameters, selection=ALL).ranked.any():
        return

    told = weight_flips(network, parameters=parameters, selection=ALL)

    for challenge in told.challenges:
        for change in (challenge.l1, challenge.l2):
            if change:
                weights = dict(change.weights)
                assert change.challenger_score >= change.leader_score - 1e-9
                assert min(weights.values()) >= 0
                assert sum(weights.values()) == pytest.approx(1, abs=1e-12)
        assert (challenge.l1 is None) == (challenge.l2 is None)
        if challenge.l1 and challenge.l2:
            assert challenge.l1.distance <= sum(abs(dict(challenge.l2.weights)[n] - w) for n, w in told.weights) + 1e-9
            assert challenge.l2.distance <= np.linalg.norm(
                [dict(challenge.l1.weights)[n] - w for n, w in told.weights]
            ) + 1e-9  # fmt: skip


@for_all(weights=simplex, data=st.data())
def test_no_other_weights_that_do_it_lie_nearer(weights, data):
    size = len(weights)
    gain = np.array(data.draw(st.lists(st.integers(-20, 20), min_size=size, max_size=size)), dtype=float) / 20
    if weights @ gain >= 0:
        return
    tried = np.random.default_rng(0).dirichlet(np.ones(size), 2000)
    tried = np.concatenate([tried, np.eye(size)])
    tried = tried[tried @ gain >= 0]

    l1, l2 = nearest_l1(weights, gain), nearest_l2(weights, gain)

    if l1 is None or l2 is None:
        assert l1 is l2 is None
        assert not len(tried)
        return
    assert np.abs(l1 - weights).sum() == pytest.approx(by_linear_programme(weights, gain), abs=1e-7)
    assert np.abs(l1 - weights).sum() <= np.abs(tried - weights).sum(axis=1).min() + 1e-9
    assert np.linalg.norm(l2 - weights) <= np.linalg.norm(tried - weights, axis=1).min() + 1e-9


def by_linear_programme(weights, gain):
    size, unit = len(weights), np.eye(len(weights))
    return linprog(
        np.concatenate([np.zeros(size), np.ones(size)]),  # the second half bounds |v - weights| from above
        A_ub=np.block([[unit, -unit], [-unit, -unit], [-gain[None, :], np.zeros((1, size))]]),
        b_ub=np.concatenate([weights, -weights, [0.0]]),
        A_eq=np.concatenate([np.ones((1, size)), np.zeros((1, size))], axis=1),
        b_eq=[1.0],
    ).fun


def test_by_hand_for_two_elements():
    """Ahead by .3 on what weighs .6, behind by .3 on what weighs .4: level at one half each."""
    weights, gain = np.array([0.6, 0.4]), np.array([-0.3, 0.3])

    assert nearest_l1(weights, gain) == pytest.approx([0.5, 0.5])
    assert nearest_l2(weights, gain) == pytest.approx([0.5, 0.5])


def test_distress_passes_skills_when_impact_weighs_more():
    published = parameter_set("rip-2019", "published")

    told = weight_flips(NETWORK, parameters=published, selection=ALL)

    assert (told.leader, told.nearest_l1) == ("skills", "distress")
    change = told.challenges[0].l1
    # distress minus skills: -1/6 relevance, +2/15 impact, -.27 prevalence; take from what loses most
    by_hand = 0.067333 / (0.133333 + 0.27) * 2
    assert change.distance == pytest.approx(by_hand, abs=1e-5)
    assert change.leader_score == pytest.approx(change.challenger_score, abs=1e-12)


def test_who_is_behind_on_everything_cannot_be_helped():
    leader = Record("a", "g", "+", "meta-analysis", True, True, True, "r", 0.3)
    model = Model((Factor("a", "risk"), Factor("b", "risk")), ("g",), (leader, Record("b", "g", "+", "review")))
    five = parameter_set("five-elements-2023", "published")
    without_ties = replace(five, weights=tuple((n, 0.0 if n == "network" else w) for n, w in five.weights))

    told = weight_flips(compile_model(model), parameters=without_ties, selection=ALL)

    # nobody has points for the network, so weighing only that makes all equal at nothing
    assert told.challenges[0].l1.distance == pytest.approx(2.0)
    rip = weight_flips(
        compile_model(replace(model, factors=(Factor("a", "risk", 0.5), Factor("b", "risk", 0.1)))),
        parameters=parameter_set("rip-2019", "extended"),
        selection=ALL,
    )
    assert dict(rip.challenges[0].l2.weights) == pytest.approx({"relevance": 0, "impact": 1, "prevalence": 0})


def test_impossible_is_said():
    assert nearest_l1(np.array([0.5, 0.5]), np.array([-0.1, -0.2])) is None
    assert nearest_l2(np.array([0.5, 0.5]), np.array([-0.1, -0.2])) is None


@pytest.mark.parametrize("parameters", PARAMETER_SETS, ids=lambda each: f"{each.method}/{each.name}")
def test_the_leader_of_the_public_model_can_be_passed(parameters):
    told = weight_flips(compile_model(public_model()), parameters=parameters, selection=ALL)

    assert told.nearest_l1 and told.nearest_l2
    assert len(told.challenges) > 60
    assert orjson.loads(orjson.dumps(told))["leader"] == told.leader


def test_the_weight_of_local_data_changes_too():
    five = parameter_set("five-elements-2023", "published")
    local = LocalData("WK059901", (LocalFigure("parenting", 0.0), LocalFigure("skills", 1.0)), weight=0.2)

    told = weight_flips(NETWORK, parameters=five, selection=ALL, local=local, challengers=None)

    (parenting,) = (c for c in told.challenges if c.challenger == "parenting")
    assert dict(parenting.l1.weights)["local"] > dict(told.weights)["local"]
    assert parenting.l1.leader_score == pytest.approx(parenting.l1.challenger_score, abs=1e-12)


def test_nobody_ranked_nobody_dethroned():
    with pytest.raises(EmptySelection):
        weight_flips(
            compile_model(Model((Factor("a", "risk"),), ("g",), ())), parameters=PARAMETER_SETS[0], selection=ALL
        )
