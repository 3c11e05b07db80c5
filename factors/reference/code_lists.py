"""Code lists, glossary, synonyms and the published order from factors/data.

Where sources name one thing differently, code_list_reading.csv says to which of our entries each of theirs belongs: the
entry takes its name from the source entry with the same code (else from the reading); every other name is an alias.
"""

from collections.abc import Iterator
from typing import Any

from config.loading import LoadReport, load, read_csv, split
from factors.models import (
    Ambition,
    Domain,
    FactorSynonym,
    GlossaryTerm,
    LifeDomain,
    LifePhase,
    Pillar,
    PublishedRanking,
    PublishedRankingItem,
)
from factors.reference import DATA
from factors.reference.codes import kebab

Row = dict[str, Any]
ROTTERDAM = "rotterdam-2019"


def load_code_lists() -> dict[str, LoadReport]:
    """Load everything; what each list had new, changed, unchanged. Lists come before what refers to them."""
    return {
        "pillars": load(Pillar, key=["code"], rows=_pillars()),
        "domains": load(Domain, key=["code"], rows=_domains()),
        "life phases": load(LifePhase, key=["code"], rows=_life_phases()),
        "life domains": load(LifeDomain, key=["code"], rows=_read_together("life-domains", "life_domains.csv")),
        "ambitions": load(Ambition, key=["code"], rows=_ambitions()),
        "glossary": load(GlossaryTerm, key=["code"], rows=read_csv(DATA / "glossary.csv")),
        "factor synonyms": load(FactorSynonym, key=["scheme", "code", "factor_code"], rows=_synonyms()),
        "published rankings": load(PublishedRanking, key=["code"], rows=[_published_ranking()]),
        "published ranking items": load(PublishedRankingItem, key=["ranking_id", "code"], rows=_published_items()),
    }


def _pillars() -> Iterator[Row]:
    """What a pillar is called as growth ("Groei van talent") is an alias."""
    for row in read_csv(DATA / "pillars.csv"):
        yield _names(row) | {"aliases_nl": [row["growth_name_nl"]], "order": int(row["order"])}


def _domains() -> Iterator[Row]:
    for row in read_csv(DATA / "domains.csv"):
        listed = {"aliases_nl": split(row["aliases_nl"]), "order": int(row["order"])}
        yield _names(row) | listed | {"pillar_id": row["pillar_code"]}


def _ambitions() -> Iterator[Row]:
    for row in read_csv(DATA / "ambitions.csv"):
        listed = {"aliases_nl": split(row["aliases_nl"]), "order": int(row["order"])}
        meaning = {"variant": row["variant"], "direction": row["direction"]}
        yield (
            _names(row) | listed | meaning | {"pillar_id": row["pillar_code"], "domain_id": row["domain_code"] or None}
        )


def _life_phases() -> Iterator[Row]:
    """A phase is of the youth model when a source entry of that model belongs to it."""
    variants = {row["code"]: row["variant"] for row in read_csv(DATA / "life_phases.csv")}
    for row in _read_together("life-phases", "life_phases.csv"):
        yield row | {"variant": variants.get(row["code"], "all-ages")}


def _read_together(name: str, file: str) -> list[Row]:
    """Our entries of one list, each with the source entries that the reading joins under it."""
    sources = {row["code"]: row for row in read_csv(DATA / file)}
    found: dict[str, list[dict[str, str]]] = {}
    for reading in read_csv(DATA / "code_list_reading.csv"):
        if reading["list"] == name:
            found.setdefault(reading["code"], []).append(reading)
    return [_joined(code, readings, sources) for code, readings in found.items()]


def _joined(code: str, readings: list[dict[str, str]], sources: dict[str, dict[str, str]]) -> Row:
    own = sources.get(code, readings[0])
    parts = [sources[reading["source_code"]] for reading in readings]
    known_as = [alias for part in parts for alias in (part["name_nl"], *split(part["aliases_nl"]))]
    return {
        "code": code,
        "name_nl": own["name_nl"],
        "name_en": own["name_en"],
        "aliases_nl": [alias for alias in dict.fromkeys(known_as) if alias != own["name_nl"]],
        "order": int(readings[0]["order"]),
        "source": " | ".join(dict.fromkeys(part["source"] for part in parts)),
    }


def _synonyms() -> Iterator[Row]:
    places = {row["code"]: row["source"] for row in read_csv(DATA / "factors.csv")}
    for row in read_csv(DATA / "factor_synonyms.csv"):
        yield row | {"source": places[row["code"]]}


def _published_ranking() -> Row:
    return {
        "code": ROTTERDAM,
        "name_nl": "Gepubliceerde rangschikking van 17 factoren (Rotterdam, 2019)",
        "name_en": "Published ranking of 17 factors (Rotterdam, 2019)",
        "source": next(read_csv(DATA / "ranking_2019.csv"))["source"],
    }


def _published_items() -> Iterator[Row]:
    """The list with, by label, the nearest factor of the public model; blank where there is none."""
    near = {
        row["label_nl"]: row["nearest_factor_id"]
        for row in read_csv(DATA / "public_factor_model" / "published_ranking_rotterdam.csv")
    }
    for row in read_csv(DATA / "ranking_2019.csv"):
        yield {
            "ranking_id": ROTTERDAM,
            "code": row["factor_code"],
            "name_nl": row["name_nl"],
            "name_en": row["name_en"],
            "rank": int(row["rank"]),
            "order": int(row["table_order"]),
            "factor_code": kebab(near[row["name_nl"]]),
            "source": row["source"],
        }


def _names(row: dict[str, str]) -> Row:
    return {name: row[name] for name in ("code", "name_nl", "name_en", "source")}
