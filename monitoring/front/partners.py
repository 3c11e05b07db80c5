"""The front door to what partners' work brought about, as released: never working figures (DOMAIN.md §8)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from config.stores import front_door
from monitoring.measures import MEASURES
from monitoring.models import Release, ReleasedCell
from monitoring.outcome_figures import Figure, figures
from monitoring.periods import Period

SCORES = {
    "goal-realisation": "goal-reached",
    "without-help": "can-go-on-without-help",
    "problem-change": "improved",
}
"""Measure → the figure of it that says whether the help worked, the best first (our choice, as its cut-offs are)."""


@dataclass(frozen=True)
class PartnerFigure:
    """How often the work of one intervention reached its goal in an area and year: share 0..1 of `basis` answers.

    A release tells interventions, not partners: those who deliver the same one are pooled in it. ours: the cut-off is
    ours, not the sources'.
    """

    intervention_code: str
    measure: str
    figure: str
    value: float
    basis: int
    ours: bool
    area_code: str
    period: str
    release_id: str
    release_number: int
    demo: bool


@front_door("monitoring")
def released_scores(
    *, municipality_code: str, area_code: str, intervention_codes: Collection[str], year: int | None = None
) -> tuple[PartnerFigure, ...]:
    """One figure per intervention that has one in the municipality's newest release, by code. Two queries.

    Of an intervention the newest year counts (until the end of `year`), and of that the first measure of SCORES that
    has all its parts. What is withheld, not delivered or not released gives no figure: unknown is not zero.
    """
    release = Release.objects.filter(municipality_code=municipality_code).order_by("-number").first()
    if release is None:
        return ()
    cells = ReleasedCell.objects.filter(
        release=release, area_code=area_code, intervention_code__in=intervention_codes, measure__in=list(SCORES),
        period_kind="year",
    )  # fmt: skip
    if year is not None:
        cells = cells.filter(period_end__lte=date(year + 1, 1, 1))
    rank = list(SCORES)
    newest = sorted(cells, key=lambda cell: (-cell.period_end.toordinal(), rank.index(cell.measure)))
    found: dict[str, PartnerFigure] = {}
    for cell in newest:
        for figure in _score(cell):
            found.setdefault(cell.intervention_code, _told(cell, release, figure))
    return tuple(found[code] for code in sorted(found))


def _score(cell: ReleasedCell) -> Iterator[Figure]:
    names = [name for name, _parts in MEASURES[cell.measure].shown]
    for figure in figures(cell.measure, dict(zip(names, cell.counts, strict=True)), dict.fromkeys(cell.unpaired)):
        if figure.code == SCORES[cell.measure]:
            yield figure


def _told(cell: ReleasedCell, release: Release, figure: Figure) -> PartnerFigure:
    period = Period(cell.period_kind, cell.period_start, cell.period_end)  # type: ignore[arg-type]
    return PartnerFigure(
        intervention_code=cell.intervention_code,
        measure=cell.measure,
        figure=figure.code,
        value=figure.value,
        basis=figure.basis,
        ours=figure.ours,
        area_code=cell.area_code,
        period=period.iso,
        release_id=str(release.pk),
        release_number=release.number,
        demo=release.demo,
    )
