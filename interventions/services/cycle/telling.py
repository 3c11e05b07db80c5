"""A version of a document as the JSON that the API answers and that its files are made of: one and the same."""

from datetime import UTC
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from config.days import day_of
from config.languages import language
from interventions.matrix_words import words
from interventions.models import AnalysisVersion, PlanVersion
from interventions.models.cycle import CycleVersion

Json = dict[str, Any]
BESIDE = ("names", "actions")
"""What the service keeps with a version besides what people wrote: names of its codes, and actions as they stood."""
KINDS = ("areas", "offerings", "factors", "organisations", "results", "measures")
RESOURCES: dict[type[CycleVersion], str] = {AnalysisVersion: "area-analyses", PlanVersion: "plans-of-action"}


def told(version: CycleVersion) -> Json:
    """The head of a version with its content, in plain values.

    Reads the versions before it: one query, unless they were prefetched.
    """
    document = version.document  # type: ignore[attr-defined]
    earlier = [one for one in document.versions.all() if one.number <= version.number]
    return {
        "id": str(document.id), "municipalityCode": document.municipality_code, "areaCode": document.area_code,
        "title": version.title_nl, "version": version.number, "edition": version.edition or None,
        "why": version.why_nl, "madeAt": _moment(version), "checksum": version.checksum,
        "changeLog": [change(one) for one in sorted(earlier, key=lambda one: one.number)],
        "citation": _citation(version), "demo": document.demo, **_content(version),
    }  # fmt: skip


def _content(version: CycleVersion) -> Json:
    """An analysis in its parts, or a plan with its actions; with the names of the codes in it, as they were then."""
    kept = version.content
    names = {kind: {} for kind in KINDS} | kept.get("names", {})
    parts = {part: inside for part, inside in kept.items() if part not in BESIDE}
    if isinstance(version, AnalysisVersion):
        return parts | {"names": names}
    return {"plan": parts, "actions": kept.get("actions", []), "names": names}


def change(version: CycleVersion) -> Json:
    """A line of the change log."""
    return {"version": version.number, "madeAt": _moment(version), "why": version.why_nl,
            "edition": version.edition or None}  # fmt: skip


def _moment(version: CycleVersion) -> str:
    return version.made_at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _citation(version: CycleVersion) -> str | None:
    """How to refer to an edition: title, edition, day and address; a working version is not to be cited."""
    if not version.edition:
        return None
    document = version.document  # type: ignore[attr-defined]
    made = words(language()).day(day_of(version.made_at).isoformat())
    address = f"{settings.PUBLIC_URL}/v1/{RESOURCES[type(version)]}/{document.id}/versions/{version.number}"
    text = _("%(title)s, uitgave %(edition)s, vastgesteld op %(day)s. %(address)s")
    return text % {"title": version.title_nl, "edition": version.edition, "day": made, "address": address}
