"""Figures of one area for a local ranking, asked of the monitoring store at its front door (ranking.md §1.7)."""

from dataclasses import asdict
from math import fsum
from typing import Any

from django.utils.translation import gettext as _

from config.errors import Fault
from factors.models import ModelVersion
from factors.ranking.model import LocalData, LocalFigure, LocalForm, PartnerScore
from factors.register import register_of
from factors.services.marks import COUNTRY
from factors.services.wishes import CannotRank, Local
from interventions import public as interventions
from monitoring import public as monitoring

WEIGHT = 0.2
"""Of the sixth element when an area is asked for without a weight: as heavy as each of the five (our choice)."""


def local_of(
    *, version: ModelVersion, area_code: str, form: LocalForm = "prevalence", weight: float = WEIGHT,
    partner_weight: float = 0.0, year: int | None = None,
) -> Local:  # fmt: skip
    """The newest official figures of this area for the factors of the version, until the end of `year` if given.

    The reference is the municipality the area lies in, and for a municipality the country. Factors without a figure are
    absent: the ranking falls back on the model's own prevalence and says so. Partners' scores are read when they weigh.
    Raises CannotRank (no such area), StoreAway.
    """
    area = monitoring.area(code=area_code, year=year)
    if area is None:
        detail = _("Dit gebied kennen wij niet.")
        raise CannotRank(detail, [Fault("#/areaCode", "unknown-area", detail, value=area_code)])
    reference = area.municipality_code if area.municipality_code not in (None, area_code) else COUNTRY
    factor_codes = sorted(register_of(version).factors)
    values = monitoring.local_values(
        area_code=area_code, reference_code=reference, year=year, factor_codes=factor_codes
    )
    scored = _partner_figures(area, factor_codes, year) if partner_weight > 0 else {}
    return Local(
        data=LocalData(
            area=area_code,
            figures=tuple(LocalFigure(value.factor_code, value.share, value.reference_share) for value in values),
            form=form,
            weight=weight,
            partners=tuple(PartnerScore(code, _mean(found)) for code, found in scored.items()),
            partner_weight=partner_weight,
        ),
        reference_code=reference,
        cited=tuple(_cited(value) for value in values),
        partners_cited=tuple({"factor": code, "figures": [asdict(f) for f in found]} for code, found in scored.items()),
    )


def _partner_figures(
    area: monitoring.AreaView, factor_codes: list[str], year: int | None
) -> dict[str, list[monitoring.PartnerFigure]]:
    """Factor → the released figures of the interventions that work on it, in the area itself; none, no key.

    A release covers one municipality: an area above that has no such figures.
    """
    if area.municipality_code is None:
        return {}
    on = interventions.interventions_on(factor_codes=factor_codes)
    figures = monitoring.released_scores(
        municipality_code=area.municipality_code, area_code=area.code, year=year,
        intervention_codes=sorted({code for codes in on.values() for code in codes}),
    )  # fmt: skip
    known = {figure.intervention_code: figure for figure in figures}
    found = {factor: [known[code] for code in codes if code in known] for factor, codes in on.items()}
    return {factor: each for factor, each in found.items() if each}


def _mean(found: list[monitoring.PartnerFigure]) -> float:
    """Each intervention counts once, however many answers it rests on: no partner is outweighed (our choice)."""
    return fsum(figure.value for figure in found) / len(found)


def _cited(value: monitoring.LocalValue) -> dict[str, Any]:
    return {
        "factor": value.factor_code,
        "inverse": value.inverse,
        "observation": asdict(value.observation),
        "reference": asdict(value.reference) if value.reference else None,
    }
