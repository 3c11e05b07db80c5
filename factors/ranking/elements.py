"""An element of a method as vectors over the factors, and what both methods share in making them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from factors.ranking.graph import Graph, to_gain
from factors.ranking.model import LocalData
from factors.ranking.network import Flags, Floats

Split = Literal["goals", "paths", "relations", "figure"]


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """One element for all factors, or for all factors and draws. raw: the amount before scaling; value: 0..1.

    split says what the points are divided over: relations to goals, paths to other factors (each worth
    `worth` of the factor at its end, None is 1), the relations marked in `qualifying` equally, or nothing (one figure).
    assumed: factors whose share is p_missing.
    """

    name: str
    raw: Floats
    value: Floats
    split: Split
    worth: Floats | None = None
    qualifying: Flags | None = None
    assumed: Flags | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """What a method says: its elements, who passes the gate, and weights per element before normalising."""

    elements: tuple[Element, ...]
    ranked: Flags
    weights: tuple[float, ...]


def saturate(amount: Floats, half_points: float) -> Floats:
    """h(x; c) = x / (x + c): half the points at c, never all of them, and no factor changes another's."""
    return amount / (amount + half_points)


def share_element(name: str, graph: Graph) -> Element:
    """The share of people with something to gain: local, else the model's, else p_missing (§1.6)."""
    return Element(name, raw=graph.state.gain, value=graph.state.gain, split="figure", assumed=graph.state.assumed)


def gap_element(graph: Graph, local: LocalData) -> Element:
    """How much more is to be gained here than in the reference, relative to it; 0 without a figure (§1.7)."""
    network = graph.network
    figures = {figure.factor: (figure.area, figure.reference) for figure in local.figures}
    pairs = [figures.get(factor.code, (None, None)) for factor in network.factors]
    shares = np.array([[np.nan if share is None else share for share in pair] for pair in pairs], dtype=np.float64)
    area, reference = to_gain(network, shares[:, 0]), to_gain(network, shares[:, 1])
    more = np.nan_to_num(np.maximum(0.0, area - reference))
    # h(more / reference; c) multiplied out, so that a reference of 0 needs no division
    base = more + graph.parameters.gap_half_points * np.nan_to_num(reference)
    value = graph.in_columns(np.divide(more, base, out=np.zeros_like(more), where=base > 0))
    return Element("local", raw=value, value=value, split="figure")


def partner_element(graph: Graph, local: LocalData) -> Element:
    """The mean of partners' scores in the area; 0 without one (§1.7)."""
    scores = {each.factor: each.score for each in local.partners}
    by_factor: Floats = np.array([scores.get(factor.code, 0.0) for factor in graph.network.factors])
    value = graph.in_columns(by_factor)
    return Element("partners", raw=value, value=value, split="figure")
