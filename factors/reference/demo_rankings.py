"""Rankings of the demo city with its own (invented) figures: two neighbourhoods, so that they can be compared."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from config.loading import LoadReport, load
from factors.models import RankingDefinition
from factors.reference.public_model import DRAWS, MODEL
from factors.services.local_figures import WEIGHT
from factors.services.marks import mark

CITY, AREAS = "GM0363", ("WK036360", "WK036300")


def load_demo_rankings() -> LoadReport:
    """Make the definitions; what is new or changed is computed by a worker."""
    with transaction.atomic(using="default"):
        rows = list(_definitions())
        report = load(RankingDefinition, key=["code"], rows=rows)
        if report.created or report.updated:
            mark(RankingDefinition.objects.filter(code__in=[row["code"] for row in rows]), reason="definition.loaded")
    return report


def _definitions() -> Iterator[dict[str, Any]]:
    for area in AREAS:
        yield {
            "code": f"demo-{area.lower()}",
            "name_nl": f"Vijf elementen met cijfers van {area} (demo)",
            "name_en": f"Five elements with figures of {area} (demo)",
            "municipality_code": CITY,
            "model_code": MODEL["code"],
            "method": "five-elements-2023",
            "parameter_set": "published",
            "area_code": area,
            "local_data": {"form": "prevalence", "weight": WEIGHT},
            "draws": DRAWS,
            "demo": True,
        }
