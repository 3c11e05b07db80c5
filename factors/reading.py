"""Reading a stored ranking: the numbers come from its canonical result alone, names from the version it ranked."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from factors.canonical import FactorEntry
from factors.models import ModelVersion, RankingSnapshot
from factors.register import Register, register_of


@dataclass(frozen=True)
class Line:
    """One factor of a ranking with its description; `told` is its part of the stored result."""

    factor: FactorEntry
    ranked: bool
    told: dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """A snapshot opened: its inputs, its result, and the version it ranked."""

    snapshot: RankingSnapshot
    version: ModelVersion
    register: Register
    inputs: dict[str, Any]
    result: dict[str, Any]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Ranked factors by rank, then the unranked by code."""
        factors = self.register.factors
        ranked = (Line(factors[told["code"]], True, told) for told in self.result["factors"])
        unranked = (Line(factors[told["code"]], False, told) for told in self.result["unranked"])
        return (*ranked, *unranked)

    @property
    def flags(self) -> list[str]:
        """What the reader must know of the whole: flags of any factor, and a withdrawal of the version since."""
        found = {flag for told in self.result["factors"] for flag in told["flags"]}
        return sorted(found | ({"version-withdrawn"} if self.version.status == "withdrawn" else set()))


def read(snapshot: RankingSnapshot) -> Reading:
    """Open a snapshot. One query, and six more when the process has not seen the version before."""
    version = ModelVersion.objects.get(model_id=snapshot.model_code, version=snapshot.model_version)
    return Reading(
        snapshot, version, register_of(version), orjson.loads(snapshot.inputs), orjson.loads(snapshot.result)
    )
