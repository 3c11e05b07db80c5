"""Observations over HTTP: every published value comes back as the source gives it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from monitoring.models import Observation, ObservationHistory
from monitoring.services.figures.observations import load_observations
from monitoring.services.figures.reference import nplv_observations
from tests.factories.figures import an_observation, loaded
from tests.monitoring.figures.data import rows

pytestmark = pytest.mark.usefixtures("stores")


def every(client, path):
    found = []
    while path:
        page = client.get(path).json()
        found, path = found + page["results"], page["next"]
    return found


def test_every_row_of_the_monitor_comes_back(client_with):
    answers = every(client_with(), "/v1/observations?sourceCode=nplv-monitor&pageSize=50")
    found = {(a["indicatorCode"], a["areaCode"], a["period"], a["definitionVersion"] or "", a["statistic"]): a
             for a in answers if a["origin"] == "published"}  # fmt: skip
    published = rows("nplv_observations.csv")

    assert len(published) == len(found) == 171
    for row in published:
        area = "NL00" if row["area_code"] == "nl" else row["area_code"]
        answer = found[row["indicator_code"], area, row["year"], row["definition_version"], row["statistic"]]
        assert answer["value"] == float(row["value"])
        assert answer["unit"] == row["unit"]
        assert answer["qualifier"] == row["value_qualifier"]
        assert answer["basis"] == {
            "text": row["basis"] or None,
            "areasUsed": int(row["areas_used"]) if row["areas_used"] else None,
            "areasTotal": int(row["areas_total"]) if row["areas_total"] else None,
        }
        assert (answer["conflict"] or "") == row["conflict"]
        assert (answer["note"] or "") == row["notes"]
        assert answer["citation"] == row["source"]
        assert (answer["status"], answer["periodKind"]) == ("final", "year")


def test_preschool_reach_is_80_as_mean_of_areas_and_75_4_pooled(client_with):
    answers = every(client_with(), "/v1/observations?indicatorCode=preschool-reach&areaCode=nplv&periodFrom=2024")
    found = {a["statistic"]: a for a in answers}

    assert (found["mean-of-areas"]["value"], found["mean-of-areas"]["origin"]) == (80, "published")
    pooled = found["pooled-ratio"]
    assert (round(pooled["value"], 1), pooled["origin"]) == (75.4, "computed")
    assert (pooled["numerator"], pooled["denominator"], pooled["qualifier"]) == (413, 548, "about")
    assert "preschool-participants / preschool-indications" in pooled["basis"]["text"]


def test_all_579_areas_of_the_statline_file_have_a_score_or_say_that_it_is_missing(client_with):
    answers = every(client_with(), "/v1/observations?indicatorCode=ses-woa-score&sourceCode=cbs&pageSize=500")
    published = [a for a in answers if a["origin"] == "published"]
    missing = [a for a in published if a["value"] is None]

    assert len(published) == 579
    assert {a["status"] for a in missing} == {"missing"}
    assert {a["areaCode"]: a["value"] for a in published}["GM0363"] == -0.1
    assert "BU03630100" in {a["areaCode"] for a in missing}


def test_filters_narrow_by_period_definition_and_status(client_with):
    path = "/v1/observations?indicatorCode=households-problematic-debts&areaCode=nplv"

    within = every(client_with(), path + "&definitionVersion=revised-2022&periodFrom=2022&periodUntil=2023JJ00")

    assert [(a["period"], a["value"]) for a in within] == [("2022", 13.2), ("2023", 14.3)]
    assert every(client_with(), path + "&status=missing") == []


@pytest.mark.parametrize(
    ("query", "code"),
    [("periodFrom=spring", "bad-period"), ("asOf=2026-01-01T00:00:00", "no-offset"), ("asOf=now", "invalid"),
     ("status=gone", "invalid-choice"), ("areaCode=%00", "null-characters-not-allowed"), ("area=x", "unknown-key")],
)  # fmt: skip
def test_a_bad_question_is_400_with_the_key(client_with, query, code):
    answer = client_with().get(f"/v1/observations?{query}")

    assert answer.status_code == 400
    assert [(e["location"], e["code"]) for e in answer.json()["errors"]] == [(query.split("=")[0], code)]


def test_a_second_load_writes_nothing():
    before = (ObservationHistory.objects.count(), outbox_size())

    report = load_observations(nplv_observations())

    assert (report.created, report.updated, report.unchanged) == (0, 0, 171)
    assert (ObservationHistory.objects.count(), outbox_size()) == before


def test_a_changed_value_keeps_the_old_one_and_is_announced():
    loaded(an_observation(value=10.0))
    size = outbox_size()

    report = loaded(an_observation(value=11.0))

    assert (report.created, report.updated, report.unchanged) == (0, 1, 0)
    assert Observation.objects.get(area_code="area-a").value == 11.0
    assert ObservationHistory.objects.get(area_code="area-a").value == 10.0
    assert outbox_size() == size + 1
    with connections["monitoring"].cursor() as cursor:
        cursor.execute("SELECT kind, payload FROM monitoring_outbox ORDER BY id DESC LIMIT 1")
        kind, payload = cursor.fetchone()
    assert kind == "observations.loaded"
    assert '"area-a"' in str(payload).replace("'", '"')


def test_what_was_known_then_can_be_asked_back(client_with):
    first = datetime(2025, 1, 1, tzinfo=UTC)
    loaded(an_observation(value=10.0))
    Observation.objects.filter(area_code="area-a").update(recorded_at=first)
    loaded(an_observation(value=11.0))
    replaced = ObservationHistory.objects.get(area_code="area-a").superseded_at

    def known_on(moment):
        text = moment.isoformat().replace("+00:00", "Z")
        return [a["value"] for a in every(client_with(), f"/v1/observations?areaCode=area-a&asOf={text}")]

    assert known_on(first - timedelta(seconds=1)) == []
    assert known_on(first) == [10.0]
    assert known_on(replaced - timedelta(microseconds=1)) == [10.0]
    assert known_on(replaced) == [11.0]


def test_a_figure_of_one_municipality_is_shown_inside_it_only(client_with):
    loaded(an_observation(municipality_code="GM0363"))

    def seen_by(client):
        return len(every(client, "/v1/observations?areaCode=area-a"))

    assert seen_by(client_with()) == seen_by(client_with("partner")) == 0
    assert seen_by(client_with("area-adviser", municipality="GM0599")) == 0
    assert seen_by(client_with("area-adviser")) == 1


def outbox_size():
    with connections["monitoring"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM monitoring_outbox")
        return cursor.fetchone()[0]
