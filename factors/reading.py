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
        return lines_of(self.result, self.register)

    @property
    def flags(self) -> list[str]:
        """What the reader must know of the whole: flags of any factor, and a withdrawal of the version since."""
        found = {flag for told in self.result["factors"] for flag in told["flags"]}
        return sorted(found | ({"version-withdrawn"} if self.version.status == "withdrawn" else set()))


def lines_of(result: dict[str, Any], register: Register) -> tuple[Line, ...]:
    """The factors of a result, ranked ones first; with doubt each also says where it ends in the draws."""
    factors = register.factors
    doubtful = {told["code"]: told for told in (result.get("doubt") or {}).get("factors", ())}
    return tuple(
        Line(factors[told["code"]], ranked, doubtful.get(told["code"], {}) | told)
        for name, ranked in (("factors", True), ("unranked", False))
        for told in result[name]
    )


def read(snapshot: RankingSnapshot) -> Reading:
    """Open a snapshot. One query, and six more when the process has not seen the version before."""
    version = ModelVersion.objects.get(model_id=snapshot.model_code, version=snapshot.model_version)
    return Reading(
        snapshot, version, register_of(version), orjson.loads(snapshot.inputs), orjson.loads(snapshot.result)
    )
