"""Which rules the service keeps, and what shows it: the claims of docs/compliance.toml are held to their evidence.

A claim names its evidence: `test` (a test function), `lint` (a rule of the OpenAPI linter), `file`. Evidence that is
not there is a fault; whether the tests pass is for `manage.py compliance --run` or `make test` to say.
"""

import ast
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

STATES = {"met": "met", "partly": "partly met", "not-met": "not met", "not-applicable": "does not apply"}
KINDS = ("test", "lint", "file")


@dataclass(frozen=True)
class Claim:
    """One rule: where it comes from, whether it is kept, why (not), and what shows it as (kind, name)."""

    part: str
    rule: str
    text: str
    state: str
    reason: str
    evidence: tuple[tuple[str, str], ...]


def claims(base: Path) -> tuple[Claim, ...]:
    """All claims in the order of the file."""
    parts = tomllib.loads((base / "docs/compliance.toml").read_text())["part"]
    return tuple(_claim(part["title"], row) for part in parts for row in part["rule"])


def _claim(part: str, row: dict[str, str]) -> Claim:
    evidence = tuple((kind, name) for kind in KINDS for name in _several(row.get(kind, [])))
    return Claim(part, row["id"], row["text"], row["state"], row.get("reason", ""), evidence)


def _several(given: str | list[str]) -> list[str]:
    return [given] if isinstance(given, str) else given


def faults(base: Path, found: tuple[Claim, ...]) -> list[str]:
    """What is wrong with the claims: evidence that is not there, a claim without any, a gap without a reason."""
    wrong = [f"{rule}: stands twice" for rule, count in Counter(c.rule for c in found).items() if count > 1]
    for claim in found:
        if claim.state not in STATES:
            wrong.append(f"{claim.rule}: unknown state {claim.state}")
        if claim.state in {"met", "partly"} and not claim.evidence:
            wrong.append(f"{claim.rule}: nothing shows it")
        if claim.state != "met" and not claim.reason:
            wrong.append(f"{claim.rule}: {claim.state} without a reason")
        wrong += [f"{claim.rule}: no {kind} {name}" for kind, name in claim.evidence if not _there(base, kind, name)]
    return wrong


def _there(base: Path, kind: str, name: str) -> bool:
    if kind == "lint":
        return bool(re.search(rf"^  {re.escape(name)}:", (base / "config/api/spectral.yaml").read_text(), re.MULTILINE))
    if kind == "file":
        return (base / name).exists()
    path, _, test = name.partition("::")
    return (base / "tests" / path).exists() and test in _tests_of(base / "tests" / path)


def _tests_of(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


def page(found: tuple[Claim, ...]) -> str:
    """The table as Markdown, with the sums on top and what is not met first."""
    sums = Counter(claim.state for claim in found)
    lines = [
        "# Compliance", "",
        "Made by `manage.py compliance --write` from `compliance.toml`. The command refuses when the evidence that a",
        "line names is not there; `manage.py compliance --run` also runs those tests and the OpenAPI linter.", "",
        "; ".join(f"{text}: {sums[state]}" for state, text in STATES.items() if sums[state]) + ".", "",
        "## Not met, or only partly", "",
    ]  # fmt: skip
    lines += [f"* **{c.rule}** ({STATES[c.state]}): {c.reason}" for c in found if c.state in {"partly", "not-met"}]
    for part in dict.fromkeys(claim.part for claim in found):
        lines += ["", f"## {part}", "", "| rule | asks | state | evidence and reason |", "| --- | --- | --- | --- |"]
        lines += [_row(claim) for claim in found if claim.part == part]
    return "\n".join(lines) + "\n"


def _row(claim: Claim) -> str:
    shown = [f"{kind} `{name}`" for kind, name in claim.evidence]
    told = "; ".join([*shown, *([claim.reason] if claim.reason else [])])
    return f"| {claim.rule} | {claim.text} | {STATES[claim.state]} | {told} |"
