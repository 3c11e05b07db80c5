"""Loading interventions, offerings and agreements from files: template, dry run, reports, hostile files."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from accounts.models import AuditEntry, Municipality, Outbox
from interventions.models import Agreement, Intervention, InterventionFactor, Offering, Organisation, Recognition
from tests.factories import interventions as make

pytestmark = pytest.mark.usefixtures("city")
PATH = "/v1/supply-files"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOOK = {
    "organisations": [{"code": "org-new", "name": "Nieuwe organisatie"}],
    "interventions": [{"code": "new-method", "nameNl": "Nieuwe aanpak", "nameEn": "New approach", "kind": "method",
                       "lifePhases": "adolescence|young-adulthood", "preventionLevels": "selective"}],
    "intervention-factors": [{"interventionCode": "new-method", "factorCode": "debt", "direction": "reduce",
                              "basis": "databank"}],
    "recognitions": [{"interventionCode": "new-method", "level": 3, "databaseCode": "youth-nji",
                      "validFrom": date(2024, 1, 1)}],
    "offerings": [{"code": "new-offering", "name": "Nieuw aanbod", "municipalityCode": "GM0363",
                   "organisationCode": "org-new", "interventionCode": "new-method",
                   "serviceType": "contact-moments", "cityWide": "nee", "areaCodes": "WK036300",
                   "startsOn": date(2024, 1, 1), "intendedReach": 40}],
    "agreements": [{"code": "new-agreement", "municipalityCode": "GM0363", "offeringCode": "new-offering",
                    "amount": 1200.5, "validFrom": "01-01-2024", "validUntil": "2025-01-01"}],
}  # fmt: skip


@pytest.fixture
def holder(client_with):
    return client_with("account-holder")


def workbook(tables: dict[str, list[dict]], change: Callable | None = None) -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        columns = list(dict.fromkeys(column for row in rows for column in row))
        sheet.append(columns)
        for row in rows:
            sheet.append([row.get(column) for column in columns])
    if change:
        change(book)
    book.save(stream)
    return stream.getvalue()


def send(client, content: bytes, kind: str = XLSX, query: str = "", **headers):
    return client.post(f"{PATH}{query}", content, content_type=kind, **headers)


def faults(answer) -> dict[str, tuple]:
    assert answer.status_code == 400, answer.content
    return {one["location"]: (one["code"], one.get("value"), one.get("expected")) for one in answer.json()["errors"]}


def outcomes(answer) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.json().get("errors")
    return [(row["table"], row["outcome"]) for row in answer.json()["rows"]]


def test_a_workbook_brings_all_tables_at_once_and_again_changes_nothing(holder):
    first, again = send(holder, workbook(BOOK)), send(holder, workbook(BOOK))

    assert outcomes(first) == [(table, "created") for table in BOOK]
    assert outcomes(again) == [(table, "unchanged") for table in BOOK]
    offering = Offering.objects.get(code="new-offering")
    assert (offering.intended_reach, offering.area_codes, offering.city_wide) == (40, ["WK036300"], False)
    assert Intervention.objects.get(code="new-method").life_phases == ["adolescence", "young-adulthood"]
    assert Recognition.objects.get(intervention="new-method").level_id == 3
    assert InterventionFactor.objects.get(intervention="new-method").direction == "reduce"
    agreement = Agreement.objects.get(code="new-agreement")
    assert (agreement.valid_from, agreement.valid_until) == (date(2024, 1, 1), date(2025, 1, 1))
    announced = Outbox.objects.get(kind="offering.changed", payload__offeringCode="new-offering").payload
    assert (announced["factorCodes"], len(announced["agreements"])) == (["debt"], 1)
    assert AuditEntry.objects.filter(resource_code="new-offering", action="created").count() == 1


def test_a_dry_run_says_what_would_happen_and_keeps_nothing(holder):
    answer = send(holder, workbook(BOOK), query="?dryRun=true")

    assert outcomes(answer) == [(table, "created") for table in BOOK]
    assert (answer.json()["dryRun"], answer.json()["accepted"]) == (True, True)
    assert not Organisation.objects.filter(code="org-new").exists()
    assert not Outbox.objects.filter(payload__offeringCode="new-offering").exists()


def test_every_fault_is_named_by_its_place_with_what_would_be_right(holder):
    wrong = {
        **BOOK,
        "intervention-factors": [{"interventionCode": "new-methd", "factorCode": "dept", "basis": "x"}],
        "recognitions": [{"interventionCode": "new-method", "level": 7, "databaseCode": "youth-nij",
                          "validFrom": "2024-01-01", "validUntil": "2023-01-01"}],
        "offerings": [BOOK["offerings"][0] | {"serviceType": "contact-moment", "areaCodes": "WK036300|WK036999",
                                              "intendedReach": "veel", "endsOn": "2023-01-01", "code": "Nieuw Één"}],
        "agreements": [BOOK["agreements"][0] | {"offeringCode": "new-offer", "amount": -1}],
    }  # fmt: skip

    found = faults(send(holder, workbook(wrong)))
    looked = send(holder, workbook(wrong), query="?dryRun=true").json()

    about = {(row["table"], row["code"]) for row in looked["rows"]}
    assert about >= {("offerings", None), ("agreements", BOOK["agreements"][0]["code"]), ("recognitions", "new-method")}
    assert found["#/intervention-factors/2/interventionCode"] == ("unknown-code", "new-methd", "new-method")
    assert found["#/intervention-factors/2/factorCode"] == ("unknown-code", "dept", "debt")
    assert found["#/recognitions/2/level"][0] == "max-value"
    assert found["#/recognitions/2/databaseCode"] == ("unknown-code", "youth-nij", "youth-nji")
    assert found["#/recognitions/2/validUntil"][0] == "ends-before-start"
    assert found["#/offerings/2/serviceType"] == ("unknown-code", "contact-moment", "contact-moments")
    assert found["#/offerings/2/areaCodes"][:2] == ("unknown-area", "WK036999")
    assert found["#/offerings/2/intendedReach"] == ("invalid", "veel", "12")
    assert found["#/offerings/2/endsOn"][0] == "ends-before-start"
    assert found["#/offerings/2/code"] == ("invalid", "Nieuw Één", "nieuw-een")
    assert found["#/agreements/2/offeringCode"][:2] == ("unknown-code", "new-offer")
    assert found["#/agreements/2/amount"][0] == "min-value"
    assert not Organisation.objects.filter(code="org-new").exists()


def test_a_dry_run_tells_which_rows_are_wrong_and_which_only_wait(holder):
    wrong = {**BOOK, "organisations": [*BOOK["organisations"], {"code": "org-new", "name": "Nog eens"}]}

    answer = send(holder, workbook(wrong), query="?dryRun=true").json()

    assert (answer["accepted"], answer["tables"][0]["counts"]) == (
        False, {"created": 0, "updated": 0, "unchanged": 0, "rejected": 1, "heldBack": 1}
    )  # fmt: skip
    first = answer["rows"][0]
    assert (first["row"], first["outcome"], first["faults"][0]["code"]) == (3, "rejected", "twice")


def test_what_a_file_does_not_name_stays(holder):
    send(holder, workbook(BOOK))
    newer = {
        "offerings": [{"code": "new-offering", "dose": "8 keer"}],
        "recognitions": [{"interventionCode": "new-method", "level": 4, "validFrom": "2026-01-01"}],
        "intervention-factors": [
            {"interventionCode": "new-method", "factorCode": "media-violence", "basis": "databank"}
        ],
    }

    answer = send(holder, workbook(newer))

    assert sorted(outcomes(answer)) == [("intervention-factors", "created"), ("offerings", "updated"),
                                        ("recognitions", "created")]  # fmt: skip
    offering = Offering.objects.get(code="new-offering")
    assert (offering.dose, offering.intended_reach) == ("8 keer", 40)
    assert sorted(Recognition.objects.filter(intervention="new-method").values_list("level", flat=True)) == [3, 4]
    assert InterventionFactor.objects.filter(intervention="new-method").count() == 2


def test_a_file_moves_no_offering_to_another_organisation(holder):
    send(holder, workbook(BOOK))
    make.organisation("org-b")

    found = faults(send(holder, workbook({"offerings": [{"code": "new-offering", "organisationCode": "org-b"}]})))

    [(code, value, expected)] = found.values()
    assert (code, value, expected) == ("cannot-move", "org-b", BOOK["offerings"][0]["organisationCode"])


def test_an_empty_cell_empties_and_a_new_row_needs_its_columns(holder):
    send(holder, workbook(BOOK))
    emptied = send(holder, workbook({"offerings": [{"code": "new-offering", "intendedReach": None, "dose": "x"}]}))
    short = send(holder, workbook({"offerings": [{"code": "another", "dose": "x"}, {"code": "third", "dose": "x"}]}))

    assert emptied.status_code == 200
    assert Offering.objects.get(code="new-offering").intended_reach is None
    found = faults(short)
    assert found["#/offerings/2/startsOn"][0] == "column-missing"
    assert "#/offerings/3/startsOn" not in found


def test_csv_of_one_table_in_the_dutch_dialect_and_a_zip_of_several(holder):
    make.offering()
    agreement = ("code;municipalityCode;offeringCode;amount;validFrom\r\n"
                 "a-1;GM0363;offering-a;1.200,50;2024-01-01\r\na-2;GM0363;offering-a;1200,50;2024-02-01")  # fmt: skip
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("organisations.csv", "code,name\norg-zip,Zip\n")
        archive.writestr(
            "agreements.csv", "code,municipalityCode,offeringCode,validFrom\nz,GM0363,offering-a,2024-01-01\n"
        )

    csv = send(holder, agreement.encode(), "text/csv", "?table=agreements")
    zipped = send(holder, stream.getvalue(), "application/zip")

    assert faults(csv)["#/agreements/2/amount"][0] == "invalid"
    assert outcomes(zipped) == [("organisations", "created"), ("agreements", "created")]
    good = send(holder, agreement.replace("1.200,50", "1200,5").encode(), "text/csv", "?table=agreements")
    assert outcomes(good) == [("agreements", "created"), ("agreements", "created")]
    assert str(Agreement.objects.get(code="a-2").amount) == "1200.50"
    assert faults(send(holder, agreement.encode(), "text/csv"))["table"][0] == "required"


def test_the_template_filled_with_what_there_is_comes_back_unchanged(holder, demo):
    filled = holder.get(f"{PATH}/template?municipalityCode=GM0363")
    answer = send(holder, filled.content)

    assert answer.status_code == 200, answer.json().get("errors")
    counts = {one["table"]: one["counts"] for one in answer.json()["tables"]}
    assert counts["agreements"]["unchanged"] == Agreement.objects.count()
    assert counts["interventions"]["unchanged"] == Intervention.objects.count()
    assert all(one["created"] == one["updated"] == 0 for one in counts.values())
    assert holder.get(f"{PATH}/template?municipalityCode=GM0599").status_code == 404


def test_the_empty_template_explains_itself_and_offers_lists(holder):
    book = openpyxl.load_workbook(io.BytesIO(holder.get(f"{PATH}/template").content))

    assert book.sheetnames == ["uitleg", *BOOK]
    assert [cell.value for cell in book["organisations"][1]][:2] == ["code", "name"]
    assert book["offerings"].max_row == 1
    assert any("kept" in rule.formula1 for rule in book["agreements"].data_validations.dataValidation)


def test_another_municipality_is_out_of_reach(holder):
    Municipality.objects.get_or_create(code="GM0599", defaults={"name": "Rotterdam"})
    make.offering("theirs", municipality_code="GM0599")
    make.agreement("their-agreement", municipality_code="GM0599", offering_id="theirs")

    moved = BOOK["offerings"][0] | {"code": "theirs"}
    found = faults(send(holder, workbook({**BOOK, "offerings": [moved], "agreements": [
        {"code": "their-agreement", "municipalityCode": "GM0599", "offeringCode": "theirs", "validFrom": "2024-01-01"},
        {"code": "mine", "municipalityCode": "GM0599", "offeringCode": "theirs", "validFrom": "2024-01-01"},
    ]})))  # fmt: skip

    assert found["#/offerings/2/code"][0] == "already-exists"
    assert found["#/agreements/2/code"][0] == "already-exists"
    assert found["#/agreements/3/municipalityCode"] == ("other-municipality", "GM0599", ["GM0363"])
    assert Offering.objects.get(code="theirs").municipality_code == "GM0599"


def test_the_same_key_loads_a_file_once(holder):
    first = send(holder, workbook(BOOK), HTTP_IDEMPOTENCY_KEY="file-1")
    content = workbook(BOOK)
    again = send(holder, content, HTTP_IDEMPOTENCY_KEY="file-2")
    replayed = send(holder, content, HTTP_IDEMPOTENCY_KEY="file-2")

    assert (first.status_code, again.status_code) == (200, 200)
    assert replayed["Idempotent-Replayed"] == "true"
    assert replayed.json() == again.json()


def merged(book):
    book["organisations"].merge_cells("A1:B1")


def computed(book):
    book["organisations"]["B2"] = '=HYPERLINK("http://evil","x")'


def dated(book):
    book["organisations"]["B2"] = date(2024, 1, 1)


def strange(book):
    book["organisations"].title = "organisatons"
    book["offerings"]["A1"] = "Code"


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        (merged, "#/organisations", "merged-cells"),
        (computed, "#/organisations/2/name", "formula"),
        (dated, "#/organisations/2/name", "date-cell"),
        (strange, "#/organisatons", "unknown-sheet"),
        (strange, "#/offerings/1/Code", "unknown-column"),
    ],
)
def test_what_a_spreadsheet_may_hold_and_we_do_not_take_is_named(holder, change, place, code):
    found = faults(send(holder, workbook(BOOK, change)))

    assert found[place][0] == code


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for number in range(4):
            package.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * (30 << 20))
    return stream.getvalue()


def entities() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("[Content_Types].xml", b'<!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>')
    return stream.getvalue()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xff\xfe\x00", bomb(), entities(), workbook(BOOK)[:-40]])
@pytest.mark.parametrize(("kind", "query"), [(XLSX, ""), ("text/csv", "?table=offerings"), ("application/zip", "")])
def test_a_hostile_file_is_refused_in_words(holder, content, kind, query):
    answer = send(holder, content, kind, query)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"]


CELLS = some.lists(some.lists(some.text(max_size=30), max_size=6), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=some.lists(some.lists(some.text(max_size=30), max_size=6), max_size=5), table=some.sampled_from(list(BOOK))
)
def test_no_text_in_cells_is_too_strange(holder, lines, table):
    header = ",".join(BOOK[table][0])
    body = "\n".join([header, *(",".join(f'"{cell.replace(chr(34), "")}"' for cell in line) for line in lines)])

    answer = send(holder, body.encode("utf-8", "surrogatepass"), "text/csv", f"?table={table}&dryRun=true")

    assert answer.status_code in {200, 400}
    assert "errors" in answer.json() or "rows" in answer.json()


@pytest.mark.parametrize("role", ["partner", "dashboard", "area-adviser"])
def test_others_load_nothing(client_with, role):
    client = client_with(role, organisation="org-a" if role == "partner" else "")

    assert send(client, workbook(BOOK)).status_code == 403
    assert client.get(f"{PATH}/template").status_code == 403
