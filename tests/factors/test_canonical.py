"""The canonical form and its checksum (DOMAIN.md §1)."""

import os
import subprocess
import sys
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from factors.canonical import Content, canonical_text, checksum
from tests.factories import factors as factory
from tests.factors import golden

CONTENT = factory.content(golden.MODEL)
TABLES = ("factors", "goals", "sources", "relations", "evidence")


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(random):
    shuffled = Content(**{name: tuple(random.sample(rows, len(rows))) for name, rows in tables(CONTENT)})

    assert canonical_text(shuffled) == canonical_text(CONTENT)


@given(st.sampled_from(TABLES), st.data())
def test_leaving_out_any_row_gives_another_checksum(table, data):
    rows = getattr(CONTENT, table)
    left_out = data.draw(st.integers(0, len(rows) - 1))

    fewer = replace(CONTENT, **{table: rows[:left_out] + rows[left_out + 1 :]})

    assert checksum(fewer) != checksum(CONTENT)


@given(st.integers(0, len(CONTENT.evidence) - 1), st.sampled_from(["note", "contrast", "how_known", "confidence"]))
def test_any_change_of_a_finding_gives_another_checksum(place, field):
    changed = list(CONTENT.evidence)
    changed[place] = replace(changed[place], **{field: "something else"})

    assert checksum(replace(CONTENT, evidence=tuple(changed))) != checksum(CONTENT)


def test_life_phases_are_a_set():
    first, *rest = CONTENT.factors
    one = replace(CONTENT, factors=(replace(first, life_phases=("adolescence", "pregnancy")), *rest))
    other = replace(CONTENT, factors=(replace(first, life_phases=("pregnancy", "adolescence")), *rest))

    assert checksum(one) == checksum(other)


def test_another_process_with_another_hash_seed_gives_the_same_checksum():
    program = (
        "from tests.factories.factors import content\nfrom tests.factors import golden\n"
        "from factors.canonical import checksum\nprint(checksum(content(golden.MODEL)))"
    )

    run = "import django; django.setup()\n" + program
    told = {
        subprocess.run(
            [sys.executable, "-c", run],
            env={**environment(), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }

    assert told == {checksum(CONTENT)}


def environment():
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}


def tables(content):
    return [(name, getattr(content, name)) for name in TABLES]
