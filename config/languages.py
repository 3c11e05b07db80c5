"""Labels in the language of the request, Dutch first."""

from typing import Any

from django.utils.translation import get_language


def language() -> str:
    """`nl` or `en`."""
    return "en" if (get_language() or "nl").startswith("en") else "nl"


def pick(nl: str, en: str, said: str = "") -> str:
    """The label in the asked language; the other one if it is empty. said: that language, for who looks up many."""
    return (en or nl) if (said or language()) == "en" else (nl or en)


def label(thing: Any, field: str = "name", *, said: str = "") -> str:
    """`thing.name_nl` or `thing.name_en`. said: as for `pick`."""
    return pick(getattr(thing, f"{field}_nl"), getattr(thing, f"{field}_en"), said)
