"""The short way of the checks and the comparison in SQL judge as the long ways do, whatever is delivered."""

import csv
import io
import random
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monitoring.measures import LARGEST, MEASURES, fits
from monitoring.models import OutcomeReport
from monitoring.outcome_sheets import read_csv
from monitoring.outliers import usual_range
from monitoring.services.delivery.deliveries import deliver
from monitoring.services.delivery.intake import check
from monitoring.services.delivery.known import Fact, Known, Plan, Sender
from monitoring.services.delivery.plain_reports import check_all
from tests.factories import outcomes

TODAY = date(2026, 11, 26)
SENDER = Sender("partner", frozenset({(outcomes.CITY, "org-a")}))
SERVICE = max(fits(), key=lambda service: len(fits()[service]))
FITTING = [fit.measure for fit in fits()[SERVICE]]
ODD: list[Any] = [None, "", 0, -1, 2.5, 3.0, True, "7", LARGEST + 1, [], {}, "x" * 300, "a\u0007b", "jan@example.org"]


def known() -> Known:
    """One offering, with a plan for one measure; two areas, one of them elsewhere."""
    fact = Fact("offering-a", outcomes.CITY, "org-a", SERVICE, date(2024, 1, 1))
    plan = Plan("offering-a", "reach", "quarter", date(2024, 1, 1))
    found = Known(
        {"offering-a": fact}, {"offering-a": [plan]}, {"WK900101": outcomes.CITY, "WK1": "GM1"}, SENDER, TODAY
    )
    found.__dict__.update(own_codes=["offering-a"], home_areas={"WK900101": "Noord"})  # else asked of the store
    return found


@st.composite
def reports(draw: st.DrawFn) -> Any:
    """Mostly right, sometimes wrong in one or more places."""
    measure = MEASURES[draw(st.sampled_from(FITTING))]
    names = draw(st.lists(st.sampled_from(measure.names), min_size=1, unique=True))
    value = st.integers(0, 20) if draw(st.booleans()) else st.none() | st.integers(0, 20)
    made: dict[str, Any] = {
        "offeringCode": "offering-a", "measure": measure.code,
        "areaCode": draw(st.sampled_from(["WK900101", "unknown"])),
        "period": draw(st.sampled_from(["2024-Q1", "2024-01-01/2024-03-31", "2024-Q2", "2024", "2023-Q4", "2024-03"])),
        "counts": {name: draw(value) for name in names},
    }  # fmt: skip
    if draw(st.booleans()):
        made["explanation"] = draw(st.sampled_from([None, "", " Minder dan eerst. "]))
    for _change in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        at = draw(st.sampled_from([*made, "areaCode", "externalId", "colour", "counts/started", "counts/happy"]))
        part, _slash, name = at.partition("/")
        into = made.get(part) if name and isinstance(made.get(part), dict) else made
        into[name or part] = draw(st.sampled_from([*ODD, "WK1", "reach"]))
    return draw(st.sampled_from([made] * 19 + [None, [made], "text"]))


@given(st.lists(reports(), max_size=12))
def test_together_reports_are_judged_as_each_by_itself(raws):
    about = known()
    right, faults = check_all(raws, known=about, path="#/{}")

    alone = {number: check(raw, known=about, path=f"#/{number}") for number, raw in enumerate(raws)}

    assert right == {number: checked for number, (checked, _faults) in alone.items() if checked}
    assert list(right) == sorted(right)
    assert faults == {number: wrong for number, (_checked, wrong) in alone.items() if wrong}


CELLS = {
    "offeringCode": ["offering-a"] * 9 + ["offering-b", ""], "measure": [*FITTING, "reach", "laughter", ""],
    "period": ["2024-Q1", " 2024-Q2 ", "2024", "2023-Q4", ""],
    "areaCode": ["WK900101", "unknown", "unknown ", "WK1", ""],
    "explanation": ["", "", " Minder dan eerst. ", "jan@example.org"], "externalId": ["", "", "eigen-1", "x" * 300],
}  # fmt: skip
COUNTED = ["", "", "0", "3", " 7 ", "12", "020", "-1", "2,5", "veel"]


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, str]]:
    """The cells of some rows under one header; the parts of more than one measure may stand beside each other."""
    parts = draw(st.lists(st.sampled_from([*MEASURES["reach"].names, *MEASURES["satisfaction"].names]), unique=True))
    texts = [*list(CELLS)[:4], *draw(st.lists(st.sampled_from(list(CELLS)[4:]), unique=True))]
    cells = {name: st.sampled_from(CELLS[name]) for name in texts} | dict.fromkeys(parts, st.sampled_from(COUNTED))
    rows = draw(st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=12))
    return [{name: row[name] for name in cells} for row in rows]


def told(cells: dict[str, str]) -> dict[str, Any]:
    """A row as a report in JSON."""
    said = {name: cell.strip() for name, cell in cells.items() if cell.strip()}
    counts = {name: said.pop(name) for name in list(said) if name not in CELLS}
    read = {name: int(cell) if cell.removeprefix("-").isdecimal() else cell for name, cell in counts.items()}
    return said | {"counts": read} if read else said


@given(tables())
def test_the_columns_of_a_file_are_judged_as_each_row_by_itself(rows):
    text, about = io.StringIO(), known()
    csv.writer(text).writerows([rows[0], *(row.values() for row in rows)])
    filled = [(line, raw) for line, raw in enumerate(map(told, rows), 2) if raw.keys() & {"counts", "explanation"}]
    assume(filled)

    found = read_csv(text.getvalue().encode())
    right, faults = check_all(found, known=about, path="#/{}")

    assert list(zip(found.places(), found, strict=True)) == [((None, line), raw) for line, raw in filled]
    alone = {number: check(raw, known=about, path=f"#/{number}") for number, (_line, raw) in enumerate(filled)}
    assert right == {number: checked for number, (checked, _faults) in alone.items() if checked}
    assert faults == {number: wrong for number, (_checked, wrong) in alone.items() if wrong}


@pytest.mark.parametrize("seed", range(5))
def test_a_question_is_asked_exactly_when_the_count_is_unusual(city, seed):
    chance = random.Random(seed)
    areas = [*outcomes.NEIGHBOURHOODS, "district-a", "unknown", outcomes.CITY, "BU90010101", "BU90010102"]
    period = ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1"]

    def delivery(quarter: str, most: int) -> list[dict[str, Any]]:
        def started() -> int | None:
            return chance.choice([None, chance.randint(0, most), chance.randint(0, most)])

        return [
            outcomes.report(
                period=quarter, areaCode=area,
                counts={"targetGroup": 40 + chance.randint(0, most), "started": started(), "completed": started()},
            )
            for area in areas
        ]  # fmt: skip

    for quarter in period[:-1]:
        deliver(raws=delivery(quarter, 6), sender=SENDER, day=TODAY, channel="batch", mode="refuse")
    last = delivery(period[-1], 36)
    receipt, _new = deliver(raws=last, sender=SENDER, day=TODAY, channel="batch", mode="refuse")

    names, stored = MEASURES["reach"].names, OutcomeReport.objects.filter(area_code__in=areas)
    for raw in last:
        earlier = [r.counts for r in stored.filter(area_code=raw["areaCode"], period_start__lt="2025-01-01")]
        usual = {name: usual_range([c[at] for c in earlier if c[at] is not None]) for at, name in enumerate(names)}
        ranges = [(value, usual[name]) for name, value in raw["counts"].items() if value is not None and usual[name]]
        odd = [value for value, (low, high) in ranges if not low <= value <= high]
        report = stored.get(area_code=raw["areaCode"], period_start="2025-01-01")
        assert (report.status == "submitted") == bool(odd), (raw, usual)
    assert 0 < receipt.questioned_count < len(areas)
