"""Ranking factors by the two published methods: pure arithmetic on frozen values.

network = compile_model(Model(factors=…, goals=…, records=…))      once per model version
ranking = rank(network, parameters=parameter_set("rip-2019", "published"), selection=Selection())

Beside it: doubt.py how sure it is, weights.py what dethrones number 1, what_if.py what moves when something changes and
which sources carry the top, difference.py why two rankings differ, circles.py what feeds itself.
"""

from factors.ranking.model import Factor, LocalData, LocalFigure, Model, Selection
from factors.ranking.network import Network, compile_model
from factors.ranking.parameters import PARAMETER_SETS, Parameters, parameter_set
from factors.ranking.ranking import rank
from factors.ranking.result import Ranking
from factors.ranking.scoring import Scores, score

__all__ = [
    "PARAMETER_SETS",
    "Factor",
    "LocalData",
    "LocalFigure",
    "Model",
    "Network",
    "Parameters",
    "Ranking",
    "Scores",
    "Selection",
    "compile_model",
    "parameter_set",
    "rank",
    "score",
]
