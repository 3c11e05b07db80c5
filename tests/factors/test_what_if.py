"""What moves when something changes, and why: ranking.md §2.7, §2.9."""

from dataclasses import replace
from math import fsum

import orjson
import pytest
from hypothesis import strategies as st

from bench.networks import public_model
from factors.evidence import Record
from factors.ranking import (
    PARAMETER_SETS,
    Factor,
    LocalData,
    LocalFigure,
    Selection,
    compile_model,
    parameter_set,
    rank,
)
from factors.ranking.difference import STEPS, difference
from factors.ranking.model import AllWeightsZero, ShareOutOfRange
from factors.ranking.standing import Inputs, standings
from factors.ranking.what_if import Changes, ChangeWithoutEffect, UnknownChange, apply, source_influence, what_if
from tests.factors import golden
from tests.factors.strategies import FACTORS, for_all, models, parameter_sets

RIP = parameter_set("rip-2019", "published")
FIVE = parameter_set("five-elements-2023", "published")
CODED = replace(
    golden.MODEL,
    records=tuple(replace(r, code=f"e{at}", source=f"s{at % 4}") for at, r in enumerate(golden.RECORDS, 1)),
)
GOLDEN = Inputs(CODED, FIVE)


def moved(made):
    return {move.code: (move.old_dense_rank, move.new_dense_rank) for move in made.moves if move.moved}


@for_all(model=models(), parameters=parameter_sets)
def test_standings_are_those_of_the_ranking(model, parameters):
    made = rank(compile_model(model), parameters=parameters, selection=Selection())

    stood = standings(Inputs(model, parameters))

    assert [(code, s.score, s.dense_rank, s.competition_rank) for code, s in stood.items()] == [
        (f.code, f.score, f.dense_rank, f.competition_rank) for f in made.factors
    ]


@for_all(model=models(), parameters=parameter_sets)
def test_changing_nothing_moves_nobody(model, parameters):
    made = what_if(Inputs(model, parameters), Changes())

    assert not any(move.moved or move.old_score != move.new_score for move in made.moves)
    assert orjson.dumps(made)


def test_without_its_goals_the_leader_falls():
    made = what_if(GOLDEN, Changes(without_relations=(("skills", "school"), ("skills", "mental"))))

    assert made.ranking.factors[0].code == "bullied"
    (skills,) = (move for move in made.moves if move.code == "skills")
    assert skills.old_dense_rank == 1 < skills.new_dense_rank
    assert skills.new_score < skills.old_score


def test_without_the_only_evidence_a_factor_falls_out():
    made = what_if(GOLDEN, Changes(without_records=("e12", "e4")))

    (parenting,) = (move for move in made.moves if move.code == "parenting")
    assert (parenting.old_dense_rank, parenting.new_dense_rank, parenting.new_score) == (5, None, 0.0)
    assert made.moves[-1] == parenting


def test_another_effect_changes_the_score():
    made = what_if(GOLDEN, Changes(effects={"e11": 0.05}))

    (bullied,) = (move for move in made.moves if move.code == "bullied")
    assert bullied.new_score < bullied.old_score
    assert moved(made) == {}


def test_goal_and_element_weights_and_shares_change():
    rip = Inputs(CODED, RIP)

    assert moved(what_if(rip, Changes(goals={"school": 1.0}))) != {}
    prevalence = what_if(rip, Changes(elements={"relevance": 0.0, "impact": 0.0}))
    assert [f.code for f in prevalence.ranking.factors][:3] == ["skills", "parent-ill", "parenting"]
    more = what_if(rip, Changes(prevalences={"bullied": 0.9}))
    assert more.ranking.factors[0].code == "bullied"
    unknown = what_if(rip, Changes(prevalences={"bullied": None}))
    assert "prevalence-missing" in {f.code: f for f in unknown.ranking.factors}["bullied"].flags


def test_a_local_value_changes():
    local = LocalData("WK059901", (LocalFigure("distress", 0.1),))

    made = what_if(Inputs(CODED, RIP, Selection(), local), Changes(local={"distress": 0.9, "bullied": 0.2}))

    assert made.ranking.with_local_data
    assert made.ranking.factors[0].code == "distress"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (Changes(without_sources=("nobody-1999",)), UnknownChange),
        (Changes(without_relations=(("skills", "isolated"),)), UnknownChange),
        (Changes(without_records=("e99",)), UnknownChange),
        (Changes(effects={"e99": 1.0}), UnknownChange),
        (Changes(effects={"e6": 1.0}), ChangeWithoutEffect),
        (Changes(elements={"beauty": 1.0}), UnknownChange),
        (
            Changes(elements=dict.fromkeys(("goals", "network", "causal", "sequence", "significant"), 0.0)),
            AllWeightsZero,
        ),
        (Changes(prevalences={"skills": 60.0}), ShareOutOfRange),
        (Changes(local={"skills": 0.6}), UnknownChange),
    ],
)
def test_changes_that_make_no_sense_are_refused(wrong, why):
    with pytest.raises(why):
        what_if(GOLDEN, wrong)


@for_all(model=models(), parameters=parameter_sets)
def test_the_influence_of_a_source_is_what_leaving_it_out_does(model, parameters):
    inputs = Inputs(model, parameters)

    told = {each.source: each for each in source_influence(inputs)}

    for source in {record.source for record in model.records if record.source and record.origin != record.target}:
        made = what_if(inputs, Changes(without_sources=(source,)))
        first = {code for code, s in standings(inputs).items() if s.competition_rank <= 10}
        expected = {move.code: move for move in made.moves if move.moved and move.code in first}
        found = {move.code: move for move in told[source].moves} if source in told else {}
        assert found == expected


def test_some_studies_carry_the_top_of_the_public_model():
    told = source_influence(Inputs(public_model(), FIVE))

    assert told
    assert [each.influence for each in told] == sorted((each.influence for each in told), reverse=True)
    assert all(each.moves for each in told)
    assert orjson.dumps(told)


@for_all(one=models(), other=models(), sets=st.tuples(parameter_sets, parameter_sets), chosen=st.sampled_from(FACTORS))
def test_the_parts_of_a_move_add_up(one, other, sets, chosen):
    local = LocalData("WK059901", (LocalFigure(chosen, 0.7, 0.4),), weight=0.3)
    before, after = Inputs(one, sets[0], Selection(goals={"g0": 1.0})), Inputs(other, sets[1], Selection(), local)

    told = difference(before, after)

    old, new = standings(before), standings(after)
    for factor in told.factors:
        scores = [stood[factor.code].score if factor.code in stood else 0.0 for stood in (old, new)]
        assert factor.change == scores[1] - scores[0]
        assert fsum(part for _, part in factor.parts) + factor.code_part == pytest.approx(factor.change, abs=1e-12)
        assert factor.code_part == 0
        assert factor.dense_ranks[0] == (old[factor.code].dense_rank if factor.code in old else None)
        assert factor.dense_ranks[-1] == (new[factor.code].dense_rank if factor.code in new else None)
    assert {factor.code for factor in told.factors} >= old.keys() | new.keys()


WITHOUT_DISTRESS = replace(
    golden.MODEL,
    factors=tuple(factor for factor in golden.FACTORS if factor.code != "distress"),
    records=tuple(record for record in golden.RECORDS if "distress" not in (record.origin, record.target)),
)


@pytest.mark.parametrize(
    ("step", "after"),
    [
        ("evidence", Inputs(replace(golden.MODEL, records=golden.RECORDS[1:]), RIP)),
        ("model", Inputs(WITHOUT_DISTRESS, RIP)),
        (
            "data",
            Inputs(replace(golden.MODEL, factors=(*golden.FACTORS[:-2], Factor("bullied", "risk", 0.8),
                                                  golden.FACTORS[-1])), RIP),
        ),
        ("data", Inputs(golden.MODEL, RIP, Selection(), LocalData("WK059901", (LocalFigure("bullied", 0.8),)))),
        ("weights", Inputs(golden.MODEL, RIP, Selection(goals={"school": 1.0}))),
        ("weights", Inputs(golden.MODEL, parameter_set("rip-2019", "extended"))),
        ("method", Inputs(golden.MODEL, FIVE)),
    ],
)  # fmt: skip
def test_a_move_is_put_down_to_what_changed(step, after):
    told = difference(Inputs(golden.MODEL, RIP), after)

    assert told.changed == (step,)
    assert any(factor.change for factor in told.factors)
    for factor in told.factors:
        assert [part for name, part in factor.parts if name != step] == [0] * (len(STEPS) - 1)
    assert orjson.dumps(told)


def test_new_code_is_told_from_new_inputs():
    stored = {"skills": 0.35, "distress": 0.292667}

    told = difference(Inputs(golden.MODEL, RIP), Inputs(golden.MODEL, RIP), stored_before=stored)

    (skills,) = (factor for factor in told.factors if factor.code == "skills")
    assert skills.code_part == pytest.approx(0.01)
    assert skills.change == pytest.approx(0.01)


def test_a_goal_that_is_gone_leaves_the_others():
    before = Inputs(golden.MODEL, RIP, Selection(goals={"school": 1.0}))
    kept = replace(golden.MODEL, goals=("mental",), records=tuple(r for r in golden.RECORDS if r.target != "school"))

    told = difference(before, Inputs(kept, RIP, Selection(goals={"mental": 1.0})))

    assert told.factors


@pytest.mark.parametrize("parameters", PARAMETER_SETS, ids=lambda each: f"{each.method}/{each.name}")
def test_an_effect_around_which_an_interval_was_known_loses_it(parameters):
    record = Record("a", "g", "+", "review", measure="r", effect=0.3, interval_low=0.2, interval_high=0.4, code="e1")
    model = replace(golden.MODEL, factors=(Factor("a", "risk"),), goals=("g",), records=(record,))

    (changed,) = apply(Inputs(model, parameters), Changes(effects={"e1": 0.1})).model.records

    assert (changed.effect, changed.interval_low, changed.interval_high) == (0.1, None, None)
