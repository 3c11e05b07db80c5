"""From findings to relations: ranking.md §1.3, §1.4 and invariants 5, 9, 19."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factors.evidence import (
    EVIDENCE_TYPES,
    BaselineRiskOutOfRange,
    CorrelationOutOfRange,
    EffectNotFinite,
    MixedPairs,
    RatioNotPositive,
    Record,
    StrengthScale,
    UnknownEvidenceType,
    UnknownMeasure,
    UnknownSign,
    combine,
    convert,
    strength,
)
from tests.factors import golden
from tests.factors.strategies import findings, ratios

GRADED = StrengthScale(mode="graded")
QUALITY = StrengthScale(mode="graded-quality")
one_pair = st.lists(findings(origins=("debts",), targets=("distress",)), min_size=1, max_size=5)


def finding(**said: object) -> Record:
    return replace(Record("debts", "distress", "+", "meta-analysis"), **said)  # type: ignore[arg-type]


def relation(*records: Record):
    return combine(records, to_goal=False)


@pytest.mark.parametrize(
    ("measure", "value", "r"),
    [
        ("r", -0.25, 0.25),
        ("z", 0.5, 0.462117),
        ("beta", -0.3, 0.3),
        ("d", 0.27, 0.133786),
        ("g", -0.40, 0.196116),
        ("OR", 2.78, 0.271284),
        ("eta2", 0.09, 0.3),
    ],
)
def test_a_published_effect_has_the_size_of_a_correlation(measure, value, r):
    effect = convert(measure, value)

    assert effect.size == pytest.approx(r, abs=5e-7)
    assert effect.flags == ()


def test_a_risk_ratio_with_baseline_risk_becomes_an_odds_ratio():
    # RR 2 from a risk of 0.2: risk 0.4, odds (0.4/0.6) / (0.2/0.8) = 8/3
    assert convert("RR", 2.0, baseline_risk=0.2).size == pytest.approx(convert("OR", 8 / 3).size)
    assert convert("RR", 2.0, baseline_risk=0.2).flags == ()


@pytest.mark.parametrize(("measure", "flag"), [("RR", "rr-taken-as-or"), ("HR", "hr-taken-as-or")])
def test_a_ratio_that_is_no_odds_ratio_is_taken_as_one_and_says_so(measure, flag):
    effect = convert(measure, 1.8)

    assert effect.size == convert("OR", 1.8).size
    assert effect.flags == (flag,)


def test_an_effect_per_unit_is_converted_but_not_comparable():
    assert convert("OR", 1.1, per_unit=True).flags == ("not-comparable",)


def test_a_correlation_of_one_is_capped_and_says_so():
    effect = convert("r", 1.0)

    assert effect.size == 0.999
    assert effect.flags == ("capped",)


@pytest.mark.parametrize(
    ("measure", "value", "baseline_risk", "error"),
    [
        ("OR", 0.0, None, RatioNotPositive),
        ("RR", -1.0, None, RatioNotPositive),
        ("r", 1.01, None, CorrelationOutOfRange),
        ("r", 25.0, None, CorrelationOutOfRange),
        ("eta2", -0.1, None, CorrelationOutOfRange),
        ("d", math.nan, None, EffectNotFinite),
        ("OR", math.inf, None, EffectNotFinite),
        ("RR", 2.0, 20.0, BaselineRiskOutOfRange),
        ("RR", 2.0, 0.5, BaselineRiskOutOfRange),
        ("percentage", 5.0, None, UnknownMeasure),
    ],
)
def test_an_impossible_effect_is_refused(measure, value, baseline_risk, error):
    with pytest.raises(error):
        convert(measure, value, baseline_risk=baseline_risk)


def test_a_size_without_a_measure_is_refused():
    with pytest.raises(UnknownMeasure):
        relation(finding(effect=0.3))


def test_a_record_with_an_unknown_sign_or_evidence_type_is_refused():
    with pytest.raises(UnknownSign):
        finding(sign="0")
    with pytest.raises(UnknownEvidenceType):
        finding(evidence_type="opinion")


def test_records_of_two_pairs_are_not_one_relation():
    with pytest.raises(MixedPairs):
        relation(finding(), finding(target="poverty"))
    with pytest.raises(MixedPairs):
        relation()


@pytest.mark.parametrize("measure", ["OR", "HR", "RR"])
@given(ratio=ratios)
def test_a_ratio_and_its_inverse_are_equally_strong(measure, ratio):
    assert convert(measure, ratio).size == pytest.approx(convert(measure, 1 / ratio).size, abs=1e-12)


@pytest.mark.parametrize("measure", ["r", "z", "beta", "d", "g", "eta2"])
@given(sizes=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_a_larger_effect_is_never_a_weaker_one(measure, sizes):
    smaller, larger = sorted(sizes)

    assert convert(measure, smaller).size <= convert(measure, larger).size


@given(sizes=st.tuples(st.floats(1, 20), st.floats(1, 20)))
def test_a_larger_ratio_is_never_a_weaker_one(sizes):
    smaller, larger = sorted(sizes)

    assert convert("OR", smaller).size <= convert("OR", larger).size


@pytest.mark.parametrize(
    ("measure", "nothing"),
    [("OR", 1.0), ("RR", 1.0), ("HR", 1.0), ("d", 0.0), ("g", 0.0), ("r", 0.0), ("z", 0.0), ("eta2", 0.0)],
)
def test_no_effect_is_zero_in_every_measure(measure, nothing):
    assert convert(measure, nothing).size == 0


def test_the_size_comes_from_the_best_tier_that_has_one():
    made = relation(
        finding(),
        finding(evidence_type="longitudinal", measure="r", effect=0.21),
        finding(evidence_type="other"),
    )

    assert made.rho == pytest.approx(0.21)
    assert (made.effect_type, made.best_type) == ("longitudinal", "meta-analysis")


def test_sizes_of_one_tier_are_averaged_in_fisher_z():
    made = relation(finding(measure="r", effect=0.2), finding(measure="r", effect=0.6))

    assert made.rho == pytest.approx(math.tanh((math.atanh(0.2) + math.atanh(0.6)) / 2))


def test_opposite_findings_pull_to_zero_and_are_contested():
    made = relation(finding(measure="r", effect=0.3), finding(sign="-", measure="r", effect=0.3))

    assert made.rho == 0
    assert made.sign == 0
    assert made.contested
    assert "contested" in made.flags


def test_without_any_size_the_majority_gives_the_sign_and_the_strength_is_small():
    made = relation(finding(sign="-"), finding(sign="-"), finding(sign="+", evidence_type="review"))

    assert made.rho is None
    assert made.sign == -1
    assert made.flags == ("contested", "effect-missing")
    assert strength(made, GRADED) == pytest.approx(0.1 / 0.3)


def test_a_relation_tested_and_not_found_has_no_strength_and_no_qualities():
    made = relation(finding(significant=False, causal=True, sequence=True, measure="r", effect=0.5))

    assert not made.active
    assert not (made.causal or made.sequence)
    assert strength(made, StrengthScale(mode="count")) == strength(made, GRADED) == 0


def test_one_significant_meta_analysis_outweighs_one_that_is_not():
    assert relation(finding(significant=False), finding(significant=True)).significant is True


def test_only_meta_analyses_speak_of_significance():
    made = relation(finding(evidence_type="longitudinal", significant=False))

    assert made.significant is None
    assert made.active


def test_a_meta_analysis_that_finds_nothing_silences_a_pair_without_a_yes():
    before = relation(finding(measure="r", effect=0.3))
    after = relation(finding(measure="r", effect=0.3), finding(significant=False))

    assert strength(before, GRADED) == pytest.approx(1.0)
    assert strength(after, GRADED) == 0


def test_a_smaller_or_contrary_effect_may_lower_the_strength():
    strong = finding(measure="r", effect=0.25)

    smaller = relation(strong, finding(measure="r", effect=0.05))
    contrary = relation(strong, finding(sign="-", measure="r", effect=0.05))

    assert strength(contrary, GRADED) < strength(smaller, GRADED) < strength(relation(strong), GRADED)


def test_an_association_is_undirected_until_cause_sequence_or_goal_directs_it():
    assert not relation(finding()).directed
    assert relation(finding(causal=True)).directed
    assert relation(finding(sequence=True)).directed
    assert combine([finding()], to_goal=True).directed


def test_quality_follows_the_best_evidence_of_the_pair():
    strengths = [strength(relation(finding(evidence_type=name)), QUALITY) for name in EVIDENCE_TYPES]

    assert strengths == pytest.approx([factor / 3 for factor in (1.0, 0.8, 0.7, 0.4, 0.4)])


@pytest.mark.parametrize(("pair", "expected"), golden.STRENGTHS.items())
def test_golden_strengths(pair, expected):
    records = [record for record in golden.RECORDS if (record.origin, record.target) == pair]

    made = combine(records, to_goal=pair[1] in golden.MODEL.goals)

    assert strength(made, GRADED) == pytest.approx(expected, abs=5e-7)


@given(records=one_pair, copies=st.integers(2, 4), order=st.randoms())
def test_order_and_copies_of_records_change_nothing(records, copies, order):
    shuffled = records * copies
    order.shuffle(shuffled)

    assert relation(*shuffled) == relation(*records)


@given(records=one_pair)
def test_strengths_stay_between_nothing_and_one(records):
    made = relation(*records)

    for scale in (GRADED, QUALITY, StrengthScale(mode="count")):
        assert 0 <= strength(made, scale) <= 1


@given(records=one_pair)
def test_turning_every_sign_turns_the_relation_and_keeps_its_strength(records):
    turned = relation(*(replace(record, sign="-" if record.sign == "+" else "+") for record in records))
    made = relation(*records)

    assert turned.sign == -made.sign
    assert strength(turned, GRADED) == strength(made, GRADED)
