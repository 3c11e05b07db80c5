"""What the methods give today on fixed inputs, as a digest.

Numbers are rounded before they are digested, so that another processor's last bit is no other result.
"""

import hashlib
import json
from dataclasses import asdict, replace
from typing import Any

import orjson

from bench.networks import made_up_model
from factors.ranking import PARAMETER_SETS, LocalData, LocalFigure, Parameters, Selection, compile_model, rank
from factors.ranking.doubt import doubt
from factors.ranking.drawing import DoubtParameters
from factors.ranking.model import Model, PartnerScore
from tests.factors import golden

DIGITS = 9
EVERYTHING_IN_DOUBT = DoubtParameters(unknown_flags=0.5, weights=50.0)


def results(method: str) -> str:
    """Digest of the rankings of both parameter sets: models, selections, local data, doubt."""
    told = [
        _rounded(orjson.loads(orjson.dumps(result)))
        for parameters in PARAMETER_SETS
        if parameters.method == method
        for model in (golden.MODEL, made_up_model(factors=60, relations=4))
        for result in _rankings(model, parameters)
    ]
    return _digest(told)


def _rankings(model: Model, parameters: Parameters) -> list[Any]:
    network, goals = compile_model(model), model.goals
    selections = (
        Selection(),
        Selection(goals={goals[0]: 2.0, goals[1]: 1.0}),
        Selection(mode="induced", kinds=("risk",)),
    )
    made: list[Any] = [rank(network, parameters=parameters, selection=selection) for selection in selections]
    local = _local(model, parameters.method)
    made.append(rank(network, parameters=parameters, selection=Selection(), local=local))
    drawn = doubt(
        network, parameters=parameters, selection=Selection(), local=local, doubts=EVERYTHING_IN_DOUBT, draws=96, seed=7
    )
    return [*made, drawn]


def _local(model: Model, method: str) -> LocalData:
    shares = [(factor.code, (place % 7) / 10) for place, factor in enumerate(model.factors) if place % 3]
    local = LocalData("area", tuple(LocalFigure(code, share, 0.2) for code, share in shares), weight=0.2)
    partners = tuple(PartnerScore(code, share) for code, share in shares[::2])
    return local if method == "rip-2019" else replace(local, partners=partners, partner_weight=0.1)


def parameter_sets() -> dict[str, str]:
    """Digest of the values of every parameter set and of the doubt, by name and version."""
    sets = {f"{p.method}/{p.name}/{p.version}": _digest(asdict(p)) for p in PARAMETER_SETS}
    doubts = DoubtParameters()
    return sets | {f"{doubts.name}/{doubts.version}": _digest(asdict(doubts))}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DIGITS) + 0.0
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return {name: _rounded(each) for name, each in value.items()} if isinstance(value, dict) else value


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
