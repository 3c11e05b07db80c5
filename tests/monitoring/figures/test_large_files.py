"""Files of any length: whole or not at all, in bounded memory, once however many load them; and a whole country."""

import json
import os
import resource
import subprocess
import sys

import pytest
from django.core.management import call_command

from monitoring.models import (
    Area,
    AreaMembership,
    DataSource,
    Indicator,
    Observation,
    ObservationHistory,
    ObservationLoad,
)
from monitoring.services.figures import series
from monitoring.services.figures.observation_files import Delivered, queue
from monitoring.services.figures.observation_jobs import load_queued
from monitoring.services.figures.observation_loading import row_reports
from tests.factories.figures import an_indicator

SIZES = [2_000, pytest.param(1_000_000, marks=pytest.mark.proof)]
YEARS = 50
LOAD = """
import json, sys, django
django.setup()
from monitoring.services.figures.observation_files import Delivered, load_file
load = load_file(Delivered(open(sys.argv[1], "rb").read(), "text/csv", sys.argv[2]))
print(json.dumps([load.status, load.created_count, load.updated_count, load.unchanged_count]))
"""


def a_country_of(rows):
    """Enough areas and indicators for so many rows over 50 years; the file's lines."""
    areas = max(1, rows // (YEARS * 20))
    DataSource.objects.create(code="source-large", name_nl="Bron")
    for number in range(20):
        an_indicator(f"large-{number}")
    Area.objects.bulk_create(
        Area(code=f"large-{number}", level="neighbourhood", name_nl="x") for number in range(areas)
    )
    yield "indicatorCode,areaCode,period,statistic,sourceCode,value\n"
    for place in range(areas):
        for number in range(20):
            for year in range(1970, 1970 + YEARS):
                yield f"large-{number},large-{place},{year},share,source-large,{(place + number + year) % 1000 / 10}\n"


@pytest.fixture
def emptied(committed):
    yield
    Observation.objects.filter(area_code__startswith="large-").delete()
    Indicator.objects.filter(code__startswith="large-").delete()
    DataSource.objects.filter(code="source-large").delete()
    series.touch_all()
    series.fold()


@pytest.mark.usefixtures("stores")
@pytest.mark.parametrize("rows", SIZES)
def test_one_fault_in_the_last_row_leaves_nothing_and_is_found(rows):
    content = "".join(a_country_of(rows)).removesuffix("\n").rsplit(",", 1)[0] + ",1e400\n"
    known, history = Observation.objects.count(), ObservationHistory.objects.count()
    load = queue(Delivered(content.encode(), "text/csv", "steward"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert load_queued() == 1

    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    report = ObservationLoad.objects.get(id=load.id)
    assert (report.status, report.rejected_count, report.held_count) == ("refused", 1, rows - 1)
    assert [(fault["row"], fault["location"], fault["code"]) for fault in report.faults] == [
        (rows + 1, f"#/rows/{rows + 1}/value", "not-a-number")]  # fmt: skip
    assert [one.outcome for one in row_reports(report, [0, rows - 1])] == ["held-back", "rejected"]
    assert (Observation.objects.count(), ObservationHistory.objects.count()) == (known, history)
    assert not Observation.objects.filter(area_code__startswith="large-").exists()
    assert grown < 3 * len(content) + 64e6


@pytest.mark.parametrize("rows", SIZES)
def test_two_processes_with_the_same_file_store_each_row_once(emptied, tmp_path, rows):
    file = tmp_path / "figures.csv"
    file.write_text("".join(a_country_of(rows)))
    command = [sys.executable, "-c", LOAD, str(file)]

    both = [subprocess.Popen([*command, f"steward-{number}"], stdout=subprocess.PIPE, text=True,
                             env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"})
            for number in range(2)]  # fmt: skip
    told = sorted(json.loads(process.communicate(timeout=1200)[0]) for process in both)

    assert told == [["succeeded", 0, 0, rows], ["succeeded", rows, 0, 0]]
    assert Observation.objects.filter(area_code__startswith="large-").count() == rows


def national(neighbourhoods, year):
    """A vintage as load_country reads it: 1 sub-neighbourhood in a neighbourhood of ten in a city of a hundred."""
    yield "code,name,valid_from,valid_until,source\n"
    codes = {}
    for number in range(neighbourhoods):
        city, wijk = f"GM{9000 - number // 100:04}", f"{9000 - number // 100:04}{number // 10 % 10:02}"
        codes |= dict.fromkeys((city, f"WK{wijk}", f"BU{wijk}{number % 10:02}"))
    yield from (f'{code},"Gebied {code}, vak",{year},,CBS {year}\n' for code in codes)


@pytest.mark.usefixtures("stores")
@pytest.mark.parametrize("neighbourhoods", [300, pytest.param(16_575, marks=pytest.mark.proof)])
def test_a_vintage_of_the_whole_country_loads_and_loads_again(tmp_path, capsys, neighbourhoods):
    file = tmp_path / "areas.csv"
    file.write_text("".join(national(neighbourhoods, 2031)))
    lines = file.read_text().count("\n") - 1

    call_command("load_country", areas=file)
    call_command("load_country", areas=file)

    assert Area.objects.filter(valid_from=2031).count() == lines
    assert AreaMembership.objects.filter(valid_from=2031).count() == lines
    first, again = capsys.readouterr().out.splitlines()
    assert f"{2 * lines} created" in first
    assert f"0 created, 0 updated, {2 * lines} unchanged" in again
    assert AreaMembership.objects.above("BU90000000", 2031) == ("WK900000", "GM9000", "NL00")


@pytest.mark.usefixtures("stores")
def test_a_country_with_one_bad_row_loads_nothing(tmp_path):
    from monitoring.services.geography.successions import BadSuccession

    file = tmp_path / "areas.csv"
    file.write_text("".join(national(50, 2031)) + "XX12,bad,2031,,CBS\n")

    with pytest.raises(BadSuccession, match="XX12"):
        call_command("load_country", areas=file)

    assert not Area.objects.filter(valid_from=2031).exists()
