"""A partner's quarter on the pages, without a program: what is asked, the template, five mistakes, a receipt, again."""

import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.html import escape
from openpyxl import load_workbook

from accounts.models import RoleGrant
from config import exports
from config.days import today
from config.ledger import records
from monitoring import desk
from monitoring.models import OutcomeReport, Receipt
from monitoring.periods import quarter_of
from tests.factories import accounts as account_factory
from tests.factories import interventions as make
from tests.factories import outcomes
from tests.monitoring.outcomes.test_outcome_files import fill, saved
from tests.web.test_accessible import Page

pytestmark = pytest.mark.usefixtures("stores")
DJANGOS = "django.contrib.auth.backends.ModelBackend"
HTML = {"HTTP_ACCEPT": "text/html"}
SEND = "/mijn/aanleveren"


def logged_in(role="partner", *, organisation="org-a", **more):
    client = Client(**more)
    person = account_factory.person(
        role, municipality=outcomes.CITY, organisation=organisation, name=f"p-{organisation}"
    )
    client.force_login(person, DJANGOS)
    return client


@pytest.fixture
def partner():
    outcomes.city()
    outcomes.offering()
    make.offering("offering-a", municipality_code=outcomes.CITY, name_nl="Samen koken")
    return logged_in()


def sheet_of(partner, **cells):
    """The pre-filled template of a quarter with its first reach row filled in."""
    answer = partner.get("/mijn/aanbod/sjabloon?periode=2024-Q2")
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(answer.content))
    fill(book["Bereik"], 2, **{"Gebied": "WK900101", "Doelgroep": 400, "Uitgenodigd": 120, "Gestart": 60,
                               "Komt_structureel": 40, **cells})  # fmt: skip
    return saved(book)


def sent(partner, content, *, step="check", name="kwartaal.xlsx"):
    file = io.BytesIO(content)
    file.name = name
    return partner.post(SEND, {"file": file, "step": step}, **HTML)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_what_is_late_stands_first_with_the_names_people_use(partner):
    page = text_of(partner.get("/mijn/aanbod", **HTML))

    assert "leveringen zijn te laat" in page
    assert "Samen koken GM9001 Bereik 2024-Q1 30 april 2024 te laat: nog niet geleverd" in page
    assert page.index("Bereik 2024-Q1") < page.index("Bereik 2024-Q3")
    assert page.index("Sjabloon voor 2024-Q3") < page.index("Sjabloon voor 2024-Q1")  # most want the newest


def test_the_newest_quarter_that_is_over_comes_before_the_one_that_runs(partner):
    running = quarter_of(today())
    last = quarter_of(running.start - timedelta(days=1))

    periods = re.findall(r"Sjabloon voor (\S+)", text_of(partner.get("/mijn/aanbod", **HTML)))

    assert periods[0] == last.short
    assert periods[-1] == running.short


def test_the_page_of_ones_own_leads_there(partner):
    assert 'href="/mijn/aanbod"' in partner.get("/mijn").content.decode()


def test_a_quarter_is_checked_corrected_and_delivered(partner):
    wrong = sheet_of(partner, Gestart=500, Gebied="WK999999", Doelgroep="veel")

    checked = sent(partner, wrong)
    page = text_of(checked)
    assert (checked.status_code, OutcomeReport.objects.count(), Receipt.objects.count()) == (200, 0, 0)
    assert "Controle: er is nog niets bewaard" in page
    assert re.search(r"Er zijn \d fouten gevonden", page)
    assert re.search(r"Bereik 2 \w+: Gebied .*WK999999", page)
    assert re.search(r"Bereik 2 \w+: Doelgroep .*veel", page)

    right = sheet_of(partner)
    fine = sent(partner, right)
    assert "Er zijn geen fouten gevonden" in text_of(fine)
    assert OutcomeReport.objects.count() == 0

    delivered = sent(partner, right, step="deliver")
    receipt = Receipt.objects.get()
    assert (delivered.status_code, delivered["Location"]) == (302, f"/mijn/bonnen/{receipt.id}")
    told = text_of(partner.get(delivered["Location"], **HTML))
    assert "Alles is goed en bewaard." in told
    assert "1 regel: nieuw" in told
    assert OutcomeReport.objects.get().counts[:3] == [400, None, 120]
    assert "Bereik 2024-Q2 30 juli 2024 te laat geleverd" in text_of(partner.get("/mijn/aanbod"))


def test_a_delivery_with_faults_keeps_nothing_but_a_receipt_that_says_why(partner):
    answer = sent(partner, sheet_of(partner, Gestart=500), step="deliver")

    page = partner.get(answer["Location"], **HTML)
    assert OutcomeReport.objects.count() == 0
    assert "Er is 1 fout gevonden. Er is niets bewaard." in text_of(page)
    assert "Gestart (500) kan niet hoger zijn dan Uitgenodigd (120)." in text_of(page)
    assert "Verbeter het bestand en stuur het opnieuw" in text_of(page)


def test_what_would_be_right_stands_there_as_it_is_to_be_written(partner):
    page = text_of(sent(partner, sheet_of(partner, Periode="2023-Q4", Gestart=500)))

    assert "In deze periode liep dit aanbod niet. 2023-Q4 2024-01-01/.. " in page
    assert "(120). 500 120 " in page


def test_page_and_api_say_the_same_of_one_file(partner, client_with):
    wrong = sheet_of(partner, Gestart=500, Gebied="WK999999")
    api = client_with("partner", municipality=outcomes.CITY, organisation="org-a")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    headers = {"HTTP_IDEMPOTENCY_KEY": "k"}
    rows = api.generic("POST", "/v1/outcome-files?dryRun=true", wrong, content_type=kind, **headers).json()["rows"]

    page = sent(partner, wrong).content.decode()

    faults = [fault for row in rows for fault in row["faults"]]
    assert len(faults) >= 2
    assert all(escape(fault["detail"]) in page for fault in faults if "(" not in fault["detail"])
    assert page.count("<tr>") == len(faults) + 1


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "leeg.xlsx", "Dit bestand is leeg."),
        (b"PK nonsense", "x.xlsx", "Dit is geen XLSX-bestand."),
        (b"a,b\n1,2\n", "111222333.csv", "lijkt een persoonsgegeven te staan"),
    ],
)
def test_a_file_that_cannot_be_taken_is_said_at_its_field(partner, content, name, said):
    answer = sent(partner, content, name=name)

    html, page = answer.content.decode(), Page(answer.content.decode())
    assert answer.status_code == 400
    assert said in html
    assert "<title>Fout:" in html
    assert {"href": "#id_file"} in page.named("a")
    (field,) = [one for one in page.named("input") if one.get("type") == "file"]
    assert field["aria-invalid"] == "true"
    assert set(field["aria-describedby"].split()) <= {one.get("id") for _tag, one in page.tags}
    assert OutcomeReport.objects.count() == 0


def test_no_file_chosen_is_said_too(partner):
    answer = partner.post(SEND, {"step": "deliver"}, **HTML)

    assert answer.status_code == 400
    assert 'href="#id_file"' in answer.content.decode()


def test_what_people_write_is_shown_and_not_carried_out(partner):
    page = sent(partner, sheet_of(partner, Gebied="<script>alert(1)</script>")).content.decode()

    assert "<script" not in page


def test_a_form_from_elsewhere_is_refused(partner):
    strict = logged_in(organisation="org-b", enforce_csrf_checks=True)

    assert sent(strict, b"a,b\n1,2\n", step="deliver").status_code == 403
    assert Receipt.objects.count() == 0


def test_more_than_may_be_sent_is_413(partner, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    assert sent(partner, b"x" * 2000).status_code == 413
    assert Client().post("/inloggen", {"file": io.BytesIO(b"x" * 2000)}).status_code == 413


def test_another_partner_sees_neither_offering_nor_receipt_and_delivers_for_itself_only(partner):
    content = sheet_of(partner)
    receipt = sent(partner, content, step="deliver")["Location"]
    other = logged_in(organisation="org-b")

    assert "Samen koken" not in other.get("/mijn/aanbod").content.decode()
    assert other.get(receipt).status_code == 404
    assert other.get("/mijn/bonnen/00000000-0000-4000-8000-000000000000").status_code == 404
    assert "offering-a" not in str(load_workbook(io.BytesIO(other.get("/mijn/aanbod/sjabloon").content))["Lijsten"])
    assert "fout" in text_of(sent(other, content))
    assert OutcomeReport.objects.count() == 1


def test_a_template_is_written_down_as_an_export(partner):
    sheet_of(partner)

    row = records.model("monitoring", "AuditEntry")._default_manager.get(action=exports.ACTION)
    assert (row.resource, row.resource_code, row.organisation_code) == ("outcome-files", "template", "org-a")
    assert row.actor.startswith("user:")
    assert row.after["path"] == "/mijn/aanbod/sjabloon"


def test_a_period_nobody_knows_is_not_there(partner):
    assert partner.get("/mijn/aanbod/sjabloon?periode=ooit").status_code == 404


def test_a_role_taken_while_a_file_is_read_keeps_nothing(partner, monkeypatch):
    content = sheet_of(partner)
    deliver_file = desk.deliver_file

    def slowly(**given):
        found = deliver_file(**given)
        RoleGrant.objects.filter(organisation_code="org-a").delete()
        return found

    monkeypatch.setattr(desk, "deliver_file", slowly)

    assert sent(partner, content, step="deliver").status_code == 403
    assert (OutcomeReport.objects.count(), Receipt.objects.count()) == (0, 0)


@pytest.mark.parametrize("role", ["dashboard", "account-holder", "data-steward", "model-editor", "administrator"])
def test_others_have_no_business_here(partner, role):
    other = logged_in(role, organisation="")

    assert {other.get(path).status_code for path in ("/mijn/aanbod", "/mijn/aanbod/sjabloon", SEND)} == {403}
    assert Client().get(SEND)["Location"].startswith("/inloggen")
