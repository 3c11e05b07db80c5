"""What asks for attention in the yearly cycle (DOMAIN.md §9): nothing is stored, so nothing can be out of date."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from config.stores import StoreAway
from interventions.models import AnalysisVersion, AreaAnalysis, ImprovementAction, PlanOfAction, PlanVersion
from interventions.services.cycle.plans import overdue
from monitoring import public as monitoring


@dataclass(frozen=True)
class Reminder:
    """kind: result-to-discuss, new-figures, action-overdue, plan-without-measuring. resource, id: what it is about."""

    kind: str
    area_code: str
    resource: str
    id: str
    subject: str
    due_date: date | None = None


@dataclass(frozen=True)
class Reminders:
    """absent: the parts that could not be asked now."""

    reminders: tuple[Reminder, ...]
    absent: tuple[str, ...]


def reminders(*, municipality_code: str, area_code: str | None, day: date) -> Reminders:
    """Everything that waits on that day, by area and kind."""
    where = {"municipality_code": municipality_code} | ({"area_code": area_code} if area_code else {})
    plans = [_newest(plan) for plan in PlanOfAction.objects.filter(**where).order_by("area_code", "id")]
    found, absent = list(_overdue(where, day)), tuple[str, ...]()
    found += [one for plan in plans for one in _unmeasured(plan, day)]
    try:
        found += [*_undiscussed(where, plans, day), *_new_figures(where)]
    except StoreAway:
        absent = ("monitoring",)
    return Reminders(tuple(sorted(found, key=lambda one: (one.area_code, one.kind, one.id, one.subject))), absent)


def _newest(plan: PlanOfAction) -> PlanVersion:
    version: PlanVersion = plan.versions.select_related("document").get(number=plan.version)
    return version


def _overdue(where: dict[str, str], day: date) -> Iterator[Reminder]:
    for one in ImprovementAction.objects.filter(overdue(day), **where):
        yield Reminder(
            "action-overdue", one.area_code, "improvement-actions", str(one.id), one.description_nl, one.due_on
        )


def _unmeasured(plan: PlanVersion, day: date) -> Iterator[Reminder]:
    """Offerings in a plan of which nobody agreed what is measured, and that have no measurement plan either."""
    agreed = {one["offeringCode"] for one in plan.content["outcomeAgreements"]}
    codes = sorted({one["offeringCode"] for one in plan.content["soThats"] if one["offeringCode"]} - agreed)
    try:
        planned = monitoring.offerings_with_plan(codes=codes, day=day) if codes else frozenset()
    except StoreAway:
        planned = frozenset(codes)  # unknown is no reason to remind anybody
    for code in codes:
        if code not in planned:
            yield Reminder(
                "plan-without-measuring", plan.document.area_code, "plans-of-action", str(plan.document_id), code
            )


def _undiscussed(where: dict[str, str], plans: list[PlanVersion], day: date) -> Iterator[Reminder]:
    """Results about which no conversation was held this year."""
    held = {
        one["resultId"] for plan in plans for one in plan.content["conversations"]
        if one["heldDate"] and date.fromisoformat(one["heldDate"]).year == day.year
    }  # fmt: skip
    for result in monitoring.results_of(**where):
        if result.id not in held:
            yield Reminder("result-to-discuss", result.area_code, "societal-results", result.id, result.statement,
                           date(day.year, 12, 31))  # fmt: skip


def _new_figures(where: dict[str, str]) -> Iterator[Reminder]:
    """Figures that appeared after the newest version of an analysis was made."""
    for analysis in AreaAnalysis.objects.filter(**where):
        version = AnalysisVersion.objects.get(document=analysis, number=analysis.version)
        for one in monitoring.figures_since(
            municipality_code=analysis.municipality_code, area_code=analysis.area_code, moment=version.made_at
        ):
            yield Reminder(
                "new-figures", analysis.area_code, "area-analyses", str(analysis.id), f"{one.name} ({one.period})"
            )
