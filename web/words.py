"""Dutch words on pages for codes of the API."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

STATES = {
    "on-time": _("op tijd geleverd"), "late": _("te laat geleverd"), "empty": _("geleverd, maar alles is nul"),
    "contradictory": _("geleverd, maar spreekt het bereik tegen"), "missing": _("te laat: nog niet geleverd"),
    "not-yet-due": _("nog te leveren"), "unplanned": _("geleverd zonder dat het gevraagd was"),
}  # fmt: skip
"""State of an asked report (monitoring/completeness.py)."""

OUTCOMES = {
    "created": _("nieuw"), "updated": _("gewijzigd"), "unchanged": _("gelijk aan wat er al was"),
    "questioned": _("bewaard, met een vraag aan u"), "rejected": _("met fouten"),
    "held_back": _("goed, maar niet bewaard omdat andere regels fouten hebben"),
}  # fmt: skip
"""What became of a row of a delivery."""


def how_late(count: int) -> str:
    if not count:
        return gettext("U bent nergens te laat mee.")
    return ngettext("%(n)d levering is te laat.", "%(n)d leveringen zijn te laat.", count) % {"n": count}


def how_faulty(count: int) -> str:
    text = ngettext(
        "Er is %(n)d fout gevonden. Er is niets bewaard.", "Er zijn %(n)d fouten gevonden. Er is niets bewaard.", count
    )
    return text % {"n": count}


def how_many_more(count: int) -> str:
    """Empty when there are none."""
    return ngettext("En nog %(n)d fout.", "En nog %(n)d fouten.", count) % {"n": count} if count > 0 else ""


def in_rows(count: int, outcome: str) -> str:
    """So many rows of a delivery, and what became of them."""
    text = ngettext("%(n)d regel: %(what)s", "%(n)d regels: %(what)s", count)
    return text % {"n": count, "what": OUTCOMES[outcome]}
