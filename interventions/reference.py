"""Rows of our tables from the files in interventions/data. Nothing is added: what a file leaves empty stays so."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from config.loading import read_csv, split

DATA = Path(__file__).parent / "data"
Row = dict[str, Any]
Translate = Callable[[list[str]], dict[str, tuple[str, ...]]]

OUR_READING, TEXT = "our reading", "text"


def effect_levels() -> Iterator[Row]:
    """The five steps of the effect ladder."""
    for row in read_csv(DATA / "effect_ladder.csv"):
        yield row | {"level": int(row["level"])}


def databases() -> Iterator[Row]:
    """The seven databases whose committees recognise interventions."""
    yield from read_csv(DATA / "intervention_databases.csv")


def service_types() -> Iterator[Row]:
    """Types of service, each once with every place that names it (outcome_indicators.csv has a row per indicator)."""
    found: dict[str, Row] = {}
    for row in read_csv(DATA / "outcome_indicators.csv"):
        entry = found.setdefault(row["service_type_code"], _service_type(row))
        entry["sources"][row["source"]] = None
    for entry in found.values():
        yield entry | {"source": " | ".join(entry.pop("sources"))}


def _service_type(row: dict[str, str]) -> Row:
    return {
        "code": row["service_type_code"],
        "name_nl": row["service_type_nl"],
        "name_en": row["service_type_en"],
        "group_code": row["service_group_code"],
        "group_nl": row["service_group_nl"],
        "group_en": row["service_group_en"],
        "sources": {},
    }


def interventions() -> Iterator[Row]:
    """The interventions that the texts name.

    Without prevention level and ladder level: no text gives one ("bewezen effectief" in text 004 is praise, not level
    4, and its primary to tertiary prevention is another division). Names as each row has them, also where texts use
    several for the same.
    """
    life_domains = {row["source_code"]: row["life_domain_code"] for row in read_csv(DATA / "life_domain_codes.csv")}
    for row in read_csv(DATA / "interventions.csv"):
        same = ("code", "name_nl", "name_en", "kind", "parent_code", "target_group_nl", "reported_results",
                "result_type", "notes", "source")  # fmt: skip
        yield {name: row[name] for name in same} | {
            "themes": split(row["theme"]),
            "categories": split(row["categories"]),
            "goal_nl": row["primary_goal_nl"],
            "effects_elsewhere_nl": row["effects_on_other_domains_nl"],
            "life_phases": split(row["life_phases"]),
            "life_domains": list(dict.fromkeys(life_domains[code] for code in split(row["life_domains"]))),
            "focus_area_codes": split(row["focus_area_codes"]),
            "organisations_named": split(row["organisations"]),
        }


@cache
def name_synonyms() -> dict[str, str]:
    """Word → the word that stands for it, where a text says that several name the same thing."""
    return {row["word"]: row["stands_for"] for row in read_csv(DATA / "name_synonyms.csv")}


def factor_links(translate: Translate) -> Iterator[Row]:
    """Which factors the texts say an intervention works on; the texts do not say which way.

    translate: codes of the texts → codes of our models; a code without translation stays as the text has it.
    """
    rows = [(row["code"], row["source"], split(row["factor_codes"])) for row in read_csv(DATA / "interventions.csv")]
    ours = translate(sorted({code for _intervention, _source, codes in rows for code in codes}))
    for intervention, source, codes in rows:
        links: dict[str, Row] = {}
        for text_code in codes:
            basis = OUR_READING if text_code in ours else TEXT
            for code in ours.get(text_code, (text_code,)):
                row = {"basis": basis, "source": f"{source} ({text_code})"}
                links.setdefault(code, {"intervention_id": intervention, "factor_code": code, **row})
        yield from links.values()
