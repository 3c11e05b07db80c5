"""The demo's released figures under attack: all that anybody can read over HTTP, against what is withheld."""

from collections import defaultdict
from typing import Any

import httpx
import pytest

from tests.monitoring.outcomes.attacker import Puzzle, hidden_parts, puzzles, too_tight

CITY, MINIMUM = "GM0363", 10
MERGED = {"grade5OrLower": range(1, 6), "grade6To7": range(6, 8), "grade8OrHigher": range(8, 11)}


def everything(client: httpx.Client, path: str, **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    url: str | None = path
    params: dict[str, Any] | None = asked | {"pageSize": 500}
    while url:
        answer = client.get(url, params=params).raise_for_status().json()
        found += answer["results"]
        url, params = answer["next"], None
    return found


def neighbourhoods_below(client: httpx.Client) -> dict[str, frozenset[str]]:
    areas = everything(client, "/v1/areas", municipalityCode=CITY)
    own = {area["code"] for area in areas if area["level"] == "neighbourhood"}
    below: dict[str, set[str]] = defaultdict(set)
    for code in own:
        below[code].add(code)
        for parent in client.get(f"/v1/areas/{code}").json()["parents"]:
            below[parent["code"]].add(code)
    return {area: frozenset(inside) for area, inside in below.items()} | {CITY: frozenset(own)}


def truth_of(client: httpx.Client, key: dict[str, str]) -> dict[tuple[str, ...], dict[str, int]]:
    rows = everything(httpx.Client(base_url=client.base_url, headers=key, timeout=60), "/v1/outcome-aggregates",
                      view="working", municipalityCode=CITY)  # fmt: skip
    return {
        (r["interventionCode"], r["measure"], r["areaCode"], r["period"]): r["counts"]
        for r in rows
        if r["subjectKind"] == "intervention"
    }


def true_count(counts: dict[str, int], name: str) -> int:
    return sum(counts[f"grade{n}"] or 0 for n in MERGED[name]) if name in MERGED else counts[name] or 0


def attack(service: Any, every: int) -> int:
    """Bound each `every`-th withheld number; returns how many were tried."""
    client = httpx.Client(base_url=service.url, timeout=60)
    [newest, *_older] = everything(client, "/v1/releases", municipalityCode=CITY)
    editions = [
        everything(client, "/v1/outcome-aggregates", municipalityCode=CITY, releaseNumber=number)
        for number in range(1, newest["number"] + 1)
    ]
    truth = truth_of(client, service.key("ACCOUNTHOLDER_KEY"))
    assert not [row for rows in editions for row in rows if hidden_parts(row)]

    found = puzzles(editions[-1:], CITY, neighbourhoods_below(client)).items()
    hidden = [(key, puzzle, *one) for key, puzzle in found for one in sorted(puzzle.hidden.items())]
    for (intervention, measure, _year), puzzle, (area, period, name), parts in hidden[::every]:
        true = true_count(truth[intervention, measure, area, period], name)
        low, high = puzzle.bounds(parts)
        assert low - 1e-3 <= true <= high + 1e-3, "the attacker is mistaken"
        assert not too_tight(low, high, true, MINIMUM), (intervention, measure, area, period, name, low, high)
    return len(hidden[::every])


def test_no_withheld_number_of_the_demo_can_be_worked_out_sample(service):
    assert attack(service, every=60) > 40


@pytest.mark.proof
def test_no_withheld_number_of_the_demo_can_be_worked_out(service):
    assert attack(service, every=1) > 2000


def test_an_attacker_does_find_what_is_not_protected():
    """So that the attack can fail: with the sum and all but one part shown, the last is a subtraction away."""
    cells = {"w1": 46, "w2": None, "city": 50}
    rows = [
        {"interventionCode": "i", "measure": "no-show", "areaCode": area, "period": "2024-01-01/2024-03-31",
         "counts": {"appointments": n}, "suppressed": [] if n else ["appointments"], "figures": []}
        for area, n in cells.items()
    ]  # fmt: skip
    below = {"w1": frozenset({"w1"}), "w2": frozenset({"w2"}), "city": frozenset({"w1", "w2"})}
    [puzzle] = puzzles([rows], "nowhere", below).values()
    assert isinstance(puzzle, Puzzle)

    [parts] = puzzle.hidden.values()

    assert too_tight(*puzzle.bounds(parts), 4, MINIMUM)
