"""The StatLine reader, on the real file and on what goes wrong with such files."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring import statline
from monitoring.statline import StatlineRefused
from tests.monitoring.figures.data import DATA, rows

MAPPING = statline.columns(rows("statline_85163NED.csv"))
FILE = (DATA / "85163NED_ses_woa_amsterdam_2019.csv").read_bytes()
HEADER, FIRST, *_ = FILE.decode("utf-8-sig").splitlines()


def file(*lines, header=HEADER):
    return "\r\n".join([header, *lines]).encode()


def scores(table):
    return {c.area_code: c for c in table.cells if c.column.indicator_code == "ses-woa-score"}


def test_the_real_file_gives_579_areas_with_their_names_and_padded_codes():
    table = statline.read(FILE, MAPPING)

    assert len(table.names) == 579
    assert table.names["GM0363"] == "Amsterdam"
    assert table.names["WK036375"] == "Chassébuurt"
    assert len(table.cells) == 579 * 6
    assert {c.period.iso for c in table.cells} == {"2019"}


def test_a_dot_is_unknown_and_never_zero():
    found = scores(statline.read(FILE, MAPPING))

    assert found["GM0363"].value == -0.1
    assert found["BU03630100"].value is None
    assert found["BU03630100"].weight == 0.0
    assert sum(c.value is None for c in found.values()) == FILE.count(b'"       .";"       ."\r\n') + FILE.count(
        b'"       .";"       ."\n'
    )


def test_windows_1252_is_refused_with_advice():
    content = FILE.decode("utf-8-sig").encode("cp1252")

    with pytest.raises(StatlineRefused, match="Windows-1252"):
        statline.read(content, MAPPING)


def test_a_missing_column_is_named():
    with pytest.raises(StatlineRefused, match="Particuliere huishoudens"):
        statline.read(file(FIRST, header=HEADER.replace("Particuliere huishoudens", "Huishoudens")), MAPPING)


def test_a_file_with_commas_between_misses_its_columns():
    with pytest.raises(StatlineRefused) as refused:
        statline.read(FILE.replace(b";", b",").replace(b'"', b""), MAPPING)

    assert {fault.code for fault in refused.value.faults} == {"missing-column"}


@pytest.mark.parametrize("number", ["-0,100", "1e400", "NaN", "inf", "12 %", "1.000.000", "--1", "", "９"])
def test_what_is_no_number_is_refused_by_row_and_column(number):
    with pytest.raises(StatlineRefused) as refused:
        statline.read(file(FIRST.replace("  -0.100", number)), MAPPING)

    (fault,) = refused.value.faults
    assert fault.location == "#/rows/2/SES-WOA~1Totaalscore~1Gemiddelde score (Getal)"
    assert ("komma" in fault.detail) == ("," in number)


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("GM0363    ", "GM363", "area-code"),
        ("GM0363    ", "Amsterdam", "area-code"),
        ('"2019"', '"19"', "period"),
        (';"   1.010"', "", "columns"),
        (';"   1.010"', ';"   1.010";"x"', "columns"),
    ],
)
def test_other_faults_name_their_row(before, after, code):
    with pytest.raises(StatlineRefused) as refused:
        statline.read(file(FIRST.replace(before, after)), MAPPING)

    assert [(f.code, f.location.split("/")[2]) for f in refused.value.faults] == [(code, "2")]


def test_an_area_given_twice_is_refused():
    with pytest.raises(StatlineRefused) as refused:
        statline.read(file(FIRST, FIRST), MAPPING)

    assert refused.value.faults[0].code == "double-row"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n", b'"unclosed'])
def test_an_empty_or_broken_file_is_refused(content):
    with pytest.raises(StatlineRefused):
        statline.read(content, MAPPING)


def test_a_fault_in_the_last_row_gives_nothing():
    with pytest.raises(StatlineRefused) as refused:
        statline.read(FILE + b'"2019";"X";"BU0363";"1";"1";"1";"1";"1";"1"\n', MAPPING)

    assert len(refused.value.faults) == 1


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(content):
    with suppress(StatlineRefused):
        statline.read(HEADER.encode() + b"\n" + content, MAPPING)


def test_a_mapping_with_an_unknown_role_is_refused():
    with pytest.raises(StatlineRefused, match="role"):
        statline.columns([dict(rows("statline_85163NED.csv")[0], role="colour")])


def test_a_mapping_without_area_code_is_refused():
    with pytest.raises(StatlineRefused, match="area-code"):
        statline.read(FILE, [c for c in MAPPING if c.role != "area-code"])
