"""The golden example of ranking.md §5: six factors, two goals, twelve records, all numbers known by hand."""

from factors.evidence import Record
from factors.ranking import Factor, Model

FACTORS = (
    Factor("skills", "promotive", 0.60),
    Factor("parent-ill", "risk", 0.20),
    Factor("parenting", "protective"),
    Factor("distress", "risk", 0.13),
    Factor("bullied", "risk", 0.10),
    Factor("isolated", "risk", 0.90),
)
_META = "meta-analysis"
RECORDS = (
    Record("skills", "school", "+", _META, True, True, True, "d", 0.27),
    Record("skills", "mental", "+", _META, True, True, True, "d", 0.24),
    Record("skills", "distress", "-", _META, None, None, True, "r", -0.25),
    Record("parent-ill", "parenting", "-", _META, None, None, True, "d", 0.40),
    Record("parent-ill", "distress", "+", _META, None, True, True, "r", 0.20),
    Record("parent-ill", "school", "-", _META, None, True, False),
    Record("distress", "mental", "-", _META, None, True, True, "OR", 2.78),
    Record("distress", "bullied", "+", _META, None, True, True, "r", 0.19),
    Record("bullied", "distress", "+", _META, None, True, True, "r", 0.18),
    Record("bullied", "mental", "-", _META, True, None, True),
    Record("bullied", "mental", "-", "longitudinal", None, True, True, "r", 0.21),
    Record("parenting", "school", "+", "review"),
)
MODEL = Model(FACTORS, ("school", "mental"), RECORDS)

STRENGTHS = {
    ("skills", "school"): 0.445955,
    ("skills", "mental"): 0.397151,
    ("skills", "distress"): 0.833333,
    ("parent-ill", "parenting"): 0.653720,
    ("parent-ill", "distress"): 0.666667,
    ("parent-ill", "school"): 0.0,
    ("distress", "mental"): 0.904279,
    ("distress", "bullied"): 0.633333,
    ("bullied", "distress"): 0.600000,
    ("bullied", "mental"): 0.700000,
    ("parenting", "school"): 0.333333,
}

# code: (x_goal, x_factor, relevance, impact, prevalence, score), in order of rank
RIP_PUBLISHED = {
    "skills": (2, 1, 0.500000, 0.200000, 0.400000, 0.360000),
    "distress": (1, 2, 0.333333, 0.333333, 0.130000, 0.292667),
    "parenting": (1, 1, 0.333333, 0.200000, 0.150000, 0.243333),
    "bullied": (1, 1, 0.333333, 0.200000, 0.100000, 0.233333),
    "parent-ill": (0, 2, 0.000000, 0.333333, 0.200000, 0.173333),
}
# code: (x_goal, goals, x_network, network, causal, sequence, significant, score), in order of rank
FIVE_PUBLISHED = {
    "skills": (0.843105, 0.457437, 0.395722, 0.283525, 1, 1, 1, 0.748193),
    "bullied": (0.700000, 0.411765, 0.300749, 0.231212, 1, 1, 1, 0.728595),
    "distress": (0.904279, 0.474867, 0.641982, 0.390980, 0, 1, 1, 0.573169),
    "parent-ill": (0.000000, 0.000000, 0.480008, 0.324328, 0, 1, 1, 0.464866),
    "parenting": (0.333333, 0.250000, 0.000000, 0.000000, 0, 0, 0, 0.050000),
}
CONNECTIONS = {"distress": 3, "parent-ill": 2, "skills": 1, "parenting": 1, "bullied": 1, "isolated": 0}
RIP_EXTENDED = {
    "skills": 0.404679,
    "distress": 0.312149,
    "bullied": 0.277014,
    "parent-ill": 0.213467,
    "parenting": 0.114211,
}
FIVE_EXTENDED = {
    "skills": 0.633543,
    "bullied": 0.526701,
    "distress": 0.436342,
    "parent-ill": 0.320225,
    "parenting": 0.042105,
}
# element, target, points
SKILLS_POINTS = (
    ("goals", "mental", 0.043096),
    ("goals", "school", 0.048392),
    ("network", "distress", 0.056705),
    ("causal", "mental", 0.1),
    ("causal", "school", 0.1),
    ("sequence", "mental", 0.1),
    ("sequence", "school", 0.1),
    ("significant", "distress", 0.066667),
    ("significant", "mental", 0.066667),
    ("significant", "school", 0.066667),
)
BEST_PATHS_EXTENDED = {("skills", "bullied"): 0.263889, ("parent-ill", "bullied"): 0.211111}
