"""From the spellings of the source files to our codes (DOMAIN.md, Words)."""

KINDS = {"risk": "risk", "protective": "protective", "strengthening": "promotive"}
LIFE_DOMAINS = {
    "digital": "digital",
    "neighbourhood": "neighbourhood",
    "school_work": "school-work",
    "home": "home",
    "individual": "individual",
}
LIFE_PHASES = {
    "pregnancy": "pregnancy",
    "early_childhood": "early-childhood",
    "primary_school": "primary-school-age",
    "adolescence": "adolescence",
    "young_adult": "young-adulthood",
    "adult": "adulthood",
    "older_adult": "old-age",
}


def kebab(identifier: str) -> str:
    """`social_emotional_skills` → `social-emotional-skills`; `R001` → `r001`."""
    return identifier.lower().replace("_", "-")
