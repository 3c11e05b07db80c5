"""Documents that people use: a version of an analysis or a plan as workbook, page or PDF. Pure.

They see the JSON that the API answers and nothing else, so every number in them stands there too.
"""

from collections.abc import Callable
from typing import Any

from interventions.documents.blocks import Paper
from interventions.documents.page import page
from interventions.documents.pdf import pdf
from interventions.documents.plan import plan_paper
from interventions.documents.report import analysis_paper
from interventions.documents.workbook import workbook

Json = dict[str, Any]
PAPERS: dict[str, Callable[[Json], Paper]] = {"area-analyses": analysis_paper, "plans-of-action": plan_paper}
FORMS = {"area-analyses": ("xlsx", "html", "pdf"), "plans-of-action": ("html", "pdf")}
"""The forms in which each kind of document exists."""


def render(told: Json, *, resource: str, form: str) -> bytes:
    """The file of one version, given as the API answers it. The same JSON gives the same bytes."""
    if form == "xlsx":
        return workbook(told)
    paper = PAPERS[resource](told)
    return pdf(paper) if form == "pdf" else page(paper)
