"""One round of the cycle for one neighbourhood of the demo city: analysis, edition, plan of action, improvement action.

All invented: `demo: true`, and the texts say so.
"""

from datetime import date
from typing import Any

from django.db.models import Q

from config.loading import LoadReport
from interventions.models import AreaAnalysis, ImprovementAction, PlanOfAction
from interventions.services.cycle.documents import Content, change_document, create_document, freeze
from interventions.services.cycle.draft import Order, draft
from interventions.services.cycle.names import actions_of, names_in_plan, organisation_names
from interventions.services.cycle.plans import create_action
from monitoring import public as monitoring

ACTOR = "command:load_demo_cycle"
CITY, AREA, RANKING = "GM0363", "WK036360", "public-five-elements-2023"
WHERE: dict[str, Any] = {"municipality_code": CITY, "area_code": AREA}
OFFERING, PARTNER = "demo-sportief-noord", "demo-sportservice"
PEOPLE: dict[str, list[dict[str, Any]]] = {
    "interpretations": [
        {"domainCode": "participation", "text": "Jongeren sporten weinig bij een club, maar wel veel op de pleinen; "
                                                "dat zien wij niet in de cijfers. (demo)"},
        {"domainCode": None, "text": "Geldzorgen thuis spelen in alle pijlers mee. (demo)"},
    ],
    "partnersView": [
        {"question": "recognise", "partnerCodes": [PARTNER], "heldDate": "2026-09-15",
         "text": "Ja, vooral dat meisjes wegblijven. (demo)"},
        {"question": "how-come", "partnerCodes": [PARTNER], "heldDate": "2026-09-15",
         "text": "Het aanbod begint te laat op de middag en kost geld. (demo)"},
        {"question": "what-we-think", "partnerCodes": [PARTNER], "heldDate": "2026-09-15",
         "text": "Wij willen dat ieder kind mee kan doen. (demo)"},
        {"question": "what-differently", "partnerCodes": [PARTNER], "heldDate": "2026-09-15",
         "text": "Eerder beginnen, en meisjes zelf laten kiezen. (demo)"},
    ],
}  # fmt: skip


def load_demo(*, day: date) -> LoadReport:
    """Make what is not there yet; what is there stays, also when somebody changed it. Needs the public ranking."""
    made = 0
    results = [one.id for one in monitoring.results_of(municipality_code=CITY, area_code=AREA)]
    if not PlanOfAction.objects.filter(demo=True, **WHERE).exists():
        _plan(next(iter(results), None))
        made += 2
    if not AreaAnalysis.objects.filter(demo=True, **WHERE).exists():
        _analysis(day, results)
        made += 1
    return LoadReport(created=made, unchanged=3 - made)


def _plan(result_id: str | None) -> None:
    content = plan_content(result_id)
    plan = PlanOfAction(title_nl="Plan van aanpak Volewijck (demo)", demo=True, **WHERE)
    names = names_in_plan(content, **WHERE)
    create_document(document=plan, content={**content, "names": names, "actions": []}, why="Eerste versie (demo)",
                    actor=ACTOR)  # fmt: skip
    action = ImprovementAction(
        plan=plan, offering_code=OFFERING, description_nl="Vraag meisjes welke sport zij willen (demo)",
        owner="demo-area-adviser", due_on=date(2026, 9, 1), demo=True, **WHERE,
    )  # fmt: skip
    create_action(action=action, actor=ACTOR)
    _change(plan, lambda _document, before: before.content | {"actions": actions_of(plan.id)},
            "Na het gesprek met partners (demo)")  # fmt: skip


def plan_content(result_id: str | None) -> Content:
    """What the demo plan says; result_id: the result it is for."""
    return {
        "soThats": [{
            "activity": "Vijf middagen per week sport op acht pleinen", "soThat": "meer jongeren elke week sporten",
            "offeringCode": OFFERING, "factorCodes": ["physical-activity"], "resultId": result_id,
            "organisationCodes": [PARTNER], "forWhom": "jongeren van 12 tot 18 jaar", "intendedReach": 400,
        }],
        "qualityAgreements": [{"offeringCode": OFFERING, "agreement": "Begeleiders volgen de scholing.", "steps": [
            {"what": "Scholing van alle begeleiders", "dueDate": "2026-06-01", "doneDate": None}]}],
        "outcomeAgreements": [{"offeringCode": OFFERING, "measure": "reach", "monitorType": "continuous",
                               "periodKind": "quarter", "among": "alle deelnemers"}],
        "conversations": [
            {"about": "Herkennen wij de cijfers?", "resultId": result_id, "plannedDate": "2026-09-15",
             "organisationCodes": [PARTNER], "heldDate": "2026-09-15", "outcome": "Meisjes blijven weg (demo)"},
            {"about": "Hoe gaat het op de pleinen?", "resultId": None, "plannedDate": "2026-12-01",
             "organisationCodes": [PARTNER], "heldDate": None, "outcome": None},
        ],
    }  # fmt: skip


def _analysis(day: date, results: list[str]) -> None:
    analysis = AreaAnalysis(title_nl="Staat van de Volewijck (demo)", demo=True, **WHERE)
    drafted = draft(Order(CITY, AREA, RANKING, day))
    nobody: Content = {"interpretations": [], "partnersView": [], "choices": []}
    create_document(document=analysis, content={"draft": drafted, "people": nobody, "names": {}},
                    why="Eerste concept (demo)", actor=ACTOR)  # fmt: skip
    reason = "Het cijfer valt op, partners herkennen het en er is aanbod om op te bouwen. (demo)"
    choice = {"choice": "Sporten voor meisjes", "reason": reason, "factorCodes": ["physical-activity"],
              "resultIds": results}  # fmt: skip
    people = {**PEOPLE, "choices": [choice]}
    names = {"organisations": organisation_names([PARTNER])}
    _change(analysis, lambda _document, before: before.content | {"people": people, "names": names},
            "Na het gesprek met partners (demo)")  # fmt: skip
    freeze(kind=AreaAnalysis, document_id=analysis.id, own=Q(), seen=_seen, edition=str(day.year),
           why=f"Staat van het gebied {day.year} (demo)", actor=ACTOR)  # fmt: skip


def _change(document: AreaAnalysis | PlanOfAction, content: Any, why: str) -> None:
    change_document(kind=type(document), document_id=document.id, own=Q(), seen=_seen, content=content, title=None,
                    why=why, actor=ACTOR)  # fmt: skip


def _seen(document: AreaAnalysis | PlanOfAction) -> None:
    """A loader is alone with what it just made."""
