"""Figures of one area in a ranking: ranking.md §1.6, §1.7."""

from math import fsum

import pytest
from hypothesis import strategies as st

from factors.ranking import LocalData, LocalFigure, Selection, compile_model, parameter_set, rank
from factors.ranking.doubt import doubt
from factors.ranking.drawing import DoubtParameters
from factors.ranking.model import PartnerScore, PartnersNotInMethod
from tests.factors import golden
from tests.factors.strategies import FACTORS, for_all, models

NETWORK = compile_model(golden.MODEL)
AREA = "WK059901"


def ranked(method: str, local: LocalData | None):
    made = rank(NETWORK, parameters=parameter_set(method, "published"), selection=Selection(), local=local)
    return made, {factor.code: factor for factor in made.factors}


def last_element(factor):
    return factor.elements[-1]


def test_a_local_share_takes_the_place_of_the_prevalence():
    made, factors = ranked("rip-2019", LocalData(AREA, (LocalFigure("distress", 0.33), LocalFigure("skills", 0.9))))

    assert made.with_local_data
    assert made.area == AREA
    assert last_element(factors["distress"]).value == 0.33
    # little to gain where 90% has the skills
    assert last_element(factors["skills"]).value == pytest.approx(0.1)
    assert factors["distress"].score == pytest.approx(0.292667 + 0.2 * (0.33 - 0.13), abs=1e-6)


def test_a_factor_without_local_figure_falls_back_on_the_model_and_says_so():
    _, factors = ranked("rip-2019", LocalData(AREA, (LocalFigure("distress", 0.33), LocalFigure("bullied", None))))

    assert last_element(factors["bullied"]).value == 0.10
    assert factors["bullied"].flags == ("local-figure-missing",)
    assert factors["distress"].flags == ()
    assert {"local-figure-missing", "prevalence-missing"} <= set(factors["parenting"].flags)
    assert factors["parenting"].score_range is not None


def test_without_weight_the_five_elements_stay_as_they_are():
    made, factors = ranked("five-elements-2023", LocalData(AREA, (LocalFigure("distress", 0.33),)))

    assert not made.with_local_data
    assert made == ranked("five-elements-2023", None)[0]
    assert factors["distress"].flags == ()


def test_a_sixth_element_takes_its_share_of_the_weights():
    local = LocalData(AREA, (LocalFigure("distress", 0.33),), weight=0.2)

    made, factors = ranked("five-elements-2023", local)

    assert made.with_local_data
    assert [element.weight for element in factors["distress"].elements] == pytest.approx([1 / 6] * 6)
    assert factors["distress"].score == pytest.approx((0.573169 + 0.2 * 0.33) / 1.2, abs=1e-6)
    assert factors["parenting"].score_range is not None


@pytest.mark.parametrize(
    ("code", "area", "reference", "gap"),
    [
        ("distress", 0.30, 0.20, 0.5),  # half as much again: half the points
        ("distress", 0.20, 0.30, 0.0),  # better than the reference
        ("distress", 0.10, 0.00, 1.0),  # nothing to compare with but something here
        ("distress", 0.00, 0.00, 0.0),
        ("skills", 0.70, 0.80, 0.5),  # 30% lacks the skills, 20% in the reference
    ],
)
def test_the_relative_gap_counts_what_is_worse_than_the_reference(code, area, reference, gap):
    local = LocalData(AREA, (LocalFigure(code, area, reference),), form="gap", weight=0.2)

    _, factors = ranked("five-elements-2023", local)

    assert last_element(factors[code]).value == pytest.approx(gap)


def test_a_gap_without_reference_is_zero_and_says_so():
    local = LocalData(AREA, (LocalFigure("distress", 0.3),), form="gap", weight=0.2)

    _, factors = ranked("five-elements-2023", local)

    assert last_element(factors["distress"]).value == 0
    assert "local-figure-missing" in factors["distress"].flags
    assert factors["distress"].score_range is None


def test_partners_scores_are_a_seventh_element_and_none_counts_as_zero():
    partners = (PartnerScore("distress", 0.8),)
    local = LocalData(AREA, (LocalFigure("distress", 0.33),), weight=0.2, partners=partners, partner_weight=0.1)

    _, factors = ranked("five-elements-2023", local)

    assert [element.name for element in factors["distress"].elements][5:] == ["local", "partners"]
    assert factors["distress"].score == pytest.approx((0.573169 + 0.2 * 0.33 + 0.1 * 0.8) / 1.3, abs=1e-6)
    assert factors["bullied"].flags == ("local-figure-missing", "partner-figure-missing")
    assert last_element(factors["bullied"]).value == 0


def test_rip_2019_has_no_place_for_partners_scores():
    with pytest.raises(PartnersNotInMethod):
        ranked("rip-2019", LocalData(AREA, (), partner_weight=0.1))


def test_partners_scores_in_doubt_without_uncertainty_are_the_ranking_itself():
    local = LocalData(AREA, (), partners=(PartnerScore("parenting", 1.0),), partner_weight=2.0)
    parameters = parameter_set("five-elements-2023", "published")
    certain = DoubtParameters(effect_times=0.0, missing_effect=False)

    told = doubt(NETWORK, parameters=parameters, selection=Selection(), local=local, doubts=certain, draws=3)

    made, _ = ranked("five-elements-2023", local)
    assert {f.code: f.rank_median for f in told.factors} == {f.code: f.dense_rank for f in made.factors}


@for_all(
    model=models(),
    shares=st.lists(st.tuples(st.none() | st.floats(0, 1), st.none() | st.floats(0, 1)), min_size=6, max_size=6),
    form=st.sampled_from(["prevalence", "gap"]),
    weight=st.floats(0.01, 5),
    scores=st.lists(st.floats(0, 1), max_size=6),
    partner_weight=st.floats(0, 5),
)
def test_points_with_local_data_add_up_too(model, shares, form, weight, scores, partner_weight):
    figures = tuple(LocalFigure(code, *pair) for code, pair in zip(FACTORS, shares, strict=True))
    partners = tuple(PartnerScore(code, score) for code, score in zip(FACTORS, scores, strict=False))
    local = LocalData(AREA, figures, form=form, weight=weight, partners=partners, partner_weight=partner_weight)

    for name in ("published", "extended"):
        parameters = parameter_set("five-elements-2023", name)
        made = rank(compile_model(model), parameters=parameters, selection=Selection(), local=local)

        for factor in made.factors:
            points = [term.points for element in factor.elements for term in element.terms]
            assert fsum(points) == pytest.approx(factor.score, abs=1e-12)
            assert min(points) >= 0
            assert factor.score <= 1
