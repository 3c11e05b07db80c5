"""A quarter delivered in the template: five mistakes, a receipt that suffices, the same file corrected. HTTP only."""

import io

import pytest
from openpyxl import load_workbook

from config.days import today
from monitoring.models import Area, OutcomeReport
from monitoring.periods import DAY, quarter_of
from monitoring.services.aggregation import aggregates
from tests.factories import outcomes

LAST_QUARTER = quarter_of(quarter_of(today()).start - DAY).short
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def send(partner):
    def deliver(content, *, kind=XLSX, key="k", query=""):
        headers = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
        return partner.generic("POST", f"/v1/outcome-files{query}", content, content_type=kind, **headers)

    return deliver


@pytest.fixture
def template(partner):
    answer = partner.get("/v1/outcome-files/template?period=2024-Q2")
    assert answer.status_code == 200 and answer["Content-Type"] == XLSX
    return load_workbook(io.BytesIO(answer.content))


def saved(book):
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def fill(sheet, row, **cells):
    columns = {str(cell.value): cell.column for cell in sheet[1]}
    for name, value in cells.items():
        sheet.cell(row, columns[name.replace("_", " ")], value)


def test_the_template_holds_the_partners_own_offerings_lists_and_dutch_help(template):
    assert template.sheetnames[0] == "Uitleg" and template.sheetnames[-1] == "Lijsten"
    assert {"Bereik", "Tevredenheid", "Doelrealisatie"} <= set(template.sheetnames)
    reach = template["Bereik"]
    assert [cell.value for cell in reach[2]][:3] == ["offering-a", "offering-a", "2024-Q2"]
    assert len(reach.data_validations.dataValidation) == 4
    assert "unknown" in [cell.value for cell in template["Lijsten"]["E"]]


def test_an_untouched_template_says_that_nothing_is_filled_in(template, send):
    answer = send(saved(template))

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "no-rows")


def test_a_quarter_with_five_mistakes_is_corrected_from_the_receipt_alone(template, send, partner, client_with):
    reach, grades = template["Bereik"], template["Tevredenheid"]
    fill(reach, 2, Gebied="WK900101", Doelgroep=400, Uitgenodigd=120, Gestart=60, Komt_structureel=40)
    fill(reach, 3, Aanbod="offering-a", Periode="2024-Q2", Gebied="WK90010X", Doelgroep=400, Gestart=20)
    fill(reach, 4, Aanbod="offering-b", Periode="2024-Q2", Gebied="WK900102", Doelgroep=300, Gestart=31)
    fill(reach, 5, Aanbod="offering-a", Periode="tweede kwartaal", Gebied="WK900103", Doelgroep=300, Gestart=35)
    fill(reach, 6, Aanbod="offering-a", Periode="2024-Q2", Gebied="unknown", Uitgenodigd=10, Gestart=12)
    fill(grades, 2, Gebied="WK900101", Cijfer_7="dertig")

    refused = send(saved(template), key="first").json()

    assert refused["counts"] == {
        "created": 0, "updated": 0, "unchanged": 0, "rejected": 5, "questioned": 0, "heldBack": 1
    }  # fmt: skip
    assert not OutcomeReport.objects.exists()
    assert partner.get(f"/v1/receipts/{refused['id']}").json() == refused
    assert [
        (row["sheet"], row["row"], fault["column"], fault["code"], fault["value"], fault["expected"])
        for row in refused["rows"]
        for fault in row["faults"]
    ] == [
        (
            "Bereik",
            3,
            "D: Gebied",
            "unknown-area",
            "WK90010X",
            ["WK900103", "WK900102", "WK900101", "GM9001", "BU90010102", "unknown"],
        ),
        ("Bereik", 4, "A: Aanbod", "unknown-offering", "offering-b", ["offering-a"]),
        ("Bereik", 5, "C: Periode", "not-a-period", "tweede kwartaal", LAST_QUARTER),
        ("Bereik", 6, "H: Gestart", "part-exceeds-whole", 12, 10),
        ("Tevredenheid", 2, "K: Cijfer 7", "not-whole", "dertig", None),
    ]
    assert all(fault["detail"] for row in refused["rows"] for fault in row["faults"])

    fill(reach, 3, Gebied="WK900102")
    fill(reach, 4, Aanbod="offering-a", Gebied="WK900103")
    fill(reach, 5, Periode="2024-Q2", Gebied="BU90010101")
    fill(reach, 6, Gestart=10)
    fill(grades, 2, Cijfer_7=30)
    accepted = send(saved(template), key="second").json()
    again = send(saved(template), key="third").json()

    assert accepted["counts"]["created"] == 6 and again["counts"]["unchanged"] == 6
    aggregates.refresh()
    holder = client_with("account-holder", municipality=outcomes.CITY)
    path = f"/v1/outcome-aggregates?view=working&offeringCode=offering-a&measure=reach&areaCode={outcomes.CITY}"
    [cell] = holder.get(f"{path}&period=2024-Q2").json()["results"]
    assert cell["counts"]["started"] == 60 + 20 + 31 + 35 + 10


def test_per_item_stores_the_good_rows_of_a_file(template, send):
    fill(template["Bereik"], 2, Gebied="WK900101", Doelgroep=400, Gestart=60)
    fill(template["Tevredenheid"], 2, Gebied="nergens", Cijfer_7=30)

    answer = send(saved(template), query="?mode=perItem").json()

    assert [row["outcome"] for row in answer["rows"]] == ["created", "rejected"]
    assert OutcomeReport.objects.get().measure == "reach"


def test_a_dry_run_of_a_file_stores_nothing(template, send):
    fill(template["Bereik"], 2, Gebied="WK900101", Doelgroep=400, Gestart=60)

    answer = send(saved(template), query="?dryRun=true")

    assert (answer.status_code, answer.json()["counts"]["created"], answer.json()["id"]) == (200, 1, None)
    assert not OutcomeReport.objects.exists()


CSV_ROWS = [
    ["offeringCode", "measure", "period", "areaCode", "targetGroup", "started", "explanation"],
    ["offering-a", "reach", "2024-Q1", "WK900101", "400", "60", "Café, vol"],
    ["offering-a", "reach", "2024-Q2", "WK900101", "400", "70", ""],
]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_is_read_in_both_dialects_and_usual_encodings(send, delimiter, encoding):
    lines = [delimiter.join(f'"{cell}"' for cell in row) for row in CSV_ROWS]

    answer = send("\r\n".join(lines).encode(encoding), kind="text/csv")

    assert answer.status_code == 201, answer.json()
    assert [(row["row"], row["outcome"]) for row in answer.json()["rows"]] == [(2, "created"), (3, "created")]
    assert OutcomeReport.objects.get(period_start="2024-01-01").explanation == "Café, vol"


@pytest.mark.parametrize("word", ["reach", "Bereik", "bereik "])
def test_a_measure_is_called_in_csv_as_the_template_calls_it(send, word):
    answer = send(
        f"Aanbod;Maat;Periode;Gebied;Gestart\noffering-a;{word};2024-Q1;WK900101;60".encode(), kind="text/csv"
    )

    assert answer.json()["rows"][0]["outcome"] == "created", answer.json()


@pytest.mark.parametrize("title", ["Onze cijfers, kwartaal 1", "Van;Samen;koken", "", '"Wij, van ""Samen"""'])
def test_a_title_above_a_csv_says_nothing_of_what_parts_its_cells(send, title):
    rows = f'{title}\r\n"Aanbod";Maat;Periode;Gebied;Gestart\r\noffering-a;reach;2024-Q1;WK900101;60\r\n'

    assert send(rows.encode(), kind="text/csv").json()["rows"][0]["outcome"] == "created"


def told(answer, code):
    """Row and fault of each fault with this code."""
    return [(row["row"], fault) for row in answer.json()["rows"] for fault in row["faults"] if fault["code"] == code]


def csv_of(*rows, columns="Aanbod;Maat;Periode;Gebied;Doelgroep;Gestart;Toelichting"):
    return "\r\n".join([columns, *rows]).encode()


def test_an_area_by_its_name_is_told_its_code(send):
    Area.objects.filter(code="WK900102").update(name_nl="Banne Buiksloot")
    Area.objects.filter(code__in=["district-a", "WK900103"]).update(name_nl="Noord")
    rows = [f"offering-a;reach;2024-Q1;{area};;60;" for area in ("banne  buiksloot", "Noord", "Bane Buikslot")]

    one, two, like = (fault for _row, fault in told(send(csv_of(*rows), kind="text/csv"), "unknown-area"))

    assert one["expected"] == ["WK900102"] and "WK900102" in one["detail"]
    assert two["expected"] == ["WK900103", "district-a"] and "Meer dan één" in two["detail"]
    assert like["expected"][0] == "WK900102" and like["expected"][-1] == "unknown"


@pytest.mark.parametrize("written", ["Q4 2024", "2024-kwartaal 4", "4e kwartaal 2024"])
def test_a_period_is_told_as_it_was_most_likely_meant(send, written):
    [(_row, fault)] = told(send(csv_of(f"offering-a;reach;{written};unknown;;60;"), kind="text/csv"), "not-a-period")

    assert fault["expected"] == "2024-Q4" and "Bedoelt u 2024-Q4?" in fault["detail"]


def test_a_quarter_in_small_letters_is_read(send):
    assert send(csv_of("offering-a;reach;2024-q4;unknown;;60;"), kind="text/csv").status_code == 201
    assert OutcomeReport.objects.get().period_start.isoformat() == "2024-10-01"


def test_parts_and_measures_are_called_in_a_file_as_its_columns_and_sheets_are(send):
    answer = send(csv_of("offering-a;reach;2024-Q1;unknown;;;Druk", "offering-a;bereikt;2024-Q1;unknown;;3;"),
                  kind="text/csv")  # fmt: skip

    [(_row, missing)], [(_number, unknown)] = told(answer, "required"), told(answer, "unknown-measure")
    assert missing["expected"][:2] == ["Doelgroep", "Geïndiceerd"] and "JSON" not in missing["detail"]
    assert unknown["expected"][0] == "Bereik"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("12,0", 12), ("12.00", 12), ("1.234", 1234), ("1.234.567", 1234567), ("1 234", 1234), ("1,200", 1200),
     ("2,5", None), ("1.000", None), ("12 deelnemers", None), ("1.23", None), ("0.123", None)],
)  # fmt: skip
def test_a_count_that_is_not_written_as_a_whole_number_is_told_which_it_is(send, written, meant):
    [(_row, fault)] = told(
        send(csv_of(f'offering-a;reach;2024-Q1;unknown;;"{written}";'), kind="text/csv"), "not-whole"
    )

    assert fault["expected"] == meant


def test_a_formula_is_not_read_and_the_receipt_says_so(template, send):
    fill(template["Bereik"], 2, Gebied="WK900101", Gestart="=30+30")

    [(_row, fault)] = told(send(saved(template)), "not-whole")

    assert "Formules" in fault["detail"] and fault["value"] == "=30+30"


def test_the_same_report_twice_names_the_other_row_and_neither_is_taken_when_they_differ(template, send):
    for row, area, started in ((2, "unknown", 60), (3, "unknown", 61), (4, "WK900101", 5), (5, "WK900101", 5)):
        fill(template["Bereik"], row, Aanbod="offering-a", Periode="2024-Q2", Gebied=area, Gestart=started)

    answer = send(saved(template), query="?mode=perItem")

    assert [row["outcome"] for row in answer.json()["rows"]] == ["rejected", "rejected", "created", "rejected"]
    details = [fault["detail"] for _row, fault in told(answer, "duplicate-report")]
    assert ["regel 3 van werkblad Bereik" in details[0], "regel 2 " in details[1], "regel 4 " in details[2]] == [
        True
    ] * 3
    assert "andere gegevens" in details[0] and "andere gegevens" not in details[2]


def test_a_sheet_of_ones_own_is_named_when_it_is_in_the_way(template, send):
    fill(template["Bereik"], 2, Gebied="WK900101", Gestart=60)
    template.create_sheet("Kladje")["A1"] = "nog nabellen"

    [fault] = send(saved(template)).json()["errors"]

    assert fault["code"] == "no-header" and "'Kladje'" in fault["detail"]


@pytest.mark.parametrize("kind", [XLSX, "text/csv"])
@pytest.mark.parametrize(
    ("inside", "code", "word"), [(b"", "old-spreadsheet", ".xls"),
                                 ("EncryptedPackage".encode("utf-16-le"), "password", "wachtwoord")]
)  # fmt: skip
def test_an_old_or_locked_workbook_is_called_by_its_name(send, kind, inside, code, word):
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + inside

    [fault] = send(content, kind=kind).json()["errors"]

    assert fault["code"] == code and word in fault["detail"] and "XLSX" in fault["detail"]


def test_what_stands_beyond_the_last_column_is_not_dropped_without_a_word(template, send):
    fill(template["Bereik"], 2, Gebied="WK900101", Gestart=60)
    template["Bereik"].cell(3, 100, None)
    wide = f"Aanbod;Maat;Periode;Gebied;Gestart{';' * 95}\noffering-a;reach;2024-Q1;unknown;6{';' * 96}"

    assert send((wide + ";").encode(), kind="text/csv").status_code == 201  # empty cells are nothing
    [fault] = send((wide + "60").encode(), kind="text/csv", key="k2").json()["errors"]
    template["Bereik"].cell(5, 130, 7)
    [of_sheet] = send(saved(template), key="k3").json()["errors"]

    assert fault["code"] == of_sheet["code"] == "too-many-columns"
    assert "Regel 2 " in fault["detail"] and "Regel 5 " in of_sheet["detail"] and of_sheet["value"] == "Bereik"


def test_a_file_needs_a_key_and_a_known_format(send):
    assert send(b"x", key="").json()["errors"][0]["location"] == "Idempotency-Key"
    assert send(b"x", kind="application/pdf").status_code == 415
