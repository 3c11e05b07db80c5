"""The compliance table is held to its evidence."""

import io
import re

import pytest
from django.conf import settings
from django.core.management import call_command

from config.compliance import Claim, claims, faults, page

BASE = settings.BASE_DIR


def claim(**changes) -> Claim:
    given = {"part": "p", "rule": "r", "text": "t", "state": "met", "reason": "", "evidence": (("file", "LICENSE"),)}
    return Claim(**(given | changes))


def test_every_line_of_the_table_has_its_evidence():
    assert faults(BASE, claims(BASE)) == []


def test_every_threat_names_a_test_that_guards_it():
    """`…::name` stands for the file named before it in the same row."""
    page = (BASE / "docs/threat-model.md").read_text()
    rows = [line.split("|") for line in page.splitlines() if line.startswith("| ")][2:]
    wrong = []

    for _empty, threat, _guard, named, _end in rows:
        file = ""
        tests = re.findall(r"`([^`]*)::(\w+)`", named)
        for path, name in tests:
            file = path if path != "…" else file
            source = BASE / "tests" / file
            if not source.is_file() or f"def {name}(" not in source.read_text():
                wrong.append((threat.strip(), path, name))
        wrong += [] if tests else [(threat.strip(), "no test", "")]

    assert len(rows) > 30
    assert wrong == []


def test_the_command_prints_each_rule_with_its_evidence():
    printed = io.StringIO()

    call_command("compliance", "--check", stdout=printed)

    text = printed.getvalue()
    assert all(rule in text for rule in ("/core/doc-openapi", "object-rules", "rate-limits"))
    assert "test: access/test_sweep.py::test_every_route_has_been_decided_on" in text
    assert text.count("\n") > len(claims(BASE))


def test_all_36_rules_of_the_standard_stand_in_the_table():
    standard = [found.rule for found in claims(BASE) if found.rule.startswith("/core/")]

    assert len(standard) == 36


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"evidence": (("test", "config/test_quota.py::test_that_nobody_wrote"),)}, "no test"),
        ({"evidence": (("lint", "adr-invented"),)}, "no lint"),
        ({"evidence": (("file", "nowhere.md"),)}, "no file"),
        ({"evidence": ()}, "nothing shows it"),
        ({"state": "not-met", "evidence": ()}, "without a reason"),
        ({"state": "perhaps", "reason": "x"}, "unknown state"),
    ],
)
def test_a_claim_that_does_not_hold_is_named(wrong, said):
    assert said in faults(BASE, (claim(**wrong),))[0]


def test_what_is_not_met_stands_on_top_of_the_page():
    shown = page((claim(), claim(rule="gap", state="not-met", reason="later", evidence=())))

    assert shown.index("**gap** (not met): later") < shown.index("| r | t | met | file `LICENSE` |")
