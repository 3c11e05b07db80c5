"""Files with observations over HTTP: loaded whole or not at all, with a report per row."""

import threading

import pytest
from django.db import connections

from monitoring.models import Area, DataSource, Indicator, Observation, ObservationHistory, ObservationLoad
from monitoring.services.figures import observation_files, storing
from monitoring.services.figures.observation_jobs import load_queued
from tests.factories.figures import an_area, an_indicator
from tests.monitoring.figures.api.delivering import HEADER, XLSX, faults, found, lines, post, workbook


def test_a_file_is_loaded_and_reports_every_row(steward):
    answer = post(steward, lines("indicator-a,area-a,2023,12.5,source-a", "indicator-a,area-a,2024,13,source-a"))

    assert answer.status_code == 201
    report = answer.json()
    assert report["counts"] == {"created": 2, "updated": 0, "unchanged": 0, "rejected": 0, "heldBack": 0}
    assert [(row["row"], row["outcome"]) for row in report["rows"]] == [(2, "created"), (3, "created")]
    assert found() == [12.5, 13.0]
    kept = steward.get(answer["Location"]).json()
    assert kept["digest"] == report["digest"]
    assert [row["row"] for row in steward.get(kept["rowsPath"] + "?outcome=created").json()["results"]] == [2, 3]


def test_the_same_file_again_changes_nothing_and_a_correction_keeps_the_old_value(steward):
    file = lines("indicator-a,area-a,2023,12.5,source-a", "indicator-a,area-a,2024,13,source-a")
    post(steward, file)

    again = post(steward, file).json()
    corrected = post(steward, file.replace("12.5", "12.6")).json()

    assert again["counts"]["unchanged"] == 2
    assert [row["outcome"] for row in corrected["rows"]] == ["updated", "unchanged"]
    assert found() == [12.6, 13.0]
    assert list(ObservationHistory.objects.filter(area_code="area-a").values_list("value", flat=True)) == [12.5]


def test_known_rows_that_no_sample_saw_are_found_all_the_same(steward, monkeypatch):
    monkeypatch.setattr(storing, "SAMPLE", 1)  # of three rows only the last is looked up beforehand
    post(steward, lines("indicator-a,area-a,2022,1,source-a", "indicator-a,area-a,2023,12.5,source-a"))

    answer = post(steward, lines("indicator-a,area-a,2022,1,source-a", "indicator-a,area-a,2023,12.6,source-a",
                                 "indicator-a,area-a,2024,13,source-a"))  # fmt: skip

    assert [row["outcome"] for row in answer.json()["rows"]] == ["unchanged", "updated", "created"]
    assert found() == [1.0, 12.6, 13.0]
    assert list(ObservationHistory.objects.filter(area_code="area-a").values_list("value", flat=True)) == [12.5]


def test_a_dry_run_says_the_same_and_stores_nothing(steward):
    file = lines("indicator-a,area-a,2023,12.5,source-a", "indicator-a,area-a,2024,?,source-a")

    answer = post(steward, file, dryRun="true")

    report = answer.json()
    assert (answer.status_code, report["id"], report["status"]) == (200, None, "refused")
    assert [row["outcome"] for row in report["rows"]] == ["held-back", "rejected"]
    assert (found(), ObservationLoad.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    "content",
    [
        lines("indicator-a;area-a;2024;12,5;source-a", header=HEADER.replace(",", ";")).encode("utf-8-sig"),
        lines("indicator-a;area-a;2024;12,5;source-a;café", header=HEADER.replace(",", ";") + ";note").encode("cp1252"),
        lines("indicator-a\tarea-a\t2024\t12,5 %\tsource-a", header=HEADER.replace(",", "\t")).encode("utf-16"),
        lines("indicator-a,area-a,2024JJ00,12.5%,source-a").encode(),
    ],
)
def test_both_dialects_and_every_usual_encoding_are_read(steward, content):
    answer = post(steward, content)

    assert answer.status_code == 201, answer.json()
    assert found() == [12.5]


def test_a_number_that_may_be_thousands_or_a_fraction_must_be_explained(steward):
    an_indicator("jobs", unit="jobs-per-area", combine_areas="sum")
    file = lines(
        "jobs;area-a;2024;count;1.234;source-a", header="indicatorCode;areaCode;period;statistic;value;sourceCode"
    )

    assert faults(post(steward, file)) == [("#", "ambiguous-number")]
    assert post(steward, file, csvDialect="nl").status_code == 201
    assert found() == [1234.0]


def test_a_workbook_is_read_with_its_percentages(steward):
    plain = workbook(["indicator-a", "area-a", 2023, 12.5, "source-a"])
    percent = workbook(["indicator-a", "area-a", 2024, 0.131, "source-a"], number_format="0.0%")

    assert [post(steward, file, media_type=XLSX).status_code for file in (plain, percent)] == [201, 201]
    assert found() == [12.5, 13.1]


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (b"", "text/csv", "empty-file"),
        (b"\x00\x01\x02", "text/csv", "not-text"),
        (b"PK\x03\x04broken", XLSX, "no-spreadsheet"),
        (b"{", "application/json", "syntax"),
        (b"[]", "application/json", "not-odata"),
        (b"a,b\n1,2\n", "text/csv", "unknown-column"),
        (f"{HEADER}\nindicator-a,area-a,2024\n".encode(), "text/csv", "irregular-row"),
        (f'{HEADER}\n"indicator-a,area-a,2024,1,source-a\n'.encode(), "text/csv", "irregular-row"),
        (f"{HEADER}\n,,,,\n".encode(), "text/csv", "no-rows"),
        (f"{HEADER}\n".encode(), "text/csv", "no-rows"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(steward, content, media_type, code):
    answer = post(steward, content, media_type=media_type)

    assert answer.status_code == 400
    assert code in {found for _place, found in faults(answer)}


def test_two_rows_with_the_same_key_are_a_fault_new_or_known(steward):
    twice = lines("indicator-a,area-a,2024,1,source-a", "indicator-a,area-a,2024,2,source-a")

    assert faults(post(steward, twice)) == [("#/rows/3", "double-row")]
    assert post(steward, lines("indicator-a,area-a,2024,1,source-a")).status_code == 201
    assert faults(post(steward, twice)) == [("#/rows/3", "double-row")]


def test_who_names_no_definition_means_the_only_one_there_is(steward):
    an_indicator("indicator-b", versions=("2022",))
    an_indicator("indicator-c", versions=("2015", "2022"))

    one = post(steward, lines("indicator-b,area-a,2023,12,source-a"))
    several = post(steward, lines("indicator-c,area-a,2023,12,source-a"))

    assert one.status_code == 201
    assert Observation.objects.get(indicator_code="indicator-b").definition_version == "2022"
    assert faults(several) == [("#/rows/2/definitionVersion", "unknown-definition")]
    assert several.json()["errors"][0]["expected"] == ["2015", "2022"]


def test_what_spreadsheets_leave_round_a_file_does_no_harm(steward):
    file = lines("\u00a0indicator-a,area-a\u00a0,2023,\u00a012.5 ,source-a", "", "  ", "")

    assert post(steward, file).json()["counts"]["created"] == 1
    assert found() == [12.5]


def test_the_country_is_known_by_both_its_codes(steward):
    assert post(steward, lines("indicator-a,NL01,2023,12,source-a")).status_code == 201
    assert Observation.objects.get(indicator_code="indicator-a").area_code == "NL00"


def test_a_steward_loads_for_the_own_municipality_and_for_no_other(steward):
    file = lines("indicator-a,area-a,2024,12.5,source-a")

    assert post(steward, file, municipalityCode="GM0599").status_code == 404
    assert post(steward, file, municipalityCode="GM0363").status_code == 201
    assert faults(post(steward, file)) == [("#/rows/2", "not-yours")]


def test_an_indicator_of_another_municipality_is_not_there_and_an_own_one_takes_own_figures_only(steward):
    an_indicator("indicator-own", municipality_code="GM0363")
    an_indicator("indicator-theirs", municipality_code="GM0599")
    own, theirs = (lines(f"indicator-{whose},area-a,2024,12.5,source-a") for whose in ("own", "theirs"))

    unknown = [("#/rows/2/indicatorCode", "unknown-indicator")]
    assert faults(post(steward, theirs, municipalityCode="GM0363")) == unknown
    assert faults(post(steward, theirs)) == unknown
    assert faults(post(steward, own)) == unknown
    assert post(steward, own, municipalityCode="GM0363").status_code == 201


def test_the_same_key_gives_the_same_answer(steward):
    file = lines("indicator-a,area-a,2024,12.5,source-a").encode()
    send = {"data": file, "content_type": "text/csv", "HTTP_IDEMPOTENCY_KEY": "once"}

    first, second = (steward.post("/v1/observation-files", **send) for _ in range(2))
    other = steward.post("/v1/observation-files", **send | {"data": file.replace(b"12.5", b"13")})

    assert first.json() == second.json()
    assert (second["Idempotent-Replayed"], other.status_code) == ("true", 422)


def test_a_large_file_goes_to_a_worker_and_tells_how_far_it_is(steward, monkeypatch):
    monkeypatch.setattr(observation_files, "INLINE_BYTES", 50)
    good = lines("indicator-a,area-a,2024,12.5,source-a")

    accepted, bad = post(steward, good), post(steward, good.replace("12.5", "veel").replace("2024", "2023"))
    waiting = steward.get(accepted["Location"]).json()
    assert load_queued() == 2
    done, failed = (steward.get(answer["Location"]).json() for answer in (accepted, bad))

    assert (accepted.status_code, waiting["status"]) == (202, "queued")
    assert (done["status"], done["doneCount"], failed["status"]) == ("succeeded", 1, "failed")
    assert failed["errors"][0]["code"] == "not-a-number"
    assert steward.get(done["resultUrl"]).json()["counts"]["created"] == 1
    assert found() == [12.5]
    assert ObservationLoad.objects.filter(content__isnull=False).count() == 0


def test_a_load_is_announced_and_written_in_the_audit(steward):
    load = post(steward, lines("indicator-a,area-a,2024,12.5,source-a")).json()

    with connections["monitoring"].cursor() as cursor:
        cursor.execute("SELECT payload->'areaCodes' FROM monitoring_outbox ORDER BY id DESC LIMIT 1")
        assert "area-a" in str(cursor.fetchone()[0])
        cursor.execute("SELECT action FROM monitoring_auditentry WHERE resource_code = %s", [load["id"]])
        assert cursor.fetchone() == ("observations.succeeded",)


def test_nobody_reads_the_report_of_another(steward, client_with):
    location = post(steward, lines("indicator-a,area-a,2024,12.5,source-a"))["Location"]

    assert client_with("data-steward", municipality="GM0599").get(location).status_code == 404


def test_two_loads_of_one_file_at_once_write_each_row_once(committed):
    an_indicator("race-indicator")
    an_area("race-area")
    DataSource.objects.create(code="race-source", name_nl="Bron")
    rows = [f"race-indicator,race-area,{year},1,race-source" for year in range(1900, 2000)]
    file = observation_files.Delivered(lines(*rows).encode(), "text/csv", "tester")
    found, faults_seen = [], []

    def load():
        try:
            found.append(observation_files.load_file(file))
        except Exception as fault:
            faults_seen.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    count = Observation.objects.filter(indicator_code="race-indicator").count()
    Observation.objects.filter(indicator_code="race-indicator").delete()
    for model, code in ((Area, "race-area"), (Indicator, "race-indicator"), (DataSource, "race-source")):
        model.objects.filter(code=code).delete()

    assert (faults_seen, count) == ([], 100)
    assert sorted((load.created_count, load.unchanged_count) for load in found) == [(0, 100), (100, 0)]


@pytest.mark.proof
def test_one_fault_in_the_last_of_a_million_rows_leaves_nothing_behind(steward):
    file = lines() + "indicator-a,area-a,2024,1,source-a\r\n" * 999_999 + "indicator-a,area-a,2024,veel,source-a\r\n"

    answer = post(steward, file, dryRun="true").json()

    assert (answer["status"], answer["counts"]["rejected"], answer["counts"]["heldBack"]) == ("refused", 1, 999_999)
    assert [(fault["row"], fault["code"]) for fault in answer["faults"]] == [(1_000_001, "not-a-number")]
    assert found() == []
