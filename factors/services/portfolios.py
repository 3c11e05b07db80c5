"""The best portfolio of factors for a budget, with names. Nothing is written."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from config.errors import Fault
from config.languages import label
from factors.ranking.model import InvalidSelection
from factors.ranking.portfolio import Portfolio, portfolio
from factors.register import Register, register_of
from factors.services.rankings import AT_ONCE
from factors.services.wishes import CannotRank, Wish, refusal


@dataclass(frozen=True)
class NamedPortfolio:
    wish: Wish
    register: Register
    found: Portfolio

    @property
    def names(self) -> dict[str, str]:
        """Names of factors in the language of the request."""
        return {code: label(factor) for code, factor in self.register.factors.items()}


def portfolio_of(*, wish: Wish, budget: float, costs: dict[str, float], default_cost: float) -> NamedPortfolio:
    """The factors that reach the goals best. Raises CannotRank, also for a model too large to answer at once."""
    register = register_of(wish.version)
    if len(register.network.relations) > AT_ONCE:
        detail = _("Dit model is te groot voor een portefeuille; kies een kleiner model.")
        raise CannotRank(detail, [Fault("#/modelCode", "model-too-large", detail)])
    try:
        found = portfolio(
            register.network, parameters=wish.parameters, selection=wish.selection, budget=budget, costs=costs,
            default_cost=default_cost,
        )  # fmt: skip
    except InvalidSelection as problem:
        raise refusal(problem) from problem
    return NamedPortfolio(wish, register, found)
