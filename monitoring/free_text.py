"""Text that people send: whether it may be kept, and which received values an answer may repeat (conventions.md §6).

Pure, but for the language of the words.
"""

import re
from typing import Any

from django.utils.translation import gettext as _

from config import personal_data
from config.errors import Fault

TEXT_LENGTH, ECHO_LENGTH = 2000, 60
UNPRINTABLE = re.compile(r"[^\S \n\t\r\u00a0\u202f]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Not the ends of lines of Windows, nor the spaces that word processors put where a line must not break."""


def wrong_text(value: Any, longest: int) -> str | None:
    """Why a text cannot be kept, as a code; None: it can."""
    if not isinstance(value, str):
        return "not-a-text"
    if len(value) > longest:
        return "too-long"
    if UNPRINTABLE.search(value):
        return "unprintable"
    return "personal-data" if personal_data.found_in(value) else None


def text_fault(value: Any, location: str, longest: int = TEXT_LENGTH) -> Fault | None:
    """The same in words; what holds personal data is not repeated in them."""
    wrong = wrong_text(value, longest)
    if wrong is None:
        return None
    if wrong == "personal-data":
        return Fault(location, wrong, personal_data.refusal(personal_data.found_in(value)))
    if wrong == "not-a-text":
        return Fault(location, wrong, _("Geef hier tekst."), value=safe(value))
    if wrong == "too-long":
        detail = _("Deze tekst is te lang: hoogstens %(n)d tekens.") % {"n": longest}
        return Fault(location, wrong, detail, expected=longest)
    return Fault(location, wrong, _("Deze tekst bevat onzichtbare besturingstekens."))


def safe(value: Any) -> Any:
    """A received value if it may be repeated: short, plain, and without personal data; else None."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value)
    fit = len(text) <= ECHO_LENGTH and text.isprintable() and not personal_data.found_in(text)
    return value if fit else None
