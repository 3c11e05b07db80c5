"""Before a release nothing public shows what only working aggregates hold: no route, filter or format.

Numbers that occur nowhere else are reported for every offering of the demo city. Then somebody without a key, and a
dashboard, ask every operation they may GET with every filter and in every format, and their answers are searched.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfReader

from accounts.models import Municipality
from factors.models import FactorModel, RankingDefinition, RankingSnapshot
from factors.services import rankings
from factors.services.marks import mark
from interventions.models import AreaAnalysis, Intervention
from interventions.services.cycle import demo_cycle
from interventions.services.cycle.document_files import make_asked_documents
from interventions.services.register.demo import load_demo
from monitoring.measures import MEASURES
from monitoring.models import Aggregate, Indicator, OfferingFact, OutcomeReport, Release
from monitoring.outcome_figures import figures
from monitoring.services import facts
from monitoring.services.aggregation import aggregates
from tests.access.hostile import operations
from tests.access.routes import SAMPLES, all_routes

CITY, WHOLE, PART = "GM0363", 98_761, 43_217
NUMBERS = (WHOLE, PART, WHOLE + PART)
NUMBER = re.compile(r"(?<![\w.,-])\d{1,3}(?:[.,]?\d{3})+(?![\w-])")


def planted(measure: str) -> dict[str, int]:
    """Counts whose sums over offerings are multiples of one of the numbers, and whose shares stay as they are."""
    names, levels = MEASURES[measure].names, MEASURES[measure].levels
    if levels:
        return dict.fromkeys(names, 0) | {names[-1]: WHOLE + PART, levels[0]: PART, levels[-1]: WHOLE}
    return dict.fromkeys(names, PART) | {names[0]: WHOLE}


def plant() -> set[str]:
    """A report per offering, measure and place; returns how the figures made of them begin."""
    begins = set()
    for fact in OfferingFact.objects.filter(current=True, municipality_code=CITY):
        for measure in MEASURES.values():
            counts = planted(measure.code)
            begins |= {
                f"{figure.value:.9f}"[:6] for figure in figures(measure.code, counts) if figure.value not in {0, 1}
            }
            for year in (2024, 2025):
                OutcomeReport.objects.create(
                    municipality_code=CITY, organisation_code=fact.organisation_code, measure=measure.code,
                    offering_code=fact.offering_code, area_code=CITY, period_kind="year", period_start=date(year, 1, 1),
                    period_end=date(year + 1, 1, 1), counts=list(counts.values()), status="accepted",
                    recorded_by="test", receipt_id=uuid4(),
                )  # fmt: skip
    aggregates.rebuild(municipality_code=CITY)
    return begins


def text_of(content: bytes, kind: str) -> str:
    """All that can be read in an answer: parts of archives and pages of documents too."""
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    if kind.startswith("application/pdf"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return content.decode("utf-8", "replace")


def leaked(text: str, begins: set[str]) -> set[str]:
    numbers = {found.group() for found in NUMBER.finditer(text)}
    ours = {one for one in numbers if (value := int(re.sub("[.,]", "", one))) and not all(map(value.__mod__, NUMBERS))}
    return ours | {begin for begin in begins if begin in text or begin.replace(".", ",") in text}


def known() -> dict[str, list[str]]:
    """Values that exist, by name of a parameter."""
    offering = OfferingFact.objects.filter(current=True, municipality_code=CITY).first()
    cell = Aggregate.objects.filter(subject_kind="factor").first()
    documents = [str(key) for key in AreaAnalysis.objects.values_list("pk", flat=True)[:2]]
    models = list(FactorModel.objects.values_list("code", flat=True)[:2])
    return {
        "municipalityCode": [CITY], "areaCode": [CITY], "offeringCode": [offering.offering_code],
        "interventionCode": [offering.intervention_code], "organisationCode": [offering.organisation_code],
        "factorCode": [cell.subject_code], "measure": list(MEASURES), "period": ["2025"], "year": ["2025"],
        "periodKind": ["year"], "documentId": documents, "day": ["2026-01-01"], "code": models, "edition": ["1"],
        "number": ["1"], "id": [str(key) for key in RankingSnapshot.objects.values_list("pk", flat=True)[:1]],
        "indicatorCode": [Indicator.objects.values_list("code", flat=True).order_by("code")[0]],
        "domainCode": Intervention.objects.get(code=offering.intervention_code).domain_codes[:1],
    }  # fmt: skip


def questions() -> Iterator[tuple[str, str, dict[str, str]]]:
    """(operation, path, query): each GET plainly, with each filter, with all that name something, in each format."""
    values, formats = known(), {route.template: sorted(route.formats) for route in all_routes()}
    for template, method, operation in operations():
        parameters = operation.get("parameters", [])
        if method != "GET" or template.endswith("/audittrail"):
            continue
        for path in paths(template, values):
            needed = {p["name"]: given(p, values)[0] for p in parameters if p.get("required") and p["in"] == "query"}
            asked = [(p["name"], one) for p in parameters if p["in"] == "query" for one in given(p, values)]
            named = {name: one for name, one in asked if name in values}
            yield template, path, needed
            yield template, path, needed | named
            for name, one in asked:
                yield template, path, needed | {name: one}
            for one in formats.get(template, ()):
                yield template, path, needed | named | {"format": one}


def given(parameter: dict[str, Any], values: dict[str, list[str]]) -> list[str]:
    schema = parameter["schema"].get("items", parameter["schema"])
    return values.get(parameter["name"]) or [str(one) for one in schema.get("enum", ())] or [""]


def paths(template: str, values: dict[str, list[str]]) -> Iterator[str]:
    names = re.findall(r"\{(\w+)\}", template)
    for turn in range(max([len(values.get(name, ())) for name in names], default=1) or 1):
        path = template
        for name in names:
            options = values.get(name) or [SAMPLES.get(name, "sample")]
            path = path.replace(f"{{{name}}}", options[min(turn, len(options) - 1)])
        yield path


@pytest.fixture
def begins(committed):
    """The demo city with rankings and documents, and the numbers planted in it; no release."""
    Municipality.objects.get_or_create(code=CITY, defaults={"name": "Amsterdam"})
    load_demo()
    facts.follow_default()
    begins = plant()
    mark(RankingDefinition.objects.filter(newest_snapshot=None), reason="test")
    rankings.recompute_marked()
    demo_cycle.load_demo(day=date(2026, 11, 26))
    make_asked_documents()
    return begins


@pytest.mark.parametrize("role", ["", pytest.param("dashboard", marks=pytest.mark.proof)])
def test_what_only_working_aggregates_hold_is_shown_nowhere(begins, client_with, role):
    client, shown, reached = client_with(role, municipality=CITY), [], set()

    for template, path, query in questions():
        answer = client.get(path, query)
        text = text_of(b"".join(answer) if answer.streaming else answer.content, answer.get("Content-Type", ""))
        if answer.status_code == 200:
            reached.add(template)
        if found := leaked(text, begins):
            shown.append((path, query, sorted(found)))

    assert shown == []
    assert {"/v1/area-analyses/{documentId}", "/v1/outcome-aggregates", "/v1/releases"} < reached and len(reached) > 50
    assert not Release.objects.exists()


def test_the_search_finds_what_is_shown_to_those_who_receive_the_reports(begins, client_with):
    holder = client_with("account-holder", municipality=CITY)

    answer = holder.get("/v1/outcome-aggregates", {"view": "working", "municipalityCode": CITY, "pageSize": 500})

    found = leaked(answer.content.decode(), begins)
    assert {str(WHOLE), str(PART)} < found and found & begins
