"""Files nobody should send: each gets a report or a refusal in words, never a server error, and gets nothing in."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import product

import pytest
from openpyxl import Workbook

from monitoring.models import OutcomeReport

XLSX, CSV = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv"
HEADER = ["Aanbod", "Maat", "Periode", "Gebied", "Doelgroep", "Gestart", "Toelichting", "Eigen kenmerk"]
ROW = ["offering-a", "reach", "2024-Q1", "WK900101", 400, 60, None, None]
CELLS = [
    "=1+1", "=HYPERLINK(\"http://example.org\")", "=cmd|' /C calc'!A0", "@SUM(1)", "+31612345678", "-1", -1, -0.5,
    1e308, 1.5, "1,5", "1.000", "１２", "٣", "²", "0x10", "1e3", " 7 ", "NaN", "inf", True, False, "#N/A", "#REF!",
    "\u202e12",
    "\ud7ff", "a" * 32_000, "9" * 30, "\n\n", "'; DROP TABLE x; --", "<script>", "Jan Jansen 123456782", "a@b.nl",
    date(2024, 1, 1), datetime(2024, 1, 2, 3, 4), time(3, 4), "null", "None", "½",  # noqa: DTZ001
]  # fmt: skip
ODD_TEXTS = [
    b"", b" ", b"\x00", b"\xff\xfe", b"\xfe\xff\x00", b"\xef\xbb\xbf", b"\r\n" * 50, b",,,,\n" * 50, b'"', b'"a\nb',
    b"Aanbod;Periode", b"Aanbod;Periode\n", b"Aanbod;Periode\nx", b"Aanbod;Aanbod;Periode;Maat\nx;y;z;reach",
    b"Aanbod;Maat;Periode;Gebied;Gestart\n" + b";" * 5000, b"\x80\x81\x8d", b"%PDF-1.7", b"\x89PNG\r\n", b"{}", b"[]",
    b"<html></html>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"a" * 200_000, b"Aanbod;Maat;Periode;Gestart\n" * 11_000,
    "Aanbod;Maat;Periode;Gestart\nx;reach;2024-Q1;1".encode("utf-32"),
    b"Aanbod;Maat\n" + b'"' + b"x" * 200_000 + b'";r',
]  # fmt: skip


def book(rows, *, title="Blad") -> bytes:
    made, target = Workbook(), io.BytesIO()
    made.active.title = title
    for row in rows:
        made.active.append(row)
    made.save(target)
    return target.getvalue()


def repacked(content: bytes, **changes: bytes) -> bytes:
    """The archive with other parts in it; names with __ for /."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {name: old.read(name) for name in old.namelist()}
        for name, part in (parts | {name.replace("__", "/"): part for name, part in changes.items()}).items():
            new.writestr(name, part)
    return target.getvalue()


def shaped(change, rows=(HEADER, ROW, ROW)) -> bytes:
    """A workbook as people shape theirs. change: gets the workbook and its sheet."""
    made, target = Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    change(made, made.active)
    made.save(target)
    return target.getvalue()


def second_sheet(title, rows, **state):
    def add(made, _first):
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for name, value in state.items():
            setattr(sheet, name, value)

    return add


def hidden(*, rows=(), columns=()):
    def hide(_made, sheet):
        for number in rows:
            sheet.row_dimensions[number].hidden = True
        for letter in columns:
            sheet.column_dimensions[letter].hidden = True

    return hide


def shapes() -> Iterator[tuple[str, bytes]]:
    """Merged cells, hidden parts and more than one sheet."""
    merged = ["A1:B1", "A1:H1", "E1:F1", "A1:A2", "D2:D3", "A2:A3", "C2:D2", "E2:E3", "E2:F3", "A2:H3", "A1:H3"]
    for cells in merged:
        yield f"merged {cells}", shaped(lambda _made, sheet, cells=cells: sheet.merge_cells(cells))
    titled = [["Rapportage van het eerste kwartaal"], HEADER, ROW]
    yield "merged title", shaped(lambda _made, sheet: sheet.merge_cells("A1:H1"), titled)
    yield "two header rows", shaped(lambda _made, sheet: sheet.merge_cells("E1:F1"), [[None] * 4 + ["Bereik"], *titled])
    yield "hidden row", shaped(hidden(rows=[2]))
    yield "hidden header", shaped(hidden(rows=[1]))
    yield "hidden columns", shaped(hidden(columns="ACE"))
    yield "filtered", shaped(lambda _made, sheet: setattr(sheet.auto_filter, "ref", "A1:H3"))
    for state in ("hidden", "veryHidden"):
        yield f"{state} second sheet", shaped(second_sheet("Blad2", [HEADER, ROW], sheet_state=state))
    yield "second sheet", shaped(second_sheet("Blad2", [HEADER, ROW]))
    yield "second sheet of a measure", shaped(second_sheet("Tevredenheid", [["Aanbod", "Periode"], ["offering-a"]]))
    yield "second sheet with notes", shaped(second_sheet("Notities", [["Bel mij"], [None, "voor vragen"]]))
    yield "empty second sheet", shaped(second_sheet("Blad2", []))
    yield "many sheets", shaped(lambda made, _first: [made.create_sheet(f"Blad{n}") for n in range(2, 60)])
    yield "only a chart beside it", shaped(lambda made, _first: made.create_chartsheet("Grafiek"))


def with_cell(column: int, cell: object) -> bytes:
    row = list(ROW)
    row[column] = cell
    return book([HEADER, row])


def csv_with_cell(column: int, cell: object) -> bytes:
    row = [*ROW[:column], cell, *ROW[column + 1 :]]
    lines = (
        ";".join('"' + str("" if c is None else c).replace('"', '""') + '"' for c in line) for line in (HEADER, row)
    )
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def hostile() -> Iterator[tuple[str, str, bytes]]:
    good = book([HEADER, ROW])
    for (number, cell), column in product(enumerate(CELLS), (0, 2, 4, 6)):
        yield f"cell {number} in column {column}", XLSX, with_cell(column, cell)
    for number, cell in enumerate(CELLS):
        yield f"csv cell {number}", CSV, csv_with_cell(5, cell)
    for number, content in enumerate(ODD_TEXTS):
        yield f"text {number}", CSV, content
        yield f"text {number} as spreadsheet", XLSX, content
    for cut in (1, 10, 100, len(good) // 2, len(good) - 1):
        yield f"cut at {cut}", XLSX, good[:cut]
    yield "flipped", XLSX, bytes(255 - byte if 200 < at < 260 else byte for at, byte in enumerate(good))
    for shift in (1, 2, 5):
        yield f"rows shifted {shift}", XLSX, book([[]] * shift + [HEADER, ROW])
        yield f"columns shifted {shift}", XLSX, book([[None] * shift + HEADER, [None] * shift + ROW])
        yield f"data shifted {shift}", XLSX, book([HEADER, [None] * shift + ROW])
    yield "header twice", XLSX, book([HEADER, HEADER, ROW])
    yield "no header", XLSX, book([ROW])
    yield "header only", XLSX, book([HEADER])
    yield "other sheet", XLSX, book([HEADER[:1] + HEADER[2:], ROW[:1] + ROW[2:]], title="Onzin")
    yield "many rows", XLSX, book([HEADER, *[ROW] * 10_050])
    yield "same row often", XLSX, book([HEADER, *[ROW] * 50])
    yield "wide", XLSX, book([HEADER + [f"x{n}" for n in range(500)], ROW])
    for name, content in shapes():
        yield name, XLSX, content
    sheet = "xl__worksheets__sheet1.xml"
    laughs = b'<!DOCTYPE x [<!ENTITY a "' + b"ha" * 500 + b'">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 100) for n in range(8)
    ) + b"]><worksheet>&i;</worksheet>"  # fmt: skip
    outside = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet><sheetData>&a;</sheetData></worksheet>'
    for name, part in {"laughs": laughs, "outside": outside, "empty": b"", "no xml": b"x" * 99}.items():
        yield f"sheet: {name}", XLSX, repacked(good, **{sheet: part})
        yield f"workbook: {name}", XLSX, repacked(good, **{"xl__workbook.xml": part})
        yield f"strings: {name}", XLSX, repacked(good, **{"xl__sharedStrings.xml": part})
    yield "bomb", XLSX, repacked(good, **{sheet: b" " * (101 << 20)})
    yield "macros", XLSX, repacked(good, **{"xl__vbaProject.bin": b"x"})
    yield "many parts", XLSX, repacked(good, **{f"part{n}": b"" for n in range(2100)})
    yield "outside path", XLSX, repacked(good, **{"..__..__etc__passwd": b"x"})


def test_no_hostile_file_breaks_the_service_or_gets_in(partner):
    wrong, seen = [], 0

    for name, kind, content in hostile():
        seen += 1
        answer = partner.generic(
            "POST", "/v1/outcome-files?dryRun=true", content, content_type=kind, HTTP_IDEMPOTENCY_KEY=f"k{seen}"
        )
        told = answer.json()
        if answer.status_code == 400:
            fits = bool(told["errors"]) and all(e["detail"] and e["code"] for e in told["errors"])
        else:
            rows = told["rows"] if answer.status_code == 200 else []
            fits = bool(rows) and all(row["faults"] for row in rows if row["outcome"] == "rejected")
        if not fits:
            wrong.append((name, answer.status_code, str(told)[:300]))

    assert wrong == []
    assert seen >= 150
    assert not OutcomeReport.objects.exists()


@pytest.mark.parametrize("cell", ["=1+1", "1.000", 1.5, True, "٣", -1, "a" * 32_000])
def test_a_count_that_is_none_is_named_and_not_stored(partner, cell):
    answer = partner.generic(
        "POST", "/v1/outcome-files", with_cell(5, cell), content_type=XLSX, HTTP_IDEMPOTENCY_KEY="k"
    )

    [row] = answer.json()["rows"]
    assert (row["outcome"], row["row"], row["faults"][0]["column"]) == ("rejected", 2, "F: Gestart")
    assert not OutcomeReport.objects.exists()


def test_a_merged_cell_speaks_for_its_first_row_only(partner):
    """The second row has no area then: it is sent back, not counted under 'unknown'."""
    content = shaped(lambda _made, sheet: sheet.merge_cells("D2:D3"))

    answer = partner.generic("POST", "/v1/outcome-files", content, content_type=XLSX, HTTP_IDEMPOTENCY_KEY="k")

    [_first, second] = answer.json()["rows"]
    assert [(fault["column"], fault["code"]) for fault in second["faults"]] == [("D: Gebied", "required")]


def test_a_hidden_sheet_is_read_and_told_of_as_any_other(partner):
    other = [*ROW[:3], "WK900102", *ROW[4:]]
    content = shaped(second_sheet("Blad2", [HEADER, other], sheet_state="veryHidden"), [HEADER, ROW])

    answer = partner.generic("POST", "/v1/outcome-files", content, content_type=XLSX, HTTP_IDEMPOTENCY_KEY="k")

    told = [(row["sheet"], row["row"], row["outcome"]) for row in answer.json()["rows"]]
    assert told == [("Sheet", 2, "created"), ("Blad2", 2, "created")]
    assert OutcomeReport.objects.count() == 2
