"""Where every factor stands, without the explanation: what is compared when inputs change."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from factors.ranking.graph import check_figures
from factors.ranking.model import EmptySelection, LocalData, Model, Selection
from factors.ranking.network import Network, compile_model
from factors.ranking.parameters import Parameters
from factors.ranking.ranks import competition_ranks, dense_ranks, keys
from factors.ranking.scoring import score


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a ranking rests on."""

    model: Model
    parameters: Parameters
    selection: Selection = field(default_factory=Selection)
    local: LocalData | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A ranked and listed factor: its place and score."""

    score: float
    dense_rank: int
    competition_rank: int


@dataclass(frozen=True, slots=True)
class Move:
    """One factor before and after. None: not ranked, not listed or not there (then its score counts as 0)."""

    code: str
    old_dense_rank: int | None
    new_dense_rank: int | None
    old_competition_rank: int | None
    new_competition_rank: int | None
    old_score: float
    new_score: float

    @property
    def moved(self) -> bool:
        """On another place, in one way of counting or the other."""
        old = self.old_dense_rank, self.old_competition_rank
        return old != (self.new_dense_rank, self.new_competition_rank)


def standings(inputs: Inputs) -> dict[str, Standing]:
    """Ranked and listed factors by rank, then code. Raises what `rank` raises."""
    return standings_in(compile_model(inputs.model), inputs)


def standings_in(network: Network, inputs: Inputs) -> dict[str, Standing]:
    """The same with a network compiled before; of the inputs the model is not read. Raises what `rank` raises."""
    selection, parameters = inputs.selection, inputs.parameters
    check_figures(network, inputs.local)
    within = network.within(selection.keeps) if selection.mode == "induced" else network
    listed = np.flatnonzero([selection.keeps(factor) for factor in within.factors])
    if not len(listed):
        raise EmptySelection("no factor left")
    made = score(within, parameters=parameters, selection=selection, local=inputs.local)
    placed = listed[made.ranked[listed]]
    key = keys(made.score[placed], parameters.rank_digits)
    order = np.argsort(-key, kind="stable")
    placed, key = placed[order], key[order]
    ranks = zip(
        placed.tolist(), made.score[placed].tolist(), dense_ranks(key).tolist(), competition_ranks(key).tolist(),
        strict=True,
    )  # fmt: skip
    return {within.factors[row].code: Standing(*standing) for row, *standing in ranks}


def moves(before: Mapping[str, Standing], after: Mapping[str, Standing]) -> tuple[Move, ...]:
    """All factors that stand in one of the two, as they stand after, then those that fell out."""
    codes = [*after, *(code for code in before if code not in after)]
    return tuple(_move(code, before.get(code), after.get(code)) for code in codes)


def _move(code: str, old: Standing | None, new: Standing | None) -> Move:
    return Move(
        code,
        old.dense_rank if old else None,
        new.dense_rank if new else None,
        old.competition_rank if old else None,
        new.competition_rank if new else None,
        old.score if old else 0.0,
        new.score if new else 0.0,
    )
