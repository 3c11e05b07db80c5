"""The reference data as the tests see it."""

import csv
import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[3] / "monitoring" / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def worked_example(code: str) -> dict[str, Any]:
    """One published example by its code."""
    examples = json.loads((DATA / "worked_examples.json").read_text(encoding="utf-8"))
    return next(
        item for group in examples.values() if isinstance(group, list) for item in group if item["code"] == code
    )
