"""What an editor is told of the evidence, and how sure we are of a relation: each rule by the smallest case of it."""

from dataclasses import replace

import pytest

from factors.canonical import Content, EvidenceEntry, FactorEntry, GoalEntry, RelationEntry, SourceEntry
from factors.checks import check, errors
from factors.comparison import compare
from factors.grade import GRADES, grade
from factors.ranking import compile_model
from factors.reference.public_model import FOLDER, read_content
from factors.register import ranking_model
from tests.factors.contents import contents
from tests.factors.strategies import for_all

FINDING = EvidenceEntry(
    "e1", "skills", "goal", "work", "+", "meta-analysis", "a", effect_measure="OR", effect_size=2.0, interval_low=1.6,
    interval_high=2.5,
)  # fmt: skip
SOUND = Content(
    factors=(FactorEntry("skills", "Kunnen", "Skills", "promotive"),),
    goals=(GoalEntry("work", "Werk", "Work", "work"),),
    sources=(SourceEntry("a", "A", year=2020, doi="10.1/a"), SourceEntry("b", "B", year=2021, doi="10.1/b")),
    relations=(RelationEntry("skills", "goal", "work"),),
    evidence=(FINDING, replace(FINDING, code="e2", source_code="b")),
)


def told(content, **asked):
    return {(notice.severity, notice.code) for notice in check(content, **{"year": 2026, **asked})}


def changed(**fields):
    return replace(SOUND, evidence=(replace(FINDING, **fields), SOUND.evidence[1]))


def test_sound_evidence_gives_no_notice():
    assert check(SOUND, year=2026) == ()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"effect_size": 0.0, "interval_low": None}, "ratio-not-positive"),
        ({"interval_low": -1.0}, "ratio-not-positive"),
        ({"effect_measure": "r", "effect_size": 1.2, "interval_high": None}, "correlation-out-of-range"),
        ({"effect_size": 3.0}, "effect-outside-interval"),
        ({"interval_low": 3.0}, "interval-reversed"),
        ({"effect_measure": ""}, "unknown-measure"),
        ({"effect_measure": "RR", "baseline_risk": 0.6}, "baseline-risk-out-of-range"),
        ({"source_code": "nobody"}, "unknown-code"),
    ],
)
def test_what_cannot_be_true_is_an_error(fields, code):
    assert ("error", code) in told(changed(**fields))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"sign": "-"}, "sign-conflict"), ({"per_unit": True}, "effect-per-unit"), ({"per_unit": True}, "units-mixed"),
        ({"interval_low": 1.9, "interval_high": 6.0}, "interval-asymmetric"), ({"source_code": "b"}, "one-study"),
    ],
)  # fmt: skip
def test_what_a_reader_will_ask_about_is_a_warning(fields, code):
    found = check(changed(**fields), year=2026)

    assert code in {notice.code for notice in found}
    assert errors(found) == ()


def test_an_interval_that_rounding_skewed_is_not_called_asymmetric():
    assert told(changed(effect_size=1.05, interval_low=1.01, interval_high=1.10)) == set()


def test_old_sources_and_one_publication_under_two_codes_are_told():
    twice = replace(SOUND, sources=(SOUND.sources[0], replace(SOUND.sources[1], doi="https://doi.org/10.1/A")))

    assert told(twice) == {("warning", "same-doi")}
    assert told(SOUND, old=3) == {("warning", "old-source")}


def test_a_pair_without_evidence_and_a_goal_left_behind_are_told():
    goals = (*SOUND.goals, GoalEntry("rest", "Rust", "Rest", "rest"), GoalEntry("play", "Spel", "Play", "play"))
    bare = replace(SOUND, relations=(*SOUND.relations, RelationEntry("skills", "goal", "play")), goals=goals)
    six = tuple(replace(FINDING, code=f"x{n}", to_code=goal, source_code="ab"[n % 2])
                for n, goal in enumerate(["work", "work", "rest", "rest"]))  # fmt: skip

    assert told(replace(bare, evidence=six)) == {("warning", "no-evidence"), ("warning", "uneven-coverage")}


def test_the_public_model_has_warnings_and_no_errors():
    found = check(read_content(FOLDER), year=2026)

    assert errors(found) == ()
    assert {notice.code for notice in found} == {"one-study", "old-source", "uneven-coverage", "effect-per-unit"}


def graded(content=SOUND):
    (relation,) = compile_model(ranking_model(content)).relations
    return grade(relation, content.evidence)


def test_meta_analyses_that_agree_are_high_and_contradiction_lowers():
    assert graded().grade == "high"
    assert graded(changed(sign="-")).grade == "moderate"


def test_one_weak_study_without_an_interval_is_very_low():
    alone = replace(FINDING, evidence_type="cross-sectional", interval_low=None, interval_high=None)
    found = graded(replace(SOUND, evidence=(alone,)))

    assert found.grade == "very-low"
    assert found.reasons == (("best-study-cross-sectional", 2), ("single-study", -1), ("precision-unknown", -1))


def test_an_interval_with_no_effect_in_it_lowers_and_a_large_effect_lifts():
    crossing = tuple(replace(row, interval_low=0.8) for row in SOUND.evidence)
    large = tuple(replace(row, evidence_type="longitudinal", effect_size=12.0, interval_low=9.0, interval_high=16.0,
                          sequence_in_time="yes") for row in SOUND.evidence)  # fmt: skip

    assert graded(replace(SOUND, evidence=crossing)).grade == "moderate"
    assert graded(replace(SOUND, evidence=large)).grade == "high"


@for_all(content=contents())
def test_a_version_differs_from_itself_in_nothing_and_from_nothing_in_all(content):
    empty = Content((), (), (), (), ())

    assert compare(content, content) == ()
    assert {change.change for change in compare(empty, content)} <= {"added"}
    assert len(compare(empty, content)) == sum(len(getattr(content, part)) for part in
                                               ("factors", "goals", "sources", "relations", "evidence"))  # fmt: skip


def test_grades_are_ordered():
    assert [graded().reaches(least) for least in GRADES] == [True] * 4
    assert not graded(changed(sign="-")).reaches("high")
