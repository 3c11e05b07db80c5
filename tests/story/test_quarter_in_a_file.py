"""A partner with only README and the template: a quarter in a spreadsheet, five mistakes, and the way to a safe figure.

Over HTTP to the service as `make run` starts it, with its real worker. What is wrong is put right from the receipt
alone: `put_right` knows nothing but what the receipt says.
"""

import io
import time
from uuid import uuid4

import httpx
import pytest
from openpyxl import Workbook, load_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PERIOD = "2026-Q3"


@pytest.fixture(scope="module")
def http(service):
    with httpx.Client(base_url=f"{service.url}/v1/", timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def template(service, http):
    answer = http.get("outcome-files/template", params={"period": PERIOD}, headers=service.key("PARTNER_KEY"))
    assert answer.status_code == 200 and answer.headers["Content-Type"] == XLSX
    return load_workbook(io.BytesIO(answer.content))


def deliver(service, http, book: Workbook):
    content = io.BytesIO()
    book.save(content)
    headers = service.key("PARTNER_KEY") | {"Content-Type": XLSX, "Idempotency-Key": uuid4().hex}
    return http.post("outcome-files", content=content.getvalue(), headers=headers)


def fill(sheet, row, **cells):
    columns = {str(cell.value): cell.column for cell in sheet[1]}
    for name, value in cells.items():
        sheet.cell(row, columns[name.replace("_", " ")], value)


def put_right(book: Workbook, receipt) -> int:
    """Follow the receipt: in that sheet, row and column, write the first thing that would be right."""
    corrected = 0
    for row in receipt["rows"]:
        for fault in row["faults"]:
            assert fault["column"] and fault["detail"], fault
            expected = fault["expected"]
            value = expected[0] if isinstance(expected, list) else expected
            if value is None:  # no suggestion, but the words say what belongs there
                assert "heel getal" in fault["detail"] and fault["value"] == "achttien"
                value = 18
            cell = fault["column"].split(":")[0] + str(row["row"])
            book[row["sheet"]][cell] = value
            corrected += 1
    return corrected


def seen(ask, met, seconds=90):
    """The answer once it is so; a worker needs a moment."""
    until = time.monotonic() + seconds
    while not met(answer := ask()) and time.monotonic() < until:
        time.sleep(0.3)
    assert met(answer), answer
    return answer


def started(rows):
    return [row["counts"]["started"] for row in rows]


def test_a_quarter_with_five_mistakes_comes_to_a_safe_figure(service, http, template):
    reach = template["Bereik"]
    assert any("Zo vult u dit bestand in" in str(cell.value) for cell in template["Uitleg"]["A"])
    first = {cell.value: reach.cell(2, cell.column).value for cell in reach[1]}
    offering, area, last = first["Aanbod"], first["Gebied"], reach.max_row
    assert first["Periode"] == PERIOD and area

    # 1 five mistakes in one file: a code, an area, a period, a part above its whole, a word for a number
    fill(reach, 2, Doelgroep=150, Uitgenodigd=46, Gestart=34, Komt_structureel=20)
    for offset, wrong in enumerate((
        {"Aanbod": offering.replace("demo", "dmo")}, {"Gebied": area[:-1] + "X"}, {"Periode": "derde kwartaal"},
        {"Gestart": 99}, {"Gestart": "achttien"},
    ), 1):  # fmt: skip
        given = {"Aanbod": offering, "Periode": PERIOD, "Gebied": "unknown", "Doelgroep": 90, "Uitgenodigd": 40,
                 "Gestart": 17} | wrong  # fmt: skip
        fill(reach, last + offset, **given)

    refused = deliver(service, http, template)

    receipt = refused.json()
    assert refused.status_code == 201, refused.text
    assert (receipt["counts"]["rejected"], receipt["counts"]["created"], receipt["counts"]["heldBack"]) == (5, 0, 1)
    kept = http.get(f"receipts/{receipt['id']}", headers=service.key("PARTNER_KEY"))
    assert kept.json() == receipt

    # 2 the receipt alone suffices; rows that meant the same thing are told apart by their area
    assert put_right(template, receipt) == 5
    areas = [code.value for code in template["Lijsten"]["E"][1:] if code.value and code.value != area]
    for offset in range(1, 6):
        fill(reach, last + offset, Aanbod=offering, Gebied=areas[-offset])

    delivered = deliver(service, http, template).json()
    again = deliver(service, http, template).json()

    assert delivered["counts"]["rejected"] == 0, delivered["rows"]
    assert len(delivered["rows"]) == 6
    assert again["counts"]["unchanged"] == 6
    [rate] = delivered["planRate"]
    assert rate["delivered"] >= 1 and rate["asked"] >= rate["delivered"]

    # 3 the accounthouder sees the working figure seconds later
    ask = {"measure": "reach", "areaCode": area, "period": PERIOD}
    holder, began = service.key("ACCOUNTHOLDER_KEY"), time.monotonic()

    def working():
        found = http.get(
            "outcome-aggregates", params=ask | {"view": "working", "offeringCode": offering}, headers=holder
        )
        return found.json()["results"]

    seen(working, lambda rows: started(rows) == [34])
    assert time.monotonic() - began < 30

    # 4 the dashboard sees the safe one after the next release, and not before
    intervention = http.get(f"offerings/{offering}").json()["interventionCode"]

    def released():
        return http.get("outcome-aggregates", params=ask | {"interventionCode": intervention}).json()["results"]

    numbers = [row["releaseNumber"] for row in released()]
    for row in delivered["rows"]:
        if row["outcome"] == "questioned":
            accept(http, holder, row)
    job = http.post("releases", json={"municipalityCode": "GM0363"}, headers=service.key("STEWARD_KEY"))
    assert job.status_code == 202, job.text
    after = seen(released, lambda rows: rows and rows[0]["releaseNumber"] not in numbers, seconds=180)
    assert all(row["view"] == "released" for row in after)
    shown = started(after)[0]
    assert shown is None or shown >= 10  # our minimum

    # 5 a correction says what it changed
    fill(reach, 2, Gestart=33)
    corrected = deliver(service, http, template).json()
    path = f"receipts/{corrected['id']}/effects"
    effect = seen(
        lambda: http.get(path, headers=holder).json()["results"], lambda found: found and found[0]["workedOutAt"]
    )[0]
    moved = {(c["subjectKind"], c["areaCode"], c["periodKind"]): c for c in effect["cells"]}
    cell = moved["offering", area, "quarter"]
    assert (cell["before"]["started"], cell["after"]["started"]) == (34, 33)
    assert after[0]["releaseNumber"] in effect["releases"]


def accept(http, holder, row):
    answer = http.post(f"outcome-reports/{row['reportId']}/reviews", json={"decision": "accept"}, headers=holder)
    assert answer.status_code == 201, answer.text
