"""Which period somebody most likely meant who did not write it as we read it: `4e kwartaal 2025`, `okt 2025`. Pure.

Only what can hardly mean anything else: `2025-4` may be a month or a quarter, so it is not guessed.
"""

import re

from config.personal_data import MONTHS
from monitoring.periods import BadPeriod, Period, parse

ORDINALS = {"eerste": "1", "tweede": "2", "derde": "3", "vierde": "4",
            "first": "1", "second": "2", "third": "3", "fourth": "4"}  # fmt: skip
MONTH_NUMBERS = {"jan": 1, "feb": 2, "maa": 3, "mrt": 3, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7,
                 "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12}  # fmt: skip
YEAR, BETWEEN = r"(?P<year>(?:19|20)\d\d)", r"[ ,./_-]*"
NUMBER = r"0?(?P<n>[1-4])(?:e|de|ste|st|nd|rd|th)?"
QUARTER = r"(?:q|k|kw|kwt|kwartaal|quarter)"
MONTH = rf"(?P<month>{MONTHS})\.?"
FORMS = (
    (rf"{YEAR}{BETWEEN}{QUARTER}{BETWEEN}{NUMBER}", "{year}-Q{n}"),
    (rf"{YEAR}{BETWEEN}{NUMBER}{BETWEEN}{QUARTER}", "{year}-Q{n}"),
    (rf"{QUARTER}{BETWEEN}{NUMBER}{BETWEEN}{YEAR}", "{year}-Q{n}"),
    (rf"{NUMBER}{BETWEEN}{QUARTER}{BETWEEN}(?:van |of )?{YEAR}", "{year}-Q{n}"),
    (rf"{MONTH}{BETWEEN}{YEAR}", "{year}-{month:02}"),
    (rf"{YEAR}{BETWEEN}{MONTH}", "{year}-{month:02}"),
    (rf"(?P<n>0[1-9]|1[0-2])[/.-]{YEAR}", "{year}-{n}"),
    (rf"{YEAR}[/.](?P<n>0[1-9]|1[0-2])", "{year}-{n}"),
    (rf"(?:heel|het jaar|jaar|kalenderjaar|year) ?{YEAR}", "{year}"),
    (rf"(?:schooljaar|school year)? ?{YEAR} ?[/-] ?(?P<next>20\d\d)", "{year}/{next}"),
)
READERS = tuple((re.compile(form, re.ASCII), made) for form, made in FORMS)


def guessed(text: str) -> Period | None:
    """The period that was meant, or None if that cannot be told."""
    written = " ".join(ORDINALS.get(word, word) for word in text.casefold().split())
    for reader, made in READERS:
        if match := reader.fullmatch(written):
            parts = match.groupdict()
            if month := parts.get("month"):
                parts["month"] = MONTH_NUMBERS[month[:3]]
            try:
                return parse(made.format(**parts))
            except BadPeriod:
                return None
    return None
