"""A neighbourhood of the demo city through all six steps of the cycle, by HTTP only, with its documents at the end.

The steps of the Rotterdam method guide: state and ambitions, results, activities, quality, outcome, improving.
"""

import io
import time

import httpx
import openpyxl
import pypdf

from tests.story import running

AREA = "WK036361"
OFFERING = "demo-sportief-noord"


class Adviser:
    """An area adviser's program: only HTTP."""

    def __init__(self, service: running.Service) -> None:
        self.http = httpx.Client(base_url=f"{service.url}/v1/", headers=service.key("ADVISER_KEY"), timeout=30)

    def get(self, path, **query):
        answer = self.http.get(path, params=query)
        assert answer.status_code == 200, (path, answer.text)
        return answer

    def post(self, path, body, **headers):
        answer = self.http.post(path, json=body, headers=headers)
        assert answer.status_code == 201, (path, answer.text)
        return answer

    def put(self, path, body, tag):
        answer = self.http.put(path, json=body, headers={"If-Match": tag})
        assert answer.status_code == 200, (path, answer.text)
        return answer


def test_one_neighbourhood_walks_through_all_six_steps(service):
    adviser = Adviser(service)

    # 1 state and ambitions: the service drafts, partners say what they recognise
    drafted = adviser.post("area-analyses", {"areaCode": AREA, "title": "Staat van IJplein/Vogelbuurt"})
    analysis = f"area-analyses/{drafted.json()['id']}"
    loud = [one for pillar in drafted.json()["draft"]["pillars"] for domain in pillar["domains"]
            for one in domain["indicators"] if one["standsOut"]]  # fmt: skip
    assert loud

    # 2 a societal result on what stands out
    wish = {
        "areaCode": AREA, "ambitionCode": "youth-take-part", "statement": "In 2027 sport 5% meer jongeren elke week",
        "motivation": "Gekozen met partners", "rule": "each", "targetKind": "improvement", "targetAmount": 5,
        "baselinePeriod": "2022", "targetPeriod": "2027", "partnerCodes": ["demo-sportservice"],
        "indicators": [{"indicatorCode": "demo-weekly-sport", "condition": "sport elke week"}],
    }  # fmt: skip
    result = adviser.post("societal-results", wish).json()
    progress = adviser.get(f"societal-results/{result['id']}/progress").json()
    assert progress["state"] in {"on-course", "behind"}
    assert [point["period"] for point in progress["indicators"][0]["points"]] == ["2022", "2023", "2024"]

    # 3 activities: a so-that statement from offering through factor to result
    content = {"soThats": [{
        "activity": "Vijf middagen per week sport op de pleinen", "soThat": "meer jongeren elke week sporten",
        "offeringCode": OFFERING, "factorCodes": ["physical-activity"], "resultId": result["id"],
        "organisationCodes": ["demo-sportservice"], "forWhom": "jongeren", "intendedReach": 400}]}  # fmt: skip
    made = adviser.post("plans-of-action", {"areaCode": AREA, "title": "Plan IJplein/Vogelbuurt", "plan": content})
    plan = f"plans-of-action/{made.json()['id']}"

    # 4 quality and 5 outcome: agreements, and a conversation that was held
    content["qualityAgreements"] = [{"offeringCode": OFFERING, "agreement": "Scholing", "steps": [
        {"what": "Begeleiders scholen", "dueDate": "2026-06-01"}]}]  # fmt: skip
    content["outcomeAgreements"] = [{"offeringCode": OFFERING, "measure": "reach", "monitorType": "continuous",
                                     "periodKind": "quarter", "among": "alle deelnemers"}]  # fmt: skip
    talk = {"about": "Hoe gaat het?", "resultId": result["id"], "heldDate": "2026-11-02"}
    content["conversations"] = [talk | {"organisationCodes": ["demo-sportservice"], "outcome": "Meisjes blijven weg"}]
    adviser.put(plan, {"plan": content, "why": "Kwaliteit en outcome besproken"}, made.headers["ETag"])

    # 6 improving: an action, what came of it, and what still waits
    body = {"description": "Vraag meisjes wat zij willen", "owner": "adviser-1", "dueDate": "2026-10-01"}
    action = adviser.post("improvement-actions", body | {"areaCode": AREA, "planId": made.json()["id"]})
    waiting = {one["kind"] for one in adviser.get("reminders", areaCode=AREA, validOn="2026-11-20").json()["reminders"]}
    assert "action-overdue" in waiting
    assert "plan-without-measuring" not in waiting
    assert "result-to-discuss" not in waiting
    adviser.put(f"improvement-actions/{action.json()['id']}", body | {"status": "done", "outcome": "Dansles erbij"},
                action.headers["ETag"])  # fmt: skip
    newest = adviser.get(plan).headers["ETag"]
    adviser.post(f"{plan}/editions", {"edition": "2026", "why": "Jaar afgesloten"}, **{"If-Match": newest})

    # the judgement of people, and the yearly edition that everyone can read
    people = {"partnersView": [{"question": "recognise", "text": "Ja", "partnerCodes": ["demo-sportservice"]}],
              "choices": [{"choice": "Sporten", "reason": "Valt op", "resultIds": [result["id"]]}]}  # fmt: skip
    judged = adviser.put(analysis, {"people": people, "why": "Na gesprek", "redraft": True}, drafted.headers["ETag"])
    assert [one["id"] for one in judged.json()["draft"]["results"]] == [result["id"]]
    adviser.post(
        f"{analysis}/editions", {"edition": "2026", "why": "Staat 2026"}, **{"If-Match": judged.headers["ETag"]}
    )
    read = httpx.get(f"{service.url}/v1/{analysis}/editions/2026", timeout=30).json()
    assert read["checksum"] == judged.json()["checksum"]

    # the documents: those of an edition are made by themselves
    public = httpx.Client(base_url=f"{service.url}/v1/", timeout=30)
    edition = {form: fetched(public, f"{analysis}/editions/2026", form) for form in ("xlsx", "html", "pdf")}
    planned = {form: fetched(adviser.http, plan, form) for form in ("html", "pdf")}
    assert "Samenvatting" in openpyxl.load_workbook(io.BytesIO(edition["xlsx"])).sheetnames
    for name, content, words in (
        ("Staat van het gebied", edition["pdf"], "Wat mensen ervan vinden"),
        ("Plan van aanpak", planned["pdf"], "Dansles erbij"),
    ):
        text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
        assert words in text
        print(f"--- {name} ({len(content)} bytes PDF)", text[:1500], sep="\n")  # noqa: T201 - the documents, printed
    assert "meer jongeren elke week sporten" in planned["html"].decode()


def fetched(http, path, form, *, seconds=60):
    """A document, as soon as a worker has made it."""
    until = time.monotonic() + seconds
    while (answer := http.get(path, params={"format": form})).status_code == 409 and time.monotonic() < until:
        time.sleep(0.3)
    assert answer.status_code == 200, (path, form, answer.text[:300])
    return answer.content
