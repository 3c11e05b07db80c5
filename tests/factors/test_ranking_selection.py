"""Selections, ties, levers and reasons: what a reader of a ranking sees besides the score."""

from dataclasses import replace

import numpy as np
import pytest

from factors.evidence import Record
from factors.ranking import (
    PARAMETER_SETS,
    Factor,
    Model,
    Ranking,
    Selection,
    compile_model,
    parameter_set,
    rank,
)
from factors.ranking.ranks import average_ranks, competition_ranks, dense_ranks, keys
from tests.factors import golden

RIP = parameter_set("rip-2019", "published")


def ranking(model: Model, selection: Selection = Selection(), parameters=RIP) -> Ranking:  # noqa: B008
    return rank(compile_model(model), parameters=parameters, selection=selection)


def by_code(made: Ranking):
    return {factor.code: factor for factor in made.factors}


def small(*records: Record) -> Model:
    """Factors a, b, c towards goals g and h."""
    return Model(tuple(Factor(code, "risk", 0.2) for code in "abc"), ("g", "h"), records)


def link(origin: str, target: str, sign="+", **said) -> Record:
    return Record(origin, target, sign, "review", **said)


def test_a_view_filters_the_list_and_renumbers_it():
    whole = ranking(golden.MODEL)
    risks = ranking(golden.MODEL, Selection(kinds=("risk",)))

    assert [factor.code for factor in risks.factors] == ["distress", "bullied", "parent-ill"]
    assert [factor.dense_rank for factor in risks.factors] == [1, 2, 3]
    assert [f.score for f in risks.factors] == [by_code(whole)[f.code].score for f in risks.factors]
    assert risks.leader_is_most_connected is True


def test_an_induced_selection_is_a_model_of_its_own():
    made = ranking(golden.MODEL, Selection(kinds=("risk",), mode="induced"))

    without_others = Model(
        tuple(factor for factor in golden.FACTORS if factor.kind == "risk"),
        golden.MODEL.goals,
        tuple(r for r in golden.RECORDS if not {"skills", "parenting"} & {r.origin, r.target}),
    )
    assert made.factors == ranking(without_others).factors
    assert made.mode == "induced"
    assert by_code(made)["distress"].score < by_code(ranking(golden.MODEL))["distress"].score


def test_goal_weights_average_one_and_steer_the_order():
    schooled = ranking(golden.MODEL, Selection(goals={"school": 3, "mental": 1}))

    assert schooled.goals == (("mental", 0.5), ("school", 1.5))
    assert by_code(schooled)["parenting"].dense_rank < by_code(schooled)["distress"].dense_rank


def test_a_goal_that_is_not_named_does_not_count():
    schooled = ranking(golden.MODEL, Selection(goals={"school": 1}), parameter_set("five-elements-2023", "published"))

    assert schooled.goals == (("school", 1.0),)
    assert by_code(schooled)["distress"].elements[0].raw == 0


def test_equal_factors_share_a_rank_in_order_of_code():
    made = ranking(small(link("b", "g"), link("a", "g"), link("c", "g"), link("c", "h")))

    assert [(f.code, f.dense_rank, f.competition_rank) for f in made.factors] == [
        ("c", 1, 1),
        ("a", 2, 2),
        ("b", 2, 2),
    ]


def test_dense_ranks_count_groups_and_competition_ranks_count_factors():
    # the shape of the published list of 17: groups of 1, 3, 3, 2 and 8
    values = [9.0] + [7.0] * 3 + [5.0] * 3 + [4.0] * 2 + [1.0] * 8

    assert dense_ranks(values).tolist() == [1] + [2] * 3 + [3] * 3 + [4] * 2 + [5] * 8
    assert competition_ranks(values).tolist() == [1] + [2] * 3 + [5] * 3 + [8] * 2 + [10] * 8
    assert average_ranks(values).tolist() == [1] + [3] * 3 + [6] * 3 + [8.5] * 2 + [13.5] * 8


def test_scores_that_differ_beyond_the_sixth_digit_are_equal():
    compared = keys(np.array([0.1234561, 0.1234564, 0.12346]), 6)

    assert dense_ranks(compared).tolist() == [2, 2, 1]


@pytest.mark.parametrize(
    ("records", "lever"),
    [
        ([link("a", "g")], "strengthen"),
        ([link("a", "g", "-")], "reduce"),
        ([link("a", "g"), link("a", "h", "-")], "mixed"),
        # a path: less of b, which harms the goal
        ([link("a", "b", "-", causal=True), link("b", "g", "-")], "strengthen"),
        ([link("a", "b", causal=True), link("b", "g", "-")], "reduce"),
        # findings without size that contradict each other point nowhere
        ([link("a", "g"), link("a", "g", "-")], "mixed"),
    ],
)
def test_the_lever_is_the_way_that_helps_the_goals(records, lever):
    for parameters in PARAMETER_SETS:
        assert by_code(ranking(small(*records), parameters=parameters))["a"].lever == lever


def test_a_lesser_side_of_a_fifth_makes_the_lever_mixed():
    four = [link("a", goal) for goal in ("g1", "g2", "g3", "g4")]
    goals = ("g1", "g2", "g3", "g4", "g5", "g6")

    def lever(*records: Record) -> str:
        return by_code(ranking(Model((Factor("a", "risk"),), goals, records)))["a"].lever

    assert lever(*four, link("a", "g5", "-")) == "mixed"
    assert lever(*four, link("a", "g6"), link("a", "g5", "-")) == "strengthen"


def test_a_factor_tied_to_nothing_selected_is_unranked_and_says_why():
    model = small(link("a", "g"), link("b", "h"), link("b", "c"))

    made = ranking(model, Selection(goals={"g": 1}))

    assert [(factor.code, factor.reason, factor.connections) for factor in made.unranked] == [
        ("b", "not-tied", 1),
        ("c", "not-tied", 1),
    ]


def test_prevalence_alone_never_ranks():
    model = Model((Factor("a", "risk", 1.0), Factor("b", "risk", 0.0)), ("g",), (link("b", "g"),))

    made = ranking(model)

    assert [factor.code for factor in made.factors] == ["b"]


def test_an_association_counts_for_both_ends_only_as_published():
    model = small(link("a", "b"), link("a", "g"))

    assert by_code(ranking(model))["b"].elements[1].raw == 1
    assert "b" not in by_code(ranking(model, parameters=parameter_set("rip-2019", "extended")))


def test_a_term_names_the_relation_it_comes_from_even_backwards():
    model = small(link("a", "b"), link("a", "g"))

    (term,) = by_code(ranking(model))["b"].elements[1].terms

    assert (term.target, term.relations, term.sign) == ("a", (("a", "b"),), 1)
    assert term.flags == ("effect-missing",)


def test_the_leader_is_compared_with_every_factor_listed():
    # b knows both others but none of them is tied to the selected goal
    model = small(link("a", "g"), link("b", "c"), link("b", "h"), link("c", "h"))

    assert ranking(model).leader_is_most_connected is True
    assert ranking(model, Selection(goals={"g": 1})).leader_is_most_connected is False


@pytest.mark.parametrize("parameters", PARAMETER_SETS, ids=lambda each: f"{each.method}/{each.name}")
def test_a_model_of_many_separate_parts_ranks_each_as_if_alone(parameters):
    parts = [f"part-{number:03d}-" for number in range(200)]
    many = Model(
        factors=tuple(replace(factor, code=part + factor.code) for part in parts for factor in golden.FACTORS),
        goals=golden.MODEL.goals,
        records=tuple(
            replace(record, origin=part + record.origin, target=_within(part, record.target))
            for part in parts
            for record in golden.RECORDS
        ),
    )

    alone = by_code(ranking(golden.MODEL, parameters=parameters))
    together = by_code(ranking(many, parameters=parameters))

    assert together.keys() == {part + code for part in parts for code in alone}
    for part in parts:
        for code, factor in alone.items():
            found = together[part + code]
            assert (found.score, found.lever, found.dense_rank) == (factor.score, factor.lever, factor.dense_rank)


def _within(part: str, target: str) -> str:
    return target if target in golden.MODEL.goals else part + target
