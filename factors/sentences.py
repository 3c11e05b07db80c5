"""A path in one sentence, Dutch and English, that says no more than its evidence does. Pure.

Only a causal step `leads to`; a step known in time `comes before`; all else `goes together with`.
"""

from collections.abc import Mapping

from factors.evidence import Relation
from factors.pathways import Pathway

_WORDS = {
    "nl": {
        1: "meer", -1: "minder", "causal": "leidt tot", "sequence": "gaat vooraf aan", "link": "hangt samen met",
        "unclear": "hangt, met onduidelijke richting, samen met", "and": ", en ", "helps": "helpt het doel",
        "harms": "schaadt het doel", "good": "is gunstig voor het doel", "bad": "is ongunstig voor het doel",
        "touches": "raakt, met onduidelijke richting, het doel", "that": "dat",
        "weakest": "; de zwakste schakel is {0} → {1}.",
    },
    "en": {
        1: "more", -1: "less", "causal": "leads to", "sequence": "comes before", "link": "goes together with",
        "unclear": "is linked, in an unclear direction, with", "and": ", and ", "helps": "helps the goal",
        "harms": "harms the goal", "good": "is favourable for the goal", "bad": "is unfavourable for the goal",
        "touches": "touches, in an unclear direction, the goal", "that": "that",
        "weakest": "; the weakest link is {0} → {1}.",
    },
}  # fmt: skip


def sentence(path: Pathway, *, names: Mapping[str, str], language: str) -> str:
    """names: of the factors and the goal, in that language (nl or en)."""
    words = _WORDS[language]
    quoted = {code: f"‘{names[code]}’" for code in path.codes}
    clauses: list[str] = []
    direction = 1
    for relation in (step.relation for step in path.steps):
        said = f"{words[direction]} {quoted[relation.origin]}" if direction else quoted[relation.origin]
        direction *= relation.sign
        begin = words["that"] if clauses and relation.to_goal else said
        clauses.append(f"{begin} {_clause(relation, direction, words)} {quoted[relation.target]}")
    text = words["and"].join(clauses)
    weakest = path.steps[path.weakest].relation
    end = words["weakest"].format(quoted[weakest.origin], quoted[weakest.target]) if len(path.steps) > 1 else "."
    return text[:1].upper() + text[1:] + end


def _clause(relation: Relation, direction: int, words: Mapping[object, str]) -> str:
    if relation.to_goal:
        if not direction:
            return words["touches"]
        proven = {1: "helps", -1: "harms"} if relation.causal else {1: "good", -1: "bad"}
        return words[proven[direction]]
    if not direction:
        return words["unclear"]
    verb = "causal" if relation.causal else "sequence" if relation.sequence else "link"
    return f"{words[verb]} {words[direction]}"
