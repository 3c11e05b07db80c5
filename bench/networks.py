"""Models to measure with: the public one, and made-up ones of any size from a seed."""

import csv
from pathlib import Path

import numpy as np

from factors.evidence import Record
from factors.ranking import Factor, Model

PUBLIC = Path(__file__).resolve().parent.parent / "factors" / "data" / "public_factor_model"
GOALS = tuple(f"goal-{number}" for number in range(9))
_KINDS = {"risk": "risk", "protective": "protective", "strengthening": "promotive"}
_FLAG = {"yes": True, "no": False, "unknown": None, "": None}


def public_model() -> Model:
    """The public factor model as its files say."""
    with (PUBLIC / "factors.csv").open(encoding="utf-8") as file:
        factors = tuple(_factor(row) for row in csv.DictReader(file))
    with (PUBLIC / "goals.csv").open(encoding="utf-8") as file:
        goals = tuple(row["id"] for row in csv.DictReader(file))
    with (PUBLIC / "relations.csv").open(encoding="utf-8") as file:
        return Model(factors, goals, tuple(_record(row) for row in csv.DictReader(file)))


def made_up_model(*, factors: int, relations: int = 8, seed: int = 1) -> Model:
    """A random model: each factor has `relations` relations, about one in eight to one of nine goals.

    Sizes follow the public model: correlations around 0.2, one in five unknown, one in fifty tested and not found.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    codes = [f"factor-{number:06d}" for number in range(factors)]
    shape = (factors, relations)
    to_goal, goal = rng.random(shape) < 1 / 8, rng.integers(len(GOALS), size=shape)
    other = (np.arange(factors)[:, None] + rng.integers(1, factors, size=shape)) % factors
    size = np.tanh(rng.normal(0.2, 0.1, size=shape)).tolist()
    chance = rng.random((4, *shape))
    records = tuple(
        _made_up(codes[i], GOALS[goal[i, k]] if to_goal[i, k] else codes[other[i, k]], size[i][k], *chance[:, i, k])
        for i in range(factors)
        for k in range(relations)
    )
    shares = rng.random(factors).tolist()
    return Model(tuple(Factor(code, "risk", share) for code, share in zip(codes, shares, strict=True)), GOALS, records)


def _made_up(
    origin: str, target: str, size: float, known: float, cause: float, sequence: float, found: float
) -> Record:
    return Record(
        origin=origin,
        target=target,
        sign="+" if size > 0 else "-",
        evidence_type="meta-analysis",
        causal=True if cause < 0.2 else None,
        sequence=True if sequence < 0.5 else None,
        significant=found >= 0.02,
        measure="r" if known >= 0.2 else None,
        effect=size if known >= 0.2 else None,
    )


def _factor(row: dict[str, str]) -> Factor:
    kind = _KINDS[row["kind"]]
    return Factor(row["id"], kind, float(row["prevalence"]) if row["prevalence"] else None)  # type: ignore[arg-type]


def _record(row: dict[str, str]) -> Record:
    def number(name: str) -> float | None:
        return float(row[name]) if row[name] else None

    return Record(
        origin=row["from"],
        target=row["to"],
        sign="+" if row["sign"] == "+" else "-",
        evidence_type=row["evidence_type"],
        causal=_FLAG[row["causal"]],
        sequence=_FLAG[row["sequence_in_time"]],
        significant=_FLAG[row["significant"]],
        measure=row["effect_measure"] or None,
        effect=number("effect_size"),
        per_unit=row["contrast"].startswith("per "),
        source=row["source_key"],
        interval_low=number("ci_low"),
        interval_high=number("ci_high"),
    )
