"""What of the register would close a gap: interventions that work on a factor, and who offers them in the city."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from interventions import coverage
from interventions.models import EffectLevel, Intervention, InterventionFactor, Recognition
from interventions.services.coverage.questions import Question


@dataclass(frozen=True)
class Closer:
    """An intervention that would close a gap on a factor. level None: not listed (it then only closes without minimum).

    databases: those that recognise it on the day. offered: active offerings of it in the city, wherever they are.
    """

    intervention: Intervention
    level: EffectLevel | None
    direction: str
    databases: tuple[str, ...]
    offered: tuple[coverage.Supply, ...]


def closers(
    *, question: Question, factor_codes: Collection[str], supplies: Iterable[coverage.Supply]
) -> dict[str, tuple[Closer, ...]]:
    """Factor → interventions of the register that work on it at the minimum level or above.

    Highest level first, not listed last, then by code. Three queries, however many factors.
    """
    offered: dict[str, list[coverage.Supply]] = defaultdict(list)
    for supply in supplies:
        if coverage.is_active(supply, question.day):
            offered[supply.intervention_code].append(supply)
    links = InterventionFactor.objects.filter(factor_code__in=factor_codes).select_related("intervention")
    levels = _levels(question, {link.intervention_id for link in links})
    found: dict[str, list[Closer]] = defaultdict(list)
    for link in links.order_by("factor_code", "intervention_id"):
        level, databases = levels.get(link.intervention_id, (None, ()))
        if question.minimum_level is None or (level is not None and level.level >= question.minimum_level):
            made = Closer(link.intervention, level, link.direction, databases, tuple(offered[link.intervention_id]))
            found[link.factor_code].append(made)
    return {code: tuple(sorted(ones, key=_strongest)) for code, ones in found.items()}


def _strongest(closer: Closer) -> tuple[int, str]:
    return (-closer.level.level if closer.level else 1, closer.intervention.code)


def _levels(question: Question, codes: Collection[str]) -> dict[str, tuple[EffectLevel, tuple[str, ...]]]:
    """Intervention → the level that holds that day, and the databases that list it then."""
    rows = Recognition.objects.filter(intervention__in=codes).select_related("level").order_by("valid_from")
    current: dict[str, list[Recognition]] = defaultdict(list)
    for row in rows:
        if coverage.Span(row.valid_from, row.valid_until).holds_on(question.day):
            current[row.intervention_id].append(row)
    return {
        code: (ones[-1].level, tuple(sorted({one.database_id for one in ones if one.database_id})))
        for code, ones in current.items()
    }
