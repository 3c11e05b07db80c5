"""One scoring function: the same numbers in the store, over the API, in the export, and at the front door."""

import csv
import io

import orjson
import pytest

from factors.models import ModelVersion, RankingDefinition
from factors.public import newest_ranking, ranking_of_snapshot
from factors.ranking import Selection, parameter_set, score
from factors.register import register_of
from factors.services.marks import mark
from factors.services.rankings import recompute_marked

pytestmark = pytest.mark.usefixtures("stores")
DEFINITIONS = ["public-rip-2019", "public-rip-2019-extended", "public-five-elements-2023",
               "public-five-elements-2023-extended"]  # fmt: skip


@pytest.fixture(params=DEFINITIONS)
def definition(request):
    RankingDefinition.objects.filter(code=request.param).update(draws=64)
    mark(RankingDefinition.objects.filter(code=request.param), reason="test")
    recompute_marked()
    return RankingDefinition.objects.select_related("newest_snapshot").get(code=request.param)


def exported(client, place, **headers):
    answer = client.get(place, **headers)
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_every_place_shows_the_same_numbers(client_with, definition):
    snapshot = definition.newest_snapshot
    stored = {f["code"]: f for f in orjson.loads(snapshot.result)["factors"]}
    network = register_of(ModelVersion.objects.latest_of(definition.model_code)).network

    whole = client_with().get(f"/v1/rankings/{snapshot.pk}").json()["factors"]
    page = client_with().get(f"/v1/rankings/{snapshot.pk}/factors?pageSize=500").json()["results"]
    rows = exported(client_with(), f"/v1/rankings/{snapshot.pk}/factors", HTTP_ACCEPT="text/csv")
    doors = [newest_ranking(definition_code=definition.pk), ranking_of_snapshot(snapshot_id=snapshot.pk)]
    anew = score(
        network,
        parameters=parameter_set(definition.method, definition.parameter_set),
        selection=Selection(),
        local=None,
    )

    assert whole == page
    assert len(rows) == len(whole) == 92
    for told, row in zip(whole, rows, strict=True):
        assert row["factorCode"] == told["factorCode"]
        for name in ("score", "denseRank", "competitionRank", "rankMedian", "rankLow", "rankHigh", "sucra"):
            assert row[name] == ("" if told[name] is None else repr(told[name]))
        for point in told["points"]:
            assert float(row[f"points.{point['element']}"]) == point["value"]
        if told["ranked"]:
            assert told["score"] == stored[told["factorCode"]]["score"]
            assert told["denseRank"] == stored[told["factorCode"]]["dense_rank"]
    for door in doors:
        assert [(f.code, f.score, f.dense_rank, f.competition_rank) for f in door.factors] == [
            (f["factorCode"], f["score"], f["denseRank"], f["competitionRank"]) for f in whole
        ]
    compared = client_with().get(f"/v1/rankings/{snapshot.pk}/diff?against={snapshot.pk}").json()["factors"]
    assert [(f["factorCode"], f["newScore"], f["newDenseRank"], f["newCompetitionRank"]) for f in compared] == [
        (f["factorCode"], f["score"], f["denseRank"], f["competitionRank"]) for f in whole if f["ranked"]
    ]
    by_code = dict(zip((f.code for f in network.factors), anew.score.tolist(), strict=True))
    assert all(f["score"] == by_code[f["factorCode"]] for f in whole if f["ranked"])


def test_the_export_can_be_asked_for_by_name_and_is_narrowed_alike(client_with, definition):
    place = f"/v1/rankings/{definition.newest_snapshot_id}/factors?kind=risk"

    rows = exported(client_with(), f"{place}&format=csv")

    assert [row["factorCode"] for row in rows] == [
        factor["factorCode"] for factor in client_with().get(f"{place}&pageSize=500").json()["results"]
    ]
    assert client_with().get(f"{place}&format=xlsx").status_code == 400
