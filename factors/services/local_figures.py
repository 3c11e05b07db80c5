"""Figures of one area for a local ranking, asked of the monitoring store at its front door (ranking.md §1.7)."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from config.errors import Fault
from factors.models import ModelVersion
from factors.ranking.model import LocalData, LocalFigure, LocalForm
from factors.register import register_of
from factors.services.marks import COUNTRY
from factors.services.wishes import CannotRank, Local
from monitoring import public as monitoring

WEIGHT = 0.2
"""Of the sixth element when an area is asked for without a weight: as heavy as each of the five (our choice)."""


def local_of(
    *, version: ModelVersion, area_code: str, form: LocalForm = "prevalence", weight: float = WEIGHT,
    year: int | None = None,
) -> Local:  # fmt: skip
    """The newest official figures of this area for the factors of the version, until the end of `year` if given.

    The reference is the municipality the area lies in, and for a municipality the country. Factors without a figure are
    absent: the ranking falls back on the model's own prevalence and says so. Raises CannotRank (no such area),
    StoreAway.
    """
    area = monitoring.area(code=area_code, year=year)
    if area is None:
        detail = _("Dit gebied kennen wij niet.")
        raise CannotRank(detail, [Fault("#/areaCode", "unknown-area", detail, value=area_code)])
    reference = area.municipality_code if area.municipality_code not in (None, area_code) else COUNTRY
    values = monitoring.local_values(
        area_code=area_code, reference_code=reference, year=year, factor_codes=sorted(register_of(version).factors)
    )
    return Local(
        data=LocalData(
            area=area_code,
            figures=tuple(LocalFigure(value.factor_code, value.share, value.reference_share) for value in values),
            form=form,
            weight=weight,
        ),
        reference_code=reference,
        cited=tuple(_cited(value) for value in values),
    )


def _cited(value: monitoring.LocalValue) -> dict[str, Any]:
    return {
        "factor": value.factor_code,
        "inverse": value.inverse,
        "observation": asdict(value.observation),
        "reference": asdict(value.reference) if value.reference else None,
    }
