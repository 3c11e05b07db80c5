"""Interventions of the register that may be one and the same."""

from collections import defaultdict

from interventions.likeness import Described, Likeness, doubles, doubles_of
from interventions.models import Intervention, Recognition
from interventions.reference import name_synonyms

TEXTS = ("goal_nl", "target_group_nl", "approach_nl")


def duplicates() -> tuple[Likeness, ...]:
    """Every pair of the register that looks alike, most grounds first. Two queries."""
    return doubles(_register(), name_synonyms())


def duplicates_of(*, code: str) -> tuple[Likeness, ...]:
    """What in the register looks like one intervention, most grounds first. Two queries."""
    register = _register()
    told = next((one for one in register if one.code == code), None)
    return doubles_of(told, register, name_synonyms()) if told else ()


def _register() -> list[Described]:
    links: dict[str, list[str]] = defaultdict(list)
    for code, url in Recognition.objects.exclude(url="").values_list("intervention_id", "url"):
        links[code].append(url)
    rows = Intervention.objects.order_by("code").values("code", "name_nl", "name_en", "parent_code", *TEXTS)
    return [
        Described(
            row["code"],
            (row["name_nl"], row["name_en"]),
            " ".join(row[name] for name in TEXTS),
            tuple(links[row["code"]]),
            row["parent_code"],
        )
        for row in rows
    ]
