"""Two advisers who save the same analysis at the same moment: one of them is told, and no word is lost."""

import threading

import pytest
from django.db import connections
from rest_framework.test import APIClient

from accounts.models import Municipality
from interventions.models import AreaAnalysis
from interventions.services.cycle.documents import create_document
from tests.factories import accounts

DRAFT = {"pillars": [], "ranking": [], "results": [], "inputs": {}, "area": {}, "day": "2026-11-26",
         "recurringFactors": [], "dataGaps": [], "coverage": {}}  # fmt: skip
NOBODY = {"interpretations": [], "partnersView": [], "choices": []}


@pytest.fixture
def path(committed):
    Municipality.objects.get_or_create(code="GM0363", defaults={"name": "Amsterdam"})
    document = AreaAnalysis(municipality_code="GM0363", area_code="WK036360", title_nl="Staat")
    create_document(document=document, content={"draft": DRAFT, "people": NOBODY}, why="Eerste", actor="somebody")
    return f"/v1/area-analyses/{document.id}"


def test_of_two_writes_at_once_one_is_refused(path):
    keys = [accounts.key("area-adviser", municipality="GM0363", organisation="") for _ in range(4)]
    start, answers = threading.Barrier(len(keys)), []

    def save(key):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
        tag = client.get(path)["ETag"]
        start.wait(20)
        body = {"people": NOBODY | {"interpretations": [{"text": key[:12]}]}, "why": key[:12]}
        answers.append(client.put(path, body, format="json", HTTP_IF_MATCH=tag).status_code)
        connections.close_all()

    writers = [threading.Thread(target=save, args=[key]) for key in keys]
    for one in writers:
        one.start()
    for one in writers:
        one.join()

    assert sorted(answers) == [200, 412, 412, 412]
    (document,) = AreaAnalysis.objects.all()
    assert (document.version, document.versions.count()) == (2, 2)
