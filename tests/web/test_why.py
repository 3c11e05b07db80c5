"""The public page `why this factor`: for a council member or resident, without an account."""

import re

import pytest
from django.test import Client
from django.utils.html import escape

from factors.models import RankingDefinition
from factors.services import rankings
from factors.services.marks import mark

CODE = "public-five-elements-2023"


@pytest.fixture(autouse=True)
def ranked(stores):
    mark(RankingDefinition.objects.filter(newest_snapshot=None), reason="test")
    rankings.recompute_marked()


def read(path, **headers):
    return Client().get(path, HTTP_ACCEPT="text/html", **headers)


def test_from_the_start_page_to_why_a_factor_stands_where_it_stands(client_with):
    api = client_with()
    definition = api.get(f"/v1/ranking-definitions/{CODE}").json()
    line = api.get(f"/v1/rankings/{definition['newestSnapshotId']}/factors?pageSize=1").json()["results"][0]

    start, chosen = read("/").content.decode(), read("/waarom").content.decode()
    order = read(f"/waarom/{CODE}").content.decode()
    page = read(f"/waarom/{CODE}/{line['factorCode']}").content.decode()

    assert 'href="/waarom"' in start
    assert f'href="/waarom/{CODE}"' in chosen
    assert re.findall(rf'href="/waarom/{CODE}/([^"]+)"', order)[0] == line["factorCode"]
    assert f"Waarom {line['name']}?" in page
    assert "op plaats 1 van" in page
    shown = [float(text.replace(",", ".")) for text in re.findall(r'<td class="number">([\d,]+)</td>', page)]
    assert shown == pytest.approx([100 * point["value"] for point in line["points"]], abs=0.051)


def test_the_sentences_are_those_of_the_strongest_paths(client_with):
    page = read(f"/waarom/{CODE}/child-maltreatment").content.decode()
    goals = client_with().get("/v1/factor-models/public/versions/latest/goals?pageSize=500").json()["results"]
    best = []
    for goal in goals:
        query = f"modelCode=public&fromCode=child-maltreatment&goalCode={goal['code']}&limit=1"
        best += client_with().get(f"/v1/pathways?{query}").json()["results"]

    strongest = max(best, key=lambda path: path["strength"])
    assert strongest["sentence"] in page.replace("&#x27;", "'")
    assert page.count("<li>") - page.count("<nav") >= 1


def test_a_ranking_of_one_municipality_is_no_public_page():
    RankingDefinition.objects.filter(code=CODE).update(municipality_code="GM0363")

    assert read(f"/waarom/{CODE}").status_code == 404
    assert read(f"/waarom/{CODE}/child-maltreatment").status_code == 404
    assert f'href="/waarom/{CODE}"' not in read("/waarom").content.decode()


@pytest.mark.parametrize("path", ["/waarom/none", f"/waarom/{CODE}/none", "/waarom/a%00b", f"/waarom/{CODE}/a%00b"])
def test_what_is_not_there_is_a_page_that_says_so(path):
    answer = read(path)

    assert answer.status_code == 404
    assert "<h1>" in answer.content.decode()


def test_english_is_spoken_when_asked(client_with):
    name = (
        client_with().get("/v1/factor-models/public/versions/latest/factors/child-maltreatment?lang=en").json()["name"]
    )

    page = read(f"/waarom/{CODE}/child-maltreatment", HTTP_ACCEPT_LANGUAGE="en").content.decode()

    assert f"<h1>Why {escape(name)}?</h1>" in page
    assert "How strong its relation with the goals is" in page
