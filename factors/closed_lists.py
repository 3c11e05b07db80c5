"""The closed lists of a factor model (DOMAIN.md, Words). Pure."""

LIFE_PHASES = (
    "pregnancy", "early-childhood", "primary-school-age", "adolescence", "young-adulthood", "adulthood", "old-age",
)  # fmt: skip
"""In the order in which people pass them."""

LIFE_DOMAINS = ("digital", "neighbourhood", "school-work", "home", "individual")
KNOWN_OR_NOT = ("yes", "no", "unknown")
SIGNS = ("+", "-")
CODE = r"[a-z0-9]+(-[a-z0-9]+)*"
"""A code: kebab-case."""
