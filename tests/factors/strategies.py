"""Small models of every shape: cycles, ties, self loops, contested pairs, findings without a size."""

from collections.abc import Callable
from dataclasses import replace

import hypothesis.strategies as st
from hypothesis import given, settings

from factors.evidence import EVIDENCE_TYPES, MEASURES, Record
from factors.ranking import PARAMETER_SETS, Factor, Model

FACTORS = tuple(f"f{number}" for number in range(6))
GOALS = ("g0", "g1", "g2")

unknown_or = st.sampled_from([True, False, None])
shares = st.none() | st.floats(0, 1)
weights = st.floats(0.01, 10)
parameter_sets = st.sampled_from(PARAMETER_SETS)
ratios = st.floats(0.05, 20)


@st.composite
def effects(draw: st.DrawFn) -> tuple[str | None, float | None]:
    """A measure with a value it can have, or no size at all."""
    measure = draw(st.none() | st.sampled_from(MEASURES))
    if measure is None:
        return None, None
    if measure in ("OR", "RR", "HR"):
        return measure, draw(ratios)
    return measure, draw(st.floats(0, 1) if measure == "eta2" else st.floats(-1, 1))


@st.composite
def findings(draw: st.DrawFn, origins: tuple[str, ...] = FACTORS, targets: tuple[str, ...] = FACTORS + GOALS) -> Record:
    measure, effect = draw(effects())
    return Record(
        origin=draw(st.sampled_from(origins)),
        target=draw(st.sampled_from(targets)),
        sign=draw(st.sampled_from("+-")),
        evidence_type=draw(st.sampled_from(EVIDENCE_TYPES)),
        causal=draw(unknown_or),
        sequence=draw(unknown_or),
        significant=draw(unknown_or),
        measure=measure,
        effect=effect,
        source=draw(st.sampled_from(["", "smith-2001", "jansen-2010"])),
    )


@st.composite
def factors(draw: st.DrawFn, code: str) -> Factor:
    return Factor(
        code=code,
        kind=draw(st.sampled_from(["risk", "protective", "promotive"])),
        prevalence=draw(shares),
        life_phases=draw(st.sampled_from([("adolescence",), ("pregnancy",), ("adolescence", "pregnancy")])),
        life_domains=(draw(st.sampled_from(["home", "school-work"])),),
    )


@st.composite
def models(draw: st.DrawFn) -> Model:
    return Model(
        factors=tuple(draw(factors(code)) for code in FACTORS),
        goals=GOALS,
        records=tuple(draw(st.lists(findings(), max_size=20))),
    )


def with_records(model: Model, records: list[Record] | tuple[Record, ...]) -> Model:
    return replace(model, records=tuple(records))


def for_all(**strategies: st.SearchStrategy) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A property of rankings: fewer examples than usual since each ranks a model, and no deadline on a busy machine."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        return settings(max_examples=60, deadline=None)(given(**strategies)(test))

    return decorate
