"""Notices about a version and flaws of a file, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy

from config.api import flaws
from config.errors import Fault
from config.tables import Flaw
from factors.checks import Notice

NOTICES = {
    "duplicate-code": gettext_lazy("Deze code is van een factor én van een doel."),
    "unknown-code": gettext_lazy("Verwijst naar iets dat er niet is: %(about)s."),
    "self-loop": gettext_lazy("Een verband van een factor met zichzelf telt niet mee."),
    "nothing-to-rank": gettext_lazy("Er is nog niets om te rangschikken."),
    "unknown-measure": gettext_lazy("Een effect zonder bekende maat (%(about)s)."),
    "unknown-evidence-type": gettext_lazy("Onbekende soort onderzoek: %(about)s."),
    "ratio-not-positive": gettext_lazy("Een ratio is groter dan 0 (%(about)s)."),
    "correlation-out-of-range": gettext_lazy(
        "Een correlatie ligt tussen -1 en 1, eta-kwadraat tussen 0 en 1 (%(about)s)."
    ),
    "interval-reversed": gettext_lazy("De ondergrens ligt boven de bovengrens (%(about)s)."),
    "effect-outside-interval": gettext_lazy("Het effect ligt buiten zijn eigen interval (%(about)s)."),
    "interval-asymmetric": gettext_lazy("Het interval is scheef op de logschaal (%(about)s): is het goed overgenomen?"),
    "effect-per-unit": gettext_lazy("Een effect per eenheid is niet te vergelijken met andere (%(about)s)."),
    "baseline-risk-out-of-range": gettext_lazy("Dit uitgangsrisico past niet bij de ratio (%(about)s)."),
    "sign-conflict": gettext_lazy("Bronnen spreken elkaar tegen over de richting (%(about)s)."),
    "one-study": gettext_lazy("Dit verband rust op één bron (%(about)s)."),
    "units-mixed": gettext_lazy("Een effect per eenheid staat naast een effect zonder eenheid (%(about)s)."),
    "no-evidence": gettext_lazy("Dit verband heeft nog geen bewijs."),
    "old-source": gettext_lazy("Deze bron is oud (%(about)s)."),
    "same-doi": gettext_lazy("Dezelfde publicatie staat er vaker in (%(about)s)."),
    "uneven-coverage": gettext_lazy("Over dit doel is veel minder bewijs dan over andere (%(about)s)."),
}
FLAWS = flaws.FLAWS | {
    "not-a-list": gettext_lazy("Hier hoort een lijst van rijen."),
    "not-a-row": gettext_lazy("Hier hoort een rij met velden."),
    "not-a-value": gettext_lazy("Hier hoort één waarde."),
    "unknown-form": gettext_lazy("Onbekende vorm van bestand."),
    "date": gettext_lazy("Hier staat een datum: maak van de cel tekst of een getal."),
    "not-a-share": gettext_lazy("Dit is geen aandeel van 0 tot 1: schrijf 0,3 en niet 30."),
    "not-a-year": gettext_lazy("Dit is geen jaartal."),
    "code-of-factor": gettext_lazy("Deze code is al van een factor."),
    "wrong-kind": gettext_lazy("De code is niet van deze soort."),
}


def notice_text(notice: Notice) -> str:
    """One sentence about the row."""
    return str(NOTICES[notice.code]) % {"about": ", ".join(notice.about)}


def notice_faults(notices: Iterable[Notice]) -> list[Fault]:
    """Notices as faults of a publication; the location is the path of the row below the version."""
    return [Fault(f"#/{notice.part}/{notice.key}", notice.code, notice_text(notice)) for notice in notices]


def flaw_faults(found: Iterable[Flaw]) -> list[Fault]:
    """Flaws of a file with a model, as config/api/flaws.py tells them."""
    return flaws.flaw_faults(found, FLAWS)
