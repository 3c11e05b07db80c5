"""Does a text hold personal data? Delivered texts that do are refused and not kept (conventions.md §6). Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from stdnum.nl import bsn

MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
MONTHS += "|january|february|march|may|june|july|august|october|jan|feb|mrt|mar|apr|jun|jul|aug|sept?|okt|oct|nov|dec"
TELLING = re.compile(r"[@\d]")  # none of them holds neither
NUMBER = re.compile(r"(?<!\d)(?:\d(?:[ .-]?\d){8}|\d{8})(?!\d)")
MAIL = re.compile(r"[^\s@<>()\[\],;:\"']+@[^\s@<>()\[\],;:\"']+\.[^\W\d_]{2,}")
PHONE = re.compile(r"(?<![\d.])(?:(?:\+|00)31[ .-]?(?:\(0\))?[ .-]?|\(?0)[1-9](?:[ ().-]{0,3}\d){8}(?!\d)")
# every full date: an explanation of quarterly counts needs none, and a birth date looks like any other
DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}[ ./-]{1,3}(?:\d{1,2}|" + MONTHS + r")\.?[ ./-]{1,3}(?:19|20)?\d{2}"
    r"|(?:19|20)\d{2}[ ./-]\d{1,2}[ ./-]\d{1,2})(?!\d)",
    re.I,
)


def found_in(text: str) -> tuple[str, ...]:
    """Kinds of personal data in the text: `bsn`, `email`, `phone`, `date`. Empty: none found.

    BSN by its 11-test (9 digits, or 8 with the leading zero left off); dates with day, month and year. Look-alike
    digits and invisible characters are read as what they look like. About one in eleven other 9-digit numbers passes
    the 11-test and is refused too: better so.
    """
    if text.isascii() and not TELLING.search(text):
        return ()
    return tuple(_kinds(_plain(text)))


def refusal(kinds: Iterable[str]) -> str:
    """Why a text with these kinds is not taken."""
    words = {"bsn": _("burgerservicenummer"), "email": _("e-mailadres"), "phone": _("telefoonnummer"),
             "date": _("volledige datum")}  # fmt: skip
    detail = _("Hier lijkt een persoonsgegeven te staan (%(kinds)s). Haal het weg; wij hebben het niet bewaard.")
    return detail % {"kinds": ", ".join(words[kind] for kind in kinds)}


def _kinds(text: str) -> Iterator[str]:
    if any(bsn.is_valid(re.sub(r"\D", "", match.group())) for match in NUMBER.finditer(text)):
        yield "bsn"
    if MAIL.search(text):
        yield "email"
    if PHONE.search(text):
        yield "phone"
    if DATE.search(text):
        yield "date"


def _plain(text: str) -> str:
    visible = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in visible)
