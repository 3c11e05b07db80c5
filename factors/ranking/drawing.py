"""What is varied in a draw, and how far: parameter set `doubt/1` (ranking.md §2.7; our choices)."""

from dataclasses import dataclass
from functools import cached_property
from math import fsum, isfinite

import numpy as np

from factors.ranking.frame import Frame, frame_of
from factors.ranking.graph import State, gain_of
from factors.ranking.model import LocalData
from factors.ranking.network import Flags, Floats, Network
from factors.ranking.parameters import Parameters
from factors.ranking.walks import Block, number_of_ways

KEPT_WAYS = 8_000_000
"""Ways laid out once for all draws, 16 bytes each; the blocks of a larger network are laid out anew per chunk."""


class InvalidDoubt(ValueError):
    """A doubt parameter that is negative, not finite or out of range."""


@dataclass(frozen=True, slots=True)
class DoubtParameters:
    """How far each input may lie from its value; None leaves that input as it is.

    effect: Fisher z ~ N(z, SE²), SE from the published intervals, `effect_se` where there are none; all SE times
    `effect_times`. missing_effect: |r| ~ U(0, r_ref). prevalence: Beta(s p, s (1 - p)) with s = `prevalence_weight`;
    an unknown one U(0, `missing_prevalence_high`). unknown_flags: chance that an unknown causal or sequence is yes.
    weights: element weights ~ Dirichlet(s w) with s = `weights`. interval: the share of draws between low and high.
    certain_from: a factor stands apart from one below it when it is above it in this share of the draws.
    A relative gap to a reference area is not varied.
    """

    name: str = "doubt"
    version: str = "1"
    effect_se: float = 0.10
    effect_times: float = 1.0
    missing_effect: bool = True
    prevalence_weight: float | None = 50.0
    missing_prevalence_high: float | None = 0.3
    unknown_flags: float | None = None
    weights: float | None = None
    interval: float = 0.90
    certain_from: float = 0.95

    def __post_init__(self) -> None:
        """Raises InvalidDoubt."""
        for name in ("effect_se", "effect_times", "prevalence_weight", "weights"):
            value = getattr(self, name)
            if value is not None and not (isfinite(value) and value >= 0):
                raise InvalidDoubt(f"{name}: {value}")
        if 0 in (self.prevalence_weight, self.weights):
            raise InvalidDoubt("a weight of 0 says nothing; None leaves the input as it is")
        for name in ("missing_prevalence_high", "unknown_flags", "interval", "certain_from"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 1:
                raise InvalidDoubt(f"{name}: {value} is not in 0..1")


class Drawer:
    """Draws states of one network. Safe to share between threads: nothing changes after the first draw."""

    def __init__(
        self, network: Network, *, parameters: Parameters, local: LocalData | None, doubts: DoubtParameters
    ) -> None:
        self.network, self.parameters, self.local, self.doubts = network, parameters, local, doubts
        self.frame: Frame = frame_of(network, parameters)
        self.gain = gain_of(network, local)
        said = network.relations
        self.z = np.array([np.nan if relation.z is None else relation.z for relation in said])
        variance = np.array([relation.variance + relation.bare * doubts.effect_se**2 for relation in said])
        self.error = doubts.effect_times * np.sqrt(variance)
        self.causal_unknown = np.array([relation.causal_unknown for relation in said], dtype=bool)
        self.sequence_unknown = np.array([relation.sequence_unknown for relation in said], dtype=bool)
        self.known = np.flatnonzero(network.active & ~np.isnan(self.z))
        self.missing = np.flatnonzero(network.active & np.isnan(self.z))
        # worked out before threads share them
        self._kept = list(self.frame.blocks()) if self._few_ways else None
        _ = self.frame.strength, self.frame.by_origin(np.zeros((len(said), 1))), self.frame.end, self.frame.goal
        _ = self.frame.between, self.frame.by_arc_origin(np.zeros((len(self.frame.pattern.origin), 1)))

    @property
    def _few_ways(self) -> bool:
        return number_of_ways(self.frame.pattern, depth=self.frame.depth).sum() <= KEPT_WAYS

    @cached_property
    def _varies(self) -> bool:
        """Do strengths vary: not when relations are counted."""
        doubts = self.doubts
        effects = len(self.known) > 0 and bool((self.error[self.known] > 0).any())
        return self.parameters.scale.mode != "count" and (effects or (doubts.missing_effect and len(self.missing) > 0))

    def draw(self, *, seed: int, chunk: int, draws: int) -> State:
        """The states of one chunk, a column per draw. The same seed, chunk and number of draws give the same bits."""
        rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(chunk,))))
        strength = self._strengths(rng, draws)
        gain, assumed = self._gains(rng, draws)
        causal = self._flags(rng, draws, self.network.causal, self.causal_unknown)
        sequence = self._flags(rng, draws, self.network.sequence, self.sequence_unknown)
        return State(
            strength=strength,
            causal=causal,
            sequence=sequence,
            gain=gain,
            assumed=assumed,
            walked=self._walked(strength, causal | sequence),
            weights=self._weights(rng, draws),
        )

    def _strengths(self, rng: np.random.Generator, draws: int) -> Floats:
        if not self._varies:
            return self.frame.strength[:, None]
        size = np.zeros((len(self.z), draws))
        size[self.known] = self._sizes(rng, draws)
        size[self.missing] = self.parameters.scale.r_missing
        if self.doubts.missing_effect:
            size[self.missing] = rng.uniform(0, self.parameters.scale.r_ref, (len(self.missing), draws))
        return self.network.graded(size, self.parameters.scale)

    def _sizes(self, rng: np.random.Generator, draws: int) -> Floats:
        error = self.error[self.known]
        if not error.any():
            return self.network.size[self.known, None]  # as they are, to the last bit
        z = rng.standard_normal((len(error), draws))
        z *= error[:, None]
        z += self.z[self.known, None]
        np.tanh(z, out=z)
        return np.abs(z, out=z)

    def _gains(self, rng: np.random.Generator, draws: int) -> tuple[Floats, Flags]:
        """The share with something to gain, varied where a share counts in this method."""
        assumed = np.isnan(self.gain)
        gain = np.where(assumed, self.parameters.p_missing, self.gain)[:, None]
        local_share = self.local is not None and self.local.weight > 0 and self.local.form == "prevalence"
        if self.parameters.method != "rip-2019" and not local_share:
            return gain, assumed[:, None]
        gain = np.repeat(gain, draws, axis=1)
        if (weight := self.doubts.prevalence_weight) is not None:
            between = np.flatnonzero((self.gain > 0) & (self.gain < 1))
            p = self.gain[between, None]
            gain[between] = rng.beta(weight * p, weight * (1 - p), (len(between), draws))
        if (high := self.doubts.missing_prevalence_high) is not None:
            gain[assumed] = rng.uniform(0, high, (int(assumed.sum()), draws))
        return gain, assumed[:, None]

    def _flags(self, rng: np.random.Generator, draws: int, yes: Flags, unknown: Flags) -> Flags:
        if (chance := self.doubts.unknown_flags) is None or not unknown.any():
            return yes[:, None]
        drawn = np.repeat(yes[:, None], draws, axis=1)
        drawn[unknown] = rng.random((int(unknown.sum()), draws)) < chance
        return drawn

    def _walked(self, strength: Floats, directed: Flags) -> tuple[Floats, list[Block]] | None:
        """Arcs as drawn; None when neither strengths nor directions differ from the network's own."""
        turns = self.frame.both_ends and not self.frame.any_way and directed.shape[1] > 1
        if not (self._varies or turns):
            return None
        backward = strength * ~(directed | self.network.directed[:, None]) if turns else strength
        if turns:
            strength = np.broadcast_to(strength, backward.shape)
        blocks = self.frame.blocks() if self._kept is None else self._kept
        return self.frame.pattern.values(strength, backward), blocks  # type: ignore[return-value]

    def _weights(self, rng: np.random.Generator, draws: int) -> dict[str, Floats] | None:
        """Weights per element; an element without weight keeps none."""
        if self.doubts.weights is None:
            return None
        weights = dict(self.parameters.weights)
        if self.local and self.parameters.method != "rip-2019":
            weights |= self.local.counting
        counting = {name: weight for name, weight in weights.items() if weight > 0}
        shares = np.array(list(counting.values())) / fsum(counting.values())
        drawn = rng.dirichlet(self.doubts.weights * shares, draws).T
        return dict.fromkeys(weights, np.zeros(draws)) | dict(zip(counting, drawn, strict=True))
