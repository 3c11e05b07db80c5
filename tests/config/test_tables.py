"""Tables in files that people send: what is read, and what is refused."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from config.tables import FaultyTables, Formula, delimited, escaped, unescaped, workbook
from config.tables.package import MOST_UNPACKED
from config.tables.template import Heading, Sheet, write_workbook


def codes(read, *args, **given) -> list[str]:
    with pytest.raises(FaultyTables) as refused:
        read(*args, **given)
    return [flaw.code for flaw in refused.value.flaws]


def book(fill) -> bytes:
    made, stream = openpyxl.Workbook(), io.BytesIO()
    fill(made.active)
    made.save(stream)
    return stream.getvalue()


def test_both_dialects_of_csv_say_the_same():
    comma = delimited.read_table("t", b"code,amount\r\na,1.5\r\n", numbers={"amount"})
    semicolon = delimited.read_table("t", b"\xef\xbb\xbfcode;amount\na;1,5\n", numbers={"amount"})

    assert comma == semicolon
    assert comma.rows == ((2, {"code": "a", "amount": "1.5"}),)


def test_windows_text_is_read_and_utf_16_is_named():
    assert delimited.read_table("t", "naam\ncafé\n".encode("cp1252")).rows == ((2, {"naam": "café"}),)
    assert codes(delimited.read_table, "t", "naam\ncafé\n".encode("utf-16")) == ["wrong-encoding"]


def test_a_line_without_end_is_refused_before_its_columns_are_counted():
    assert codes(delimited.read_table, "t", b"," * 1_000_000) == ["too-many-columns"]


def test_a_formula_is_kept_as_it_stands_and_merged_cells_are_refused():
    def fill(sheet):
        sheet.append(["code", "amount"])
        sheet.append(["a", "=1+1"])

    def merge(sheet):
        fill(sheet)
        sheet.merge_cells("A1:B1")

    assert workbook.read(book(fill))["Sheet"].rows == ((2, {"code": "a", "amount": Formula("=1+1")}),)
    assert "merged-cells" in codes(workbook.read, book(merge))


def test_a_bomb_is_refused_unopened():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * (MOST_UNPACKED + 1))

    assert codes(workbook.read, stream.getvalue()) == ["too-large"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("xl/vbaProject.bin", b"x", "macros"),
        ("xl/more.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>', "unreadable"),
    ],
)
def test_macros_and_document_types_are_refused_unopened(name, content, code):
    stream = io.BytesIO(book(lambda sheet: sheet.append(["code"])))
    with zipfile.ZipFile(stream, "a") as parts:
        parts.writestr(name, content)

    assert codes(workbook.read, stream.getvalue()) == [code]


@settings(max_examples=200, deadline=None)
@given(data=some.binary(max_size=300))
def test_no_bytes_break_a_reader(data):
    for read in (workbook.read, lambda one: delimited.read_table("t", one), lambda one: delimited.read_archive(
        one, numbers={})):  # fmt: skip
        try:
            read(data)
        except FaultyTables as refused:
            assert refused.flaws


@given(text=some.text())
def test_text_comes_back_as_it_was(text):
    assert unescaped(escaped(text)) == text
    assert not escaped(text).startswith(("=", "+", "-", "@"))


def test_a_template_leaves_out_a_drop_down_that_excel_would_refuse():
    columns = [Heading("short", "", choices=["a", "b"]), Heading("long", "", choices=["x" * 60] * 5)]

    made = openpyxl.load_workbook(io.BytesIO(write_workbook("t", [Sheet("s", "", columns)])))

    assert [rule.formula1 for rule in made["s"].data_validations.dataValidation] == ['"a,b"']
