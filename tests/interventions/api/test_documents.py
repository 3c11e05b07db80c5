"""Documents over HTTP: asked for, made by a worker from the JSON, kept as they are, and equal to the JSON."""

import hashlib
import re
from itertools import pairwise

import pytest
from django.db import DatabaseError
from django.utils import translation

from config.ledger import records
from interventions.models import DocumentFile
from interventions.services.cycle import document_files
from interventions.services.cycle.document_files import make_asked_documents
from monitoring.services.figures import demo_figures
from monitoring.services.results import demo_results
from tests.interventions.api.test_area_analyses import AREA, drafted, put
from tests.interventions.api.test_plans_of_action import MEASURED, SO_THAT, a_plan, an_action
from tests.interventions.documents.reading import (
    Outline,
    book_of,
    cells_of,
    numbers_in,
    numbers_of,
    tags_of,
    text_of_pdf,
)

pytestmark = pytest.mark.usefixtures("demo", "ranked")
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)")


@pytest.fixture(autouse=True)
def figures(demo):
    demo_figures.load_demo_figures()
    demo_results.load_demo()


@pytest.fixture
def adviser(client_with):
    return client_with("area-adviser")


@pytest.fixture
def analysis(adviser):
    """Path and JSON of a judged analysis."""
    judged = put(adviser, drafted(adviser)).json()
    return f"/v1/area-analyses/{judged['id']}", judged


@pytest.fixture
def plan(adviser):
    """Path and JSON of a plan with everything in it."""
    made = a_plan(
        adviser, outcomeAgreements=[MEASURED],
        qualityAgreements=[{"offeringCode": "demo-sportief-noord", "agreement": "Scholing", "steps": [
            {"what": "Begeleiders scholen", "dueDate": "2026-06-01", "doneDate": "2026-05-20"}]}],
        conversations=[{"about": "Sport <b>op</b> pleinen", "plannedDate": "2026-12-01"}],
    ).json()  # fmt: skip
    path = f"/v1/plans-of-action/{made['id']}"
    an_action(adviser, planId=made["id"], status="done", outcome="Dansles erbij")
    body = {"plan": {"soThats": [SO_THAT], **{key: made["plan"][key] for key in (
        "qualityAgreements", "outcomeAgreements", "conversations")}}, "why": "Acties erbij"}  # fmt: skip
    return path, adviser.put(path, body, format="json", HTTP_IF_MATCH="*").json()


def problem_of(answer):
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


def test_a_document_is_asked_for_made_by_a_worker_and_then_there(adviser, analysis):
    path, told = analysis
    assert problem_of(adviser.get(f"{path}?format=pdf")) == (409, "document-not-ready")

    asked = adviser.post(f"{path}/documents", {"format": "pdf"}, format="json")
    assert (asked.status_code, asked.json()["status"], asked["Retry-After"]) == (202, "queued", "1")
    again = adviser.post(f"{path}/documents", {"format": "pdf"}, format="json")
    assert again.json()["id"] == asked.json()["id"]
    assert "seconden" in adviser.get(f"{path}?format=pdf").json()["detail"]
    assert make_asked_documents() == 1

    job = adviser.get(asked["Location"]).json()
    answer = adviser.get(job["resultUrl"])
    assert (job["status"], answer.status_code, answer["Content-Type"]) == ("succeeded", 200, "application/pdf")
    assert answer.content == adviser.get(f"{path}?format=pdf").content
    (listed,) = adviser.get(f"{path}/documents").json()["results"]
    assert listed["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert (listed["versionChecksum"], listed["size"]) == (told["checksum"], len(answer.content))
    known = adviser.post(f"{path}/documents", {"format": "pdf"}, format="json")
    assert (known.status_code, known.json()) == (200, listed)


def test_a_document_belongs_to_its_version(adviser, analysis, document_of):
    path, told = analysis
    first = document_of(adviser, path, "html").content

    put(adviser, adviser.get(path), title="Andere titel")

    assert problem_of(adviser.get(f"{path}?format=html")) == (409, "document-not-ready")
    assert adviser.get(f"{path}/versions/{told['version']}?format=html").content == first
    body = {"format": "html", "version": told["version"]}
    assert adviser.post(f"{path}/documents", body, format="json").status_code == 200


def test_an_edition_has_its_documents_made_and_everybody_may_read_them(adviser, analysis, client_with):
    path, _told = analysis
    body = {"edition": "2026", "why": "Staat van het gebied 2026"}

    edition = adviser.post(f"{path}/editions", body, format="json", HTTP_IF_MATCH="*")
    with translation.override("en"):  # documents are Dutch all the same
        assert make_asked_documents() == 3

    outside = client_with()
    for form in ("xlsx", "html", "pdf"):
        assert outside.get(f"{path}/editions/2026?format={form}").status_code == 200
    assert outside.get(f"{path}/documents").json()["count"] == 3
    page = outside.get(f"{path}/editions/2026?format=html").content.decode()
    assert "Staat van het gebied, uitgave 2026" in page
    assert edition.json()["citation"] in page
    assert problem_of(outside.post(f"{path}/documents", {"format": "pdf"}, format="json"))[0] == 401


def test_working_versions_and_plans_stay_inside(adviser, analysis, plan, client_with, document_of):
    elsewhere, dashboard = client_with("area-adviser", municipality="GM0599"), client_with("dashboard")
    for path, _told in (analysis, plan):
        url = document_of(adviser, path, "pdf").request["PATH_INFO"]

        assert elsewhere.get(f"{url}?format=pdf").status_code == 404
        assert elsewhere.get(f"{path}/documents").status_code == 404
        assert elsewhere.post(f"{path}/documents", {"format": "pdf"}, format="json").status_code == 404
    assert dashboard.get(f"{analysis[0]}/documents").status_code == 404
    assert dashboard.get(f"{plan[0]}/documents").status_code == 403


def test_a_form_or_version_that_is_not_there_is_told(adviser, plan):
    path, _told = plan

    def refused(**given):
        answer = adviser.post(f"{path}/documents", given, format="json")
        return answer.status_code, [(one["location"], one["code"]) for one in answer.json().get("errors", [])]

    assert refused(format="xlsx") == (400, [("#/format", "no-such-form")])
    assert refused(format="docx")[0] == 400
    assert refused(format="pdf", version=99) == (404, [])
    assert adviser.get(f"{path}?format=xlsx").status_code == 400


def test_a_file_that_was_read_can_never_change(adviser, analysis, document_of):
    document_of(adviser, analysis[0], "html")

    with pytest.raises(DatabaseError, match="permission denied"):
        DocumentFile.objects.update(content=b"anders")


def test_a_document_that_cannot_be_made_ends_its_job_and_no_other(adviser, analysis, plan, monkeypatch):
    real = document_files.render

    def broken(told, *, resource, form):
        if form == "pdf":
            raise RuntimeError("secret inside")
        return real(told, resource=resource, form=form)

    monkeypatch.setattr(document_files, "render", broken)
    asked = [adviser.post(f"{analysis[0]}/documents", {"format": form}, format="json") for form in ("pdf", "html")]

    assert make_asked_documents() == 2

    failed, made = (adviser.get(one["Location"]).json() for one in asked)
    assert (failed["status"], failed["errors"][0]["code"], made["status"]) == ("failed", "unexpected", "succeeded")
    assert "secret" not in str(failed)


def test_a_job_whose_worker_died_is_done_again(adviser, analysis):
    path, _told = analysis
    asked = adviser.post(f"{path}/documents", {"format": "html"}, format="json").json()
    records.model("default", "Job")._default_manager.filter(pk=asked["id"]).update(status="running")

    assert make_asked_documents() == 1
    assert adviser.get(f"{path}?format=html").status_code == 200


def test_every_number_in_the_documents_of_an_analysis_is_in_its_json(adviser, analysis, document_of):
    path, told = analysis
    known = numbers_of(told)

    pdf = text_of_pdf(document_of(adviser, path, "pdf").content)
    page = Outline(document_of(adviser, path, "html").content.decode())
    book = book_of(document_of(adviser, path, "xlsx").content, values=True)

    assert len(numbers_in(pdf)) > 40
    assert numbers_in(pdf) - known == set()
    assert numbers_in(" ".join(page.texts)) - known == set()
    written = [cell.value for cell in cells_of(book)]
    texts = {n for value in written if isinstance(value, str) for n in numbers_in(value)}
    values = {round(abs(float(value)), 10) for value in written if isinstance(value, int | float)}
    assert texts - known == set()
    assert values - known == set()


def test_every_number_in_the_documents_of_a_plan_is_in_its_json(adviser, plan, document_of):
    path, told = plan

    pdf = text_of_pdf(document_of(adviser, path, "pdf").content)
    page = Outline(document_of(adviser, path, "html").content.decode())

    assert 400 in numbers_in(pdf)
    assert numbers_in(pdf) - numbers_of(told) == set()
    assert numbers_in(" ".join(page.texts)) - numbers_of(told) == set()


def letters_of(text):
    """Without spaces and hyphens: where a line ends a word may be broken."""
    return re.sub(r"[\s-]", "", text)


def test_page_and_pdf_say_the_same(adviser, analysis, plan, document_of):
    for path, _told in (analysis, plan):
        pdf = letters_of(text_of_pdf(document_of(adviser, path, "pdf").content))
        page = Outline(document_of(adviser, path, "html").content.decode())

        assert [text for text in page.texts if letters_of(text) not in pdf] == []


def test_the_report_is_accessible_with_charts_and_what_people_say(adviser, document_of):
    first = drafted(adviser)
    put(adviser, first, people={"interpretations": [{"text": "<script>alert(1)</script>"}]})

    answer = document_of(adviser, f"/v1/area-analyses/{first.json()['id']}", "html")

    content = answer.content.decode()
    page = Outline(content)
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert "style-src 'sha256-" in answer["Content-Security-Policy"]
    assert "<script>" not in content
    assert page.found[0] == ("html", {"lang": "nl"})
    levels = [int(tag[1]) for tag, _ in page.found if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    charts = [attrs for tag, attrs in page.found if tag == "svg"]
    assert charts and all(attrs["role"] == "img" and attrs["aria-label"] for attrs in charts)
    assert sum(tag == "table" for tag, _ in page.found) == sum(tag == "caption" for tag, _ in page.found)


def test_the_pdf_has_headings_tables_with_heads_and_charts_in_words(adviser, analysis, document_of):
    path, told = analysis

    tags = tags_of(document_of(adviser, path, "pdf").content)

    names = [name for name, _alt in tags]
    assert names.count("H1") >= 6
    assert names.count("Table") >= 5
    assert names.count("TH") > names.count("Table")
    alts = " ".join(alt for name, alt in tags if name == "Figure" and alt)
    (result,) = told["draft"]["results"]
    for point in result["indicators"][0]["points"]:
        assert point["period"] in alts


def test_a_plan_shows_names_agreements_talks_and_what_came_of_actions(adviser, plan, document_of):
    path, told = plan

    text = text_of_pdf(document_of(adviser, path, "pdf").content)

    assert told["names"]["areas"] == {AREA: "Volewijck"}
    for shown in (told["names"]["offerings"]["demo-sportief-noord"], told["names"]["factors"]["physical-activity"],
                  "Bereik", "per kwartaal", "20 mei 2026", "1 december 2026", "Sport <b>op</b> pleinen",
                  "Dansles erbij", "meer jongeren wekelijks sporten"):  # fmt: skip
        assert shown in text.replace("- ", ""), shown


def test_the_workbook_has_its_tabs_links_and_colours_by_condition(adviser, analysis, document_of):
    path, _told = analysis

    book = book_of(document_of(adviser, path, "xlsx").content)

    assert book.sheetnames == ["Inhoud", "Toelichting", "Kansrijk", "Veilig", "Gezond", "Samenvatting", "Resultaten",
                               "Cijfers (naslag)", "Ranking", "Wijzigingen"]  # fmt: skip
    links = [cell.hyperlink.location for cell in cells_of(book) if cell.hyperlink]
    assert {re.match(r"'(.+)'!", link)[1] for link in links} == set(book.sheetnames)
    for sheet in book.worksheets[1:]:
        assert sheet["A2"].hyperlink.location == "'Inhoud'!A1"
    rules = [rule for pillar in ("Kansrijk", "Veilig", "Gezond") for where in book[pillar].conditional_formatting
             for rule in where.rules]  # fmt: skip
    assert {formula for rule in rules for formula in rule.formula if "ongunstiger" in formula}
    summary = [row[0].value for row in book["Samenvatting"]]
    assert any("Inzetten op sporten – Partners herkennen het." in (line or "") for line in summary)
    source = next(cell for row in book["Kansrijk"] for cell in row
                  if cell.hyperlink and "Cijfers" in cell.hyperlink.location)  # fmt: skip
    target = re.search(r"!A(\d+)", source.hyperlink.location)[1]
    assert book["Cijfers (naslag)"][f"A{target}"].value == book["Kansrijk"][f"A{source.row}"].value


def test_what_people_write_is_no_formula_in_the_workbook(adviser, document_of):
    first = drafted(adviser)
    said = [{"text": text, "domainCode": "work"} for text in FORMULAS]
    put(adviser, first, people={"interpretations": said}, title="=HYPERLINK(1)", why="@why")

    book = book_of(document_of(adviser, f"/v1/area-analyses/{first.json()['id']}", "xlsx").content)

    found = [cell for cell in cells_of(book) if cell.value in FORMULAS or cell.value in ("=HYPERLINK(1)", "@why")]
    assert {cell.value for cell in found} >= {*FORMULAS, "=HYPERLINK(1)", "@why"}
    assert {cell.data_type for cell in found} == {"s"}
    formulas = {re.sub(r"\d+", "n", cell.value) for cell in cells_of(book) if cell.data_type == "f"}
    assert formulas == {"=ROUND(En-Gn,n)"}
    assert all(cell.quotePrefix for cell in found if cell.value in FORMULAS)
