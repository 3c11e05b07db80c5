"""A model leaves as a file and comes back the same, over HTTP; what is wrong with a file is told cell by cell."""

import datetime
import hashlib
import io
import zipfile

import openpyxl
import pytest

from factors.exchange.layout import TABLES

pytestmark = pytest.mark.usefixtures("stores")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PUBLIC = "/v1/factor-models/public/versions/1.0.0"
MINE = "/v1/factor-models/mine"
DRAFT = f"{MINE}/versions/draft"
TYPES = {"xlsx": XLSX, "csv": "application/zip", "json": "application/json"}


@pytest.fixture
def editor(client_with):
    client = client_with("model-editor")
    names = {"code": "mine", "municipalityCode": "GM0363", "nameNl": "Ons model", "nameEn": "Our model"}
    assert client.post("/v1/factor-models", names, format="json").status_code == 201
    assert client.post(f"{MINE}/versions", {}, format="json").status_code == 201
    return client


def load(client, data, form="xlsx", query="", **headers):
    headers.setdefault("HTTP_IF_MATCH", client.get(DRAFT)["ETag"])
    return client.generic("PUT", f"{DRAFT}/content{query}", data, content_type=TYPES[form], **headers)


def faults(answer):
    assert answer.status_code == 400, answer.content[:500]
    return {(fault["location"], fault["code"], fault.get("value"), fault.get("expected"))
            for fault in answer.json()["errors"]}  # fmt: skip


def book(client, change=lambda sheets: None):
    """The template of the service with one row per table, changed."""
    template = openpyxl.load_workbook(io.BytesIO(client.get("/v1/factor-model-template?format=xlsx").content))
    rows = {
        "factors": {"id": "skills", "label_nl": "Kunnen", "label_en": "Skills", "kind": "promotive", "prevalence": 0.6},
        "goals": {"id": "work", "label_nl": "Werk", "label_en": "Work", "domain": "work"},
        "sources": {"key": "study", "title": "A study", "year": 2020},
        "relations": {"id": "e1", "from": "skills", "to": "work", "sign": "strengthens", "source_key": "study",
                      "evidence_type": "review"},
    }  # fmt: skip
    for name, row in rows.items():
        write(template[name], 2, row)
    change(template)
    stream = io.BytesIO()
    template.save(stream)
    return stream.getvalue()


def write(sheet, number, row):
    headers = [cell.value for cell in sheet[1]]
    for header, value in row.items():
        sheet.cell(number, headers.index(header) + 1).value = value


@pytest.mark.parametrize("form", TYPES)
def test_the_public_model_comes_back_the_same_in_every_format(editor, form):
    file = editor.get(f"{PUBLIC}/content?format={form}")
    report = load(editor, file.content, form)
    published = editor.post(f"{DRAFT}/publication", {"version": "1.0.0", "changelog": "x"}, format="json").json()

    assert file["Content-Type"] == TYPES[form]
    assert report.json()["counts"] == {"factors": 92, "goals": 9, "sources": 110, "relations": 264, "evidence": 328}
    assert published["checksum"] == editor.get(PUBLIC).json()["checksum"] == report.json()["checksum"]


def test_the_json_file_is_what_the_checksum_is_of(editor):
    assert hashlib.sha256(editor.get(f"{PUBLIC}/content").content).hexdigest() == editor.get(PUBLIC).json()["checksum"]


@pytest.mark.parametrize(
    ("form", "kind"), [("graphml", "application/graphml+xml"), ("cytoscape", "application/vnd.cytoscape+json")]
)
def test_graphs_are_chosen_by_name_or_by_accept(editor, form, kind):
    by_name, by_accept = (
        editor.get(f"{PUBLIC}/content?format={form}"),
        editor.get(f"{PUBLIC}/content", HTTP_ACCEPT=kind),
    )

    assert by_name["Content-Type"] == by_accept["Content-Type"] == kind
    assert by_name.content == by_accept.content
    assert by_name["ETag"] == by_accept["ETag"] != editor.get(f"{PUBLIC}/content")["ETag"]


def test_a_filled_template_becomes_the_draft(editor):
    report = load(editor, book(editor)).json()

    assert report["counts"] == {"factors": 1, "goals": 1, "sources": 1, "relations": 1, "evidence": 1}
    assert editor.get(f"{DRAFT}/evidence/e1").json()["sign"] == "strengthens"


def test_a_dry_run_tells_and_keeps_nothing(editor):
    report = load(editor, book(editor), query="?dryRun=true", HTTP_IF_MATCH="")

    assert report.json()["dryRun"] is True
    assert editor.get(DRAFT).json()["counts"]["factors"] == 0


def test_a_file_replaces_only_what_its_sender_saw(editor):
    seen = editor.get(DRAFT)["ETag"]

    assert load(editor, book(editor), HTTP_IF_MATCH=seen).status_code == 200
    assert load(editor, book(editor), HTTP_IF_MATCH=seen).status_code == 412
    assert editor.generic("PUT", f"{DRAFT}/content", book(editor), content_type=XLSX).status_code == 428


def test_every_fault_is_told_at_its_cell_and_nothing_is_kept(editor):
    def spoil(sheets):
        write(sheets["factors"], 2, {"kind": "protectiv", "prevalence": 60, "life_phases": "adolesence"})
        write(sheets["factors"], 3, {"id": "skills", "label_nl": "=1+1", "label_en": "x", "kind": "risk"})
        write(sheets["goals"], 2, {"domain": "wrok", "label_en": None})
        write(sheets["relations"], 2, {"from": "skils", "effect_size": datetime.date(2026, 3, 1), "id": "E 1",
                                       "contrast": "x" * 10_001})  # fmt: skip
        sheets["relations"].cell(1, 30).value = "strenght"

    found = faults(load(editor, book(editor, spoil)))

    assert found >= {
        ("#/factors/2/kind", "not-in-list", "protectiv", "protective"),
        ("#/factors/2/prevalence", "not-a-share", "60", None),
        ("#/factors/2/life_phases", "not-in-list", "adolesence", "adolescence"),
        ("#/factors/3/id", "duplicate-code", "skills", None),
        ("#/factors/3/label_nl", "formula", "=1+1", None),
        ("#/goals/2/domain", "unknown-code", "wrok", "work"),
        ("#/goals/2/label_en", "required", None, None),
        ("#/relations/2/from", "unknown-code", "skils", "skills"),
        ("#/relations/2/effect_size", "date", "2026-03-01 00:00:00", None),
        ("#/relations/2/id", "not-a-code", "E 1", None),
    }
    assert {(location, code) for location, code, _, _ in found} >= {
        ("#/relations/2/contrast", "too-long"), ("#/relations/1/strenght", "unknown-column"),
    }  # fmt: skip
    assert editor.get(DRAFT).json()["counts"]["factors"] == 0


def test_a_fault_is_told_in_words_that_name_its_place(editor):
    answer = load(editor, book(editor, lambda sheets: write(sheets["factors"], 2, {"kind": "x"})))

    assert answer.json()["errors"][0]["detail"] == (
        "Blad factors, rij 2, kolom kind: Deze waarde staat niet in de lijst."
    )


def test_merged_cells_are_refused(editor):
    answer = load(editor, book(editor, lambda sheets: sheets["factors"].merge_cells("B2:C2")))

    assert ("#/factors", "merged-cells", "B2:C2", None) in faults(answer)


def packed(files, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "unreadable"), (b"PK\x03\x04 and no more", "unreadable"), (b"id;label\n", "unreadable"),
        (packed({"xl/worksheets/sheet1.xml": b"0" * 120_000_000, "factors.csv": b"0" * 60_000_000}), "too-large"),
    ],
    ids=["empty", "broken", "no-archive", "bomb"],
)  # fmt: skip
def test_what_is_no_file_of_ours_is_refused_before_it_is_unpacked(editor, form, data, code):
    assert {found[1] for found in faults(load(editor, data, form))} == {code}


def test_a_workbook_with_entities_is_refused(editor):
    entities = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><workbook>&b;</workbook>'

    assert {found[1] for found in faults(load(editor, packed({"xl/workbook.xml": entities})))} == {"unreadable"}


def csv_files(encoding="utf-8", delimiter=",", name="Kúnnen", prevalence="0.6"):
    rows = {
        "factors": [
            ["id", "label_nl", "label_en", "kind", "prevalence"],
            ["skills", name, "Skills", "risk", prevalence],
        ],
        "goals": [["id", "label_nl", "label_en", "domain"], ["work", "Werk", "Work", "work"]],
    }
    return packed({
        f"{table}.csv": "\r\n".join(delimiter.join(row) for row in lines).encode(encoding)
        for table, lines in rows.items()
    })  # fmt: skip


@pytest.mark.parametrize(
    ("encoding", "delimiter", "prevalence"), [("utf-8", ",", "0.6"), ("utf-8-sig", ";", "0,6"), ("cp1252", ";", "0,6")]
)
def test_csv_is_read_as_dutch_and_international_programs_save_it(editor, encoding, delimiter, prevalence):
    answer = load(editor, csv_files(encoding, delimiter, prevalence=prevalence), "csv")
    factor = editor.get(f"{DRAFT}/factors/skills").json()

    assert answer.status_code == 200, answer.json()
    assert (factor["nameNl"], factor["prevalence"]) == ("Kúnnen", 0.6)


def test_an_encoding_that_cannot_be_told_is_refused(editor):
    assert {found[1] for found in faults(load(editor, csv_files("utf-16"), "csv"))} == {"wrong-encoding"}


def test_a_cell_of_ten_megabytes_is_refused_with_a_short_answer(editor):
    answer = load(editor, csv_files(name="x" * 10_000_000), "csv")

    assert answer.status_code == 400
    assert len(answer.content) < 2000


def test_a_type_nobody_reads_is_refused(editor):
    answer = editor.generic("PUT", f"{DRAFT}/content", b"x", content_type="text/plain", HTTP_IF_MATCH="*")

    assert answer.status_code == 415


def test_the_layout_is_that_of_the_public_files():
    relations = next(table for table in TABLES if table.name == "relations")
    given = "id,from,to,to_type,sign,causal,sequence_in_time,effect_measure,effect_size,ci_low,ci_high,significant," \
        "evidence_type,outcome_as_published,contrast,source_key,confidence,how_known,mirror_of,note"  # fmt: skip

    assert set(given.split(",")) <= {column.header for column in relations.columns}


def test_errors_block_a_publication_and_warnings_do_not(editor):
    load(editor, book(editor, lambda sheets: write(sheets["relations"], 2, {
        "effect_measure": "OR", "effect_size": 2.0, "ci_low": 2.5, "ci_high": 3.0})))  # fmt: skip
    checks = editor.get(f"{DRAFT}/checks").json()["results"]
    publish = {"version": "1.0.0", "changelog": "x"}
    refused = editor.post(f"{DRAFT}/publication", publish, format="json")
    load(editor, book(editor))
    accepted = editor.post(f"{DRAFT}/publication", publish, format="json")

    assert {(told["severity"], told["code"], told["key"]) for told in checks} == {
        ("error", "effect-outside-interval", "e1"), ("warning", "one-study", "skills/work"),
    }  # fmt: skip
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["location"] == "#/evidence/e1"
    assert accepted.status_code == 201
