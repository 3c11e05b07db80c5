"""Why a factor stands elsewhere: its move between two rankings, divided over what differs in their inputs.

The inputs are replaced in a fixed order: model, data, weights, method (ranking.md §2.7), the model in two steps: which
factors and goals there are, then what is found about them (evidence). What each replacement does
to a score is its part, so the parts add up to the whole change, in whatever way the inputs work on each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import fsum

from factors.ranking.model import LocalData, Model, Selection
from factors.ranking.standing import Inputs, Standing, standings

STEPS = ("model", "evidence", "data", "weights", "method")


@dataclass(frozen=True, slots=True)
class FactorDifference:
    """One factor. change: new score less old; parts: (step, part) in order, adding up to it.

    A factor that is not there, not ranked or not listed counts as 0. dense_ranks, competition_ranks: the path from
    before, after each step; None where it has no place. code_part: what is left when the stored scores of the two
    rankings differ from what is computed from their inputs today: the code changed.
    """

    code: str
    change: float
    parts: tuple[tuple[str, float], ...]
    code_part: float
    dense_ranks: tuple[int | None, ...]
    competition_ranks: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """steps: what was replaced, in order. changed: the steps in which the inputs differ at all.

    factors: as they stand after, then those that fell out.
    """

    steps: tuple[str, ...]
    changed: tuple[str, ...]
    factors: tuple[FactorDifference, ...]


def difference(
    before: Inputs,
    after: Inputs,
    *,
    stored_before: Mapping[str, float] | None = None,
    stored_after: Mapping[str, float] | None = None,
) -> Difference:
    """Divide every factor's move over model, evidence, data, weights and method, in this order.

    model: factors and goals, with the findings about those that are gone. evidence: all other findings. data:
    prevalences and local figures. weights: goals, selection, element weights and parameters. method: another method
    with its parameters. stored_*: scores as once published, by factor.
    Raises what `rank` raises.
    """
    stages = _stages(before, after)
    stood = [standings(stage) for stage in stages]
    codes = [*stood[-1], *sorted({code for each in stood[:-1] for code in each} - stood[-1].keys())]
    changed = tuple(step for step, old, new in zip(STEPS, stages, stages[1:], strict=False) if old != new)
    return Difference(STEPS, changed, tuple(_factor(code, stood, stored_before, stored_after) for code in codes))


def _factor(
    code: str,
    stood: list[dict[str, Standing]],
    stored_before: Mapping[str, float] | None,
    stored_after: Mapping[str, float] | None,
) -> FactorDifference:
    path = [each.get(code) for each in stood]
    scores = [standing.score if standing else 0.0 for standing in path]
    old = scores[0] if stored_before is None else stored_before.get(code, 0.0)
    new = scores[-1] if stored_after is None else stored_after.get(code, 0.0)
    return FactorDifference(
        code=code,
        change=new - old,
        parts=tuple((step, scores[at + 1] - scores[at]) for at, step in enumerate(STEPS)),
        code_part=fsum((scores[0], -old, new, -scores[-1])),
        dense_ranks=tuple(standing.dense_rank if standing else None for standing in path),
        competition_ranks=tuple(standing.competition_rank if standing else None for standing in path),
    )


def _stages(before: Inputs, after: Inputs) -> list[Inputs]:
    """Before, and what it becomes with each step."""
    model = Inputs(
        model=_with_findings_of(_with_shares_of(after.model, before.model), before.model),
        parameters=before.parameters,
        selection=_known_goals(before.selection, after),
        local=_known_figures(before.local, after.model),
    )
    evidence = replace(model, model=_with_shares_of(after.model, before.model))
    data = replace(model, model=after.model, local=_figures_of(after.local, like=before.local))
    same_method = before.parameters.method == after.parameters.method
    weights = replace(
        data,
        selection=after.selection,
        parameters=after.parameters if same_method else before.parameters,
        local=after.local if same_method else data.local,
    )
    return [before, model, evidence, data, weights, after]


def _with_shares_of(model: Model, other: Model) -> Model:
    """The model with the other's prevalences, for factors that both have."""
    shares = {factor.code: factor.prevalence for factor in other.factors}
    factors = (replace(factor, prevalence=shares.get(factor.code, factor.prevalence)) for factor in model.factors)
    return replace(model, factors=tuple(factors))


def _with_findings_of(model: Model, other: Model) -> Model:
    """The model with the other's findings, as far as they speak of factors and goals that it has."""
    factors = {factor.code for factor in model.factors}
    ends = factors | set(model.goals)
    kept = tuple(record for record in other.records if record.origin in factors and record.target in ends)
    # the same findings in another order are the same: then nothing of the evidence differs
    return model if set(kept) == set(model.records) else replace(model, records=kept)


def _known_goals(selection: Selection, after: Inputs) -> Selection:
    """The selection without goals that are gone; with the new goals when none of its own is left."""
    if selection.goals is None:
        return selection
    left = {code: weight for code, weight in selection.goals.items() if code in after.model.goals}
    return replace(selection, goals=left if any(left.values()) else after.selection.goals)


def _known_figures(local: LocalData | None, model: Model) -> LocalData | None:
    if local is None:
        return None
    codes = {factor.code for factor in model.factors}
    return replace(
        local,
        figures=tuple(figure for figure in local.figures if figure.factor in codes),
        partners=tuple(each for each in local.partners if each.factor in codes),
    )


def _figures_of(local: LocalData | None, *, like: LocalData | None) -> LocalData | None:
    """The figures, used and weighted as before."""
    if local is None:
        return None
    if like is None:
        return replace(local, form="prevalence", weight=0.0, partner_weight=0.0)
    return replace(local, form=like.form, weight=like.weight, partner_weight=like.partner_weight)
