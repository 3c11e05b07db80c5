"""What both methods read: A, W, Q and B of ranking.md §1.4-1.5 for one weighting of goals."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from factors.ranking.frame import Frame, frame_of
from factors.ranking.model import LocalData, UnknownCode
from factors.ranking.network import Flags, Floats, Network
from factors.ranking.parameters import Parameters
from factors.ranking.paths import Arcs, Paths, best_paths
from factors.ranking.walks import Block

Array = TypeVar("Array", Flags, Floats)


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """The numbers one scoring rests on: vectors for the ranking itself, arrays with a column per draw for doubt.

    strength, causal, sequence: per relation; gain: per factor the share of people with something to gain, 0..1;
    assumed: factors whose gain is p_missing. In a draw what does not vary has one column. walked: strength of the
    arcs of the frame's pattern and the blocks to walk, None when the arcs are the frame's own. weights: by element,
    adding up to 1; None for those of the parameter set.
    """

    strength: Floats
    causal: Flags
    sequence: Flags
    gain: Floats
    assumed: Flags
    walked: tuple[Floats, Iterable[Block]] | None = None
    weights: Mapping[str, Floats] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """One network in one state, seen with one parameter set.

    Per relation: goal_amount, selected; per factor: goal_sum. goal_amount: weight of the goal times strength, 0
    for relations between factors. selected: leads to a goal that weighs.
    """

    frame: Frame
    parameters: Parameters
    state: State
    goal_amount: Floats
    selected: Flags
    goal_sum: Floats

    @property
    def network(self) -> Network:
        return self.frame.network

    @property
    def influence(self) -> Arcs:
        return self.frame.influence

    @property
    def any_direction(self) -> Arcs:
        return self.frame.any_direction

    @property
    def tied(self) -> Flags:
        """Factors with a strength above 0 towards a selected goal."""
        return self.goal_sum > 0

    @property
    def walked(self) -> Arcs:
        return self.any_direction if self.parameters.network == "any-direction" else self.influence

    def paths(self) -> Iterator[Paths]:
        """V in blocks of origins, with the relations passed, walked anew at each call."""
        return best_paths(self.walked, depth=self.parameters.depth, damping=self.parameters.damping)

    def path_sum(self, worth: Floats | None) -> Floats:
        """Per factor: sum over all other factors of the best path there times what being there is worth, None is 1."""
        if self.state.walked is None:
            return self.in_columns(self.frame.reached) if worth is None else self.frame.reach(worth)
        return self.frame.reach_by(self.state.walked[0], worth, self.state.walked[1])

    def touches(self, marked: Flags) -> Flags:
        """Factors with a step of strength above 0 to a marked factor."""
        amounts = marked.astype(np.float64)
        if self.state.walked is None:
            found: Flags = self.frame.steps @ amounts > 0
            return found
        return self.frame.by_arc_origin(self.state.walked[0] * amounts.take(self.frame.pattern.target, axis=0)) > 0

    def in_columns(self, fixed: Array) -> Array:
        """A vector that is the same in every draw, shaped like the rest of this graph."""
        return fixed if self.goal_sum.ndim == 1 else fixed[:, None]

    def count_from(self, relations: Flags) -> Floats:
        """Per factor: how many of the marked relations start there."""
        return self.frame.by_origin(relations.astype(np.float64))


def graph_of(
    network: Network, *, parameters: Parameters, goals: Mapping[str, float], local: LocalData | None = None
) -> Graph:
    """The graph of the network itself. goals: rescaled weight per goal code; goals not named weigh 0."""
    frame = frame_of(network, parameters)
    if local is not None:
        return graph_in(frame, _state_of(frame, parameters, local), parameters=parameters, goals=goals)
    if (state := frame.states.get(parameters.p_missing)) is None:
        state = frame.states[parameters.p_missing] = _state_of(frame, parameters, None)
    return graph_in(frame, state, parameters=parameters, goals=goals)


def _state_of(frame: Frame, parameters: Parameters, local: LocalData | None) -> State:
    gain = gain_of(frame.network, local)
    assumed = np.isnan(gain)
    return State(
        strength=frame.strength,
        causal=frame.network.causal,
        sequence=frame.network.sequence,
        gain=np.where(assumed, parameters.p_missing, gain),
        assumed=assumed,
    )


def graph_in(frame: Frame, state: State, *, parameters: Parameters, goals: Mapping[str, float]) -> Graph:
    """The graph of the frame's network in that state."""
    network = frame.network
    weight = np.array([*(goals.get(code, 0.0) for code in network.goals), 0.0])[frame.goal]
    amount = state.strength * (weight if state.strength.ndim == 1 else weight[:, None])
    return Graph(
        frame=frame,
        parameters=parameters,
        state=state,
        goal_amount=amount,
        selected=weight > 0,
        goal_sum=frame.by_origin(amount),
    )


def check_figures(network: Network, local: LocalData | None) -> None:
    """Raises UnknownCode for a figure of no factor."""
    codes = {factor.code for factor in network.factors}
    told = [each.factor for each in local.figures] + [each.factor for each in local.partners] if local else []
    if strange := sorted(set(told) - codes):
        raise UnknownCode(", ".join(strange))


def gain_of(network: Network, local: LocalData | None) -> Floats:
    """Share with something to gain per factor: the local share, else the model's, else nan (ranking.md §1.6)."""
    share = network.prevalence
    if local:
        figures = {figure.factor: figure.area for figure in local.figures if figure.area is not None}
        share = np.array(
            [figures.get(factor.code, known) for factor, known in zip(network.factors, share.tolist(), strict=True)]
        )
    return to_gain(network, share)


def to_gain(network: Network, share: Floats) -> Floats:
    """The share itself for a risk factor, its complement otherwise: 80% with support is 20% without."""
    return np.where(network.risk, share, 1.0 - share)
