"""Attributable fractions: ranking.md §2.6 and the PAF part of invariant 18."""

import csv
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.networks import PUBLIC
from factors.attributable import (
    Exposure,
    NothingToCombine,
    RiskNotPositive,
    ShareNotInRange,
    check_published,
    combine,
    impact,
    levin,
    miettinen,
)

shares = st.floats(0, 1)
risks = st.floats(1, 50)
exposures = st.lists(st.builds(Exposure, st.sampled_from("abcdef"), risks, shares, shares), min_size=1, max_size=6)
with (PUBLIC / "paf_benchmark.csv").open(encoding="utf-8") as file:
    TABLE = list(csv.DictReader(file))


def exposure(row):
    return Exposure(row["factor"], float(row["rr"]), float(row["prevalence"]), float(row["communality"]))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["factor"])
def test_the_published_table_is_checked_row_by_row(row):
    check = check_published(exposure(row), published=float(row["paf_published"]))

    assert check.computed == pytest.approx(float(row["paf_levin_recomputed"]), abs=5e-7)
    assert check.consistent == (row["levin_matches_published"] == "yes")


def test_nine_rows_reproduce_and_three_are_inconsistent():
    checks = [check_published(exposure(row), published=float(row["paf_published"])) for row in TABLE]

    assert sum(check.consistent for check in checks) == 9
    assert {c.code for c in checks if not c.consistent} == {"social_isolation", "physical_activity", "air_pollution"}


def test_the_twelve_together_come_near_the_published_two_fifths():
    """Livingston et al. 2020: 40% in all; theirs rests on the three rows that do not reproduce."""
    together = combine(exposure(row) for row in TABLE)

    assert together.fraction == pytest.approx(0.40, abs=0.02)
    assert together.factors[0].share == pytest.approx(0.071, abs=0.004)


@given(p=shares, rr=risks)
def test_fractions_lie_between_nothing_and_one(p, rr):
    for fraction in (levin(prevalence=p, risk=rr), miettinen(prevalence_in_cases=p, risk=rr)):
        assert 0 <= fraction <= 1


@given(p=st.tuples(shares, shares), rr=st.tuples(risks, risks))
def test_more_exposure_or_risk_never_lowers_the_fraction(p, rr):
    lower, higher = (levin(prevalence=pick(p), risk=pick(rr)) for pick in (min, max))

    assert lower <= higher + 1e-12


@given(p=shares, rr=risks)
def test_levin_and_miettinen_agree_without_confounding(p, rr):
    in_cases = p * rr / (1 + p * (rr - 1))

    assert miettinen(prevalence_in_cases=min(1.0, in_cases), risk=rr) == pytest.approx(levin(prevalence=p, risk=rr))


@given(p=shares, rr=risks, share=shares)
def test_removing_part_of_the_exposure_removes_that_part_of_the_cases(p, rr, share):
    gone = impact(prevalence=p, risk=rr, new_prevalence=p * share)

    assert gone == pytest.approx((1 - share) * levin(prevalence=p, risk=rr), abs=1e-12)


@given(told=exposures)
def test_together_is_at_least_the_largest_and_is_shared_out(told):
    together = combine(told)

    assert together.fraction >= max(f.weight * f.fraction for f in together.factors) - 1e-12
    assert 0 <= together.fraction <= 1
    if any(f.fraction for f in together.factors):
        assert fsum(f.share for f in together.factors) == pytest.approx(together.fraction)


def test_figures_out_of_range_are_refused():
    with pytest.raises(ShareNotInRange):
        levin(prevalence=12.0, risk=1.5)
    with pytest.raises(RiskNotPositive):
        levin(prevalence=0.1, risk=0.0)
    with pytest.raises(RiskNotPositive):
        combine([Exposure("sport", 0.8, 0.5)])
    with pytest.raises(ShareNotInRange):
        combine([Exposure("a", 1.5, 0.5, communality=60.0)])
    with pytest.raises(NothingToCombine):
        combine([])
