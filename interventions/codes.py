"""Closed code lists of this app's answers (DOMAIN.md, Words and §6)."""

PREVENTION_LEVELS = ("universal", "selective", "indicated")
DURATIONS = ("incidental", "structural")
DIRECTIONS = ("reduce", "strengthen")
VERDICTS = ("worse", "equal", "better", "unknown")
PRIORITY_PARTS = ("score", "need", "lack")
QUALITY_STATUSES = ("kept", "partly-kept", "not-kept")
LIFE_PHASES = ("pregnancy", "early-childhood", "primary-school-age", "adolescence", "young-adulthood", "adulthood",
               "old-age")  # fmt: skip
LIFE_DOMAINS = ("digital", "neighbourhood", "school-work", "home", "individual")
