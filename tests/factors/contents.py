"""Generated content of model versions: every kind of cell, texts that look like formulas included."""

import hypothesis.strategies as st

from factors.canonical import Content, EvidenceEntry, FactorEntry, GoalEntry, RelationEntry, SourceEntry
from factors.closed_lists import KNOWN_OR_NOT, LIFE_DOMAINS, LIFE_PHASES
from factors.evidence import EVIDENCE_TYPES, MEASURES
from factors.ranking.model import KINDS

DOMAINS = ("work", "school-performance")
_letters = st.characters(blacklist_categories=("Cs", "Cc", "Cn"), blacklist_characters="\x85\u2028\u2029")
_risky = st.sampled_from(
    ["=1+1", "+31 10", "-5", "@home", "'s ochtends", "''=x", "_x0041_", "a\nb", "1-2", "007", "TRUE"]
)
texts = _risky | st.text(_letters, max_size=20).map(str.strip)
names = texts.filter(bool)
shares = st.none() | st.floats(0, 1)
numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
codes = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True)
known = st.sampled_from(KNOWN_OR_NOT)


def some_of(closed):
    return st.sets(st.sampled_from(closed)).map(lambda given: tuple(code for code in closed if code in given))


@st.composite
def contents(draw):
    """Rows sorted by their codes, as a register gives them."""
    taken = draw(st.lists(codes, min_size=3, max_size=8, unique=True))
    goals, factors = sorted(taken[:1]), sorted(taken[1:])
    sources = draw(st.lists(codes, min_size=1, max_size=3, unique=True).map(sorted))
    kinds = dict.fromkeys(factors, "factor") | dict.fromkeys(goals, "goal")
    ends = draw(st.lists(st.tuples(st.sampled_from(factors), st.sampled_from(sorted(kinds))), max_size=6, unique=True))
    pairs = sorted((origin, kinds[target], target) for origin, target in ends)
    findings = draw(st.lists(codes, max_size=6, unique=True).map(sorted)) if pairs else []
    return Content(
        factors=tuple(
            FactorEntry(code, draw(names), draw(names), draw(st.sampled_from(KINDS)), draw(some_of(LIFE_DOMAINS)),
                        draw(some_of(LIFE_PHASES)), draw(texts), draw(texts), draw(shares), draw(texts),
                        draw(st.sampled_from(["", *sources])))
            for code in factors
        ),
        goals=tuple(GoalEntry(code, draw(names), draw(names), draw(st.sampled_from(DOMAINS))) for code in goals),
        sources=tuple(
            SourceEntry(code, draw(names), draw(texts), draw(st.none() | st.integers(1500, 2100)), draw(texts),
                        draw(texts), draw(texts))
            for code in sources
        ),
        relations=tuple(RelationEntry(*pair, draw(texts), draw(texts)) for pair in pairs),
        evidence=tuple(
            EvidenceEntry(
                code, *draw(st.sampled_from(pairs)), draw(st.sampled_from("+-")), draw(st.sampled_from(EVIDENCE_TYPES)),
                draw(st.sampled_from(sources)), draw(known), draw(known), draw(known),
                draw(st.sampled_from(["", *MEASURES])), draw(numbers), draw(numbers), draw(numbers), draw(shares),
                draw(st.booleans()), draw(texts), draw(texts), draw(texts), draw(texts),
                draw(st.sampled_from(["", *findings])), draw(texts),
            )
            for code in findings
        ),
    )  # fmt: skip
