"""What if, on a stored or a new ranking: the engine's answer with names. Nothing is written."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import orjson
from django.utils.translation import gettext as _

from config.errors import Fault
from config.languages import label
from factors.evidence import InvalidEvidence
from factors.ranking.model import InvalidModel, InvalidSelection
from factors.ranking.standing import Move
from factors.ranking.what_if import Changes, ChangeWithoutEffect, UnknownChange, what_if
from factors.reading import Line, lines_of
from factors.register import Register, register_of
from factors.services.wishes import CannotRank, Wish, engine_inputs, refusal


@dataclass(frozen=True)
class Scenario:
    """What the ranking would be. result: in the form in which rankings are kept."""

    wish: Wish
    register: Register
    result: dict[str, Any]
    moves: tuple[Move, ...]

    @property
    def moved_count(self) -> int:
        return sum(move.moved for move in self.moves)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return lines_of(self.result, self.register)

    @property
    def names(self) -> dict[str, str]:
        return {code: label(factor) for code, factor in self.register.factors.items()}


def scenario_of(*, wish: Wish, changes: Changes) -> Scenario:
    """Rank with the changes and compare. Raises CannotRank for what is not there or cannot be."""
    try:
        found = what_if(engine_inputs(wish), changes)
    except UnknownChange as problem:
        detail = _("Dit staat niet in deze rangschikking: %(what)s.") % {"what": problem}
        raise CannotRank(detail, [Fault("#/changes", "unknown-change", detail)]) from problem
    except ChangeWithoutEffect as problem:
        detail = _("Deze bevinding heeft geen effectmaat: %(what)s.") % {"what": problem}
        raise CannotRank(detail, [Fault("#/changes/effects", "no-effect-measure", detail)]) from problem
    except InvalidSelection as problem:
        said = refusal(problem)
        location = "#/changes" if changes.goals is None else "#/changes/goals"
        raise CannotRank(said.detail, [replace(fault, location=location) for fault in said.faults]) from problem
    except (InvalidModel, InvalidEvidence) as problem:
        detail = _("Deze verandering kan niet: %(why)s.") % {"why": problem}
        raise CannotRank(detail, [Fault("#/changes", "impossible-change", detail)]) from problem
    return Scenario(wish, register_of(wish.version), orjson.loads(orjson.dumps(found.ranking)), found.moves)
