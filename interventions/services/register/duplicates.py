"""Interventions of the register that may be one and the same."""

from collections import defaultdict
from functools import lru_cache

from interventions.likeness import Described, Likeness, doubles, doubles_of
from interventions.models import Intervention, Recognition
from interventions.reference import name_synonyms
from interventions.services.register import dismissals

TEXTS = ("goal_nl", "target_group_nl", "approach_nl")


def duplicates(*, dismissed: bool = False) -> tuple[Likeness, ...]:
    """Every pair of the register that looks alike, most grounds first: those that nobody dismissed, or those that are.

    Three queries; the register is compared when it differs from the last time.
    """
    register = _register()
    return _asked(_compared(register), register, dismissed)


def duplicates_of(*, code: str, dismissed: bool = False) -> tuple[Likeness, ...]:
    """The same of one intervention. Three queries."""
    register = _register()
    told = next((one for one in register if one.code == code), None)
    return _asked(doubles_of(told, register, name_synonyms()), register, dismissed) if told else ()


@lru_cache(maxsize=1)
def _compared(register: tuple[Described, ...]) -> tuple[Likeness, ...]:
    return doubles(register, name_synonyms())


def _asked(found: tuple[Likeness, ...], register: tuple[Described, ...], dismissed: bool) -> tuple[Likeness, ...]:
    apart = dismissals.in_force(register)
    return tuple(one for one in found if ((one.first, one.second) in apart) is dismissed)


def _register() -> tuple[Described, ...]:
    links: dict[str, list[str]] = defaultdict(list)
    recognised = Recognition.objects.exclude(url="").order_by("intervention_id", "id")
    for code, url in recognised.values_list("intervention_id", "url"):
        links[code].append(url)
    rows = Intervention.objects.order_by("code").values("code", "name_nl", "name_en", "parent_code", *TEXTS)
    return tuple(
        Described(
            row["code"],
            (row["name_nl"], row["name_en"]),
            " ".join(row[name] for name in TEXTS),
            tuple(links[row["code"]]),
            row["parent_code"],
        )
        for row in rows
    )
