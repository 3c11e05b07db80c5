"""A plan of action and an improvement action for one neighbourhood of the demo city."""

from datetime import date
from typing import Any

from config.loading import LoadReport
from interventions.models import ImprovementAction, PlanOfAction
from interventions.services.cycle_documents import create_document
from interventions.services.cycle_plans import create_action

ACTOR = "command:load_demo_cycle"
CITY, AREA = "GM0363", "WK036360"
WHERE: dict[str, Any] = {"municipality_code": CITY, "area_code": AREA, "demo": True}
OFFERING = "demo-sportief-noord"
PLAN = {
    "soThats": [{
        "activity": "Vijf middagen per week sport op acht pleinen", "soThat": "meer jongeren elke week sporten",
        "offeringCode": OFFERING, "factorCodes": ["physical-activity"], "resultId": None,
        "organisationCodes": ["demo-sportservice"], "forWhom": "jongeren van 12 tot 18 jaar", "intendedReach": 400,
    }],
    "qualityAgreements": [{"offeringCode": OFFERING, "agreement": "Begeleiders volgen de scholing.", "steps": [
        {"what": "Scholing van alle begeleiders", "dueDate": "2026-06-01", "doneDate": None}]}],
    "outcomeAgreements": [{"offeringCode": OFFERING, "measure": "reach", "monitorType": "continuous",
                           "periodKind": "quarter", "among": "alle deelnemers"}],
    "conversations": [{"about": "Hoe gaat het op de pleinen?", "resultId": None, "plannedDate": "2026-12-01",
                       "organisationCodes": ["demo-sportservice"], "heldDate": None, "outcome": None}],
}  # fmt: skip


def load_demo() -> LoadReport:
    """Make what is not there yet; what is there stays, also when somebody changed it.

    No analysis: its draft needs a ranking, which workers make after the demo is loaded; one call writes it then.
    """
    if PlanOfAction.objects.filter(**WHERE).exists():
        return LoadReport(unchanged=2)
    plan = PlanOfAction(title_nl="Plan van aanpak Volewijck (demo)", **WHERE)
    create_document(document=plan, content=PLAN, why="Eerste versie (demo)", actor=ACTOR)
    action = ImprovementAction(
        plan=plan, offering_code=OFFERING, description_nl="Vraag meisjes welke sport zij willen (demo)",
        owner="demo-area-adviser", due_on=date(2026, 9, 1), **WHERE,
    )  # fmt: skip
    create_action(action=action, actor=ACTOR)
    return LoadReport(created=2)
