"""Area analyses over HTTP: a draft with figures and sources, people's judgement, versions, editions, documents."""

import json

import pytest

from interventions.models import AnalysisVersion
from monitoring.services.figures import demo_figures

pytestmark = pytest.mark.usefixtures("demo", "ranked")
AREA = "WK036360"


@pytest.fixture(autouse=True)
def figures(stores):
    demo_figures.load_demo_figures()


@pytest.fixture
def adviser(client_with):
    return client_with("area-adviser")


def drafted(client):
    body = {"areaCode": AREA, "title": "Staat van de Volewijck (demo)"}
    answer = client.post("/v1/area-analyses", body, format="json")
    assert answer.status_code == 201, answer.content
    return answer


def put(client, answer, tag=None, **given):
    view = {"question": "recognise", "partnerCodes": ["demo-sportservice"], "text": "Ja.", "heldDate": "2026-10-01"}
    people = {
        "interpretations": [{"domainCode": None, "text": "Armoede speelt overal mee."}],
        "choices": [{"choice": "Inzetten op sporten", "reason": "Partners herkennen het."}],
        "partnersView": [view],
    }
    body = {"people": people, "why": "Na het gesprek"} | given
    tag = tag or answer["ETag"]
    return client.put(f"/v1/area-analyses/{answer.json()['id']}", body, format="json", HTTP_IF_MATCH=tag)


def domains(draft):
    return {domain["code"]: domain for pillar in draft["pillars"] for domain in pillar["domains"]}


def test_the_draft_says_what_stands_out_with_figures_and_sources(adviser, client_with):
    draft = drafted(adviser).json()["draft"]

    profile = client_with().get(f"/v1/areas/{AREA}/profile").json()
    shown = {i["indicatorCode"]: i for p in profile["pillars"] for d in p["domains"] for i in d["indicators"]}
    loud = [one for domain in domains(draft).values() for one in domain["indicators"] if one["standsOut"]]
    assert loud
    for one in loud:
        compared = shown[one["indicatorCode"]]["comparison"]
        assert (one["comparedCode"], one["againstCode"]) == (compared["areaCode"], compared["againstCode"])
        assert one["value"] == shown[one["indicatorCode"]]["latest"]["value"]
        values = {b["areaCode"]: b["value"] for b in shown[one["indicatorCode"]]["benchmarks"]}
        assert one["againstValue"] == values[one["againstCode"]]
    statements = [s for domain in domains(draft).values() for s in domain["statements"] if s["kind"] == "stands-out"]
    assert {s["figures"][0]["indicatorCode"] for s in statements} == {one["indicatorCode"] for one in loud}
    assert all(s["sources"] and len(s["figures"]) == 2 for s in statements)


def test_the_draft_names_the_factors_behind_with_the_ranks_served(adviser, client_with):
    draft = drafted(adviser).json()["draft"]

    rows = client_with().get(f"/v1/rankings/{draft['inputs']['snapshotId']}/factors?pageSize=500").json()["results"]
    ranks = {row["factorCode"]: row["denseRank"] for row in rows if row["ranked"]}
    behind = [f for domain in domains(draft).values() for f in domain["factors"]]
    assert behind
    assert all(factor["denseRank"] == ranks.get(factor["factorCode"]) for factor in behind)
    assert all(factor["lifePhases"] is not None and factor["lifeDomains"] for factor in behind)
    pillars_of = {}
    for pillar in draft["pillars"]:
        for domain in pillar["domains"]:
            for factor in domain["factors"]:
                pillars_of.setdefault(factor["factorCode"], set()).add(pillar["code"])
    again = {code for code, pillars in pillars_of.items() if len(pillars) > 1}
    assert {one["factorCode"] for one in draft["recurringFactors"]} == again


def test_the_draft_tells_gaps_in_figures_and_in_supply(adviser, client_with):
    draft = drafted(adviser).json()["draft"]

    gaps = client_with().get(f"/v1/coverage/gaps?municipalityCode=GM0363&areaCode={AREA}&top=5").json()
    assert [one["factorCode"] for one in draft["coverage"]["gaps"]] == [one["factorCode"] for one in gaps["factors"]]
    measured = {f for domain in domains(draft).values() for one in domain["indicators"] for f in one["factorCodes"]}
    without = {one["factorCode"] for one in draft["dataGaps"] if one["reason"] == "no-indicator"}
    assert without
    assert not without & measured


def test_two_advisers_lose_no_update(adviser):
    first = drafted(adviser)

    mine = put(adviser, first)
    theirs = put(adviser, first, why="Tegelijk")

    assert (mine.status_code, theirs.status_code) == (200, 412)
    assert adviser.put(f"/v1/area-analyses/{first.json()['id']}", {"people": {}, "why": "x"},
                       format="json").status_code == 428  # fmt: skip
    shown = adviser.get(f"/v1/area-analyses/{first.json()['id']}").json()
    assert [(one["version"], one["why"]) for one in shown["changeLog"]] == [
        (1, "Eerste concept"),
        (2, "Na het gesprek"),
    ]
    assert shown["people"]["choices"][0]["choice"] == "Inzetten op sporten"


def test_people_name_only_what_exists(adviser):
    first = drafted(adviser)
    unknown = "00000000-0000-4000-8000-000000000000"

    answer = put(adviser, first, people={
        "interpretations": [{"domainCode": "luck", "text": "x"}],
        "partnersView": [{"question": "recognise", "partnerCodes": ["nobody"], "text": "x"}],
        "choices": [{"choice": "x", "reason": "y", "factorCodes": ["luck"], "resultIds": [unknown]}]})  # fmt: skip

    assert answer.status_code == 400
    assert {(e["location"], e["code"]) for e in answer.json()["errors"]} == {
        ("#/people/interpretations/0/domainCode", "unknown-domain"),
        ("#/people/partnersView/0/partnerCodes/0", "unknown-organisation"),
        ("#/people/choices/0/factorCodes/0", "unknown-factor"),
        ("#/people/choices/0/resultIds/0", "unknown-result")}  # fmt: skip
    assert adviser.get(f"/v1/area-analyses/{first.json()['id']}").json()["version"] == 1


def test_every_statement_of_the_draft_has_its_figures_and_sources(adviser):
    draft = drafted(adviser).json()["draft"]

    statements = [one for domain in domains(draft).values() for one in domain["statements"]]
    assert {one["kind"] for one in statements} == {"stands-out", "factors-behind", "where-to-intervene"}
    assert all(one["figures"] and one["sources"] for one in statements)
    others = [*draft["recurringFactors"], *draft["dataGaps"], *draft["coverage"]["gaps"]]
    assert others
    assert all("denseRank" in one and one["sources"] for one in others)


def test_where_to_intervene_counts_the_high_ranked_factors(adviser):
    draft = drafted(adviser).json()["draft"]
    top = draft["inputs"]["topRank"]

    for domain in domains(draft).values():
        for one in domain["statements"]:
            if one["kind"] == "where-to-intervene":
                high = [f for f in domain["factors"] if f["denseRank"] and f["denseRank"] <= top]
                told = {f["lifePhase"]: f["factorCount"] for f in one["figures"] if "lifePhase" in f}
                assert told == {phase: sum(phase in f["lifePhases"] for f in high) for phase in told}
                assert set(told) == {phase for f in high for phase in f["lifePhases"]}


def test_comparing_two_versions_shows_what_changed_and_why(adviser):
    first = drafted(adviser)
    put(adviser, first, title="Nieuwe titel")

    found = adviser.get(f"/v1/area-analyses/{first.json()['id']}/diff?fromVersion=1&untilVersion=2").json()

    assert [one["why"] for one in found["reasons"]] == ["Na het gesprek"]
    changes = {(one["kind"], one["path"]) for one in found["differences"]}
    assert ("changed", "title") in changes
    assert ("added", "people/choices/Inzetten op sporten/reason") in changes
    assert not any(path.startswith("draft/") for _kind, path in changes)
    same = adviser.get(f"/v1/area-analyses/{first.json()['id']}/diff?fromVersion=2&untilVersion=2").json()
    assert same["differences"] == []


def test_a_draft_is_inside_and_an_edition_is_for_everyone(adviser, client_with):
    first = drafted(adviser)
    path = f"/v1/area-analyses/{first.json()['id']}"
    second = put(adviser, first)

    outside, elsewhere = client_with(), client_with("area-adviser", municipality="GM0599")
    assert (outside.get(path).status_code, elsewhere.get(path).status_code) == (404, 404)
    assert outside.get("/v1/area-analyses").json()["count"] == 0
    body = {"edition": "2026", "why": "Staat van het gebied 2026"}
    edition = adviser.post(f"{path}/editions", body, format="json", HTTP_IF_MATCH=second["ETag"])
    assert edition.status_code == 201, edition.content
    put(adviser, edition, people={"choices": [{"choice": "Later", "reason": "Werkversie"}]})

    seen = outside.get(path).json()
    assert (seen["edition"], seen["version"], seen["checksum"]) == ("2026", 3, second.json()["checksum"])
    assert seen["people"]["choices"][0]["choice"] == "Inzetten op sporten"
    assert outside.get(f"{path}/editions/2026").json() == seen
    english = outside.get(path, HTTP_ACCEPT_LANGUAGE="en").json()["citation"]
    assert "uitgave 2026, vastgesteld op" in seen["citation"] and "edition 2026, adopted on" in english
    assert seen["citation"].rpartition(". ")[2] == english.rpartition(". ")[2]
    assert (outside.get(f"{path}/versions/4").status_code, adviser.get(f"{path}/versions/4").status_code) == (404, 200)
    assert outside.get("/v1/area-analyses").json()["count"] == 1
    again = adviser.post(f"{path}/editions", body, format="json", HTTP_IF_MATCH="*")
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "edition-exists")


def test_a_version_that_was_read_can_never_change(adviser):
    first = drafted(adviser)
    version = AnalysisVersion.objects.get(document=first.json()["id"])

    with pytest.raises(Exception, match="permission denied"):
        AnalysisVersion.objects.filter(pk=version.pk).update(why_nl="anders")


def test_an_unknown_area_or_ranking_is_told(adviser):
    def refused(**given):
        body = {"areaCode": AREA, "title": "x"} | given
        return adviser.post("/v1/area-analyses", body, format="json")

    assert refused(areaCode="afrikaanderwijk").json()["errors"][0]["location"] == "#/areaCode"
    assert refused(definitionCode="none").status_code == 404


def test_the_draft_is_dutch_whatever_language_is_asked(adviser):
    body = {"areaCode": AREA, "title": "x"}

    english = adviser.post("/v1/area-analyses", body, format="json", HTTP_ACCEPT_LANGUAGE="en").json()

    assert [pillar["name"] for pillar in english["draft"]["pillars"]] == ["Kansrijk", "Veilig", "Gezond"]
    assert json.dumps(english["draft"]) == json.dumps(drafted(adviser).json()["draft"])
