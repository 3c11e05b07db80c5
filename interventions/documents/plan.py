"""A plan of action as a page to read: every line of it stands in the JSON."""

from typing import Any

from interventions.documents.page import Html, bullets, page, paragraphs, table, tag

Json = dict[str, Any]


def plan_page(plan: Json) -> bytes:
    """An HTML page of one version of a plan, given as the API answers it."""
    content = plan["plan"]
    return page(
        plan["title"],
        paragraphs([f"Gebied {plan['areaCode']}, versie {plan['version']}. {plan['why']}"]),
        tag("h2", "Wat wij doen, zodat"),
        table("Zodatjes", ("Wij doen", "Zodat", "Aanbod", "Factoren", "Door", "Voor", "Beoogd bereik"),
              [_so_that(one) for one in content["soThats"]]),
        tag("h2", "Afspraken over kwaliteit"),
        Html("".join(_quality(one) for one in content["qualityAgreements"]) or tag("p", "Geen.")),
        tag("h2", "Afspraken over outcome"),
        table("Wat wij meten", ("Aanbod", "Maat", "Hoe", "Hoe vaak", "Bij wie"),
              [(one["offeringCode"], one["measure"], one["monitorType"], one["periodKind"], one["among"] or "–")
               for one in content["outcomeAgreements"]]),
        tag("h2", "Gesprekken"),
        table("Gesprekken", ("Waarover", "Met", "Gepland", "Gevoerd", "Wat eruit kwam"),
              [(one["about"], ", ".join(one["organisationCodes"]), one["plannedDate"] or "–", one["heldDate"] or "–",
                one["outcome"] or "–") for one in content["conversations"]]),
        tag("h2", "Om nog eens naar te kijken"),
        bullets([f"{one['value']}: {one['detail']}" for one in plan["notes"]]),
    )  # fmt: skip


def _so_that(one: Json) -> list[object]:
    reach = "–" if one["intendedReach"] is None else one["intendedReach"]
    return [one["activity"], one["soThat"], one["offeringCode"] or "nog te maken", ", ".join(one["factorCodes"]),
            ", ".join(one["organisationCodes"]), one["forWhom"] or "–", reach]  # fmt: skip


def _quality(one: Json) -> Html:
    steps = [f"{step['what']} (voor {step['dueDate'] or 'onbekend'}; klaar {step['doneDate'] or 'nog niet'})"
             for step in one["steps"]]  # fmt: skip
    return Html(tag("p", one["agreement"]) + (bullets(steps) if steps else ""))
