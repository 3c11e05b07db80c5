"""What cannot be ranked is refused by name."""

from dataclasses import replace

import pytest

from factors.evidence import Record
from factors.ranking import (
    Factor,
    LocalData,
    LocalFigure,
    Model,
    Selection,
    compile_model,
    parameter_set,
    rank,
)
from factors.ranking.model import (
    AllWeightsZero,
    DuplicateCode,
    EmptySelection,
    GapNotInMethod,
    GoalAsOrigin,
    InvalidWeight,
    ShareOutOfRange,
    UnknownCode,
    UnknownGoal,
    UnknownKind,
    UnknownMode,
)
from factors.ranking.parameters import InvalidDepth, UnknownParameterSet
from tests.factors import golden

NETWORK = compile_model(golden.MODEL)
RIP = parameter_set("rip-2019", "published")


@pytest.mark.parametrize(
    ("selection", "error"),
    [
        ({"goals": {"happiness": 1}}, UnknownGoal),
        ({"goals": {"school": -1}}, InvalidWeight),
        ({"goals": {"school": float("nan")}}, InvalidWeight),
        ({"goals": {"school": 0, "mental": 0}}, AllWeightsZero),
        ({"goals": {}}, EmptySelection),
        ({"life_phases": ("old-age",)}, EmptySelection),
        ({"life_domains": ("digital",), "mode": "induced"}, EmptySelection),
    ],
)
def test_a_selection_that_means_nothing_is_refused(selection, error):
    with pytest.raises(error):
        rank(NETWORK, parameters=RIP, selection=Selection(**selection))


def test_a_model_without_goals_cannot_be_ranked():
    network = compile_model(Model((Factor("debts", "risk"),), (), ()))

    with pytest.raises(EmptySelection):
        rank(network, parameters=RIP, selection=Selection())


def test_an_unknown_mode_is_refused():
    with pytest.raises(UnknownMode):
        Selection(mode="fresh")


@pytest.mark.parametrize("share", [20, 1.01, -0.1, float("nan")])
def test_a_percentage_where_a_fraction_belongs_is_refused(share):
    with pytest.raises(ShareOutOfRange):
        Factor("debts", "risk", share)
    with pytest.raises(ShareOutOfRange):
        LocalFigure("debts", share)
    with pytest.raises(ShareOutOfRange):
        LocalFigure("debts", 0.1, reference=share)


def test_a_factor_kind_of_another_vocabulary_is_refused():
    with pytest.raises(UnknownKind):
        Factor("skills", "strengthening")


@pytest.mark.parametrize(
    ("origin", "target", "error"),
    [
        ("school", "skills", GoalAsOrigin),
        ("skills", "happiness", UnknownCode),
        ("luck", "school", UnknownCode),
    ],
)
def test_a_record_between_impossible_ends_is_refused(origin, target, error):
    with pytest.raises(error):
        Model(golden.FACTORS, ("school", "mental"), (Record(origin, target, "+", "review"),))


@pytest.mark.parametrize("goals", [("school", "school"), ("school", "skills")])
def test_a_code_names_one_thing_only(goals):
    with pytest.raises(DuplicateCode):
        Model(golden.FACTORS, goals, ())


@pytest.mark.parametrize(
    ("weights", "error"),
    [((("relevance", -1.0), ("impact", 1.0)), InvalidWeight), ((("relevance", 0.0),), AllWeightsZero)],
)
def test_element_weights_are_checked(weights, error):
    with pytest.raises(error):
        replace(RIP, weights=weights)


@pytest.mark.parametrize("paths", [{"depth": 0}, {"depth": 2}, {"depth": 2, "damping": 1.0}])
def test_paths_need_a_depth_and_a_damping(paths):
    with pytest.raises(InvalidDepth):
        replace(RIP, **paths)


def test_an_unknown_parameter_set_is_refused():
    with pytest.raises(UnknownParameterSet):
        parameter_set("rip-2019", "secret")


def test_local_figures_must_make_sense():
    figure = LocalFigure("distress", 0.2)

    with pytest.raises(InvalidWeight):
        LocalData("WK059901", (figure,), weight=-0.2)
    with pytest.raises(DuplicateCode):
        LocalData("WK059901", (figure, figure))
    with pytest.raises(UnknownCode):
        rank(
            NETWORK,
            parameters=RIP,
            selection=Selection(),
            local=LocalData("WK059901", (LocalFigure("luck", 0.5),)),
        )
    with pytest.raises(GapNotInMethod):
        rank(NETWORK, parameters=RIP, selection=Selection(), local=LocalData("WK059901", (figure,), form="gap"))
