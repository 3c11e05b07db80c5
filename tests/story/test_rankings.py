"""A ranking with doubt and local figures, from the question to the answer, made by the real worker."""

import time

import httpx

QUESTION = {
    "modelCode": "public", "method": "five-elements-2023", "areaCode": "WK036360", "draws": 2000, "seed": 20261121,
}  # fmt: skip


def ended(url, key):
    until = time.monotonic() + 30
    while (job := httpx.get(url, headers=key).json())["status"] in ("queued", "running"):
        assert time.monotonic() < until, job
        time.sleep(0.1)
    return job


def test_an_adviser_asks_how_sure_the_local_order_is(service):
    key = service.key("ADVISER_KEY")

    asked = httpx.post(f"{service.url}/v1/rankings", json=QUESTION, headers=key)
    job = ended(asked.headers["Location"], key)

    assert asked.status_code == 202
    assert (job["status"], job["doneCount"], job["totalCount"], job["errors"]) == ("succeeded", 2000, 2000, [])
    ranking = httpx.get(job["resultUrl"]).json()
    assert ranking["withLocalData"]
    assert ranking["localData"]["figures"][0]["observation"]["areaCode"] == "WK036360"
    first = ranking["factors"][0]
    assert first["rankLow"] <= first["rankMedian"] <= first["rankHigh"]
    assert httpx.post(f"{service.url}/v1/rankings", json=QUESTION, headers=key).json()["id"] == ranking["id"]


def test_the_worker_keeps_the_local_definitions_of_the_demo_city(service):
    key = service.key("ADVISER_KEY")
    until = time.monotonic() + 30
    while True:
        answers = [
            httpx.get(f"{service.url}/v1/ranking-definitions/demo-{area}", headers=key).json()
            for area in ("wk036360", "wk036300")
        ]
        if all(told["newestSnapshotId"] for told in answers) or time.monotonic() > until:
            break
        time.sleep(0.3)

    first, second = (told["newestSnapshotId"] for told in answers)
    told = httpx.get(f"{service.url}/v1/rankings/{first}/diff?against={second}").json()
    assert told["changed"] == ["data"]
    assert told["movedCount"] > 0
