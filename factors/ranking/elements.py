"""An element of a method as vectors over the factors, and what both methods share in making them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from factors.ranking.model import LocalData
from factors.ranking.network import Flags, Floats, Network
from factors.ranking.parameters import Parameters

Split = Literal["goals", "paths", "relations", "figure"]


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """One element for all factors. raw: the amount before scaling; value: 0..1.

    split says what the points are divided over: relations to goals, paths to other factors (each worth
    `worth` of the factor at its end), the relations marked in `qualifying` equally, or nothing (one figure).
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


def share_element(name: str, network: Network, parameters: Parameters, local: LocalData | None) -> Element:
    """The share of people with something to gain: local, else the model's, else p_missing (§1.6)."""
    figures = {figure.factor: figure.area for figure in local.figures} if local else {}
    known = [figures.get(factor.code, factor.prevalence) for factor in network.factors]
    known = [
        factor.prevalence if share is None else share for share, factor in zip(known, network.factors, strict=True)
    ]
    share = np.array([np.nan if share is None else share for share in known], dtype=np.float64)
    gain = to_gain(network, share)
    assumed = np.isnan(gain)
    value = np.where(assumed, parameters.p_missing, gain)
    return Element(name, raw=value, value=value, split="figure", assumed=assumed)


def gap_element(name: str, network: Network, parameters: Parameters, local: LocalData) -> Element:
    """How much more is to be gained here than in the reference, relative to it; 0 without a figure (§1.7)."""
    figures = {figure.factor: (figure.area, figure.reference) for figure in local.figures}
    pairs = [figures.get(factor.code, (None, None)) for factor in network.factors]
    shares = np.array([[np.nan if share is None else share for share in pair] for pair in pairs], dtype=np.float64)
    area, reference = to_gain(network, shares[:, 0]), to_gain(network, shares[:, 1])
    more = np.nan_to_num(np.maximum(0.0, area - reference))
    # h(more / reference; c) multiplied out, so that a reference of 0 needs no division
    base = more + parameters.gap_half_points * np.nan_to_num(reference)
    value = np.divide(more, base, out=np.zeros_like(more), where=base > 0)
    return Element(name, raw=value, value=value, split="figure")


def to_gain(network: Network, share: Floats) -> Floats:
    """The share itself for a risk factor, its complement otherwise: 80% with support is 20% without."""
    risk = np.array([factor.kind == "risk" for factor in network.factors], dtype=np.bool_)
    return np.where(risk, share, 1.0 - share)
