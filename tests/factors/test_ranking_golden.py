"""The golden example of ranking.md §5, to six decimals."""

import pytest

from factors.ranking import Selection, compile_model, parameter_set, rank
from tests.factors import golden

NETWORK = compile_model(golden.MODEL)
SIX_DECIMALS = 5.1e-7


def ranking(method: str, name: str):
    return rank(NETWORK, parameters=parameter_set(method, name), selection=Selection())


def elements_of(factor):
    return {element.name: element for element in factor.elements}


def test_rip_2019_published():
    made = ranking("rip-2019", "published")

    assert [factor.code for factor in made.factors] == list(golden.RIP_PUBLISHED)
    assert [factor.dense_rank for factor in made.factors] == [1, 2, 3, 4, 5]
    for factor in made.factors:
        part = elements_of(factor)
        found = (
            part["relevance"].raw,
            part["impact"].raw,
            *(part[name].value for name in ("relevance", "impact", "prevalence")),
            factor.score,
        )
        assert found == pytest.approx(golden.RIP_PUBLISHED[factor.code], abs=SIX_DECIMALS)


def test_five_elements_2023_published():
    made = ranking("five-elements-2023", "published")

    assert [factor.code for factor in made.factors] == list(golden.FIVE_PUBLISHED)
    assert [factor.dense_rank for factor in made.factors] == [1, 2, 3, 4, 5]
    for factor in made.factors:
        part = elements_of(factor)
        found = (
            part["goals"].raw,
            part["goals"].value,
            part["network"].raw,
            *(part[name].value for name in ("network", "causal", "sequence", "significant")),
            factor.score,
        )
        assert found == pytest.approx(golden.FIVE_PUBLISHED[factor.code], abs=SIX_DECIMALS)


@pytest.mark.parametrize(
    ("method", "expected"),
    [("rip-2019", golden.RIP_EXTENDED), ("five-elements-2023", golden.FIVE_EXTENDED)],
)
def test_extended(method, expected):
    made = ranking(method, "extended")

    assert [factor.code for factor in made.factors] == list(expected)
    assert [factor.score for factor in made.factors] == pytest.approx(list(expected.values()), abs=SIX_DECIMALS)


def test_the_isolated_factor_is_unranked_however_prevalent():
    for name in ("published", "extended"):
        (isolated,) = ranking("rip-2019", name).unranked

        assert (isolated.code, isolated.reason, isolated.connections) == ("isolated", "no-relations", 0)


def test_the_leader_is_not_the_most_connected():
    made = ranking("rip-2019", "published")

    connections = {factor.code: factor.connections for factor in (*made.factors, *made.unranked)}
    assert connections == golden.CONNECTIONS
    assert made.leader_is_most_connected is False


def test_points_of_skills():
    skills = ranking("five-elements-2023", "published").factors[0]

    found = [(element.name, term.target, term.points) for element in skills.elements for term in element.terms]
    assert [line[:2] for line in found] == [line[:2] for line in golden.SKILLS_POINTS]
    assert [line[2] for line in found] == pytest.approx([line[2] for line in golden.SKILLS_POINTS], abs=SIX_DECIMALS)


def test_the_best_path_runs_through_distress():
    made = ranking("rip-2019", "extended")

    for (origin, end), value in golden.BEST_PATHS_EXTENDED.items():
        (factor,) = (factor for factor in made.factors if factor.code == origin)
        (term,) = (term for term in elements_of(factor)["impact"].terms if term.target == end)
        assert term.amount == pytest.approx(value, abs=SIX_DECIMALS)
        assert term.relations == ((origin, "distress"), ("distress", end))


def test_the_impact_of_skills_reaches_through_the_network():
    skills = ranking("rip-2019", "extended").factors[0]

    assert elements_of(skills)["impact"].raw == pytest.approx(1.097222, abs=SIX_DECIMALS)


def test_levers_point_where_the_signs_say():
    made = ranking("rip-2019", "published")

    assert {factor.code: factor.lever for factor in made.factors} == {
        "skills": "strengthen",
        "parenting": "strengthen",
        "distress": "reduce",
        "bullied": "reduce",
        "parent-ill": "reduce",
    }


def test_an_unknown_prevalence_shows_between_which_scores_it_lies():
    (parenting,) = (f for f in ranking("rip-2019", "published").factors if f.code == "parenting")

    assert parenting.score_range == pytest.approx((0.213333, 0.413333), abs=SIX_DECIMALS)
    assert "prevalence-missing" in parenting.flags


def test_other_orderings_stand_beside_the_score():
    made = ranking("rip-2019", "published")

    orders = {ordering.name: dict(ordering.dense_ranks) for ordering in made.orderings}
    assert orders["connections"] == {
        "distress": 1,
        "parent-ill": 2,
        "skills": 3,
        "parenting": 3,
        "bullied": 3,
    }
    # relevance first; distress leads the other two on impact, parenting leads bullied on prevalence
    assert orders["lexicographic"] == {
        "skills": 1,
        "distress": 2,
        "parenting": 3,
        "bullied": 4,
        "parent-ill": 5,
    }
    # places summed over R, I, P: skills 1+4+1, distress 3+1.5+4, parent-ill 5+1.5+2, parenting 3+4+3, bullied 3+4+5
    assert orders["borda"] == {"skills": 1, "distress": 2, "parent-ill": 2, "parenting": 3, "bullied": 4}
    agreement = {(line.first, line.second): line.tau_b for line in made.agreements}
    assert agreement["score", "lexicographic"] == 1.0
